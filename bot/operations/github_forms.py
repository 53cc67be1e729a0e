"""What the forms about GitHub's issues and pull requests show, and what is changed in one of them.

A form is filled in only for somebody who may do what it is for. What somebody else has changed since is never undone:
GitHub has no conditional write, so what the form showed is compared just before.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from adapters.errors import Rejected, Unauthorized
from adapters.github.client import GitHubClient
from adapters.github.doing import Ticket, Words
from bot.message import clean
from bot.operations.base import Effect, Operation
from bot.operations.github_accounts import Role, acting
from bot.operations.github_doing import set_labels
from bot.services import Services
from storage.integrations import Integration

CHANGED = "Somebody has changed its {} since you opened the form, and I do not undo that. Open it again to see it now."
_NAMES = {"title": "title", "body": "description"}


def _read_form(services: Services, row: Integration) -> Effect:
    payload = row.payload
    place = payload["repository"], payload["number"]
    if payload["form"] == "merge":
        who = acting(services, payload["requester"], place[0], "write")
        change = who.github.change(*place)
        given: dict[str, Any] = {
            "change": asdict(change), "own": who.own, "methods": who.github.methods(place[0]),
            "reviews": [asdict(one) for one in who.github.reviews(*place)],
            "checks": _checks(who.github, place[0], change.sha),
        }  # fmt: skip
        return Effect(payload["resource"], data=given)
    who = acting(services, payload["requester"], place[0], "read")
    ticket, words = who.github.ticket(*place), who.github.words(*place)
    if not who.own and ticket.author != who.account.name:
        acting(services, payload["requester"], place[0], "triage")
    return Effect(payload["resource"], data={
        "url": ticket.url, "title": words.title, "body": words.body, "signs": _signs(words),
        "labels": [*ticket.labels], "assignees": [*ticket.assignees],
    })  # fmt: skip


def _checks(github: GitHubClient, repository: str, sha: str) -> list[dict[str, str]] | None:
    """The checks of a commit; None if connect may not read them."""
    try:
        return [asdict(one) for one in github.checks(repository, sha)]
    except Unauthorized:
        raise
    except Rejected:
        return None


def _signs(words: Words) -> dict[str, str]:
    return {"title": sign(words.title), "body": sign(words.body)}


def sign(words: str) -> str:
    """What tells a text from another: the same for the same words, however their lines end."""
    return hashlib.sha256("\n".join(clean(words).strip().splitlines()).encode()).hexdigest()[:12]


# --- editing ---------------------------------------------------------------------------------------------------------


def _edit(services: Services, row: Integration) -> Effect:
    """Change what the person changed in the form, and nothing else; all of it may be repeated."""
    payload = row.payload
    place = payload["repository"], payload["number"]
    who = acting(services, payload["requester"], place[0], "read")
    there = who.github.ticket(*place)
    if not who.own and (role := _role(payload, there, who.account.name)):
        acting(services, payload["requester"], place[0], role)
    changed = _changed(payload, who.github.words(*place))
    _assign(who.github, place, payload["assignees"])
    if payload["labels"]["add"] or payload["labels"]["remove"]:
        set_labels(who.github, *place, payload["labels"]["add"], payload["labels"]["remove"])
    if changed:
        who.github.edit(*place, changed)
    return Effect(payload["resource"], data={"url": there.url, "names": payload["names"]})


def _role(payload: Mapping[str, Any], there: Ticket, login: str) -> Role | None:
    """What changing this takes; whoever opened it may change its words, whatever their role.

    https://docs.github.com/en/rest/issues/issues#update-an-issue
    """
    if payload["words"] and there.pull and there.author != login:
        return "write"
    labelled = any(payload[name][which] for name in ("labels", "assignees") for which in ("add", "remove"))
    return "triage" if labelled or there.author != login else None


def _changed(payload: Mapping[str, Any], now: Words) -> dict[str, str]:
    """The words as they are to be; raises `Rejected` if somebody else has changed the same ones meanwhile."""
    signs, wanted = _signs(now), payload["words"]
    for name, given in wanted.items():
        if signs[name] not in (payload["was"][name], sign(given)):
            raise Rejected(CHANGED.format(_NAMES[name]), "409")
    hidden = f"\n\n{now.hidden}" if now.hidden else ""
    return {name: f"{given}{hidden}".strip() if name == "body" else given for name, given in wanted.items()}


def _assign(github: GitHubClient, place: tuple[str, int], people: Mapping[str, list[str]]) -> None:
    if people["remove"]:
        github.unassign(*place, people["remove"])
    if not people["add"]:
        return
    has = {login.casefold() for login in github.assign(*place, people["add"]).assignees}
    if left := [login for login in people["add"] if login.casefold() not in has]:
        raise Rejected(f"GitHub does not assign it to {', '.join(left)}.", "no")


OPERATIONS = {
    "read_form": Operation(_read_form, idempotent=True),
    "edit": Operation(_edit, idempotent=True),
}
