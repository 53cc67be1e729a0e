"""Issues that people open on GitHub from Slack: with their rights, in their words, and under their name.

What is known to be wrong is found before anything is sent. An issue whose answer was lost is looked for by its marker,
with the eyes of whoever may have opened it, and with connect's.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from adapters.document import CodeBlock, Document, Paragraph, Text, plain
from adapters.errors import AdapterError, Invalid, NotFound, Rejected
from adapters.github.client import GitHubClient
from adapters.github.issues import BODY_LIMIT, Issue
from adapters.github.markup import quieted, unordered, write_markdown
from adapters.github.repositories import Repository
from bot.issue_templates import as_json
from bot.operations.base import Effect, Operation, before_sending
from bot.operations.github import created, github_of
from bot.operations.github_accounts import Acting, acting, may_write, readable, unattended
from bot.operations.github_comments import MARKER_ROOM
from bot.operations.github_doing import is_private
from bot.operations.github_links import own_github
from bot.operations.issue_templates import offered
from bot.operations.room import shortened, stands_in_slack
from bot.operations.words import permalink, read_words, signature
from bot.services import Services
from storage.integrations import Integration

UNSEEN = "GitHub has no repository {} that you and I can see."
NOT_YOURS = (
    "GitHub lets only those choose {1} in {0} who have the role “triage” there, and yours is a lower one. Leave that "
    "empty, and whoever looks after {0} can choose."
)
NO_RESPONSE = "_No response_"
EXTRAS = ("labels", "assignees", "milestone")


# --- opening ---------------------------------------------------------------------------------------------------------


def _create_issue(services: Services, row: Integration) -> Effect:
    payload = row.payload
    if "body" in payload:  # over REST, by whoever holds the key
        made = github_of(services).create_issue(payload["repository"], payload["title"], payload["body"], row.marker)
        return created(row, made)
    who, there = _allowed(services, payload)
    extras = _extras(services, who, there, payload)
    hidden = there.private and bool(payload["channel"]) and not is_private(services, payload["channel"])
    body = _body(services, who, payload)
    before_sending(services, row)
    issue = _sent(who, there, row, body, extras)
    return _made(row, who.github, there, issue, hidden=hidden)


def _sent(who: Acting, there: Repository, row: Integration, body: str, extras: dict[str, Any]) -> Issue:
    """The issue; of a type that the template names and its owner does not have it is made without one."""
    asked = (there.full_name, row.payload["title"], body, row.marker)
    try:
        return who.github.create_issue(*asked, **extras)
    except Invalid as error:
        if "type" not in error.fields or "type" not in extras:
            raise
        return who.github.create_issue(*asked, **{name: value for name, value in extras.items() if name != "type"})


def _find_issue(services: Services, row: Integration) -> Effect | None:
    payload, since = row.payload, (row.sent_at or row.created_at).timestamp()
    if "body" in payload:
        issue = github_of(services).find_issue(payload["repository"], row.marker, since=since)
        return created(row, issue) if issue else None
    own = own_github(services, payload["requester"])
    for github in ([own.github] if own else []) + [github_of(services)]:
        with suppress(NotFound):
            issue = github.find_issue(payload["repository"], row.marker, since=since)
            if issue is not None:
                there = github.repository(payload["repository"])
                hidden = there.private and bool(payload["channel"]) and not is_private(services, payload["channel"])
                return _made(row, github, there, issue, hidden=hidden)
    return None


def _made(row: Integration, github: GitHubClient, there: Repository, issue: Issue, *, hidden: bool) -> Effect:
    """The issue as GitHub shows it now, or what its creation told: it was created all the same."""
    try:
        told = github.as_told(there.full_name, issue.number)
    except AdapterError:
        told = {"action": "opened", "issue": _shown(issue), "repository": {
            "full_name": there.full_name, "html_url": there.url, "private": there.private}}  # fmt: skip
    return created(row, issue, told, hidden=hidden)


def _shown(issue: Issue) -> dict[str, Any]:
    return {
        "id": issue.id, "number": issue.number, "title": issue.title, "html_url": issue.url, "state": "open",
        "labels": [{"name": name} for name in issue.labels], "assignees": [{"login": who} for who in issue.assignees],
    }  # fmt: skip


def _allowed(services: Services, payload: Mapping[str, Any]) -> tuple[Acting, Repository]:
    """Who opens it, once it is sure that they may; raises `Invalid` about the repository otherwise."""
    repository, user = payload["repository"], payload["requester"]
    if payload["origin"] == "step" and not user:
        who = unattended(services, repository)
        return who, who.github.repository(repository)
    unseen = UNSEEN.format(repository)
    try:
        if own_github(services, user) is None and not readable(services, user, repository):
            raise Invalid(unseen, {"repository": unseen})
        who = acting(services, user, repository, "read")
        return who, who.github.repository(repository)
    except NotFound as error:
        raise Invalid(unseen, {"repository": unseen}) from error
    except Rejected as error:
        if error.code not in ("not_permitted", "no_account"):
            raise
        raise Invalid(str(error), {"repository": str(error)}) from error


def _extras(services: Services, who: Acting, there: Repository, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Labels, assignees and milestone. A template's own are for everybody, as on GitHub; to choose others takes a role.

    What the template names and the repository does not have is left out: GitHub would make such a label.
    """
    wanted: dict[str, Any] = {name: payload[name] for name in EXTRAS if payload.get(name)}
    usual_type = {"type": payload["type"]} if payload.get("type") else {}
    usual: Mapping[str, list[str]] = payload.get("usual") or {}
    own = {name: given for name, given in wanted.items() if not _is_usual(given, usual.get(name, []))}
    if own and not who.own and payload["requester"]:
        try:
            acting(services, payload["requester"], there.full_name, "triage")
        except Rejected as error:
            if error.code != "not_permitted":
                raise
            reasons = {name: NOT_YOURS.format(there.full_name, name) for name in own}
            raise Invalid(next(iter(reasons.values())), reasons) from error
    if wanted.get("labels") and usual.get("labels"):
        known = {name.casefold() for name in who.github.labels(there.full_name)}
        wanted["labels"] = [name for name in wanted["labels"] if name.casefold() in known]
    return wanted | usual_type


