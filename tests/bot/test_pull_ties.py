"""What a webhook that names no issue costs: nothing is asked of the tables on its account."""

from datetime import UTC, datetime
from typing import Any, cast

import pytest
from sqlalchemy import Connection

from bot.flows import pull_ties
from bot.payload import Payload
from bot.services import Services
from storage.deliveries import Claimed
from tests.renderers import pairs


class Tables:
    """A connection that nobody may use."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"the tables were asked: {name}")


class Jira:
    """All that is looked at of services: that there is a Jira."""

    jira = object()
    settings = None
    sites: dict[str, Any] = {}  # noqa: RUF012 - nobody writes to it

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "name",
    [
        "pull_request.synchronize", "pull_request.labeled", "pull_request_review.submitted", "push", "push--new_branch",
        "issue_comment.created", "check_suite.completed", "deployment_status.created--in_progress",
    ],
)  # fmt: skip
def test_what_names_no_issue_asks_nothing(name: str) -> None:
    payload = pairs.payload("github", name)
    pull = {**payload["pull_request"], "title": "Oil", "head": {"ref": "oil"}} if "pull_request" in payload else {}
    known: list[Payload] = [payload | {"connect": {"pull": pull}}] if pull else []
    followed = pull_ties.follow(cast("Services", Jira()), cast("Connection", Tables()), _claimed(name), payload, known)
    assert followed == (known, [])


def _claimed(name: str) -> Claimed:
    return cast("Claimed", type("One", (), {"event": pairs.event("github", name), "id": 1})())
