"""The steps of workflows: what they ask for, and their ends. None hangs: it is completed, or fails with a sentence.

Whatever a step did, Jira or GitHub is then asked for the thing as it is now, of which the step's outputs are made
(`jira_steps`, `github_steps`). A step ends once: every end has the same key.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.errors import AdapterError, Invalid
from adapters.plain_text import to_text
from adapters.slack.markup import read_message
from adapters.webhook import parse_object
from bot.flows.plan import Consequences, to_slack
from bot.flows.tell import tell
from bot.flows.tickets import cause_of
from bot.message import BlockDict, Message, clean, context, escape, section
from bot.payload import mapping, text
from storage.deliveries import Claimed
from storage.integrations import Integration, NewIntegration

CHOICES = frozenset({
    "jira_projects", "jira_issue_types", "jira_statuses", "jira_people", "github_repositories", "github_merge_methods",
    "github_workflows", "github_labels", "github_people", "github_milestones",
})  # fmt: skip
"""The functions that Workflow Builder asks for choices. Whoever builds a workflow waits for them, so they are answered
in the request. https://docs.slack.dev/tools/bolt-python/concepts/custom-steps-dynamic-options"""
# What Slack takes for a mention, a channel, a broadcast or a link.
_LIVE = re.compile(r"<([@#!][^<>]*|[a-z][a-z0-9+.-]*:[^<>]*)>", re.IGNORECASE)


@dataclass(frozen=True)
class Run:
    """A step that a workflow has reached; `person` (`team/user`) is who started the workflow, as far as Slack says."""

    execution: str
    team: str
    person: str
    event: str

    def ask(self, operation: str, issue: str = "", **payload: Any) -> NewIntegration:
        """Ask for a call to Jira on account of the step."""
        return self.call("jira", operation, issue, {"issue": issue, **payload})

    def call(self, service: str, operation: str, target: str, payload: Mapping[str, Any]) -> NewIntegration:
        """Ask for a call on account of the step; those about the same thing (`target`) are made one after another."""
        known = {"origin": "step", "requester": self.person, "team": self.team, "execution_id": self.execution}
        return NewIntegration(
            operation=operation,
            key=f"step:{self.execution}:{operation}",
            ordering_key=f"{service}:{target}" if target else f"step:{self.execution}",
            source_service="slack",
            target_service=service,
            event_type=self.event,
            source_id=self.execution,
            target_id=target,
            payload={**known, "channel": "", **payload},
        )

    def fail(self, sentence: str) -> NewIntegration:
        """End the step with a sentence that its author understands."""
        cause = {"source_service": "slack", "event_type": self.event, "source_id": self.execution}
        return end("fail_step", self.execution, cause, error=sentence)

    def complete(self, **outputs: Any) -> NewIntegration:
        """End the step well."""
        cause = {"source_service": "slack", "event_type": self.event, "source_id": self.execution}
        return end("complete_step", self.execution, cause, outputs=outputs)


def is_choice(payload: Mapping[str, Any]) -> bool:
    """Whether an event asks for choices."""
    event = text(payload, "event", "type")
    return event == "function_executed" and text(payload, "event", "function", "callback_id") in CHOICES


def given_up(claimed: Claimed) -> list[NewIntegration]:
    """What is owed when a delivery cannot be planned: if it was a workflow step, its end."""
    if claimed.service != "slack" or claimed.event != "function_executed":
        return []
    execution = text(parse_object(claimed.body), "event", "function_execution_id")
    sentence = "connect could not read this step's inputs. Its operators find the reason in the delivery log."
    return [Run(execution, "", "", claimed.event).fail(sentence)] if execution else []


def read_after(
    row: Integration, service: str, place: Mapping[str, Any], key: str = "", **outputs: Any
) -> NewIntegration:
    """What follows from a step's deed: the service is asked for what the step hands on; `outputs` are known already.

    `place` is what the row needs to name the thing, its `resource` or `issue` first.
    """
    known = {name: row.payload[name] for name in ("execution_id", "team", "requester")}
    return NewIntegration(
        "read_for_step", key or f"{row.key}:read", f"step:{known['execution_id']}", row.source_service,
        service, row.event_type, row.source_id, next(iter(place.values())),
        {**known, "origin": "step", **place, "done": True, "outputs": outputs},
    )  # fmt: skip


def refused(row: Integration, error: AdapterError, sentence: str = "", asked: Sequence[BlockDict] = ()) -> Consequences:
    """The step fails, and whoever started the workflow is told what was not done for them, with what they `asked`."""
    fields = error.fields if isinstance(error, Invalid) else {}
    details = [f"{name}: {reason}" for name, reason in fields.items() if reason not in str(error)]
    sentence = " ".join(filter(None, (sentence, str(error), *details)))
    if row.payload.get("done"):
        sentence = f"It was done, but what this step hands on is not known: {sentence}"
    failed = end("fail_step", row.payload["execution_id"], cause_of(row), error=sentence)
    typed = _typed(row) if row.operation == "comment" else ""
    small = [context(f"The comment was: {escape(typed, 2000)}")] if typed else []
    said = f":warning: A workflow could not go on for you. {escape(sentence)}"
    told = tell(
        {**row.payload, "channel": ""}, f"{row.key}:told", cause_of(row), Message(said, [section(said), *small, *asked])
    )
    return Consequences(integrations=(failed, told) if told else (failed,))


def _typed(row: Integration) -> str:
    written = mapping(row.payload, "message")
    return to_text(read_message(written)) if written else text(row.payload, "text")


def inert(words: str) -> str:
    """Text in which nothing is live, whatever a workflow does with it: it is not known if that escapes it."""
    return _LIVE.sub(r"‹\1›", clean(words))


def end(operation: str, execution: str, cause: Mapping[str, str], **payload: Any) -> NewIntegration:
    """The end of a step; of several only the first is stored."""
    key = f"step:{execution}:end"
    return to_slack(operation, key, key, cause, execution, {"execution_id": execution, **payload})
