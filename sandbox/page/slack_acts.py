"""What a visitor does in Slack, as whoever they are there."""

from typing import Any

from sandbox.page.given import Impossible, text
from sandbox.playground import Playground
from sandbox.slack import Answer
from sandbox.slack.wire import Json


def _say(playground: Playground, given: Json) -> str:
    return playground.slack.say(
        text(given, "user"), text(given, "channel"), text(given, "text"), text(given, "thread", "")
    )


def _command(playground: Playground, given: Json) -> Json:
    answer = playground.slack.command(
        text(given, "user"), text(given, "channel"), text(given, "command"), text(given, "text", "")
    )
    return _told(answer, f"{text(given, 'command')} failed because connect did not respond.")


def _message_shortcut(playground: Playground, given: Json) -> Json:
    answer = playground.slack.message_shortcut(
        text(given, "user"), text(given, "channel"), text(given, "message"), text(given, "shortcut")
    )
    return _told(answer, "connect did not respond.")


def _told(answer: Answer, unanswered: str) -> Json:
    """What Slack itself says of the answer, if anything."""
    if answer.status == 0:
        raise Impossible(unanswered)
    return {"trouble": answer.trouble}


ACTS: dict[str, Any] = {"say": _say, "command": _command, "message-shortcut": _message_shortcut}
