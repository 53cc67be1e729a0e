"""What a subscription lets through: its events (features) and filters, read against a piece of news. Pure."""

from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from bot.modals.subscription import JQL_LIMIT
from bot.renderers.news import Facts, News
from bot.renderers.registry import GITHUB_DEFAULTS, GITHUB_FEATURES, JIRA_DEFAULTS, JIRA_FEATURES

FEATURES: dict[str, tuple[str, ...]] = {"github": tuple(GITHUB_FEATURES), "jira": tuple(JIRA_FEATURES)}
DEFAULTS: dict[str, tuple[str, ...]] = {"github": tuple(GITHUB_DEFAULTS), "jira": tuple(JIRA_DEFAULTS)}
ALL = "all"
VALUE_LIMIT = 100
"""In characters: of a status or a field that an event names."""

Names = Annotated[list[str], Field(max_length=100)]


class Choice(BaseModel):
    """Any of these, all of these, none of these; an empty list asks for nothing.

    With `empty` it is where nothing is set: only there, or, beside `any` or `all`, there too; false is never there.
    """

    model_config = ConfigDict(extra="forbid")
    any: Names = []
    all: Names = []
    none: Names = []
    empty: StrictBool | None = None

    def admits(self, found: frozenset[str]) -> bool:
        """Whether a set of names satisfies all three lists; names are compared without case."""
        have = {name.lower() for name in found}
        if self.empty is not None and not any(found):
            return self.empty
        if self.empty and not (self.any or self.all):
            return False
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
    """The filters of a Jira subscription; `jql` is for Jira itself to judge (see `bot.flows.looking`)."""

    model_config = ConfigDict(extra="forbid")
    jql: Annotated[str, Field(max_length=JQL_LIMIT)] = ""
    type: Choice = Choice()
    status: Choice = Choice()
    priority: Choice = Choice()
    labels: Choice = Choice()
    components: Choice = Choice()
    assignee: Choice = Choice()
    reporter: Choice = Choice()
    authors: Choice = Choice()
    comments: Literal["public", "all"] = "public"


FILTERS: dict[str, type[GitHubFilters] | type[JiraFilters]] = {"github": GitHubFilters, "jira": JiraFilters}


def canonical(event: str) -> str:
    """An event as it is compared: `Status: In Review` is `status:in review`."""
    name, colon, value = event.partition(":")
    return f"{name.strip().lower()}{colon}{value.strip().casefold()}"


def unknown_events(service: str, events: Sequence[str]) -> list[str]:
    """The names among `events` that no subscription of this service can list."""
    return [name for name in events if name != ALL and name not in FEATURES[service] and not _open(service, name)]


def _open(service: str, event: str) -> bool:
    """Whether it is one of those events of Jira's that end in a name of its own: `status:Done`, `field:labels`."""
    name, _, value = event.partition(":")
    return service == "jira" and name in ("status", "field") and 0 < len(value.strip()) <= VALUE_LIMIT


def contradictions(filters: Mapping[str, Any]) -> dict[str, str]:
    """A sentence for each filter that wants and bars the same: nothing could pass it by that."""
    found: dict[str, str] = {}
    for name, given in filters.items():
        if not isinstance(given, Mapping):
            continue
        choice = cast("Mapping[str, list[object] | None]", given)
        barred = {str(value).lower() for value in choice.get("none") or []}
        both = [value for how in ("any", "all") for value in choice.get(how) or [] if str(value).lower() in barred]
        if both:
            found[name] = f"{both[0]} is wanted and barred at once: nothing can pass that way"
    return found


def asks_for(events: Sequence[str], news: News) -> bool:
    """Whether one of these events is what happened."""
    return ALL in events or not news.names.isdisjoint(map(canonical, events))


def passes(events: Sequence[str], filters: Mapping[str, object], news: News, service: str) -> str:
    """Why a subscription does not want this piece of news; empty if it does, as far as is known without asking."""
    if not asks_for(events, news):
        return f"the subscription does not ask for {news.feature}"
    if news.feature == "commits" and ALL not in events and not filters.get("base") and not news.facts.default_branch:
        return "the push is not to the default branch"
    wanted = FILTERS[service].model_validate(filters)
    checks = _github(wanted, news.facts) if isinstance(wanted, GitHubFilters) else _jira(wanted, news.facts)
    failed = [name for name, check in checks.items() if not check()]
    return f"the subscription's filter on {failed[0]} holds it back" if failed else ""


def let_in_by_label(filters: Mapping[str, object], facts: Facts, service: str) -> bool:
    """Whether it is the label just added that makes the filters pass: the card is due now that it was not before."""
    before = facts.labels - {facts.label}
    return bool(facts.label) and not FILTERS[service].model_validate(filters).labels.admits(before)


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
    of_the_event: dict[str, Callable[[], bool]] = {
        "comments": lambda: wanted.comments == "all" or not facts.restricted,
        "authors": lambda: wanted.authors.admits(facts.actors),
    }
    if not facts.complete:
        return of_the_event
    return {
        "labels": lambda: wanted.labels.admits(facts.labels),
        **of_the_event,
        "type": lambda: wanted.type.admits(frozenset({facts.type})),
        "priority": lambda: wanted.priority.admits(frozenset({facts.priority})),
        "status": lambda: wanted.status.admits(frozenset({facts.status})),
        "components": lambda: wanted.components.admits(facts.components),
        "assignee": lambda: wanted.assignee.admits(facts.assignee),
        "reporter": lambda: wanted.reporter.admits(facts.reporter),
    }
