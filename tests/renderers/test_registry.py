"""The registry: every event has its fixture pair, every fixture its event, and no payload gets a renderer to fail."""

from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.renderers.registry import (
    GITHUB,
    GITHUB_DEFAULTS,
    GITHUB_FEATURES,
    GITHUB_IGNORED,
    JIRA,
    JIRA_DEFAULTS,
    JIRA_FEATURES,
    JIRA_IGNORED,
    SOMETIMES,
    ignored_github,
    render_github,
    render_jira,
)
from tests.renderers import pairs
from tests.renderers.hostile import EVIL, places, replaced, spoiled

PAIRS: list[tuple[pairs.Service, str]] = [
    *(("github", name) for name in pairs.names("github")),
    *(("jira", name) for name in pairs.names("jira")),
]
IDENTIFIERS = {
    "id", "ref", "full_name", "key", "accountId", "body", "description", "webhookEvent", "issue_event_type_name",
    "fieldId", "ref_type",
}  # fmt: skip
"""What a renderer needs to know an event by, and the texts that are read as markup, where a link may well be meant."""

each_pair = pytest.mark.parametrize(("service", "name"), PAIRS)


def _richest(service: pairs.Service) -> dict[str, tuple[pairs.Service, str]]:
    """The pair of each event with the largest payload: spoiling every value of all pairs would take minutes."""
    by_size = sorted(pairs.names(service), key=lambda name: len(str(pairs.payload(service, name))))
    return {pairs.event(service, name): (service, name) for name in by_size}


each_event = pytest.mark.parametrize(
    ("service", "name"),
    [*_richest("github").values(), *(pair for pair in PAIRS if pair[0] == "jira")],
)


@each_pair
def test_an_event_becomes_exactly_the_expected_news(service: pairs.Service, name: str) -> None:
    assert pairs.as_json(pairs.rendered(service, name)) == pairs.expected(service, name)


def test_every_event_has_a_fixture_pair_and_every_pair_an_event() -> None:
    assert {pairs.event("github", name) for name in pairs.names("github")} == set(GITHUB)
    assert {pairs.event("jira", name) for name in pairs.names("jira")} == set(JIRA)
    for name in pairs.names("jira"):
        assert pairs.event("jira", name).removeprefix("jira:") == name.partition("--")[0]


def test_every_expected_file_belongs_to_a_payload() -> None:
    for service in ("github", "jira"):
        found = {path.name.removesuffix(".news.json") for path in (pairs.FIXTURES / service).glob("*.news.json")}
        assert found == set(pairs.names(service))


def test_renderers_use_every_feature_a_subscription_may_list_and_no_other() -> None:
    told = {name: pairs.rendered(service, name) for service, name in PAIRS}
    of_jira = {*JIRA_DEFAULTS, "comment_deleted", "sprints", "versions"}
    assert {news.feature for news in told.values() if news} == {*GITHUB_FEATURES, *of_jira}
    of_issues = {name for service, pair in PAIRS if service == "jira" and (news := told[pair]) for name in news.topics}
    assert {name for name in of_issues if ":" not in name} <= set(JIRA_FEATURES)
    assert set(GITHUB_DEFAULTS) <= set(GITHUB_FEATURES)
    assert set(JIRA_DEFAULTS) <= set(JIRA_FEATURES)


def test_an_event_that_no_renderer_speaks_for_is_no_news() -> None:
    assert render_github("star.deleted", {"action": "deleted"}) is None
    assert render_jira("worklog_created", {}, pairs.SITE) is None


@each_pair
def test_slack_takes_every_message(service: pairs.Service, name: str) -> None:
    assert pairs.objections(pairs.rendered(service, name)) == []


@each_pair
def test_messages_carry_no_images(service: pairs.Service, name: str) -> None:
    assert "'image" not in str(pairs.as_json(pairs.rendered(service, name)))


@each_event
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_a_spoiled_payload_never_makes_a_renderer_fail(service: pairs.Service, name: str, data: st.DataObject) -> None:
    payload = data.draw(spoiled(pairs.payload(service, name)))
    assert pairs.objections(pairs.render(service, pairs.event(service, name), payload)) == []


