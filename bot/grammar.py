"""`/github subscribe acme/web pulls +label:"bug"`: what is typed, as a subscription's parts.

The words of GitHub's own app mean here what they mean there; the rest says what else a subscription can hold.
What is parsed can be printed (`grammar_text`), and parsed again to the same. Pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from bot import github_words as words
from bot.details import sentence
from bot.github_filters import GitHubFilters
from bot.manner import QuietHours
from bot.modals.subscription_parts import NAME_LIMIT
from bot.names import bare
from bot.renderers.registry import GITHUB_FEATURES
from bot.spelling import meant, plain
from bot.wording import EXAMPLE, Item, Nonsense, items

CHOICES = {
    "label": "labels", "author": "authors", "author-team": "teams", "assignee": "assignees", "reviewer": "reviewers",
    "repo": "repositories", "topic": "topics", "team": "repository_teams",
}  # fmt: skip
"""What is typed as `+label:"bug"` (one of these), `++label:"bug"` (all of these), `-label:"wip"` (none of these)."""
LISTS = {
    "base": "base", "head": "head", "path": "paths", "owner": "owners", "action": "actions",
    "conclusion": "conclusions", "environment": "environments", "state": "states",
}  # fmt: skip
"""What is typed as `base:"main","release/*"`."""
FLAGS: dict[tuple[str, str], tuple[str, bool]] = {
    ("-", "bots"): ("bots", False), ("+", "bots"): ("bots", True), ("-", "drafts"): ("draft", False),
    ("+", "drafts"): ("draft", True), ("+", "only-changes"): ("only_changes", True),
    ("-", "only-changes"): ("only_changes", False),
}  # fmt: skip
SIGNS = {"+": "any", "++": "all", "-": "none"}
MANNERS = {"style": ("full", "compact", "line"), "thread": ("only", "on", "off")}
USUAL_WORKFLOWS = f'workflows:{{event:"pull_request" branch:"{words.DEFAULT_BRANCH}"}}'
"""What GitHub's app means by `workflows` alone."""


@dataclass(frozen=True)
class Written:
    """The parts of a subscription that somebody has typed; what they left out is empty."""

    name: str = ""
    events: tuple[str, ...] = ()
    filters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    style: str = ""
    thread: str = ""
    broadcast: tuple[str, ...] = ()
    reactions: bool | None = None
    replies: bool | None = None
    quiet_hours: Mapping[str, str] | None = None
    only: bool = False
    """Whether the events are all there is to be, whatever was subscribed to before."""


def parsed(text: str) -> Written:
    """What was typed behind the repository's name; raises `Nonsense`."""
    written, filters = Written(), dict[str, Any]()
    pending: Item | None = None
    for item in _listed(_read(text), text):
        if pending is not None:
            written = replace(written, name=_name(item))
            pending = None
        elif not item.sign and item.key.lower() == "named" and not item.values:
            pending = item
        elif not _filter(item, filters):
            written = _rest(item, written)
    if pending is not None:
        raise Nonsense(pending.at, "Here the name is missing.", 'named "release watch"')
    return replace(written, filters=_checked(filters, text))


def _read(text: str) -> Iterator[Item]:
    """The items, those of quotes among them that belong to nothing: people put features in quotes as well."""
    names = False
    for item in items(text):
        if names or item.sign or item.key:
            names = not names and not item.sign and item.key.lower() == "named" and not item.values
            yield item
            continue
        try:
            yield from (replace(within, at=item.at) for within in items(item.values[0]))
        except Nonsense as inside:
            raise Nonsense(item.at, inside.what, inside.example) from None


def _listed(found: Iterator[Item], text: str) -> Iterator[Item]:
    """The items; in `base:main,release` the words behind commas are values too, unless they name an event."""
    last: Item | None = None
    for item in found:
        if last is not None and _goes_on(last, item, text):
            last = replace(last, values=(*last.values, item.key))
            continue
        if last is not None:
            yield last
        last = item
    if last is not None:
        yield last


