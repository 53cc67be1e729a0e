"""The form of a channel's subscription to a repository, or to all of an owner. Pure.

What takes patterns is a field with one of them on each line, as the file of a subscription lists them.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.message import BlockDict, context, escape, section
from bot.modals.elements import option, picked, typed, values_of
from bot.modals.filling import form
from bot.modals.subscription_parts import (
    NAME_LIMIT,
    Draft,
    all_in,
    anything_or_nothing,
    filter_input,
    filter_options,
    manner_inputs,
    optional,
    read_filter,
    read_manner,
    several,
    text_input,
)

CALLBACK = "github_subscription"
LINES_LIMIT = 3000
"""In characters: what Slack takes in one field."""
MOST_CHOSEN, LONGEST_CHOSEN = 100, 140
FEATURES = {
    "issues": "Issues", "pulls": "Pull requests", "commits": "Commits to the default branch", "releases": "Releases",
    "deployments": "Deployments", "reviews": "Reviews", "comments": "Comments",
    "branches": "Branches made and deleted", "tags": "Tags made and deleted", "workflows": "Workflow runs, all of them",
    "checks": "Checks", "discussions": "Discussions", "forks": "Forks", "stars": "Stars",
    "security": "Security alerts, in private channels", "repository": "The repository itself",
    "members": "Members and teams", "all": "Everything",
}  # fmt: skip
CHOICES = {
    "labels": "Labels", "authors": "Author", "teams": "Author's team", "assignees": "Assigned to",
    "reviewers": "Reviewer, or a team such as acme/core",
}  # fmt: skip
MAY_BE_NOBODY = ("labels", "assignees", "reviewers")
"""Those of them that may ask whether there is any at all."""
OF_OWNER = {"repositories": "Repositories", "topics": "Topics", "repository_teams": "Team of the repository"}
"""What tells apart the repositories of an owner."""
LINES = {
    "base": ("Into these branches", "main"), "head": ("From these branches", "feature/*"),
    "paths": ("Only if one of these files is changed", "services/**"),
    "owners": ("Only if a file of theirs is changed, by CODEOWNERS", "@acme/core"),
    "environments": ("Deployments to these environments", "production"),
}  # fmt: skip
LISTS = {
    "actions": "Only when this is done",
    "conclusions": "Runs and checks: only these ends",
    "states": "Deployments: only these states",
}
"""Filters that are words which GitHub has, to choose from."""
FLAGS: dict[str, tuple[str, Any]] = {
    "bots": ("Leave out what programs do", False), "draft": ("Leave out drafts", False),
    "only_changes": ("Runs and checks: only when red follows green, or green red", True),
}  # fmt: skip
REACTIONS, QUIET_REPLIES = "reactions", "replies"
THREADS = {
    "only": "In the card's thread", "on": "In the thread, and its end in the channel too", "off": "In the channel",
}  # fmt: skip
SAID_ALOUD = (
    "opened", "closed", "merged", "reopened", "ready_for_review", "approved", "changes_requested", "published",
)  # fmt: skip
"""Actions that are offered for the channel besides the features; others may be typed with the command."""


def form_view(
    draft: Draft, patterns: str, offered: Mapping[str, Sequence[str]], meta: Mapping[str, Any], warning: str = ""
) -> dict[str, Any]:
    """The form with everything in `draft` filled in; `patterns` is its events that have one, as they are typed.

    `offered` has the words of each of `LISTS`.
    """
    source, filters = str(meta.get("source", "")), draft.filters
    whose = text_input("source", "Repository, or an owner for all of theirs", "", NAME_LIMIT * 4) | {"optional": False}
    blocks: list[BlockDict] = [
        section(f"What this channel hears of *{escape(source)}*.") if source else whose,
        *([context(warning)] if warning else []),
        text_input("name", "Name", draft.name, NAME_LIMIT, hint="Only if this channel has several of one source."),
        several("events", "Events", FEATURES, draft.events),
        text_input(
            "patterns", "And those of certain branches, tags or workflows", patterns, LINES_LIMIT, lines=True,
            hint='For example: commits:release/* tags:v* workflows:{name:"CI" branch:"main"}',
        ),
        *(filter_input(f"github_{name}", label, filters.get(name) or {}) for name, label in _choices(source).items()),
        *(_lines(name, filters.get(name) or []) for name in LINES),
        *(several(name, LISTS[name], _shown(offered[name]), filters.get(name) or []) for name in LISTS),
        _flags(draft),
        *manner_inputs(draft, THREADS, _broadcasts(draft.broadcast)),
    ]  # fmt: skip
    return form("Subscription", CALLBACK, "Save", json.dumps(dict(meta)), blocks)


def read_source(view: Mapping[str, Any]) -> str:
    """The repository or owner that was typed, where the form asks for one."""
    return typed(values_of(view), "source").strip()


def read_draft(view: Mapping[str, Any]) -> tuple[Draft, str]:
    """What a submitted form holds, and the events with patterns as they were typed."""
    values = values_of(view)
    chosen = {name: read_filter(values, f"github_{name}") for name in (*CHOICES, *OF_OWNER)}
    lists = {name: all_in(values, name) for name in LISTS}
    typed_in = {name: [line.strip() for line in typed(values, name).splitlines() if line.strip()] for name in LINES}
    flags = all_in(values, "flags")
    flagged = {name: value for name, (_, value) in FLAGS.items() if name in flags}
    filters = {name: given for name, given in (chosen | lists | typed_in).items() if given} | flagged
    draft = Draft(
        events=all_in(values, "events"), filters=filters, reactions=REACTIONS in flags,
        replies=QUIET_REPLIES not in flags, **read_manner(values),
    )  # fmt: skip
    return draft, typed(values, "patterns")


def fits(draft: Draft, patterns: str) -> bool:
    """Whether the form has room for all of a subscription: what was typed or sent may be longer."""
    choices: list[dict[str, list[str]]] = [draft.filters.get(name) or {} for name in (*CHOICES, *OF_OWNER)]
    chosen = [[name for how in ("any", "all", "none") for name in choice.get(how, [])] for choice in choices]
    lines = ["\n".join(draft.filters.get(name) or []) for name in LINES]
    short = all(len(name) <= LONGEST_CHOSEN for names in chosen for name in names)
    return short and max(map(len, chosen)) <= MOST_CHOSEN and max(map(len, (*lines, patterns))) <= LINES_LIMIT


def menu_of(name: str, found: Sequence[str]) -> list[BlockDict]:
    """The groups of choices in a filter's menu for what was found."""
    several_each = name not in ("authors", "repositories")
    return [*filter_options(found, together=several_each), *([anything_or_nothing()] if name in MAY_BE_NOBODY else [])]


