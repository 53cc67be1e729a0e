"""The filters of a GitHub subscription. A filter speaks of those features only that have what it is about. Pure."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, model_validator

from bot.github_words import ACTIONS, CONCLUSIONS, STATES
from bot.known_filters import Reader
from bot.names import Choice, Names, bare, like
from bot.paths import any_of
from bot.renderers.news import Facts, News
from bot.spelling import meant

LABELLED = frozenset({"issues", "pulls", "reviews", "comments", "discussions"})
ASSIGNED = LABELLED - {"discussions"}
CHECKED = frozenset({"workflows", "checks"})
SPOKEN = frozenset({"reviews", "comments"})
"""What somebody says about a thing of another's: who says it may be barred too."""


def _known(words: Iterable[str]) -> Callable[[list[str]], list[str]]:
    def check(given: list[str]) -> list[str]:
        wrong = [word for word in given if word.lower() not in words]
        if wrong:
            near = meant(wrong[0], words).strip()
            asked = f" ({near[0].lower()}{near[1:]})" if near else ""
            raise ValueError(f"there is no {wrong[0]}{asked}; possible are {', '.join(sorted(words))}")
        return [word.lower() for word in given]

    return check


def _teams(given: Choice) -> Choice:
    wrong = [name for name in given.named if len([part for part in name.split("/") if part]) != 2]
    if wrong:
        raise ValueError(f"{wrong[0]} is no team; name one with its organization, such as acme/core")
    return given


def _owners(given: list[str]) -> list[str]:
    wrong = [name for name in given if "@" not in name]
    if wrong:
        raise ValueError(f"{wrong[0]} is no owner; name one as CODEOWNERS does, such as @acme/core")
    return given


type Actions = Annotated[Names, AfterValidator(_known(frozenset[str]().union(*ACTIONS.values())))]
type Conclusions = Annotated[Names, AfterValidator(_known(CONCLUSIONS))]
type States = Annotated[Names, AfterValidator(_known(STATES))]
type Teams = Annotated[Choice, AfterValidator(_teams)]


class GitHubFilters(BaseModel):
    """The filters of a GitHub subscription; those that are not given let everything pass."""

    model_config = ConfigDict(extra="forbid")
    labels: Choice = Choice()
    authors: Choice = Choice()
    bots: StrictBool | None = None
    teams: Teams = Choice()
    assignees: Choice = Choice()
    reviewers: Choice = Choice()
    base: Names = []
    head: Names = []
    paths: Names = []
    owners: Annotated[Names, AfterValidator(_owners)] = []
    draft: StrictBool | None = None
    actions: Actions = []
    conclusions: Conclusions = []
    only_changes: StrictBool = False
    environments: Names = []
    states: States = []
    repositories: Annotated[Choice, Field(description="patterns of names, with or without the organization")] = Choice()
    topics: Choice = Choice()
    repository_teams: Teams = Choice()

    @model_validator(mode="before")
    @classmethod
    def _without_at(cls, given: Any) -> Any:
        return bare(given) if isinstance(given, dict) else given  # pyright: ignore[reportUnknownArgumentType]

    @cached_property
    def checks(self) -> "tuple[tuple[str, Callable[[GitHubFilters, News], bool]], ...]":
        """What to look at for those filters that are given, by their names."""
        return tuple((name, check) for name, check in _CHECKS.items() if name in self.model_fields_set)


read = Reader(GitHubFilters)


def held(wanted: GitHubFilters, news: News) -> str:
    """The name of the filter that holds the news back, as far as is known without asking; empty if none does."""
    for name, check in wanted.checks:
        if not check(wanted, news):
            return name
    return ""


def reaches(wanted: GitHubFilters, repository: str) -> bool:
    """Whether a repository (`acme/web`) is among those that are wanted by name."""
    return _repository(wanted, Facts(repository=repository))


def to_ask(wanted: GitHubFilters, news: News) -> frozenset[str]:
    """What GitHub has to be asked before the filters can judge: `pull`, `paths`, `owners`, `topics`, `teams`, …"""
    facts, given = news.facts, wanted.model_fields_set
    if not given:
        return frozenset()
    of_pull = _is_pull(news)
    of_files = of_pull or news.feature == "commits"
    needed = {
        "pull": of_pull and (_lacks_branch(wanted, facts) or (facts.reviewers is None and _asks(wanted.reviewers))),
        "paths": of_pull and facts.paths is None and bool(wanted.paths or wanted.owners),
        "owners": of_files and facts.owners is None and bool(wanted.owners),
        "topics": facts.topics is None and _asks(wanted.topics),
        "teams": facts.teams is None and bool(facts.author) and _asks(wanted.teams),
        "keepers": facts.keepers is None and _asks(wanted.repository_teams),
    }
    return frozenset(name for name, needs in needed.items() if needs)


def lets_in(wanted: GitHubFilters, news: News) -> bool:
    """Whether a label, an assignee or a reviewer, come or gone just now, lets the news pass the filter on these."""
    facts = news.facts
    return news.feature in LABELLED and (_label_lets_in(wanted.labels, facts) or _person_lets_in(wanted, facts))


