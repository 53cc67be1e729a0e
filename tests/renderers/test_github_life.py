"""What an issue's thread is told of a pull request, whole lines: with its name, or without anything that is its own."""

from typing import Any

import pytest

from bot.renderers.github_life import Moment, moment_of, told, veiled

PULL = {
    "number": 7, "title": "Oil <!channel> & *more*", "html_url": "https://github.com/acme/web/pull/7", "state": "open",
    "base": {"ref": "main`s"},
}  # fmt: skip
LINK = "<https://github.com/acme/web/pull/7|acme/web#7 Oil &lt;!channel&gt; &amp; ∗more∗>"


def payload(**pull: Any) -> dict[str, Any]:
    return {
        "repository": {"full_name": "acme/web"},
        "sender": {"login": "ada"},
        "deployment": {"environment": "prod <eu>"},
        "connect": {"pull": PULL | pull},
    }


@pytest.mark.parametrize(
    ("moment", "pull", "line", "without"),
    [
        ("opened", {}, f"🟢 *ada* opened {LINK}", "🟢 A pull request for this issue was opened"),
        ("opened", {"draft": True}, f"🟢 *ada* opened the draft {LINK}", "🟢 A pull request for this issue was opened"),
        ("ready", {}, f"🟢 *ada* marked {LINK} as ready for review",
         "🟢 A pull request for this issue is ready for review"),
        ("named", {"merged": True}, f"🔗 {LINK} names this issue now (merged)",
         "🔗 A pull request names this issue now (merged)"),
        ("approved", {}, f"✅ *ada* approved {LINK}", "✅ A pull request for this issue was approved"),
        ("changes_requested", {}, f"🔴 *ada* requested changes on {LINK}",
         "🔴 Changes were requested on a pull request for this issue"),
        ("commented", {}, f"💬 *ada* reviewed {LINK}", "💬 A pull request for this issue was reviewed"),
        ("merged", {}, f"🟣 *ada* merged {LINK} into `main's`", "🟣 A pull request for this issue was merged"),
        ("closed", {"state": "closed"}, f"🔴 *ada* closed {LINK} without merging",
         "🔴 A pull request for this issue was closed without merging"),
        ("reopened", {}, f"🟢 *ada* reopened {LINK}", "🟢 A pull request for this issue was reopened"),
        ("deployed", {"merged": True}, f"🚀 {LINK} is deployed to *prod &lt;eu&gt;*",
         "🚀 A pull request for this issue is deployed to production"),
    ],
)  # fmt: skip
def test_each_moment_has_its_line(moment: Moment, pull: dict[str, Any], line: str, without: str) -> None:
    given = payload(**pull)
    assert (told(moment, given).text, veiled(moment, given).text) == (line, without)


@pytest.mark.parametrize(
    ("event", "given", "moment"),
    [
        ("pull_request.closed", {"pull_request": {"merged": True}}, "merged"),
        ("pull_request.closed", {"pull_request": {"merged": False}}, "closed"),
        ("pull_request_review.submitted", {"review": {"state": "APPROVED"}}, "approved"),
        ("pull_request_review.submitted", {"review": {"state": "commented", "body": None}}, ""),
        ("pull_request_review.submitted", {"review": {"state": "commented", "body": "Hm"}}, "commented"),
        ("pull_request_review.submitted", {"review": None}, ""),
        ("pull_request.labeled", {}, ""),
    ],
)
def test_which_moment_an_event_is(event: str, given: dict[str, Any], moment: Moment) -> None:
    assert moment_of(event, given) == moment
