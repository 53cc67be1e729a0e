"""Several issues as a table."""

from collections.abc import Callable, Sequence

from adapters.jira.issue import Issue
from bot.message import BlockDict, one_line
from bot.renderers import tables
from bot.renderers.jira import EMOJI, day
from bot.renderers.tables import linked, words

SUMMARY_LIMIT = 120

type Column = tuple[str, Callable[[Issue], str]]

ASSIGNEE: Column = ("Assignee", lambda issue: issue.assignee)
DUE: Column = ("Due", lambda issue: day(issue.due))


def table(issues: Sequence[Issue], last: Column) -> BlockDict:
    """Key, summary, status and one column more of each issue."""
    heads = ("Key", "Summary", "Status", last[0])
    rows = [
        (
            linked(issue.url, issue.key), words(issue.summary, SUMMARY_LIMIT), words(_status(issue)),
            words(last[1](issue)),
        )
        for issue in issues
    ]  # fmt: skip
    return tables.table(heads, rows, wrapped=1)


def in_words(issues: Sequence[Issue]) -> str:
    """The same where no blocks are shown: in notifications, and for screen readers."""
    return ", ".join(one_line(f"{issue.key} {issue.summary}", 60) for issue in issues)


def _status(issue: Issue) -> str:
    return f"{EMOJI.get(issue.status_category, '⚪')} {issue.status}" if issue.status else ""
