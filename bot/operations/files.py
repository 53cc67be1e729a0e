"""Files on their way between Slack and Jira, streamed: none is ever held here as a whole."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from adapters.errors import Rejected, Unavailable
from adapters.jira.client import JiraClient
from adapters.jira.files import Attachment, file_name
from adapters.slack.files import File, file_of
from bot.operations.accounts import contributing, entitled
from bot.operations.base import Effect, Operation, before_sending
from bot.operations.outsiders import kept_in_slack
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
    """Attach a file of Slack's (`file`: id, name, size, url, mimetype) to an `issue` that does not have it."""
    known = _attachment_of(services, row)
    if known is not None:
        ours = {"attachment_id": known.id} if known.source_service == "slack" else {}
        return Effect(known.id, data={"skipped": "the issue has this file", **ours})
    if nothing := kept_in_slack(services, row.payload):
        return nothing
    jira, key = jira_of(services, row.payload["issue"])
    _permitted(services, row.payload)
    slack, file = slack_of(services), _file(row.payload["file"])
    if not file.url:
        # Slack shows no more than the id of what somebody of another organisation shared.
        file = slack.file(file.id)
    _check(services, jira, file)
    before_sending(services, row)
    with slack.download(file) as chunks:
        return _attached(jira, jira.attach(key, file.name, in_time(services, row, chunks), file.size, file.mimetype))


def _permitted(services: Services, payload: Mapping[str, Any]) -> None:
    if payload.get("author"):
        contributing(services, payload["author"], payload["issue"], "CREATE_ATTACHMENTS")
    elif payload.get("requester"):
        entitled(services, payload["requester"], payload["issue"], "CREATE_ATTACHMENTS")


def _attachment_of(services: Services, row: Integration) -> mappings.Found | None:
    """What the issue has of this file: attached for an earlier share, or what connect itself showed in Slack."""
    file = qualified_file(row.payload.get("place", ""), row.payload["file"]["id"])
    with services.database.read() as connection:
        known = mappings.other_ends(connection, "file", "slack", file, "jira")
    issue = row.payload["issue"]
    return next((each for each in known if each.extra.get("issue") == issue and not each.extra.get("deleted")), None)


def _delete_attachments(services: Services, row: Integration) -> Effect:
    """Delete what connect attached for a reply (`place`), unless something else brought the same file to the issue."""
    place = row.payload["place"]
    with services.database.read() as connection:
        mine = mappings.other_ends(connection, "share", "slack", place, "jira")
        shares = [mappings.other_ends(connection, "share", "jira", each.id, "slack") for each in mine]
        alone = [each for each, known in zip(mine, shares, strict=True) if len(known) == 1]
        files = [file for each in alone for file in mappings.other_ends(connection, "file", "jira", each.id, "slack")]
    for each in alone:
        jira, ident = jira_of(services, each.id)
        jira.delete_attachment(ident)
    return Effect("", data={"shares": [each.row_id for each in mine], "files": [file.row_id for file in files]})


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


OF_JIRA = {
    "attach": Operation(_attach, find=_find_attachment),
    "delete_attachments": Operation(_delete_attachments, idempotent=True),
}
OF_SLACK = {"read_files": Operation(_read_files, idempotent=True)}
