"""A subscription's parts as the words that can be typed for them, which `grammar` reads again to the same. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot import github_words as words
from bot.github_filters import GitHubFilters
from bot.github_words import quoted
from bot.grammar import CHOICES, FLAGS, LISTS, SIGNS, Written
from bot.names import Choice


def printed(written: Written) -> str:
    """What can be typed for it."""
    said = ["only"] if written.only else list[str]()
    said += [f"named {quoted(written.name)}"] if written.name else []
    said += [_event_text(event) for event in written.events]
    said += filters_text(written.filters)
    said += [f"style:{written.style}"] if written.style else []
    said += [f"thread:{written.thread}"] if written.thread else []
    said += [f"broadcast:{_joined(written.broadcast)}"] if written.broadcast else []
    for name, on in (("reactions", written.reactions), ("replies", written.replies)):
        said += [f"{'+' if on else '-'}{name}"] if on is not None else []
    if written.quiet_hours:
        said.append('quiet:"{from}-{to} {timezone}"'.format(**written.quiet_hours))
    return " ".join(said)


def filters_text(filters: Mapping[str, Any]) -> list[str]:
    """Each filter as it is typed."""
    wanted = GitHubFilters.model_validate(filters)
    given = wanted.model_fields_set
    said = [text for key, name in CHOICES.items() if name in given for text in _choice_text(key, getattr(wanted, name))]
    said += [f"{key}:{_joined(names)}" for key, name in LISTS.items() if (names := getattr(wanted, name))]
    flags = [(f"{sign}{key}", name, value) for (sign, key), (name, value) in FLAGS.items()]
    return said + [flag for flag, name, value in flags if name in given and getattr(wanted, name) is value]


def _choice_text(key: str, choice: Choice) -> list[str]:
    lists = {sign: getattr(choice, how) for sign, how in SIGNS.items()}
    said = [f"{sign}{key}:{_joined(names)}" for sign, names in lists.items() if names]
    return said + ([f"{'no' if choice.empty else 'has'}:{key}"] if choice.empty is not None else [])


def _event_text(event: str) -> str:
    """`workflows` alone means less where people type it: here it is every run."""
    wanted = words.asked(event)
    if event == "workflows":
        return "workflows:*"
    if wanted is not None and wanted.pattern:
        return f"{wanted.feature}:{quoted(wanted.pattern)}"
    return event


def _joined(values: Sequence[str]) -> str:
    return ",".join(map(quoted, values))
