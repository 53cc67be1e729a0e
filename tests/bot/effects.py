"""What the tests of the worker ask for, and how they see at the far side what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.flows import doing, files, replies
from bot.flows.asker import Asker
from bot.flows.doing import Wish
from bot.flows.plan import Plan, to_slack
from bot.flows.replies import Reply
from bot.message import Message
from bot.operations.files import files_of
from sandbox.slack import GENERAL, MEMBER
from sandbox.standin import StandIn
from storage import integrations, subscriptions
from storage.integrations import Integration
from storage.subscriptions import Wanted
from tests.storage import rows
from tests.world import World

TEAM = "T0DEV00001"
CHANNEL = f"{TEAM}/{GENERAL}"
SETTLE, LEASE = 30.0, 60.0


@dataclass(frozen=True)
class Effect:
    """A kind of outside call: how a test asks for one, what the service calls it, and how often it happened."""

    service: str
    call: str
    look: str
    ask: Callable[[World], int]
    count: Callable[[World], int]
    marked: bool = True
    """Whether the marker travels in the call; a file has no place for one."""

    def standin(self, world: World) -> StandIn:
        return getattr(world, self.service)

    def calls(self, world: World) -> int:
        return len(self.standin(world).calls_to(self.call))

    def looks(self, world: World) -> int:
        return len(self.standin(world).calls_to(self.look))


def post(world: World, text: str = "hello", **payload: str) -> int:
    return world.ask("jira", "slack", "post_message", {"channel": GENERAL, "text": text, **payload})


def texts(world: World, text: str = "hello") -> list[dict[str, Any]]:
    return [message for message in world.slack.channels[GENERAL].messages if message["text"] == text]


def _post_in_thread(world: World) -> int:
    return post(world, thread_ts=world.slack.say(MEMBER, GENERAL, "a thread"))


def ask_comment(world: World) -> int:
    key = world.jira.create("OPS", "Task", "the printer")
    return world.ask("slack", "jira", "add_comment", {"issue": key, "message": "hello"})


def _comments(world: World) -> int:
    return sum(len(issue.comments) for issue in world.jira.issues.values())


def ask_issue(world: World) -> int:
    return world.ask("slack", "jira", "create_ticket", {"message": "hello", "channel": GENERAL})


def ask_file(world: World) -> int:
    """A file of a message, to be attached: REST has no word for it."""
    key = world.jira.create("OPS", "Task", "the printer")
    ts = world.slack.say(MEMBER, GENERAL, "see", files={"log.txt": b"it burns"})
    world.settle()
    given = {"place": f"{CHANNEL}/{ts}", "requester": f"{TEAM}/{MEMBER}", "channel": CHANNEL}
    cause = {"source_service": "slack", "event_type": "test", "source_id": given["place"]}
    found = files_of(world.slack.thread(GENERAL, ts)[0])
    asked = files.attach(key, found, cause, given, given["place"])
    return world.database.run(lambda connection: integrations.add(connection, asked, None, world.clock()))[0]


def ask_upload(world: World) -> int:
    """An attachment of an issue, to be shown in a thread: what follows from the line that tells of it."""
    world.jira.target = ""
    key = world.jira.create("OPS", "Task", "the printer")
    ident = world.jira.attach(key, "Ada Lovelace", "log.txt", b"it burns")
    file = {"id": ident, "name": "log.txt", "size": 8, "url": "", "mimetype": "text/plain"}
    told = world.slack.say(MEMBER, GENERAL, "a thread")
    cause = {"source_service": "jira", "event_type": "test", "source_id": key}
    given = {"channel": CHANNEL, "issue": key, "file": file, "told": told}
    asked = to_slack("upload", "test", "test", cause, CHANNEL, given)
    return world.database.run(lambda connection: integrations.add(connection, [asked], None, world.clock()))[0]


def _shown(world: World) -> int:
    return sum(len(message.get("files", [])) for message in world.slack.channels[GENERAL].messages)


def _files(world: World) -> int:
    return sum(len(issue.attachments) for issue in world.jira.issues.values())


def ask_github_issue(world: World) -> int:
    given = {"repository": "acme/web", "title": "hello", "channel": GENERAL}
    return world.ask("slack", "github", "create_issue", given)


def ask_github_comment(world: World) -> int:
    number = world.github.open_issue("acme/web", "the page is blank")
    given = {"repository": "acme/web", "number": number, "body": "hello"}
    return world.ask("slack", "github", "add_comment", given)


def ask_github_reply(world: World) -> int:
    """A reply in the thread of an issue's card."""
    world.slack.command(MEMBER, GENERAL, "/github", "subscribe acme/web issues")
    world.github.open_issue("acme/web", "the page is blank")
    world.settle()
    thread = f"{CHANNEL}/{world.slack.history(GENERAL)[-1]['ts']}"
    ts = thread.rpartition("/")[2]
    place = f"{CHANNEL}/{world.slack.say(MEMBER, GENERAL, 'hello', thread_ts=ts)}"
    world.slack.rearrange(lambda _: [])
    reply = Reply(TEAM, CHANNEL, thread, place, f"{TEAM}/{MEMBER}", {"text": "hello"}, private=False)

    def store(connection: Connection) -> list[int]:
        asked = replies.replied(connection, reply, "message")
        assert asked is not None
        return integrations.add(connection, asked, None, world.services.now())

    row_id = world.database.run(store)[0]
    world.github.target = ""  # its webhooks would confirm the effect before anything is looked up
    return row_id


