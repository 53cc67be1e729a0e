"""What a subscription lets through: its events (features) and filters, read against a piece of news. Pure."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field

from bot import github_words
from bot.github_filters import GitHubFilters, held, read
from bot.github_words import ALL
from bot.known_filters import Reader
from bot.modals.subscription import JQL_LIMIT
from bot.names import Choice
from bot.renderers.news import Facts, News
from bot.renderers.registry import GITHUB_DEFAULTS, GITHUB_FEATURES, JIRA_DEFAULTS, JIRA_FEATURES

FEATURES: dict[str, tuple[str, ...]] = {"github": tuple(GITHUB_FEATURES), "jira": tuple(JIRA_FEATURES)}
DEFAULTS: dict[str, tuple[str, ...]] = {"github": tuple(GITHUB_DEFAULTS), "jira": tuple(JIRA_DEFAULTS)}
VALUE_LIMIT = 100
"""In characters: of a status or a field that an event names."""


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

    @cached_property
    def checks(self) -> "tuple[tuple[str, Callable[[JiraFilters, Facts], bool]], ...]":
        """What to look at for those filters that are given, by their names; `comments` holds back where it is not."""
        return tuple(one for one in _CHECKS.items() if one[0] == "comments" or one[0] in self.model_fields_set)


_read = Reader(JiraFilters)
FILTERS: dict[str, type[GitHubFilters] | type[JiraFilters]] = {"github": GitHubFilters, "jira": JiraFilters}


@lru_cache(4096)
def canonical(event: str) -> str:
    """An event as it is compared: `Status: In Review` is `status:in review`."""
    name, colon, value = event.partition(":")
    return f"{name.strip().lower()}{colon}{value.strip().casefold()}"


def unknown_events(service: str, events: Sequence[str]) -> list[str]:
    """The names among `events` that no subscription of this service can list."""
    if service == "github":
        return github_words.unknown(events)
    return [name for name in events if name != ALL and name not in FEATURES["jira"] and not _open(name)]


def unknown_broadcasts(service: str, names: Sequence[str]) -> list[str]:
    """The names of what cannot be told in the channel besides the thread."""
    return github_words.unknown_broadcasts(names) if service == "github" else unknown_events(service, names)


def _open(event: str) -> bool:
    """Whether it is one of those events of Jira's that end in a name of its own: `status:Done`, `field:labels`."""
    name, _, value = event.partition(":")
    return name in ("status", "field") and 0 < len(value.strip()) <= VALUE_LIMIT


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
    if service == "github":
        reason = github_words.refusal(events, news, branches=bool(filters.get("base")))
        failed = "" if reason else held(read(filters), news)
    else:
        reason = "" if asks_for(events, news) else f"the subscription does not ask for {news.feature}"
        failed = "" if reason else _held(_read(filters), news.facts)
    return f"the subscription's filter on {failed} holds it back" if failed else reason


def _held(wanted: JiraFilters, facts: Facts) -> str:
    for name, check in wanted.checks:
        if (facts.complete or name in _OF_THE_EVENT) and not check(wanted, facts):
            return name
    return ""


_OF_THE_EVENT = ("comments", "authors")
"""What is known where the event does not show all of its issue."""
_CHECKS: dict[str, Callable[[JiraFilters, Facts], bool]] = {
    "labels": lambda wanted, facts: wanted.labels.admits(facts.labels),
    "comments": lambda wanted, facts: wanted.comments == "all" or not facts.restricted,
    "authors": lambda wanted, facts: wanted.authors.admits(facts.actors),
    "type": lambda wanted, facts: wanted.type.admits(frozenset({facts.type})),
    "priority": lambda wanted, facts: wanted.priority.admits(frozenset({facts.priority})),
    "status": lambda wanted, facts: wanted.status.admits(frozenset({facts.status})),
    "components": lambda wanted, facts: wanted.components.admits(facts.components),
    "assignee": lambda wanted, facts: wanted.assignee.admits(facts.assignee),
    "reporter": lambda wanted, facts: wanted.reporter.admits(facts.reporter),
}
"""By the name of the filter: whether it lets news pass."""
