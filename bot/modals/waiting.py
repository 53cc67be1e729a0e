"""What a form shows while Jira or GitHub is asked, or is doing what was asked for, or is not there. Pure."""

from typing import Any

from bot.message import context, section
from bot.modals.filling import note

MAY_CLOSE = "You may close this: you will be told when it is done."


def waiting_view(heading: str, service: str) -> dict[str, Any]:
    """What a form shows that waits for what `service` (`Jira`, `GitHub`) has to say."""
    return note(heading, section(f":hourglass_flowing_sand: Asking {service}…"),
                context(f"If this stays, {service} does not answer: the form appears here when it does."))  # fmt: skip


def working_view(heading: str) -> dict[str, Any]:
    """What a form turns into the moment it is sent off."""
    return note(heading, section(":hourglass_flowing_sand: Working…"), context(MAY_CLOSE))


def away_view(heading: str, service: str) -> dict[str, Any]:
    """What it says while the service is not there."""
    said = f":hourglass: {service} does not answer. This is kept, and done as soon as {service} is back."
    return note(heading, section(said), context(MAY_CLOSE))
