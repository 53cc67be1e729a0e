"""What people do to GitHub's issues and pull requests from Slack: each call is made once it is known that they may.

All may be repeated but comments, which are looked for by their marker.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from adapters.document import Document
from adapters.errors import Invalid, NotFound, Rejected
from adapters.github.client import GitHubClient
from adapters.github.doing import Ticket
from adapters.github.issues import BODY_LIMIT
from adapters.github.markup import unordered, write_markdown
from bot.message import truncate
from bot.operations.base import Effect, Operation, before_sending
from bot.operations.github import commented, github_of
from bot.operations.github_accounts import Acting, acting_for, on_github, readable
from bot.operations.hearers import is_closed
from bot.operations.named_issues import named_in
from bot.operations.slack import bare, slack_of
from bot.operations.words import card_address, read_words, requester_name
from bot.people import under_name
from bot.services import Services
from bot.spelling import near, same
from storage.integrations import Integration


def _where(row: Integration) -> tuple[str, int]:
    return row.payload["repository"], row.payload["number"]


def _did(row: Integration, **data: Any) -> Effect:
    return Effect(row.payload["resource"], data=data)


# --- state -----------------------------------------------------------------------------------------------------------


def _set_state(services: Services, row: Integration) -> Effect:
    """Close or reopen; whoever opened it may close it, and reopen it if they closed it, whatever their role.

    https://docs.github.com/en/issues/tracking-your-work-with-issues/administering-issues/closing-an-issue
    """
    who, state, reason = acting_for(services, row, "read"), row.payload["state"], row.payload.get("reason", "")
    there = who.github.ticket(*_where(row))
    if not who.own and not _is_theirs(there, who.account.name):
        who = acting_for(services, row, "triage")
    reason = "" if there.pull else reason
    if there.state != state or (reason and there.reason != reason):
        there = who.github.set_state(*_where(row), state, reason)
    return _did(row, ticket=asdict(there))


def _is_theirs(there: Ticket, login: str) -> bool:
    return there.author == login and there.closed_by in ("", login)


# --- assignees, labels -----------------------------------------------------------------------------------------------


def _assign(services: Services, row: Integration) -> Effect:
    who, (repository, number) = acting_for(services, row, "triage"), _where(row)
    login = meant(services, who, row.payload["to"])
    if not who.github.assignable(repository, login):
        raise Rejected(
            f"Nothing in {repository} can be assigned to “{truncate(login, 60)}”. Name the account on GitHub of "
            "somebody who works there.",
            "nobody",
        )
    there = who.github.assign(repository, number, [login])
    if login.casefold() not in (each.casefold() for each in there.assignees):
        raise Rejected("GitHub left it as it is: it takes a higher role there, or it has ten assignees already.", "no")
    return _did(row, ticket=asdict(there), login=login, me=login == who.account.name)


def _unassign(services: Services, row: Integration) -> Effect:
    """Take it from who is named, or from everybody."""
    who, (repository, number) = acting_for(services, row, "triage"), _where(row)
    there = who.github.ticket(repository, number)
    logins = [meant(services, who, row.payload["to"])] if row.payload["to"] else list(there.assignees)
    if logins:
        there = who.github.unassign(repository, number, logins)
    return _did(row, ticket=asdict(there))


def meant(services: Services, who: Acting, to: Mapping[str, str]) -> str:
    """The login of whom `to` means: `me`, a `person` (`team/user`) in Slack, or a `login` as it was typed."""
    if "me" in to:
        return who.account.name
    if "login" in to:
        return to["login"].removeprefix("@")
    person = services.people.person(slack_of(services), to["person"])
    account = on_github(services, person, to["person"])
    if account is None:
        raise Rejected(
            f"I do not know the account of {person.name} on GitHub. They can link it: `/github login`.", "no_account"
        )
    return account.name


def _label(services: Services, row: Integration) -> Effect:
    who = acting_for(services, row, "triage")
    set_labels(who.github, *_where(row), row.payload["add"], row.payload["remove"])
    return _did(row, ticket=asdict(who.github.ticket(*_where(row))))


def set_labels(github: GitHubClient, repository: str, number: int, add: Iterable[str], remove: Iterable[str]) -> None:
    """Put labels on and take others off; GitHub would make one that is misspelt, so only those are taken that exist."""
    known = {same(name): name for name in github.labels(repository)}
    new, gone = ([known_label(repository, known, name) for name in names] for names in (add, remove))
    if new:
        github.add_labels(repository, number, new)
    for name in gone:
        with suppress(NotFound):
            github.remove_label(repository, number, name)


def known_label(repository: str, known: Mapping[str, str], name: str) -> str:
    """The label as a repository has it; `known` are its labels by what their names are compared by."""
    found = known.get(same(name))
    if found is not None:
        return found
    others = near(name, known.values(), 3, 0.5)
    hint = f"Did you mean {_or(others)}?" if others else "It can be made on GitHub."
    raise Rejected(f"{repository} has no label “{truncate(name, 60)}”. {hint}", "no_label")


def _or(names: Iterable[str]) -> str:
    return " or ".join(f"“{name}”" for name in names)


# --- comments --------------------------------------------------------------------------------------------------------


def _comment(services: Services, row: Integration) -> Effect:
    words = read_words(services, row.payload)
    who, (repository, number) = acting_for(services, row, "read"), _where(row)
    body = signed(who, words)
    before_sending(services, row)
    return commented(who.github.add_comment(repository, number, body, row.marker), who.person.name)


def signed(who: Acting, words: Document) -> str:
    """Somebody's words as Markdown, under their name unless they are written by an account of their own.

    Raises `Invalid` if GitHub does not take so many.
    """
    body = write_markdown(words) if who.own else unordered(write_markdown(under_name(who.person.name, words)))
    if len(body) > BODY_LIMIT:
        sentence = f"This is {len(body):,} characters long, and GitHub takes no more than {BODY_LIMIT:,}. Shorten it."
        raise Invalid(sentence, {"comment": sentence})
    return body


def _find_comment(services: Services, row: Integration) -> Effect | None:
    since = (row.sent_at or row.created_at).timestamp()
    found = github_of(services).find_comment(*_where(row), row.marker, since=since)
    return commented(found, requester_name(services, row.payload["requester"])) if found else None


# --- looking at one --------------------------------------------------------------------------------------------------


def _read_ticket(services: Services, row: Integration) -> Effect:
    """Read what a person wants to see, or to show to those around them; `there` is its card among these."""
    payload, told = row.payload, told_to(services, row)
    named = named_in(services, told)
    if payload["form"] != "share":
        return _did(row, told=told, named=named)
    if told["repository"]["private"] and not is_private(services, payload["channel"]):
        raise Rejected(
            f"{told['repository']['full_name']} is private on GitHub, so I show it in private channels only.", "private"
        )
    pull = told.get("pull_request")
    shown = pull or told["issue"]
    card_of = {"service": "github", "resource": f"{told['repository']['full_name']}#{shown['number']}",
               "uid": f"pull/{pull['id']}" if pull else str(shown["id"])}  # fmt: skip
    return _did(row, told=told, named=named, there=card_address(services, card_of, payload["channel"]))


def told_to(services: Services, row: Integration) -> dict[str, Any]:
    """What a row asks for, in the shape of webhooks; raises `NotFound` if whoever asks may not see it."""
    payload, (repository, number) = row.payload, _where(row)
    unseen = NotFound(f"GitHub has no {payload['resource']} that you and I can see.", "404")
    try:
        if not readable(services, payload["requester"], repository):
            raise unseen
        return github_of(services).as_told(repository, number)
    except NotFound as error:
        raise unseen from error


def is_private(services: Services, channel: str) -> bool:
    """Whether a channel (`team/channel`) may be shown what is private; one that connect cannot see may not."""
    try:
        seen = slack_of(services).channel(bare(channel))
    except NotFound:
        return False
    return is_closed(services, channel, seen)


OPERATIONS = {
    "set_state": Operation(_set_state, idempotent=True),
    "assign": Operation(_assign, idempotent=True),
    "unassign": Operation(_unassign, idempotent=True),
    "label": Operation(_label, idempotent=True),
    "comment": Operation(_comment, find=_find_comment),
    "read_ticket": Operation(_read_ticket, idempotent=True),
}
