"""Time that was spent on an issue.

Cloud keeps a property with a worklog, which is the marker. Data Center takes none, so there a worklog is known by the
moment at which its work began: whoever logs work gives each a moment of its own, to the millisecond.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from adapters.document import Document
from adapters.errors import NotFound
from adapters.jira.accounts import Accounts
from adapters.jira.errors import doubt
from adapters.jira.issue import person_id
from adapters.jira.reading import mapping, objects, string
from adapters.jira.site import PAGE, PROPERTY, marker_of, properties, valid_key


@dataclass(frozen=True)
class Worklog:
    """Work that was logged; `spent` is in Jira's words (`2h 30m`)."""

    id: str
    spent: str


class Worklogs(Accounts):
    """The part of the client that is about worklogs."""

    def log_work(self, key: str, spent: str, started: datetime, comment: Document, marker: str) -> Worklog:
        """Log work on an issue: `spent` as people write it to Jira (`2h 30m`), `started` a moment of its own.

        Raises `Invalid` (field `timeLogged`) if Jira does not understand the time, and `NotFound` also where time
        tracking is off.
        """
        body = {"timeSpent": spent, "started": _stamp(started)}
        body |= {"comment": self._body(comment)} if comment.blocks else {}
        body |= {"properties": properties(marker)} if self.cloud else {}
        raw = mapping(self._session.create("issue", valid_key(key), "worklog", body=body))
        if not string(raw.get("id")):
            raise doubt("Jira's answer does not show the worklog.", writes=True)
        return _worklog(raw)

    def find_worklog(self, key: str, started: datetime, marker: str) -> Worklog | None:
        """The worklog of connect's that began at this moment, with this marker where Jira keeps one."""
        me = "" if self.cloud else self.myself().id
        for raw in self._worklogs(key, started):
            if not _same(string(raw.get("started")), started):
                continue
            if self._kept(key, string(raw.get("id"))) == marker if self.cloud else person_id(raw.get("author")) == me:
                return _worklog(raw)
        return None

    def _worklogs(self, key: str, started: datetime) -> Iterator[Mapping[str, Any]]:
        after = {"startedAfter": int(started.timestamp() * 1000) - 1000} if self.cloud else {}
        start = 0
        while True:
            answer = self._session.get("issue", valid_key(key), "worklog", startAt=start, maxResults=20 * PAGE, **after)
            page = objects(mapping(answer).get("worklogs"))
            yield from page
            start += len(page)
            total = mapping(answer).get("total")
            if not page or not isinstance(total, int) or start >= total:
                return

    def _kept(self, key: str, worklog: str) -> str:
        try:
            held = self._session.get("issue", valid_key(key), "worklog", worklog, "properties", PROPERTY)
        except NotFound:
            return ""
        return marker_of(mapping(held).get("value"))


def _stamp(moment: datetime) -> str:
    """Jira's way to write a time, and the only one it takes: `2026-10-02T09:15:22.310+0000`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"


def _same(stamp: str, moment: datetime) -> bool:
    """Whether a time that Jira shows is this moment; some databases keep no milliseconds of it."""
    try:
        shown = datetime.fromisoformat(stamp)
    except ValueError:
        return False
    millisecond = moment.microsecond // 1000 * 1000
    return shown in (moment.replace(microsecond=millisecond), moment.replace(microsecond=0))


def _worklog(raw: Mapping[str, Any]) -> Worklog:
    return Worklog(string(raw.get("id")), string(raw.get("timeSpent")))
