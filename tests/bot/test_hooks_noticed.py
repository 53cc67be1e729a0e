"""Which of GitHub's webhooks point here: told by their own deliveries, and believed only as far as they are signed."""

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
import requests

from storage import hooks
from storage.hooks import Pointing
from tests.world import SECRETS, World

WEB = {"id": 7001, "full_name": "acme/web"}
HOOK = {"Hook-ID": "11", "Hook-Installation-Target-Type": "repository", "Hook-Installation-Target-ID": "7001"}


@pytest.fixture
def world(sqlite_url: str, make_world: Callable[..., World]) -> World:
    return make_world()


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def post(world: World, delivery_id: str, payload: dict[str, Any], **headers: str | None) -> None:
    """A signed webhook with other headers than GitHub's."""
    body = json.dumps(payload).encode()
    given = {f"X-GitHub-{name}": value for name, value in (HOOK | headers).items() if value is not None}
    signature = hmac.new(SECRETS["github"].encode(), body, hashlib.sha256).hexdigest()
    answer = requests.post(
        f"{world.url}/webhooks/github", data=body, timeout=10,
        headers={"X-GitHub-Event": "star", "X-GitHub-Delivery": delivery_id, "Content-Type": "application/json",
                 "X-Hub-Signature-256": f"sha256={signature}"} | given,
    )  # fmt: skip
    assert answer.status_code == 202
    world.settle()


def noticed(world: World) -> list[Pointing]:
    with world.database.read() as connection:
        return [known.pointing for known in hooks.known(connection)]


def test_a_ping_that_tells_nobody_anything_tells_of_its_hook(world: World) -> None:
    world.github.ping()
    world.settle()
    assert [row["status"] for row in world.rows("deliveries")] == ["ignored"]
    assert noticed(world) == [Pointing("repository", world.github.repos[0].id, 292430182, "acme/web")]


def test_hooks_of_repositories_organizations_and_apps_are_noticed_each_by_its_own_delivery(world: World) -> None:
    post(world, "d1", {"repository": WEB})
    organization = {
        "Hook-ID": "12",
        "Hook-Installation-Target-Type": "organization",
        "Hook-Installation-Target-ID": "8",
    }
    post(world, "d2", {"repository": WEB, "organization": {"id": 8, "login": "acme"}}, **organization)
    app = {"Hook-ID": "13", "Hook-Installation-Target-Type": "integration", "Hook-Installation-Target-ID": "4711"}
    post(world, "d3", {"repository": WEB}, **app)
    post(world, "d4", {"repository": WEB | {"full_name": "acme/site"}})
    assert noticed(world) == [
        Pointing("repository", 7001, 11, "acme/site"),
        Pointing("organization", 8, 12, "acme"),
        Pointing("integration", 4711, 13, ""),
    ]


@pytest.mark.parametrize(
    ("payload", "headers"),
    [
        ({"repository": WEB | {"id": 7002}}, {}),
        ({"repository": WEB | {"id": True}}, {}),
        ({"repository": {"id": 7001}}, {}),
        ({"repository": {"id": 7001, "full_name": "x" * 256}}, {}),
        ({"repository": None}, {}),
        ({"repository": WEB}, {"Hook-ID": None}),
        ({"repository": WEB}, {"Hook-ID": "11; DROP"}),
        ({"repository": WEB}, {"Hook-ID": "9" * 30}),
        ({"repository": WEB}, {"Hook-Installation-Target-ID": "-1"}),
        ({"repository": WEB}, {"Hook-Installation-Target-Type": "organization"}),
        ({"repository": WEB}, {"Hook-Installation-Target-Type": "business"}),
        ({"repository": WEB}, {"Hook-Installation-Target-Type": None}),
    ],
)  # fmt: skip
def test_headers_that_the_signed_body_does_not_bear_out_are_not_believed(
    world: World, payload: dict[str, Any], headers: dict[str, str | None]
) -> None:
    post(world, "d1", payload, **headers)
    assert noticed(world) == []
    assert [row["status"] for row in world.rows("deliveries")] == ["ignored"]
