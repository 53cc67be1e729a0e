"""A reaction to a message that makes an issue of it."""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

from typing import Any

from slack_bolt import App

from bot.flows import reactions, replies
from bot.flows.defaults import for_channel, in_payload
from bot.payload import text
from bot.services import Services


def register(app: App, services: Services) -> None:
    """Listen to reactions."""

    def reacted(event: dict[str, Any], body: dict[str, Any], context: dict[str, Any]) -> None:
        # A skin tone stands behind the name of a reaction.
        wanted = text(event, "reaction").partition("::")[0] == services.settings.connect_ticket_reaction
        if not wanted or text(event, "item", "type") != "message" or services.jira is None:
            return
        team, plan = text(body, "team_id"), context["plan"]
        channel = f"{team}/{text(event, 'item', 'channel')}"
        place = f"{channel}/{text(event, 'item', 'ts')}"
        with services.database.read() as connection:
            if replies.issue_of_thread(connection, place):
                return
        defaults = in_payload(for_channel(services, channel))
        asked = {"requester": f"{team}/{text(event, 'user')}", "channel": channel, "team": team}
        plan.add(reactions.read_reacted(place, plan.event, {**defaults, **asked}))

    app.event("reaction_added")(reacted)