def _ask_as_a_person(operation: str, **payload: Any) -> Callable[[World], int]:
    """What a button or form asks for, which no REST request does."""

    def ask(world: World) -> int:
        key = world.jira.create("OPS", "Task", "the printer")
        world.give_account(MEMBER)
        plan = Plan("slack:1", "block_actions")
        doing.ask(plan, operation, Wish(Asker(TEAM, f"{TEAM}/{MEMBER}", CHANNEL), key), **payload)

        def store(connection: Connection) -> list[int]:
            return integrations.add(connection, plan.integrations, None, world.services.now())

        return world.database.run(store)[0]

    return ask


def _worklogs(world: World) -> int:
    return sum(len(issue.worklogs) for issue in world.jira.issues.values())


def _github_comments(world: World) -> int:
    repo = world.github.repo("acme/web")
    assert repo is not None
    return sum(len(ticket.comments) for ticket in repo.tickets.values())


def _github_issues(world: World) -> int:
    repo = world.github.repo("acme/web")
    assert repo is not None
    return len(repo.tickets)


def _unheard(ask: Callable[[World], int]) -> Callable[[World], int]:
    """GitHub's webhooks would confirm the effect before anything is looked up."""

    def asked(world: World) -> int:
        world.github.target = ""
        return ask(world)

    return asked


EFFECTS = {
    "message": Effect("slack", "chat.postMessage", "conversations.history", post, lambda world: len(texts(world))),
    "reply": Effect("slack", "chat.postMessage", "conversations.replies", _post_in_thread,
                    lambda world: len(texts(world))),
    "issue": Effect("jira", "createIssue", "searchIssues", ask_issue, lambda world: len(world.jira.issues)),
    "comment": Effect("jira", "addComment", "getComments", ask_comment, _comments),
    "file": Effect("jira", "addAttachment", "getIssue", ask_file, _files, marked=False),
    "shown file": Effect("slack", "files.completeUploadExternal", "conversations.replies", ask_upload, _shown,
                         marked=False),
    "person's comment": Effect("jira", "addComment", "getComments", _ask_as_a_person("comment", text="hello"),
                               _comments),
    "worklog": Effect("jira", "addWorklog", "getIssueWorklog", _ask_as_a_person("log_work", spent="2h", text="hello"),
                      _worklogs),
    "github issue": Effect("github", "issues/create", "issues/list-for-repo", _unheard(ask_github_issue),
                           _github_issues),
    "github comment": Effect("github", "issues/create-comment", "issues/list-comments", _unheard(ask_github_comment),
                             _github_comments),
    "github reply": Effect("github", "issues/create-comment", "issues/list-comments", ask_github_reply,
                           _github_comments),
}  # fmt: skip

every_effect = pytest.mark.parametrize(
    ("database_url", "effect"),
    [pytest.param("sqlite", effect, id=f"sqlite-{name}") for name, effect in EFFECTS.items()]
    + [pytest.param("mysql", EFFECTS[name], id=f"mysql-{name}") for name in ("reply", "issue")],
    indirect=["database_url"],
)
# Where nothing but the service's answer matters, one kind of database is enough.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def row(world: World, row_id: int) -> dict[str, Any]:
    return world.call("GET", f"/api/v1/integrations/{row_id}").json()["integration"]


def assert_completed(world: World, row_id: int) -> None:
    """The row and all that followed from it is done, and nothing else waits."""
    assert {one["status"] for one in world.rows("integrations")} == {"completed"}, world.rows("integrations")
    assert row(world, row_id)["remote_id"]
    assert {one["status"] for one in world.rows("deliveries")} <= {"completed", "ignored"}, world.rows("deliveries")


def claim(world: World) -> Integration:
    """What a worker does first, by hand: the test then is a worker that dies."""
    claimed = rows.claim(world.database, world.services.now(), lease=world.settings.connect_lease_seconds)
    assert claimed is not None
    return claimed


def add(world: World, operation: str, payload: dict[str, Any], key: str = "k1") -> int:
    """A call to Slack that no REST request asks for."""
    cause = {"source_service": "slack", "event_type": "/jira", "source_id": ""}
    new = to_slack(operation, key, key, cause, CHANNEL, payload, Message("only you see this"))
    return world.database.run(lambda connection: integrations.add(connection, [new], None, world.services.now()))[0]


def subscribe(world: World, service: str, source: str) -> None:
    wanted = Wanted(service, source, CHANNEL, ("all",), {}, True, f"{TEAM}/{MEMBER}")
    world.database.run(lambda connection: subscriptions.put(connection, wanted, world.services.now()))


def delivery(world: World, event: str) -> dict[str, Any]:
    (found,) = [one for one in world.rows("deliveries") if one["event"] == event]
    return found
