"""Looking for issues and pull requests on GitHub for one person: what words find, and what waits for them.

connect's account sees more than the person may. So who has linked no account is shown what is public, and of private
repositories those in which GitHub says that they have a role. It allows 30 searches in a minute; rows wait for that.
"""

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import islice
from typing import Any

from adapters.errors import AdapterError, Invalid, NotFound, Rejected
from adapters.github.client import GitHubClient
from adapters.github.people import valid_login
from adapters.github.repositories import Listed
from adapters.github.searching import PAGE, Hit
from bot.create_screens import PATIENCE
from bot.operations.accounts import member
from bot.operations.base import Effect, Operation
from bot.operations.github import github_of
from bot.operations.github_accounts import NO_ACCOUNT, on_github, role_of
from bot.operations.github_links import own_github
from bot.services import Services
from storage.integrations import Integration

PAGES = 3
"""Of a hundred repositories each that are known; others have to be named."""
MOST_OWNERS = 3
"""Whose repositories are searched where no place is named: each takes a search of its own."""
TODO = 20
LOOKED_THROUGH = 100
"""Hits: what GitHub gives at once."""
UNSEEN = (
    "The listed users and repositories cannot be searched either because the resources do not exist or you do not have "
    "permission to view them."
)
"""GitHub's own words."""
_PLACE = re.compile(r"(?<!\S)(?:repo|user|org):\"?([A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)?)", re.IGNORECASE)
_KIND = re.compile(r"(?<!\S)(?:is|type):(?:issue|pr|pull-request)\b", re.IGNORECASE)
_OR = re.compile(r"\sOR\s")
WAITING: dict[str, str] = {
    "review": "is:open is:pr review-requested:{} archived:false", "pull": "is:open is:pr author:{} archived:false",
    "assigned": "is:open is:issue assignee:{} archived:false",
    "assigned pull": "is:open is:pr assignee:{} archived:false",
}  # fmt: skip
"""What waits for somebody: why, and how GitHub finds it."""


def seen(services: Services, *, urgent: bool = False) -> list[Listed]:
    """The repositories that connect has a part in, those that changed last first; `urgent` is for when a person waits.

    Remembered for a while.
    """

    def look() -> list[Listed]:
        github, found, begun = github_of(services, urgent=urgent), list[Listed](), time.monotonic()
        for page in range(1, PAGES + 1):
            listed = github.repositories(page)
            found += listed
            if len(listed) < 100 or (urgent and time.monotonic() - begun > PATIENCE):
                break
        return found

    return services.people.recall("github", "repositories", look)


class _Eyes:
    """Searches with the eyes of one person."""

    def __init__(self, services: Services, user: str) -> None:
        self._services = services
        self._user = user
        self._person = member(services, user)
        self._own = own_github(services, user)
        self._may: dict[str, bool] = {}
        self.github: GitHubClient = self._own.github if self._own else github_of(services)
        self.account = self._own.account if self._own else on_github(services, self._person, user)

    def queries(self, wanted: str, near: Iterable[str]) -> list[tuple[str, str]]:
        """What is asked of GitHub, each with the place whose installation asks: where none is named, near or known
        repositories' owners are.
        """
        named = _PLACE.search(wanted)
        words = f"({wanted})" if _OR.search(wanted) else wanted
        places = [("", named[1])] if named else [(f" user:{owner}", owner) for owner in self._owners(near)]
        # Of a person GitHub takes one kind only: https://docs.github.com/en/rest/search/search
        kinds = [""] if self._own is None or _KIND.search(wanted) else [" is:issue", " is:pr"]
        return [(f"{words}{scope}{kind}".strip(), place) for scope, place in places for kind in kinds]

    def of_themselves(self, query: str) -> list[tuple[str, str]]:
        """The same for what is their own: with their own account it is looked for everywhere."""
        return [(query, "")] if self._own else self.queries(query, ())

    def _owners(self, near: Iterable[str]) -> list[str]:
        names = [*near, *(each.full_name for each in seen(self._services))]
        owners = {name.partition("/")[0].lower(): name.partition("/")[0] for name in reversed(names)}
        return [*reversed(owners.values())][:MOST_OWNERS]

    def look_at(self, wanted: str) -> None:
        """Raises `NotFound`, as of one that is not there, if they may not see a repository that is named."""
        for place in _PLACE.findall(wanted):
            if "/" in place and self._own is None and not self._sees(place):
                raise NotFound(UNSEEN, "404")

    def visible(self, hits: Iterable[Hit]) -> Iterator[Hit]:
        """Those that the person may see; about the rest GitHub is asked as far as they are taken."""
        return (hit for hit in hits if self._own is not None or self._sees(hit.repository))

    def _sees(self, repository: str) -> bool:
        known = self._may.get(repository.lower())
        if known is None:
            known = self._may[repository.lower()] = self._asked(repository)
        return known

    def _asked(self, repository: str) -> bool:
        private = {each.full_name.lower(): each.private for each in seen(self._services)}
        try:
            hidden = private.get(repository.lower())
            if hidden is None:
                hidden = self.github.repository(repository).private
            if not hidden:
                return True
            return self.account is not None and role_of(self.github, repository, self.account) != "none"
        except Rejected:
            return False


