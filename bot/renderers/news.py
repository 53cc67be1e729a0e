"""`News`: what a renderer makes of one event, for flows to place in channels and threads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.message import Message


@dataclass(frozen=True)
class Facts:
    """What filters of a subscription look at; an empty value is a fact too (no labels, no base branch)."""

    author: str = ""
    """Who made the resource, not who acted on it: so all that happens to it passes a filter, or none of it."""
    bot: bool = False
    """Whether the author is a program."""
    labels: frozenset[str] = frozenset()
    base: str = ""
    """The branch that a pull request is for, that commits went to, or that a deployment is of."""
    default_branch: bool = False
    """Whether `base` is the repository's default branch."""
    draft: bool = False
    head: str = ""
    """The branch that a pull request comes from."""
    action: str = ""
    """What was done, as a filter on `actions` names it: GitHub's word, `merged` for a close that merged, and for a
    review its verdict (`approved`, `changes_requested`, `commented`)."""
    label: str = ""
    """The label that it has since this event: it may let a filter pass that did not before."""
    joined: frozenset[str] = frozenset()
    """Whom it is assigned to, or who is asked to review it, since this event; whom it is taken from, if that is it."""
    conclusion: str = ""
    """How a workflow run, a check suite or a commit status ended, in GitHub's words; empty if it has not."""
    workflow: str = ""
    """A workflow run's name; `trigger` is the event that started it (`pull_request`, `push`, …)."""
    trigger: str = ""
    environment: str = ""
    """Where a deployment goes; `state` is how it is there (`success`, `failure`, `waiting`, …)."""
    state: str = ""
    paths: frozenset[str] | None = None
    """The files that a push or a pull request changes; None if the event does not tell them."""
    pull: bool = False
    """Whether the resource is a pull request, also where the event shows no more of it than that."""
    repository: str = ""
    """The repository's full name; `topics` are its topics, None if the event does not tell them."""
    topics: frozenset[str] | None = None
    owners: frozenset[str] | None = None
    """Who owns the `paths` by CODEOWNERS, in lower case; None, as below, until GitHub was asked."""
    teams: frozenset[str] | None = None
    """Those of the teams that a filter names (`acme/core`) in which the author is."""
    keepers: frozenset[str] | None = None
    """Those of the teams that a filter names to which the repository belongs."""
    reviewers: frozenset[str] | None = None
    """Who has reviewed a pull request or is asked to, teams as `acme/core`; None where it is none, or not told."""
    turned: bool = False
    """Whether the conclusion is red after a green one of the same workflow and branch, or green after a red one."""
    type: str = ""
    priority: str = ""
    status: str = ""
    components: frozenset[str] = frozenset()
    assignee: frozenset[str] = frozenset()
    """The names and ids of whom it is assigned to; empty if it is nobody."""
    reporter: frozenset[str] = frozenset()
    actors: frozenset[str] = frozenset()
    """The names and ids of who did it, and `bots`, `automation` if that is a program."""
    restricted: bool = False
    """Whether only some of those who see the resource may see this (a comment for a role, an internal one)."""
    complete: bool = True
    """False if the event shows a part of the resource only: then an empty value, and `private=False`, say nothing."""


type CommentKind = Literal["created", "edited", "deleted"]
"""What happened to a comment."""


@dataclass(frozen=True)
class CommentNews:
    """What became of a comment."""

    id: str
    kind: CommentKind
    version: str
    """Sorts the states of the comment in time, as text."""


@dataclass(frozen=True)
class Attached:
    """A file that somebody attached in Jira; `url` is its address there."""

    id: str
    name: str
    size: int
    url: str
    mimetype: str
    comment: str = ""
    """The comment that it was given with, if only some may see that; empty if it stands for itself."""


@dataclass(frozen=True)
class News:
    """One event, ready to be shown."""

    feature: str
    """What it is a kind of: `pulls`, `issues`, `commits`, …; `created`, `updated`, …"""
    resource: str
    """`octo/app#7`, `OPS-7`; what the card stands for. Empty if the event has no card."""
    card: Message | None
    """The present state of the resource, or None if the event does not show all of it."""
    line: Message | None
    """What happened, for the card's thread, or for the channel if there is no card; None if the card says it all."""
    version: str = ""
    """Sorts the states of one resource in time, as text: an older card never replaces a newer one. ISO 8601 in UTC for
    GitHub, zero-padded milliseconds for Jira."""
    uid: str = ""
    """The resource's numeric id, which outlives renames. Kinds count for themselves: all of GitHub's but issues say
    what they are (`pull/5`, `deployment/5`, `discussion/5`, `run/5`)."""
    opens: bool = False
    """Whether the event opens a card where there is none."""
    minor: bool = False
    """Whether it is worth no card by itself: where there is none, nothing is told."""
    facts: Facts = field(default_factory=Facts)
    private: bool = False
    """Whether some of those who see the container may not see this (an issue with a security level)."""
    comment: CommentNews | None = None
    """The comment that the event is about: what connect wrote itself is recognised by it, and one reply shows it."""
    attached: tuple[Attached, ...] = ()
    """The files that were added."""
    renamed: bool = False
    """Whether the resource has a new name since this event: an issue that was moved."""
    beside: "News | None" = None
    """What the same event tells besides: a comment given with a change."""
    occasion: str = ""
    """Two events of one occasion are one piece of news (Jira Cloud tells of a comment twice); empty if there is one."""
    actor: str = ""
    """Who did it, by the name the service shows: plain text, not escaped. Empty if not said."""
    actor_id: str = ""
    """The same person's account id at the service."""
    topics: frozenset[str] = frozenset()
    """What a subscription may select it by besides its feature, in lower case (`resolved`, `status:done`, …)."""
    headline: str = ""
    """The resource as a link in mrkdwn, inert: what a line begins with that stands outside the card's thread."""
    label: str = ""
    """The label that was added or removed, as the line shows it; empty if the event is of none."""
    brief: Message | None = None
    """What happened in one line, where the card says it all and there is no `line`."""

    @property
    def names(self) -> frozenset[str]:
        """All that a subscription may select it by."""
        return self.topics | {self.feature}


type Renderer = Callable[[Mapping[str, Any]], News | None]
"""Takes a webhook's payload; None means that there is nothing to say (a documented `ignored`)."""
