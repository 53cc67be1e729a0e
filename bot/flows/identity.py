"""Who is who: which account in Jira or on GitHub belongs to which person in Slack, as they and their admins say it.

A person claims an account by themselves (`bot.flows.claims`, `bot.flows.github_identity`); admins name one here, over
REST, or many in a CSV file.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from adapters.account import Account
from adapters.errors import AdapterError, NotFound, Rejected
from adapters.jira.client import JiraClient
from adapters.slack.client import Person, SlackClient
from bot.flows import claims, github_teams
from bot.flows.asker import Asker, may_not
from bot.flows.away import again
from bot.flows.subscribing import say
from bot.message import BlockDict, Message, context, escape, section, strong
from bot.operations import identities
from bot.operations.accounts import Directory, account_of, at_site
from bot.operations.github import github_of
from bot.operations.identities import Kept
from bot.operations.sites import jira_of, urgent_jira, urgent_jiras
from bot.services import Services
from storage import mappings

USER = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>|([UW][A-Z0-9]{5,})")
SHOWN = 40
ADMINS_ONLY = "Only admins of this workspace can do this."
NAME_BOTH = (
    "Name a person and their account: `/connect map @ada jira:ada@example.com`, or `github:ada`. An account's id will "
    "do as well."
)
NAME_ONE = "Name a person: `/connect unmap @ada`"
AWAY = "Jira did not tell me. Try again in a moment."
WHERE: dict[identities.Service, str] = {"jira": "in Jira", "github": "on GitHub"}


# --- for everyone ----------------------------------------------------------------------------------------------------


def me(services: Services, asker: Asker, command: str) -> Message:
    """Which Jira account a person has here, how it was found, and how to name another; `command` is `/jira`, say."""
    refusal = may_not(services, asker)
    if refusal or services.urgent.slack is None:
        return say(refusal)
    person = services.people.person(services.urgent.slack, asker.user)
    try:
        sentences = [_who_at(services, jira, person, asker.user) for _, jira in urgent_jiras(services)]
    except Rejected as error:
        return say(escape(error))
    except AdapterError as error:
        return say(again(services, "Jira", error, f"{AWAY} ({escape(error, 200)})"))
    another = f"`{command} me claim` says which one is yours."
    if not any(sentences):
        return say(f"I do not know your account in Jira: none has your e-mail address. {another}")
    text = "\n".join(sentence for sentence in sentences if sentence)
    return Message(text, [section(text), context(f"Is it another account? {another}")])


def _who_at(services: Services, jira: JiraClient, person: Person, user: str) -> str:
    """A sentence about a person's account at a site; empty if they have none that is known."""
    account = account_of(services, jira, person, user)
    with services.database.read() as connection:
        kept = identities.kept(connection, user, jira.name)
    if account is None or kept is None:
        return ""
    name = strong(account.display, 100) or "somebody without a name"
    return f"In {at_site(jira)} you are {name} ({identities.HOW[kept.by]})."


def claim(services: Services, asker: Asker) -> Message:
    """A code, and what to do with it."""
    refusal = may_not(services, asker)
    if refusal:
        return say(refusal)
    code = claims.begin(services, asker.user)
    return say(
        f"Write `{code}` as a comment on any issue in Jira, within an hour, from the account that is yours: only you "
        "can comment as that account, so it proves that it is you. No thread in Slack shows that comment, and you may "
        "delete it afterwards.\nNever write a code that somebody else gave you: it would let them act as you."
    )


# --- for admins ------------------------------------------------------------------------------------------------------


def name_account(services: Services, asker: Asker, words: Sequence[str]) -> Message:
    """`/connect map @user jira:<id>` or `github:<login>`."""
    refusal = _not_admin(services, asker)
    if refusal:
        return say(refusal)
    if words and github_teams.group_named(words[0]):
        return github_teams.name_team(services, asker, words)
    if len(words) != 2 or not USER.fullmatch(words[0]):
        return say(NAME_BOTH)
    assert services.urgent.slack is not None  # an admin has just been recognised
    try:
        directory, named = directory_named(services, words[1], urgent=True)
        paired = pair(services.urgent.slack, directory, asker.team, words[0], named)
    except Rejected as problem:
        return say(escape(problem))
    except AdapterError as error:
        service = "GitHub" if words[1].startswith("github:") else "Jira"
        return say(again(services, service, error, AWAY.replace("Jira", service)))
    keep(services, paired, "admin")
    account, there = called(paired.account, paired.service), WHERE[paired.service]
    return say(f":white_check_mark: {strong(paired.person.name)} is {strong(account, 100)} {there}.")


def unname(services: Services, asker: Asker, words: Sequence[str]) -> Message:
    """`/connect unmap @user`."""
    refusal = _not_admin(services, asker)
    if refusal:
        return say(refusal)
    group = github_teams.group_named(words[0]) if len(words) == 1 else ""
    if group:
        return github_teams.unname_team(services, asker, group)
    found = USER.fullmatch(words[0]) if len(words) == 1 else None
    if found is None:
        return say(NAME_ONE)
    user = found[1] or found[2]
    if services.database.run(lambda connection: _forget(connection, f"{asker.team}/{user}")):
        return say(f"I keep no account for <@{user}> any more. Their e-mail address may find one again.")
    return say(f"I kept no account for <@{user}>.")


