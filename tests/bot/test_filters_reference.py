"""A thousand subscriptions on every real payload: what passes is what a plain, slow reading of the filters says.

Beside the real payloads stand made ones, for what no real one shows: checks, runs that end otherwise
than before, and what programs do.
"""

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.filters import ALL, passes
from bot.flows import turning
from bot.github_filters import GitHubFilters, read, to_ask
from bot.github_words import ACTIONS, CONCLUSIONS, STATES
from bot.renderers.github_facts import completed
from bot.renderers.news import Facts, News
from bot.renderers.registry import GITHUB_FEATURES, render_github
from storage.engine import Database

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "github" / "webhooks"
OWN = Path(__file__).parents[1] / "fixtures" / "github"
PAYLOADS = {CORPUS: 1000, OWN: 100} if CORPUS.is_dir() else {OWN: 1000}
"""How many subscriptions each set of payloads meets: where the real ones are not beside the checkout, ours do."""
ALONE = 3
"""How many of the subscriptions have nothing but a filter, for each of the filters."""
NAMES = (
    "bug", "Codertocat", "octocat", "dependabot[bot]", "wontfix", "github-actions[bot]", "enhancement", "mona", "linus",
    "grace", "acme/core",
)  # fmt: skip
BRANCHES = ("main", "master", "changes", "release/*", "*", "feature/*", "simple-*")
PATHS = ("README.md", "*.md", "src/**", "docs/", "**/*.py", "*")
TEAMS = ("acme/core", "acme/docs", "acme/all")
OWNERS = ("@acme/core", "@acme/Docs", "@mona")
REPOSITORIES = ("*/Hello-World", "hello-*", "invoices", "octo/*", "codertocat/*")


# --- what there is to pass -------------------------------------------------------------------------------------------


def payload_of(path: Path) -> tuple[str, dict[str, Any]]:
    payload: dict[str, Any] = json.loads(path.read_bytes())
    name, action = path.name.partition(".")[0].partition("--")[0], payload.get("action")
    return f"{name}.{action}" if action else name, payload


def news_of(event: str, payload: dict[str, Any]) -> News | None:
    news = render_github(event, payload)
    return completed(news, payload) if news else None


def told(paths: Iterable[Path]) -> list[News]:
    return [news for path in sorted(paths) if (news := news_of(*payload_of(path))) is not None]


def checks() -> list[News]:
    """The checks of a pull request that connect knows, which ended well, badly, and not yet."""
    known: dict[str, Any] = {
        "pull": payload_of(OWN / "pull_request.opened.json")[1]["pull_request"],
        "verdicts": dict[str, Any](),
    }
    found = list[News]()
    for state in ("success", "failure", "pending"):
        event, payload = payload_of(OWN / "status.json")
        shown = {"ci": {"name": "ci", "state": state, "at": "", "url": ""}}
        news = news_of(event, payload | {"connect": known | {"checks": shown, "before": "", "version": "1"}})
        assert news is not None
        found.append(news)
    return found


def runs(database: Database) -> list[News]:
    """A run that ended well, the next that did not, and one that did not either: the second of them is a turn."""
    found = list[News]()
    for ident, conclusion in enumerate(("success", "failure", "failure"), 1):
        event, payload = payload_of(OWN / "workflow_run.completed.json")
        payload["workflow_run"] |= {"id": ident, "conclusion": conclusion}
        news = news_of(event, payload)
        assert news is not None
        found.append(database.run(lambda connection, news=news: turning.noted(connection, news, datetime.now(UTC))))
    assert [news.facts.turned for news in found] == [False, True, False]
    return found


def by_programs() -> list[News]:
    """A pull request that a program opened, and what it says beneath another's."""
    found = list[News | None]()
    for name, whose in (("pull_request.opened", "pull_request"), ("issue_comment.created", "comment")):
        event, payload = payload_of(OWN / f"{name}.json")
        program = {"login": "dependabot[bot]", "type": "Bot", "id": 49699333}
        payload[whose]["user"] = program
        found.append(news_of(event, payload | {"sender": program}))
    return [news for news in found if news]


def everything(place: Path, database: Database) -> list[News]:
    """All that a set of payloads tells, with what is made here, and ours of the features that it has nothing of."""
    found = told(path for path in place.glob("*.json") if not path.name.endswith(".news.json"))
    found += [*checks(), *runs(database), *by_programs()]
    there = {news.feature for news in found}
    ours = told(path for path in OWN.glob("*.json") if not path.name.endswith(".news.json"))
    found += [news for news in ours if news.feature not in there]
    assert {news.feature for news in found} == set(GITHUB_FEATURES)
    return found


# --- what GitHub says when it is asked -------------------------------------------------------------------------------


def in_team(team: str, name: str) -> bool:
    return team == "acme/all" or (len(team) + len(name)) % 2 == 0


