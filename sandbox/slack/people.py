"""What people do in the workspace, each act told to the app by a request that is signed like Slack's.

Speech (`say`, `edit`, …) becomes events, which wait in the outbox. What a person waits for (commands, clicks, forms) is
sent at once, and the person sees the `Answer`.
"""

import copy
import json
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

import requests

from sandbox.slack import views, wire
from sandbox.slack.chat import checked, show
from sandbox.slack.conversations import add_member
from sandbox.slack.files import add_file, remove_file
from sandbox.slack.links import tell_of_links
from sandbox.slack.wire import Conversation, Json, Refusal
from sandbox.slack.workspace import PATH, ResponseUrl, Shown, Workspace
from sandbox.standin import Outgoing

PATIENCE = 3.0
"""Seconds that Slack waits for an answer to an interaction."""


@dataclass(frozen=True)
class Answer:
    """What came back for an interaction: `status` (0: nothing in time), JSON or text, and what Slack has against it."""

    status: int
    body: Any
    trouble: str = ""


class People(Workspace):
    """A workspace with people in it."""

    # --- speech ------------------------------------------------------------------------------------------------------

    def say(
        self,
        user: str,
        channel: str,
        text: str,
        thread_ts: str = "",
        blocks: list[Json] | None = None,
        files: dict[str, bytes] | None = None,
        *,
        broadcast: bool = False,
    ) -> str:
        """Write a message (mrkdwn, as Slack stores it), with `files` by name; returns its ts.

        `broadcast`: a reply in a thread is shown in the channel too.
        """
        message: Json = {
            "client_msg_id": f"00000000-0000-4000-8000-{self.next_id():012d}",
            "text": text,
            "user": user,
            "team": self.users[user]["team_id"],
            "blocks": wire.rich_text(text) if blocks is None else blocks,
        }
        with self.lock:
            if files:
                shared = [add_file(self, name, content, user) for name, content in files.items()]
                message |= {"files": shared, "subtype": "file_share", "upload": False}
            stored = self.store(self.channels[channel], message, thread_ts, broadcast=broadcast)
            tell_of_links(self, self.channels[channel], stored)
            return str(stored["ts"])

    def share(self, user: str, channel: str, file_id: str, thread_ts: str = "") -> str:
        """Share a file once more that is in Slack already; returns the new message's ts."""
        with self.lock:
            message: Json = {"text": "", "user": user, "files": [self.files[file_id]], "subtype": "file_share"}
            return str(self.store(self.channels[channel], message | {"upload": False}, thread_ts)["ts"])

    def delete_file(self, file_id: str) -> None:
        """Delete a file, as its owner or an admin may."""
        with self.lock:
            remove_file(self, self.files[file_id])

    def edit(self, channel: str, ts: str, text: str) -> None:
        """Change what a message says, as its author."""
        with self.lock:
            place, message = self._find(channel, ts)
            self.change(place, message, {"text": text, "blocks": wire.rich_text(text)}, message["user"])

    def delete(self, channel: str, ts: str) -> None:
        """Delete a message."""
        with self.lock:
            self.remove(*self._find(channel, ts))

    def react(self, user: str, channel: str, ts: str, name: str) -> None:
        """Add an emoji to a message."""
        with self.lock:
            place, message = self._find(channel, ts)
            reactions: list[Json] = message.setdefault("reactions", [])
            fresh: Json = {"name": name, "users": [], "count": 0}
            reaction = next((each for each in reactions if each["name"] == name), fresh)
            if reaction is fresh:
                reactions.append(reaction)
            if user in reaction["users"]:
                return
            reaction["users"].append(user)
            reaction["count"] += 1
            item = {"type": "message", "channel": place.id, "ts": ts}
            event: Json = {"type": "reaction_added", "user": user, "reaction": name, "item": item}
            self.emit(event | {"item_user": message["user"], "event_ts": self.next_ts()})

    def unreact(self, user: str, channel: str, ts: str, name: str) -> None:
        """Take an emoji back; the app's manifest does not ask to be told of that."""
        with self.lock:
            _, message = self._find(channel, ts)
            left = [each | {"users": [one for one in each["users"] if each["name"] != name or one != user]}
                    for each in message.get("reactions", ())]  # fmt: skip
            message["reactions"] = [each | {"count": len(each["users"])} for each in left if each["users"]]

    def invite(self, user: str, channel: str, invited: str) -> None:
        """Bring someone (connect, say) into a channel."""
        with self.lock:
            add_member(self, self.channels[channel], invited, user)

    def archive(self, user: str, channel: str, *, back: bool = False) -> None:
        """Archive a channel, or bring it back."""
        with self.lock:
            place = self.channels[channel]
            place.archived = not back
            kind = f"{'group' if place.kind == 'group' else 'channel'}_{'unarchive' if back else 'archive'}"
            self.emit({"type": kind, "channel": channel, "user": user, "event_ts": self.next_ts()})

    def connect_channel(self, channel: str, team: str = "T0EXTERNAL") -> None:
        """Share a channel with another organization. https://docs.slack.dev/reference/events/channel_shared"""
        with self.lock:
            self.channels[channel].shared = True
            event = {"type": "channel_shared", "connected_team_id": team, "channel": channel}
            self.emit(event | {"event_ts": self.next_ts()})

    def disconnect_channel(self, channel: str, team: str = "T0EXTERNAL") -> None:
        """End that. https://docs.slack.dev/reference/events/channel_unshared"""
        with self.lock:
            self.channels[channel].shared = False
            event = {"type": "channel_unshared", "previously_connected_team_id": team, "channel": channel}
            self.emit(event | {"is_ext_shared": False, "event_ts": self.next_ts()})

    def convert(self, user: str, channel: str, *, private: bool = False) -> None:
        """Make a private channel public, or a public one private, which Slack tells by a message in it.

        https://docs.slack.dev/reference/events/message/channel_convert_to_public
        """
        how = "private" if private else "public"
        joined = "Any member in this workspace can see and join it."
        text = "Now, it can only be viewed or joined by invitation." if private else joined
        with self.lock:
            place = self.channels[channel]
            place.kind = "group" if private else "channel"
            said = {"subtype": f"channel_convert_to_{how}", "text": f"made this channel *{how}*. {text}", "user": user}
            self.store(place, said)

    def open_home(self, user: str, tab: str = "home") -> None:
        """Look at the app's home tab, or at its `messages`."""
        with self.lock:
            shown = self.shown.setdefault(user, Shown())
            event: Json = {"type": "app_home_opened", "user": user, "channel": self.direct(user).id, "tab": tab}
            event |= {"view": copy.deepcopy(self.views[shown.home])} if shown.home and tab == "home" else {}
            self.emit(event | {"event_ts": self.next_ts()})

    def redeliver(self, times: int = 1) -> list[int]:
        """Send the last event again at once, as Slack does without an answer; returns the statuses."""
        last = self.last_event
        if last is None:
            raise ValueError("there was no event yet")
        before = len(self.sent)
        for number in range(1, times + 1):
            retry = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_timeout"}
            self.send(Outgoing(last.path, last.body, lambda body, extra=retry: self.signed(body) | extra, "retry"))
        self.flush()
        return [status for _, status in self.sent[before:]]

    # --- interactions ------------------------------------------------------------------------------------------------

    def command(self, user: str, channel: str, command: str, text: str = "") -> Answer:
        """Type a slash command; what the app answers is shown to the user, or to the channel if it says so."""
        place = self.channels[channel]
        form = {
            "token": wire.VERIFICATION_TOKEN,
            "team_id": self.team,
            "team_domain": "sandbox",
            "channel_id": channel,
            "channel_name": place.name or "directmessage",
            "user_id": user,
            "user_name": self.users[user]["name"],
            "command": command,
            "text": text,
            "api_app_id": wire.APP_ID,
            "is_enterprise_install": "false",
            "response_url": self.response_url(user, channel),
            "trigger_id": views.trigger_for(self, user),
        }
        answer = self._ask(form)
        if answer.trouble or not answer.body:
            return answer
        given: object = answer.body
        return self._shown_to(place, user, answer, cast("Json", given) if isinstance(given, dict) else {"text": given})

    def global_shortcut(self, user: str, callback_id: str) -> Answer:
        """Choose a shortcut from the menu."""
        return self._interact(user, {"type": "shortcut", "callback_id": callback_id, "action_ts": self.next_ts()})

    def message_shortcut(self, user: str, channel: str, ts: str, callback_id: str) -> Answer:
        """Choose a shortcut from a message's menu."""
        place, message = self._find(channel, ts)
        return self._interact(
            user,
            {
                "type": "message_action",
                "callback_id": callback_id,
                "action_ts": self.next_ts(),
                "channel": {"id": place.id, "name": place.name or "directmessage"},
                "message_ts": ts,
                "message": {key: copy.deepcopy(value) for key, value in message.items() if key != "metadata"},
                "response_url": self.response_url(user, place.id, ts),
            },
        )

    def response_url(self, user: str, channel: str, ts: str = "") -> str:
        """A fresh address for answers to an interaction."""
        key = f"{self.next_id():08d}"
        self.response_urls[key] = ResponseUrl(user, channel, ts, self.now())
        return f"{self.url}/response/{key}"

    # --- what can be seen --------------------------------------------------------------------------------------------

    def thread(self, channel: str, ts: str) -> list[Json]:
        """A message and its replies, oldest first."""
        messages = self.channels[channel].messages
        return [message for message in messages if ts in (message["ts"], message.get("thread_ts"))]

    def history(self, channel: str) -> list[Json]:
        """What stands in the channel itself, oldest first."""
        messages = self.channels[channel].messages
        return [message for message in messages if message.get("thread_ts", message["ts"]) == message["ts"]]

    def ephemeral(self, user: str) -> list[Json]:
        """What was shown to one user only, oldest first."""
        return [message for message in self.ephemerals if message["shown_to"] == user]

    # --- private -----------------------------------------------------------------------------------------------------

    def _find(self, channel: str, ts: str) -> tuple[Conversation, Json]:
        place = self.channels[channel]
        message = self.message(place, ts)
        if message is None:
            raise ValueError(f"there is no message {ts} in {channel}")
        return place, message

    def _shown_to(self, place: Conversation, user: str, answer: Answer, given: Json) -> Answer:
        content: Json = {"text": given.get("text", "")}
        try:
            with self.lock:
                content |= {"blocks": checked(given["blocks"])} if given.get("blocks") else {}
                if given.get("response_type") == "in_channel":
                    self.store(place, wire.bot_fields(self.team) | content | {"subtype": "bot_message"})
                else:
                    show(self, place, user, content)
        except Refusal as refusal:
            self.refused("the answer to a command", refusal, channel=place.id, user=user)
            return Answer(answer.status, answer.body, refusal.code)
        return answer

    def _interact(self, user: str, payload: Json, view: str = "") -> Answer:
        person = self.users[user]
        common: Json = {
            "user": {"id": user, "username": person["name"], "name": person["name"], "team_id": person["team_id"]},
            "api_app_id": wire.APP_ID,
            "token": wire.VERIFICATION_TOKEN,
            "team": {"id": self.team, "domain": "sandbox"},
            "enterprise": None,
            "is_enterprise_install": False,
        }
        if payload["type"] not in ("view_closed", "block_suggestion"):
            common["trigger_id"] = views.trigger_for(self, user, view)
        return self._ask({"payload": json.dumps(payload | common)})

    def _ask(self, form: dict[str, str]) -> Answer:
        body = urlencode(form).encode()
        headers = self.signed(body, "application/x-www-form-urlencoded")
        try:
            response = requests.post(
                self.target + PATH, data=body, headers=headers, timeout=PATIENCE, allow_redirects=False
            )
        except requests.RequestException:
            return Answer(0, "", "operation_timeout")
        try:
            answer: Any = response.json() if response.content else ""
        except ValueError:
            answer = response.text
        return Answer(response.status_code, answer, "" if response.status_code == 200 else "dispatch_failed")
