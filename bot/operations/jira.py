"""Calls to Jira. Creations carry their marker as a property (and a label where JQL has to find it)."""

from dataclasses import asdict
from typing import Any

from adapters.document import Document
from adapters.errors import AdapterError, Invalid, NotFound, Rejected
from adapters.jira.accounts import Account
from adapters.jira.client import JiraClient
from adapters.jira.comments import Comment
from adapters.jira.issue import Issue
from adapters.jira.site import TEXT_LIMIT
from adapters.plain_text import to_text
from adapters.slack.client import Person
from adapters.slack.markup import read_message
from bot.operations.accounts import account_if_told, contributing, entitled, may_be_created_in
from bot.operations.base import Effect, Operation, before_sending
from bot.operations.fields import shaped
from bot.operations.links import Own, own_jira
from bot.operations.mentions import for_jira
from bot.operations.outsiders import kept_in_slack
from bot.operations.room import fitted, shortened, stands_in_slack, within
from bot.operations.sites import jira_of, resource_of
from bot.operations.slack import slack_of
from bot.operations.words import (
    first_line,
    permalink,
    person_of,
    read_words,
    signature,
    signed_words,
    thread_messages,
    transcript,
)
from bot.people import refusal
from bot.services import Services
from storage.integrations import Integration

NO_PROJECT = "Say which project, as in `create bug in OPS: …`, or choose one for a channel: `/jira default OPS`."
NO_SUCH_PROJECT = "Jira has no project {} in which I may create issues."


def _create_issue(services: Services, row: Integration) -> Effect:
    payload = row.payload
    wanted = _project_of(services, payload)
    if not wanted:
        message = NO_PROJECT if not payload.get("project") else f"I know no Jira for the project {payload['project']}."
        raise Invalid(message, {"project": message})
    jira, project = jira_of(services, wanted)
    person = _allowed(services, payload)
    own = _own(services, payload, wanted)
    if own is None:
        _permitted(services, payload, wanted)
    content: dict[str, Any] = {
        "project": project,
        "issue_type": _type_name(jira, project, payload) or services.settings.jira_default_issue_type,
        "summary": _summary(services, payload),
        "description": _description(services, jira, payload, "" if own or person is None else person.name),
        "reporter": _reporter(services, jira, payload, person, own),
        **_fields(services, jira, payload, person),
    }
    before_sending(services, row)
    issue = (own.jira if own else jira).create_issue(marker=row.marker, **content)
    return created(_in_full(jira, issue))


def _asker(payload: dict[str, Any]) -> str:
    """With whose rights an issue is created; empty for a workflow that nobody started, and over REST."""
    if payload["origin"] == "rest":
        return ""
    return payload["starter"] if "starter" in payload else payload.get("requester", "")


def _own(services: Services, payload: dict[str, Any], project: str) -> Own | None:
    return own_jira(services, _asker(payload), project)


def _permitted(services: Services, payload: dict[str, Any], project: str) -> None:
    """Raises `Invalid`, for the project, if whoever asks may not create there."""
    try:
        if _asker(payload):
            entitled(services, _asker(payload), project, "CREATE_ISSUES")
        elif payload["origin"] == "step":
            may_be_created_in(services, project)
    except NotFound as error:
        reason = NO_SUCH_PROJECT.format(project)
        raise Invalid(reason, {"project": reason}) from error
    except Rejected as error:
        if error.code not in ("not_permitted", "no_account"):
            raise
        raise Invalid(str(error), {"project": str(error)}) from error


def _reporter(
    services: Services, jira: JiraClient, payload: dict[str, Any], person: Person | None, own: Own | None
) -> Account | None:
    """For whom the issue is; none where Jira takes whoever creates it."""
    if person is None or (own is not None and payload["requester"] == _asker(payload)):
        return None
    return account_if_told(services, jira, person, payload["requester"])


def _project_of(services: Services, payload: dict[str, Any]) -> str:
    return resource_of(services.settings, payload.get("project") or services.settings.jira_default_project)


def _type_name(jira: JiraClient, project: str, payload: dict[str, Any]) -> str:
    """The type in the project's own spelling: people write `bug`, Jira wants `Bug`."""
    wanted = payload.get("issue_type", "")
    if not wanted or payload["origin"] == "modal":
        return wanted
    try:
        names = [kind.name for kind in jira.issue_types(project)]
    except NotFound as error:
        reason = NO_SUCH_PROJECT.format(project)
        raise Invalid(reason, {"project": reason}) from error
    except Rejected:
        return wanted
    found = next((name for name in names if name.lower() == wanted.lower()), "")
    if names and not found:
        reason = f"{project} has no type {wanted}; it has {', '.join(names)}."
        raise Invalid(reason, {"issuetype": reason})
    return found or wanted


def _summary(services: Services, payload: dict[str, Any]) -> str:
    """The summary in plain text; where the request does not say, what its thread begins with."""
    if payload.get("typed"):
        return payload["summary"]
    if payload["summary"]:
        return first_line(to_text(read_words(services, {**payload, "text": payload["summary"], "message": None})))
    root = thread_messages(services, payload["thread"])[:1]
    return first_line(to_text(read_message(root[0])) if root else "") or "From a thread in Slack"


