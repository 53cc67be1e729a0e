"""Logging: one entry an event on standard error, for people or as JSON, with the ids of what it is about.

No entry holds what looks like a secret, none can be forged by foreign text, and logging never breaks who logs: a line
that cannot be written (a full disk, a closed stream) is lost.
"""

import contextlib
import json
import logging
import re
from collections.abc import Callable, Generator, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO

from bot.redaction import redact

__all__ = ["about", "configure", "redact"]

# What steers a terminal or reorders a line (ECMA-48's control characters, Unicode's line ends and directions), and lone
# surrogates, which no file can hold.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_IDS: ContextVar[Mapping[str, object]] = ContextVar("ids", default={})  # noqa: B039 - replaced, never changed


@contextlib.contextmanager
def about(**ids: object) -> Generator[None]:
    """Add these ids (`delivery=7`, `integration=9`) to everything logged within, by libraries too; this may nest.

    One that is None is left out.
    """
    before = _IDS.set({**_IDS.get(), **{name: value for name, value in ids.items() if value is not None}})
    try:
        yield
    finally:
        _IDS.reset(before)


def _clean(text: str) -> str:
    # Redacted first: a secret with a control character in it would not look like one any more, nor be one.
    return _UNSAFE.sub(lambda found: ascii(found[0])[1:-1], redact(text))


class _Console(logging.Formatter):
    """`2026-01-01 00:00:00,000 INFO bot.worker delivery=7 it is planned`."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        ids = "".join(f"{name}={value} " for name, value in _IDS.get().items())
        return f"{record.asctime} {record.levelname} {record.name} {ids}{record.message}"

    def format(self, record: logging.LogRecord) -> str:
        # A line end in foreign text must not look like a new entry of the log.
        return _clean(super().format(record)).replace("\n", "\n    ")


class _Json(logging.Formatter):
    """One object a line."""

    def format(self, record: logging.LogRecord) -> str:
        fixed: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _clean(record.getMessage()),
        }
        ids = {name: _value(value) for name, value in _IDS.get().items() if name not in fixed}
        entry = {**fixed, **ids}
        trace = [self.formatException(record.exc_info)] if record.exc_info else []
        trace += [record.stack_info] if record.stack_info else []
        if trace:
            entry["exception"] = _clean("\n".join(trace))
        return json.dumps(entry, ensure_ascii=False)


def _value(given: object) -> object:
    return given if isinstance(given, int) else _clean(str(given))


class _Handler(logging.StreamHandler[TextIO]):
    def emit(self, record: logging.LogRecord) -> None:
        try:
            super().emit(record)
        except RecursionError:  # the one that it lets pass
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        # The standard one prints a traceback, with secrets and all, where nothing can be printed as likely as not.
        about_it = {"name": record.name, "levelno": record.levelno, "levelname": record.levelname}
        lost = logging.makeLogRecord(
            {**about_it, "msg": "An entry of %s, line %s, cannot be shown.", "args": (record.module, record.lineno)}
        )
        with contextlib.suppress(OSError, ValueError, AttributeError, RecursionError):
            self.stream.write(self.format(lost) + self.terminator)
            self.flush()


_STYLES: dict[str, Callable[[], logging.Formatter]] = {"console": _Console, "json": _Json}


def configure(level: str, style: str = "console") -> None:
    """Set the process's logging up; `style` is `console` or `json`."""
    handler = _Handler()
    handler.setFormatter(_STYLES[style]())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # These write whole bodies or request lines, which may hold what people wrote, or what nobody asked for.
    for name in ("slack_bolt", "urllib3", "jira", "github", "werkzeug", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING if level != "DEBUG" else logging.INFO)
    # The one logs each lost answer as an error of its own, which the worker reports with the row's id; the other gives
    # advice on every event that nobody listens to.
    logging.getLogger("slack_sdk").setLevel(logging.CRITICAL)
    logging.getLogger("connect.bolt").setLevel(logging.ERROR)
