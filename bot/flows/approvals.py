"""The step that waits for a person: a message asks whether an issue shall move on, and its button ends the step.

Whoever presses acts as themselves, with their own rights in Jira. The first decision that can be carried out counts,
and the step ends with it, once. Whoever may not, or comes late, is told so alone, and the buttons stay for others.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.errors import AdapterError
from adapters.jira.issue import Issue
from bot.flows import jira_steps, steps
from bot.flows.asker import Asker
from bot.flows.plan import Consequences, Plan, to_slack
from bot.flows.tell import tell
from bot.flows.tickets import cause_of, issue_from
from bot.message import Message, actions, button, context, escape, link, section, strong
from bot.operations.steps import decision_key
from bot.payload import objects, text
from storage.integrations import Integration, NewIntegration

APPROVE, DECLINE = "step_approve", "step_decline"
DECISIONS = {APPROVE: "approved", DECLINE: "declined"}
QUESTION_LIMIT = 600
STATUS_LIMIT = 60


@dataclass(frozen=True)
class Question:
    """What a message asks: whether `issue` (its resource) shall go to the status `to`; one person, or anybody, decides.

    It stands in the message's own buttons, so that it can be answered however late.
    """

    execution: str
    issue: str
    to: str
    approver: str

    @property
    def value(self) -> str:
        """The question as a button holds it."""
        return json.dumps([self.execution, self.issue, self.to, self.approver])


def question_of(value: str) -> Question | None:
    """The question that a button holds; None if it holds none."""
    try:
        given = json.loads(value)
        return Question(*(str(part) for part in given))
    except (TypeError, ValueError):
        return None


def ask(run: steps.Run, issue: str, approval: Mapping[str, str]) -> NewIntegration:
    """Ask whether an issue shall move on; `approval` holds `to`, `question`, `approver` and `channel` (qualified)."""
    return run.ask("read_for_step", issue, approval=dict(approval))


def asked(row: Integration, data: Mapping[str, Any]) -> NewIntegration:
    """The question is put, once it is known what it is about."""
    payload, issue = row.payload, issue_from(data["issue"])
    approval, execution = payload["approval"], payload["execution_id"]
    question = Question(execution, issue.resource, approval["to"], approval["approver"])
    channel = approval["channel"] or approval["approver"]
    content = {"channel": channel, "execution_id": execution, "requester": payload["requester"],
               "origin": "step"}  # fmt: skip
    said = message(question, issue, approval["question"], payload["requester"])
    key = f"step:{execution}:ask"
    return to_slack("post_message", key, key, cause_of(row), channel, content, said)


def message(question: Question, issue: Issue, words: str, starter: str) -> Message:
    """What asks, with its buttons; `starter` (qualified) is who started the workflow, if known."""
    who = f"<@{starter.partition('/')[2]}> asks" if starter else "A workflow asks"
    wish = f"{who} to move {link(issue.url, issue.key)} {escape(issue.summary, 255)} to {strong(question.to)}."
    decides = f"<@{question.approver.partition('/')[2]}> decides." if question.approver else ""
    return Message(
        wish,
        [
            section(f":raised_hand: {wish}"),
            *([section(escape(words, QUESTION_LIMIT))] if words else []),
            context(decides or f"Whoever may move {escape(issue.key)} in Jira decides."),
            actions(
                button("Approve", APPROVE, question.value, style="primary"),
                button("Decline", DECLINE, question.value, style="danger"),
            ),
        ],
    )


def decide(plan: Plan, asker: Asker, question: Question, decision: str, body: Mapping[str, Any]) -> None:
    """Ask for a decision to be carried out, as the person who pressed."""
    payload = {
        "execution_id": question.execution, "issue": question.issue, "to": question.to, "decision": decision,
        "requester": asker.user, "team": asker.team, "channel": asker.channel, "origin": "approval",
        "ts": text(body, "container", "message_ts"), "response_url": text(body, "response_url"),
        "asked": [dict(block) for block in objects(body, "message", "blocks") if block.get("type") == "section"],
    }  # fmt: skip
    plan.add(
        NewIntegration(
            operation="decide",
            key=f"{plan.key}:decide",
            ordering_key=f"step:{question.execution}",
            source_service="slack",
            target_service="jira",
            event_type=plan.event,
            source_id=question.execution,
            target_id=question.issue,
            payload=payload,
        )
    )


def decided(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The workflow goes on, and the message says who decided; whoever was late is told."""
    payload = row.payload
    if data.get("late"):
        late = "Somebody was faster: this is decided already."
        told = tell(payload, f"{row.key}:told", cause_of(row), Message(late, [section(late)]))
        return Consequences(integrations=(told,) if told else ())
    outputs = {"decision": payload["decision"], "decided_by": payload["requester"].partition("/")[2]}
    key = decision_key(payload["execution_id"])
    goes_on = jira_steps.done(row, payload["issue"], key=key, **outputs)
    said = _verdict(payload)
    place = {"channel": payload["channel"], "ts": payload["ts"]}
    shown = to_slack("replace_message", f"{key}:shown", key, cause_of(row), payload["channel"], place, said)
    return Consequences(integrations=(goes_on, shown))


def refused(row: Integration, error: AdapterError) -> Consequences:
    """Whoever pressed is told why it was not carried out; the question stays."""
    payload = row.payload
    key = escape(payload["issue"].rpartition("/")[2])
    said = f":warning: {key} was not moved, and the workflow goes on waiting. {escape(error)}"
    told = tell(payload, f"{row.key}:told", cause_of(row), Message(said, [section(said)]))
    return Consequences(integrations=(told,) if told else ())


def _verdict(payload: Mapping[str, Any]) -> Message:
    key, to = escape(payload["issue"].rpartition("/")[2]), strong(payload["to"])
    by = f"<@{payload['requester'].partition('/')[2]}>"
    if payload["decision"] == "approved":
        verdict = f":white_check_mark: {by} approved: {key} is {to} now."
    else:
        verdict = f":no_entry: {by} declined: {key} was not moved to {to}."
    return Message(verdict, [*payload["asked"], section(verdict)])
