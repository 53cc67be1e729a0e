"""`/github open` and `/github default`: new issues on GitHub, at once or by the form, and where they go."""

from bot.flows import asker as who
from bot.flows import github_defaults, github_opening, open_form
from bot.flows.away import wait_for
from bot.flows.github_naming import repository_named
from bot.flows.subscribing import elsewhere, say
from bot.listeners.almost import only_a_link
from bot.listeners.typed import Command, Typed, github_off
from bot.message import Message, escape, one_line, strong
from bot.modals.open_issue import TITLE_LIMIT
from bot.operations.words import first_line

NO_DEFAULT = "Say where: `/github open owner/repo Title`. `/github default owner/repo` chooses one for this channel."
BEHIND = "A link that belongs to the issue stands behind its title: `/github open owner/repo Title {}`."
NO_FORM = "I cannot open the form from a message. Say all of it: `@connect open owner/repo Title`."


def _open(typed: Typed) -> Message | None:
    """With a title it is done at once; without, the form opens."""
    refusal = github_off(typed.services) or who.may_not(typed.services, typed.asker)
    if refusal:
        return say(refusal)
    first, *rest = typed.text.split(maxsplit=1) or [""]
    if sentence := _no_title(typed, first):
        return say(sentence)
    named = _named(typed, first)
    words = (rest[0] if rest else "") if named else typed.text
    repository = named or github_defaults.for_channel(typed.services, typed.asker.channel)
    if not words and typed.mentioned:
        return say(NO_FORM)
    if not words:
        form = open_form.blank(typed.services, typed.asker, "command", repository)
        return open_form.open_form(typed.services, typed.plan, typed.trigger_id, form)
    return _create(typed, repository, words) if repository else say(NO_DEFAULT)


def _no_title(typed: Typed, first: str) -> str:
    """What to say of a link in the place of a repository, or of one that is all there is (empty: it is neither)."""
    if _named(typed, first):
        return ""
    far = elsewhere(typed.services.settings, first)
    alone = only_a_link(typed, typed.text, "/github open")
    return alone or (f"{escape(far)} {BEHIND.format(escape(first, 200))}" if far else "")


def _named(typed: Typed, word: str) -> str:
    """The repository that a word names, or is the link to; empty for a link to something in it, which is a title."""
    name = repository_named(typed.services.settings, word)
    return name if name and word.strip("<>").partition("|")[0].rstrip("/").endswith(name) else ""


def _create(typed: Typed, repository: str, words: str) -> Message:
    title, said = first_line(words), words.strip()
    beyond = said.partition("\n")[2].strip() if len(said.split("\n")[0].strip()) <= TITLE_LIMIT else said
    payload = {
        **typed.asked, "origin": "command", "repository": repository, "title": title, "place": typed.place,
        "parts": [{"kind": "text", "text": beyond}],
    }  # fmt: skip
    wanted = github_opening.request(f"{typed.plan.key}:create_issue", typed.plan.event, payload)
    typed.plan.add(wanted)
    what, where = strong(title, TITLE_LIMIT), one_line(repository, 140)
    if wait := wait_for(typed.services, typed.plan, wanted):
        return say(wait.kept(what, f"created in {where}"))
    return say(f":hourglass_flowing_sand: Creating {what} in {where}…")


def _default(typed: Typed) -> Message:
    off, name = github_off(typed.services), _named(typed, typed.text) or typed.text
    return say(off) if off else github_defaults.choose(typed.services, typed.asker, name)


COMMANDS: dict[str, Command] = {"default": _default, "open": _open}
"""By the first word."""
