"""What the steps of workflows ask of GitHub, besides what people do from Slack: a thing to hand on, whether it may be
merged, what an issue may be opened with, and a search.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from adapters.errors import Invalid, NotFound, Rejected
from adapters.github.client import GitHubClient
from adapters.github.searching import Hit
from bot.names import like
from bot.operations import identities
from bot.operations.accounts import NOBODY
from bot.operations.base import Effect, NotYet, Operation
from bot.operations.github import github_of
from bot.operations.github_accounts import (
    NO_REPOSITORIES,
    Acting,
    acting_for,
    readable,
    unattended,
    workflow_repositories,
)
from bot.operations.github_doing import is_private, known_label, meant, told_to
from bot.operations.github_searching import UNSEEN, why_refused
from bot.payload import Payload, mapping, objects, text
from bot.services import Services
from bot.spelling import same
from storage.integrations import Integration

PAGES, PAGE = 3, 30
"""How far a search is looked through for something that the person may see."""
PONDERING = timedelta(minutes=2)
"""For so long GitHub is asked whether something can be merged, which it finds out when asked for the first time.
https://docs.github.com/en/rest/guides/using-the-rest-api-to-interact-with-your-git-database#checking-mergeability-of-pull-requests"""
_KIND = re.compile(r"(?<!\S)-?(?:is|type):(?:issue|pr|pull-request)(?!\S)", re.IGNORECASE)
_PLACE = re.compile(r"(?<!\S)(?:repo|org|user):\"?([A-Za-z0-9._/-]+)", re.IGNORECASE)
STANDINGS = {
    "dirty": "It has conflicts with {0} that somebody has to resolve.",
    "behind": "Its branch lacks what is new in {0}: somebody has to update it.",
    "blocked": "What {0} requires of it is missing: reviews, or checks that pass.",
    "unstable": "Not all of its checks have passed. The step can be set up to merge all the same.",
}
"""Why something is not merged, by GitHub's `mergeable_state`."""


def _read(services: Services, row: Integration) -> Effect:
    """The issue or pull request as it is now, and who in Slack it is of.

    After a deed of the step (`done`) nobody's rights are asked for any more; before, whoever started the workflow has
    to be one who may see it.
    """
    payload = row.payload
    if payload.get("done"):
        told = github_of(services).as_told(payload["repository"], payload["number"])
    elif payload["requester"]:
        told = told_to(services, row)
    else:
        unattended(services, payload["repository"])
        told = github_of(services).as_told(payload["repository"], payload["number"])
    if payload.get("merge"):
        _may_be_merged(services, row, told)
    return _handed_on(services, row, told)


def _handed_on(services: Services, row: Integration, told: Payload) -> Effect:
    ticket = mapping(told, "pull_request") or mapping(told, "issue")
    people = (
        ("author_in_slack", mapping(ticket, "user")),
        *(("assignee", one) for one in objects(ticket, "assignees")[:1]),
    )
    known = {name: _in_slack(services, row, person) for name, person in people}
    return Effect(row.payload.get("resource", ""), data={"told": told, "people": known})


def _in_slack(services: Services, row: Integration, account: Payload) -> str:
    team = row.payload["team"]
    with services.database.read() as connection:
        people = identities.people_of(connection, text(account, "login"), text(account, "id"))
    return next((each.partition("/")[2] for each in people if each.startswith(f"{team}/")), "")


def _may_be_merged(services: Services, row: Integration, told: Payload) -> None:
    """Raises `Rejected` with a sentence if GitHub does not find a pull request fit to be merged, or `NotYet`."""
    pull = mapping(told, "pull_request")
    if not pull:
        raise Rejected("It is an issue: only a pull request can be merged.", "not_a_pull")
    if text(pull, "state") != "open":
        raise Rejected("It is merged already." if pull.get("merged") else "It is closed.", "closed")
    if pull.get("draft"):
        raise Rejected("It is a draft still.", "draft")
    standing = text(pull, "mergeable_state")
    if pull.get("mergeable") is None or standing == "unknown":
        if services.now() - row.created_at > PONDERING:
            raise Rejected("GitHub does not say whether it can be merged.", "unknown")
        raise NotYet("GitHub is finding out whether it can be merged.", 2)
    if standing in STANDINGS and not (standing == "unstable" and row.payload["merge"]["despite_checks"]):
        raise Rejected(STANDINGS[standing].format(text(pull, "base", "ref")), standing)


# --- what an issue is opened with ------------------------------------------------------------------------------------


