"""What is there when the curtain opens: the people, and a few things they have said and made before."""

import time
from collections.abc import Generator
from contextlib import contextmanager

from sandbox.jira.model import GRACE as GRACE_IN_JIRA
from sandbox.jira.model import Json
from sandbox.playground import ADA, GRACE, Playground
from sandbox.slack import DEV, GENERAL

HOUR = 3600.0
START_PAGE = """The start page says when we are open, in the visitor's own time zone.

- [x] weekdays
- [x] weekends
- [ ] holidays, which come with WEB-2

Works without JavaScript, too."""
DOORS: Json = {"type": "doc", "version": 1, "content": [
    {"type": "paragraph", "content": [
        {"type": "text", "text": "When the alarm goes off, "},
        {"type": "text", "text": "every", "marks": [{"type": "strong"}]},
        {"type": "text", "text": " fire door on the way out closes:"},
    ]},
    {"type": "bulletList", "content": [
        {"type": "listItem", "content": [{"type": "paragraph", "content": [{"type": "text", "text": words}]}]}
        for words in ("within five seconds,", "with the power off,", "without catching a sleeve.")
    ]},
    {"type": "panel", "attrs": {"panelType": "warning"}, "content": [
        {"type": "paragraph", "content": [
            {"type": "text", "text": "Ask "},
            {"type": "mention", "attrs": {"id": GRACE_IN_JIRA.account_id, "text": "@Grace Hopper"}},
            {"type": "text", "text": " before you test "},
            {"type": "text", "text": "alarm --loud", "marks": [{"type": "code"}]},
            {"type": "text", "text": "."},
        ]},
    ]},
]}  # fmt: skip
SAFARI = """1. Open the start page on an iPhone.
2. Press **Sign in**.

Nothing happens. The console says `TypeError: form is null`."""


def prepare(playground: Playground) -> None:
    """Fill the stand-ins; nothing of it is told to connect, which was not there yet."""
    _people(playground)
    _in_jira(playground)
    _on_github(playground)
    with _ago(playground, 0.4):
        say = playground.slack.say
        say(ADA, GENERAL, "Good morning! The printer on floor 3 is on fire again: smoke comes out of tray 2.")
        say(GRACE, GENERAL, "I can smell it up here. Does anybody have a ticket for that?")
        say(GRACE, DEV, "The opening hours are in review, and Ada's work on the fire door waits for a pull request.")
        say(ADA, DEV, "The release is planned for Thursday.")


@contextmanager
def _ago(playground: Playground, hours: float) -> Generator[None]:
    """Let the clocks of the stand-ins be some hours slow."""
    for standin in (playground.slack, playground.jira, playground.github):
        standin.now = lambda: time.time() - hours * HOUR
    yield
    for standin in (playground.slack, playground.jira, playground.github):
        standin.now = time.time


def _people(playground: Playground) -> None:
    github = playground.github
    github.person("ada", "Ada Lovelace").email = "ada@example.com"
    github.person("grace", "Grace Hopper").email = "grace@example.com"
    for repo in github.repos:
        repo.roles |= {"ada": "admin", "grace": "write", "octocat": "write"}


def _in_jira(playground: Playground) -> None:
    jira, ada, grace = playground.jira, "Ada Lovelace", "Grace Hopper"
    with _ago(playground, 30):
        jira.create("OPS", "Task", "Order a new fire extinguisher", grace, priority="High", assignee=grace)
        jira.create(
            "OPS", "Story", "Fire doors close by themselves", ada, priority="Highest", assignee=ada, labels=["safety"],
            description=DOORS,
        )  # fmt: skip
        jira.create("OPS", "Bug", "The badge reader at the back door is slow", grace, assignee=grace)
        jira.create("OPS", "Task", "Renew the fire insurance", ada, priority="Low", assignee=ada)
        jira.create("OPS", "Task", "Water the plants on floor 2", ada, priority="Lowest", labels=["plants"])
        jira.create("WEB", "Story", "Opening hours on the start page", ada, assignee=grace)
        jira.create("WEB", "Bug", "The calendar forgets public holidays", grace, priority="High")
    with _ago(playground, 5):
        for key, by, steps in (
            ("OPS-2", ada, ("In Progress",)),
            ("OPS-3", grace, ("In Progress", "In Review")),
            ("OPS-4", ada, ("Done",)),
            ("WEB-1", grace, ("In Progress",)),
        ):
            for status in steps:
                jira.transition(key, status, by)
        jira.comment("OPS-3", ada, "It takes four seconds at my badge, and the door gives up after five.")


def _on_github(playground: Playground) -> None:
    github, web = playground.github, "acme/web"
    with _ago(playground, 26):
        first = github.open_issue(web, "The login button does nothing on Safari", "octocat", SAFARI)
        github.label(web, first, "bug")
        github.open_issue(web, "Describe how a release is made", "grace", "For those who make their first one.")
        github.open_issue("acme/secret", "Change the keys of the vault", "ada")
        github.push(web, "main", [("Name the release", "ada")])
        github.release(web, "v1.3.0", "The spring release", "Faster, and **kinder** to old phones.", by="ada")
        deployed = github.deploy(web, "production", "main", "ada")
        github.deployment_status(web, deployed, "success")
    with _ago(playground, 3):
        github.push(web, "opening-hours", [("WEB-1 Show the opening hours", "grace")])
        number = github.open_pull_request(
            web, "WEB-1 Opening hours on the start page", "grace", "opening-hours", body=START_PAGE
        )
        github.finish_run(web, github.start_run(web, "opening-hours", by="grace"))
        github.request_review(web, number, "octocat", "grace")
        github.review(web, number, "ada", "commented", "Reads well. Do we say so when we are closed all day?")
        github.push(web, "OPS-2-fire-door", [
            ("OPS-2 Let the fire door close by itself", "ada"), ("OPS-2 Test the spring of the door", "ada"),
        ])  # fmt: skip
