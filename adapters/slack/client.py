"""Slack's Web API in connect's words: plain arguments in, frozen dataclasses out, errors as `adapters.errors`.

Each call is sent once. A post carries its marker as message metadata, and `find_message` looks it up again, so that a
post whose answer was lost is settled instead of repeated.
"""

# slack_sdk's methods take bare `dict` and `**kwargs`, which a strict check cannot see through.
# pyright: reportUnknownMemberType=false

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from slack_sdk.web import SlackResponse

from adapters.errors import NotFound, Rejected, Unavailable
from adapters.slack.answers import (
    Channel,
    Identity,
    Json,
    Person,
    Posted,
    channel_of,
    cursor_of,
    data_of,
    identity_of,
    marker_of,
    messages_of,
    person_of,
    response_url_answer,
    text_of,
)
from adapters.slack.channels import Channels
from adapters.slack.errors import judge, translated
from adapters.slack.files import Files
from adapters.slack.hosts import is_loopback, is_of_slack
from adapters.slack.http import Connections, PooledWebClient
from adapters.slack.previews import Previews
from adapters.slack.reactions import Reactions
from adapters.slack.views import Views

MARKER_EVENT = "connect_integration"
"""`event_type` of the metadata that carries a marker."""
CLOCK_SKEW = 60
"""Seconds by which connect's clock and Slack's may differ."""
SEARCH_WINDOW = 3600
"""Seconds after sending in which a message can have appeared: Slack stamps it when it takes it in."""
PAGE = 200
MAX_PAGES = 20

# A step that ended (completed elsewhere, cancelled, timed out) answers with one of these; the second is documented as
# "the function has been completed and cannot be found". Either way nothing is left to tell it.
# https://docs.slack.dev/reference/methods/functions.completeError
STEP_ENDED = frozenset({"execution_not_in_running_state", "function_execution_not_found"})


