"""Whose account in Jira a person in Slack has, and what they may do there.

What a person asks connect to do in Jira is done with their rights: by their own account where they have linked it, else
by connect's, once Jira was asked whether they may. Most takes an account that connect knows (`acting`); to create, to
reply, to subscribe a channel and to look takes one only where JIRA_WITHOUT_ACCOUNT says so (`entitled`).
"""

import time
from dataclasses import dataclass
from typing import Protocol

from adapters.account import Account
from adapters.errors import AdapterError, NotFound, Rejected, Unauthorized, Unavailable
from adapters.jira.client import JiraClient
from adapters.slack.client import Person
from bot.create_screens import PATIENCE
from bot.operations import identities
from bot.operations.identities import RECHECKED, Kept, Service
from bot.operations.links import own_jira
from bot.operations.sites import jira_of, resource_of, urgent_jira
from bot.operations.slack import slack_of
from bot.people import refusal
from bot.services import Services

UNATTENDED = (
    "Nobody is known who started this workflow, and {} is not among the projects in which workflows may act all the "
    "same: whoever runs connect names those in JIRA_WORKFLOW_PROJECTS."
)
NO_PROJECTS = (
    "Nobody is known who started this workflow, and there are no projects in which workflows may act all the same: "
    "whoever runs connect names those in JIRA_WORKFLOW_PROJECTS."
)
NOBODY = Person(
    id="", team_id="", name="A workflow", email="", bot=True, guest=False, admin=False, deleted=False, timezone="",
    stranger=False,
)  # fmt: skip
NO_ACCOUNT = "I do not know your account in {}. Type `/jira me` to say which one it is."
CANNOT_LOOK = (
    "{0} does not let connect look people up, so I cannot find out whose account is whose: whoever runs connect can "
    "give its Jira account the permission “Browse users and groups”. Until then `/jira me claim` says which is yours."
)
NO_LOOK = (
    "{0} does not answer as a Jira does when I look people up, so I cannot find out whose account is whose: whoever "
    "runs connect can check its address. ({1})"
)
CANNOT_ASK = (
    "Jira does not tell connect what you may do there: whoever runs connect can give its Jira account the permission "
    "“Administer Projects”."
)
REFUSED = {
    "CREATE_ISSUES": "Jira does not permit you to create issues in {}.",
    "ADD_COMMENTS": "Jira does not permit you to comment on {}.",
    "CREATE_ATTACHMENTS": "Jira does not permit you to attach files to {}.",
    "BROWSE_PROJECTS": "Jira does not permit you to see {}.",
}


@dataclass(frozen=True)
class Acting:
    """A person in Slack at work in Jira: `jira` is the client that acts, `key` the issue as its site knows it."""

    jira: JiraClient
    key: str
    account: Account
    person: Person
    own: bool = False
    """Whether it is by their own account: then their name need not stand in the text."""


class Directory(Protocol):
    """Where accounts are looked up: a Jira site (by its `name`), or GitHub."""

    @property
    def service(self) -> Service:
        """Which service it is."""
        ...

    @property
    def name(self) -> str:
        """The name of the site; empty for the main one, and for GitHub."""
        ...

    def find_account(self, email: str) -> Account | None:
        """The account that shows this e-mail address."""
        ...

    def account(self, ident: str) -> Account | None:
        """The account with this id, if it still works."""
        ...


def account_of(services: Services, directory: Directory, person: Person, qualified: str) -> Account | None:
    """The account that is kept for the person, else the one with their e-mail address; None if there is none.

    What is kept is looked at again after a day: an account that is no longer active, or no longer the one with their
    e-mail address if it was found by that, is dropped and looked for anew. Where nothing is kept it raises `Rejected`
    (`cannot_look`) with a sentence if Jira does not tell connect of people, or an `AdapterError` if the service does
    not answer.
    """
    with services.database.read() as connection:
        kept = identities.kept(connection, qualified, directory.name, directory.service)
    if kept is None:
        return _by_email(services, directory, person, qualified)
    if services.now() - kept.checked_at < RECHECKED:
        return kept.account
    return _again(services, directory, person, qualified, kept)


