"""Workflows: their steps that the app does, the choices it offers to who builds one, and how a step ends.

What the app may be given and may hand on is what its manifest declares (`declare`); nothing declared, nothing checked.
"""

import re
from collections.abc import Callable
from typing import Any, cast

import requests

from sandbox.slack import wire
from sandbox.slack.chat import Arguments
from sandbox.slack.objects import WorkObjects
from sandbox.slack.people import PATIENCE
from sandbox.slack.wire import Json, Refusal
from sandbox.slack.workspace import PATH, Workspace
from sandbox.standin import compact

MOST_OPTIONS = 100
LABEL_LIMIT, VALUE_LIMIT = 75, 150
USER_CONTEXT = "slack#/types/user_context"


def _is_option(given: object) -> bool:
    """https://docs.slack.dev/reference/block-kit/composition-objects/option-object"""
    option = cast("Json", given) if isinstance(given, dict) else {}
    text, value = option.get("text"), option.get("value")
    shown: Json = cast("Json", text) if isinstance(text, dict) else {}
    label = shown.get("text")
    return (
        shown.get("type") == "plain_text"
        and isinstance(label, str)
        and 0 < len(label) <= LABEL_LIMIT
        and isinstance(value, str)
        and 0 < len(value) <= VALUE_LIMIT
    )


def _are_options(given: object) -> bool:
    listed = cast("list[object]", given) if isinstance(given, list) else None
    return listed is not None and len(listed) <= MOST_OPTIONS and all(map(_is_option, listed))


def _is_rich_text(given: object) -> bool:
    """Blocks of rich text. https://docs.slack.dev/reference/types/rich_text-type"""
    blocks = cast("list[object]", given) if isinstance(given, list) else []
    return bool(blocks) and all(
        isinstance(each, dict) and cast("Json", each).get("type") == "rich_text" for each in blocks
    )


def _are_strings(given: object) -> bool:
    return isinstance(given, list) and all(isinstance(each, str) for each in cast("list[object]", given))


def _matches(pattern: str) -> Callable[[object], bool]:
    return lambda given: isinstance(given, str) and bool(re.fullmatch(pattern, given))


TYPES: dict[str, Callable[[object], bool]] = {
    "string": lambda given: isinstance(given, str),
    "integer": lambda given: isinstance(given, int) and not isinstance(given, bool),
    "boolean": lambda given: isinstance(given, bool),
    "array": _are_strings,
    "slack#/types/rich_text": _is_rich_text,
    "slack#/types/user_id": _matches("[UW][A-Z0-9]+"),
    "slack#/types/channel_id": _matches("[CGD][A-Z0-9]+"),
    "slack#/types/date": _matches(r"\d{4}-\d{2}-\d{2}"),
    "slack#/types/message_context": lambda given: isinstance(given, dict),
    "slack#/types/options_select": _are_options,
    USER_CONTEXT: lambda given: isinstance(given, dict) and {"id", "secret"} == given.keys(),
}
"""What a value of each type looks like. https://docs.slack.dev/reference/types"""


