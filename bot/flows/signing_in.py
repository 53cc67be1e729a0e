"""The pages on which a person links their account: each step from the button of `/jira login` to Jira and back.

See `bot.flows.linking` for what each of them keeps out.
"""

import hashlib
import hmac
import logging
import secrets
from dataclasses import dataclass

from sqlalchemy import Connection

from adapters.errors import AdapterError, Rejected
from adapters.jira.accounts import Account
from adapters.jira.oauth import NoAccess
from adapters.jira.personal import PersonalJira
from adapters.oauth import Grant, GrantEnded
from bot.flows.linking import BY, revoked
from bot.flows.plan import to_slack
from bot.message import Message, section, strong
from bot.operations import identities
from bot.operations.links import SERVICE, linked
from bot.operations.renewal import sealed
from bot.services import Linking, Services
from bot.vault import Unreadable
from storage import integrations, link_requests, tokens
from storage.integrations import NewIntegration
from storage.link_requests import Asked, Step
from storage.tokens import Holder

log = logging.getLogger(__name__)


class Refused(Exception):
    """A step that cannot be made; `title` and `str()` are for the person, with what to do next."""

    def __init__(self, title: str, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.title = title
        self.status = status


ADMIN = "whoever looks after connect"
AGAIN = "Go back to Slack, type /jira login, and use the button that appears."


@dataclass(frozen=True)
class Invitation:
    """What the page shows before anything happens; `proof` comes back with the click."""

    person: str
    workspace: str
    site: str
    proof: str


def invite(services: Services, ticket: str, browser: str) -> Invitation:
    """What the button's page shows in this browser; uses nothing up. Raises `Refused`."""
    linking, asked = _on(services), _of_ticket(services, ticket)
    try:
        slack = services.urgent.slack
        person = services.people.person(slack, asked.subject) if slack else None
        workspace = services.workspace.identity().url.partition("://")[2].strip("/")
    except AdapterError as error:
        raise Refused("Slack does not answer", "Try again in a moment: reload this page.", 503) from error
    # Anybody can take another's name in Slack, but not their e-mail address.
    shown = " · ".join(filter(None, (person.name, person.email))) if person else ""
    return Invitation(shown, workspace, linking.oauth.site, _proof(ticket, browser))


def begin(services: Services, ticket: str, browser: str, proof: str) -> str:
    """Use the ticket up, in this browser; returns Jira's address, where the person says yes or no. Raises `Refused`."""
    linking = _on(services)
    if not browser or not hmac.compare_digest(proof.encode(), _proof(ticket, browser).encode()):
        raise Refused("This did not come from connect's own page", f"Nothing was linked. {AGAIN}", 403)
    asked = _of_ticket(services, ticket)
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    step = Step(state, browser, linking.vault.seal(verifier))
    if not services.database.run(lambda connection: link_requests.use_ticket(connection, asked, step)):
        raise _gone()
    return linking.oauth.authorize_url(state, verifier)


def finish(services: Services, state: str, browser: str, code: str, refused: str) -> Account:
    """What Jira sent the browser back with: a `code`, or the word `refused`. Links the account. Raises `Refused`."""
    linking, now = _on(services), services.now()
    with services.database.read() as connection:
        asked = link_requests.by_state(connection, SERVICE, state, now) if state else None
    if asked is None:
        raise _gone()
    if not browser or not asked.is_from(browser):
        raise Refused("This is not the browser you began in", f"Nothing was linked. {AGAIN}", 403)
    if not services.database.run(lambda connection: link_requests.use_up(connection, asked)):
        raise _gone()
    if refused or not code:
        raise _said_no(refused)
    try:
        grant = linking.oauth.exchange(code, linking.vault.open(asked.verifier))
        return _linked(services, linking, asked.subject, grant)
    except (AdapterError, Unreadable) as error:
        raise _explained(linking, error) from error


def _linked(services: Services, linking: Linking, user: str, grant: Grant) -> Account:
    try:
        cloud_id = linking.oauth.cloud_id(grant.access)
        me = _myself(linking, cloud_id, grant.access)
    except AdapterError:
        _withdraw(linking, grant)
        raise
    earlier = linked(services, user)
    whose = Holder(SERVICE, linking.oauth.site, user, me.id, me.display, cloud_id)

    def store(connection: Connection) -> None:
        now = services.now()
        tokens.put(connection, whose, sealed(linking.vault, grant, now), now)
        identities.keep(connection, user, "", me, BY, now)  # who signed in knows best which account is theirs
        integrations.add(connection, [_news(user, me)], None, now)

    services.database.run(store)
    services.work.ring()
    if earlier and earlier.whose.account_id != me.id:  # what the same account allowed may be one grant with this
        revoked(linking, earlier)
    return me


def _myself(linking: Linking, cloud_id: str, access: str) -> Account:
    def renew(_: str) -> str:
        raise Rejected("Jira does not accept the sign-in that it gave just now.", "401")

    server = linking.oauth
    me = PersonalJira(server.site, server.api_url(cloud_id), access, server.timeout, renew).myself()
    if not me.id:
        raise Rejected("Jira does not say whose account it is.")
    return me


def _withdraw(linking: Linking, grant: Grant) -> None:
    try:
        linking.urgent.revoke(grant.refresh)
    except AdapterError as error:
        log.warning("tokens that are of no use could not be revoked: %s", error)


def _news(user: str, me: Account) -> NewIntegration:
    """What the person reads in Slack, whoever sat at the browser."""
    text = (
        f"Your Slack account is now linked to the Jira account {strong(me.display) or 'of yours'}: what you do from "
        f"here appears under that name. If this was not you, type `/jira logout` and tell {ADMIN}."
    )
    key = f"linked:{secrets.token_hex(16)}"
    cause = {"source_service": "jira", "event_type": "linked", "source_id": me.id}
    return to_slack("post_message", key, key, cause, user, {"channel": user}, Message(text, [section(text)]))


def _on(services: Services) -> Linking:
    if services.linking is None:
        raise Refused("Accounts cannot be linked yet", "Ask whoever runs connect here to set that up.", 503)
    return services.linking


def _of_ticket(services: Services, ticket: str) -> Asked:
    with services.database.read() as connection:
        asked = link_requests.by_ticket(connection, SERVICE, ticket, services.now()) if ticket else None
    if asked is None:
        raise _gone()
    return asked


def _proof(ticket: str, browser: str) -> str:
    return hashlib.sha256(f"{ticket}/{browser}".encode()).hexdigest()


# --- why not ---------------------------------------------------------------------------------------------------------


def _gone() -> Refused:
    return Refused(
        "This link is no longer good", f"It was used already, or is older than ten minutes. {AGAIN}", status=410
    )  # fmt: skip


def _said_no(word: str) -> Refused:
    if word == "access_denied":
        return Refused("You said no", f"Nothing was linked. If you change your mind: {_lower(AGAIN)}", 403)
    return Refused("Jira did not go on", f"Nothing was linked. {AGAIN} If it happens again, tell {ADMIN}.", 502)


def _explained(linking: Linking, error: Exception) -> Refused:
    site = linking.oauth.site.partition("://")[2]
    if isinstance(error, NoAccess) and error.sites:
        others = " and ".join(one.partition("://")[2] for one in error.sites[:3])
        text = f"You chose {others}, and connect works with {site}. {AGAIN} Choose {site} there."
        return Refused("That was another site", text, 403)
    if isinstance(error, NoAccess):
        text = f"This account cannot use {site}. Ask its administrator for access, or sign in with another account."
        return Refused("No access to this Jira", f"{text} {AGAIN}", 403)
    if isinstance(error, GrantEnded):
        return Refused("Jira took too long", f"Its answer is no longer good. {AGAIN}", 410)
    if isinstance(error, Rejected):
        return Refused("Jira refuses", f"Nothing was linked. Tell {ADMIN}: {error}", 502)
    return Refused("Jira does not answer", f"Nothing was linked. Wait a little. {AGAIN}", 503)


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