def account_if_told(services: Services, directory: Directory, person: Person, qualified: str) -> Account | None:
    """The same for what can do without: None as well where Jira does not tell connect of people."""
    try:
        return account_of(services, directory, person, qualified)
    except Rejected as error:
        if error.code != "cannot_look":
            raise
        return None


def _again(services: Services, directory: Directory, person: Person, qualified: str, kept: Kept) -> Account | None:
    try:
        account = _look(directory, person.email) if kept.by == "email" else directory.account(kept.account.id)
    except AdapterError:
        return (
            kept.account
        )  # it is looked at again next time; what is done in its name is the service's to permit anyway
    if account is not None and account.id == kept.account.id:
        _keep(services, directory, qualified, account, kept.by)
        return account
    services.database.run(
        lambda connection: identities.forget(connection, qualified, directory.name, directory.service)
    )
    return _by_email(services, directory, person, qualified)


def _by_email(services: Services, directory: Directory, person: Person, qualified: str) -> Account | None:
    found = _look(directory, person.email)
    if found is not None:
        _keep(services, directory, qualified, found, "email")
    return found


def _keep(services: Services, directory: Directory, qualified: str, account: Account, by: str) -> None:
    now, site, service = services.now(), directory.name, directory.service
    services.database.run(lambda connection: identities.keep(connection, qualified, site, account, by, now, service))


def _look(directory: Directory, email: str) -> Account | None:
    if not email:
        return None
    try:
        return directory.find_account(email)
    except Unauthorized:
        raise
    except Rejected as error:
        if directory.service != "jira":
            return None
        sentence = CANNOT_LOOK if error.code == "403" else NO_LOOK
        raise Rejected(sentence.format(at_site(directory), error), "cannot_look") from error


def member(services: Services, user: str, *, urgent: bool = False) -> Person:
    """A member of the workspace (`team/user`); raises `Rejected` with a sentence for whoever is none."""
    slack = services.urgent.slack if urgent and services.urgent.slack else slack_of(services)
    person = services.people.person(slack, user)
    reason = refusal(person, user.partition("/")[0])
    if reason:
        raise Rejected(reason, "not_allowed")
    return person


def known(services: Services, jira: JiraClient, user: str, *, urgent: bool = False) -> tuple[Person, Account]:
    """A member of the workspace (`team/user`) and their account.

    Raises `Rejected` with a sentence for the person if they are none or have none, or an `AdapterError` if somebody
    does not answer.
    """
    person = member(services, user, urgent=urgent)
    account = account_of(services, jira, person, user)
    if account is None:
        raise Rejected(NO_ACCOUNT.format(at_site(jira)), "no_account")
    return person, account


def acting(services: Services, user: str, issue: str, permission: str, *, urgent: bool = False) -> Acting:
    """The person (`team/user`) about to act on an issue (its resource), once Jira says that they may.

    Raises `Rejected` with a sentence for the person if they may not, or an `AdapterError` if somebody does not answer.
    `urgent` is for when the person waits.
    """
    jira, key = (urgent_jira if urgent else jira_of)(services, issue)
    person = member(services, user, urgent=urgent)
    own = own_jira(services, user, issue, urgent=urgent)
    if own is not None:  # what they may do there is for Jira itself to say, when it is done
        return Acting(own.jira, key, own.account, person, own=True)
    person, account = known(services, jira, user, urgent=urgent)
    if not permitted(jira, account, permission, key):
        raise Rejected(f"Jira does not permit you to do this to {key}.", "not_permitted")
    return Acting(jira, key, account, person)