def _is_usual(given: object, usual: Iterable[str]) -> bool:
    return isinstance(given, list) and {*given} <= {*usual}


# --- its text --------------------------------------------------------------------------------------------------------


def _body(services: Services, who: Acting, payload: Mapping[str, Any]) -> str:
    """What was typed as Markdown, and who says so where.

    A message that is too long is cut, with a line that leads to it; raises `Invalid` for what stands nowhere else.
    """
    link = permalink(services, payload.get("place", "")) or payload.get("link", "")
    closing = write_markdown(
        Document((signature("" if who.own else who.person.name, link, payload.get("written_by", "")),))
    )
    room = BODY_LIMIT - MARKER_ROOM - len(closing)
    parts = payload["parts"]
    written = [_part(part, _words(services, payload, part)) for part in parts]
    over = len("\n\n".join(written)) + 2 - room
    if over > 0:
        number = next((each for each, part in enumerate(parts) if _is_message(part)), -1)
        left = len(written[number]) - len(_part(parts[number], "")) - over if number >= 0 else 0
        if left <= 0:
            sentence = f"This is {len(''.join(written)):,} characters long, and GitHub takes no more than {room:,}."
            raise Invalid(f"{sentence} Shorten it.", {"body": f"{sentence} Shorten it."})
        words = shortened(who.github, read_words(services, _said(payload, parts[number])).blocks, left, link)
        written[number] = _part(parts[number], write_markdown(Document(words)))
    body = "\n\n".join([*(text for text in written if text), closing])
    templates = {line for part in parts for line in part.get("verbatim", "").split("\n")}
    return body if who.own else unordered(body, templates)


def _is_message(part: Mapping[str, Any]) -> bool:
    return part["kind"] == "rich" and stands_in_slack(part)


def _said(payload: Mapping[str, Any], part: Mapping[str, Any]) -> dict[str, Any]:
    return {"message": part["message"], "team": payload["team"]}


def _part(part: Mapping[str, Any], words: str) -> str:
    """An answer beneath its label, as GitHub itself writes what is typed into its own form."""
    if not part.get("label"):
        return words.strip()
    heading = write_markdown(Document((Paragraph((Text(str(part["label"])),)),)))
    return f"### {heading}\n\n{words.strip() or NO_RESPONSE}"


def _words(services: Services, payload: Mapping[str, Any], part: Mapping[str, Any]) -> str:
    match part["kind"]:
        case "rich":
            return write_markdown(read_words(services, _said(payload, part)))
        case "markdown":
            return quieted(part["text"], {*part.get("verbatim", "").split("\n")})
        case "code":
            return write_markdown(Document((CodeBlock(part["text"], part["language"]),))) if part["text"] else ""
        case "boxes":
            ticked: list[int] = part["ticked"]
            return "\n".join(f"- [{'x' if n in ticked else ' '}] {label}" for n, label in enumerate(part["options"]))
        case _:
            return write_markdown(plain(part["text"]))


# --- what may be chosen ----------------------------------------------------------------------------------------------


def _read_issue_forms(services: Services, row: Integration) -> Effect:
    """What a repository offers to whoever opens an issue there, if the person may read it."""
    payload = row.payload
    repository, unseen = payload["repository"], NotFound(UNSEEN.format(payload["repository"]), "404")
    try:
        if not readable(services, payload["requester"], repository):
            raise unseen
        github, key = github_of(services), f"issue forms of {repository}"
        found = services.people.recall("github", key, lambda: offered(github, repository))
        if not found.blank:  # those who may write there open blank issues all the same, as on GitHub
            found = replace(found, maintainer=may_write(services, payload["requester"], repository))
    except NotFound as error:
        raise unseen from error
    return Effect("", data={"choice": as_json(found)})


OPERATIONS = {
    "create_issue": Operation(_create_issue, find=_find_issue),
    "read_issue_forms": Operation(_read_issue_forms, idempotent=True),
}
