"""What connect says about Jira's issues: the card, and one pure function per event, from the payload to `News`.

Jira Cloud tells of a comment twice (`comment_created` with a part of the issue, and `jira:issue_updated`), while Data
Center's `comment_created` names no issue: both roads end in the same news, with the same `occasion`.
https://developer.atlassian.com/server/jira/platform/webhooks/
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Literal

from adapters.document import Mention
from adapters.jira.event import CommentEvent, actor, comment_of
from adapters.jira.issue import KEY, Issue, Site, person_id, person_name, read_issue
from adapters.jira.markup import read_body
from adapters.slack.markup import write_mrkdwn
from bot.message import Message, clean, code, link, one_line
from bot.payload import Payload, find, mapping, number, text
from bot.renderers.buttons import card_buttons
from bot.renderers.jira_changes import MARKER_PREFIX, change_sentence, shown_changes, work_sentence
from bot.renderers.jira_topics import topics
from bot.renderers.news import Facts, News
from bot.renderers.parts import assemble, dotted, excerpt, listing, person, phrase, who

COMMENT_LIMIT = 2500
SUMMARY_LIMIT = 150
EMOJI = {"new": "⚪", "indeterminate": "🔵", "done": "🟢"}

type Kind = Literal["created", "edited", "deleted"]
"""What happened to a comment."""

COMMENT_EVENTS: dict[str, Kind] = {
    "issue_commented": "created",
    "issue_comment_edited": "edited",
    "issue_comment_deleted": "deleted",
}
"""What `issue_event_type_name` says of a comment inside `jira:issue_updated`."""


def card(issue: Issue) -> Message:
    """The card of an issue, from a webhook or from an answer of Jira's API."""
    word = one_line(issue.status, 60) or "No status"
    emoji = EMOJI.get(issue.status_category, "⚪")
    labels = [label for label in issue.labels if not label.startswith(MARKER_PREFIX)]
    return assemble(
        f"{_heading(issue)} ({word})",
        f"*{link(issue.url, _heading_text(issue), SUMMARY_LIMIT)}*\n"
        + dotted(f"{emoji} *{word.replace('*', '∗')}*", one_line(issue.type, 40), one_line(issue.priority, 40)),
        excerpt(read_body(issue.description), _naming({})),
        phrase("Assigned to", person(issue.assignee)) or "Unassigned",
        phrase("Reported by", person(issue.reporter)),
        phrase("Due", day(issue.due)),
        phrase("Labels:", listing(labels, code, " ")),
        buttons=card_buttons(issue),
    )


def deleted_card(issue: Issue) -> Message:
    """The card of an issue that is no more."""
    heading = _heading(issue)
    return assemble(
        f"{heading} (deleted)",
        f"~{heading.replace('~', '∼')}~\n" + dotted("🗑️ *Deleted*", one_line(issue.type, 40)),
        "",
    )


def version(issue: Issue, timestamp: int | None = None) -> str:
    """Sorts the states of an issue: the webhook's time (milliseconds) or else the time of the last update, padded."""
    if timestamp is None:
        try:
            timestamp = int(datetime.fromisoformat(issue.updated).timestamp() * 1000)
        except (ValueError, OverflowError):
            return ""
    return f"{timestamp:015d}" if timestamp >= 0 else ""


def issue_created(payload: Payload, site: Site) -> News | None:
    """A new issue: the card says it all."""
    issue = read_issue(mapping(payload, "issue"), site)
    brief = dotted(f"{who(actor(payload)[0])} created it", one_line(issue.type, 40), one_line(issue.priority, 40))
    news = _news(payload, issue, "created", shown=card(issue), opens=True)
    return replace(news, brief=Message(brief)) if news else None


def issue_updated(payload: Payload, site: Site) -> News | None:
    """Changed fields, before and after; or a comment, which Jira reports by this event as well."""
    kind = _comment_kind(payload)
    if kind is not None:
        return _commented(payload, site, kind)
    issue = read_issue(mapping(payload, "issue"), site)
    comment = _comment_alongside(payload)
    by = who(actor(payload)[0])
    said = [change_sentence(payload, by), work_sentence(payload, by), _comment_line(payload, comment, "created")]
    line = "\n".join(part for part in said if part)
    shown = card(issue) if issue.complete else None
    if not line and not shown:
        return None
    commented = "created" if comment else ""
    names, told = topics(payload, "updated", commented), _occasion(comment, "created")
    return _news(payload, issue, "updated", shown=shown, line=line, occasion=told, names=names)


def issue_deleted(payload: Payload, site: Site) -> News | None:
    """An issue that is no more: its card says so from now on."""
    issue = read_issue(mapping(payload, "issue"), site)
    line = f"{who(actor(payload)[0])} deleted {one_line(issue.key, 40)}"
    return _news(payload, issue, "deleted", shown=deleted_card(issue), line=line)


def comment_created(payload: Payload, site: Site) -> News | None:
    """A new comment."""
    return _commented(payload, site, "created")


def comment_updated(payload: Payload, site: Site) -> News | None:
    """A comment whose text changed."""
    return _commented(payload, site, "edited")


def comment_deleted(payload: Payload, site: Site) -> News | None:
    """A comment that is no more."""
    return _commented(payload, site, "deleted")