def _search(services: Services, row: Integration) -> Effect:
    """A page of what words find and the person may see, changed last first.

    What is hidden leaves no trace: pages are cut from what may be seen of the newest `LOOKED_THROUGH` of each place.
    """
    payload, found = row.payload, list[Hit]()
    eyes = _Eyes(services, payload["requester"])
    queries = eyes.queries(payload["query"], payload["near"])
    if not queries:
        raise Rejected("connect sees no repository on GitHub yet. Name one: `repo:owner/name` or `user:owner`.", "none")
    try:
        eyes.look_at(payload["query"])
        for query, place in queries:
            found += eyes.github.search_tickets(query, 1, place, LOOKED_THROUGH)[0]
    except (Invalid, NotFound) as refused:
        raise Rejected(why_refused(payload["query"], refused), refused.code) from refused
    found.sort(key=lambda hit: hit.updated, reverse=True)
    begin = (payload["page"] - 1) * PAGE
    shown = [*islice(eyes.visible(found), begin, begin + PAGE + 1)]
    return Effect("", data={"hits": [asdict(hit) for hit in shown[:PAGE]], "more": len(shown) > PAGE})


def why_refused(query: str, refused: AdapterError) -> str:
    """Why GitHub takes no search: what it names is not there, or may not be seen, which is told alike."""
    said = refused.fields.values() if isinstance(refused, Invalid) else ()
    why, places = " ".join(each for each in said if each) or str(refused), _PLACE.findall(query)
    if UNSEEN in why and places:
        return f"GitHub has no {' or '.join(dict.fromkeys(places))} that you and I can see."
    return f"GitHub does not take this search. {why}"


def _todo(services: Services, row: Integration) -> Effect:
    """What waits for somebody: each issue and pull request once, with all the reasons."""
    eyes = _Eyes(services, row.payload["requester"])
    if eyes.account is None:
        raise Rejected(NO_ACCOUNT, "no_account")
    found: dict[str, dict[str, Any]] = {}
    for why, query in WAITING.items():
        for asked, place in eyes.of_themselves(query.format(valid_login(eyes.account.name))):
            hits, _ = eyes.github.search_tickets(asked, 1, place, TODO)
            for hit in eyes.visible(hits):
                _noted(found, hit, why.partition(" ")[0])
    return Effect("", data={"waiting": [*found.values()][: TODO * 2]})


def _noted(found: dict[str, dict[str, Any]], hit: Hit, why: str) -> None:
    known = found.setdefault(hit.resource, {"hit": asdict(hit), "why": []})
    if why not in known["why"]:
        known["why"].append(why)


def hit_from(data: Mapping[str, Any]) -> Hit:
    """What an effect's data holds."""
    held: dict[str, Any] = {**data, "assignees": tuple(data["assignees"])}
    return Hit(**held)


OPERATIONS = {
    "search_tickets": Operation(_search, idempotent=True),
    "search_todo": Operation(_todo, idempotent=True),
}