def _choices(source: str) -> dict[str, str]:
    return CHOICES if "/" in source else CHOICES | OF_OWNER


def _lines(name: str, given: Sequence[str]) -> BlockDict:
    label, example = LINES[name]
    hint = f"One on each line, such as {example}"
    return text_input(name, label, "\n".join(given), LINES_LIMIT, lines=True, hint=hint)


def _shown(words: Sequence[str]) -> dict[str, str]:
    return {word: word.replace("_", " ").capitalize() for word in words}


def _broadcasts(chosen: Sequence[str]) -> dict[str, str]:
    """What to choose from, and what was named otherwise."""
    return FEATURES | _shown(SAID_ALOUD) | {name: name for name in chosen if name not in (*FEATURES, *SAID_ALOUD)}


def _flags(draft: Draft) -> BlockDict:
    words = {name: label for name, (label, _) in FLAGS.items()} | {
        REACTIONS: "Show what happens later by reactions to the card alone",
        QUIET_REPLIES: "Replies beneath cards stay in Slack",
    }
    given = [name for name, (_, value) in FLAGS.items() if draft.filters.get(name) is value]
    given += [REACTIONS] if draft.reactions else []
    given += [] if draft.replies else [QUIET_REPLIES]
    options = [option(label, name) for name, label in words.items()]
    chosen = [one for one in options if one["value"] in given]
    return optional("flags", "Besides", {"type": "checkboxes", "options": options}, picked(*chosen))
