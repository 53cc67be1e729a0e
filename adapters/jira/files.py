"""Files of Jira's issues: their content in pieces, to Jira and from it."""

import secrets
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from adapters.document import clean
from adapters.errors import NotFound
from adapters.jira.errors import doubt
from adapters.jira.reading import mapping, objects, seconds, string
from adapters.jira.site import JiraSite, valid_key

NAME_LIMIT = 200


@dataclass(frozen=True)
class Attachment:
    """A file of an issue; `size` is in bytes, `created` Jira's own time stamp as sent."""

    id: str
    name: str
    size: int
    mimetype: str
    created: float
    """Seconds since 1970, by Jira's clock."""
    author: str
    """The display name of who attached it."""


class Files(JiraSite):
    """The part of the client that is about files."""

    def attach(self, key: str, name: str, chunks: Iterable[bytes], size: int, mimetype: str) -> Attachment:
        """Attach a file of exactly `size` bytes; an error that `chunks` raises leaves the issue without it.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-attachments/#api-rest-api-3-issue-issueidorkey-attachments-post
        """
        body = Multipart(file_name(name), mimetype, chunks, size)
        raw = objects(self._session.upload("issue", valid_key(key), "attachments", body=body, kind=body.content_type))
        if not raw or not string(raw[0].get("id")):
            raise doubt("Jira's answer does not show the file.", writes=True)
        return read_attachment(raw[0])

    def attachments(self, key: str) -> list[Attachment]:
        """The files of an issue, the oldest first."""
        fields = mapping(mapping(self._session.get("issue", valid_key(key), fields="attachment")).get("fields"))
        found = [read_attachment(raw) for raw in objects(fields.get("attachment"))]
        return sorted(found, key=lambda each: each.created)

    def delete_attachment(self, ident: str) -> None:
        """Delete a file that connect attached; fine if it is gone.

        Who attached a file needs the permission "Delete own attachments", anybody else "Delete all attachments".
        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-attachments/#api-rest-api-3-attachment-id-delete
        """
        with suppress(NotFound):
            self._session.delete("attachment", ident)

    def largest_file(self) -> int | None:
        """How many bytes a file may have, as Jira's admins have set it; None if it says nothing, 0 for none at all."""
        answer = mapping(self._session.get("attachment", "meta"))
        limit = answer.get("uploadLimit")
        if answer.get("enabled") is False:
            return 0
        return limit if isinstance(limit, int) else None

    @contextmanager
    def download(self, attachment: Attachment) -> Generator[Iterator[bytes]]:
        """The content of a file, piece by piece, while it is open."""
        if self.cloud:
            # Told so, Cloud sends the content itself instead of the address of another host.
            opened = self._session.opened("attachment", "content", attachment.id, redirect="false")
        else:
            opened = self._session.opened("secure", "attachment", attachment.id, attachment.name, of_api=False)
        with opened as chunks:
            yield chunks


def read_attachment(raw: Mapping[str, Any]) -> Attachment:
    """Read Jira's JSON for an attachment."""
    size = raw.get("size")
    return Attachment(
        string(raw.get("id")), string(raw.get("filename")), size if isinstance(size, int) else 0,
        string(raw.get("mimeType")), seconds(raw.get("created")), string(mapping(raw.get("author")).get("displayName")),
    )  # fmt: skip


def file_name(name: str) -> str:
    """The name by which Jira will know a file: one line, without what no file system takes."""
    flat = " ".join(clean(name).split())
    for unfit in '\\/:*?"<>|%':
        flat = flat.replace(unfit, "_")
    return flat[-NAME_LIMIT:] or "file"


class Multipart:
    """One file as the body of a form, of a length that is known before its content is."""

    def __init__(self, name: str, mimetype: str, chunks: Iterable[bytes], size: int) -> None:
        boundary = secrets.token_hex(16)
        self.content_type = f"multipart/form-data; boundary={boundary}"
        kind = mimetype if mimetype.isascii() and mimetype.isprintable() else "application/octet-stream"
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            f"Content-Type: {kind}\r\n\r\n"
        )
        self._head, self._tail = head.encode(), f"\r\n--{boundary}--\r\n".encode()
        self._chunks, self._size = chunks, size

    def __len__(self) -> int:
        return len(self._head) + self._size + len(self._tail)

    def __iter__(self) -> Iterator[bytes]:
        yield self._head
        sent = 0
        for chunk in self._chunks:
            sent += len(chunk)
            if sent > self._size:
                break
            yield chunk
        if sent != self._size:
            # The form is left unfinished, so Jira does nothing with it.
            raise doubt("The file does not have the size that it was said to have.", writes=False)
        yield self._tail
