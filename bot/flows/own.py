"""Who connect is in Slack, for a delivery that can only be judged by that."""

from adapters.errors import AdapterError, Unauthorized
from adapters.slack.client import Identity
from bot.flows.plan import NotYet
from bot.services import Services

AGAIN = 5.0
"""Seconds after which Slack is asked once more."""


def connect_in_slack(services: Services) -> Identity | None:
    """Connect's identity, asked for if need be: for the worker only. None if Slack is off.

    Raises `NotYet` as long as Slack does not say.
    """
    try:
        return services.workspace.identity()
    except AdapterError as error:
        if services.slack is None and isinstance(error, Unauthorized):
            return None
        raise NotYet("Slack does not say who connect is", AGAIN) from error
