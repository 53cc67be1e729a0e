"""Events: a mention that asks for an issue, a reply that becomes a comment, and what becomes of messages and channels.

They come out of the inbox, so what they change in the database may be changed twice.
"""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

from collections.abc import Mapping
from typing import Any

from slack_bolt import App

from bot.flows import github_previews, previews, replies, threads, tickets
from bot.flows.asker import Asker
from bot.flows.defaults import for_channel, in_payload
from bot.flows.phrases import Creation, parse_creation
from bot.flows.plan import Plan, to_slack
from bot.listeners.changes import CHANGES
from bot.listeners.commands import answer_to, is_command
from bot.listeners.previews import shared
from bot.listeners.said import Said
from bot.listeners.typed import Typed, split
from bot.message import Message
from bot.operations.files import files_of
from bot.payload import text
from bot.services import Services

# A file, or "also send to channel", makes no difference to a reply.
REPLY_SUBTYPES = (None, "", "file_share", "thread_broadcast")


def register(app: App, services: Services) -> None:
    """Listen to the events of the manifest."""

    def mentioned(event: dict[str, Any], body: dict[str, Any], context: dict[str, Any]) -> None:
        if not event.get("bot_id") and event.get("user"):
            _answer_words(services, Said(body, event), context["plan"])

    def said(event: dict[str, Any], body: dict[str, Any], context: dict[str, Any]) -> None:
        change = CHANGES.get(event.get("subtype") or "")
        if change:
            change(services, body, event, context["plan"])
            return
        if event.get("user") and not event.get("bot_id") and event.get("subtype") in REPLY_SUBTYPES:
            _heard(services, event, body, context["plan"])

    app.event("app_mention")(mentioned)
    app.event("message")(said)


def _heard(services: Services, event: Mapping[str, Any], body: Mapping[str, Any], plan: Plan) -> None:
    words = Said(body, event)
    if words.own:
        return
    if not words.mentions_connect:
        previews.keys(services, shared(body, event, "ts"), text(event, "text"), plan)
        github_previews.names(services, shared(body, event, "ts"), text(event, "text"), plan)
    if words.in_thread and not words.mentions_connect and _comment(services, words, plan):
        return
    # Slack sends no app_mention in a direct message; elsewhere the mention itself arrives as an event of its own.
    asks = parse_creation(words.text) is not None or is_command(services, words.text)
    if event.get("channel_type") == "im" and asks:
        _answer_words(services, words, plan)


def _comment(services: Services, said: Said, plan: Plan) -> bool:
    reply = said.reply(services.settings.connect_private_mark)
    with services.database.read() as session:
        rows = replies.replied(session, reply, plan.event)
        awake = rows is not None and threads.is_archived(session, said.channel)
    if awake:
        services.database.run(lambda connection: threads.in_use(connection, said.channel))
    for row in rows or ():
        plan.add(row)
    return rows is not None


def _answer_words(services: Services, said: Said, plan: Plan) -> None:
    wanted = parse_creation(said.text)
    if wanted is None or not (wanted.text or said.in_thread):
        message = said_to_connect(services, said, plan)
        if message is None:
            return
        payload = {"channel": said.channel, "user": said.user,
                   "thread_ts": said.thread.rpartition("/")[2] if said.in_thread else ""}  # fmt: skip
        cause = {"source_service": "slack", "event_type": plan.event, "source_id": said.place}
        key = f"{said.place}:help"
        plan.add(to_slack("post_ephemeral", key, key, cause, said.channel, payload, message))
        return
    plan.add(_wanted_issue(services, said, wanted, plan))


def said_to_connect(services: Services, said: Said, plan: Plan) -> Message | None:
    """What a command in plain words (`@connect link OPS-1`) answers; None if the answer comes later."""
    first, rest = split(said.text)
    asker = Asker(said.team, said.user, said.channel)
    # The message is the key, not the event: a mention may arrive as two events.
    words = Plan(f"slack:{said.place}", plan.event, plan.integrations)
    thread = said.thread if said.in_thread else ""
    return answer_to("connect", first, Typed(services, {}, asker, words, rest.split(), rest, thread, said.place))


def _wanted_issue(services: Services, said: Said, wanted: Creation, plan: Plan) -> tickets.NewIntegration:
    # The message is the key, not the event: a mention may arrive as two events, and makes one issue.
    defaults = for_channel(services, said.channel, wanted.project, wanted.issue_type)
    payload = {
        **in_payload(defaults), "origin": "mention", "summary": wanted.text, "files": files_of(said.event),
        "text": wanted.text, "requester": said.user, "channel": said.channel, "thread": said.thread,
        "place": said.place, "team": said.team, "transcript": said.in_thread,
    }  # fmt: skip
    return tickets.request_issue(f"{said.place}:create_issue", plan.event, payload)
