"""The stand-in's one address for GraphQL: each query or mutation that it knows has a part that answers it.

https://docs.github.com/en/graphql/guides/forming-calls-with-graphql
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

from flask import Response

from sandbox.github.answers import Refused, body_given, json_answer
from sandbox.github.rest import Rest
from sandbox.github.shapes import Json

_TOKEN = re.compile(r"[A-Za-z_]\w*|[{}]|\([^)]*\)")


class GraphQL(Rest):
    """The API with GraphQL."""

    def __init__(self, webhook_secret: str, token: str = "ghp-sandbox") -> None:
        super().__init__(webhook_secret, token)
        self._asked: dict[str, Callable[[], Response]] = {}
        """What is asked, by a word of the query, and who answers it."""
        self._route("graphql", "POST", "/graphql", self._graphql)

    def _graphql(self) -> Response:
        query = str(body_given().get("query"))
        for name, answer in self._asked.items():
            if name in query:
                return answer()
        raise Refused(400, "A query attribute must be specified and must be a string.")


def selected(query: str) -> dict[str, Any]:
    """The fields that a query names, each with those beneath it."""
    return _selected(iter(_TOKEN.findall(query.partition("{")[2])))


def _selected(tokens: Iterator[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    last = ""
    for token in tokens:
        if token == "}":
            break
        if token == "{":
            found[last] = _selected(tokens)
        elif not token.startswith("(") and token != "on":
            found[token], last = {}, token
    return found


def chosen(shown: object, wanted: Mapping[str, Any]) -> object:
    """Of what there is, the fields that a query names; raises `KeyError` for one that there is not.

    Of a fragment (`... on User`) those are given whose `__typename` it is.
    """
    if isinstance(shown, list):
        return [chosen(each, wanted) for each in cast("Sequence[object]", shown)]
    if not isinstance(shown, dict):
        return shown
    there, found = cast("Json", shown), dict[str, Any]()
    for name, beneath in wanted.items():
        if not name[0].isupper():
            found[name] = chosen(there[name], beneath) if beneath else there[name]
        elif there["__typename"] == name:
            found |= cast("Json", chosen(there, beneath))
    return found


def mistake(path: Sequence[str], kind: str, message: str, data: Json | None = None) -> Response:
    """A refusal, which GraphQL answers with 200."""
    error: Json = {"type": kind, "path": list(path), "locations": [{"line": 1, "column": 1}], "message": message}
    return json_answer({"data": {path[0]: None} if data is None else data, "errors": [error]})
