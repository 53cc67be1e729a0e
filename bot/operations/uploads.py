"""Files on their way from Jira to Slack, streamed: each is shown once in its issue's thread in a channel.

What was given with a comment that only some may see is shown where that comment is told, and nowhere else.
"""

import json
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from adapters.errors import NotFound, OutcomeUnknown, Rejected, Unauthorized, Unavailable
from adapters.jira.client import JiraClient
from adapters.jira.files import Attachment
from adapters.slack.files import file_name
from bot.operations.base import Effect, Operation, before_sending
from bot.operations.comments import is_told
from bot.operations.files import CLOCK_SLACK, MEGABYTE, files_of, in_time, largest_file, qualified_file
from bot.operations.sites import jira_of
from bot.operations.slack import bare, slack_of, thread_of
from bot.services import Services
from storage import mappings
from storage.integrations import Integration

REPLIES_READ = 100_000
"""More than Slack's client reads at a time: it then says that it has not seen all."""

_ENDED = "the thread was deleted"


def _upload(services: Services, row: Integration) -> Effect:
    """Show an attachment of an issue in its thread."""
    thread_ts, slack = _thread(services, row), slack_of(services)
    if not thread_ts or not largest_file(services):
        return Effect("", data={"skipped": "no files are shown" if thread_ts else _ENDED})
    jira, key = jira_of(services, row.payload["issue"])
    file, skipped = _attachment(services, row, jira, key)
    if file is None:
        return Effect("", data={"skipped": skipped})
    _check(services, file)
    with ExitStack() as opened:
        with _jira_asked():
            chunks = opened.enter_context(jira.download(file))
        file_id = slack.upload(file.name, in_time(services, row, _whole(chunks, file.size)), file.size)
    # Nobody has seen anything yet: only what follows may not be done twice.
    before_sending(services, row)
    slack.share(file_id, file.name, bare(row.payload["channel"]), thread_ts)
    return _shown(jira, row, file_id, thread_ts)


def _find_upload(services: Services, row: Integration) -> Effect | None:
    """Look for a file of connect's own, of this name and size, that came since and is known as no other attachment."""
    thread_ts, me = _thread(services, row), services.workspace.identity()
    if not thread_ts:
        return Effect("", data={"skipped": _ENDED})
    jira, _ = jira_of(services, row.payload["issue"])
    file, since = row.payload["file"], (row.sent_at or row.created_at).timestamp() - CLOCK_SLACK
    channel = bare(row.payload["channel"])
    for message in slack_of(services).replies(channel, thread_ts, limit=REPLIES_READ, since=since):
        for each in files_of(message) if message.get("user") == me.bot_user_id else ():
            alike = (each["name"], each["size"]) == (file_name(file["name"]), file["size"])
            known_as = qualified_file(row.payload["channel"], each["id"])
            if alike and _may_be(services, known_as, jira.qualified(file["id"])):
                return _shown(jira, row, each["id"], thread_ts)
    return None


def _thread(services: Services, row: Integration) -> str:
    """The issue's thread, or else that of the message which told of the file; empty if it was deleted."""
    thread_ts = thread_of(services, row.payload)
    return "" if thread_ts is None else thread_ts or row.payload["told"]


def _attachment(services: Services, row: Integration, jira: JiraClient, key: str) -> tuple[Attachment | None, str]:
    """The attachment as Jira has it now, or why it is not shown."""
    ident, channel = row.payload["file"]["id"], row.payload["channel"]
    with services.database.read() as connection:
        known = mappings.other_ends(connection, "file", "jira", jira.qualified(ident), "slack")
    if any(file.source_service == "slack" for file in known):
        return None, "the file came from Slack"
    if any(is_shown_in(file, channel) for file in known):
        return None, "it is shown already"
    try:
        with _jira_asked():
            file = next((each for each in jira.attachments(key) if each.id == ident), None)
            hidden = file is not None and _is_hidden(services, row, jira, key, file.name)
    except NotFound:
        file, hidden = None, False
    if file is None:
        return None, "it is not in Jira any more"
    return (None, "it was given with a comment that only some may see") if hidden else (file, "")


