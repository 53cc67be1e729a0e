"""What people do to Jira's issues from Slack: each call is made once Jira has said that the person may.

All may be repeated but comments, worklogs and steps, which are looked for by their marker.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.document import Block, Document, Paragraph, Text
from adapters.errors import AdapterError, Invalid, NotFound, Rejected
from adapters.jira.accounts import Account
from adapters.jira.client import JiraClient
from adapters.jira.comments import Comment
from adapters.jira.doing import Transition
from adapters.jira.site import TEXT_LIMIT
from adapters.jira.worklogs import Worklog
from bot.message import truncate
from bot.operations.accounts import Acting, account_of, acting, permitted, unattended
from bot.operations.base import Effect, Operation, before_sending
from bot.operations.fields import shaped
from bot.operations.mentions import for_jira
from bot.operations.room import fitted, stands_in_slack
from bot.operations.sites import jira_of
from bot.operations.slack import slack_of
from bot.operations.words import origin, permalink, read_words, requester_name
from bot.people import under_name
from bot.services import Services
from storage.integrations import Integration

NEEDED = {"assignee": "ASSIGN_ISSUES", "duedate": "SCHEDULE_ISSUES"}
"""What it takes to edit a field, besides the permission to edit.
https://support.atlassian.com/jira-cloud-administration/docs/permissions-for-company-managed-projects/"""
MOST_FIELDS = 60
"""Of an issue that are shown for editing at once; Slack takes no more than 100 blocks."""


def _acting(services: Services, row: Integration, *permissions: str) -> Acting:
    payload = row.payload
    if payload.get("origin") == "step" and not payload["requester"]:
        return unattended(services, payload["issue"])
    return acting(services, payload["requester"], payload["issue"], ",".join(permissions))


def _did(who: Acting, **data: Any) -> Effect:
    """What was done, with the issue as it is now; without it if Jira does not show it this moment: it was done."""
    try:
        issue = asdict(who.jira.issue(who.key))
    except AdapterError:
        issue = None
    return Effect(who.key, data={"issue": issue, **data})


# --- assign, watch ---------------------------------------------------------------------------------------------------


def _assign(services: Services, row: Integration) -> Effect:
    who = _acting(services, row, "ASSIGN_ISSUES")
    account = _assignee(services, who, row.payload)
    who.jira.assign(who.key, account)
    name, mine = (account.display, account.id == who.account.id) if account else ("", False)
    return _did(who, assignee=name, me=mine, nobody=account is None)


def _assignee(services: Services, who: Acting, payload: Mapping[str, Any]) -> Account | None:
    """Whom `payload["to"]` means: `me`, `nobody`, a `person` in Slack, the id of an `account`, or a name typed."""
    to: Mapping[str, str] = payload["to"]
    if "account" in to:
        return Account(to["account"], to["account"], to.get("display", ""))
    if "person" in to:
        person = services.people.person(slack_of(services), to["person"])
        account = account_of(services, who.jira, person, to["person"])
        if account is None:
            raise Rejected(
                f"I do not know the account of {person.name} in Jira. They can claim it: `/jira me claim`.",
                "no_account",
            )
        return account
    if "name" in to:
        return _called(who, to["name"])
    return who.account if "me" in to else None


def _called(who: Acting, name: str) -> Account:
    """The one user with this name among those whom the issue can be assigned to."""
    wanted = name.removeprefix("@").strip()
    found = who.jira.assignable(who.key, wanted)
    exact = [one for one in found if wanted.casefold() in (one.display.casefold(), one.name.casefold())]
    candidates = exact or found
    if len(candidates) == 1:
        return candidates[0]
    shown = truncate(wanted, 80)
    if not candidates:
        raise Rejected(f"{who.key} can be assigned to nobody called {shown}.", "nobody")
    names = ", ".join(one.display for one in candidates[:10])
    raise Rejected(f"{len(candidates)} people are called {shown}: {names}. Type the whole name.", "several")


def _watch(services: Services, row: Integration) -> Effect:
    who = _acting(services, row, "BROWSE_PROJECTS")
    who.jira.watch(who.key, who.account)
    return Effect(who.key, data={"account": who.account.id})


