"""`/github subscribe`, `unsubscribe`, `settings`: what a channel hears of a repository or of all.

What is typed is what GitHub's own app understands (see `bot.grammar`), and it means the same: more features are added
to those there are, a filter takes the place of an earlier one on the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from sqlalchemy import Connection

from bot import github_words as words
from bot.filters import DEFAULTS, FEATURES
from bot.flows import subscription_changes as changes
from bot.flows.asker import Asker, may_not, may_not_look
from bot.flows.github_reach import Reach, allowed, for_readers, reach
from bot.flows.renamed import now_called
from bot.flows.subscribing import FORMS, elsewhere, here, mute, say, seen_channel, source_of
from bot.grammar import Written, parsed
from bot.grammar_text import filters_text, printed
from bot.message import Message, code, escape
from bot.renderers.subscriptions import listing
from bot.services import Services
from bot.wording import Nonsense
from storage import subscriptions
from storage.subscriptions import Kept, Manner, Wanted

EXAMPLE = "`/github subscribe acme/web pulls reviews`"
SHOWN = 600
"""In characters: of what can be typed, as it is shown."""


def subscribe(services: Services, asker: Asker, text: str) -> Message:
    """Subscribe the channel to what was typed, or add that to what it hears of; the answer says what will come."""
    source, rest = _source(services, text)
    if not source:
        return say(_no_source(services, text, f": {EXAMPLE}"))
    try:
        written = parsed(rest)
    except Nonsense as nonsense:
        return say(_nonsense(rest, nonsense, f"/github subscribe {source}"))
    reason = may_not(services, asker)
    if reason:
        return say(reason)
    private, outside, unseen = seen_channel(services, asker)
    found = Reach(unseen) if unseen else reach(services, asker, source, private=private)
    if found.refusal:
        return say(found.refusal)

    def keep(connection: Connection) -> tuple[Kept | None, Kept] | None:
        known = subscriptions.find(connection, "github", source, asker.channel, written.name)
        if known is not None and for_readers(known, found):
            return None
        wanted = _wanted(source, written, known, asker, private=found.private)
        row_id = subscriptions.put(connection, wanted, services.now())
        after = subscriptions.one(connection, row_id)
        return (known, after) if after else None

    done = services.database.run(keep)
    unchanged = f"{found.unseen} Nothing has changed." if found.unseen else "Try again."
    if done is None:
        return say(unchanged)
    before, kept = done
    news = changes.told(written, before.events if before else DEFAULTS["github"], kept.events)
    parts = (now_hears(kept), news, "" if private else kept_back(kept.events), found.warning, outside)
    return say(" ".join(part for part in parts if part))


def now_hears(kept: Kept) -> str:
    """What is said once a channel hears of something."""
    named = f" ({escape(kept.name)})" if kept.name else ""
    filters = " ".join(filters_text(kept.filters))
    only = f" Only {code(filters, SHOWN)}." if filters else ""
    return (
        f":white_check_mark: {here(kept.channel)} now hears of *{escape(kept.source)}*{named}: "
        f"{escape(', '.join(kept.events), 600)}.{only}"
    )


def kept_back(events: Sequence[str]) -> str:
    """What of the events never comes into a channel that is not private (empty: all may)."""
    never = {"security": "security alerts", "members": "what happens in secret teams"}
    named = [said for event, said in never.items() if event in events or words.ALL in events]
    return f"But {' and '.join(named)} come into private channels only." if named else ""


def _source(services: Services, text: str) -> tuple[str, str]:
    first, *rest = text.split(maxsplit=1) or [""]
    return source_of(services.settings, "github", first), rest[0].strip() if rest else ""


def _no_source(services: Services, text: str, example: str = ".") -> str:
    """What is said of words that begin with no repository and no owner of connect's GitHub."""
    wrong = elsewhere(services.settings, text.split()[0] if text.split() else "")
    return escape(wrong) or f"Name {FORMS['github']}{example}"