def _commented(payload: Payload, site: Site, kind: Kind) -> News | None:
    comment = comment_of(payload)
    # Without the comment nobody can tell whether it was restricted, and Cloud says the same by `comment_…`, with its
    # id. But that a comment was deleted may be told, and on Data Center this event is all there is.
    known = (comment and comment.id) or (kind == "deleted" and not _from_cloud(payload))
    if not known:
        return None
    issue = read_issue(mapping(payload, "issue"), site)
    line = _comment_line(payload, comment, kind) or f"{who(actor(payload)[0])} deleted a comment"
    shown = card(issue) if issue.complete else None
    news = _news(
        payload, issue, "commented", shown=shown, line=line, occasion=_occasion(comment, kind),
        names=topics(payload, "commented", kind),
    )  # fmt: skip
    restricted = bool(comment and comment.restricted)
    return replace(news, facts=replace(news.facts, restricted=restricted)) if news else None


def _comment_kind(payload: Payload) -> Kind | None:
    named = text(payload, "issue_event_type_name")
    comment = comment_of(payload)
    if named in COMMENT_EVENTS:
        return COMMENT_EVENTS[named]
    if not comment or shown_changes(payload):
        return None
    # Older servers name no event type; only the times tell a new comment from an edited one.
    return "created" if comment.created == comment.updated else "edited"


def _comment_alongside(payload: Payload) -> CommentEvent | None:
    """The comment given with a change (in the dialog of a transition), which Data Center tells of in no other event."""
    comment = comment_of(payload)
    return comment if comment and comment.id and not comment.restricted and not _from_cloud(payload) else None


def _comment_line(payload: Payload, comment: CommentEvent | None, kind: Kind) -> str:
    if not comment:
        return ""
    if kind == "deleted":
        deleter = person_name(find(payload, "user"))
        return f"{who(deleter)} deleted a comment" if deleter else f"A comment by {who(comment.author)} was deleted"
    by = who(actor(payload)[0])
    did = "edited a comment" if kind == "edited" else "commented"
    body = write_mrkdwn(read_body(comment.body), COMMENT_LIMIT, mentions=_naming(_people(payload))).strip()
    return f"{by} {did}:\n{body}" if body else f"{by} {did}"


def _naming(people: Mapping[str, str]) -> Callable[[Mention], str | None]:
    """Shows mentions by name where Jira sends a bare account id, as its wiki text does; none of them pings anyone."""

    def shown(mention: Mention) -> str | None:
        return None if mention.name else f"@{one_line(people.get(mention.id) or 'someone', 60)}"

    return shown


def _people(payload: Payload) -> dict[str, str]:
    """The names of those whom the payload shows, by account id."""
    fields, comment = mapping(payload, "issue", "fields"), mapping(payload, "comment")
    found = [payload.get("user"), *map(comment.get, ("author", "updateAuthor"))]
    found += map(fields.get, ("assignee", "reporter", "creator"))
    return {person_id(person): person_name(person) for person in found}


def _occasion(comment: CommentEvent | None, kind: Kind) -> str:
    if not comment:
        return ""
    return clean(f"comment:{comment.id}:{kind}" + (f":{comment.updated}" if kind == "edited" else ""))


def _news(
    payload: Payload,
    issue: Issue,
    feature: str,
    *,
    shown: Message | None,
    line: str = "",
    opens: bool = False,
    occasion: str = "",
    names: frozenset[str] = frozenset(),
) -> News | None:
    if not KEY.fullmatch(issue.key):
        return None
    by, account = actor(payload)
    site = Site("", issue.site)
    return News(
        feature=feature,
        resource=issue.resource,
        card=shown,
        line=Message(line) if line else None,
        version=version(issue, number(payload, "timestamp")),
        uid=clean(issue.uid),
        opens=opens,
        facts=replace(facts(issue, payload), actors=actors(payload)),
        topics=names,
        headline=link(issue.url, _heading_text(issue), SUMMARY_LIMIT),
        private=issue.secured,
        comment_id=site.qualified(occasion.split(":")[1]) if occasion else "",
        occasion=site.qualified(occasion),
        actor=clean(by),
        actor_id=clean(account),
    )


def facts(issue: Issue, payload: Payload | None = None) -> Facts:
    """What filters look at in an issue; the payload of a webhook says besides whether its reporter is a program."""
    return Facts(
        author=clean(issue.reporter),
        bot=text(payload or {}, "issue", "fields", "reporter", "accountType") == "app",
        labels=frozenset(clean(label) for label in issue.labels),
        type=clean(issue.type),
        priority=clean(issue.priority),
        status=clean(issue.status),
        components=frozenset(map(clean, issue.components)),
        assignee=_known_as(issue.assignee, issue.assignee_id),
        reporter=_known_as(issue.reporter, issue.reporter_id),
        complete=issue.complete,
    )


def actors(payload: Payload) -> frozenset[str]:
    """By which names a filter knows who did it.

    Cloud says which accounts are programs; Data Center does not, there its automation goes by its name.
    """
    name, account = actor(payload)
    entry = mapping(payload, "comment")
    kinds = {text(person, "accountType") for person in (mapping(payload, "user"), mapping(entry, "updateAuthor"))}
    program = {"bots", "automation"} if "app" in kinds else set[str]()
    if name.casefold().startswith("automation"):
        program = {"bots", "automation"}
    return _known_as(name, account) | program


def _known_as(*names: str) -> frozenset[str]:
    return frozenset(clean(name) for name in names if name)


def _from_cloud(payload: Payload) -> bool:
    return bool(text(payload, "user", "accountId"))


def _heading_text(issue: Issue) -> str:
    return f"{issue.key}: {issue.summary or 'Untitled'}".replace("*", "∗")


def _heading(issue: Issue) -> str:
    return one_line(f"{issue.key}: {issue.summary or 'Untitled'}", SUMMARY_LIMIT)


def day(due: str) -> str:
    """`24 Dec 2026` of Jira's `2026-12-24`."""
    try:
        day = date.fromisoformat(due)
    except ValueError:
        return one_line(due, 30)
    return f"{day.day} {day:%b %Y}"
