"""Files that an issue has from the start, and files that were given with a comment which only some may see."""

from typing import Any

import pytest

from bot.operations.files import MEGABYTE
from sandbox.slack import DEV, GENERAL, MEMBER
from tests.journeys.test_jira_to_slack import bot_messages, subscribe
from tests.journeys.test_shown_files import ADA, IN_ADF, card, shown, uploads
from tests.journeys.test_subscription_manners import at, texts
from tests.journeys.threads import all_done, ticket, world
from tests.world import World

__all__ = ["world"]
FILES = {"one.txt": b"1", "two.png": bytes(range(256)) * 4096}
SECRET = [("salaries.pdf", b"secret")]
ALL = {"comments": "all"}


def created(world: World, **fields: Any) -> str:
    key = world.jira.create("OPS", "Task", "Printer", files=FILES, **fields)
    world.settle()
    return key


# --- from the start --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "manner",
    [{}, {"style": "line"}, {"style": "compact"}, {"thread": "channel"}, {"filters": {"jql": "issuetype = Task"}}],
)
def test_what_an_issue_was_created_with_is_shown_in_its_cards_thread(world: World, manner: dict[str, Any]) -> None:
    subscribe(world, DEV, **manner)
    created(world)
    assert shown(world, card(world, DEV), DEV) == list(FILES.items())
    assert len(bot_messages(world, DEV)) == 1
    world.jira.redeliver()
    world.settle()
    assert len(world.slack.calls_to("files.completeUploadExternal")) == 2
    all_done(world)


def test_each_channel_shows_them_and_they_leave_when_they_are_removed(world: World) -> None:
    for channel in (DEV, GENERAL):
        subscribe(world, channel, events=["created"])
    key = created(world)
    world.jira.detach(world.jira.issues[key].attachments[0].id)
    world.settle()
    for channel in (DEV, GENERAL):
        assert shown(world, card(world, channel), channel) == [("two.png", FILES["two.png"])]
    all_done(world)


def test_in_quiet_hours_they_wait_with_the_card(world: World) -> None:
    subscribe(world, DEV, quiet_hours={"from": "20:00", "to": "07:00", "timezone": "UTC"})
    at(world, 23)
    created(world)
    assert (bot_messages(world, DEV), uploads(world)) == ([], [])
    at(world, 7, 1)
    world.settle()
    assert shown(world, card(world, DEV), DEV) == list(FILES.items())


def test_those_of_a_secured_issue_are_shown_only_where_it_is(world: World) -> None:
    world.slack.channels[GENERAL].kind = "group"
    world.slack.command(MEMBER, GENERAL, "/jira", "subscribe OPS all")
    world.slack.command(MEMBER, DEV, "/jira", "subscribe OPS all")
    created(world, security="Staff")
    assert shown(world, card(world, GENERAL)) == list(FILES.items())
    assert texts(world) == []


def test_one_that_is_too_large_is_told_with_a_link(world: World) -> None:
    world.jira.largest_file = 200 * MEGABYTE
    subscribe(world, DEV)
    world.jira.create("OPS", "Task", "Printer", files={"film.mp4": b"x" * (50 * MEGABYTE + 1)})
    world.settle()
    thread = world.slack.thread(DEV, card(world, DEV))
    assert [message["text"].split(" <")[0] for message in thread[1:]] == [
        "“film.mp4” is not shown here. It is larger than 50 MB."
    ]


def test_a_thread_of_people_has_the_files_that_they_gave_and_no_second_time(world: World) -> None:
    subscribe(world, GENERAL)
    ts = world.slack.say(
        MEMBER, GENERAL, "<@U0DEVBOT01> create: the printer is on fire", files={"log.txt": b"it burns"}
    )
    world.settle()
    assert (len(shown(world, ts)), uploads(world)) == (0, [])


# --- with a comment for some only -------------------------------------------------------------------------------------


def words(world: World) -> Any:
    """A comment's text that speaks of the file."""
    return IN_ADF if world.jira.cloud else "see !salaries.pdf|thumbnail!"


def given_along(world: World, key: str) -> str:
    """Somebody attaches a file and speaks of it in a comment for some only; returns the file's id."""
    ident = world.jira.attach(key, ADA, *SECRET[0])
    world.jira.comment(key, ADA, words(world), restricted=True)
    world.settle()
    return ident


@pytest.mark.parametrize("of_people", [True, False])
def test_a_file_goes_where_its_restricted_comment_does(world: World, *, of_people: bool) -> None:
    subscribe(world, DEV)
    if of_people:
        key, ts = ticket(world)
        subscribe(world, GENERAL, filters=ALL)
    else:
        subscribe(world, GENERAL, filters=ALL)
        key = world.jira.create("OPS", "Task", "Printer")
        world.settle()
        ts = card(world, GENERAL)
    given_along(world, key)
    assert shown(world, ts) == SECRET
    if not of_people:
        assert shown(world, card(world, DEV), DEV) == []
    all_done(world)


