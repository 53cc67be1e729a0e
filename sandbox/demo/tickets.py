"""The chapters between Slack and Jira: every way to make an issue, and what its thread and card hear from then on."""

import json
from functools import partial
from typing import Any

import requests

from sandbox.demo import panels, slack_panels
from sandbox.demo.screen import Line, Panel
from sandbox.demo.stage import Stage
from sandbox.jira.model import Issue
from sandbox.playground import ADA, GRACE
from sandbox.slack import DEV, GENERAL
from sandbox.slack.wire import BOT_USER, Json

PRINTER = "The printer on floor 3 is on fire"
DOOR = "The door of the server room does not close"
COFFEE = "The coffee machine is leaking"
LAPTOP = "A laptop for Alan"
PROJECTOR = "The projector in room 5 stays dark"
CERTIFICATE = "The certificate of the shop expires on Friday"


def from_a_message(stage: Stage) -> None:
    """A message's menu, the form, and the card in the thread."""
    slack = stage.slack
    stage.act(f"Ada writes “{PRINTER}” in #general, and chooses “Create Jira issue” in the message's menu.")
    ts = slack.say(ADA, GENERAL, f"{PRINTER}! Smoke is coming out of tray 2.")
    slack.message_shortcut(ADA, GENERAL, ts, "create_issue_from_message")
    screen = partial(slack_panels.form, slack, ADA)
    view = stage.see("the form opens, filled in from the message", lambda: slack.current_view(ADA), screen)

    stage.act("Ada types “oper” under Project, and looks at the types that this project has.")
    _choose(stage, view["id"], "project", "oper", "OPS")
    _choose(stage, view["id"], "issue_type", "", "Bug")

    stage.act("Ada makes the summary shorter and presses Create.")
    answer = slack.submit(ADA, view["id"], {"summary": {"summary": {"value": PRINTER}}})
    stage.see(
        "the form says at once that it is creating the issue",
        lambda: _says(answer.body, "Creating"),
        screen,
        brief=True,
    )
    issue = see_issue(stage, PRINTER, kind="Bug", reporter="Ada Lovelace")
    stage.see("the form shows the link", lambda: _says(slack.current_view(ADA), f"browse/{issue.key}"), screen)
    thread = partial(slack_panels.thread, slack, GENERAL, ts)
    stage.see("the issue's card stands in the message's thread", lambda: stage.reply(GENERAL, ts, issue.key), thread)


def other_ways(stage: Stage) -> None:
    """A mention, a command, a step of a workflow, and a REST call."""
    slack = stage.slack
    stage.act(f"Grace mentions connect in #general: “@connect create bug in OPS: {DOOR}”.")
    ts = slack.say(GRACE, GENERAL, f"<@{BOT_USER}> create bug in OPS: {DOOR}")
    issue = see_issue(stage, DOOR, kind="Bug", reporter="Grace Hopper")
    thread = partial(slack_panels.thread, slack, GENERAL, ts)
    stage.see("its card answers her in a thread", lambda: stage.reply(GENERAL, ts, issue.key), thread)

    stage.act(f"Grace types “/jira create {COFFEE}” in #general.")
    slack.command(GRACE, GENERAL, "/jira", f"create {COFFEE}")
    seen = partial(slack_panels.private, slack, GRACE)
    stage.see("she alone is told that it is under way", lambda: stage.told(GRACE, COFFEE), seen)
    issue = see_issue(stage, COFFEE, kind="Task", reporter="Grace Hopper")
    _see_card(stage, GENERAL, issue)

    stage.act("Ada starts a workflow that comes to the step “Create Jira issue”.")
    inputs = {"project": "WEB", "type": "Task", "summary": LAPTOP, "description": "Starts on *Monday*.",
              "channel": GENERAL, "user": ADA}  # fmt: skip
    run = slack.run_step("create_jira_issue", inputs, ADA)
    issue = see_issue(stage, LAPTOP, kind="Task")
    outputs = {"issue_key": issue.key, "issue_url": f"{stage.jira.url}/browse/{issue.key}"}
    stage.see(
        "the step hands key and address on to the workflow",
        lambda: outputs.items() <= (slack.steps[run]["outputs"] or {}).items(),
        partial(panels.step, slack, run),
    )  # fmt: skip
    _see_card(stage, GENERAL, issue)
    _over_rest(stage)


def both_ways(stage: Stage) -> None:
    """A thread and its issue hear each other."""
    slack, jira = stage.slack, stage.jira
    ts, issue = _thread_and_issue(stage)
    stage.act(f"Grace replies in the thread of {issue.key}.")
    slack.say(GRACE, GENERAL, "I am on my way with the big extinguisher.", ts)
    comment = "Grace Hopper (in Slack)"
    stage.see(
        "her words are a comment in Jira", lambda: any(comment in each.text for each in issue.comments),
        partial(panels.issue, jira, PRINTER),
    )  # fmt: skip

    stage.act(f"Ada comments on {issue.key} in Jira.")
    jira.comment(issue.key, "Ada Lovelace", "The fire is out. Ordering a new tray 2.")
    thread = partial(slack_panels.thread, slack, GENERAL, ts, 1)
    stage.see("the thread has her comment", lambda: stage.reply(GENERAL, ts, "The fire is out"), thread)

    stage.act(f"Ada moves {issue.key} to In Progress, in Jira.")
    jira.transition(issue.key, "In Progress", "Ada Lovelace")
    stage.see("the thread says what changed", lambda: stage.reply(GENERAL, ts, "To Do", "In Progress"), thread)
    card = partial(stage.reply, GENERAL, ts, f"browse/{issue.key}", "*In Progress*")
    stage.see(
        "the card above is edited in place", card,
        lambda: slack_panels.messages(slack, "the card", [found] if (found := card()) else []),
    )  # fmt: skip


