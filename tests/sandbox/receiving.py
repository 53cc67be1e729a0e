"""What takes the webhooks of a stand-in under test, as connect does."""

from collections.abc import Iterator

import pytest
from flask import Response

from sandbox.standin import StandIn


class Receiver(StandIn):
    """Says yes to whatever arrives."""

    service = "receiver"

    def __init__(self) -> None:
        super().__init__()
        for service in ("github", "jira"):
            self.app.add_url_rule(f"/webhooks/{service}", service, lambda: Response(status=202), methods=["POST"])


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    stand_in = Receiver()
    stand_in.start()
    yield stand_in
    stand_in.stop()
