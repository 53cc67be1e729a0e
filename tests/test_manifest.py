"""`manifest.yml` tells Slack what connect is: it agrees with the listeners and with the calls that connect makes."""

import ast
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest
import yaml

import app as connect
from bot import listeners
from bot.flows import approvals, channels, github_searching, searching
from bot.flows.plan import Plan
from bot.flows.steps import CHOICES
from bot.listeners import connect_commands, github_buttons
from bot.modals import create_issue as modal
from bot.modals import template_form
from bot.modals.fields import ACTION
from bot.renderers import github_buttons as github_cards
from bot.renderers import subscriptions
from bot.renderers.jira import card
from bot.settings import Settings
from sandbox.slack import GENERAL, MEMBER, METHODS, PRIVATE
from tests.views import ISSUE, every_view, used_at_home
from tests.world import World

ROOT = Path(__file__).parents[1]
SCHEMA = ROOT.parent / "shared" / "corpus" / "slack" / "manifest.schema.json"
ADDRESS = "https://connect.example.com/slack/events"
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
FUNCTIONS: dict[str, Any] = MANIFEST["functions"]

# What Slack sends for what a listener registers, and the scope that each event needs.
# https://docs.slack.dev/reference/events
EVENTS: dict[str, dict[str, str]] = {
    "app_home_opened": {"app_home_opened": ""},
    "app_mention": {"app_mention": "app_mentions:read"},
    "entity_comments_requested": {"entity_comments_requested": ""},
    "entity_details_requested": {"entity_details_requested": ""},
    "link_shared": {"link_shared": "links:read"},
    "message": {
        "message.channels": "channels:history", "message.groups": "groups:history", "message.im": "im:history",
        "message.mpim": "mpim:history",
    },
    **{
        f"{kind}_{did}": {f"{kind}_{did}": scope}
        for kind, scope in (("channel", "channels:read"), ("group", "groups:read"))
        for did in ("archive", "unarchive")
    },
    "channel_shared": {"channel_shared": "channels:read"},
    "channel_unshared": {"channel_unshared": "channels:read"},
    "reaction_added": {"reaction_added": "reactions:read"},
}  # fmt: skip
READ = {"channels:read", "groups:read", "im:read", "mpim:read"}
# A look-up must see the markers that connect's messages carry as metadata: a miss would be taken for "not posted".
HISTORY = {"channels:history", "groups:history", "im:history", "mpim:history", "metadata.message:read"}
# Public channels and private ones that connect makes, for the issues that have one of their own.
MANAGE = {"channels:manage", "groups:write"}
# Each method connect calls, with its scopes. https://docs.slack.dev/reference/methods
SCOPES: dict[str, set[str]] = {
    "auth.test": set(),
    "chat.delete": {"chat:write"},
    "chat.getPermalink": set(),
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.unfurl": {"links:write"},
    "chat.update": {"chat:write"},
    "conversations.archive": MANAGE,
    "conversations.create": MANAGE,
    "conversations.history": HISTORY,
    "conversations.info": READ,
    "conversations.invite": MANAGE,
    "conversations.members": READ,
    "conversations.open": {"im:write"},
    "conversations.replies": HISTORY,
    "conversations.setPurpose": MANAGE,
    "conversations.setTopic": MANAGE,
    "reactions.add": {"reactions:write"},
    "reactions.remove": {"reactions:write"},
    "entity.presentComments": set(),
    "entity.presentDetails": set(),
    "files.completeUploadExternal": {"files:write"},
    "files.delete": {"files:write"},
    "files.getUploadURLExternal": {"files:write"},
    "files.info": {"files:read"},
    "functions.completeError": set(),
    "functions.completeSuccess": set(),
    "users.conversations": {"channels:read", "groups:read"},
    "users.info": {"users:read", "users:read.email"},
    "users.lookupByEmail": {"users:read.email"},
    "views.open": set(),
    "views.push": set(),
    "views.publish": set(),
    "views.update": set(),
}


