"""What a visitor does in Slack, as whoever they are there."""

import binascii
from base64 import b64decode
from collections.abc import Callable
from typing import Any, cast

from sandbox.page.given import Impossible, flag, text
from sandbox.playground import Playground
from sandbox.slack import Answer
from sandbox.slack.wire import Conversation, Json, Refusal


def _say(playground: Playground, given: Json) -> str:
    place = _place(playground, given)
    words, files = text(given, "text"), _files(given)
    if not words.strip() and not files:
        raise Impossible("There is nothing to send yet: write something first.")
    return playground.slack.say(
        text(given, "user"), place.id, words, text(given, "thread", ""), files=files, broadcast=flag(given, "broadcast")
    )


def _files(given: Json) -> dict[str, bytes]:
    """What is sent along, by name; its contents come in base64."""
    sent = cast("list[Json]", given.get("files") or [])
    try:
        return {text(each, "name"): b64decode(text(each, "content"), validate=True) for each in sent}
    except binascii.Error as error:
        raise Impossible("The file did not arrive whole. Attach it again.") from error


def _place(playground: Playground, given: Json) -> Conversation:
    """The conversation that the person may write in; raises `Impossible`."""
    slack, user, channel = playground.slack, text(given, "user"), text(given, "channel")
    if user not in slack.users:
        raise Impossible("Choose who you are first.")
    place = slack.direct(user) if channel == "D" + user[1:] else slack.channels.get(channel)
    if place is None:
        raise Impossible("This channel is not there any more.")
    if place.archived:
        raise Impossible(f"#{place.name} is archived. Bring it back to write in it.")
    if user not in place.members:
        raise Impossible(f"You are not in #{place.name}. Join it first.")
    return place


def _edit(playground: Playground, given: Json) -> None:
    _own(playground, given)
    playground.slack.edit(text(given, "channel"), text(given, "message"), text(given, "text"))


def _delete(playground: Playground, given: Json) -> None:
    _own(playground, given)
    playground.slack.delete(text(given, "channel"), text(given, "message"))


def _own(playground: Playground, given: Json) -> None:
    slack = playground.slack
    message = slack.message(slack.channels[text(given, "channel")], text(given, "message"))
    if message is None:
        raise Impossible("This message is not there any more.")
    if message["user"] != text(given, "user"):
        raise Impossible("Only who wrote a message can change it.")


def _react(playground: Playground, given: Json) -> None:
    act = playground.slack.unreact if flag(given, "back") else playground.slack.react
    act(text(given, "user"), text(given, "channel"), text(given, "message"), text(given, "name"))


def _command(playground: Playground, given: Json) -> Json:
    place = _place(playground, given)
    return _told(playground.slack.command(
        text(given, "user"), place.id, text(given, "command"), text(given, "text", "")
    ))  # fmt: skip


def _message_shortcut(playground: Playground, given: Json) -> Json:
    return _told(playground.slack.message_shortcut(
        text(given, "user"), text(given, "channel"), text(given, "message"), text(given, "shortcut")
    ))  # fmt: skip


def _global_shortcut(playground: Playground, given: Json) -> Json:
    return _told(playground.slack.global_shortcut(text(given, "user"), text(given, "shortcut")))


def _click(playground: Playground, given: Json) -> Json:
    slack, view = playground.slack, text(given, "view", "")
    if view:
        slack.fill(view, given.get("values") or {})
    return _told(slack.click(
        text(given, "user"), text(given, "action"), value=given.get("value"), chosen=given.get("chosen"),
        message=text(given, "message", ""), view=view, block_id=text(given, "block", ""),
    ))  # fmt: skip


def _options(playground: Playground, given: Json) -> list[Json]:
    slack, view = playground.slack, text(given, "view")
    slack.fill(view, given.get("values") or {})
    return slack.options(text(given, "user"), view, text(given, "action"), text(given, "query", ""))


def _submit(playground: Playground, given: Json) -> Json:
    return _told(playground.slack.submit(text(given, "user"), text(given, "view"), given.get("values") or {}))


def _close(playground: Playground, given: Json) -> Json:
    return _told(playground.slack.close_view(text(given, "user"), text(given, "view")))


def _home(playground: Playground, given: Json) -> None:
    playground.slack.open_home(text(given, "user"), text(given, "tab", "home"))


def _object(playground: Playground, given: Json) -> str:
    slack = playground.slack
    act = slack.open_comments if flag(given, "comments") else slack.open_object
    return act(text(given, "user"), text(given, "channel"), text(given, "message"))


def _step(playground: Playground, given: Json) -> str:
    return playground.slack.run_step(text(given, "function"), given.get("inputs") or {}, text(given, "user"))


def _choices(playground: Playground, given: Json) -> list[tuple[str, str]]:
    return playground.slack.choose(
        text(given, "function"), text(given, "input"), text(given, "user"), text(given, "query", ""),
        given.get("filled") or {},
    )  # fmt: skip


def _invite(playground: Playground, given: Json) -> None:
    slack, invited = playground.slack, text(given, "invited")
    place = slack.channels[text(given, "channel")]
    if invited in place.members:
        raise Impossible(f"{slack.users[invited]['real_name']} is in #{place.name} already.")
    slack.invite(text(given, "user"), place.id, invited)


def _archive(playground: Playground, given: Json) -> None:
    playground.slack.archive(text(given, "user"), text(given, "channel"), back=flag(given, "back"))


def _share(playground: Playground, given: Json) -> None:
    slack = playground.slack
    act = slack.disconnect_channel if flag(given, "back") else slack.connect_channel
    act(text(given, "channel"))


def _told(answer: Answer) -> Json:
    """What Slack itself says of the answer, if anything."""
    return {"trouble": answer.trouble}


def _possible(act: Callable[[Playground, Json], Any]) -> Callable[[Playground, Json], Any]:
    """The act, with what the stand-in says against it told to the visitor."""

    def done(playground: Playground, given: Json) -> Any:
        try:
            return act(playground, given)
        except ValueError as error:
            raise Impossible(f"Slack did not do it: {error}.") from error
        except (KeyError, StopIteration) as error:
            raise Impossible("That is not there any more. Look again at what the pane shows now.") from error
        except Refusal as refusal:
            raise Impossible(f"Slack refused it: {refusal.code}.") from refusal

    return done


ACTS: dict[str, Any] = {name: _possible(cast("Callable[[Playground, Json], Any]", act)) for name, act in {
    "archive": _archive, "choices": _choices, "click": _click, "close": _close, "command": _command,
    "delete": _delete, "edit": _edit, "global-shortcut": _global_shortcut, "home": _home, "invite": _invite,
    "message-shortcut": _message_shortcut, "object": _object, "options": _options, "react": _react, "say": _say,
    "share": _share, "step": _step, "submit": _submit,
}.items()}  # fmt: skip