def _allowed(services: Services, payload: dict[str, Any]) -> Person | None:
    """The person who asks, once it is sure that they may; an API key's holder may name anyone or no one."""
    if not payload.get("requester"):
        return None
    if payload["origin"] == "rest":
        return person_of(services, payload["requester"])
    # A workflow is started by one person, and may make its issue for another.
    for user in filter(None, (payload.get("starter"), payload["requester"])):
        person = services.people.person(slack_of(services), user)
        reason = refusal(person, user.partition("/")[0])
        if reason:
            raise Rejected(reason, "not_allowed")
    return services.people.person(slack_of(services), payload["requester"])


def _fields(services: Services, jira: JiraClient, payload: dict[str, Any], person: Person | None) -> dict[str, Any]:
    """`fields` in Jira's own shapes, and the `labels`, which connect's own joins."""
    fields = shaped(services, jira, payload, person)
    if payload.get("component"):
        fields.setdefault("components", [{"name": payload["component"]}])
    return {"labels": fields.pop("labels", payload.get("labels", [])), "fields": fields}


def _description(services: Services, jira: JiraClient, payload: dict[str, Any], name: str) -> Document:
    said = transcript(services, payload["thread"], payload.get("place", "")) if payload.get("transcript") else ()
    link = permalink(services, payload.get("place", "")) or payload.get("link", "")
    closing = signature(name, link, payload.get("written_by", ""))
    room = TEXT_LIMIT - jira.length(Document((closing,))) - 2
    where = (lambda: link) if link and stands_in_slack(payload) else None
    words = fitted(jira, read_words(services, payload), where, "description", room).blocks
    return Document((*words, *shortened(jira, said, room - jira.length(Document(words)) - 2, link), closing))


def _in_full(jira: JiraClient, issue: Issue) -> Issue:
    """The issue as Jira shows it now, or what the creation told: it was created all the same."""
    try:
        return jira.issue(issue.key)
    except AdapterError:
        return issue


def _read_issue(services: Services, row: Integration) -> Effect:
    """Ask what a webhook does not say: the whole issue, if it showed a part, and which of some JQLs it matches."""
    jira, key = jira_of(services, row.payload["issue"])
    data: dict[str, Any] = {}
    if row.payload["read"]:
        data["issue"] = asdict(jira.issue(key))
    if row.payload["jql"]:
        matches = jira.matches(key, row.payload["uid"].rpartition("/")[2], row.payload["jql"])
        data |= {"matched": matches.matched, "wrong": matches.wrong}
    return Effect(row.payload["issue"], data=data)


def _find_issue(services: Services, row: Integration) -> Effect | None:
    """Look with the eyes of whoever may have created it, and with connect's: a link may have begun or ended since."""
    project = _project_of(services, row.payload)
    (jira, key), own = jira_of(services, project), _own(services, row.payload, project)
    issue = (own.jira.find_issue(row.marker, key) if own else None) or jira.find_issue(row.marker, key)
    return created(_in_full(jira, issue)) if issue else None


def created(issue: Issue) -> Effect:
    """The effect of a creation; also what a webhook shows that tells of one before its answer arrives."""
    return Effect(issue.resource, issue.resource, {"issue": asdict(issue)})


def _add_comment(services: Services, row: Integration) -> Effect:
    payload, author = row.payload, row.payload.get("author", "")
    if nothing := kept_in_slack(services, payload):
        return nothing
    own = own_jira(services, author, payload["issue"])
    if author and own is None:
        contributing(services, author, payload["issue"], "ADD_COMMENTS")
    jira, key = jira_of(services, payload["issue"])
    words = within(services, jira, payload, signed_words(services, payload, named=own is None))
    mentions = for_jira(services, jira, words, payload.get("team", ""))
    before_sending(services, row)
    return _commented(services, row, (own.jira if own else jira).add_comment(key, words, row.marker, mentions), own)


def _find_comment(services: Services, row: Integration) -> Effect | None:
    since = (row.sent_at or row.created_at).timestamp()
    jira, key = jira_of(services, row.payload["issue"])
    own = own_jira(services, row.payload.get("author", ""), row.payload["issue"])
    comment = (own.jira if own else jira).find_comment(key, row.marker, since)
    return _commented(services, row, comment, own) if comment else None


def _commented(services: Services, row: Integration, comment: Comment, own: Own | None) -> Effect:
    jira, _ = jira_of(services, row.payload["issue"])
    ident, author = jira.qualified(comment.id), person_of(services, row.payload.get("author", ""))
    told = {"comment_id": ident, "updated": comment.updated, "name": author.name if author else ""}
    return Effect(ident, data={**told, "own": "yes" if own else ""})


OPERATIONS = {
    "read_issue": Operation(_read_issue, idempotent=True),
    "create_issue": Operation(_create_issue, find=_find_issue),
    "add_comment": Operation(_add_comment, find=_find_comment),
}