class Recorder:
    """Stands where Bolt's `App` does and notes what is registered, by kind and name."""

    def __init__(self, **_: object) -> None:
        self.listeners: dict[tuple[str, str], Callable[..., Any]] = {}

    def error(self, handler: Callable[..., Any]) -> None:
        """The hook for errors has no name in the manifest."""

    def __getattr__(self, kind: str) -> Callable[[str], Callable[[Callable[..., Any]], None]]:
        return lambda name: lambda listener: self.listeners.__setitem__((kind, name), listener)

    def names(self, kind: str) -> set[str]:
        return {name for found, name in self.listeners if found == kind}


class Inputs(dict[str, Any]):
    """A step's inputs that note which of them are read."""

    def __init__(self, values: dict[str, Any]) -> None:
        super().__init__(values)
        self.read: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.read.add(key)
        return super().get(key, default)


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    given = {"jira_base_url": "https://jira.example.com", "jira_api_token": "token", "github_token": "token"}
    settings = Settings.model_validate(given)
    monkeypatch.setattr(listeners, "App", Recorder)
    return cast("Recorder", listeners.build(connect.build_services(settings)))


@pytest.fixture
def small_world(sqlite_url: str) -> Iterator[World]:
    """A world in which connect has the manifest's scopes and no others."""
    world = World(sqlite_url)
    world.slack.scopes = set(MANIFEST["oauth_config"]["scopes"]["bot"])
    yield world
    world.close()


def parameters(function: str, kind: str) -> set[str]:
    return set(FUNCTIONS[function][f"{kind}_parameters"])


def test_slack_would_take_the_manifest() -> None:
    if not SCHEMA.is_file():
        pytest.skip("the schema of manifests is not here")
    validator: Any = jsonschema.Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert [error.message for error in validator.iter_errors(MANIFEST)] == []


def test_every_command_and_shortcut_has_its_listener_and_the_other_way_round(registered: Recorder) -> None:
    features = MANIFEST["features"]
    assert {command["command"] for command in features["slash_commands"]} == registered.names("command")
    for kind in ("message", "global"):
        declared = {each["callback_id"] for each in features["shortcuts"] if each["type"] == kind}
        assert declared == registered.names(f"{kind}_shortcut")


def test_every_event_has_its_listener_and_the_other_way_round(registered: Recorder) -> None:
    expected = {name for heard in registered.names("event") for name in EVENTS[heard]}
    if registered.names("function"):
        expected.add("function_executed")
    assert set(MANIFEST["settings"]["event_subscriptions"]["bot_events"]) == expected


def test_every_form_has_its_listeners_and_the_other_way_round(registered: Recorder) -> None:
    views = every_view()
    elements = [block["element"] for view in views for block in view["blocks"] if block["type"] == "input"]
    searched = {element["action_id"] for element in elements if "external_select" in element["type"]}
    # The names of Jira's fields, and of what a template asks for, are known by their beginning alone.
    beginnings = {ACTION: {"field:labels:labels"}, template_form.ACTION: {"part:f00d9ca0:0"}}
    some = {form: {name for name in searched if form.fullmatch(name)} for form in beginnings}
    assert some == beginnings
    assert registered.names("options") - {*beginnings} == searched.difference(*some.values())
    assert registered.names("view") == {view["callback_id"] for view in views}


def test_every_button_has_its_listener_and_the_other_way_round(registered: Recorder) -> None:
    blocks = [*card(ISSUE).blocks, *(block for view in every_view() for block in view["blocks"])]
    elements = [each for block in blocks for each in [*block.get("elements", []), block.get("accessory", {})]]
    pressed = {each["action_id"] for each in elements if "action_id" in each}
    of_github = {*github_buttons.PRESSED, github_cards.MORE}
    told = {block["element"]["action_id"] for block in blocks if block.get("dispatch_action")}
    of_the_list = {subscriptions.action(name) for name in subscriptions.BUTTONS}
    of_answers = {searching.BACK, searching.NEXT, searching.SHOW, connect_commands.OPEN_FORM}
    of_answers |= {github_searching.BACK, github_searching.NEXT, github_searching.SHOW}
    of_steps, of_channels = set(approvals.DECISIONS), {channels.ARCHIVE}
    of_all = of_the_list | of_answers | of_steps | of_channels | used_at_home() | {modal.MORE} | of_github
    assert registered.names("action") == pressed | told | of_all


def test_a_listener_of_a_section_that_the_manifest_knows_nothing_of_does_not_exist(registered: Recorder) -> None:
    known = {"command", "message_shortcut", "global_shortcut", "action", "view", "options", "event", "function"}
    assert {kind for kind, _ in registered.listeners} == known


