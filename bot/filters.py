"""What a subscription lets through: its events (features) and filters, read against a piece of news. Pure."""

from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.renderers.news import Facts, News
from bot.renderers.registry import GITHUB_DEFAULTS, GITHUB_FEATURES, JIRA_DEFAULTS, JIRA_FEATURES

FEATURES: dict[str, tuple[str, ...]] = {"github": tuple(GITHUB_FEATURES), "jira": tuple(JIRA_FEATURES)}
DEFAULTS: dict[str, tuple[str, ...]] = {"github": tuple(GITHUB_DEFAULTS), "jira": tuple(JIRA_DEFAULTS)}
ALL = "all"

Names = Annotated[list[str], Field(max_length=100)]


class Choice(BaseModel):
    """Any of these, all of these, none of these; an empty list asks for nothing."""

    model_config = ConfigDict(extra="forbid")
    any: Names = []
    all: Names = []
    none: Names = []

    def admits(self, found: frozenset[str]) -> bool:
        """Whether a set of names satisfies all three lists; names are compared without case."""
        have = {name.lower() for name in found}
        wants, needs, bars = ({name.lower() for name in names} for names in (self.any, self.all, self.none))
        return (not wants or bool(wants & have)) and needs <= have and not bars & have


class GitHubFilters(BaseModel):
    """The filters of a GitHub subscription; those that are not given let everything pass."""

    model_config = ConfigDict(extra="forbid")
    labels: Choice = Choice()
    authors: Choice = Choice()
    bots: bool | None = None
    base: Names = []
    draft: bool | None = None


class JiraFilters(BaseModel):
    """The filters of a Jira subscription."""

    model_config = ConfigDict(extra="forbid")
    labels: Choice = Choice()
    authors: Choice = Choice()
    type: Choice = Choice()
    priority: Choice = Choice()


FILTERS: dict[str, type[GitHubFilters] | type[JiraFilters]] = {"github": GitHubFilters, "jira": JiraFilters}


def unknown_events(service: str, events: Sequence[str]) -> list[str]:
    """The names among `events` that no subscription of this service can list."""
    return [name for name in events if name != ALL and name not in FEATURES[service]]


def passes(events: Sequence[str], filters: Mapping[str, object], news: News, service: str) -> str:
    """Why a subscription does not want this piece of news; empty if it does."""
    if ALL not in events and news.feature not in events:
        return f"the subscription does not ask for {news.feature}"
    if news.feature == "commits" and ALL not in events and not filters.get("base") and not news.facts.default_branch:
        return "the push is not to the default branch"
    wanted = FILTERS[service].model_validate(filters)
    checks = _github(wanted, news.facts) if isinstance(wanted, GitHubFilters) else _jira(wanted, news.facts)
    failed = [name for name, check in checks.items() if not check()]
    return f"the subscription's filter on {failed[0]} holds it back" if failed else ""


def _github(wanted: GitHubFilters, facts: Facts) -> dict[str, Callable[[], bool]]:
    return {
        "labels": lambda: wanted.labels.admits(facts.labels),
        "authors": lambda: wanted.authors.admits(frozenset({facts.author})),
        "bots": lambda: wanted.bots is None or wanted.bots or not facts.bot,
        "base": lambda: (
            not (wanted.base and facts.base) or any(fnmatchcase(facts.base, pattern) for pattern in wanted.base)
        ),
        "draft": lambda: wanted.draft is None or wanted.draft or not facts.draft,
    }


def _jira(wanted: JiraFilters, facts: Facts) -> dict[str, Callable[[], bool]]:
    if not facts.complete:
        return {}
    return {
        "labels": lambda: wanted.labels.admits(facts.labels),
        "authors": lambda: wanted.authors.admits(frozenset({facts.author})),
        "type": lambda: wanted.type.admits(frozenset({facts.type})),
        "priority": lambda: wanted.priority.admits(frozenset({facts.priority})),
    }