def owners_of(paths: Iterable[str]) -> frozenset[str]:
    return frozenset("@acme/docs" if path.endswith(".md") else "@acme/core" for path in paths)


def of_pull(news: News) -> bool:
    return news.facts.pull or news.feature in ("pulls", "reviews")


def as_it_is(news: News, filters: dict[str, Any]) -> Facts:
    """All that is so, told by the event or not, of what these filters speak of."""
    facts = news.facts
    pull, told = of_pull(news), facts.paths
    paths = frozenset({"README.md", "src/main.py"}) if pull and told is None else told
    named = {
        name: [team for how in filters.get(name, {}).values() for team in how] for name in ("teams", "repository_teams")
    }
    return replace(
        facts,
        base=facts.base or ("main" if pull else ""),
        head=facts.head or ("feature/asked" if pull else ""),
        draft=facts.draft or (pull and not facts.base),
        reviewers=frozenset({"mona"}) if pull and facts.reviewers is None else facts.reviewers,
        paths=paths,
        owners=owners_of(paths or ()) if pull or news.feature == "commits" else None,
        topics=facts.topics if facts.topics is not None else frozenset({"enhancement"}),
        teams=frozenset(team for team in named["teams"] if in_team(team, facts.author)) if facts.author else None,
        keepers=frozenset(team for team in named["repository_teams"] if in_team(team, facts.repository)),
    )


def asked_of_github(news: News, filters: dict[str, Any]) -> News:
    """The news with the answers to what connect asks of it, and with nothing else."""
    known = as_it_is(news, filters)
    parts = {"pull": ("base", "head", "draft", "reviewers")}
    wanted = [field for name in to_ask(read(filters), news) for field in parts.get(name, (name,))]
    return replace(news, facts=replace(news.facts, **{field: getattr(known, field) for field in wanted}))


def let_through(events: list[str], filters: dict[str, Any], news: News) -> bool:
    """What connect makes of it: it asks where it has to, and only about what would pass otherwise."""
    if passes(events, filters, news, "github"):
        return False
    answered = asked_of_github(news, filters)
    return answered is news or not passes(events, filters, answered, "github")


# --- who wants what --------------------------------------------------------------------------------------------------


def some(chance: random.Random, values: Any) -> list[str]:
    return chance.sample(sorted(values), chance.randint(1, 2))


def choice(chance: random.Random, names: Iterable[str] = NAMES, *, empty: bool = False) -> dict[str, Any]:
    made: dict[str, Any] = {how: some(chance, names) for how in ("any", "all", "none") if chance.random() < 0.35}
    return made | ({"empty": chance.random() < 0.5} if empty and chance.random() < 0.4 else {})


def subscription(chance: random.Random, nth: int) -> tuple[list[str], dict[str, Any]]:
    """The first ones ask for everything, each with one filter, so that every filter meets every feature."""
    events = chance.sample([*GITHUB_FEATURES, ALL, "commits:*", "commits:release/*", "branches:*", "tags:v*"], 6)
    made: dict[str, Callable[[], Any]] = {
        "labels": lambda: choice(chance, empty=True), "authors": lambda: choice(chance),
        "assignees": lambda: choice(chance, empty=True), "reviewers": lambda: choice(chance, empty=True),
        "teams": lambda: choice(chance, TEAMS), "repository_teams": lambda: choice(chance, TEAMS),
        "repositories": lambda: choice(chance, REPOSITORIES), "topics": lambda: choice(chance, empty=True),
        "bots": lambda: chance.random() < 0.3, "draft": lambda: chance.random() < 0.3,
        "only_changes": lambda: chance.random() < 0.8,
        "base": lambda: some(chance, BRANCHES), "head": lambda: some(chance, BRANCHES),
        "paths": lambda: some(chance, PATHS), "owners": lambda: some(chance, OWNERS),
        "actions": lambda: some(chance, ACTIONS["pulls"] | ACTIONS["issues"]),
        "conclusions": lambda: some(chance, CONCLUSIONS), "states": lambda: some(chance, STATES),
        "environments": lambda: some(chance, ("prod*", "staging")),
    }  # fmt: skip
    assert made.keys() == GitHubFilters.model_fields.keys()
    names = sorted(made)
    if nth < ALONE * len(names):
        return [ALL], {names[nth % len(names)]: made[names[nth % len(names)]]()}
    return events, {name: made[name]() for name in chance.sample(names, chance.randint(0, 3))}


# --- the plain reading -----------------------------------------------------------------------------------------------


def plain(pattern: str, name: str) -> bool:
    return re.fullmatch("".join(".*" if char == "*" else re.escape(char) for char in pattern), name) is not None


def fits_choice(wanted: dict[str, Any], have: Iterable[str]) -> bool:
    lower = {one.lower() for one in have}
    if "empty" in wanted and not lower:
        return wanted["empty"]
    if wanted.get("empty") and "any" not in wanted and "all" not in wanted:
        return False
    if "any" in wanted and not any(one.lower() in lower for one in wanted["any"]):
        return False
    if not all(one.lower() in lower for one in wanted.get("all", [])):
        return False
    return not any(one.lower() in lower for one in wanted.get("none", []))