def unattended(services: Services, issue: str) -> Acting:
    """Connect itself about to act on an issue (its resource), since it is not known who asks for that.

    Raises `Rejected` unless its project is one of JIRA_WORKFLOW_PROJECTS and no security level hides it.
    """
    jira, key = jira_of(services, issue)
    found = jira.issue(key)
    if found.container not in workflow_projects(services):
        raise Rejected(UNATTENDED.format(found.project), "not_permitted")
    if found.secured:
        raise Rejected(f"{key} is restricted in Jira: somebody has to start the workflow who may see it.", "restricted")
    return Acting(jira, key, jira.myself(), NOBODY)


def workflow_projects(services: Services) -> set[str]:
    """The projects that JIRA_WORKFLOW_PROJECTS names, as rows name them."""
    named = services.settings.jira_workflow_projects.split(",")
    return {resource_of(services.settings, key) for key in named if key}


def permitted(jira: JiraClient, account: Account, permission: str, key: str) -> bool:
    """Whether Jira permits this account to do something to an issue; raises `Rejected` if connect may not ask that."""
    may = permits(jira, account, permission, key)
    if may is None:
        raise Rejected(CANNOT_ASK, "not_permitted")
    return may


def permits(jira: JiraClient, account: Account, permission: str, key: str) -> bool | None:
    """Whether Jira permits this account something on an issue or in a project; None if connect may not ask that."""
    try:
        return jira.permitted(account, permission, key)
    except Rejected as error:
        if type(error) is Rejected and error.code == "403":
            return None
        raise


# --- what takes no account of one's own ------------------------------------------------------------------------------


def entitled(services: Services, user: str, resource: str, permission: str, *, urgent: bool = False) -> Account | None:
    """The account of a person (`team/user`) who wants to create, comment, subscribe or look, if they may.

    `resource` is the issue's or the project's. Whose account is not known (None) may as JIRA_WITHOUT_ACCOUNT says;
    where Jira does not let connect ask, everybody may. Raises `Rejected` with a sentence for the person if they may
    not, or an `AdapterError` if somebody does not answer.
    """
    jira, key = (urgent_jira if urgent else jira_of)(services, resource)
    begun = time.monotonic()
    account = _account(services, jira, user, urgent=urgent)
    if urgent and time.monotonic() - begun > PATIENCE:
        raise Unavailable("Jira answers slowly just now.")
    if account is None:
        if services.settings.jira_without_account == "refuse":
            raise Rejected(NO_ACCOUNT.format(at_site(jira)), "no_account")
        return None
    asked, now = (jira.name, account.id, permission, key), services.now()
    if services.rights.get(asked, now) is None:
        if permits(jira, account, permission, key) is False:
            raise Rejected(REFUSED[permission].format(key), "not_permitted")
        services.rights.put(asked, True, now)  # a no is asked anew: who is given a right tries at once
    return account


def contributing(services: Services, user: str, issue: str, permission: str) -> Account | None:
    """The same for somebody who adds to an issue from its thread: one that is restricted takes an account."""
    account = entitled(services, user, issue, permission)
    if account is None:
        jira, key = jira_of(services, issue)
        if jira.issue(key).secured:
            raise Rejected(f"{key} is restricted in Jira. {NO_ACCOUNT.format(at_site(jira))}", "restricted")
    return account


def may_be_created_in(services: Services, project: str) -> None:
    """Raises `Rejected` unless a workflow that nobody is known to have started may create in a project (a resource)."""
    default = resource_of(services.settings, services.settings.jira_default_project)
    if project not in workflow_projects(services) | {default}:
        raise Rejected(UNATTENDED.format(project), "not_permitted")


def _account(services: Services, jira: JiraClient, user: str, *, urgent: bool) -> Account | None:
    slack = services.urgent.slack if urgent and services.urgent.slack else slack_of(services)
    # Who may go on without an account may do so too where Jira does not say whose is whose.
    look = account_of if services.settings.jira_without_account == "refuse" else account_if_told
    try:
        return look(services, jira, services.people.person(slack, user), user)
    except NotFound:  # Slack shows nothing of some people of other organisations
        return None


def at_site(jira: Directory) -> str:
    """A Jira as people know it: by the name of its site, if it is not the main one."""
    return f"Jira ({jira.name})" if jira.name else "Jira"
