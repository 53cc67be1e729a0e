"""What a person's home shows: their issues, or what a search finds, as Jira lets them see it; and what connect keeps.

Every page passes the same check as a search's: of what connect's account finds, what the person may see is shown.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from adapters.errors import Rejected, Unauthorized
from adapters.jira import jql
from adapters.jira.search import Page
from bot.operations import identities
from bot.operations.accounts import known
from bot.operations.base import Effect, Operation
from bot.operations.github_links import linked as own_on_github
from bot.operations.github_notices import MENTIONS
from bot.operations.github_notices import PREFERENCE as GITHUB_PREFERENCE
from bot.operations.identities import HOW
from bot.operations.links import linked
from bot.operations.looking import found, own
from bot.operations.notices import PREFERENCE, QUIET
from bot.operations.sites import issue_named, jira_of
from bot.operations.viewing import CHOICES
from bot.services import Services
from storage import history, preferences
from storage.integrations import Integration

RECENT = 14
"""Days."""
LISTS: dict[str, Callable[[str], str]] = {
    "assigned": jql.open_of,
    "reported": jql.reported_by,
    "watched": jql.watched_by,
    "changed": lambda account: jql.concerning(account, RECENT),
}
"""JQL for an account, by the name of the list."""


def kept_of(services: Services, user: str) -> dict[str, Any]:
    """What connect keeps of a person (`team/user`), as a home shows it; nobody is asked.

    `accounts` holds the name of each site, with the name of their account there (or nothing) and how it was found.
    """
    sites = [*([""] if services.jira else []), *services.sites]
    with services.database.read() as connection:
        accounts = [(site, identities.kept(connection, user, site)) for site in sites]
        notices: list[str] = preferences.get(connection, user, PREFERENCE) or []
        previews, of_links = (preferences.get(connection, user, CHOICES[each]) != "off" for each in ("jira", "github"))
        on_github = identities.kept(connection, user, "", "github")
        of_github: list[str] = preferences.get(connection, user, GITHUB_PREFERENCE) or []
        mentions = preferences.get(connection, user, MENTIONS) == "on"
        quiet: dict[str, str] = preferences.get(connection, user, QUIET) or {}
    own_account = linked(services, user)
    return {
        "accounts": [
            [site, kept.account.display or kept.account.id, HOW[kept.by]] if kept else [site, "", ""]
            for site, kept in accounts
        ],
        "notices": notices,
        "previews": previews,
        "github_previews": of_links,
        "linking": services.linking is not None,
        "linked": own_account.whose.display if own_account else "",
        "github": _on_github(services, on_github),
        "github_notices": of_github,
        "github_linking": services.signing_in is not None,
        "github_linked": services.github is not None and own_on_github(services, user) is not None,
        "mentions": mentions,
        "quiet": quiet,
    }


def _on_github(services: Services, kept: identities.Kept | None) -> list[str]:
    if services.github is None:
        return []
    return [kept.account.name, HOW[kept.by]] if kept else ["", ""]


def _read_home(services: Services, row: Integration) -> Effect:
    """Read a page of the list, or of the search, that a home is to show; nothing if it is to show another by now."""
    with services.database.read() as connection:
        if history.superseded(connection, row.id, row.ordering_key):
            return Effect("", data={"superseded": True})
    page, problem = Page((), ""), {"problem": "", "code": ""}
    try:
        page = _page(services, row.payload)
    except Unauthorized:
        raise
    except Rejected as refused:
        problem = {"problem": str(refused), "code": refused.code}
    shown = {"issues": [asdict(issue) for issue in page.issues], "next": page.next, **problem}
    now = int(services.now().timestamp())
    return Effect("", data={**shown, "at": now, "kept": kept_of(services, row.payload["requester"])})


def _page(services: Services, payload: dict[str, Any]) -> Page:
    state = payload["home"]
    start = state["trail"][-1] if state["trail"] else ""
    named = issue_named(services.settings, state["query"]) if state["query"] else ""
    jira, key = jira_of(services, named or payload["project"])
    _, account = known(services, jira, payload["requester"])
    if state["query"]:
        return found(jira, account, state["query"], key, start)
    return own(jira, account, LISTS[state["tab"]](account.id), start)


OPERATIONS = {"read_home": Operation(_read_home, idempotent=True)}
