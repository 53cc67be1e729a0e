"""Slack's files: their content in pieces, from Slack and to Slack. The token goes to Slack's own addresses only.

https://docs.slack.dev/messaging/working-with-files
"""

# slack_sdk's methods take bare `dict` and `**kwargs`, which a strict check cannot see through.
# pyright: reportUnknownMemberType=false

from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from adapters.document import clean
from adapters.errors import AdapterError, NotFound, Rejected
from adapters.slack.answers import data_of, text_of
from adapters.slack.errors import judge, translated
from adapters.slack.hosts import is_of_slack
from adapters.slack.http import Connections, PooledWebClient, pieces

HOST = "files.slack.com"
NAME_LIMIT = 200


@dataclass(frozen=True)
class File:
    """A file in Slack; `size` is in bytes, `url` empty where Slack does not hold the content itself."""

    id: str
    name: str
    size: int
    mimetype: str
    url: str


class Files:
    """The part of the client that is about files."""

    _token: str
    _connections: Connections
    _web: PooledWebClient
    _local: bool

    def file(self, file_id: str) -> File:
        """Look a file up: an event from another organisation's side shows the id alone."""
        with translated(write=False):
            given: Any = data_of(self._web.files_info(file=file_id)).get("file")
            text_of(given, "id")
        return file_of(given)

    @contextmanager
    def download(self, file: File) -> Generator[Iterator[bytes]]:
        """The content of a file, piece by piece, while it is open; it is fetched from Slack's own address only."""
        self._own(file.url)
        headers = {"Authorization": f"Bearer {self._token}"}
        with translated(write=False), self._connections.opened("GET", file.url, headers) as answer:
            refusal = _refusal(answer.status, answer.headers, file)
            if refusal is not None:
                raise refusal
            yield pieces(answer)

    def upload(self, name: str, chunks: Iterable[bytes], size: int) -> str:
        """Give Slack a file of `size` bytes, which nobody sees before it is shared; returns its id."""
        with translated(write=False):
            given = data_of(self._web.files_getUploadURLExternal(filename=file_name(name), length=size))
            url, file_id = text_of(given, "upload_url"), text_of(given, "file_id")
            self._own(url)
            headers = {"Content-Type": "application/octet-stream", "Content-Length": str(size)}
            with self._connections.opened("POST", url, headers, chunks) as answer:
                if answer.status != 200:
                    raise judge(answer.status, answer.headers, {}, write=False)
        return file_id

    def share(self, file_id: str, name: str, channel: str, thread_ts: str) -> None:
        """Show a file that was given to Slack in a channel, or in a thread of it."""
        shown: list[dict[str, str | None]] = [{"id": file_id, "title": file_name(name)}]
        with translated(write=True):
            self._web.files_completeUploadExternal(files=shown, channel_id=channel, thread_ts=thread_ts or None)

    def delete_file(self, file_id: str) -> None:
        """Delete a file that connect gave to Slack; fine if it is gone. Those of others Slack refuses to delete.

        https://docs.slack.dev/reference/methods/files.delete
        """
        try:
            with translated(write=True):
                self._web.files_delete(file=file_id)
        except Rejected as error:
            if error.code not in ("file_deleted", "file_not_found"):
                raise

    def _own(self, url: str) -> None:
        if not is_of_slack(url, HOST, local=self._local):
            raise Rejected("The file is not kept at Slack's own address.", "foreign_file")


def file_name(name: str) -> str:
    """The name by which Slack will know a file: one line."""
    return " ".join(clean(name).split())[-NAME_LIMIT:] or "file"


def file_of(raw: Mapping[str, Any]) -> File:
    """A file as a message or `files.info` shows it."""
    size: object = raw.get("size")
    held = raw.get("mode") not in ("external", "tombstone", "hidden_by_limit") and not raw.get("is_external")
    name, kind, url = (str(raw.get(key) or "") for key in ("name", "mimetype", "url_private"))
    return File(
        str(raw.get("id") or ""), name or str(raw.get("title") or "file"), size if isinstance(size, int) else 0,
        kind or "application/octet-stream", url if held else "",
    )  # fmt: skip


def _refusal(status: int, headers: Mapping[str, str], file: File) -> AdapterError | None:
    # Slack sends those who may not see a file to its sign-in page, or shows that page at once.
    page = headers.get("Content-Type", "").startswith("text/html") and not file.mimetype.startswith("text/html")
    if status in range(300, 400) or (status == 200 and page):
        return Rejected("Slack does not show this file to connect.", "file_not_shown")
    if status == 404:
        return NotFound("Slack no longer has this file.", "file_not_found")
    return None if status == 200 else judge(status, headers, {}, write=False)
