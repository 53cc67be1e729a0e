"""Members of an organization by their e-mail addresses: GitHub tells those at a domain which it has verified."""

from collections.abc import Mapping
from typing import Any

from adapters.account import Account
from adapters.github.session import GitHubSession

PAGES = 20
"""Of a hundred members each."""
_QUERY = """
query($organization: String!, $after: String) {
  organization(login: $organization) {
    membersWithRole(first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { login databaseId name organizationVerifiedDomainEmails(login: $organization) }
    }
  }
}
"""


class Members(GitHubSession):
    """The part of the client that knows the members of organizations."""

    def verified_members(self, organization: str, pages: int = PAGES) -> dict[str, Account]:
        """The members by their verified addresses, in lower case, of so many pages; only GraphQL tells them.

        Raises `Rejected` where connect may not ask: that takes a member of the organization.
        https://docs.github.com/en/graphql/reference/objects#user
        """
        found, after = dict[str, Account](), None
        for _ in range(pages):
            page = self._page(organization, after)
            for node in page["nodes"]:
                found |= {str(email).casefold(): _account(node) for email in _emails(node)}
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        return found

    def _page(self, organization: str, after: str | None) -> Mapping[str, Any]:
        given = {"organization": organization, "after": after}
        return self._graph(organization, _QUERY, given, "organization", "membersWithRole", read=dict)


def _emails(node: Mapping[str, Any]) -> list[str]:
    return list(node.get("organizationVerifiedDomainEmails") or ())


def _account(node: Mapping[str, Any]) -> Account:
    login = str(node["login"])
    return Account(str(int(node["databaseId"])), login, str(node.get("name") or login))
