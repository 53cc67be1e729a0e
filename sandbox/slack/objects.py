"""Links that are still being written, and Work Objects that people open."""

from sandbox.slack import views
from sandbox.slack.forms import Forms
from sandbox.slack.links import links_in
from sandbox.slack.wire import Json


class WorkObjects(Forms):
    """People who also see previews."""

    def compose(self, user: str, text: str) -> None:
        """Write a message without sending it: Slack tells of its links already, but not where it will go."""
        ident = f"{user}-00000000-0000-4000-8000-{self.next_id():012d}"
        event: Json = {"type": "link_shared", "user": user, "channel": "COMPOSER", "message_ts": ident}
        event |= {"unfurl_id": ident, "source": "composer", "is_bot_user_member": False}
        with self.lock:
            self.emit(event | {"links": links_in(self, text), "event_ts": self.next_ts()})

    def open_object(self, user: str, channel: str, ts: str) -> str:
        """Click on the first Work Object under a message; returns what `links.panels` has its panel under."""
        return self._request("entity_details_requested", user, channel, ts, {})

    def open_comments(self, user: str, channel: str, ts: str, cursor: str = "") -> str:
        """Open the comments of the first Work Object under a message, or their next page."""
        more: Json = {"limit": 100} | ({"cursor": cursor} if cursor else {})
        return self._request("entity_comments_requested", user, channel, ts, more)

    def _request(self, kind: str, user: str, channel: str, ts: str, more: Json) -> str:
        _, message = self._find(channel, ts)
        entity: Json = next(each["entity"] for each in message["attachments"] if "entity" in each)
        trigger = views.trigger_for(self, user)
        self.links.panels[trigger] = {"external_ref": entity["external_ref"]}
        event: Json = {
            "type": kind, "user": user, "external_ref": entity["external_ref"], "entity_url": entity["url"],
            "link": {"url": entity["url"], "domain": entity["url"].split("/")[2]}, "trigger_id": trigger,
            "app_unfurl_url": entity["app_unfurl_url"], "event_ts": self.next_ts(),
        }  # fmt: skip
        # The documentation of the event about comments names no message.
        where: Json = {"channel": channel, "message_ts": ts} if kind == "entity_details_requested" else {}
        with self.lock:
            self.emit(event | where | more)
        return trigger