def _goes_on(last: Item, item: Item, text: str) -> bool:
    takes_many = last.key in LISTS or last.key in CHOICES
    plain_word = bool(item.key) and not (item.sign or item.values or item.inner)
    known = item.key.lower() in (*GITHUB_FEATURES, *words.ALIASES, words.ALL, "only", "named")
    return takes_many and bool(last.values) and plain_word and not known and text[item.at - 1 : item.at] == ","


def _name(item: Item) -> str:
    name = " ".join((item.values[0] if not item.key and item.values else item.key).split())
    if not name or (item.key and item.values) or item.sign:
        raise Nonsense(item.at, "A name has to stand here.", 'named "release watch"')
    if len(name) > NAME_LIMIT:
        raise Nonsense(item.at, f"A name has {NAME_LIMIT} characters at most.", 'named "release watch"')
    return name


def _filter(item: Item, filters: dict[str, Any]) -> bool:
    """Add a filter; False if the item is none."""
    flag = FLAGS.get((item.sign, item.key.lower())) if not item.values else None
    if flag is not None:
        filters[flag[0]] = flag[1]
    elif item.sign and item.key in CHOICES and item.values:
        _choose(filters, CHOICES[item.key], SIGNS[item.sign], item.values)
    elif item.sign == "-" and "/" in item.key and not item.values and not item.inner:
        _choose(filters, "repositories", "none", (item.key,))
    elif not item.sign and item.key in CHOICES and item.values:
        _choose(filters, CHOICES[item.key], "any", item.values)
    elif not item.sign and item.key == "draft" and item.values == ("false",):
        filters["draft"] = False
    elif not item.sign and item.key in LISTS and item.values:
        known = filters.setdefault(LISTS[item.key], [])
        known += [value for value in item.values if value not in known]
    elif not item.sign and item.key in ("no", "has") and item.values and item.values[0] in CHOICES:
        filters.setdefault(CHOICES[item.values[0]], {})["empty"] = item.key == "no"
    else:
        return False
    return True


def _choose(filters: dict[str, Any], name: str, how: str, values: Sequence[str]) -> None:
    known = filters.setdefault(name, {}).setdefault(how, [])
    known += [value for value in values if value not in known]


def _rest(item: Item, written: Written) -> Written:
    key = words.ALIASES.get(item.key.lower(), item.key.lower())
    if item.sign:
        return _signed(item, written)
    if key in MANNERS and item.values:
        if item.values[0] not in MANNERS[key]:
            possible = ", ".join(MANNERS[key])
            raise Nonsense(
                item.at, f"{key} can be {possible}.{meant(item.values[0], MANNERS[key])}", f"{key}:{MANNERS[key][1]}"
            )
        return replace(written, style=item.values[0]) if key == "style" else replace(written, thread=item.values[0])
    if key == "broadcast" and item.values:
        return _broadcast(item, written, item.values)
    if key == "quiet" and item.values:
        return replace(written, quiet_hours=_quiet(item))
    if key == "only" and not item.values:
        return replace(written, only=True)
    return _event(item, key, written)


def _signed(item: Item, written: Written) -> Written:
    if item.key.lower() in ("reactions", "replies") and not item.values and item.sign in "+-":
        on = item.sign == "+"
        return replace(written, reactions=on) if item.key.lower() == "reactions" else replace(written, replies=on)
    example = '+label:"bug"' if item.sign != "-" else '-label:"wip"'
    known = CHOICES if item.values else [*(key for sign, key in FLAGS if sign == item.sign), "reactions", "replies"]
    near = meant(item.key, known, f"{item.sign}{{}}{':…' if item.values else ''}")
    raise Nonsense(item.at, f"There is no filter {item.sign}{item.key}.{near}", example)


def _broadcast(item: Item, written: Written, names: Sequence[str]) -> Written:
    wrong = words.unknown_broadcasts(names)
    if wrong:
        near = meant(wrong[0], words.BROADCASTS)
        raise Nonsense(item.at, f"There is no {wrong[0]} to tell in the channel.{near}", 'broadcast:"merged","reviews"')
    return replace(written, broadcast=tuple(dict.fromkeys((*written.broadcast, *names))))