def _label_lets_in(given: Choice, facts: Facts) -> bool:
    if facts.action == "unlabeled":
        return _asks(given) and (bool(given.none) or given.empty is True)
    return _asks(given) and bool(facts.label) and not given.admits(facts.labels - {facts.label})


def _person_lets_in(wanted: GitHubFilters, facts: Facts) -> bool:
    """Whether it would not have passed with those who were there before."""
    if facts.action in ("assigned", "unassigned"):
        given, now = wanted.assignees, facts.assignee
    elif facts.action in ("review_requested", "review_request_removed"):
        given, now = wanted.reviewers, facts.reviewers or frozenset()
    else:
        return False
    came = facts.action in ("assigned", "review_requested")
    return _asks(given) and not given.admits(now - facts.joined if came else now | facts.joined)


def _lacks_branch(wanted: GitHubFilters, facts: Facts) -> bool:
    return not facts.base and bool(wanted.base or wanted.head or wanted.draft is False)


def _asks(choice: Choice) -> bool:
    return bool(choice.named) or choice.empty is not None


def _is_pull(news: News) -> bool:
    return news.facts.pull or news.feature in ("pulls", "reviews")


def _reviewers(wanted: GitHubFilters, news: News) -> bool:
    return not _is_pull(news) or _unless_empty(wanted.reviewers, news.facts.reviewers)


def _author(wanted: GitHubFilters, news: News) -> bool:
    if not wanted.authors.admits(frozenset({news.facts.author})):
        return False
    said = news.feature in SPOKEN
    return not said or Choice(none=wanted.authors.none).admits(news.facts.actors)


def _bot(wanted: GitHubFilters, news: News) -> bool:
    program = news.facts.bot or (news.feature in SPOKEN and "bots" in news.facts.actors)
    return wanted.bots is not False or not program


def _action(wanted: GitHubFilters, news: News) -> bool:
    """`merged` says which news of pull requests pass, and nothing of features that know no such action."""
    possible = ACTIONS.get(news.feature, frozenset())
    return possible.isdisjoint(wanted.actions) or news.facts.action in wanted.actions


def _branch(patterns: list[str], branch: str) -> bool:
    return not patterns or not branch or like(branch, patterns)


def _files(wanted: GitHubFilters, facts: Facts) -> bool:
    return not wanted.paths or facts.paths is None or any_of(facts.paths, wanted.paths)


def _owned(wanted: GitHubFilters, facts: Facts) -> bool:
    if not wanted.owners or facts.owners is None:
        return True
    return not facts.owners.isdisjoint(name.lower() for name in wanted.owners)


def _unless_empty(choice: Choice, found: frozenset[str] | None) -> bool:
    return found is None or choice.admits(found)


def _repository(wanted: GitHubFilters, facts: Facts) -> bool:
    full, bare = facts.repository, facts.repository.partition("/")[2]
    choice = wanted.repositories
    names = ([n if "/" in n else f"*/{n}" for n in lists] for lists in (choice.any, choice.all, choice.none))
    return not bare or Choice(**dict(zip(("any", "all", "none"), names, strict=True))).admits_name(full)


def _environment(wanted: GitHubFilters, facts: Facts) -> bool:
    return not wanted.environments or like(facts.environment.lower(), [name.lower() for name in wanted.environments])


_CHECKS: dict[str, Callable[[GitHubFilters, News], bool]] = {
    "labels": lambda wanted, news: news.feature not in LABELLED or wanted.labels.admits(news.facts.labels),
    "authors": _author,
    "bots": _bot,
    "teams": lambda wanted, news: _unless_empty(wanted.teams, news.facts.teams),
    "assignees": lambda wanted, news: news.feature not in ASSIGNED or wanted.assignees.admits(news.facts.assignee),
    "reviewers": _reviewers,
    "base": lambda wanted, news: _branch(wanted.base, news.facts.base),
    "head": lambda wanted, news: _branch(wanted.head, news.facts.head),
    "paths": lambda wanted, news: _files(wanted, news.facts),
    "owners": lambda wanted, news: _owned(wanted, news.facts),
    "draft": lambda wanted, news: wanted.draft is not False or not news.facts.draft,
    "actions": _action,
    "conclusions": lambda wanted, news: (
        news.feature not in CHECKED or not wanted.conclusions or news.facts.conclusion in wanted.conclusions
    ),
    "only_changes": lambda wanted, news: news.feature not in CHECKED or not wanted.only_changes or news.facts.turned,
    "environments": lambda wanted, news: news.feature != "deployments" or _environment(wanted, news.facts),
    "states": lambda wanted, news: (
        news.feature != "deployments" or not wanted.states or news.facts.state in wanted.states
    ),
    "repositories": lambda wanted, news: _repository(wanted, news.facts),
    "topics": lambda wanted, news: _unless_empty(wanted.topics, news.facts.topics),
    "repository_teams": lambda wanted, news: _unless_empty(wanted.repository_teams, news.facts.keepers),
}
"""By the name of the filter: whether it lets news pass."""
