"""What is asked of Jira when a subscription is made: whether its JQL is one, and how its fields are called.

Somebody waits for the answer: there is one short call, or none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from adapters.errors import AdapterError, Rejected, Unauthorized
from bot.filters import canonical
from bot.operations.sites import urgent_jira
from bot.renderers.news import News
from bot.services import Services
from storage import preferences
from storage.subscriptions import Kept

FIELDS = "fields"
CUSTOM = "field:customfield_"


@dataclass(frozen=True)
class Problem:
    """Why a subscription cannot be made now: in a sentence, and where (empty: Jira does not answer)."""

    words: str
    field: str = ""


def checked(services: Services, source: str, events: Sequence[str], jql: str) -> Problem | None:
    """Why Jira does not take the JQL or cannot be asked; None if all is well. Keeps the fields' names."""
    custom = [name for name in map(canonical, events) if name.startswith(CUSTOM)]
    if not jql.strip() and not custom:
        return None
    try:
        jira, _ = urgent_jira(services, source)
        if jql.strip():
            jira.check_query(jql.strip())
        if custom and not jira.cloud:
            # Data Center's webhooks name a changed field by its name alone.
            names = {field.id.casefold(): field.name.casefold() for field in jira.fields()}
            now = services.now()
            site = subject(source)
            services.database.run(lambda connection: preferences.put(connection, site, FIELDS, names, now))
    except Unauthorized as error:
        return Problem(str(error))
    except Rejected as error:
        return Problem(str(error), "jql")
    except AdapterError as error:
        return Problem(f"Jira could not be asked: {error}")
    return None


def subject(source: str) -> str:
    """The site of a project, as its preferences name it."""
    site = source.rpartition("/")[0]
    return f"jira@{site}" if site else "jira"


def with_fields(connection: Connection, kept: Sequence[Kept], news: News) -> News:
    """The news with the ids of the fields that changed, where a subscription asks for one and Jira sends names."""
    if news.feature != "updated" or any(topic.startswith(CUSTOM) for topic in news.topics):
        return news
    events = {event for one in kept for event in one.events}
    if not any(canonical(event).startswith(CUSTOM) for event in events):
        return news
    names: dict[str, str] = preferences.get(connection, subject(kept[0].source), FIELDS) or {}
    found = {f"field:{ident}" for ident, name in names.items() if f"field:{name}" in news.topics}
    return replace(news, topics=news.topics | found)