def _is_hidden(services: Services, row: Integration, jira: JiraClient, key: str, name: str) -> bool:
    """Whether a file was given with comments that only some may see, none of which the row's channel is told."""
    given_with = _restricted_comments(jira, key, name) | {row.payload.get("file", {}).get("comment", "")} - {""}
    return bool(given_with) and not any(is_told(services, each, row.payload["channel"]) for each in given_with)


def is_shown_in(file: mappings.Found, channel: str) -> bool:
    """Whether this is what connect shows of an attachment in a channel (`team/channel`)."""
    return file.source_service == "jira" and str(file.extra.get("place", "")).startswith(f"{channel}/")


def _restricted_comments(jira: JiraClient, key: str, name: str) -> set[str]:
    """The comments for some only that speak of the file: Jira itself does not say whose a file is."""
    newest, _ = jira.comments(key)
    spoken = json.dumps(name)[1:-1]  # a comment's body is wiki text or ADF
    return {jira.qualified(each.id) for each in newest if each.restricted and spoken in json.dumps(each.body)}


def _delete_file(services: Services, row: Integration) -> Effect:
    """Delete what connect showed in a channel of an `attachment` (qualified by its site) that is gone."""
    with services.database.read() as connection:
        known = mappings.other_ends(connection, "file", "jira", row.payload["attachment"], "slack")
    here = [file for file in known if is_shown_in(file, row.payload["channel"])]
    for file in here:
        slack_of(services).delete_file(bare(file.id))
    return Effect(bare(here[0].id)) if here else Effect("", data={"skipped": "it is not shown there"})


def _check(services: Services, file: Attachment) -> None:
    """Raises `Rejected`, with a sentence for people, if the file cannot be shown."""
    limit = largest_file(services)
    if file.size > limit:
        raise Rejected(f"It is larger than {limit // MEGABYTE} MB.", "too_large")
    if not file.size:
        raise Rejected("It is empty.", "empty")


def _whole(chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The content, if it has the size that was promised to Slack."""
    sent = 0
    with _jira_asked():
        for chunk in chunks:
            sent += len(chunk)
            if sent > size:
                break
            yield chunk
    if sent != size:
        raise Unavailable("The file does not have the size that Jira said it has.")


@contextmanager
def _jira_asked() -> Generator[None]:
    """What Jira does not give now is asked for again later; Slack, to which the row belongs, is not to blame."""
    try:
        yield
    except (Unauthorized, Unavailable, OutcomeUnknown) as error:
        raise Unavailable(str(error)) from error


def _may_be(services: Services, file: str, attachment: str) -> bool:
    with services.database.read() as connection:
        known = mappings.other_ends(connection, "file", "slack", file, "jira")
    return not known or known[0].id == attachment


def _shown(jira: JiraClient, row: Integration, file_id: str, thread_ts: str) -> Effect:
    channel = row.payload["channel"]
    data: dict[str, Any] = {
        "attachment": jira.qualified(row.payload["file"]["id"]), "file": qualified_file(channel, file_id),
        "thread": f"{channel}/{thread_ts}",
    }  # fmt: skip
    return Effect(file_id, data["thread"], data)


def _hide_files(services: Services, row: Integration) -> Effect:
    """Delete what a channel shows of an issue's files that were given with a comment which it is not told any more."""
    (jira, key), channel = jira_of(services, row.payload["issue"]), row.payload["channel"]
    deleted: list[int] = []
    with _jira_asked():
        attachments = jira.attachments(key)
    for attachment in attachments:
        with services.database.read() as connection:
            known = mappings.other_ends(connection, "file", "jira", jira.qualified(attachment.id), "slack")
        here = [file for file in known if is_shown_in(file, channel)]
        with _jira_asked():
            hidden = bool(here) and _is_hidden(services, row, jira, key, attachment.name)
        for file in here if hidden else ():
            slack_of(services).delete_file(bare(file.id))
            deleted.append(file.row_id)
    return Effect("", data={"files": deleted})


IN_SLACK = {
    "upload": Operation(_upload, find=_find_upload),
    "delete_file": Operation(_delete_file, idempotent=True),
    "hide_files": Operation(_hide_files, idempotent=True),
}
