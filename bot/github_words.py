"""What a subscription to a repository may name: its events, with what stands behind their colons, and their actions.

The words are those of GitHub's own app for Slack where it has one: `commits:release/*`,
`workflows:{name:"CI" event:"push" branch:"main" actor:"octocat"}`. Pure.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.names import like
from bot.renderers.news import News
from bot.renderers.registry import GITHUB_FEATURES

ALL = "all"
VALUE_LIMIT = 255
"""In characters: of a branch, say."""
PATTERNED = ("commits", "branches", "tags")
"""The events that may be limited to some branches or tags: `commits:main`."""
KEYS = ("name", "event", "branch", "actor")
"""What `workflows:{…}` may say."""
DEFAULT_BRANCH = "@default"
"""Stands for the repository's default branch where a branch is named."""

_TICKET = (
    "opened", "closed", "reopened", "edited", "assigned", "unassigned", "labeled", "unlabeled", "locked", "unlocked",
    "milestoned", "demilestoned",
)  # fmt: skip
_ALERT = (
    "created", "fixed", "reopened", "reopened_by_user", "closed_by_user", "appeared_in_branch", "updated_assignment",
    "dismissed", "reintroduced", "auto_dismissed", "auto_reopened", "resolved", "revoked", "validated", "assigned",
    "unassigned", "publicly_leaked", "published", "reported", "updated", "performed", "withdrawn",
)  # fmt: skip
ACTIONS: dict[str, frozenset[str]] = {
    "issues": frozenset({
        *_TICKET, "deleted", "transferred", "pinned", "unpinned", "typed", "untyped", "field_added",
        "field_removed", "sub_issue_added",
        "sub_issue_removed", "parent_issue_added", "parent_issue_removed", "blocked_by_added", "blocked_by_removed",
        "blocking_added", "blocking_removed",
    }),
    "pulls": frozenset({
        *_TICKET, "merged", "ready_for_review", "converted_to_draft", "synchronize", "review_requested",
        "review_request_removed", "auto_merge_enabled", "auto_merge_disabled", "enqueued", "dequeued",
        "checks_requested", "destroyed",
    }),
    "reviews": frozenset({
        "submitted", "approved", "changes_requested", "commented", "edited", "dismissed", "resolved", "unresolved",
    }),
    "comments": frozenset({"created", "edited", "deleted", "pinned", "unpinned"}),
    "branches": frozenset({"created", "deleted"}),
    "tags": frozenset({"created", "deleted"}),
    "releases": frozenset({
        "created", "published", "released", "prereleased", "edited", "deleted", "unpublished",
    }),
    "deployments": frozenset({"created", "requested", "approved", "rejected"}),
    "workflows": frozenset({"requested", "in_progress", "completed"}),
    "checks": frozenset({"requested", "completed", "created", "rerequested"}),
    "discussions": frozenset({
        "created", "closed", "reopened", "edited", "deleted", "answered", "unanswered", "labeled", "unlabeled",
        "locked", "unlocked", "pinned", "unpinned", "transferred", "category_changed",
    }),
    "stars": frozenset({"created", "deleted"}),
    "security": frozenset(_ALERT),
    "repository": frozenset({
        "created", "deleted", "archived", "unarchived", "renamed", "transferred", "publicized", "privatized", "edited",
    }),
    "members": frozenset({"added", "removed", "edited", "member_added", "member_removed", "member_invited", "renamed"}),
}  # fmt: skip
"""What GitHub says was done, by feature, and `merged` for a close that merged.

https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""
BROADCASTS = frozenset({ALL, *GITHUB_FEATURES}).union(*ACTIONS.values())
"""What can be told in the channel besides."""
CONCLUSIONS = frozenset({
    "success", "failure", "neutral", "cancelled", "skipped", "timed_out", "action_required", "stale", "startup_failure",
    "error", "pending",
})  # fmt: skip
"""How a run or a check ends. https://docs.github.com/en/rest/checks/suites and …/rest/commits/statuses"""
STATES = frozenset({
    "success", "failure", "error", "inactive", "in_progress", "queued", "pending", "waiting", "approved", "rejected",
})  # fmt: skip
"""How a deployment is. https://docs.github.com/en/rest/deployments/statuses"""
ALIASES = {"statuses": "checks", "public": "repository", "allcommits": "commits:*"}
"""What older versions of GitHub's app called some of them."""


