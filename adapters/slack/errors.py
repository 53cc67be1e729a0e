"""What Slack's refusals and silences mean, as `adapters.errors`: the half of "send once" that judges the answer.

https://docs.slack.dev/reference/methods/chat.postMessage#errors (each method has such a list)
"""

import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, cast

from slack_sdk.errors import SlackApiError

from adapters.errors import (
    AdapterError,
    Invalid,
    NotFound,
    OutcomeUnknown,
    Rejected,
    Unauthorized,
    Unavailable,
    Unreachable,
)
from adapters.slack.http import AnswerLost, NotSent

UNSURE = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable"})
"""Slack's documentation of `fatal_error`: some aspect of the operation may have succeeded before the error."""

LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})

UNAUTHORIZED = frozenset(
    {"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "missing_scope"}
)

INVALID = frozenset(
    {
        "invalid_arg_name",
        "invalid_arguments",
        "invalid_array_arg",
        "invalid_attachments",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "markdown_text_conflict",
        "metadata_too_large",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "parameter_validation_failed",
        "too_many_attachments",
        "view_too_large",
    }
)

SENTENCES = {
    "account_inactive": "the workspace or connect's account in it is no longer active",
    "already_reacted": "the reaction is already there",
    "cant_archive_general": "the general channel cannot be archived",
    "cant_delete_file": "connect may not delete this file",
    "cant_invite": "the user cannot be invited to this channel",
    "cant_update_message": "connect may not change this message",
    "channel_not_found": "the channel does not exist or connect cannot see it",
    "exchanged_trigger_id": "the window was already opened once",
    "expired_trigger_id": "the window was opened too late, more than three seconds after the click",
    "expired_url": "the answer came too late for this conversation",
    "file_deleting_disabled": "the workspace's settings do not let files be deleted",
    "invalid_auth": "connect's token is not valid",
    "is_archived": "the channel is archived",
    "message_not_found": "the message does not exist",
    "missing_scope": "connect lacks a permission; reinstall the app with the scopes of its manifest",
    "msg_blocks_too_long": "the message is too long",
    "msg_too_long": "the message is too long",
    "name_taken": "there is a channel of this name already",
    "no_external_invite_permission": "connect may not invite people of other organizations",
    "no_text": "the message is empty",
    "not_in_channel": "connect is not in the channel: type `/invite @connect` there, and try again",
    "restricted_action": "a workspace setting does not let connect do this",
    "restricted_action_read_only_channel": "the channel is read-only for connect",
    "restricted_action_thread_only_channel": "the channel takes replies in threads only",
    "thread_not_found": "the thread does not exist",
    "token_expired": "connect's token has expired",
    "token_revoked": "connect's token was revoked; reinstall the app",
    "ura_max_channels": "a guest can be in no more channels",
    "used_url": "the answer was given too often",
    "user_not_found": "there is nobody of that name: type @ and choose the person from the list",
    "user_not_in_channel": "the user is not in the channel",
    "users_not_found": "no user has this e-mail address",
}


@contextmanager
def translated(*, write: bool) -> Generator[None]:
    """Turn what slack_sdk and `adapters.slack.http` raise into an `AdapterError`.

    A read that got no answer has done no harm (`Unavailable`); a write may have had its effect (`OutcomeUnknown`).
    """
    try:
        yield
    except SlackApiError as error:
        answer: Any = error.response
        raise judge(answer.status_code, answer.headers, answer.data, write=write) from error
    except NotSent as error:
        raise Unreachable(str(error)) from error
    except AnswerLost as error:
        raise (OutcomeUnknown if write else Unavailable)(str(error)) from error


def judge(status: int, headers: Mapping[str, str], data: Mapping[str, Any], *, write: bool) -> AdapterError:
    """The error that an answer other than a success stands for."""
    given: object = data.get("error")
    code = given if isinstance(given, str) else f"http_{status}"
    wait = retry_after(headers)
    if status == 429 or code in LIMITED:
        return Unavailable("Slack asks connect to wait before the next call.", wait)
    if status >= 500 or code in UNSURE:
        sentence = f"Slack had an internal problem ({code})."
        return (OutcomeUnknown if write else Unavailable)(sentence, wait)
    return _refusal(code, data)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds named by `Retry-After`, which is a number or an HTTP date; None if it names no time."""
    value = {name.lower(): text for name, text in headers.items()}.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", value, re.ASCII):
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _refusal(code: str, data: Mapping[str, Any]) -> Rejected:
    reason = SENTENCES.get(code)
    message = f"Slack says {reason}." if reason else f"Slack refused the call ({code[:100]})."
    if code in UNAUTHORIZED:
        return Unauthorized(message, code)
    if code.endswith("not_found"):
        return NotFound(message, code)
    if code in INVALID or code.startswith("invalid_blocks"):
        fields = _fields(data)
        details = "".join(f" {where}: {problem}." for where, problem in list(fields.items())[:3])
        return Invalid(message + details, fields, code)
    return Rejected(message, code)


def _fields(data: Mapping[str, Any]) -> dict[str, str]:
    """`no more than 25 items allowed [json-pointer:/blocks/1/elements]`, as the pointer and the sentence."""
    metadata: object = data.get("response_metadata")
    messages = cast("dict[str, object]", metadata).get("messages") if isinstance(metadata, dict) else None
    lines: object = data.get("errors") or messages
    fields: dict[str, str] = {}
    for line in cast("list[object]", lines) if isinstance(lines, list) else []:
        text, _, pointer = str(line).removeprefix("[ERROR] ").rstrip("]").partition(" [json-pointer:")
        fields[pointer] = text
    return fields