@each_event
def test_a_null_anywhere_is_survived(service: pairs.Service, name: str) -> None:
    payload = pairs.payload(service, name)
    event = pairs.event(service, name)
    for place, _ in places(payload):
        assert pairs.objections(pairs.render(service, event, replaced(payload, place, None))) == []


@each_event
def test_foreign_text_never_comes_alive(service: pairs.Service, name: str) -> None:
    payload = hostile = pairs.payload(service, name)
    for place, value in places(payload):
        if isinstance(value, str) and place[-1] not in IDENTIFIERS:
            hostile = replaced(hostile, place, EVIL)
    news = pairs.render(service, pairs.event(service, name), hostile)
    assert (news is None) == (pairs.expected(service, name) is None)
    assert pairs.objections(news) == []
    assert "<http://evil" not in "\n".join(pairs.shown(news))


@pytest.mark.parametrize("service", ["github", "jira"])
def test_an_empty_payload_is_no_news(service: pairs.Service) -> None:
    for event in GITHUB if service == "github" else JIRA:
        assert pairs.render(service, event, {}) is None


def test_all_known_webhooks_of_github_are_rendered_within_limits() -> None:
    told = 0
    for path in _corpus("github/webhooks"):
        payload = cast("pairs.Payload", pairs.read(path))
        name, action = path.name.partition(".")[0], payload.get("action")
        event = f"{name}.{action}" if action else name
        news = render_github(event, payload)
        assert pairs.objections(news) == [], path.name
        assert news is not None or ignored_github(event), path.name
        told += news is not None
    assert told >= 85


def test_all_known_webhooks_of_jira_are_rendered_within_limits() -> None:
    told = 0
    for path in [*_corpus("jira/webhooks"), *_corpus("jira/webhooks-hand-written")]:
        payload = cast("pairs.Payload", pairs.read(path))
        event = str(payload.get("webhookEvent"))
        news = render_jira(event, payload, pairs.SITE)
        assert pairs.objections(news) == [], path.name
        # What nothing is shown of is documented, or (Data Center) told by another event, which names the issue.
        other_event_tells = (
            event == "comment_created" or payload.get("issue_event_type_name") == "issue_comment_deleted"
        )
        assert news is not None or event in JIRA_IGNORED or other_event_tells, path.name
        told += news is not None
    assert told >= 25


def test_what_is_ignored_has_no_renderer() -> None:
    assert not set(JIRA_IGNORED) & set(JIRA)
    assert not set(GITHUB_IGNORED) & set(GITHUB)
    whole = {event for event in GITHUB_IGNORED if "." not in event}
    assert not whole & {event.partition(".")[0] for event in GITHUB}


def test_every_event_that_github_describes_is_told_or_ignored_for_a_reason() -> None:
    described = pairs.CORPUS / "openapi" / "github-webhooks.reduced.json"
    if not described.is_file():
        pytest.skip("GitHub's own description of its webhooks is not here")
    shown = {event.replace(".", "-").replace("_", "-") for event in GITHUB}
    ignored = {event.replace(".", "-").replace("_", "-") for event in GITHUB_IGNORED}

    def is_ignored(name: str) -> bool:
        return any(name == event or name.startswith(f"{event}-") for event in ignored)

    names = set(pairs.read(described)["webhooks"])
    assert {name for name in names if name not in shown and not is_ignored(name)} == set()


def test_every_event_that_may_come_to_nothing_has_a_fixture_where_it_does() -> None:
    silent = {pairs.event("github", name) for name in pairs.names("github") if pairs.expected("github", name) is None}
    assert {event.partition(".")[0] for event in silent} == {event.partition(".")[0] for event in SOMETIMES}
    assert all(ignored_github(event) for event in silent)


def _corpus(folder: str) -> list[pairs.Path]:
    if not pairs.CORPUS.is_dir():
        pytest.skip("the corpus of recorded webhooks is not here")
    return sorted((pairs.CORPUS / folder).glob("*.json"))