WANTED: dict[str, tuple[str, dict[str, Any]]] = {
    "create_jira_issue": ("create_issue", {}),
    "comment_on_jira_issue": ("comment", {}),
    "transition_jira_issue": ("transition", {}),
    "assign_jira_issue": ("assign", {"user": ""}),
    "find_jira_issues": ("find_for_step", {}),
    "get_jira_issue": ("read_for_step", {}),
    "link_jira_thread": ("tie_thread", {}),
    "approve_jira_transition": ("read_for_step", {}),
    "create_github_issue": ("read_issue_parts", {}),
    "comment_on_github": ("comment", {}),
    "merge_github_pull": ("read_for_step", {}),
    "run_github_workflow": ("read_workflow", {"inputs": "name: value"}),
    "find_on_github": ("find_for_step", {}),
}
"""What each step asks for, and which inputs exclude each other."""
MESSAGE = {"channel_id": GENERAL, "message_ts": "1700000000.000100"}
GIVEN = {
    "message": MESSAGE, "limit": 5, "issue": "OPS-1", "project": "OPS", "person": {"id": MEMBER, "secret": "secret"},
    "item": "acme/web#1", "repository": "acme/web", "method": "squash",
}  # fmt: skip


@pytest.mark.parametrize("name", WANTED)
def test_a_step_reads_the_inputs_that_it_declares_and_no_others(registered: Recorder, name: str) -> None:
    declared = parameters(name, "input")
    given = {key: GIVEN.get(key, "given") for key in declared} | WANTED[name][1]
    inputs, plan = Inputs(given), Plan("test", "function_executed")
    event = {"function_execution_id": "Fx0DEV000001", "inputs": inputs}
    registered.listeners["function", name](event=event, body={"team_id": "T0DEV00001"}, context={"plan": plan})
    assert inputs.read == declared
    assert [new.operation for new in plan.integrations] == [WANTED[name][0]]


def test_the_steps_and_what_they_are_offered_to_choose_from_are_all_the_functions(registered: Recorder) -> None:
    assert {*WANTED, *CHOICES} == set(FUNCTIONS) == registered.names("function")
    assert {
        name for name, each in FUNCTIONS.items()
        if [output["type"] for output in each["output_parameters"].values()] == ["slack#/types/options_select"]
    } == CHOICES  # fmt: skip


def test_the_document_for_authors_of_workflows_names_every_step_with_what_it_takes_and_hands_on() -> None:
    document = (ROOT / "docs" / "workflows.md").read_text(encoding="utf-8")
    things = {
        "the issue": set(re.findall("`([a-z_]+)`", document.partition("*The issue* is")[2].partition(". Of")[0])),
        "the item": set(re.findall("`([a-z_]+)`", document.partition("*The item*,")[2].partition(" (people")[0])),
    }
    listed: dict[str, tuple[set[str], set[str]]] = {}
    for row in re.findall(r"^\| ([A-Z].*) \|$", document.partition("## Who acts")[0], re.MULTILINE):
        title, _, takes, hands_on = row.split(" | ")
        named = set(re.findall("`([a-z_]+)`", hands_on)).union(*(things[one] for one in things if one in hands_on))
        listed[title] = set(re.findall("`([a-z_]+)`", takes)), named
    del listed["Step"]
    assert listed == {
        FUNCTIONS[name]["title"]: (parameters(name, "input") - {"person"}, parameters(name, "output"))
        for name in WANTED
    }  # fmt: skip


def test_every_parameter_says_its_own_name_and_every_choice_comes_from_a_function_of_the_manifest() -> None:
    for each in FUNCTIONS.values():
        for name, declared in [*each["input_parameters"].items(), *each["output_parameters"].items()]:
            assert declared["name"] == name
            if "dynamic_options" in declared:
                function = declared["dynamic_options"]["function"].removeprefix("#/functions/")
                assert function in CHOICES
                assert set(declared["dynamic_options"]["inputs"]) == parameters(function, "input")


