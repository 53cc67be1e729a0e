"""Several issues as a table. Slack's table holds no control, so what can be done with it stands above it.

https://docs.slack.dev/reference/block-kit/blocks/table-block
"""

from collections.abc import Callable, Sequence

from adapters.jira.issue import Issue
from bot.message import BlockDict, clean, one_line, truncate
from bot.renderers.jira import EMOJI, day

SUMMARY_LIMIT = 120
NOTHING = "–"
"""An empty cell: Slack refuses one without text."""

type Column = tuple[str, Callable[[Issue], str]]

ASSIGNEE: Column = ("Assignee", lambda issue: issue.assignee)
DUE: Column = ("Due", lambda issue: day(issue.due))


def table(issues: Sequence[Issue], last: Column) -> BlockDict:
    """Key, summary, status and one column more of each issue."""
    heads: list[BlockDict] = [_text(name) for name in ("Key", "Summary", "Status", last[0])]
    rows = [
        [_link(issue), _text(issue.summary, SUMMARY_LIMIT), _text(_status(issue), 60), _text(last[1](issue), 60)]
        for issue in issues
    ]
    settings = [{"is_wrapped": wrapped} for wrapped in (False, True, False, False)]
    return {"type": "table", "column_settings": settings, "rows": [heads, *rows]}


def in_words(issues: Sequence[Issue]) -> str:
    """The same where no blocks are shown: in notifications, and for screen readers."""
    return ", ".join(one_line(f"{issue.key} {issue.summary}", 60) for issue in issues)


def _status(issue: Issue) -> str:
    return f"{EMOJI.get(issue.status_category, '⚪')} {issue.status}" if issue.status else ""


def _text(words: str, limit: int = 60) -> BlockDict:
    # Cells take plain text, in which nothing comes alive.
    return {"type": "raw_text", "text": truncate(" ".join(clean(words).split()), limit) or NOTHING}


def _link(issue: Issue) -> BlockDict:
    element = {"type": "link", "url": issue.url, "text": issue.key}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [element]}]}
