"""The part of JQL that a chat integration needs: clauses joined by AND and OR, NOT, brackets, and ORDER BY.

What is not understood is refused as Jira refuses it, so that a quoting mistake shows.
https://support.atlassian.com/jira-service-management-cloud/docs/jql-operators/
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.jira.model import Issue, Refusal, User

TOKEN = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(!=|!~|>=|<=|[=~<>(),])|([^\s"'=~!<>(),]+))""")
FIELDS = frozenset({
    "created", "updated", "assignee", "reporter", "creator", "labels", "component", "project", "key", "id", "issuetype",
    "status", "statuscategory", "priority", "resolution", "summary", "text", "watcher",
})  # fmt: skip
TYPES: dict[str, Callable[[Issue], bool]] = {
    "standardIssueTypes()": lambda issue: not issue.type.subtask,
    "subTaskIssueTypes()": lambda issue: issue.type.subtask,
}
UNITS = {"m": 60, "h": 3600, "d": 86400, "w": 604800}


@dataclass(frozen=True)
class Token:
    text: str
    quoted: bool = False


@dataclass(frozen=True)
class Clause:
    field: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Parts of which all match, or, with `any`, one; or none, if it is `inverted`."""

    parts: "tuple[Clause | Group, ...]"
    any: bool = False
    inverted: bool = False


@dataclass(frozen=True)
class Query:
    condition: Group
    orders: tuple[tuple[str, bool], ...] = ()
    """Each with whether it is descending."""

    def check(self) -> None:
        """Refuse fields that are unknown, though there may be no issue to ask for them."""
        _check(self.condition)

    def select(self, issues: list[Issue], me: User, now: float) -> list[Issue]:
        """The matching issues, in order; the newest first if none is asked for."""
        found = [issue for issue in issues if _holds(self.condition, issue, me, now)]
        # Sorted by the least of them first: a later sort leaves equals as they are.
        for name, descending in reversed(self.orders or (("created", True),)):
            found.sort(key=ORDERS.get(name, ORDERS["created"]), reverse=descending)
        return found


ORDERS: dict[str, Callable[[Issue], tuple[Any, int]]] = {
    "created": lambda issue: (issue.created, int(issue.id)),
    "updated": lambda issue: (issue.updated, int(issue.id)),
    "key": lambda issue: (0.0, int(issue.key.rpartition("-")[2])),
    # Of equals the order is left to what comes next; what has no due date comes last.
    "status": lambda issue: (int(issue.status.id), 0),
    "due": lambda issue: (issue.due or "9999", 0),
    "duedate": lambda issue: (issue.due or "9999", 0),
}


def parse(jql: str) -> Query:
    """Read JQL, or refuse it with 400."""
    tokens = _tokens(jql)
    condition = _any_of(tokens) if tokens and not _is(tokens, "order") else Group(())
    return Query(condition, _orders(tokens))


def _orders(tokens: list[Token]) -> tuple[tuple[str, bool], ...]:
    """`ORDER BY status ASC, due DESC`, or nothing."""
    orders: list[tuple[str, bool]] = []
    while tokens:
        for word in (",",) if orders else ("order", "by"):
            _expect(tokens, word)
        name = _next(tokens).lower()
        directed = bool(tokens) and tokens[0].text.lower() in ("asc", "desc")
        orders.append((name, directed and _next(tokens).lower() == "desc"))
    return tuple(orders)


def _any_of(tokens: list[Token]) -> Group:
    parts = [_all_of(tokens)]
    while _is(tokens, "or"):
        tokens.pop(0)
        parts.append(_all_of(tokens))
    return parts[0] if len(parts) == 1 else Group(tuple(parts), any=True)


def _all_of(tokens: list[Token]) -> Group:
    parts = [_part(tokens)]
    while _is(tokens, "and"):
        tokens.pop(0)
        parts.append(_part(tokens))
    return Group(tuple(parts))


def _part(tokens: list[Token]) -> Clause | Group:
    if _is(tokens, "not"):
        tokens.pop(0)
        return Group((_part(tokens),), inverted=True)
    if not _is(tokens, "("):
        return _clause(tokens)
    tokens.pop(0)
    group = _any_of(tokens)
    _expect(tokens, ")")
    return group


def _is(tokens: list[Token], word: str) -> bool:
    return bool(tokens) and not tokens[0].quoted and tokens[0].text.lower() == word


def _check(part: Clause | Group) -> None:
    if isinstance(part, Group):
        for each in part.parts:
            _check(each)
    elif part.field not in FIELDS:
        raise Refusal(400, f"Field '{part.field}' does not exist or you do not have permission to view it.")


def _holds(part: Clause | Group, issue: Issue, me: User, now: float) -> bool:
    if isinstance(part, Clause):
        return _matches(part, issue, me, now)
    held = [_holds(each, issue, me, now) for each in part.parts]
    return (any(held) if part.any else all(held)) != part.inverted


def _tokens(jql: str) -> list[Token]:
    tokens: list[Token] = []
    position = 0
    while jql[position:].strip():
        match = TOKEN.match(jql, position)
        if match is None:
            raise _wrong(jql[position:].strip()[:1])
        double, single, operator, word = match.groups()
        quoted = double if double is not None else single
        if quoted is not None:
            tokens.append(Token(re.sub(r"\\(.)", r"\1", quoted), quoted=True))
        else:
            tokens.append(Token(operator or word))
        position = match.end()
    return tokens


def _clause(tokens: list[Token]) -> Clause:
    field, operator = _next(tokens).lower(), _next(tokens).lower()
    if operator == "not":
        _expect(tokens, "in")
        operator = "not in"
    if not field or field in "(),":
        raise _wrong(field)
    if operator not in ("=", "!=", "~", ">=", "<=", "in", "not in", "is"):
        raise _wrong(operator)
    if not operator.endswith("in") or (tokens and tokens[0].text != "("):  # or a function, which stands for a list
        return Clause(field, operator, (_value(tokens),))
    _expect(tokens, "(")
    values = [_value(tokens)]
    while tokens and tokens[0].text == ",":
        tokens.pop(0)
        values.append(_value(tokens))
    _expect(tokens, ")")
    return Clause(field, operator, tuple(values))


def _value(tokens: list[Token]) -> str:
    value = _next(tokens)
    if len(tokens) > 1 and tokens[0] == Token("(") and tokens[1] == Token(")"):
        del tokens[:2]
        value += "()"
    return value


def _next(tokens: list[Token]) -> str:
    if not tokens:
        raise Refusal(400, "Error in the JQL Query: The query ends too early.")
    return tokens.pop(0).text


def _expect(tokens: list[Token], word: str) -> None:
    found = _next(tokens)
    if found.lower() != word:
        raise _wrong(found)


def _wrong(text: str) -> Refusal:
    return Refusal(400, f"Error in the JQL Query: Expecting something else but got '{text}'.")


def _matches(clause: Clause, issue: Issue, me: User, now: float) -> bool:
    if clause.field in ("created", "updated"):
        moment = issue.created if clause.field == "created" else issue.updated
        limit = now + _period(clause.values[0])
        return moment >= limit if clause.operator == ">=" else moment <= limit
    if clause.values[0] in TYPES:
        return TYPES[clause.values[0]](issue) != (clause.operator == "not in")
    wanted = {_person(me) if value == "currentUser()" else value.lower() for value in clause.values}
    actual = {value.lower() for value in _actual(clause.field, issue)}
    if clause.operator == "~":
        return all(any(word.rstrip("*") in text for text in actual) for word in " ".join(wanted).split())
    if clause.operator == "is":
        return not actual
    return bool(actual & wanted) != (clause.operator in ("!=", "not in"))


def _actual(field: str, issue: Issue) -> list[str]:
    people = {"assignee": issue.assignee, "reporter": issue.reporter, "creator": issue.creator}
    if field in people:
        person = people[field]
        # Cloud's queries name people by accountId, Data Center's by user name.
        return [_person(person), person.name] if person else []
    if field == "watcher":
        return [name for person in issue.watchers for name in (_person(person), person.name)]
    known: dict[str, list[str]] = {
        "labels": issue.labels,
        "component": issue.components,
        "project": [issue.project.key, issue.project.id, issue.project.name],
        "key": [issue.key, issue.id],
        "id": [issue.key, issue.id],
        "issuetype": [issue.type.name, issue.type.id],
        "status": [issue.status.name, issue.status.id],
        "statuscategory": [issue.status.category, {"new": "To Do", "done": "Done"}.get(issue.status.category, "")],
        "priority": [issue.priority],
        "resolution": [issue.resolution or "Unresolved"],
        "summary": [issue.summary],
        "text": [issue.summary, issue.text, *(comment.text for comment in issue.comments)],
    }
    if field not in known:
        raise Refusal(400, f"Field '{field}' does not exist or you do not have permission to view it.")
    return known[field]


def _person(user: User) -> str:
    return user.account_id.lower()


def _period(text: str) -> float:
    match = re.fullmatch(r"(-?\d+)([mhdw])", text)
    if match is None:
        raise Refusal(400, f"Date value '{text}' is invalid.")
    return int(match[1]) * UNITS[match[2]]
