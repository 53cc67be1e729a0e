"""What connect says about Jira's issues: the card, and one pure function per event, from the payload to `News`.

Jira Cloud tells of a comment twice (`comment_created` with a part of the issue, and `jira:issue_updated`), while Data
Center's `comment_created` names no issue: both roads end in the same news, with the same `occasion`.
https://developer.atlassian.com/server/jira/platform/webhooks/
"""

from dataclasses import replace

from adapters.jira.event import CommentEvent, actor, comment_of
from adapters.jira.issue import KEY, Issue, Site, person_name, read_issue
from adapters.jira.markup import read_body
from bot.message import Message, clean, code, link, one_line
from bot.payload import Payload, mapping, number, text
from bot.renderers.buttons import card_buttons
from bot.renderers.jira_changes import (
    MARKER_PREFIX,
    all_attachments,
    attachments,
    change_sentence,
    doer,
    moved,
    shown_changes,
)
from bot.renderers.jira_comments import comment_line, naming, stamp
from bot.renderers.jira_topics import topics
from bot.renderers.news import CommentKind, CommentNews, Facts, News
from bot.renderers.parts import assemble, day, dotted, excerpt, listing, person, phrase, who

SUMMARY_LIMIT = 150
EMOJI = {"new": "⚪", "indeterminate": "🔵", "done": "🟢"}

COMMENT_EVENTS: dict[str, CommentKind] = {
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
        excerpt(read_body(issue.description), naming({})),
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
        return stamp(issue.updated)
    return f"{timestamp:015d}" if timestamp >= 0 else ""


def issue_created(payload: Payload, site: Site) -> News | None:
    """A new issue: the card says it all."""
    issue = read_issue(mapping(payload, "issue"), site)
    brief = dotted(f"{doer(payload)} created it", one_line(issue.type, 40), one_line(issue.priority, 40))
    news = _news(payload, issue, "created", shown=card(issue), opens=True)
    return replace(news, brief=Message(brief), attached=all_attachments(payload)) if news else None


def issue_updated(payload: Payload, site: Site) -> News | None:
    """Changed fields, before and after; or a comment, which Jira reports by this event as well."""
    kind = _comment_kind(payload)
    if kind is not None:
        return _commented(payload, site, kind)
    issue = read_issue(mapping(payload, "issue"), site)
    line = change_sentence(payload, doer(payload))
    shown = card(issue) if issue.complete else None
    # Data Center tells of a comment given in the dialog of a transition in no other event.
    beside = None if _from_cloud(payload) else _commented(payload, site, "created")
    if not line and not shown:
        return beside
    news = _news(payload, issue, "updated", shown=shown, line=line, names=topics(payload, "updated"))
    return news and replace(news, beside=beside, renamed=moved(payload), attached=attachments(payload))


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


def _commented(payload: Payload, site: Site, kind: CommentKind) -> News | None:
    comment = comment_of(payload)
    if kind == "deleted":
        return _uncommented(payload, site, comment)
    # Without the comment nobody can tell which it was, and whether it was restricted. Cloud says the same by
    # `comment_…`.
    if not comment or not comment.id:
        return None
    issue = read_issue(mapping(payload, "issue"), site)
    shown = card(issue) if issue.complete else None
    line = comment_line(payload, comment, kind)
    said = _comment_news(comment, site, kind)
    told = f"comment:{said.id}:{kind}" + (f":{said.version}" if kind == "edited" else "")
    news = _news(
        payload, issue, "commented", shown=shown, line=line, occasion=told, names=topics(payload, "commented", kind)
    )
    return news and replace(news, comment=said, facts=replace(news.facts, restricted=comment.restricted))


def _uncommented(payload: Payload, site: Site, comment: CommentEvent | None) -> News | None:
    """A comment that is no more: the reply that showed it goes; a line says so to those alone who ask for that.

    Cloud says all of it by `comment_deleted`. Data Center's names no issue, and its `jira:issue_updated` no comment.
    """
    known = comment if comment and comment.id else None
    if known is None and _from_cloud(payload):
        return None
    issue, names = read_issue(mapping(payload, "issue"), site), topics(payload, "comment_deleted")
    deleter = person_name(payload.get("user"))
    line = (
        f"A comment by {who(known.author)} was deleted"
        if known and not deleter
        else f"{who(deleter)} deleted a comment"
    )
    shown = card(issue) if issue.complete else None
    news = _news(payload, issue, "comment_deleted", shown=shown, line=line, names=names)
    if known is None:
        return news
    said = _comment_news(known, site, "deleted")
    news = news or News("comment_deleted", "", None, None)
    facts = replace(news.facts, restricted=known.restricted)
    return replace(news, comment=said, facts=facts, occasion=f"comment:{said.id}:deleted")


def _comment_news(comment: CommentEvent, site: Site, kind: CommentKind) -> CommentNews:
    return CommentNews(site.qualified(clean(comment.id)), kind, stamp(comment.updated))


def _comment_kind(payload: Payload) -> CommentKind | None:
    named = text(payload, "issue_event_type_name")
    comment = comment_of(payload)
    if named in COMMENT_EVENTS:
        return COMMENT_EVENTS[named]
    if not comment or shown_changes(payload):
        return None
    # Older servers name no event type; only the times tell a new comment from an edited one.
    return "created" if comment.created == comment.updated else "edited"


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
        occasion=occasion,
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