@dataclass(frozen=True)
class Asked:
    """One event that a subscription names: a feature, and to which of its news it is limited."""

    feature: str
    pattern: str = ""
    """Of a branch or a tag; empty for the usual ones."""
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """For workflows: by key, one of which values it has to be."""

    def __str__(self) -> str:
        if self.where:
            inside = " ".join(f"{key}:{','.join(map(quoted, values))}" for key, values in self.where)
            return f"{self.feature}:{{{inside}}}"
        return f"{self.feature}:{self.pattern}" if self.pattern else self.feature

    def refusal(self, news: News) -> str:
        """Why news of this feature is not asked for; empty if it is."""
        facts = news.facts
        if self.feature == "workflows":
            branch = facts.base or facts.head
            found = {"name": [facts.workflow], "event": [facts.trigger], "branch": [branch]}
            found["actor"] = [facts.author, *facts.actors]
            for key, wanted in self.where:
                if not any(_is(one, wanted, default=facts.default_branch) for one in found[key]):
                    return f"the run's {key} is another than the subscription asks for"
            return ""
        if self.pattern and not _is(facts.base, (self.pattern,), default=facts.default_branch):
            kind = "tag" if self.feature == "tags" else "branch"
            return f"the subscription asks for other {'branches' if kind == 'branch' else 'tags'}"
        return ""


def _is(value: str, wanted: Sequence[str], *, default: bool) -> bool:
    return (default and DEFAULT_BRANCH in wanted) or like(value, wanted)


def quoted(value: str) -> str:
    """A value as it is typed: in quotes, with a backslash before those within."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


_WHERE = re.compile(r'(\w+):((?:"(?:[^"\\]|\\.)*",?)+)')
_VALUE = re.compile(r'"((?:[^"\\]|\\.)*)"')


@lru_cache(4096)
def asked(event: str) -> Asked | None:
    """An event as a subscription lists it; None if there is no such event."""
    feature, _, rest = event.partition(":")
    if feature not in GITHUB_FEATURES:
        return None
    if not rest:
        return Asked(feature) if feature == event else None
    if feature in PATTERNED and len(rest) <= VALUE_LIMIT and not re.search(r"\s", rest):
        return Asked(feature, "*" if rest == ALL else rest)
    if feature == "workflows" and rest[0] == "{" and rest[-1] == "}":
        return _workflows(rest[1:-1])
    return None


def _workflows(inside: str) -> Asked | None:
    found = {each[1]: tuple(unquoted(value) for value in _VALUE.findall(each[2])) for each in _WHERE.finditer(inside)}
    where = tuple((key, found[key]) for key in KEYS if found.get(key))
    if _WHERE.sub("", inside).strip() or len(where) < len(found) or not where:
        return None
    return Asked("workflows", where=where)


def unquoted(value: str) -> str:
    """What stands between the quotes, without its backslashes."""
    return re.sub(r"\\(.)", r"\1", value)


def refusal(events: Sequence[str], news: News, *, branches: bool) -> str:
    """Why none of these events is what happened; empty if one is.

    Commits are those of the default branch, unless a pattern or, with `branches`, a filter says which.
    """
    if ALL in events:
        return ""
    reason = f"the subscription does not ask for {news.feature}"
    for event in events:
        wanted = asked(event)
        if wanted is None or wanted.feature != news.feature:
            continue
        usual = wanted.feature != "commits" or wanted.pattern or branches or news.facts.default_branch
        reason = wanted.refusal(news) if usual else "the push is not to the default branch"
        if not reason:
            return ""
    return reason


def unknown(events: Iterable[str]) -> list[str]:
    """The names that no subscription can list."""
    return [event for event in events if event != ALL and asked(event) is None]


def unknown_broadcasts(names: Iterable[str]) -> list[str]:
    """The names that cannot be told in the channel besides: features, and actions such as `merged`."""
    return [name for name in names if name not in BROADCASTS]
