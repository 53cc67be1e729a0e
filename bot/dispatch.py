"""The one way to Bolt's listeners, for the receiver (somebody waits) and the worker (from the inbox) alike.

The request is verified and parsed before it comes here, so Bolt is given the payload, not the bytes.
"""

from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse

from bot.flows.plan import Plan


def dispatch(bolt: App, payload: dict[str, Any], plan: Plan) -> BoltResponse:
    """Run the listener for this payload in the calling thread; what it wants done is in `plan` afterwards."""
    return bolt.dispatch(BoltRequest(body=payload, mode="socket_mode", context={"plan": plan}))