@pytest.mark.parametrize("name", sorted(CHOICES))
def test_what_hands_over_choices_reads_the_inputs_that_it_declares_and_no_others(
    small_world: World, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(listeners, "App", Recorder)
    recorder = cast("Recorder", listeners.build(small_world.services))
    given = {"query": "", "project": "OPS", "repository": "acme/web", "builder": {"id": MEMBER, "secret": "secret"}}
    inputs = Inputs(given)
    small_world.github.add_workflow("acme/web", "Deploy")
    small_world.github.add_milestone("acme/web", "1.0")
    execution = small_world.slack.run_step(name, dict(inputs), "")
    event, plan = {"function_execution_id": execution, "inputs": inputs}, Plan("test", "function_executed")
    recorder.listeners["function", name](event=event, body={"team_id": "T0DEV00001"}, context={"plan": plan})
    assert (inputs.read, plan.integrations) == (parameters(name, "input"), [])
    assert small_world.slack.steps[execution]["outputs"]["options"]


def test_a_step_ends_with_the_outputs_that_it_declares(small_world: World) -> None:
    small_world.slack.declare(FUNCTIONS)
    execution = small_world.slack.run_step("create_jira_issue", {"summary": "Printer is on fire"}, MEMBER)
    small_world.settle()
    step, declared = small_world.slack.steps[execution], parameters("create_jira_issue", "output")
    assert (step["state"], set(step["outputs"])) == ("completed", declared - {"assignee", "due_date"})


def test_every_request_comes_to_the_one_door_over_http() -> None:
    settings = MANIFEST["settings"]
    interactivity = settings["interactivity"]
    assert {
        *(command["url"] for command in MANIFEST["features"]["slash_commands"]),
        settings["event_subscriptions"]["request_url"],
        interactivity["request_url"], interactivity["message_menu_options_url"],
    } == {ADDRESS}  # fmt: skip
    assert (settings["socket_mode_enabled"], interactivity["is_enabled"]) == (False, True)
    # Without these Slack does not offer the steps: https://docs.slack.dev/workflows/workflow-steps
    assert (settings["org_deploy_enabled"], settings["function_runtime"]) == (True, "remote")


def test_commands_arrive_as_they_were_typed_but_for_the_one_that_has_to_know_people() -> None:
    # Escaped, a person arrives as `<@U…|name>`: not to stand in the summary of an issue, but what `/connect map` needs.
    escaped = {command["command"]: command["should_escape"] for command in MANIFEST["features"]["slash_commands"]}
    assert escaped == {"/jira": False, "/github": False, "/connect": True}


def test_the_scopes_are_those_that_the_calls_the_events_and_the_commands_need(registered: Recorder) -> None:
    called = methods_called()
    assert called == set(SCOPES)
    assert {METHODS[name][1] for name in called if name in METHODS} - {""} <= set().union(*SCOPES.values())
    heard = {scope for name in registered.names("event") for scope in EVENTS[name].values()} - {""}
    given: list[str] = MANIFEST["oauth_config"]["scopes"]["bot"]
    assert given == sorted({*set[str]().union(*SCOPES.values()), *heard, "commands"})


def methods_called() -> set[str]:
    """The Web API methods that the adapter calls: `self._web.chat_postMessage` is `chat.postMessage`.

    Those that slack_sdk has no method for are called by their name: `self._web.api_call("entity.presentComments", …)`.
    """
    found: set[str] = set()
    for path in (ROOT / "adapters" / "slack").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "api_call":
                found.add(ast.literal_eval(node.args[0]))
            elif (
                isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == "_web"
            ):
                found.add(node.attr.replace("_", ".", 1))
    return found - {"api.call"}


def test_the_scopes_suffice_for_commands_mentions_threads_and_lost_answers(small_world: World) -> None:
    slack = small_world.slack
    slack.command(MEMBER, GENERAL, "/jira", "create Printer is on fire")
    root = slack.say(MEMBER, PRIVATE, "The door does not open")
    slack.say(MEMBER, PRIVATE, "<@U0DEVBOT01> create a ticket", root)
    slack.fault("chat.postMessage", kind="reset", after=True)
    small_world.settle()
    small_world.advance(small_world.settings.connect_settle_seconds + 1)
    assert {row["status"] for row in small_world.rows("integrations")} == {"completed"}
    assert len(small_world.jira.issues) == 2
    assert len([message for message in slack.thread(PRIVATE, root) if message.get("bot_id")]) == 1
