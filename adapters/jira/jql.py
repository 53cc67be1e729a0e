"""JQL, Jira's query language, as connect writes it: safe whatever a person typed. Pure.

https://support.atlassian.com/jira-software-cloud/docs/search-syntax-for-text-fields/
"""

import re
from collections.abc import Iterable

from adapters.jira.issue import KEY

# The fields that every Jira has, by the names that JQL takes; others are `cf[10042]` or stand in quotation marks.
_FIELDS = (
    "affectedversion|assignee|attachments|category|comment|component|created|creator|description|due|duedate|"
    "environment|epic|fixversion|hierarchylevel|issue|issuekey|issuetype|key|labels|lastviewed|level|originalestimate|"
    "parent|priority|project|remainingestimate|reporter|resolution|resolutiondate|resolved|sprint|status|"
    "statuscategory|statuscategorychangeddate|summary|text|timeestimate|timespent|type|updated|voter|votes|watcher|"
    "watchers|worklogauthor|worklogcomment|worklogdate|workratio"
)
_FIELD = rf"(?:{_FIELDS}|cf\[\d+\]|\"[^\"]+\"|'[^']+')"
_OPERATOR = r"(?:[!<>]?=|!?~|[<>]|(?:not\s+)?in\s*\(|is\s+(?:not\s+)?(?:empty|null)\b|was\b|changed\b)"
_CLAUSE = re.compile(rf"^[\s(]*(?:not[\s(]+)?{_FIELD}\s*{_OPERATOR}|^\s*order\s+by\s+{_FIELD}", re.IGNORECASE)
# What means something in a text query, besides the words; what it would mean is not what the person meant.
_SPECIAL = re.compile(r"[^\w\s'.@/]|_{2,}", re.UNICODE)
_RESERVED = frozenset({"and", "or", "not"})


def quoted(value: str) -> str:
    """A JQL string."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def is_jql(typed: str) -> bool:
    """Whether somebody typed JQL: it begins with a known field and an operator."""
    return bool(_CLAUSE.match(typed))


def containing(typed: str, *, begun: bool = False) -> str:
    """JQL for the issues in whose text these words stand, the last changed first; empty if there is no word in them.

    With `begun`, the last word may be the beginning of one.
    """
    words = [word for word in _SPECIAL.sub(" ", typed).split() if word.strip("'./@")]
    words = [word.lower() if word.lower() in _RESERVED else word for word in words]
    if not words:
        return ""
    return f"text ~ {quoted(' '.join(words) + ('*' if begun else ''))} ORDER BY updated DESC"


def above(project: str, types: Iterable[str], typed: str) -> str:
    """JQL for the issues that may stand above another: of these types, or of any but sub-tasks if none is named.

    `typed` is a key or the beginning of words of the summary; the last changed come first.
    """
    if KEY.fullmatch(typed.strip().upper()):
        return f"key = {quoted(typed.strip().upper())}"
    names = ", ".join(quoted(name) for name in types)
    clauses = [f"project = {quoted(project)}", f"issuetype in {f'({names})' if names else 'standardIssueTypes()'}"]
    words = "".join(char if char.isalnum() else " " for char in typed).split()
    clauses += [f"summary ~ {quoted(' '.join(f'{word}*' for word in words))}"] if words else []
    return f"{' AND '.join(clauses)} ORDER BY updated DESC"


def open_of(account: str) -> str:
    """JQL for the issues that are assigned to an account and not done, by status and due date."""
    return f"assignee = {quoted(account)} AND statusCategory != Done ORDER BY status ASC, duedate ASC, updated DESC"


def reported_by(account: str) -> str:
    """JQL for the issues that an account has reported, the last changed first."""
    return f"reporter = {quoted(account)} ORDER BY updated DESC"


def watched_by(account: str) -> str:
    """JQL for the issues that an account watches, the last changed first."""
    return f"watcher = {quoted(account)} ORDER BY updated DESC"


def concerning(account: str, days: int) -> str:
    """JQL for what is assigned to an account, reported or watched by it, and was changed in these last days."""
    who = quoted(account)
    mine = f"(assignee = {who} OR reporter = {who} OR watcher = {who})"
    return f"{mine} AND updated >= -{days}d ORDER BY updated DESC"
