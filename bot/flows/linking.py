"""Linking: a person lets connect act in Jira by their own account.

From Slack to Jira and back it is one person in one browser, and each step works once:

1. The button that `/jira login` shows to the person alone holds a ticket, good for ten minutes.
2. Its page says which person in which workspace the account will be linked to, and asks for a click. So who was lured
   to somebody else's ticket sees a stranger's name before anything happens. The click needs a cookie of this browser
   and a word made of it, which no other site can send along.
3. The click uses the ticket up. Jira's answer counts in the browser of the click only, and once: who is lured to the
   end of somebody else's way has not got the cookie.
4. At the end the person is told in Slack whose account it is: a ticket that was stolen in time does not go unnoticed.
"""

import logging
import secrets
from datetime import timedelta

from sqlalchemy import Connection

from adapters.errors import AdapterError
from bot.flows.asker import Asker
from bot.message import BlockDict, Message, actions, button, section, strong
from bot.operations.links import SERVICE, linked
from bot.services import Linking, Services
from bot.vault import Unreadable
from storage import link_requests, mappings, tokens
from storage.tokens import Kept

log = logging.getLogger(__name__)

GOOD_FOR = timedelta(minutes=10)
BY = "oauth"
"""How a mapping says that it came from here."""
OFF = (
    "Accounts cannot be linked yet: ask whoever runs connect here to set that up. Until then I act for you by "
    "my own account in Jira, and name you in the text."
)


def link_button(services: Services, asker: Asker) -> BlockDict | None:
    """A row with the button that begins, for this person and the next ten minutes; None if accounts cannot be linked.

    It belongs into an answer that only they see, and never into a row: who has its address begins in their place.
    """
    if services.linking is None:
        return None
    ticket, now = secrets.token_urlsafe(32), services.now()
    services.database.run(
        lambda connection: link_requests.open_new(connection, SERVICE, asker.user, ticket, now, now + GOOD_FOR)
    )
    url = f"{services.settings.connect_public_url}/oauth/jira/start?ticket={ticket}"
    return actions(button("Link my Jira account", "jira_link", url=url, style="primary"))


def login(services: Services, asker: Asker) -> Message:
    """`/jira login`: the button, and which account is linked by now."""
    row = link_button(services, asker)
    if row is None:
        return Message(OFF, [section(OFF)])
    kept = linked(services, asker.user)
    known = f"You have linked {strong(kept.whose.display)}. " if kept else ""
    text = f"{known}Link your Jira account, and what you do from Slack appears in Jira under your own name."
    return Message(text, [section(text), row])


def logout(services: Services, asker: Asker) -> Message:
    """`/jira logout`: forget what the person allowed, and ask Jira to make it worthless."""
    linking = services.linking
    kept = services.database.run(lambda connection: _forget(services, connection, asker.user))
    if linking is None or kept is None:
        text = "You have linked no Jira account. I act for you by my own, and name you in the text."
        return Message(text, [section(text)])
    text = f"Done: {strong(kept.whose.display)} is no longer linked. From now on I act for you by my own account."
    if not revoked(linking, kept):
        text += " In your Jira profile you can take connect off the list of apps that you have allowed."
    return Message(text, [section(text)])


def _forget(services: Services, connection: Connection, user: str) -> Kept | None:
    link_requests.forget(connection, SERVICE, user)
    site = services.linking.oauth.site if services.linking else ""
    kept = tokens.remove(connection, SERVICE, site, user)
    if kept:
        _unmap(connection, user)
    return kept


def _unmap(connection: Connection, user: str) -> None:
    """Forget which account at the main site is a person's, if that came by linking it."""
    for found in mappings.other_ends(connection, "user", "slack", user, "jira"):
        if found.extra.get("by") == BY:
            mappings.forget(connection, found.row_id)


def revoked(linking: Linking, kept: Kept) -> bool:
    """Whether Jira was told that the tokens are worthless; they are forgotten here in any case."""
    try:
        return linking.urgent.revoke(linking.vault.open(kept.sealed.refresh))
    except (AdapterError, Unreadable) as error:
        log.warning("what somebody had allowed could not be revoked: %s", error)
        return False