def fits_name(wanted: dict[str, list[str]], name: str) -> bool:
    def like(pattern: str) -> bool:
        return plain((pattern if "/" in pattern else f"*/{pattern}").lower(), name.lower())

    if "any" in wanted and not any(like(one) for one in wanted["any"]):
        return False
    return all(like(one) for one in wanted.get("all", [])) and not any(like(one) for one in wanted.get("none", []))


def fits_path(path: str, pattern: str) -> bool:
    if pattern == "README.md":
        return path == pattern or path.endswith(f"/{pattern}") or f"/{pattern}/" in f"/{path}"
    if pattern == "docs/":
        return path.startswith("docs/") or "/docs/" in path
    if pattern == "src/**":
        return path.startswith("src/")
    return pattern == "*" or path.endswith(pattern.lstrip("*/"))


def asked(events: list[str], filters: dict[str, Any], news: News) -> bool:
    for event in events:
        feature, _, pattern = event.partition(":")
        if event == ALL or (event == news.feature and event != "commits") or (
            feature == news.feature and pattern and plain(pattern, news.facts.base)
        ):  # fmt: skip
            return True
        if event == news.feature == "commits" and (news.facts.default_branch or filters.get("base")):
            return True
    return False


def fits(name: str, wanted: Any, news: News, facts: Facts) -> bool:  # noqa: C901
    """Whether one filter lets news through of which these are all facts."""
    feature = news.feature
    if name == "labels" and feature in ("issues", "pulls", "reviews", "comments", "discussions"):
        return fits_choice(wanted, facts.labels)
    if name == "assignees" and feature in ("issues", "pulls", "reviews", "comments"):
        return fits_choice(wanted, facts.assignee)
    if name == "reviewers" and of_pull(news):
        return fits_choice(wanted, facts.reviewers or ())
    if name == "authors":
        spoken = set(facts.actors) if feature in ("reviews", "comments") else set[str]()
        return fits_choice(wanted, {facts.author}) and fits_choice({"none": wanted.get("none", [])}, spoken)
    if name in ("teams", "repository_teams", "topics"):
        found = {"teams": facts.teams, "repository_teams": facts.keepers, "topics": facts.topics}[name]
        return found is None or fits_choice(wanted, found)
    if name == "bots" and wanted is False:
        return not (facts.bot or (feature in ("reviews", "comments") and "bots" in facts.actors))
    if name in ("base", "head"):
        branch = getattr(facts, name)
        return not branch or any(plain(pattern, branch) for pattern in wanted)
    if name == "paths":
        return facts.paths is None or any(fits_path(path, pattern) for path in facts.paths for pattern in wanted)
    if name == "owners":
        return facts.owners is None or any(one.lower() in facts.owners for one in wanted)
    if name == "draft" and wanted is False:
        return not facts.draft
    if name == "actions" and any(action in ACTIONS.get(feature, ()) for action in wanted):
        return facts.action in wanted
    if name == "conclusions" and feature in ("workflows", "checks"):
        return facts.conclusion in wanted
    if name == "only_changes" and wanted and feature in ("workflows", "checks"):
        return facts.turned
    if name == "environments" and feature == "deployments":
        return any(plain(pattern, facts.environment.lower()) for pattern in wanted)
    if name == "states" and feature == "deployments":
        return facts.state in wanted
    if name == "repositories":
        return not facts.repository or fits_name(wanted, facts.repository)
    return True


@pytest.mark.parametrize(("place", "subscriptions"), PAYLOADS.items(), ids=lambda one: getattr(one, "name", str(one)))
def test_what_passes_is_what_a_plain_reading_says(place: Path, subscriptions: int, sqlite_url: str) -> None:
    database = Database(sqlite_url)
    chance, payloads = random.Random(20261123), everything(place, database)
    database.engine.dispose()
    judged, said = Counter[tuple[str, str]](), Counter[tuple[str, bool]]()
    for nth in range(subscriptions):
        events, filters = subscription(chance, nth)
        for news in payloads:
            wanted = asked(events, filters, news)
            facts = as_it_is(news, filters) if wanted else news.facts
            answers = {name: fits(name, filters[name], news, facts) for name in filters} if wanted else {}
            expected = wanted and all(answers.values())
            assert let_through(events, filters, news) is expected, (events, filters, news)
            judged.update((news.feature, name) for name in answers)
            said.update(answers.items())
    filters_there_are = GitHubFilters.model_fields.keys()
    assert {(feature, name) for feature in GITHUB_FEATURES for name in filters_there_are} <= judged.keys()
    assert {(name, held) for name in filters_there_are for held in (True, False)} <= said.keys()
