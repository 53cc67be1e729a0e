"""A thousand subscriptions on every real payload: what passes is what a plain, slow reading of the filters says."""

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest

from bot.filters import ALL, passes
from bot.github_words import ACTIONS, CONCLUSIONS, STATES
from bot.renderers.github_facts import completed
from bot.renderers.news import News
from bot.renderers.registry import GITHUB_FEATURES, render_github

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "github" / "webhooks"
SUBSCRIPTIONS, LOOKED_AT = 1000, 40
"""How many there are, and how many of the payloads each is tried on."""
NAMES = ("bug", "Codertocat", "octocat", "dependabot[bot]", "wontfix", "github-actions[bot]", "enhancement")
BRANCHES = ("main", "master", "changes", "release/*", "*", "feature/*", "simple-*")
PATHS = ("README.md", "*.md", "src/**", "docs/", "**/*.py", "*")

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real payloads is not beside the checkout")


def news_of(path: Path) -> News | None:
    payload: dict[str, Any] = json.loads(path.read_bytes())
    name, action = path.name.partition(".")[0], payload.get("action")
    news = render_github(f"{name}.{action}" if action else name, payload)
    return completed(news, payload) if news else None


@pytest.fixture(scope="module")
def corpus() -> list[News]:
    found = [news for path in sorted(CORPUS.glob("*.json")) if (news := news_of(path)) is not None]
    assert len(found) > 20
    return found


def some(chance: random.Random, values: Any) -> list[str]:
    return chance.sample(sorted(values), chance.randint(1, 2))


def choice(chance: random.Random) -> dict[str, list[str]]:
    return {how: some(chance, NAMES) for how in ("any", "all", "none") if chance.random() < 0.4}


def subscription(chance: random.Random) -> tuple[list[str], dict[str, Any]]:
    events = chance.sample([*GITHUB_FEATURES, ALL, "commits:*", "commits:release/*", "branches:*"], 6)
    made: dict[str, Any] = {
        "labels": choice(chance), "authors": choice(chance), "bots": chance.random() < 0.5,
        "base": some(chance, BRANCHES), "head": some(chance, BRANCHES), "paths": some(chance, PATHS),
        "draft": chance.random() < 0.5, "actions": some(chance, ACTIONS["pulls"] | ACTIONS["issues"]),
        "conclusions": some(chance, CONCLUSIONS), "only_changes": True, "environments": ["prod*", "staging"],
        "states": some(chance, STATES), "repositories": {"none": ["*/Hello-World"]}, "topics": choice(chance),
    }  # fmt: skip
    return events, {name: made[name] for name in chance.sample(sorted(made), chance.randint(0, 3))}


# --- the plain reading -----------------------------------------------------------------------------------------------


def plain(pattern: str, name: str) -> bool:
    return re.fullmatch("".join(".*" if char == "*" else re.escape(char) for char in pattern), name) is not None


def fits_choice(wanted: dict[str, list[str]], have: set[str]) -> bool:
    lower = {one.lower() for one in have}
    if "any" in wanted and not any(one.lower() in lower for one in wanted["any"]):
        return False
    if not all(one.lower() in lower for one in wanted.get("all", [])):
        return False
    return not any(one.lower() in lower for one in wanted.get("none", []))


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


def fits(name: str, wanted: Any, news: News) -> bool:  # noqa: C901
    facts, feature = news.facts, news.feature
    if name == "labels" and feature in ("issues", "pulls", "reviews", "comments", "discussions"):
        return fits_choice(wanted, set(facts.labels))
    if name == "authors":
        spoken = set(facts.actors) if feature in ("reviews", "comments") else set[str]()
        return fits_choice(wanted, {facts.author}) and fits_choice({"none": wanted.get("none", [])}, spoken)
    if name == "bots" and wanted is False:
        return not (facts.bot or (feature in ("reviews", "comments") and "bots" in facts.actors))
    if name in ("base", "head"):
        branch = getattr(facts, name)
        return not branch or any(plain(pattern, branch) for pattern in wanted)
    if name == "paths":
        return facts.paths is None or any(fits_path(path, pattern) for path in facts.paths for pattern in wanted)
    if name == "draft" and wanted is False:
        return not facts.draft
    if name == "actions" and any(action in ACTIONS.get(feature, ()) for action in wanted):
        return facts.action in wanted
    if name == "conclusions" and feature in ("workflows", "checks"):
        return facts.conclusion in wanted
    if name == "only_changes" and feature in ("workflows", "checks"):
        return facts.turned
    if name == "environments" and feature == "deployments":
        return facts.environment.lower().startswith("prod") or facts.environment.lower() == "staging"
    if name == "states" and feature == "deployments":
        return facts.state in wanted
    if name == "repositories":
        return not facts.repository.lower().endswith("/hello-world")
    if name == "topics":
        return facts.topics is None or fits_choice(wanted, set(facts.topics))
    return True


def test_what_passes_is_what_a_plain_reading_says(corpus: list[News]) -> None:
    chance, passed = random.Random(20261123), 0
    for _ in range(SUBSCRIPTIONS):
        events, filters = subscription(chance)
        for news in chance.sample(corpus, min(LOOKED_AT, len(corpus))):
            expected = asked(events, filters, news) and all(fits(name, filters[name], news) for name in filters)
            assert (passes(events, filters, news, "github") == "") is expected, (events, filters, news)
            passed += expected
    assert passed > SUBSCRIPTIONS