def listed(services: Services, asker: Asker) -> Message:
    """`/connect people`: who is who, the last ones first."""
    refusal = _not_admin(services, asker)
    if refusal:
        return say(refusal)
    known = {service: _known(services, asker.team, service) for service in WHERE}
    groups = github_teams.listed(services, asker.team)
    if not groups and not any(known.values()):
        return say(f"I know nobody's account in Jira or on GitHub yet. {NAME_BOTH}")
    there: list[identities.Service] = [service for service in WHERE if known[service]]
    blocks = [block for service in there for block in _table(service, known[service])]
    blocks += [section("\n".join(["*Groups and teams*", *groups[:SHOWN]]))] if groups else []
    return Message(" and ".join(f"Who is who {WHERE[service]}" for service in there) or "Groups and teams", blocks)


def _known(services: Services, team: str, service: identities.Service) -> list[tuple[str, Kept]]:
    with services.database.read() as connection:
        found = mappings.of_type(connection, "user", "slack", service)
    return [(who, identities.kept_in(each, service)) for who, each in found if who.startswith(f"{team}/")]


def _table(service: identities.Service, found: Sequence[tuple[str, Kept]]) -> list[BlockDict]:
    lines = [
        f"• <@{who.partition('/')[2]}> is {strong(called(kept.account, service), 60)} ({kept.by})"
        for who, kept in reversed(found[-SHOWN:])
    ]
    more = [context(f"and {len(found) - SHOWN} more: `GET /api/v1/people` has them all")] if len(found) > SHOWN else []
    return [section(f"*Who is who {WHERE[service]}*\n" + "\n".join(lines)), *more]


def _forget(connection: Connection, user: str) -> bool:
    forgotten = [identities.forget(connection, user, None, service) for service in WHERE]
    return any(forgotten)


def _not_admin(services: Services, asker: Asker) -> str:
    reason = may_not(services, asker)
    if reason or services.urgent.slack is None:
        return reason
    return "" if services.people.person(services.urgent.slack, asker.user).admin else ADMINS_ONLY


# --- pairs -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pair:
    """A person in Slack (`user` is qualified by the workspace) and their account in Jira or on GitHub."""

    user: str
    person: Person
    account: Account
    site: str
    """The name of the account's site; empty for the main one, and for GitHub."""
    service: identities.Service


def called(account: Account, service: identities.Service) -> str:
    """What people call an account: on GitHub by its login."""
    return account.name if service == "github" else account.display or account.id


def directory_named(services: Services, named: str, *, urgent: bool = False) -> tuple[Directory, str]:
    """Where somebody's account is looked up, and the rest of its name: `github:ada`, `jira:eu/ada`, `ada`.

    Raises an `AdapterError` if that service is off.
    """
    service, _, login = named.strip().partition(":")
    if service == "github":
        return github_of(services, urgent=urgent), login.strip("<>").partition("|")[0].rpartition("/")[2].lstrip("@")
    return jira_named(urgent_jira if urgent else jira_of, services, named)


def jira_named(
    client: Callable[[Services, str], tuple[JiraClient, str]], services: Services, named: str
) -> tuple[JiraClient, str]:
    """The Jira (as `client` gives it) that somebody's account is at, and the rest of its name: `jira:eu/ada`, `ada`."""
    bare = named.strip().removeprefix("jira:").strip("<>").removeprefix("mailto:").partition("|")[0]
    site, _, ident = bare.partition("/")
    if site in services.settings.jira_sites:
        return client(services, f"{site}/")[0], ident
    return client(services, "")[0], bare


def pair(slack: SlackClient, directory: Directory, team: str, in_slack: str, named: str) -> Pair:
    """Look up who is meant: in Slack by id or e-mail address, elsewhere by id, user name or e-mail address.

    Raises `Rejected` with a sentence if there is no such person, or an `AdapterError` if a service does not answer.
    """
    person = _person(slack, in_slack.strip())
    if person.bot or person.deleted or (person.team_id and person.team_id != team):
        raise Rejected(f"{in_slack} is no active member of this workspace.", "unknown_person")
    by_email = directory.find_account(named) if "@" in named else None
    account = by_email or (directory.account(named) if named else None)
    if account is None:
        service = "GitHub" if directory.service == "github" else "Jira"
        raise Rejected(f"{service} has no active account {named} that I can see.", "unknown_account")
    return Pair(f"{team}/{person.id}", person, account, directory.name, directory.service)


def _person(slack: SlackClient, named: str) -> Person:
    found = USER.fullmatch(named)
    try:
        return slack.user(found[1] or found[2]) if found else slack.user_by_email(named)
    except NotFound:
        raise Rejected(f"Slack knows nobody {named}.", "unknown_person") from None


def keep(services: Services, paired: Pair, by: identities.By) -> int:
    """Keep a pair; returns the id of its mapping."""
    user, site, account, service = paired.user, paired.site, paired.account, paired.service
    return services.database.run(
        lambda connection: identities.keep(connection, user, site, account, by, services.now(), service)
    )
