"""Files between Slack and Jira, each by a call of its own: a message's become attachments, and the other way round."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from adapters.errors import AdapterError
from bot.flows.plan import Consequences, to_slack
from bot.flows.tell import tell
from bot.message import Message, escape, link, section
from bot.operations.files import MEGABYTE, qualified_file
from bot.renderers.news import News
from storage import history
from storage.integrations import Integration, NewIntegration
from storage.mappings import NewMapping


def attach(
    issue: str, files: Iterable[Mapping[str, Any]], cause: Mapping[str, str], payload: Mapping[str, Any], share: str,
    version: str = "",
) -> tuple[NewIntegration, ...]:  # fmt: skip
    """Ask for the files to be attached to an issue that does not have them, whichever way they come.

    `share` is what brings them, the place of a reply or the key of a request: each one is tried for itself, once for
    each `version` of it. `payload` holds the `place` of their message, and whom to tell if one cannot be attached:
    `requester`, `channel`, `thread`.
    """
    tried = f"{share}:{version}" if version else share
    return tuple(
        NewIntegration(
            operation="attach",
            key=f"attach:{issue}:{file['id']}:{tried}",
            ordering_key=f"jira:{issue}",
            source_service=cause["source_service"],
            target_service="jira",
            event_type=cause["event_type"],
            source_id=cause["source_id"],
            target_id=issue,
            payload={**payload, "issue": issue, "file": dict(file), "share": share},
        )
        for file in files
    )


def attached(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The file and the attachment belong together from now on, and what has brought it is noted beside.

    What connect has shown in Slack is its own copy of an attachment: nobody has brought that.
    """
    if "attachment_id" not in data:
        return Consequences()
    place, issue, ident = row.payload.get("place", ""), row.payload["issue"], str(data["attachment_id"])
    file = qualified_file(place, row.payload["file"]["id"])
    share = NewMapping("share", "slack", row.payload["share"], "jira", ident, "", {"issue": issue, "file": file})
    if "skipped" in data:
        return Consequences((share,))
    return Consequences((NewMapping("file", "slack", file, "jira", ident, "", {"issue": issue, "place": place}), share))


def refused(row: Integration, error: AdapterError) -> Consequences:
    """Whoever shared the file, or asked for it to be attached, learns that the issue does not have it."""
    name, issue = escape(row.payload["file"]["name"], 100), escape(row.payload["issue"])
    text = f"“{name}” is not attached to {issue}. {escape(error)} You can add it in Jira itself."
    answer = tell(row.payload, f"{row.key}:refused", _cause(row), Message(text, [section(f":warning: {text}")]))
    return Consequences(integrations=(answer,) if answer else ())


def to_show(news: News, of: Mapping[str, str]) -> dict[str, Any]:
    """What the row that tells of new files holds, so that they are shown then; `of` is the resource of the card."""
    files = [asdict(file) for file in news.attached]
    return {"files": {"of": dict(of), "files": files}} if files else {}


def shown_with(row: Integration, place: str) -> tuple[NewIntegration, ...]:
    """Ask for the files that a message (`place`) has told of to be shown in the issue's thread.

    They stand behind each other, and not before what is told there later: a large one holds nothing up.
    """
    given: dict[str, Any] = row.payload.get("files") or {"files": []}
    channel = place.rpartition("/")[0]
    return tuple(
        to_slack(
            "upload", _upload_key(given["of"]["resource"], file["id"], channel),
            f"{channel}:{given['of']['resource']}:files", _cause(row), channel,
            {
                "channel": channel, "issue": given["of"]["resource"], "file": file, "card_of": given["of"],
                "told": place.rpartition("/")[2],
            },
        )
        for file in given["files"]
    )  # fmt: skip


def _upload_key(issue: str, ident: str, channel: str) -> str:
    return f"{upload_prefix(issue, ident)}{channel}"


def upload_prefix(issue: str, ident: str) -> str:
    """What the keys of the rows begin with that show an attachment (its bare id) of an issue in channels."""
    return f"file:{issue.rpartition('/')[0]}:{ident}:upload:"


def once_told(connection: Connection, row: Integration) -> list[NewIntegration]:
    """A channel was told of a comment that not all could see: what waits for that is shown now, or tried again.

    Rows of files that are shown already, or may not be for another reason, find that out anew.
    """
    channel, comment = row.payload["channel"], row.payload["comment"]["id"]
    waiting = history.without_effect(connection, f"slack:{channel}:{row.source_id}:files", "upload")
    return [_again(each, comment) for each in waiting]


def _again(row: Any, comment: str) -> NewIntegration:
    payload = history.payload_of(row)
    key = f"{_upload_key(payload['issue'], payload['file']['id'], payload['channel'])}:{comment}"
    order, cause = str(row.ordering_key).removeprefix("slack:"), {
        "source_service": row.source_service, "event_type": row.event_type, "source_id": row.source_id,
    }  # fmt: skip
    return to_slack("upload", key, order, cause, payload["channel"], payload)


def uploaded(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The attachment and the file belong together: it is not attached once more."""
    if "file" not in data:
        return Consequences()
    extra = {"issue": row.payload["issue"], "place": data["thread"]}
    return Consequences((NewMapping("file", "jira", data["attachment"], "slack", data["file"], "", extra),))


def not_shown(row: Integration, error: AdapterError) -> Consequences:
    """The thread is told why a file is not shown, and where it is."""
    file, payload = row.payload["file"], row.payload
    text = f"“{escape(file['name'], 100)}” is not shown here. {escape(error)} {link(file['url'], 'Open it in Jira')}"
    where = {"channel": payload["channel"], "card_of": payload["card_of"]}
    key, order = f"{row.key}:refused", f"{payload['channel']}:{payload['issue']}"
    said = Message(text, [section(f":paperclip: {text}")])
    return Consequences(
        integrations=(to_slack("post_message", key, order, _cause(row), payload["channel"], where, said),)
    )


def _cause(row: Integration) -> dict[str, str]:
    return {"source_service": row.source_service, "event_type": row.event_type, "source_id": row.source_id}


def size_of(files: Iterable[Mapping[str, Any]]) -> str:
    """How large files are together, for people: `4.2 MB`."""
    size = sum(int(file.get("size") or 0) for file in files)
    return f"{max(size / MEGABYTE, 0.1):.1f} MB"
