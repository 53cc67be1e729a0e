"""Whose account in Jira a person in Slack has, and what they may do there.

What a person asks connect to do in Jira is done with their rights: by their own account where they have linked it, else
by connect's, once Jira was asked whether they may.
"""

from dataclasses import dataclass

from adapters.errors import AdapterError, Rejected, Unauthorized
from adapters.jira.accounts import Account
from adapters.jira.client import JiraClient
from adapters.slack.client import Person
from bot.operations.links import own_jira
from bot.operations.sites import jira_of, urgent_jira
from bot.operations.slack import slack_of
from bot.people import refusal
from bot.services import Services
from storage import mappings

NO_ACCOUNT = "I do not know your account in Jira. Type `/jira me` to say which one it is."
CANNOT_ASK = (
    "Jira does not tell connect what you may do there: whoever runs connect can give its Jira account the permission "
    "“Administer Projects”."
)


@dataclass(frozen=True)
class Acting:
    """A person in Slack at work in Jira: `jira` is the client that acts, `key` the issue as its site knows it."""

    jira: JiraClient
    key: str
    account: Account
    person: Person
    own: bool = False
    """Whether it is by their own account: then their name need not stand in the text."""


def account_of(services: Services, jira: JiraClient, person: Person, qualified: str) -> Account | None:
    """The person's account: the one that was mapped, else the one with their e-mail address; None if there is none.

    Raises an `AdapterError` if Jira does not answer.
    """
    with services.database.read() as connection:
        mapped = mappings.other_ends(connection, "user", "slack", qualified, "jira")
    if mapped:
        extra = mapped[0].extra
        return Account(mapped[0].id, extra.get("name", ""), extra.get("display", ""))
    if not person.email:
        return None
    try:
        return jira.find_account(person.email)
    except Unauthorized:
        raise
    except Rejected:
        return None


def acting(services: Services, user: str, issue: str, permission: str, *, urgent: bool = False) -> Acting:
    """The person (`team/user`) about to act on an issue (its resource), once Jira says that they may.

    Raises `Rejected` with a sentence for the person if they may not, or an `AdapterError` if somebody does not answer.
    `urgent` is for when the person waits.
    """
    jira, key = (urgent_jira if urgent else jira_of)(services, issue)
    slack = services.urgent.slack if urgent and services.urgent.slack else slack_of(services)
    person = services.people.person(slack, user)
    reason = refusal(person, user.partition("/")[0])
    if reason:
        raise Rejected(reason, "not_allowed")
    own = own_jira(services, user, issue, urgent=urgent)
    if own is not None:  # what they may do there is for Jira itself to say, when it is done
        return Acting(own.jira, key, own.account, person, own=True)
    account = account_of(services, jira, person, user)
    if account is None:
        raise Rejected(NO_ACCOUNT, "no_account")
    if not _permitted(jira, account, permission, key):
        raise Rejected(f"Jira does not permit you to do this to {key}.", "not_permitted")
    return Acting(jira, key, account, person)


def _permitted(jira: JiraClient, account: Account, permission: str, key: str) -> bool:
    try:
        return jira.permitted(account, permission, key)
    except AdapterError as error:
        if type(error) is Rejected and error.code == "403":
            raise Rejected(CANNOT_ASK, "not_permitted") from error
        raise
