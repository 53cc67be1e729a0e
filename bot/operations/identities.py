"""Which account belongs to which person in Slack, as connect keeps it: mappings of the type `user`.

A person has one account at each Jira site, and one on GitHub. How it was found is kept with it (`by`), and when the
service was last asked about it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import Connection

from adapters.account import Account
from adapters.jira.issue import Site
from storage import mappings
from storage.mappings import Found, NewMapping

RECHECKED = timedelta(days=1)
"""After this the service is asked again whether the account is still there."""
NEVER = datetime(1970, 1, 1, tzinfo=UTC)

type Service = Literal["jira", "github"]
type By = Literal["email", "admin", "claim", "csv", "oauth"]
"""Found by the e-mail address, named by an admin (one by one, or in a CSV file), claimed or linked by the person."""

HOW: dict[str, str] = {
    "email": "found by your e-mail address",
    "admin": "named by an admin",
    "csv": "named in your admins' table",
    "claim": "confirmed by you in Jira",
    "oauth": "linked by you",
}
"""How an account was found, for its person."""


@dataclass(frozen=True)
class Kept:
    """The account that is kept for a person."""

    account: Account
    by: str
    checked_at: datetime
    site: str
    """The name of the account's site; empty for the main one, and for GitHub."""


def kept(connection: Connection, qualified: str, site: str, service: Service = "jira") -> Kept | None:
    """What is kept for a person (`team/user`) at a site; None if nothing is."""
    found = _of(connection, qualified, site, service)
    return kept_in(found[-1], service) if found else None


def people_of(connection: Connection, login: str, account_id: str) -> list[str]:
    """The people in Slack (`team/user`) whose account on GitHub has this login or this number."""
    found = mappings.other_ends(
        connection, "user", "github", login, "slack", f"user/{account_id}" if account_id else ""
    )
    return [each.id for each in found]


def _of(connection: Connection, qualified: str, site: str | None, service: Service) -> list[Found]:
    """The mappings of a person at a site, or at all of them (None)."""
    found = mappings.other_ends(connection, "user", "slack", qualified, service)
    return [each for each in found if site in (None, each.extra.get("site", ""))]


def kept_in(found: Found, service: Service = "jira") -> Kept:
    """The account that a mapping of the type `user` stands for."""
    extra = found.extra
    checked, site = str(extra.get("checked_at") or ""), str(extra.get("site") or "")
    ident, display = found.id.removeprefix(f"{site}/"), str(extra.get("display", ""))
    if service == "github":
        account = Account(str(extra.get("id", "")), ident, display)
    else:
        account = Account(ident, str(extra.get("name", "")), display)
    return Kept(account, str(extra.get("by") or "admin"), datetime.fromisoformat(checked) if checked else NEVER, site)


def keep(
    connection: Connection, qualified: str, site: str, account: Account, by: str, now: datetime,
    service: Service = "jira",
) -> int:  # fmt: skip
    """Keep an account for a person, in place of any other at that site; returns the mapping's row id."""
    on_github = service == "github"
    # People know a login; the number, which stays when that changes, finds the row as well.
    ident = account.name if on_github else Site("", site).qualified(account.id)
    for found in _of(connection, qualified, site, service):
        if found.id != ident:
            mappings.forget(connection, found.row_id)
    extra = {
        **({"id": account.id} if on_github else {"name": account.name}),
        "display": account.display, "by": by, "checked_at": now.isoformat(), **({"site": site} if site else {}),
    }  # fmt: skip
    uid = f"github/user/{account.id}" if on_github else ""
    return mappings.put(connection, NewMapping("user", "slack", qualified, service, ident, uid, extra), now)


def forget(connection: Connection, qualified: str, site: str | None = None, service: Service = "jira") -> bool:
    """Keep no account for a person any more, at a site or at all of them (None); False if none was."""
    found = _of(connection, qualified, site, service)
    for each in found:
        mappings.forget(connection, each.row_id)
    return bool(found)
