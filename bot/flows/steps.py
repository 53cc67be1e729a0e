"""The ends of a workflow step: a step never hangs, so whatever happens it is completed or failed with a sentence."""

from adapters.webhook import parse_object
from bot.flows.plan import to_slack
from bot.payload import text
from storage.deliveries import Claimed
from storage.integrations import NewIntegration


def fail_step(execution: str, sentence: str, event: str) -> NewIntegration:
    """End a step with a sentence that its author understands."""
    cause = {"source_service": "slack", "event_type": event, "source_id": execution}
    payload = {"execution_id": execution, "error": sentence}
    return to_slack("fail_step", f"step:{execution}:fail", f"step:{execution}", cause, execution, payload)


def given_up(claimed: Claimed) -> list[NewIntegration]:
    """What is owed when a delivery cannot be planned: if it was a workflow step, its end."""
    if claimed.service != "slack" or claimed.event != "function_executed":
        return []
    execution = text(parse_object(claimed.body), "event", "function_execution_id")
    sentence = "connect could not read this step's inputs. Its operators find the reason in the delivery log."
    return [fail_step(execution, sentence, claimed.event)] if execution else []
