"""What is said while Jira or GitHub is asked, or is doing what was asked for, or cannot do it yet. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.message import clock, context, section
from bot.modals.filling import note

MAY_CLOSE = "You may close this: you will be told when it is done."


@dataclass(frozen=True)
class Wait:
    """Why something has to wait: `service` (`Jira`, `GitHub`) asked for it, or does not answer."""

    service: str
    until: datetime | None = None
    """When the service may be asked again, as it said itself; None: it does not answer."""
    soon: bool = False
    """Whether it is a matter of seconds, of which only a form that is looked at says anything."""

    @property
    def why(self) -> str:
        """The reason, as a sentence."""
        if self.until is None:
            return f"{self.service} does not answer."
        return f"{self.service} asked me to wait until {clock(self.until)}."

    def kept(self, what: str = "This", done: str = "done") -> str:
        """The reason, and what becomes of what was asked for; `what` is mrkdwn that is escaped already."""
        if self.until is None:
            return f":hourglass: {self.why} {what} is kept, and {done} as soon as {self.service} is back."
        return f":hourglass: {self.why} {what} is kept, and {done} then."


def waiting_view(heading: str, service: str) -> dict[str, Any]:
    """What a form shows that waits for what `service` (`Jira`, `GitHub`) has to say."""
    return note(heading, section(f":hourglass_flowing_sand: Asking {service}…"),
                context(f"If this stays, {service} does not answer: the form appears here when it does."))  # fmt: skip


def later_view(heading: str, wait: Wait) -> dict[str, Any]:
    """What it says where the service asked for time."""
    return note(heading, section(f":hourglass: {wait.why}"), context("The form appears here then."))


def working_view(heading: str) -> dict[str, Any]:
    """What a form turns into the moment it is sent off."""
    return note(heading, section(":hourglass_flowing_sand: Working…"), context(MAY_CLOSE))


def away_view(heading: str, wait: Wait) -> dict[str, Any]:
    """What it says while the service cannot do it."""
    return note(heading, section(wait.kept()), context(MAY_CLOSE))
