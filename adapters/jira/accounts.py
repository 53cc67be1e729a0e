"""Jira's users."""

from collections.abc import Mapping
from typing import Any

from adapters.account import Account
from adapters.errors import NotFound
from adapters.jira.issue import KEY, person_id
from adapters.jira.reading import mapping, objects, string
from adapters.jira.site import JiraSite, valid_key


class Accounts(JiraSite):
    """The part of the client that is about users."""

    def find_account(self, email: str) -> Account | None:
        """The active user with this e-mail address; where Jira hides addresses, the only one its search finds by it."""
        found = objects(self._session.get("user", "search", **{"query" if self.cloud else "username": email}))
        active = [raw for raw in found if _is_active(raw)]
        shown = [raw for raw in active if string(raw.get("emailAddress")).casefold() == email.casefold()]
        hidden = [raw for raw in active if not raw.get("emailAddress")]
        candidates = shown or (hidden if len(active) == 1 else [])
        return read_account(candidates[0]) if candidates else None

    def account(self, ident: str) -> Account | None:
        """The active user with this id (`Account.id`); None if there is none, or it is no longer active."""
        try:
            raw = mapping(self._session.get("user", **{"accountId" if self.cloud else "username": ident}))
        except NotFound:
            return None
        return read_account(raw) if _is_active(raw) and person_id(raw) == ident else None

    def permitted(self, account: Account, permission: str, key: str) -> bool:
        """Whether a user has a permission (`ADD_COMMENTS`, …) for an issue, or in a project (its key).

        Raises `Rejected` if connect's own account may not ask: it takes "Administer Projects". Raises `NotFound`.
        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-user-search/#api-rest-api-3-user-permission-search-get
        """
        who = {"accountId": account.id} if self.cloud else {"username": account.name}
        place = {"issueKey" if KEY.fullmatch(key) else "projectKey": key}
        found = objects(self._session.get("user", "permission", "search", permissions=permission, **place, **who))
        return any(person_id(raw) == account.id for raw in found)

    def watchers(self, key: str) -> list[Account]:
        """Who watches an issue."""
        answer = mapping(self._session.get("issue", valid_key(key), "watchers"))
        return [read_account(raw) for raw in objects(answer.get("watchers"))]

    def assignable(self, key: str, typed: str = "", limit: int = 50) -> list[Account]:
        """Whom an issue can be assigned to, of those whose name begins like this."""
        return self._assignable(typed, limit, issueKey=valid_key(key))

    def assignable_in(self, project: str, typed: str = "", limit: int = 50) -> list[Account]:
        """The same for new issues of a project (its key). Raises `NotFound`."""
        return self._assignable(typed, limit, project=project)

    def _assignable(self, typed: str, limit: int, **place: str) -> list[Account]:
        wanted = {"query" if self.cloud else "username": typed}
        found = objects(self._session.get("user", "assignable", "search", maxResults=limit, **place, **wanted))
        return [read_account(raw) for raw in found if raw.get("active") is not False]

    def named(self, account: Account | str) -> dict[str, str]:
        """A user (or their id) as Jira takes one in a field."""
        ident = account if isinstance(account, str) else account.id if self.cloud else account.name or account.id
        return {"accountId" if self.cloud else "name": ident}

    def user(self, account_id: str) -> tuple[Account, str]:
        """A user by accountId (Cloud) or user name (Data Center), and the e-mail address; empty where it is hidden."""
        raw = mapping(self._session.get("user", **{"accountId" if self.cloud else "username": account_id}))
        return read_account(raw), string(raw.get("emailAddress"))

    def myself(self) -> Account:
        """The account that the credentials belong to."""
        return read_account(mapping(self._session.get("myself")))


def _is_active(raw: Mapping[str, Any]) -> bool:
    return raw.get("active") is True and raw.get("accountType", "atlassian") == "atlassian"


def read_account(raw: Mapping[str, Any]) -> Account:
    """Read Jira's JSON for a user."""
    return Account(person_id(raw), string(raw.get("name")), string(raw.get("displayName")))
