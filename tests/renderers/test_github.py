"""GitHub's renderers where a fixture pair does not say it plainly: limits, strangers, and what is no news."""

from typing import Any

import pytest

from bot.renderers.news import News
from bot.renderers.registry import render_github
from tests.renderers import pairs
from tests.renderers.hostile import Path, replaced


def test_a_long_title_and_many_labels_are_shortened_on_the_card() -> None:
    labels = [{"name": f"label-{n}"} for n in range(200)]
    news = told("pull_request.opened", {("pull_request", "title"): "&" * 60_000, ("pull_request", "labels"): labels})
    assert news.card is not None
    title, _, _ = news.card.blocks[0]["text"]["text"].partition("\n")
    assert title == "*<https://github.com/octo/app/pull/7|#7 " + "&amp;" * 146 + "…>*"
    shown = " ".join(f"`label-{n}`" for n in range(10))
    assert news.card.blocks[-2]["elements"][-1]["text"] == f"Labels: {shown} and 190 more"
    assert len(news.facts.labels) == 200
    assert pairs.objections(news) == []


def test_a_mention_in_a_title_is_plain_text() -> None:
    news = told("issues.opened", {("issue", "title"): "<!channel> <http://evil.example|good>"})
    assert news.card is not None
    assert news.card.text == "octo/app#12: &lt;!channel&gt; &lt;http://evil.example|good&gt; (Open)"
    assert news.card.blocks[0]["text"]["text"] == (
        "*<https://github.com/octo/app/issues/12|#12 &lt;!channel&gt; &lt;http://evil.example¦good&gt;>*\n"
        "🟢 *Open*  ·  by linus"
    )


def test_an_address_that_is_not_http_becomes_no_link() -> None:
    news = told("issues.opened", {("issue", "html_url"): "javascript:alert(1)"})
    assert news.card is not None
    assert news.card.blocks[0]["text"]["text"].startswith("*#12 The printed invoice has no total*\n")


@pytest.mark.parametrize("sender", [None, {}, {"login": None}, "mona", []])
def test_an_unknown_sender_is_someone(sender: object) -> None:
    news = told("pull_request.closed--merged", {("sender",): sender})
    assert (news.line and news.line.text, news.actor, news.actor_id) == ("someone merged this into `main`", "", "")


def test_a_deleted_author_is_someone() -> None:
    news = told("issues.opened", {("issue", "user"): None})
    assert news.card is not None
    assert news.card.blocks[0]["text"]["text"].endswith("by someone")


def test_a_draft_opens_a_card_and_says_that_it_is_one() -> None:
    news = told("pull_request.opened--draft", {})
    assert (news.opens, news.facts.draft, news.card and news.card.text) == (
        True,
        True,
        "octo/app#7: Try a smaller image (Draft)",
    )


@pytest.mark.parametrize(
    "name", [name for name in pairs.names("github") if name.startswith(("pull_request.", "issues."))]
)
def test_only_a_beginning_opens_a_card(name: str) -> None:
    action = pairs.event("github", name).partition(".")[2]
    assert told(name, {}).opens == (action in {"opened", "reopened", "ready_for_review"})


def test_an_old_deployment_that_ends_opens_no_card() -> None:
    assert [
        told(f"deployment_status.created{variant}", {}).opens for variant in ("", "--in_progress", "--inactive")
    ] == [
        True,
        True,
        False,
    ]


def test_a_deployment_of_a_bare_commit_shows_the_commit_once() -> None:
    sha = "1a2b3c4" + "0" * 33
    news = told("deployment_status.created--error", {("deployment", "ref"): sha})
    assert news.card is not None
    assert news.card.blocks[0]["text"]["text"].endswith("by mona  ·  `1a2b3c4`")


@pytest.mark.parametrize("variant", ["--new_branch_without_commits", "--deleted_branch", "--tag"])
def test_a_push_without_commits_is_no_news(variant: str) -> None:
    assert render_github("push", pairs.payload("github", f"push{variant}")) is None


def test_a_push_says_whether_it_went_to_the_default_branch() -> None:
    facts = [told(name, {}).facts for name in ("push", "push--new_branch")]
    assert [(fact.base, fact.default_branch) for fact in facts] == [("main", True), ("feature/coupons", False)]


def test_a_backtick_in_a_branch_does_not_end_the_code() -> None:
    news = told("push", {("ref",): "refs/heads/a`<!here>`b"})
    assert news.line is not None
    assert " to `a'&lt;!here&gt;'b` in " in news.line.text


@pytest.mark.parametrize(
    "missing", [("repository", "full_name"), ("repository",), ("pull_request",), ("pull_request", "number")]
)
def test_an_event_that_names_no_resource_is_no_news(missing: Path) -> None:
    payload = replaced(pairs.payload("github", "pull_request.opened"), missing, None)
    assert render_github("pull_request.opened", payload) is None


def told(name: str, changes: dict[Path, Any]) -> News:
    """The news of a fixture's payload after some values of it are replaced."""
    payload = pairs.payload("github", name)
    for at, value in changes.items():
        payload = replaced(payload, at, value)
    news = render_github(pairs.event("github", name), payload)
    assert news is not None
    return news
