"""The stand-in's one address for GraphQL: each query or mutation that it knows has a part that answers it.

https://docs.github.com/en/graphql/guides/forming-calls-with-graphql
"""

from collections.abc import Callable

from flask import Response

from sandbox.github.answers import Refused, body_given
from sandbox.github.rest import Rest


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
