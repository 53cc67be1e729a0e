"""Acting in Jira as the person themselves, by the account that they have linked at the main site."""

from dataclasses import dataclass

from adapters.account import Account
from adapters.jira.client import JiraClient
from adapters.jira.oauth import JiraOAuth
from adapters.jira.personal import PersonalJira
from bot.operations.renewal import Renewal, Words
from bot.services import Services
from storage import tokens
from storage.tokens import Kept

SERVICE = "jira"
ENDED = (
    "Your Jira account is no longer linked: Jira ended what you had allowed. I now act for you by my own account and "
    "name you in the text. To link yours again, type `/jira login`."
)
_WORDS = Words("Jira", ENDED, "JIRA_OAUTH_CLIENT_ID or JIRA_OAUTH_CLIENT_SECRET")


@dataclass(frozen=True)
class Own:
    """A person's own way into Jira."""

    jira: JiraClient
    account: Account


def own_jira(services: Services, user: str, resource: str, *, urgent: bool = False) -> Own | None:
    """The client that acts as this person (`team/user`) on an issue or project of the main site.

    None if they have linked no account, or no longer, and for every other site. Raises `Unavailable` if their access
    cannot be renewed now. `urgent` is for when the person waits.
    """
    elsewhere = "/" in resource
    kept, linking = linked(services, user), services.linking
    if linking is None or kept is None or elsewhere:
        return None
    server = linking.urgent if urgent else linking.oauth
    renewal = Renewal(services, linking.vault, server, _WORDS)
    ready = renewal.usable(kept, urgent=urgent)
    if ready is None:
        return None
    row, access = ready
    api_url = server.api_url(row.whose.cloud_id)

    def renew(refused: str) -> str:
        return renewal.instead_of(refused, row)

    return Own(PersonalJira(server.site, api_url, access, server.timeout, renew), account_of(row, server))


def linked(services: Services, user: str) -> Kept | None:
    """What this person has allowed at connect's Jira; None if nothing."""
    if services.linking is None or not user:
        return None
    with services.database.read() as connection:
        return tokens.get(connection, SERVICE, services.linking.oauth.site, user)


def account_of(kept: Kept, server: JiraOAuth) -> Account:
    """The account that somebody has linked."""
    return Account(kept.whose.account_id, "" if server.cloud else kept.whose.account_id, kept.whose.display)