class SlackClient(Previews, Views, Files, Reactions, Channels):
    """The Web API with one bot token. `timeout` is seconds for a whole call. Safe to share between threads.

    Reads raise `Unavailable` or a `Rejected`; writes also `OutcomeUnknown`.
    """

    def __init__(self, token: str, api_url: str, timeout: float) -> None:
        self._connections = Connections(api_url, timeout)
        self._web = PooledWebClient(token, api_url, timeout, self._connections)
        self._local = is_loopback(urlsplit(api_url).hostname)
        self._token = token

    def identity(self) -> Identity:
        """Ask Slack whose token this is."""
        with translated(write=False):
            return identity_of(data_of(self._web.auth_test()))

    # --- messages ----------------------------------------------------------------------------------------------------

    def post_message(
        self,
        channel: str,
        text: str,
        blocks: list[Json],
        *,
        thread_ts: str = "",
        marker: str = "",
        broadcast: bool = False,
    ) -> Posted:
        """Post into a channel, a thread of it, or (with a user's id) a direct message."""
        metadata = {"event_type": MARKER_EVENT, "event_payload": {"marker": marker}} if marker else None
        with translated(write=True):
            answer = data_of(
                self._web.chat_postMessage(
                    channel=channel,
                    text=text,
                    blocks=blocks or None,
                    thread_ts=thread_ts or None,
                    reply_broadcast=True if thread_ts and broadcast else None,
                    metadata=metadata,
                    parse="none",
                    link_names=False,
                    unfurl_links=False,
                    unfurl_media=False,
                )
            )
            return Posted(text_of(answer, "channel"), text_of(answer, "ts"))

    def find_message(self, channel: str, marker: str, *, since: float, thread_ts: str = "") -> Posted | None:
        """Look for the message that carries `marker`, posted at `since` (epoch seconds) or up to an hour later.

        None means that it is not there (yet: Slack's history may lag). More messages than can be read in one go raise
        `Unavailable`, because a miss would not be sure.
        """
        if channel[:1] in ("U", "W"):
            channel = self._direct(channel)
        span = {"oldest": f"{since - CLOCK_SKEW:.6f}", "latest": f"{since + SEARCH_WINDOW:.6f}"}
        try:
            for message in self._messages(channel, thread_ts, **span):
                # Any app may write any metadata: a marker counts only on a message of connect's own.
                if marker and marker_of(message, MARKER_EVENT) == marker and self._is_own(message):
                    return Posted(channel, message["ts"])
        except NotFound as error:
            if error.code != "thread_not_found":
                raise
        return None

    def update_message(self, channel: str, ts: str, text: str, blocks: list[Json]) -> Posted:
        """Replace a message of connect's own; its marker stays."""
        with translated(write=True):
            answer = data_of(
                self._web.chat_update(channel=channel, ts=ts, text=text, blocks=blocks, parse="none", link_names=False)
            )
            return Posted(text_of(answer, "channel"), text_of(answer, "ts"))

    def delete_message(self, channel: str, ts: str) -> None:
        """Delete a message of connect's own; fine if it is gone."""
        with suppress(NotFound), translated(write=True):
            self._web.chat_delete(channel=channel, ts=ts)

    def post_ephemeral(self, channel: str, user: str, text: str, blocks: list[Json], *, thread_ts: str = "") -> None:
        """Show something to one user only. It cannot be looked up afterwards."""
        with translated(write=True):
            self._web.chat_postEphemeral(
                channel=channel,
                user=user,
                text=text,
                blocks=blocks or None,
                thread_ts=thread_ts or None,
                parse="none",
                link_names=False,
            )

    def respond(
        self,
        response_url: str,
        text: str,
        blocks: list[Json],
        *,
        thread_ts: str = "",
        in_channel: bool = False,
        replace_original: bool = False,
    ) -> None:
        """Answer a command or click through its `response_url` (five times, within 30 minutes).

        The address comes from a request body, so it is called only if it is Slack's own; otherwise `Rejected`.
        https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
        """
        if not is_of_slack(response_url, "hooks.slack.com", local=self._local):
            raise Rejected("The response address does not belong to Slack.", "foreign_response_url")
        body: Json = {
            "text": text,
            "response_type": "in_channel" if in_channel else "ephemeral",
            "replace_original": replace_original,
        }
        body |= {name: given for name, given in (("blocks", blocks), ("thread_ts", thread_ts)) if given}
        with translated(write=True):
            answer = self._connections.post(
                response_url, json.dumps(body).encode(), {"Content-Type": "application/json; charset=utf-8"}
            )
        said = response_url_answer(answer.text)
        if answer.status != 200 or not said.get("ok"):
            raise judge(answer.status, answer.headers, said, write=True)

    def replies(self, channel: str, thread_ts: str, limit: int = 200, since: float = 0.0) -> list[Json]:
        """The first `limit` messages of a thread as Slack gives them, oldest first, the parent included.

        `since` (epoch seconds) leaves out older replies.
        """
        found: dict[str, Json] = {}
        span = {"oldest": f"{since:.6f}"} if since else {}
        for message in self._messages(channel, thread_ts, **span):
            # Slack may repeat the parent on every page.
            found.setdefault(message["ts"], message)
            if len(found) == limit:
                break
        return list(found.values())

    def message(self, channel: str, ts: str) -> Json | None:
        """One message as Slack gives it, in a thread or not; None if it is gone."""
        try:
            with translated(write=False):
                answer = data_of(
                    self._web.conversations_replies(
                        channel=channel,
                        ts=ts,
                        oldest=ts,
                        latest=ts,
                        inclusive=True,
                        include_all_metadata=True,
                        limit=PAGE,
                    )
                )
                return next((message for message in messages_of(answer) if message.get("ts") == ts), None)
        except NotFound as error:
            if error.code in ("thread_not_found", "message_not_found"):
                return None
            raise

    def permalink(self, channel: str, ts: str) -> str:
        """The address of a message for people."""
        with translated(write=False):
            return text_of(data_of(self._web.chat_getPermalink(channel=channel, message_ts=ts)), "permalink")

    # --- workflow steps ----------------------------------------------------------------------------------------------

    def complete_step(self, execution_id: str, outputs: Json) -> None:
        """Tell a workflow that its step succeeded; fine if the step has ended meanwhile."""
        self._end_step(lambda: self._web.functions_completeSuccess(function_execution_id=execution_id, outputs=outputs))

    def fail_step(self, execution_id: str, error: str) -> None:
        """Tell a workflow that its step failed, with a sentence for its owner; fine if the step has ended meanwhile."""
        self._end_step(lambda: self._web.functions_completeError(function_execution_id=execution_id, error=error))

    # --- people and places -------------------------------------------------------------------------------------------

    def user(self, user_id: str) -> Person:
        """Look a user up."""
        with translated(write=False):
            return person_of(data_of(self._web.users_info(user=user_id)))

    def user_by_email(self, email: str) -> Person:
        """Look a user up by their e-mail address; raises `NotFound`."""
        with translated(write=False):
            return person_of(data_of(self._web.users_lookupByEmail(email=email)))

    def channel(self, channel_id: str) -> Channel:
        """Look a conversation up."""
        with translated(write=False):
            return channel_of(data_of(self._web.conversations_info(channel=channel_id)))

    # --- private -----------------------------------------------------------------------------------------------------

    def _messages(self, channel: str, thread_ts: str, **span: str) -> Iterator[Json]:
        """Messages of the channel (newest first) or of one thread (oldest first), page by page."""
        cursor = None
        for _ in range(MAX_PAGES):
            with translated(write=False):
                answer = data_of(self._page(channel, thread_ts, cursor, span))
                messages = messages_of(answer)
            yield from messages
            cursor = cursor_of(answer)
            if not cursor:
                return
        raise Unavailable("The conversation has more messages than connect reads at a time.")

    def _page(self, channel: str, thread_ts: str, cursor: str | None, span: dict[str, Any]) -> SlackResponse:
        if thread_ts:
            return self._web.conversations_replies(
                channel=channel, ts=thread_ts, cursor=cursor, limit=PAGE, include_all_metadata=True, **span
            )
        return self._web.conversations_history(
            channel=channel, cursor=cursor, limit=PAGE, include_all_metadata=True, **span
        )

    def _direct(self, user_id: str) -> str:
        """The direct message with a user: opening it is how to look it up, and changes nothing if it exists."""
        with translated(write=False):
            return text_of(data_of(self._web.conversations_open(users=user_id)).get("channel"), "id")

    def _end_step(self, call: Callable[[], SlackResponse]) -> None:
        try:
            with translated(write=True):
                call()
        except Rejected as error:
            if error.code not in STEP_ENDED:
                raise

    def _is_own(self, message: Json) -> bool:
        own = self.identity().bot_id
        return not own or message.get("bot_id") == own
