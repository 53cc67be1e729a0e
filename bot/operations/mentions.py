"""Whom a comment mentions: somebody's mention in Slack notifies their account in Jira, if it is known.

Only what Slack itself knows as a mention of one person becomes one; typed text never does, nor `@here` and the like.
"""

from adapters.document import Document
from adapters.errors import AdapterError
from adapters.jira.client import JiraClient
from adapters.jira.markup import Live
from adapters.walk import mentioned
from bot.operations.accounts import account_of
from bot.operations.words import person_of
from bot.services import Services


def for_jira(services: Services, jira: JiraClient, document: Document, team: str) -> Live:
    """Says which account a mention in the document is of, for those who have one; asked for now, then remembered."""
    people = {mention.id for mention in mentioned(document) if mention.kind == "user" and mention.id}
    accounts = {ident: _account(services, jira, f"{team}/{ident}") for ident in sorted(people)}
    return lambda mention: accounts.get(mention.id) if mention.kind == "user" else None


def _account(services: Services, jira: JiraClient, qualified: str) -> str | None:
    def look() -> str | None:
        person = person_of(services, qualified)
        account = account_of(services, jira, person, qualified) if person and not person.deleted else None
        return account.id if account else None

    try:
        return services.people.recall("account", jira.qualified(qualified), look)
    except AdapterError:
        return None  # the name says who is meant
