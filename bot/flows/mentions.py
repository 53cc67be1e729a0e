"""Whom a comment of Jira mentions: they are mentioned in Slack too, if it is sure who they are there.

Only a mention that Jira itself knows as one is translated. What a webhook shows as `[~accountid:…]` may have been typed
in Cloud's editor, so there the comment is read as a document first; in Data Center's wiki text it is the mention.
"""

from collections.abc import Mapping
from dataclasses import replace

from adapters.errors import AdapterError, NotFound
from adapters.jira.client import JiraClient
from adapters.jira.event import CommentEvent, comment_of
from adapters.jira.markup import read_body
from adapters.walk import mentioned
from bot.message import Message
from bot.operations.sites import urgent_jira
from bot.payload import Payload
from bot.renderers.jira_comments import Known, comment_line
from bot.renderers.news import News
from bot.services import Services
from storage import mappings

LIMIT = 20
"""How many of those mentioned in one comment are looked up."""


def people_in(services: Services, payload: Payload, news: News | None) -> Mapping[str, Known]:
    """Those mentioned in the comment that is told of, by account id; asks Jira and Slack only if there are any."""
    comment = comment_of(payload)
    if news is None or comment is None or not _told_of(news):
        return {}
    return _people(services, news.resource, comment)


def shown_by_name(payload: Payload, news: News, people: Mapping[str, Known], author: str) -> News:
    """The news with the comment in it as these people's names make it, those mentioned and its `author` in Slack."""
    comment = comment_of(payload)
    if comment is None or not (people or author):
        return news
    if news.beside is not None:
        return replace(news, beside=shown_by_name(payload, news.beside, people, author))
    if news.comment is None or news.line is None or news.comment.kind == "deleted":
        return news
    return replace(news, line=Message(comment_line(payload, comment, news.comment.kind, people, author)))


def _told_of(news: News) -> bool:
    told = news.beside or news
    return told.comment is not None and told.line is not None and told.comment.kind != "deleted"


def _people(services: Services, issue: str, comment: CommentEvent) -> Mapping[str, Known]:
    named = _ids(comment.body)
    if not named or services.jira is None:
        return {}
    try:
        jira, key = urgent_jira(services, issue)
        found = {ident: _known(services, jira, ident) for ident in named}
        if not jira.cloud:
            return found
        sought = any(known.slack for known in found.values())
        sure = _ids(jira.comment(key, comment.id).body) if sought else []
    except AdapterError:
        return {}  # their names will do
    return {ident: known if ident in sure else Known(known.name) for ident, known in found.items()}


def _ids(body: object) -> list[str]:
    ids = [mention.id for mention in mentioned(read_body(body)) if mention.kind == "user" and mention.id]
    return list(dict.fromkeys(ids))[:LIMIT]


def _known(services: Services, jira: JiraClient, ident: str) -> Known:
    return services.people.recall("jira user", jira.qualified(ident), lambda: _look(services, jira, ident))


def _look(services: Services, jira: JiraClient, ident: str) -> Known:
    account, email = jira.user(ident)
    with services.database.read() as connection:
        kept = mappings.other_ends(connection, "user", "jira", jira.qualified(account.id), "slack")
    return Known(account.display, kept[-1].id.rpartition("/")[2] if kept else _by_email(services, email))


def _by_email(services: Services, email: str) -> str:
    """The Slack id of a member of the workspace; empty if nobody has this address."""
    slack = services.urgent.slack
    if slack is None or not email:
        return ""
    try:
        person = slack.user_by_email(email)
    except NotFound:
        return ""
    return "" if person.deleted or person.bot or person.stranger else person.id