def _nonsense(typed: str, nonsense: Nonsense, command: str) -> str:
    """Where it went wrong, and what makes sense."""
    before, after = typed[: nonsense.at][-60:], typed[nonsense.at :][:60]
    where = f"\nI read {code(before, 80)}" if before.strip() else ""
    where += f" and stopped before {code(after, 80)}." if where and after else " to its end." if where else ""
    return f"{escape(nonsense.what, 1500)}{where}\nFor example: {code(f'{command} {nonsense.example}', SHOWN)}"


def _wanted(source: str, written: Written, known: Kept | None, asker: Asker, *, private: bool) -> Wanted:
    """What was typed, on top of what there is. Whoever starts a paused one again is who is told of it from now on."""
    kept_so = known is not None and allowed(known)
    maker = known.created_by if known is not None and not known.paused else asker.user
    manner, before = known.manner if known else Manner(), known.events if known else ()
    return Wanted(
        "github", source, asker.channel,
        changes.events(written, before),
        {**(known.filters if known else {}), **written.filters},
        private or kept_so, maker, written.name,
        replace(
            manner, style=written.style or manner.style, thread=written.thread or manner.thread,
            broadcast=tuple(dict.fromkeys((*manner.broadcast, *written.broadcast))),
            reactions=manner.reactions if written.reactions is None else written.reactions,
            replies=manner.replies if written.replies is None else written.replies,
            quiet_hours=written.quiet_hours or manner.quiet_hours,
        ),
    )  # fmt: skip


# --- less ------------------------------------------------------------------------------------------------------------


def unsubscribe(services: Services, asker: Asker, text: str) -> Message:
    """End the channel's subscription, or take from it the features and filters that were typed."""
    source, rest = _source(services, text)
    if not source:
        return say(_no_source(services, text, ": `/github unsubscribe acme/web`"))
    reason = may_not(services, asker)
    if reason:
        return say(reason)
    try:
        written = parsed(rest)
    except Nonsense as nonsense:
        return say(_nonsense(rest, nonsense, f"/github unsubscribe {source}"))
    with services.database.read() as connection:
        kept = subscriptions.find(connection, "github", source, asker.channel, written.name)
        others = [one for one in subscriptions.of_source(connection, "github", source) if one.channel == asker.channel]
    if kept is None:
        return say(_moved(services, asker, source) or _which(asker.channel, source, others, written.name))
    left = _less(kept, written)
    if not left.events or written == Written(name=written.name):
        services.database.run(lambda connection: subscriptions.remove_id(connection, kept.id))
        rest_of = [one for one in others if one.id != kept.id]
        still = f" There are others: {_names(rest_of)}." if rest_of else ""
        named = f" ({escape(kept.name)})" if kept.name else ""
        return say(f"{here(kept.channel)} no longer hears of *{escape(kept.source)}*{named}.{still}")
    content: dict[str, Any] = {
        "events": list(left.events),
        "filters": dict(left.filters),
        "broadcast": list(left.broadcast),
    }
    services.database.run(lambda connection: subscriptions.change(connection, kept.id, services.now(), **content))
    return say(now_hears(replace(kept, events=left.events, filters=dict(left.filters))))


def _moved(services: Services, asker: Asker, source: str) -> str:
    """What is said of a former name, where the channel hears of what has it by another one now; empty otherwise."""
    with services.database.read() as connection:
        now = now_called(connection, source)
        kept = subscriptions.of_source(connection, "github", now) if now else []
    if not any(one.channel == asker.channel for one in kept):
        return ""
    return f"*{escape(source)}* is *{escape(now)}* now: type that name instead."


