"""Logging: one line an event on standard error, with everything that looks like a secret taken out."""

import logging
import re

# By shape, wherever it turns up: Slack, GitHub and Atlassian tokens, bearer headers, credentials in a URL.
_SECRET = re.compile(
    r"xox[abeposr]-[\w-]+|xapp-[\w-]+|gh[pousr]_\w+|github_pat_\w+|ATATT[\w=-]+|(?<=Bearer )\S+|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
    r"|(?<=hooks\.slack\.com/)\S+"
)


def redact(text: str) -> str:
    """The text with every secret replaced."""
    return _SECRET.sub("[redacted]", text)


class _Formatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        # A line end in foreign text must not look like a new entry of the log.
        return redact(super().format(record).replace("\r", "\\r").replace("\n", "\n    "))


def configure(level: str) -> None:
    """Set the process's logging up."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
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