def a_project_followed(stage: Stage) -> None:
    """A channel that subscribed hears of issues made in Jira."""
    slack, jira = stage.slack, stage.jira
    stage.act("Grace types “/jira subscribe OPS all” in #dev.")
    slack.command(GRACE, DEV, "/jira", "subscribe OPS all")
    seen = partial(slack_panels.private, slack, GRACE)
    stage.see("connect says what the channel will hear of", lambda: stage.told(GRACE, "hears of", "OPS"), seen)

    stage.act("Ada makes an issue in Jira itself.")
    key = jira.create("OPS", "Task", CERTIFICATE, "Ada Lovelace", description="Renew it, and *automate* the renewal.")
    channel = partial(slack_panels.channel, slack, DEV)
    card = stage.see(f"a card for {key} opens in #dev", lambda: stage.card(DEV, key, CERTIFICATE), channel)

    stage.act(f"Ada gives {key} to Grace and makes it urgent.")
    jira.edit(key, "Ada Lovelace", assignee="Grace Hopper", priority="Highest")
    thread = partial(slack_panels.thread, slack, DEV, card["ts"])
    stage.see(
        "the card is edited", lambda: stage.card(DEV, key, "Assigned to Grace Hopper", "Highest"), thread, brief=True
    )
    stage.see("its thread says what changed", lambda: stage.reply(DEV, card["ts"], "Grace Hopper", "Highest"), thread)


def see_issue(stage: Stage, summary: str, kind: str, reporter: str = "") -> Issue:
    """See that Jira has the one issue with this summary, as it should be."""

    def look() -> Issue | None:
        found = panels.issues_about(stage.jira, summary)
        right = [each for each in found if each.type.name == kind and reporter in ("", each.reporter.display)]
        return right[0] if len(found) == len(right) == 1 else None

    return stage.see(f"Jira has it once, as a {kind}", look, partial(panels.issue, stage.jira, summary))


def rest_request(message: str) -> Json:
    """A REST request for an issue."""
    payload = {"channel": GENERAL, "message": message}
    return {"source_service": "slack", "target_service": "jira", "event_type": "create_ticket", "payload": payload}


def curl(url: str, body: Json) -> list[str]:
    """The request as lines for a shell."""
    data = json.dumps(body).replace(', "payload"', ',\n       "payload"')
    return [f"curl {url} \\", "  -H 'Content-Type: application/json' \\", *f"  -d '{data}'".split("\n")]


def _thread_and_issue(stage: Stage) -> tuple[str, Issue]:
    """The thread and the issue of the first chapter; raises `LookupError` if there is no such pair."""
    message, found = stage.said(GENERAL, PRINTER), panels.issues_about(stage.jira, PRINTER)
    if message is None or not found:
        raise LookupError(f"there is no thread with an issue about “{PRINTER}”")
    return message["ts"], found[0]


def _over_rest(stage: Stage) -> None:
    stage.act("A script asks for an issue over REST.")
    url, body = f"{stage.connect.url}/api/v1/integrations", rest_request(PROJECTOR)
    for line in curl(url, body):
        stage.screen.line(f"    {line}")
    answer = requests.post(url, json=body, timeout=5)
    answered = partial(Panel, "connect answers", [Line(answer.text.strip(), "plain", str(answer.status_code))])
    stage.see("connect takes the request on", lambda: answer.status_code == requests.codes.created, answered)
    issue = see_issue(stage, PROJECTOR, kind="Task")
    _see_card(stage, GENERAL, issue)


def _see_card(stage: Stage, channel: str, issue: Issue) -> None:
    shown = partial(slack_panels.channel, stage.slack, channel)
    name = stage.slack.channels[channel].name
    stage.see(f"its card stands in #{name}", lambda: stage.card(channel, issue.key, issue.summary), shown)


def _choose(stage: Stage, view_id: str, name: str, typed: str, wanted: str) -> None:
    """Choose in a menu of the form, from what Jira has now; connect draws the form anew."""
    offered = stage.slack.options(ADA, view_id, name, typed)
    found = [option for option in offered if option["value"] == wanted]
    names = " · ".join(option["text"]["text"] for option in offered)
    stage.see(
        f"Jira's own list offers {names}", lambda: found, partial(slack_panels.form, stage.slack, ADA), brief=True
    )
    values = stage.slack.views[view_id]["state"]["values"]
    menu = next(values[block][name] for block in values if name in values[block])
    menu["selected_option"] = found[0]
    stage.slack.click(ADA, name, value=wanted, view=view_id)


def _says(view: Any, words: str) -> bool:
    return words in json.dumps(view, ensure_ascii=False)