def _unwatch(services: Services, row: Integration) -> Effect:
    who = _acting(services, row, "BROWSE_PROJECTS")
    who.jira.unwatch(who.key, who.account)
    return Effect(who.key, data={"account": who.account.id})


# --- status, fields --------------------------------------------------------------------------------------------------


def _transition(services: Services, row: Integration) -> Effect:
    return move(services, _acting(services, row, "TRANSITION_ISSUES"), row)


def move(services: Services, who: Acting, row: Integration) -> Effect:
    """Take the step that was chosen (`transition`, with its `fields`) or named (`to`), if there is one to take."""
    step = _step(who, row.payload)
    if step is None:
        return _did(who, status=who.jira.issue(who.key).status)
    fields = shaped(services, who.jira, row.payload, who.person)
    before_sending(services, row)
    who.jira.transition(who.key, step, fields, row.marker)
    return _did(who, status=step.to)


def find_move(services: Services, row: Integration) -> Effect | None:
    """The step that was taken, as the issue's history has it."""
    jira, key = jira_of(services, row.payload["issue"])
    status = jira.find_transition(key, row.marker)
    if status is None:
        return None
    issue = jira.issue(key)
    return Effect(key, data={"issue": asdict(issue), "status": status or issue.status})


def _step(who: Acting, payload: Mapping[str, Any]) -> Transition | None:
    """The step that was chosen (`transition`) or named (`to`); None if the issue is there already."""
    steps = who.jira.transitions(who.key)
    if "transition" in payload:
        found = [step for step in steps if step.id == payload["transition"]]
    else:
        found = matching(steps, payload["to"])
    if len(found) == 1:
        missing = [field.name for field in found[0].fields if field.required]
        if missing and "transition" not in payload:
            form = f"`/jira transition {payload['issue']}` opens the form for that."
            raise Rejected(f"{found[0].name} asks for {', '.join(missing)}. {form}", "screen")
        return found[0]
    if not found and who.jira.issue(who.key).status.casefold() == payload["to"].casefold():
        return None
    problem = "means more than one step" if found else "is not possible now"
    possible = ", ".join(one_step(step) for step in found or steps) or "nothing"
    raise Rejected(f"“{truncate(payload['to'], 80)}” {problem} for {who.key}. Possible: {possible}.", "no_step")


def matching(steps: list[Transition], words: str) -> list[Transition]:
    """The steps that are called so, else those that lead to a status called so; small and capital letters alike."""
    wanted = words.strip().casefold()
    named = [step for step in steps if step.name.casefold() == wanted]
    return named or [step for step in steps if step.to.casefold() == wanted]


def one_step(step: Transition) -> str:
    """How people are shown a step: its name, and the status that it leads to if that has another name."""
    return step.name if step.name.casefold() == step.to.casefold() else f"{step.name} → {step.to}"


def _edit(services: Services, row: Integration) -> Effect:
    payload = row.payload
    needed = {NEEDED[given["id"]] for given in payload["fields"] if given["id"] in NEEDED}
    who = _acting(services, row, "EDIT_ISSUES", *sorted(needed))
    fields = shaped(services, who.jira, payload, who.person)
    who.jira.edit(who.key, fields, payload.get("add_labels", ()), payload.get("remove_labels", ()))
    return _did(who, names=payload["names"])


# --- comments, work --------------------------------------------------------------------------------------------------


def _comment(services: Services, row: Integration) -> Effect:
    words = read_words(services, row.payload)
    who = _acting(services, row, "ADD_COMMENTS")
    jira, _ = jira_of(services, row.payload["issue"])
    if row.payload.get("files") and not permitted(jira, who.account, "CREATE_ATTACHMENTS", who.key):
        reason = f"Jira does not permit you to attach files to {who.key}. Without them you can comment."
        raise Invalid(reason, {"with_files": reason})
    mentions = for_jira(services, jira, words, row.payload["team"])
    said = _said(services, row, who, words)
    before_sending(services, row)
    comment = who.jira.add_comment(who.key, said, row.marker, mentions)
    return _commented(jira, comment, who.person.name)