def test_it_is_shown_also_where_the_comment_is_told_long_after_the_file_came(world: World) -> None:
    subscribe(world, DEV, filters=ALL)
    key = world.jira.create("OPS", "Task", "Printer")
    world.settle()
    world.jira.attach(key, ADA, *SECRET[0])
    world.jira.flush()
    world.jira.target = ""
    world.jira.comment(key, ADA, words(world), restricted=True)
    world.settle()
    assert (shown(world, card(world, DEV), DEV), [row["status"] for row in uploads(world)]) == ([], ["completed"])
    world.jira.target = world.url
    world.jira.redeliver()
    world.settle()
    assert shown(world, card(world, DEV), DEV) == SECRET
    all_done(world)


@pytest.mark.parametrize("filters", [ALL, {}])
def test_a_file_of_a_comment_for_agents_alone_goes_where_that_does(sqlite_url: str, filters: dict[str, str]) -> None:
    world = World(sqlite_url)
    subscribe(world, DEV, filters=filters)
    key = world.jira.create("OPS", "Task", "Printer")
    world.settle()
    world.jira.attach(key, ADA, *SECRET[0])
    for_agents = {"sd.public.comment": {"internal": True}}
    world.jira.changes.comment(world.jira.issues[key], IN_ADF, world.jira.person(ADA), None, for_agents)
    world.settle()
    assert shown(world, card(world, DEV), DEV) == (SECRET if filters else [])
    world.close()


def restrict(world: World, key: str, note: str, visibility: dict[str, str] | None) -> None:
    """Somebody edits who may see a comment; Jira tells of it as of any edit."""
    _, found = world.jira.find_comment(note, key)
    found.visibility = visibility
    world.advance(1)
    world.jira.changes.edit_comment(world.jira.issues[key], found, found.body, found.author)
    world.settle()


def test_a_file_comes_when_all_may_see_its_comment_and_leaves_when_they_may_not(world: World) -> None:
    subscribe(world, DEV)
    key = world.jira.create("OPS", "Task", "Printer", files={"plan.txt": b"plan"})
    world.settle()
    given_along(world, key)
    thread = card(world, DEV)
    assert shown(world, thread, DEV) == [("plan.txt", b"plan")]
    note = world.jira.issues[key].comments[0].id
    restrict(world, key, note, None)
    assert shown(world, thread, DEV) == [("plan.txt", b"plan"), *SECRET]
    restrict(world, key, note, {"type": "role", "value": "Administrators"})
    assert shown(world, thread, DEV) == [("plan.txt", b"plan")]
    all_done(world)


def test_it_stays_out_where_attachments_are_not_asked_for(world: World) -> None:
    subscribe(world, DEV, events=["created", "commented"], filters=ALL)
    key = world.jira.create("OPS", "Task", "Printer")
    world.settle()
    given_along(world, key)
    assert (shown(world, card(world, DEV), DEV), uploads(world)) == ([], [])


def test_it_stays_out_where_comments_are_not_asked_for(world: World) -> None:
    subscribe(world, DEV, events=["created", "attachments"], filters=ALL)
    key = world.jira.create("OPS", "Task", "Printer")
    world.settle()
    given_along(world, key)
    assert shown(world, card(world, DEV), DEV) == []
    all_done(world)


def test_in_the_night_it_waits_for_its_comment_and_comes_with_it(world: World) -> None:
    subscribe(world, DEV, filters=ALL, quiet_hours={"from": "20:00", "to": "07:00", "timezone": "UTC"})
    key = world.jira.create("OPS", "Task", "Printer")
    world.settle()
    at(world, 23)
    given_along(world, key)
    assert uploads(world) == []
    at(world, 7, 1)
    world.settle()
    assert shown(world, card(world, DEV), DEV) == SECRET


@pytest.mark.parametrize("filters", [ALL, {}])
def test_what_data_center_tells_in_one_event_with_such_a_comment_belongs_to_it(
    sqlite_url: str, filters: dict[str, str]
) -> None:
    world = World(sqlite_url, cloud=False)
    subscribe(world, DEV, filters=filters)
    key = world.jira.create("OPS", "Task", "Printer")
    world.settle()
    issue, ada = world.jira.issues[key], world.jira.person(ADA)
    world.jira.target = ""
    world.jira.comment(key, ADA, "for us only", restricted=True)
    ident = world.jira.attach(key, ADA, *SECRET[0])
    world.jira.target = world.url
    item = {"field": "Attachment", "fieldtype": "jira", "from": None, "to": ident, "toString": "salaries.pdf"}
    world.jira.announcements.issue("jira:issue_updated", "issue_generic", issue, ada, [item], issue.comments[0])
    world.settle()
    assert shown(world, card(world, DEV), DEV) == (SECRET if filters else [])
    all_done(world)
    world.close()
