"""Files on their way between Slack and Jira, streamed: none is ever held here as a whole."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from adapters.errors import Rejected, Unavailable
from adapters.jira.client import JiraClient
from adapters.jira.files import Attachment, file_name
from adapters.slack.files import File, file_of
from bot.operations.base import Effect, Operation, before_sending
from bot.operations.sites import jira_of
from bot.operations.slack import slack_of
from bot.operations.words import thread_messages
from bot.payload import objects
from bot.services import Services
from storage import mappings
from storage.integrations import Integration

MEGABYTE = 1024 * 1024
CLOCK_SLACK = 60.0


def qualified_file(place: str, file_id: str) -> str:
    """A Slack file as mappings know it: its id with the workspace of the place where it was shared."""
    return f"{place.partition('/')[0]}/{file_id}"


def largest_file(services: Services) -> int:
    """How many bytes a file may have to be taken along."""
    return services.settings.connect_max_file_mb * MEGABYTE


def _attach(services: Services, row: Integration) -> Effect:
    """Attach a file of Slack's (`file`: id, name, size, url, mimetype) to an `issue`."""
    jira, key = jira_of(services, row.payload["issue"])
    slack, file = slack_of(services), _file(row.payload["file"])
    if not file.url:
        # Slack shows no more than the id of what somebody of another organisation shared.
        file = slack.file(file.id)
    _check(services, jira, file)
    before_sending(services, row)
    with slack.download(file) as chunks:
        return _attached(jira, jira.attach(key, file.name, in_time(services, row, chunks), file.size, file.mimetype))


def _find_attachment(services: Services, row: Integration) -> Effect | None:
    """Look for a file of this name and size that came since, and that is not known as another file of Slack's."""
    jira, key = jira_of(services, row.payload["issue"])
    file, since = _file(row.payload["file"]), (row.sent_at or row.created_at).timestamp() - CLOCK_SLACK
    for each in jira.attachments(key):
        alike = each.name == file_name(file.name) and file.size in (0, each.size) and each.created >= since
        if alike and _may_be(services, jira.qualified(each.id), qualified_file(row.payload.get("place", ""), file.id)):
            return _attached(jira, each)
    return None


def _read_files(services: Services, row: Integration) -> Effect:
    """The files of the messages that people wrote in a `thread`."""
    found = [file for message in thread_messages(services, row.payload["thread"]) for file in files_of(message)]
    return Effect("", data={"files": found})


def files_of(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The files of a Slack message, as a row's payload keeps them."""
    found = [file_of(raw) for raw in objects(message, "files")]
    return [
        {"id": file.id, "name": file.name, "size": file.size, "url": file.url, "mimetype": file.mimetype}
        for file in found
        if file.id
    ]


def _may_be(services: Services, attachment: str, file: str) -> bool:
    with services.database.read() as connection:
        known = mappings.other_ends(connection, "file", "jira", attachment, "slack")
    return not known or known[0].id == file


def _check(services: Services, jira: JiraClient, file: File) -> None:
    """Raises `Rejected`, with a sentence for the person, if the file cannot be taken along."""
    if not file.url:
        raise Rejected("Slack itself does not hold this file.", "not_held")
    limit = largest_file(services)
    if file.size > limit:
        raise Rejected(f"It is larger than {limit // MEGABYTE} MB.", "too_large")
    allowed = jira.largest_file()
    if allowed is not None and file.size > allowed:
        raise Rejected(f"Jira takes no files that are larger than {allowed // MEGABYTE} MB.", "too_large")


def in_time(services: Services, row: Integration, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The content, as long as nobody else can have taken the row over by the time that Jira has answered."""
    settings = services.settings
    margin = min(2 * settings.connect_http_timeout, settings.connect_lease_seconds / 2)
    for chunk in chunks:
        if services.now() > row.lease_until - timedelta(seconds=margin):
            raise Unavailable("To send the file takes longer than CONNECT_LEASE_SECONDS allows.")
        yield chunk


def _file(given: dict[str, Any]) -> File:
    words = {name: str(given.get(name) or "") for name in ("id", "name", "mimetype", "url")}
    return File(**words, size=int(given.get("size") or 0))


def _attached(jira: JiraClient, attachment: Attachment) -> Effect:
    ident = jira.qualified(attachment.id)
    return Effect(ident, data={"attachment_id": ident})


OF_JIRA = {"attach": Operation(_attach, find=_find_attachment)}
OF_SLACK = {"read_files": Operation(_read_files, idempotent=True)}