def _event(item: Item, key: str, written: Written) -> Written:
    # A branch may be called `channel` too.
    if key in GITHUB_FEATURES and item.values == ("channel",) and (item.quoted or key not in words.PATTERNED):
        return _broadcast(item, _with(written, key), [key])
    event = key
    if item.inner:
        event = str(words.Asked(key, where=tuple((name, item_of) for name, item_of in item.inner if item_of)))
    elif item.values:
        event = key if key == "workflows" and item.values[0] in ("*", words.ALL) else f"{key}:{item.values[0]}"
    elif key == "workflows":
        event = USUAL_WORKFLOWS
    wanted = words.asked(event)
    if wanted is None and event != words.ALL:
        raise _no_event(item, key)
    events = [str(wanted or event)]
    if wanted is not None and wanted.pattern:
        events = [str(replace(wanted, pattern=value)) for value in _patterns(item)]
    for one in events:
        written = _with(written, one)
    return written


def _patterns(item: Item) -> list[str]:
    return ["*" if value == words.ALL else value for value in item.values] or ["*"]


def _with(written: Written, event: str) -> Written:
    return replace(written, events=tuple(dict.fromkeys((*written.events, event))))


def _no_event(item: Item, key: str) -> Nonsense:
    if key == "workflows" and item.inner:
        wrong = next((name for name, _ in item.inner if name not in words.KEYS), "")
        said = f"A workflow has no {wrong}.{meant(wrong, words.KEYS)}" if wrong else "This says nothing of workflows."
        return Nonsense(item.at, said, 'workflows:{name:"CI" event:"push" branch:"main" actor:"octocat"}')
    if key in GITHUB_FEATURES:
        example = "commits:release/*" if key in words.PATTERNED else key
        return Nonsense(item.at, f"{key} cannot be limited like this.", example)
    if key in ("draft", "drafts", "bots"):
        kind = "Programs" if key == "bots" else "Drafts"
        sign = f"-{key.removesuffix('s')}s"
        return Nonsense(item.at, f"{kind} are told of unless you type {sign}.", sign)
    if item.values or item.inner:
        near = meant(key, [*LISTS, *MANNERS, "broadcast", "quiet", *words.PATTERNED, "workflows"], "{}:…")
    else:
        near = meant(key, [*GITHUB_FEATURES, *words.ALIASES, words.ALL, "only", "named"])
    return Nonsense(item.at, f"I do not know {item.key or item.values[0]}.{near}", EXAMPLE)


def _quiet(item: Item) -> dict[str, str]:
    hours, _, zone = plain(item.values[0]).partition(" ")
    begin, _, end = hours.partition("-")
    example = 'quiet:"20:00-07:00 Europe/Berlin"'
    try:
        return QuietHours.model_validate({"from": begin, "to": end, "timezone": zone}).written()
    except ValidationError as problem:
        fault = problem.errors()[0]
        raise Nonsense(item.at, f"These hours make no sense: {sentence(fault)}.", example) from None


def _checked(filters: Mapping[str, Any], text: str) -> dict[str, Any]:
    try:
        GitHubFilters.model_validate(filters)
    except ValidationError as problem:
        first = problem.errors()[0]
        typed = next((key for key, name in (CHOICES | LISTS).items() if name == first["loc"][0]), "")
        said = sentence(first)
        raise Nonsense(
            max(text.lower().find(f"{typed}:"), 0), f"{said[:1].upper()}{said[1:]}.", _EXAMPLES[typed]
        ) from None
    return bare(filters)


_EXAMPLES = {
    **{key: f'+{key}:"…"' for key in CHOICES}, **{key: f'{key}:"…"' for key in LISTS},
    "author-team": '+author-team:"acme/core"', "team": '+team:"acme/core"', "owner": 'owner:"@acme/core"',
    "action": 'action:"merged"', "conclusion": 'conclusion:"failure"', "state": 'state:"failure","success"',
}  # fmt: skip
