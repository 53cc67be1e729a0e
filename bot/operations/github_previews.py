"""Previews of GitHub: what a link leads to is read for people who come upon it, and shown where it may be seen.

What is public is shown to everybody. What is private is shown only if GitHub lets the person read it who shares it, and
only where it is meant to be seen: in a direct message or a private channel that is not shared beyond the workspace, in
a channel that an admin let hear of the repository, or anywhere if GITHUB_PREVIEW_REPOSITORIES names it. Otherwise all
is as if there were no such thing: nothing that is shown, said or left out tells that there is.
"""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from adapters.errors import NotFound, Rejected, Unauthorized
from adapters.github.addresses import Linked
from bot.operations.base import Effect, Operation
from bot.operations.github import github_of
from bot.operations.github_accounts import readable
from bot.operations.viewing import NOT_FOUND, PANEL, RESTRICTED, Viewing, first_in_a_while, is_late, viewing
from bot.payload import number, text
from bot.services import Services
from storage import subscriptions
from storage.integrations import Integration


def _read_preview(services: Services, row: Integration) -> Effect:
    """Read what is shared, or opened; the effect holds what may be seen of it."""
    if is_late(services, row):
        return Effect("", data={"found": [], "why": NOT_FOUND})
    shown_by = viewing(services, row.payload, "github")
    found, why = _found(services, row.payload, shown_by) if shown_by else ([], RESTRICTED)
    return Effect(" ".join(each["resource"] for each in found), data={"found": found, "why": why})


def _found(services: Services, payload: Mapping[str, Any], shown_by: Viewing) -> tuple[list[dict[str, Any]], str]:
    """What may be seen, and why the rest may not: only a panel says so, and who opens one knows of the thing."""
    found: list[dict[str, Any]] = []
    refused: Rejected | None = None
    why = NOT_FOUND
    for asked in payload["links"]:
        linked = Linked(**asked["linked"])
        try:
            told = _visible(services, linked, shown_by)
        except NotFound as error:
            why = RESTRICTED if error.code == RESTRICTED else NOT_FOUND
            continue
        except Unauthorized:
            raise
        except Rejected as error:  # the message's other link may be shown all the same
            refused = error
            continue
        resource = linked.resource
        if payload["form"] in PANEL or first_in_a_while(
            services, shown_by, f"github/{resource.lower()}", payload["place"]
        ):
            shown = {"url": asked["url"], "kind": linked.kind, "resource": resource, "told": told}
            found.append(shown | _for_objects(services, linked, told, payload))
    if refused is not None and not found:
        raise refused
    return found, why


def _for_objects(
    services: Services, linked: Linked, told: Mapping[str, Any], payload: Mapping[str, Any]
) -> dict[str, Any]:
    """Whether it is shown as a Work Object, and the comments that its panel shows."""
    if payload["form"] != "comments":
        return {"object": linked.kind == "ticket" and services.settings.slack_work_objects}
    total = number(told.get("pull_request") or told["issue"], "comments") or 0
    comments, following = github_of(services).comments_shown(linked, total, payload["start"])
    return {"comments": comments, "next": following}


def _visible(services: Services, linked: Linked, shown_by: Viewing) -> dict[str, Any]:
    """What a link leads to, with its repository; raises `NotFound` if it may not be seen."""
    github = github_of(services)
    if linked.kind == "account":
        return github.shown(linked)
    there = github.repository_shown(linked.repository)
    if there["private"] is not False and not _may_be_seen(services, str(there["full_name"]), shown_by):
        raise NotFound(f"{linked.repository} may not be seen there.", RESTRICTED)
    told = github.shown(linked)
    page = f"{there['html_url']}/".lower()
    # An issue may have been moved to another repository, of which nothing is known here.
    if not all(text(part, "html_url").lower().startswith(page) for part in told.values() if "html_url" in part):
        raise NotFound(f"{linked.resource} is in another repository now.")
    return {"repository": there, **told}


def _may_be_seen(services: Services, repository: str, shown_by: Viewing) -> bool:
    open_to = shown_by.private or named(services, repository) or _told_there(services, repository, shown_by.channel)
    return open_to and readable(services, shown_by.user, repository, unasked=True)


def named(services: Services, repository: str) -> bool:
    """Whether GITHUB_PREVIEW_REPOSITORIES names a repository."""
    patterns = services.settings.github_preview_repositories.lower().split(",")
    return any(fnmatchcase(repository.lower(), pattern) for pattern in patterns if pattern)


def _told_there(services: Services, repository: str, channel: str) -> bool:
    """Whether a channel hears of a private repository, since somebody who may say so let it."""
    with services.database.read() as connection:
        kept = subscriptions.of_channel(connection, channel, "github")
    return any(one.source.lower() == repository.lower() and one.private and not one.paused for one in kept)


OPERATIONS = {
    "read_preview": Operation(_read_preview, idempotent=True),
}
