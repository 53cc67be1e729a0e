"""GitHub's accounts, and what each may do in a repository."""

import re
from collections.abc import Mapping
from typing import Any

from adapters.account import Account
from adapters.errors import NotFound, Rejected
from adapters.github.session import GitHubSession

ROLES = ("none", "read", "triage", "write", "maintain", "admin")
"""Each may do what those before it may.

https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/repository-roles-for-an-organization
"""
_RIGHTS = {"pull": "read", "triage": "triage", "push": "write", "maintain": "maintain", "admin": "admin"}
_SEARCHED = 5


class People(GitHubSession):
    """The part of the client that is about accounts."""

    def myself(self) -> Account:
        """Read whose token this is."""
        return self._at("GET", "user", read=_account)

    def account(self, ident: str) -> Account | None:
        """The account of a person with this number (`Account.id`) or login; None if there is none."""
        try:
            where = ("user", ident) if ident.isdigit() else ("users", valid_login(ident))
            raw = self._at("GET", *where, read=_person)
        except NotFound:
            return None
        return raw[0] if raw else None

    def find_account(self, email: str) -> Account | None:
        """The account whose public profile shows this e-mail address; None if there is none, or more than one."""
        found = self._at("GET", "search", "users", read=_logins, q=f'"{email}" in:email', per_page=_SEARCHED)
        profiles = [self._at("GET", "users", login, read=_person) for login in found]
        shown = [one[0] for one in profiles if one and one[1].casefold() == email.casefold()]
        return shown[0] if len(shown) == 1 else None

    def owner_type(self, login: str) -> str:
        """`Organization` or `User`; raises `NotFound` if there is no such account."""
        return self._at("GET", "users", valid_login(login), read=lambda raw: str(raw["type"]))

    def owns_organization(self, organization: str, login: str) -> bool:
        """Whether somebody is an owner of an organization: they may read all of its repositories.

        False, too, where connect may not ask: that takes a member, or a GitHub App's right to read members.
        https://docs.github.com/en/rest/orgs/members#get-organization-membership-for-a-user
        """
        where = ("orgs", organization, "memberships", valid_login(login))
        try:
            return self._at("GET", *where, read=_is_owner, place=organization)
        except NotFound:
            return False
        except Rejected as error:
            if error.code == "403":
                return False
            raise

    def role(self, repository: str, login: str) -> str:
        """The highest of `ROLES` that somebody has in a repository, whatever it is called there.

        Raises `Rejected` if connect may not ask: that takes the right to push, or a GitHub App's to read metadata.
        https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user
        """
        try:
            return self._of(repository, "GET", "collaborators", valid_login(login), "permission", read=_role)
        except NotFound:
            # It does not say whether the account or the repository is not there.
            self._of(repository, "GET", read=lambda _: None)
            return "none"


def valid_login(login: str) -> str:
    """A login as it is; raises `NotFound` for what cannot be one."""
    if not re.fullmatch(r"[A-Za-z0-9_-]+(\[bot\])?", login):
        raise NotFound(f"{login[:60]!r} is not the name of a GitHub account.")
    return login


def _account(raw: Mapping[str, Any]) -> Account:
    login = raw["login"]
    if not isinstance(login, str):
        raise TypeError("a login is a string")
    return Account(str(int(raw["id"])), login, str(raw.get("name") or login))


def _person(raw: Mapping[str, Any]) -> tuple[Account, str] | None:
    """An account and the e-mail address that its profile shows; None if it is no person's."""
    return (_account(raw), str(raw.get("email") or "")) if raw["type"] == "User" else None


def _is_owner(raw: Mapping[str, Any]) -> bool:
    return raw.get("state") == "active" and raw.get("role") == "admin"


def _logins(raw: Mapping[str, Any]) -> list[str]:
    return [str(each["login"]) for each in raw["items"]][:_SEARCHED]


def _role(raw: Mapping[str, Any]) -> str:
    rights: Mapping[str, Any] = (raw.get("user") or dict[str, Any]()).get("permissions") or {}
    # An organization may have roles with names of its own; each is built on one of these.
    held = [role for right, role in _RIGHTS.items() if rights.get(right)]
    if held:
        return max(held, key=ROLES.index)
    named = raw.get("role_name")
    return str(named if named in ROLES else raw["permission"])
