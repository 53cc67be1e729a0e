"""What people do to Jira's issues from Slack: what they ask for, and what they are told in the end.

Whoever asked learns how it ended, privately, wherever they asked: in the form, beneath the button, after the command.
Nothing they typed is lost: a form that Jira refuses comes back with all of it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from adapters.errors import AdapterError, Invalid, NotFound, Rejected
from adapters.jira.issue import Issue
from bot.flows import audience, away, comments, files, home, jira_steps, steps
from bot.flows.asker import Asker
from bot.flows.plan import Consequences, Plan, to_slack
from bot.flows.tell import details, tell, typed
from bot.flows.tickets import cause_of, issue_from
from bot.message import BlockDict, Message, escape, one_line, section
from bot.modals import doing as modal
from bot.modals.filling import with_problems
from bot.modals.waiting import Wait, away_view, later_view
from bot.payload import mapping
from bot.renderers.jira import card, version
from storage.integrations import Integration, NewIntegration
from storage.mappings import NewMapping

REFUSED = {
    "assign": "{0} was not assigned.",
    "watch": "You do not watch {0}.",
    "unwatch": "You still watch {0}.",
    "transition": "The status of {0} was not changed.",
    "edit": "{0} was not changed.",
    "comment": "Your comment did not reach {0}.",
    "log_work": "No work was logged on {0}.",
    "prepare_form": "The form for {0} cannot be shown.",
}
"""What is said of what was not done; these are also the names of all that can be done."""
STEP_REFUSED = {
    "assign": "the issue was not assigned.",
    "transition": "the status was not changed.",
    "comment": "the comment was not added.",
}
"""The same of what a workflow's step was for."""
# Jira's words for what connect's forms call otherwise.
_FIELDS = {"timeLogged": "spent", "timeSpent": "spent", "body": "comment"}


@dataclass(frozen=True)
class Wish:
    """Who wants something done to which issue, and where they asked: for answers beneath the same card."""

    asker: Asker
    issue: str
    thread: str = ""
    response_url: str = ""
    home: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What their home shows, if it was asked there (`bot.renderers.home.State.brief`): it tells how it ended."""

    @property
    def meta(self) -> dict[str, Any]:
        """What a form keeps of it; who asked is known from who sends the form off."""
        place = {"issue": self.issue, "channel": self.asker.channel, "thread": self.thread,
                 "response_url": self.response_url}  # fmt: skip
        return {**place, "home": self.home} if self.home else place


def ask(plan: Plan, operation: str, wish: Wish, **payload: Any) -> NewIntegration:
    """Ask for something to be done, as the person who wants it."""
    who = {"requester": wish.asker.user, "team": wish.asker.team, "origin": "deed"}
    reads = operation == "prepare_form"
    asked = NewIntegration(
        operation=operation,
        key=f"{plan.key}:{operation}",
        ordering_key=f"form:{payload['view_id']}" if reads else f"jira:{wish.issue}",
        source_service="slack",
        target_service="jira",
        event_type=plan.event,
        source_id=wish.thread or wish.asker.channel,
        target_id=wish.issue,
        payload={**wish.meta, **who, **payload},
    )
    plan.add(asked)
    return asked


def waiting(row: Integration, wait: Wait) -> Consequences:
    """What follows when Jira is not there: whoever asked is told that what they typed is kept."""
    view_id, reads = row.payload.get("view_id"), row.operation == "prepare_form"
    if not view_id:
        return away.told(row, wait)
    if reads and (wait.soon or wait.until is None):  # the form says so already
        return Consequences()
    waits = (later_view if reads else away_view)(_heading(row), wait)
    shown = {"view_id": view_id, "view": waits, "otherwise": None}
    view = to_slack("update_view", f"{row.key}:waiting", f"view:{view_id}", cause_of(row), "", shown)
    return Consequences(integrations=(view,))


def done(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """Whoever asked is told, and the card shows it at once; the webhook that follows finds it so."""
    if row.payload.get("execution_id"):
        return _step_done(row, data)
    sentence = _sentence(row, data)
    said = Message(sentence, [section(f":white_check_mark: {sentence}")])
    answer = _answer(row, said, modal.told_view(_heading(row), ":white_check_mark:", sentence))
    by_form = row.payload.get("home") and row.payload.get("view_id")
    rows = [answer, _fresh_card(row, data), home.after(row) if by_form else None]
    told = Consequences(_watching(row, data), (*(new for new in rows if new), *_attached(row)))
    return _wrote(row, data, told)


def _watching(row: Integration, data: Mapping[str, Any]) -> tuple[NewMapping, ...]:
    if row.operation not in ("watch", "unwatch"):
        return ()
    watches, user = row.operation == "watch", row.payload["requester"]
    return (audience.watch(row.payload["issue"], user, data["account"], watches=watches),)


def refused(row: Integration, error: AdapterError) -> Consequences:
    """Whoever asked is told why not: by the form, which comes back as it was, or with the words they typed."""
    payload = row.payload
    if payload.get("execution_id"):
        return steps.refused(row, error, f"{payload['issue']}: {STEP_REFUSED[row.operation]}")
    sentence = f"{REFUSED[row.operation].format(_key(row))} {escape(error)}{details(error)}"
    said = Message(sentence, [section(f":warning: {sentence}"), *_typed(row)])
    view, form = modal.told_view(_heading(row), ":warning:", sentence), mapping(payload, "filled")
    if form:
        view = with_problems(form, str(error), _by_field(row, error), _FIELDS)
    answer = _answer(row, said, view)
    return Consequences(integrations=(answer,) if answer else ())


def _attached(row: Integration) -> tuple[NewIntegration, ...]:
    """The files of the message that the comment is made of follow it."""
    place = mapping(row.payload, "from").get("place", "")
    about = {name: row.payload[name] for name in ("requester", "channel", "thread")}
    return files.attach(
        row.payload["issue"], row.payload.get("files", []), cause_of(row), {"place": place, **about}, row.key
    )


def _wrote(row: Integration, data: Mapping[str, Any], told: Consequences) -> Consequences:
    if row.operation != "comment":
        return told
    return comments.wrote(row, row.payload["issue"], str(data["comment_id"]), data["name"], told)


def _step_done(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The workflow goes on; whom the issue was assigned to is known where a person in Slack was named."""
    to = row.payload.get("to") if row.operation == "assign" else None
    person = (to.get("person") or (row.payload["requester"] if "me" in to else "")) if to else ""
    known = {"assignee": person.partition("/")[2]} if person else {}
    return _wrote(row, data, Consequences(integrations=(jira_steps.done(row, row.payload["issue"], **known),)))


