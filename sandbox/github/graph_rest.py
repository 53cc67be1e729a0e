"""The stand-in's GraphQL, as far as connect uses it: the members of an organization by their verified addresses.

https://docs.github.com/en/graphql/reference/objects#user
"""

from flask import Response

from sandbox.github.answers import body_given, json_answer
from sandbox.github.graphql import GraphQL
from sandbox.github.shapes import Json

PAGE = 100


class GraphRest(GraphQL):
    """The API, with GraphQL."""

    def __init__(self, webhook_secret: str, token: str = "ghp-sandbox") -> None:
        super().__init__(webhook_secret, token)
        self.verified_emails: dict[tuple[str, str], list[str]] = {}
        """By organization and login: the addresses at the organization's verified domains."""
        self._asked["organizationVerifiedDomainEmails"] = self._members

    def _members(self) -> Response:
        body = body_given()
        organization, after = body["variables"]["organization"], body["variables"].get("after") or "0"
        if not any(repo.owner.login == organization for repo in self.repos):
            said = f"Could not resolve to an Organization with the login of '{organization}'."
            return json_answer({"data": {"organization": None}, "errors": [{"type": "NOT_FOUND", "message": said}]})
        logins = sorted(login for name, login in self.verified_emails if name == organization)
        start = int(after)
        page = {
            "pageInfo": {"hasNextPage": start + PAGE < len(logins), "endCursor": str(start + PAGE)},
            "nodes": [self._member(organization, login) for login in logins[start : start + PAGE]],
        }
        return json_answer({"data": {"organization": {"membersWithRole": page}}})

    def _member(self, organization: str, login: str) -> Json:
        person = self.person(login)
        emails = self.verified_emails[organization, login]
        return {
            "login": login, "databaseId": person.id, "name": person.name, "organizationVerifiedDomainEmails": emails,
        }  # fmt: skip
