"""Slack → Jira: a request becomes an issue, its mapping, and its card in the thread it came from."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from adapters.errors import AdapterError, Invalid
from adapters.jira.issue import Issue
from adapters.plain_text import to_text
from adapters.slack.markup import read_message
from bot.flows import answered, away, files
from bot.flows.answered import cause_of, in_form
from bot.flows.plan import Consequences, to_slack
from bot.flows.tell import given_back
from bot.message import Message, escape, link, section, strong
from bot.modals import create_issue as modal
from bot.modals.waiting import Wait
from bot.operations.words import first_line
from bot.payload import mapping
from bot.renderers.jira import card
from storage.integrations import Integration, NewIntegration
from storage.mappings import NewMapping


def request_issue(key: str, event: str, payload: Mapping[str, Any]) -> NewIntegration:
    """Ask for an issue.

    `payload`: `origin` (modal, command, mention, reaction, step, rest), `summary`, `text` or `message`, and where known
    `project`, `issue_type`, `requester`, `channel`, `thread` and `place` (qualified), `transcript`, `view_id`, `form`,
    `response_url`, `execution_id`, `team`; `fields` (of `kind`, `id`, `value`), `labels`, `component`; `files` to
    attach, `written_by` (a name) and `link` of the message that it is made of.
    """
    place = payload.get("thread") or payload.get("channel") or payload.get("requester") or ""
    return NewIntegration(
        operation="create_issue",
        key=key,
        ordering_key=f"create:{key}",
        source_service="slack",
        target_service="jira",
        event_type=event,
        source_id=place,
        target_id=payload.get("project", ""),
        payload={**payload, "summary": first_line(payload["summary"])},
    )


def created(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """What follows from an issue's creation: mapping, card, and the answer where somebody waits for one."""
    issue = issue_from(data["issue"])
    thread = row.payload.get("thread", "")
    mapping = () if not thread else (thread_mapping(issue, thread),)
    rows = [
        _card(row, issue, thread),
        in_form(row, modal.created_view(issue.key, issue.url, issue.summary), _told_otherwise(row, issue)),
        _thread_files(row, issue, thread),
    ]
    attached = files.attach(issue.resource, row.payload.get("files", []), cause_of(row), _about_files(row), row.key)
    return Consequences(mapping, (*(new for new in rows if new), *attached))


def waiting(row: Integration, wait: Wait) -> Consequences:
    """What follows when Jira is not there: whoever asked is told that what they typed is kept."""
    summary = row.payload["summary"]
    view = in_form(row, modal.waiting_view(summary, wait), word="waiting")
    if view is None:
        return away.told(row, wait, strong(summary, 255), "created")
    return Consequences(integrations=(view,))


def thread_files_read(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The files of a thread that was taken along are attached too; those of the message itself are known already."""
    given, share = row.payload, row.payload["share"]
    asked = files.attach(given["issue"], data["files"], cause_of(row), _about_files(row), share)
    return Consequences(integrations=asked)


def issue_from(data: Mapping[str, Any]) -> Issue:
    """The issue that an effect's data holds."""
    lists = {name: tuple(data.get(name, ())) for name in ("labels", "components")}
    return replace(Issue(**data), **lists)


def thread_mapping(issue: Issue, thread: str) -> NewMapping:
    """The mapping of a Slack thread and the issue that was made of it."""
    return NewMapping(
        mapping_type="thread",
        source_service="slack",
        source_id=thread,
        target_service="jira",
        target_id=issue.resource,
        uid=f"jira/{issue.uid}",
        extra={"url": issue.url},
    )


def _card(row: Integration, issue: Issue, thread: str) -> NewIntegration | None:
    known = row.payload["origin"] not in ("rest", "step")
    channel = row.payload.get("channel") or (row.payload.get("requester") if known else "")
    if not channel:
        return None
    resource = {"service": "jira", "resource": issue.resource, "uid": issue.uid, "url": issue.url, "origin": "slack"}
    payload = {
        "channel": channel, "thread_ts": thread.rpartition("/")[2], "card": {**resource, "thread": thread},
        "fallback": {name: row.payload.get(name, "") for name in ("response_url", "requester", "origin")},
    }  # fmt: skip
    return to_slack(
        "post_message",
        f"card:{channel}:jira:{issue.resource}",
        f"{channel}:{issue.resource}",
        cause_of(row),
        thread or channel,
        payload,
        card(issue),
    )


def _about_files(row: Integration) -> dict[str, Any]:
    """Where the files come from, and whom to tell if one cannot be attached."""
    return {name: row.payload[name] for name in ("place", "requester", "channel", "thread") if row.payload.get(name)}


def _thread_files(row: Integration, issue: Issue, thread: str) -> NewIntegration | None:
    """With the whole thread go its files, unless the person does not want the message's own."""
    if not thread or not row.payload.get("transcript") or not row.payload.get("with_files", True):
        return None
    payload = {**_about_files(row), "thread": thread, "issue": issue.resource, "share": row.key}
    return to_slack("read_files", f"{row.key}:files", f"files:{row.key}", cause_of(row), thread, payload)


def _told_otherwise(row: Integration, issue: Issue) -> dict[str, Any] | None:
    """Who has closed the form by then may not look at the channel either; without one the card itself goes to them."""
    if not row.payload.get("channel") or not row.payload.get("requester"):
        return None
    text = f":white_check_mark: Created {link(issue.url, issue.key)} {escape(issue.summary, 255)}"
    key, user = f"{row.key}:told", row.payload["requester"]
    return asdict(
        to_slack("post_message", key, key, cause_of(row), user, {"channel": user}, Message(text, [section(text)]))
    )


def refused(row: Integration, error: AdapterError) -> Consequences:
    """What follows when there will be no issue: whoever waits is told why, with all they typed still in place."""
    return answered.refused(row, error, modal.JIRA_NAMES, refusal_message(row.payload, error))


def sentence(error: AdapterError) -> str:
    """Why there is no issue, in words for the person who asked."""
    fields = error.fields if isinstance(error, Invalid) else {}
    details = " ".join(f"{name}: {reason}" for name, reason in fields.items() if reason not in str(error))
    return f"The issue was not created. {error} {details}".strip()


def refusal_message(payload: Mapping[str, Any], error: AdapterError) -> Message:
    """The same as a message, with what was asked for, so that it can be sent again."""
    text = escape(sentence(error))
    return Message(text, [section(f":warning: {text}"), *given_back(_typed(payload), "You asked for: ")])


def _typed(payload: Mapping[str, Any]) -> str:
    """The summary, and the description where it says more."""
    summary, written = payload["summary"], mapping(payload, "message")
    words = to_text(read_message(written)) if written else payload.get("text", "")
    return words if words.startswith(summary) else f"{summary}\n{words}".strip()


def link_message(data: Mapping[str, Any]) -> Message:
    """The issue's link for the person who asked, where its card could not be posted."""
    text = f"Created {link(data['url'], data['resource'])}, but I could not post its card there."
    return Message(text, [section(text)])
