"""The chapter of the promise: what connect accepted is never lost and never done twice."""

from functools import partial

from sandbox.demo import panels, slack_panels
from sandbox.demo.repositories import REPOSITORY
from sandbox.demo.screen import Line, Panel
from sandbox.demo.stage import Stage
from sandbox.demo.tickets import see_issue
from sandbox.playground import ADA
from sandbox.slack import DEV, GENERAL
from sandbox.slack.wire import BOT_USER, Json

BACKUP = "The backup of last night is empty"
LOGIN = "The login page is blank"


def nothing_lost_nothing_twice(stage: Stage) -> None:
    """A lost answer, and webhooks that come twice."""
    target, stage.jira.target = stage.jira.target, ""
    try:
        _a_lost_answer(stage)
    finally:
        stage.jira.target = target
    _a_repeated_webhook(stage)
    stage.act("Everybody rests.")
    left = partial(_unfinished, stage)
    stage.see("connect has nothing left to do", stage.at_rest, left, brief=True)
    stage.see("and every row of its log is completed", lambda: not left().lines, left, brief=True)


def _a_lost_answer(stage: Stage) -> None:
    slack, jira = stage.slack, stage.jira
    stage.act("Jira makes an issue, but its answer never arrives: the connection breaks. Its webhook is lost as well.")
    calls, looked = len(jira.calls_to("createIssue")), len(jira.calls_to("searchIssues"))
    jira.fault("createIssue", kind="reset", after=True)
    ts = slack.say(ADA, GENERAL, f"<@{BOT_USER}> create bug in OPS: {BACKUP}")
    issue = see_issue(stage, BACKUP, kind="Bug", reporter="Ada Lovelace")
    rows = partial(_creation_of, stage, BACKUP)
    stage.see(
        "connect cannot know that, and does not send it again",
        lambda: any(row["error_message"] for row in rows()) or len(jira.calls_to("searchIssues")) > looked,
        lambda: panels.log_rows(rows()),
    )

    stage.act("A moment later, connect looks for the marker that it had sent along.")
    thread = partial(slack_panels.thread, slack, GENERAL, ts)
    stage.see("it finds the issue: the card is there", lambda: stage.reply(GENERAL, ts, issue.key), thread)
    asked = partial(_asked, stage, calls)
    once = len(jira.calls_to("createIssue")) == calls + 1 and len(jira.calls_to("searchIssues")) > looked
    stage.see("Jira was asked once, and has one issue", lambda: once and _is_one(stage), asked)


def _a_repeated_webhook(stage: Stage) -> None:
    slack, github = stage.slack, stage.github
    stage.act(f"GitHub sends the webhook of a new issue in {REPOSITORY} three times over.")
    github.open_issue(REPOSITORY, LOGIN, "hedy")
    github.redeliver(2)

    def answers() -> list[int]:
        return [status for outgoing, status in github.sent if LOGIN.encode() in outgoing.body]

    def taken() -> Panel:
        return Panel("GitHub, its deliveries", [Line(str(status), "plain", "issues.opened") for status in answers()])

    stage.see("connect takes the first, and knows the others", lambda: answers() == [202, 200, 200], taken)
    shown = partial(_messages_about, stage, LOGIN)
    stage.see(
        "#dev has one message", lambda: len(shown()) == 1 and stage.at_rest(),
        lambda: slack_panels.messages(slack, "#dev", shown()),
    )  # fmt: skip


def _is_one(stage: Stage) -> bool:
    return len(panels.issues_about(stage.jira, BACKUP)) == 1


def _creation_of(stage: Stage, summary: str) -> list[Json]:
    return [row for row in stage.rows("integrations", operation="create_issue") if summary in row["payload"]]


def _unfinished(stage: Stage) -> Panel:
    return panels.log_rows([row for row in stage.rows("integrations") if row["status"] != "completed"])


def _messages_about(stage: Stage, words: str) -> list[Json]:
    return [each for each in stage.slack.history(DEV) if words in each["text"]]


def _asked(stage: Stage, before: int) -> Panel:
    created = len(stage.jira.calls_to("createIssue")) - before
    searches = [Line(call.body["jql"], "plain", "searchIssues") for call in stage.jira.calls_to("searchIssues")]
    return Panel("Jira, what it was asked", [Line(f"{created} ×", "plain", "createIssue"), *searches])