def prepared(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """A form that waited for Jira is filled in."""
    issue, meta = issue_from(data["issue"]), row.payload["meta"]
    if row.payload["form"] == "status":
        view = modal.status_view(issue, data["steps"], meta, row.payload.get("chosen", ""))
    else:
        view = modal.edit_view(issue, (data["fields"], data["values"], data["rest"]), meta)
    shown = {"view_id": row.payload["view_id"], "view": view, "otherwise": None}
    order = f"view:{row.payload['view_id']}"
    return Consequences(integrations=(to_slack("update_view", f"{row.key}:view", order, cause_of(row), "", shown),))


def _answer(row: Integration, said: Message, view: Mapping[str, Any]) -> NewIntegration | None:
    """In the form; by a message if it was closed meanwhile, or if there was none; in the home if it was asked there."""
    if row.payload.get("home") and not row.payload.get("view_id"):
        return home.after(row, said.blocks[0]["text"]["text"])
    told = tell(row.payload, f"{row.key}:told", cause_of(row), said)
    if not row.payload.get("view_id"):
        return told
    # Who closes a form that is still waiting for Jira wants nothing any more.
    otherwise = asdict(told) if told and row.operation != "prepare_form" else None
    shown = {"view_id": row.payload["view_id"], "view": view, "otherwise": otherwise}
    return to_slack("update_view", f"{row.key}:view", f"view:{row.payload['view_id']}", cause_of(row), "", shown)


def _by_field(row: Integration, error: AdapterError) -> Mapping[str, str]:
    """What is wrong, by the field that it is about."""
    if isinstance(error, Invalid):
        return error.fields
    about_issue = isinstance(error, NotFound) or (isinstance(error, Rejected) and error.code == "not_permitted")
    return {"issue": str(error)} if about_issue and row.payload.get("from") else {}


def _typed(row: Integration) -> list[BlockDict]:
    """What the person wrote, as far as one message can hold it, if they have no form any more in which it stands."""
    if row.operation not in ("comment", "log_work"):
        return []
    return typed(row.payload)


def _fresh_card(row: Integration, data: Mapping[str, Any]) -> NewIntegration | None:
    issue, channel = _issue(data), row.payload["channel"]
    if issue is None or issue.secured or not channel:
        return None
    payload = {"channel": channel, "card_of": {"service": "jira", "resource": issue.resource, "uid": issue.uid},
               "version": version(issue)}  # fmt: skip
    order = f"{channel}:{issue.resource}"
    return to_slack("update_message", f"{row.key}:card", order, cause_of(row), channel, payload, card(issue))


def _issue(data: Mapping[str, Any]) -> Issue | None:
    return issue_from(data["issue"]) if data.get("issue") else None


def _heading(row: Integration) -> str:
    callbacks = {"assign": modal.ASSIGN, "transition": modal.STATUS, "edit": modal.EDIT, "comment": modal.COMMENT,
                 "log_work": modal.LOG_WORK}  # fmt: skip
    if row.operation == "prepare_form":
        return modal.title(modal.STATUS if row.payload["form"] == "status" else modal.EDIT, row.payload["issue"])
    return modal.title(callbacks.get(row.operation, modal.ADD_TO), row.payload["issue"])


def _key(row: Integration) -> str:
    """The issue as people know it: the site is connect's own word."""
    return escape(row.payload["issue"].rpartition("/")[2])


def _sentence(row: Integration, data: Mapping[str, Any]) -> str:
    key, name = _key(row), escape(row.payload["issue"])
    if row.operation == "assign":
        return _assigned(key, data)
    sentences = {
        "watch": f"You watch {key} now. `/jira unwatch {name}` ends it.",
        "unwatch": f"You do not watch {key} any more.",
        "transition": f"{key} is *{one_line(data.get('status', ''), 60).replace('*', '')}* now.",
        "edit": f"{key} was changed: {escape(', '.join(data.get('names', ())))}.",
        "comment": f"Your comment is on {key}.",
        "log_work": f"{one_line(row.payload.get('spent', ''), 50)} logged on {key}.",
    }
    return sentences[row.operation]


def _assigned(key: str, data: Mapping[str, Any]) -> str:
    if data["me"]:
        return f"{key} is assigned to you now."
    if data["nobody"]:
        return f"{key} is assigned to nobody now."
    issue = _issue(data)
    name = data["assignee"] or (issue.assignee if issue else "")
    return f"{key} is assigned to {one_line(name, 60) or 'them'} now."
