"""JQL as Jira judges it: whether a query is one, and which issues match it; and what filters can be chosen from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.errors import Invalid
from adapters.jira.issue import person_id, person_name
from adapters.jira.reading import mapping, objects, string
from adapters.jira.site import JiraSite, valid_key

SENTENCE_LIMIT = 300


@dataclass(frozen=True)
class Matches:
    """Whether an issue matches each of some queries, and why Jira does not take those that are wrong."""

    matched: dict[str, bool] = field(default_factory=dict[str, bool])
    wrong: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Field:
    """A field of issues: its id (`customfield_10042`) and its name."""

    id: str
    name: str


class Queries(JiraSite):
    """The part of the client that is about queries."""

    def matches(self, key: str, uid: str, queries: Sequence[str]) -> Matches:
        """Which of the queries an issue matches; raises `NotFound` where Jira says that it is gone.

        Cloud: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/#api-rest-api-3-jql-match-post
        """
        if self.cloud:
            found = self._matching([int(uid)] if uid.isdecimal() else [], queries)
            return Matches(
                {jql: bool(ids) for jql, (ids, _) in zip(queries, found, strict=True)},
                {jql: words for jql, (_, words) in zip(queries, found, strict=True) if words},
            )
        matches = Matches()
        for jql in queries:
            try:
                matches.matched[jql] = bool(self._keys_matching([key], jql))
            except Invalid as refused:
                self._session.get("issue", valid_key(key), fields="summary")  # a key that is gone is refused as well
                matches.wrong[jql] = str(refused)[:SENTENCE_LIMIT]
        return matches

    def matching(self, issues: Mapping[str, str], jql: str) -> set[str]:
        """The keys of those issues (ids by key) that match a query. Raises `Invalid` if it is none."""
        if not issues:
            return set()
        if not self.cloud:
            return self._keys_matching(sorted(issues), jql)
        ids = sorted({int(uid) for uid in issues.values() if uid.isdecimal()})
        [(found, words)] = self._matching(ids, [jql])
        if words:
            raise Invalid(words)
        return {key for key, uid in issues.items() if uid in found}

    def check_query(self, jql: str) -> None:
        """Raises `Invalid`, with Jira's sentence, if it is no query.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-jql/#api-rest-api-3-jql-parse-post
        """
        if not self.cloud:
            self._session.query("search", body={"jql": bracketed(jql), "maxResults": 0, "fields": ["summary"]})
            return
        answer = mapping(self._session.query("jql", "parse", body={"queries": [jql]}, validation="strict"))
        [parsed] = objects(answer.get("queries")) or [{}]
        if words := _words(parsed.get("errors")):
            raise Invalid(words)

    def fields(self) -> list[Field]:
        """All fields of issues."""
        return [Field(string(raw.get("id")), string(raw.get("name"))) for raw in objects(self._session.get("field"))]

    def project_key(self, ident: int) -> str:
        """The key of the project with this id. Raises `NotFound`."""
        return string(mapping(self._session.get("project", str(ident))).get("key"))

    def board_projects(self, board: int) -> list[str]:
        """The keys of the projects whose issues a board shows. Raises `NotFound`."""
        answer = mapping(self._session.agile("board", str(board), "project", maxResults=50))
        return [string(raw.get("key")) for raw in objects(answer.get("values")) if raw.get("key")]

    def choices(self, kind: str, project: str, query: str = "") -> list[str]:
        """What there is to choose from in a project: of `priority`, `status`, `components`, `labels`, `person`.

        Without a project, `status` is all there are in Jira. Data Center has no list of labels.
        """
        if kind == "status" and project:
            _, found = self.workflow(project)
        elif kind == "components":
            found = [string(raw.get("name")) for raw in objects(self._session.get("project", project, "components"))]
        elif kind == "labels":
            answer: Mapping[str, Any] = mapping(self._session.get("label", maxResults=1000)) if self.cloud else {}
            found = [string(value) for value in _list(answer.get("values"))]
        elif kind == "person":
            found = self._people(query)
        else:
            found = [string(raw.get("name")) for raw in objects(self._session.get(kind))]
        wanted = query.casefold()
        return [name for name in dict.fromkeys(found) if name and wanted in name.casefold()]

    def workflow(self, project: str) -> tuple[list[str], list[str]]:
        """The types and the statuses that a project's issues can have. Raises `NotFound`."""
        types = objects(self._session.get("project", project, "statuses"))
        statuses = [string(status.get("name")) for raw in types for status in objects(raw.get("statuses"))]
        return [string(raw.get("name")) for raw in types], list(dict.fromkeys(statuses))

    def _people(self, query: str) -> list[str]:
        if not query:
            return []
        found = objects(self._session.get("user", "search", **{"query" if self.cloud else "username": query}))
        return [person_name(raw) or person_id(raw) for raw in found if raw.get("active") is True]

    def _matching(self, ids: list[int], queries: Sequence[str]) -> list[tuple[set[str], str]]:
        answer = mapping(self._session.query("jql", "match", body={"issueIds": ids, "jqls": list(queries)}))
        found = objects(answer.get("matches"))
        if len(found) != len(queries):
            found = [{"errors": ["Jira's answer does not say which issues match."]}] * len(queries)
        return [(set(map(str, _list(each.get("matchedIssues")))), _words(each.get("errors"))) for each in found]

    def _keys_matching(self, keys: Sequence[str], jql: str) -> set[str]:
        wanted = f"key in ({', '.join(map(valid_key, keys))}) AND {bracketed(jql)}"
        answer = mapping(self._session.query("search", body={"jql": wanted, "maxResults": 100, "fields": ["summary"]}))
        return {string(raw.get("key")) for raw in objects(answer.get("issues"))}


def bracketed(jql: str) -> str:
    """The condition of a query in brackets, to be joined with another by AND.

    Raises `Invalid` for what would not stay inside them: brackets or quotes that do not pair, an order.
    """
    depth, quote, bare, skip = 0, "", "", False
    for letter in jql:
        if skip:
            skip = False
        elif quote:
            skip = letter == "\\"
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        else:
            skip = letter == "\\"
            depth += {"(": 1, ")": -1}.get(letter, 0)
            bare += letter
        if depth < 0:
            break
    if depth or quote or skip:
        raise Invalid("The brackets or quotes of the JQL do not pair.")
    if " order by " in f" {' '.join(bare.lower().split())} ":
        raise Invalid("Leave ORDER BY out of the JQL: it says which issues pass, not in which order.")
    return f"({jql})"


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, list) else []  # pyright: ignore[reportUnknownArgumentType,reportUnknownVariableType]


def _words(errors: object) -> str:
    return " ".join(str(each) for each in _list(errors))[:SENTENCE_LIMIT]