def _read_parts(services: Services, row: Integration) -> Effect:
    """Labels, people and milestone as the repository has them; raises `Rejected` with a sentence for what it has not.

    So nothing is opened that lacks half of what the step says, and GitHub makes no label that is misspelt.
    """
    payload, who = row.payload, acting_for(services, row, "read")
    there = who.github.repository(payload["repository"])
    if there.private and payload["channel"] and not is_private(services, payload["channel"]):
        raise Rejected(f"{there.full_name} is private on GitHub, so its card goes to private channels only.", "private")
    people = [_login(services, who, there.full_name, to) for to in payload["people"]]
    labels = who.github.labels(there.full_name) if payload["labels"] else []
    known = {same(name): name for name in labels}
    found: dict[str, Any] = {
        "repository": there.full_name, "assignees": [*dict.fromkeys(people)],
        "labels": [known_label(there.full_name, known, name) for name in payload["labels"]],
        "milestone": _milestone(who.github, there.full_name, payload["milestone"]),
    }  # fmt: skip
    return Effect("", data={"parts": found})


def _login(services: Services, who: Acting, repository: str, to: Mapping[str, str]) -> str:
    if "me" in to and who.person == NOBODY:
        raise Rejected("Nobody is known who started this workflow, so it cannot be assigned to them.", "nobody")
    login = meant(services, who, to)
    if not who.github.assignable(repository, login):
        raise Rejected(f"Nothing in {repository} can be assigned to “{login[:60]}”.", "nobody")
    return login


def _milestone(github: GitHubClient, repository: str, wanted: str) -> int:
    """The number of the open milestone that is meant by its title or its number; 0 if none is."""
    if not wanted:
        return 0
    there = github.milestones(repository)
    same = [one.number for one in there if one.title.casefold() == wanted.casefold()]
    same += [one.number for one in there if wanted in (str(one.number), f"number:{one.number}")]
    if not same:
        raise Rejected(f"{repository} has no open milestone “{wanted[:60]}”.", "no_milestone")
    return same[0]


# --- finding ---------------------------------------------------------------------------------------------------------


def _find(services: Services, row: Integration) -> Effect:
    """The first thing that a search finds, changed last, of what the person may see, or of what workflows may."""
    payload = row.payload
    if not payload["requester"] and not workflow_repositories(services):
        raise Rejected(NO_REPOSITORIES, "not_permitted")
    wanted = f"repo:{payload['repository']} {payload['wanted']}" if payload["repository"] else payload["wanted"]
    # Some kinds of tokens may ask for issues or for pull requests only, not for both.
    kinds = ("",) if _KIND.search(wanted) else ("is:issue", "is:pull-request")
    hits = [hit for kind in kinds if (hit := _first(services, row, f"{wanted} {kind}".strip()))]
    if not hits:
        return Effect("", data={"told": None})
    hit = max(hits, key=lambda each: each.updated)
    return _handed_on(services, row, github_of(services).as_told(hit.repository, hit.number))


def _first(services: Services, row: Integration, query: str) -> Hit | None:
    try:
        _look_at(services, row, query)
        return _looked_for(services, row, query)
    except (Invalid, NotFound) as error:
        raise Rejected(why_refused(query, error), "422") from error


def _looked_for(services: Services, row: Integration, query: str) -> Hit | None:
    place, may_see = _PLACE.search(query), dict[str, bool]()
    for page in range(1, PAGES + 1):
        hits, more = github_of(services).search_tickets(query, page, place[1] if place else "", PAGE)
        for name in {hit.repository for hit in hits} - may_see.keys():
            may_see[name] = _may_see(services, row, name)
        shown = next((hit for hit in hits if may_see[hit.repository]), None)
        if shown or not more:
            return shown
    return None


def _look_at(services: Services, row: Integration, query: str) -> None:
    """Raises `NotFound`, as of one that is not there, if they may not see a repository that is named."""
    for place in _PLACE.findall(query):
        if "/" in place and row.payload["requester"] and not _may_see(services, row, place):
            raise NotFound(UNSEEN, "404")


def _may_see(services: Services, row: Integration, repository: str) -> bool:
    if row.payload["requester"]:
        try:
            return readable(services, row.payload["requester"], repository)
        except NotFound:
            return False
    return like(repository.lower(), workflow_repositories(services))


def names_place(query: str) -> bool:
    """Whether a search says where to look: all of GitHub is too much."""
    return _PLACE.search(query) is not None


OPERATIONS = {
    "read_for_step": Operation(_read, idempotent=True),
    "read_issue_parts": Operation(_read_parts, idempotent=True),
    "find_for_step": Operation(_find, idempotent=True),
}