def _which(channel: str, source: str, others: Sequence[Kept], name: str) -> str:
    if not others:
        return f"{here(channel)} has no subscription to *{escape(source)}*. `/github subscribe list` shows what it has."
    example = code(f"/github unsubscribe {source} {printed(Written(others[0].name))}".strip(), SHOWN)
    none = f"There is no {escape(name)} here. " if name else ""
    return f"{none}Say which one: {_names(others)}. For example {example}"


def _names(kept: Sequence[Kept]) -> str:
    return ", ".join(escape(one.name) or "one without name" for one in kept)


def _less(kept: Kept, written: Written) -> Written:
    """What is left of a subscription."""
    before = FEATURES["github"] if words.ALL in kept.events and written.events else kept.events
    return Written(
        events=tuple(event for event in before if not _named(event, written.events)),
        filters=_without(kept.filters, written.filters),
        broadcast=tuple(name for name in kept.manner.broadcast if name not in (*written.broadcast, *written.events)),
    )


def _named(event: str, given: Sequence[str]) -> bool:
    """`commits` names `commits:main` too, and `workflows` every form of it."""
    feature = event.partition(":")[0]
    return words.ALL in given or event in given or feature in given or (feature == "workflows" and any(
        one.startswith("workflows") for one in given))  # fmt: skip


def _without(filters: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    left = {name: _taken(before, given[name]) if name in given else before for name, before in filters.items()}
    return {name: value for name, value in left.items() if value not in (None, [], {})}


def _taken(before: Any, given: Any) -> Any:
    """What is left of a filter; None if nothing is."""
    if isinstance(before, list) and isinstance(given, list):
        return [one for one in cast("list[Any]", before) if one not in given]
    if isinstance(before, dict) and isinstance(given, dict):
        taken = cast("dict[str, Any]", given)
        lists = {how: _taken(names, taken.get(how, [])) for how, names in cast("dict[str, Any]", before).items()}
        return {how: names for how, names in lists.items() if names not in (None, [])}
    return cast("Any", before) if given == [] else None


# --- what there is --------------------------------------------------------------------------------------------


def meant(services: Services, asker: Asker, text: str) -> tuple[list[Kept], str]:
    """The subscriptions of the channel that `acme/web`, with or without a name, or nothing means; or what is wrong."""
    with services.database.read() as connection:
        kept = subscriptions.of_channel(connection, asker.channel, "github")
    if not text.strip():
        return (
            kept,
            "" if kept else f"{here(asker.channel)} has no subscriptions. `/github subscribe owner/repo` adds one.",
        )
    source, rest = _source(services, text)
    if not source:
        return [], _no_source(services, text)
    try:
        name = parsed(rest).name
    except Nonsense as nonsense:
        return [], _nonsense(rest, nonsense, f"/github settings {source}")
    same = [one for one in kept if one.source.lower() == source.lower() and (not name or one.name == name)]
    moved = "" if same else _moved(services, asker, source)
    if moved:
        return [], moved
    return same, "" if same else _which(
        asker.channel, source, [one for one in kept if one.source.lower() == source.lower()], name
    )


def settings(services: Services, asker: Asker, text: str) -> Message:
    """What is meant, with its buttons, and how it is typed."""
    refusal = may_not_look(services, asker)
    kept, wrong = ([], refusal) if refusal else meant(services, asker, text)
    if wrong:
        return say(wrong)
    typed = "\n".join(code(f"/github subscribe {one.source} {printed(written(one))}", SHOWN) for one in kept[:5])
    how = "What you type is added to it; behind `only` it replaces the events."
    said = f"Typed in one line:\n{typed}\n{how}"
    return listing(kept, f"{said}\n{mute(services, asker, kept)}".strip())


def written(kept: Kept) -> Written:
    """A subscription as it can be typed."""
    manner = kept.manner
    return Written(
        kept.name, kept.events, kept.filters, manner.style, "off" if manner.thread == "channel" else manner.thread,
        manner.broadcast, manner.reactions or None, None if manner.replies else False, manner.quiet_hours, only=True,
    )  # fmt: skip
