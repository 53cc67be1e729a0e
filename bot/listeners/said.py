"""A message as Slack's events tell of it."""

from collections.abc import Mapping
from typing import Any

from bot.flows.phrases import strip_mention
from bot.flows.replies import Reply
from bot.operations.files import files_of
from bot.payload import text, texts


class Said:
    """A message as its event tells of it."""

    def __init__(self, body: Mapping[str, Any], event: Mapping[str, Any]) -> None:
        words, ts, thread_ts = text(event, "text"), text(event, "ts"), text(event, "thread_ts")
        self.event = event
        self.team = text(body, "team_id") or text(event, "team")
        self.channel = f"{self.team}/{text(event, 'channel')}"
        self.place = f"{self.channel}/{ts}"
        self.user = f"{self.team}/{text(event, 'user')}"
        self.in_thread = bool(thread_ts) and thread_ts != ts
        self.thread = f"{self.channel}/{thread_ts}" if self.in_thread else self.place
        bot = next(iter(texts(body, "authorizations", key="user_id")), "")
        self.own = bool(bot) and text(event, "user") == bot
        """Whether connect wrote it: Slack shows a file that it shared as its user's, without its app."""
        self.mentions_connect = bool(bot) and f"<@{bot}" in words
        self.text = strip_mention(words, bot)

    def reply(self, mark: str) -> Reply:
        """The message as a reply; with the `mark` at its beginning it is private."""
        return Reply(
            self.team, self.channel, self.thread, self.place, self.user,
            message={name: self.event[name] for name in ("text", "blocks") if name in self.event},
            private=is_private(self.event, mark),
            version=text(self.event, "edited", "ts"),
            files=tuple(files_of(self.event)),
        )  # fmt: skip


def is_private(message: Mapping[str, Any], mark: str) -> bool:
    """Whether its author marked a message as not for Jira."""
    return bool(mark) and text(message, "text").lstrip().startswith(mark)
