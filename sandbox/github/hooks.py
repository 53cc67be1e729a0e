"""The stand-in's webhooks: who is told of an event, and what became of each sending.

One event has one GUID, shared by every webhook that is told of it and by every redelivery.
https://docs.github.com/en/webhooks/testing-and-troubleshooting-webhooks/viewing-webhook-deliveries
"""

from dataclasses import dataclass, field
from typing import Literal

from sandbox.github.shapes import Json, stamp
from sandbox.github.state import Person, Repo
from sandbox.standin import Outgoing

KEPT_SECONDS = 3 * 86400
"""For how long GitHub shows a delivery and takes a wish to repeat it."""


@dataclass(frozen=True)
class Sending(Outgoing):
    """A webhook on its way: of which event, and on account of which hook."""

    hook_id: int
    guid: str
    repository_id: int
    redelivery: bool = False


@dataclass(frozen=True)
class Sent:
    """One sending and what came back (0: no answer)."""

    id: int
    sending: Sending
    status: int
    at: float


@dataclass
class Hook:
    """A webhook that points to connect; `target` is the repository or organization, or the id of the GitHub App."""

    id: int
    target: Repo | Person | int
    sent: list[Sent] = field(default_factory=list[Sent])
    """Oldest first."""

    @property
    def kind(self) -> Literal["repository", "organization", "integration"]:
        if isinstance(self.target, Repo):
            return "repository"
        return "organization" if isinstance(self.target, Person) else "integration"

    @property
    def headers(self) -> dict[str, str]:
        """What its sendings say of it."""
        target_id = self.target if isinstance(self.target, int) else self.target.id
        return {
            "X-GitHub-Hook-ID": str(self.id),
            "X-GitHub-Hook-Installation-Target-ID": str(target_id),
            "X-GitHub-Hook-Installation-Target-Type": self.kind,
        }

    def hears(self, repo: Repo) -> bool:
        """Whether it is told what happens in a repository."""
        return isinstance(self.target, int) or self.target is repo or self.target is repo.owner

    def belongs_to(self, target: object) -> bool:
        """Whether this is a webhook of the repository, organization or App."""
        return self.target == target if isinstance(target, int) else self.target is target


def delivery(sent: Sent) -> Json:
    """A sending as the list of deliveries shows it."""
    event, _, action = sent.sending.description.partition(".")
    answered = sent.status > 0
    words = "OK" if 200 <= sent.status < 300 else f"Invalid HTTP Response: {sent.status}"
    return {
        "id": sent.id,
        "guid": sent.sending.guid,
        "delivered_at": stamp(sent.at),
        "redelivery": sent.sending.redelivery,
        "duration": 0.27,
        "status": words if answered else "failed to connect to host",
        "status_code": sent.status if answered else 502,
        "event": event,
        "action": action or None,
        "installation_id": None,
        "repository_id": sent.sending.repository_id,
        "throttled_at": None,
    }