def _find_comment(services: Services, row: Integration) -> Effect | None:
    since = (row.sent_at or row.created_at).timestamp()
    jira, key = jira_of(services, row.payload["issue"])
    comment = jira.find_comment(key, row.marker, since)
    return _commented(jira, comment, requester_name(services, row.payload["requester"])) if comment else None


def _commented(jira: JiraClient, comment: Comment, name: str) -> Effect:
    ident = jira.qualified(comment.id)
    return Effect(ident, data={"comment_id": ident, "name": name})


def _of_message(services: Services, row: Integration, who: Acting) -> Iterator[Block]:
    """What stands beneath the words of a message: the names of its files, its author and its address."""
    names = ", ".join(str(file["name"]) for file in row.payload.get("files", []))
    if names:
        yield Paragraph((Text(f"📎 {names}"),))
    message: Mapping[str, str] = row.payload.get("from") or {}
    if message:
        yield origin(who.person.name, permalink(services, message["place"]) or message["link"], message["author"])


def _said(services: Services, row: Integration, who: Acting, words: Document) -> Document:
    """The whole comment, as it fits."""
    beneath = tuple(_of_message(services, row, who))
    room = TEXT_LIMIT - who.jira.length(_named(who, Document(beneath))) - 2
    message: Mapping[str, str] = row.payload.get("from") or {}
    where = (lambda: permalink(services, message["place"]) or message["link"]) if message else None
    fits = fitted(who.jira, words, where if stands_in_slack(row.payload) else None, "body", room)
    return _named(who, Document((*fits.blocks, *beneath)))


def _named(who: Acting, words: Document) -> Document:
    """The words under their author's name, unless they are written by an account of their own."""
    return words if who.own else under_name(who.person.name, words)


def _log_work(services: Services, row: Integration) -> Effect:
    payload = row.payload
    words = read_words(services, {**payload, "typed": True}) if payload.get("text") else Document(())
    who = _acting(services, row, "WORK_ON_ISSUES")
    before_sending(services, row)
    return _logged(who.jira.log_work(who.key, payload["spent"], began(row), _named(who, words), row.marker))


def _find_work(services: Services, row: Integration) -> Effect | None:
    jira, key = jira_of(services, row.payload["issue"])
    found = jira.find_worklog(key, began(row), row.marker)
    return _logged(found) if found else None


def _logged(worklog: Worklog) -> Effect:
    return Effect(worklog.id)


def began(row: Integration) -> datetime:
    """When the work of a row began: the minute that was chosen, at a second and millisecond of the row's own."""
    chosen = datetime.fromtimestamp(row.payload.get("started") or row.created_at.timestamp(), UTC)
    own = timedelta(seconds=row.id % 60, milliseconds=row.id // 60 % 1000)
    return chosen.replace(second=0, microsecond=0) + own


# --- forms that show what Jira says ----------------------------------------------------------------------------------


def _prepare_form(services: Services, row: Integration) -> Effect:
    """Read what a form has to show, for somebody who may do what it is for."""
    payload = row.payload
    if payload["form"] == "status":
        who = _acting(services, row, "TRANSITION_ISSUES")
        shown: dict[str, Any] = {"steps": who.jira.transitions(who.key)}
    else:
        who = _acting(services, row, "EDIT_ISSUES")
        usable = [field for field in who.jira.screen(who.key) if field.kind != "unsupported"]
        fields = sorted(usable, key=lambda field: not field.required)[:MOST_FIELDS]
        values = who.jira.values(who.key, [field.id for field in fields])
        shown = {"fields": fields, "values": values, "rest": [field.name for field in usable if field not in fields]}
    issue = who.jira.issue(who.key)
    if not issue.complete:
        raise NotFound(f"Jira does not show {who.key}.")
    return Effect(who.key, data={"issue": asdict(issue), **shown})


OPERATIONS = {
    "assign": Operation(_assign, idempotent=True),
    "watch": Operation(_watch, idempotent=True),
    "unwatch": Operation(_unwatch, idempotent=True),
    "transition": Operation(_transition, find=find_move),
    "edit": Operation(_edit, idempotent=True),
    "comment": Operation(_comment, find=_find_comment),
    "log_work": Operation(_log_work, find=_find_work),
    "prepare_form": Operation(_prepare_form, idempotent=True),
}