class Workflows(WorkObjects):
    """A workspace in which people build and run workflows."""

    def declare(self, functions: dict[str, Json]) -> None:
        """Take over the functions of the app's manifest."""
        self.functions = functions

    def run_step(self, callback_id: str, inputs: Json, user: str) -> str:
        """Let a workflow that `user` started (empty: a schedule) reach a step; returns the execution id, see `steps`.

        Raises ValueError where Workflow Builder would not let such a step be published.
        """
        given = self._with_context(callback_id, inputs, user)
        self._check(callback_id, given)
        with self.lock:
            execution, event = self._execution(callback_id, given, user)
            self.emit(event)
        return execution

    def choose(
        self, callback_id: str, parameter: str, user: str, typed: str = "", filled: Json | None = None
    ) -> list[tuple[str, str]]:
        """Open the menu of a step's input in Workflow Builder, with others `filled`; what is shown, and the values.

        Slack asks the app for them and takes what it has been told when the answer comes. Raises ValueError if that is
        nothing. https://docs.slack.dev/tools/bolt-python/concepts/custom-steps-dynamic-options
        """
        wanted = self.functions[callback_id]["input_parameters"][parameter]["dynamic_options"]
        function = wanted["function"].removeprefix("#/functions/")
        known = {"{{client.query}}": typed, "{{client.builder_context}}": self._context(user)}
        known |= {f"{{{{input_parameters.{name}}}}}": value for name, value in (filled or {}).items()}
        inputs = {name: known[given["value"]] for name, given in wanted["inputs"].items() if given["value"] in known}
        self._check(function, inputs)
        with self.lock:
            execution, event = self._execution(function, inputs, user)
            body = compact(wire.envelope(self.team, event, f"Ev0DEV{self.next_id():06d}", int(self.now())))
        try:
            status = requests.post(
                self.target + PATH, data=body, headers=self.signed(body), timeout=PATIENCE
            ).status_code
        except requests.RequestException as error:
            raise ValueError("the menu stays empty: nothing came in time") from error
        step = self.steps[execution]
        if status != 200 or step["state"] != "completed":
            raise ValueError(f"the menu stays empty: {status} {step}")
        return [(option["text"]["text"], option["value"]) for option in step["outputs"]["options"]]

    # --- private -----------------------------------------------------------------------------------------------------

    def _context(self, user: str) -> Json:
        return {"id": user, "secret": f"secret-of-{user}"}

    def _with_context(self, callback_id: str, inputs: Json, user: str) -> Json:
        """What nobody can fill in: who started the workflow."""
        declared: Json = self.functions.get(callback_id, {}).get("input_parameters", {})
        contexts = [name for name, each in declared.items() if each["type"] == USER_CONTEXT]
        if set(contexts) & set(inputs):
            raise ValueError("nobody can set who started a workflow")
        return inputs | ({name: self._context(user) for name in contexts} if user else {})

    def _check(self, callback_id: str, inputs: Json) -> None:
        if callback_id not in self.functions:
            return
        wrong = misfits(self.functions[callback_id]["input_parameters"], inputs)
        if wrong:
            raise ValueError(f"Workflow Builder does not take the inputs {wrong}")

    def _execution(self, callback_id: str, inputs: Json, user: str) -> tuple[str, Json]:
        number = f"{self.next_id():06d}"
        execution, token = f"Fx0DEV{number}", f"xwfp-sandbox-{number}"
        self.tokens.add(token)
        self.steps[execution] = {"state": "running", "outputs": None, "error": None, "user": user,
                                 "function": callback_id}  # fmt: skip
        return execution, {
            "type": "function_executed",
            "function": _function(callback_id, self.functions.get(callback_id), inputs),
            "inputs": inputs,
            "function_execution_id": execution,
            "workflow_execution_id": f"Wx0DEV{number}",
            "bot_access_token": token,
            "event_ts": self.next_ts(),
        }


def misfits(declared: Json, given: Json) -> list[str]:
    """The names of what is given and not declared, is of another type, or is needed and missing."""
    wrong = [name for name, value in given.items() if name not in declared or not TYPES[declared[name]["type"]](value)]
    return wrong + [name for name, each in declared.items() if each.get("is_required") and name not in given]


def _function(callback_id: str, declared: Json | None, inputs: Json) -> Json:
    parameters: Json = declared["input_parameters"] if declared else {name: {"type": "string"} for name in inputs}
    return {
        "id": "Fn0DEV00001",
        "callback_id": callback_id,
        "title": callback_id.replace("_", " ").capitalize(),
        "description": "",
        "type": "app",
        "input_parameters": [
            {"type": each["type"], "name": name, "description": each.get("description", ""),
             "title": each.get("title", name), "is_required": bool(each.get("is_required"))}
            for name, each in parameters.items()
        ],
        "output_parameters": [],
        "app_id": wire.APP_ID,
        "date_created": 1700000000,
        "date_updated": 1700000000,
        "date_deleted": 0,
        "form_enabled": False,
    }  # fmt: skip


def complete_success(slack: Workspace, arguments: Arguments) -> Json:
    """`functions.completeSuccess`: the outputs have to be those that the function declares."""
    step = _running(slack, arguments)
    outputs: Any = arguments.value("outputs")
    declared = slack.functions.get(step["function"], {}).get("output_parameters")
    if not isinstance(outputs, dict):
        raise Refusal("parameter_validation_failed")
    wrong = misfits(declared, cast("Json", outputs)) if declared is not None else []
    if wrong:
        raise Refusal("parameter_validation_failed", response_metadata={"messages": wrong})
    step |= {"state": "completed", "outputs": outputs}
    return {}


def complete_error(slack: Workspace, arguments: Arguments) -> Json:
    """`functions.completeError`."""
    step = _running(slack, arguments)
    step |= {"state": "failed", "error": arguments.text("error")}
    return {}


def _running(slack: Workspace, arguments: Arguments) -> Json:
    step = slack.steps.get(arguments.text("function_execution_id"))
    if step is None:
        raise Refusal("function_execution_not_found")
    if step["state"] != "running":
        raise Refusal("execution_not_in_running_state")
    return step
