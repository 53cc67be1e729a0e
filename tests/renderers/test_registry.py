"""The registry: every event has its fixture pair, every fixture its event, and no payload gets a renderer to fail."""

from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.renderers.registry import (
    GITHUB,
    GITHUB_DEFAULTS,
    GITHUB_FEATURES,
    JIRA,
    JIRA_DEFAULTS,
    JIRA_FEATURES,
    JIRA_IGNORED,
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
    "fieldId",
}  # fmt: skip
"""What a renderer needs to know an event by, and the texts that are read as markup, where a link may well be meant."""

each_pair = pytest.mark.parametrize(("service", "name"), PAIRS)


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
    topics = {name for news in told.values() if news for name in news.topics}
    assert {name for name in topics if ":" not in name} <= set(JIRA_FEATURES)
    assert set(GITHUB_DEFAULTS) <= set(GITHUB_FEATURES)
    assert set(JIRA_DEFAULTS) <= set(JIRA_FEATURES)


def test_an_event_that_no_renderer_speaks_for_is_no_news() -> None:
    assert render_github("star.created", {"action": "created"}) is None
    assert render_jira("worklog_created", {}, pairs.SITE) is None


@each_pair
def test_slack_takes_every_message(service: pairs.Service, name: str) -> None:
    assert pairs.objections(pairs.rendered(service, name)) == []


@each_pair
def test_messages_carry_no_images(service: pairs.Service, name: str) -> None:
    assert "'image" not in str(pairs.as_json(pairs.rendered(service, name)))


@each_pair
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_a_spoiled_payload_never_makes_a_renderer_fail(service: pairs.Service, name: str, data: st.DataObject) -> None:
    payload = data.draw(spoiled(pairs.payload(service, name)))
    assert pairs.objections(pairs.render(service, pairs.event(service, name), payload)) == []


@each_pair
def test_a_null_anywhere_is_survived(service: pairs.Service, name: str) -> None:
    payload = pairs.payload(service, name)
    event = pairs.event(service, name)
    for place, _ in places(payload):
        assert pairs.objections(pairs.render(service, event, replaced(payload, place, None))) == []


@each_pair
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
        news = render_github(f"{name}.{action}" if action else name, payload)
        assert pairs.objections(news) == [], path.name
        told += news is not None
    assert told >= 25


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


def _corpus(folder: str) -> list[pairs.Path]:
    if not pairs.CORPUS.is_dir():
        pytest.skip("the corpus of recorded webhooks is not here")
    return sorted((pairs.CORPUS / folder).glob("*.json"))
