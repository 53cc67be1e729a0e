"""`/jira subscribe OPS [name]`: the form, the list and its buttons."""

from typing import Any

from sandbox.slack import ADMIN, DEV, GENERAL, GUEST, MEMBER
from tests.bot.effects import on_sqlite
from tests.journeys.test_jira_to_slack import bot_messages, subscribe
from tests.world import World

ADA, GRACE = "Ada Lovelace", "Grace Hopper"


def opened(world: World, words: str = "subscribe OPS", user: str = MEMBER) -> dict[str, Any]:
    answer = world.slack.command(user, DEV, "/jira", words)
    assert (answer.body, answer.trouble) == ("", ""), answer
    view = world.slack.current_view(user)
    assert view is not None
    return view


def chosen(*values: str) -> dict[str, Any]:
    return {"selected_options": [{"text": {"type": "plain_text", "text": one}, "value": one} for one in values]}


def one(value: str) -> dict[str, Any]:
    return {"selected_option": {"text": {"type": "plain_text", "text": value}, "value": value}}


def save(world: World, view: dict[str, Any], user: str = MEMBER, **values: dict[str, Any]) -> Any:
    answer = world.slack.submit(user, view["id"], {block: {block: value} for block, value in values.items()})
    assert answer.trouble == "", answer
    return answer.body


def errors(world: World, view: dict[str, Any], **values: dict[str, Any]) -> dict[str, str]:
    return save(world, view, MEMBER, **values)["errors"]


def listed(world: World, user: str = MEMBER) -> dict[str, Any]:
    world.slack.command(user, DEV, "/jira", "subscriptions")
    return world.slack.ephemeral(user)[-1]


def press(world: World, name: str, user: str = MEMBER) -> None:
    answer = world.slack.click(user, f"subscription_{name}", message=listed(world, user))
    assert (answer.status, answer.trouble) == (200, "")
    world.settle()


def texts(blocks: list[dict[str, Any]]) -> str:
    return "\n".join(str(block.get("text", {}).get("text", block.get("elements"))) for block in blocks)


def test_the_form_makes_a_subscription_with_all_that_was_chosen(on_both_jiras: World) -> None:
    world = on_both_jiras
    view = opened(world, "subscribe ops urgent bugs")
    body = save(
        world, view,
        events=chosen("created", "resolved"), event_status=chosen("status:In Review"),
        event_field=chosen("field:customfield_10016"), filter_type=chosen("any:Bug", "none:Task"),
        filter_assignee=chosen("empty:"), filter_labels=chosen("all:hot"), filter_authors=chosen("none:bots"),
        jql={"value": "labels = hot"}, comments=one("all"), style=one("compact"), thread=one("channel"),
        broadcast=chosen("resolved"), quiet_from={"selected_time": "20:00"}, quiet_to={"selected_time": "07:00"},
        timezone=one("Europe/Berlin"),
    )  # fmt: skip
    assert "now hears of *OPS* (urgent bugs)" in str(body["view"]["blocks"])
    [row] = world.rows("subscriptions")
    wanted = {
        "source": "OPS", "channel": DEV, "name": "urgent bugs",
        "events": ["created", "resolved", "status:In Review", "field:customfield_10016"],
        "filters": {
            "type": {"any": ["Bug"], "none": ["Task"]}, "labels": {"all": ["hot"]}, "assignee": {"empty": True},
            "authors": {"none": ["bots"]}, "jql": "labels = hot", "comments": "all",
        },
        "style": "compact", "thread": "channel", "broadcast": ["resolved"],
        "quiet_hours": {"from": "20:00", "to": "07:00", "timezone": "Europe/Berlin"}, "paused": False,
        "created_by": f"T0DEV00001/{MEMBER}",
    }  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted


def test_the_form_opens_with_what_there_is_and_changes_it_whoever_saves(on_both_jiras: World) -> None:
    world = on_both_jiras
    whole: dict[str, Any] = {
        "name": "bugs", "events": ["created", "status:Done", "field:labels"],
        "filters": {"type": {"any": ["Bug"]}, "assignee": {"empty": False}, "jql": "labels = hot"},
        "style": "line", "thread": "channel", "broadcast": ["status:Done"],
        "quiet_hours": {"from": "20:00", "to": "07:00", "timezone": "UTC"},
    }  # fmt: skip
    row_id = subscribe(world, DEV, **whole)
    save(world, opened(world, "subscribe OPS bugs", ADMIN), ADMIN)
    [row] = world.rows("subscriptions")
    assert {name: row[name] for name in whole} == whole
    assert (row["id"], row["created_by"]) == (row_id, "api")
    save(
        world, opened(world, "subscribe OPS bugs", ADMIN), ADMIN, name={"value": "all bugs"},
        quiet_from={"selected_time": None}, quiet_to={"selected_time": None}, timezone={"selected_option": None},
    )  # fmt: skip
    [row] = world.rows("subscriptions")
    assert (row["id"], row["name"], row["quiet_hours"]) == (row_id, "all bugs", None)


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(on_both_jiras: World) -> None:
    world = on_both_jiras
    subscribe(world, DEV, name="bugs")
    view = opened(world)
    assert "colour" in errors(world, view, jql={"value": "colour = red"})["jql"]
    view = opened(world)
    assert errors(world, view, name={"value": "bugs"}).keys() == {"name"}
    view = opened(world)
    assert errors(world, view, events=chosen()) == {"events": "Choose at least one event."}
    assert errors(world, opened(world), quiet_from={"selected_time": "20:00"}).keys() == {"quiet_from"}
    assert "Jira has no project NOPE" in errors(world, opened(world, "subscribe NOPE"))["name"]
    assert [row["name"] for row in world.rows("subscriptions")] == ["bugs"]


def test_the_menus_offer_what_jira_has(on_both_jiras: World) -> None:
    world = on_both_jiras
    key = world.jira.create("OPS", "Bug", "Door stuck", labels=["hot"])
    world.jira.issues[key].components = ["Printers"]
    view = opened(world)

    def offered(action: str, typed: str = "") -> list[str]:
        return [option["value"] for option in world.slack.options(MEMBER, view["id"], action, typed)]

    assert offered("filter_type", "bu") == ["any:Bug", "none:Bug", "empty:", "set:"]
    assert offered("filter_status", "review") == ["any:In Review", "none:In Review", "empty:", "set:"]
    assert offered("filter_priority", "highest")[0] == "any:Highest"
    assert offered("filter_components", "pri")[:2] == ["any:Printers", "all:Printers"]
    assert offered("filter_labels", "hot")[:3] == ["any:hot", "all:hot", "none:hot"]
    assert offered("filter_assignee", "ada")[:2] == [f"any:{ADA}", f"none:{ADA}"]
    assert offered("filter_authors", "ada") == ["none:bots", f"any:{ADA}", f"none:{ADA}"]
    assert offered("event_status", "done") == ["status:Done"]
    assert offered("event_field", "story") == ["field:customfield_10016"]
    assert offered("timezone", "europe/berl") == ["Europe/Berlin"]


@on_sqlite
def test_the_menus_offer_nothing_of_a_project_that_somebody_may_not_see(world: World) -> None:
    world.give_account(MEMBER)
    view = opened(world)

    def offered(action: str, typed: str = "") -> list[str]:
        return [option["value"] for option in world.slack.options(MEMBER, view["id"], action, typed)]

    world.jira.denied_to["Mia"] = {"BROWSE_PROJECTS"}
    assert [offered(action) for action in ("event_status", "event_field")] == [[], []]
    assert [offered("event_status", "done"), offered("event_field", "story")] == [["status:done"], ["field:story"]]
    for name in ("type", "status", "assignee"):
        assert offered(f"filter_{name}", "b")[0] == "any:b"
    world.jira.denied_to.clear()
    assert (offered("event_status", "done"), offered("filter_type", "b")[0]) == (["status:Done"], "any:Bug")


@on_sqlite
def test_a_form_and_its_menus_work_while_jira_hangs(world: World) -> None:
    world.jira.fault("getProjectComponents", times=9, status=503)
    view = opened(world)
    options = world.slack.options(MEMBER, view["id"], "filter_components", "Printers")
    assert [option["value"] for option in options][:1] == ["any:Printers"]
    world.jira.fault("searchProjects", times=9, status=503)
    assert "now hears" in str(save(world, view, filter_components=chosen("any:Printers")))
    assert [row["filters"] for row in world.rows("subscriptions")] == [{"components": {"any": ["Printers"]}}]


@on_sqlite
def test_words_that_are_events_subscribe_at_once_and_guests_get_no_form(world: World) -> None:
    said = world.slack.command(MEMBER, DEV, "/jira", "subscribe OPS created status:Done").body["text"]
    assert said == ":white_check_mark: This channel now hears of *OPS*: created, status:Done."
    words = 'subscribe OPS created,resolved status:"In Progress"'
    said = world.slack.command(MEMBER, DEV, "/jira", words).body["text"]
    assert said == (
        ":white_check_mark: This channel now hears of *OPS*: created, resolved, status:In Progress. Before, it was: "
        "created, status:Done. `/jira subscribe OPS created status:Done` sets those events again."
    )
    assert [row["events"] for row in world.rows("subscriptions")] == [["created", "resolved", "status:In Progress"]]
    assert (
        "I do not know `exploded`"
        in world.slack.command(MEMBER, DEV, "/jira", "subscribe OPS created exploded").body["text"]
    )
    assert "Guests" in world.slack.command(GUEST, DEV, "/jira", "subscribe OPS").body["text"]
    assert world.slack.current_view(GUEST) is None


# --- the list --------------------------------------------------------------------------------------------------------


def test_the_list_says_who_made_it_when_it_last_passed_something_and_what_is_wrong(world: World) -> None:
    save(world, opened(world, "subscribe OPS bugs"), filter_type=chosen("any:Bug"), style=one("line"))
    never = texts(listed(world)["blocks"])
    assert ("*OPS*  ·  _bugs_" in never, f"made by <@{MEMBER}>" in never, "has passed nothing yet" in never) == (
        True,
        True,
        True,
    )
    assert ("• type: one of Bug" in never, "• style: line" in never) == (True, True)
    world.jira.create("OPS", "Bug", "Door stuck")
    world.settle()
    assert "last passed something <!date^" in texts(listed(world)["blocks"])
    world.advance(61)
    world.jira.create("OPS", "Task", "not a bug")
    world.settle()
    assert "the subscription's filter on type holds it back" in texts(listed(world)["blocks"])


def test_pause_resume_and_remove_are_done_and_the_list_shows_it(world: World) -> None:
    subscribe(world, DEV)
    press(world, "pause")
    assert f"paused by <@{MEMBER}>" in texts(world.slack.ephemeral(MEMBER)[-1]["blocks"])
    world.jira.create("OPS", "Bug", "not heard")
    world.settle()
    assert bot_messages(world, DEV) == []
    press(world, "resume", ADMIN)
    world.jira.create("OPS", "Bug", "heard")
    world.settle()
    assert len(bot_messages(world, DEV)) == 1
    press(world, "remove")
    assert world.rows("subscriptions") == []
    assert "no subscriptions" in texts(world.slack.ephemeral(MEMBER)[-1]["blocks"])


@on_sqlite
def test_edit_opens_the_form_and_guests_may_not_press_anything(world: World) -> None:
    subscribe(world, DEV, name="bugs", style="line")
    press(world, "edit")
    view = world.slack.current_view(MEMBER)
    assert view is not None
    save(world, view, style=one("full"))
    assert [row["style"] for row in world.rows("subscriptions")] == ["full"]
    press(world, "remove", GUEST)
    assert len(world.rows("subscriptions")) == 1


@on_sqlite
def test_what_the_form_holds_is_tried_before_it_is_saved(world: World) -> None:
    world.jira.create("OPS", "Bug", "Door stuck")
    world.settle()
    view = opened(world)
    view["state"]["values"]["filter_type"]["filter_type"] |= chosen("none:Bug")
    assert world.slack.click(MEMBER, "subscription_try", view=view["id"]).trouble == ""
    shown = world.slack.current_view(MEMBER)
    assert shown is not None
    assert "Door stuck" in texts(shown["blocks"])
    assert "filter on type holds it back" in texts(shown["blocks"])
    assert world.rows("subscriptions") == []


def test_a_test_shows_of_the_latest_events_what_passes_and_why_the_rest_does_not(on_both_jiras: World) -> None:
    world = on_both_jiras
    for number in range(21):
        world.jira.create("OPS", "Task", f"Task {number}")
    world.jira.create("OPS", "Bug", "cold")
    key = world.jira.create("OPS", "Bug", "hot", labels=["hot"])
    world.jira.edit(key, ADA, priority="High")
    world.settle()
    subscribe(world, DEV, events=["created"], filters={"type": {"any": ["Bug"]}, "jql": "labels = hot"})
    press(world, "test")
    view = world.slack.current_view(MEMBER)
    assert view is not None
    _, *lines, note = [block["text"]["text"] for block in view["blocks"]]
    assert (len(lines), note) == (20, "The JQL was asked of the issues as they are now.")
    reasons = [line.rpartition(f"by {ADA}")[2].removeprefix(": ") for line in lines]
    assert reasons == [
        "the subscription does not ask for updated", "", "the issue does not match its JQL now",
        *["the subscription's filter on type holds it back"] * 17,
    ]  # fmt: skip
    assert [line.startswith(":white_check_mark:") for line in lines] == [False, True, *[False] * 18]
    assert bot_messages(world, DEV) == []


@on_sqlite
def test_a_test_says_when_jira_does_not(world: World) -> None:
    world.jira.create("OPS", "Bug", "hot")
    world.settle()
    subscribe(world, DEV, filters={"jql": "labels = hot"})
    world.jira.fault("matchIssues", status=503)
    press(world, "test")
    view = world.slack.current_view(MEMBER)
    assert view is not None
    assert "needs Jira, which does not say" in view["blocks"][-1]["text"]["text"]


@on_sqlite
def test_unsubscribe_names_the_one_that_ends(world: World) -> None:
    subscribe(world, DEV, name="bugs")
    subscribe(world, DEV, name="tasks")
    subscribe(world, GENERAL)

    def said(text: str) -> str:
        return world.slack.command(MEMBER, DEV, "/jira", text).body["text"]

    assert said("unsubscribe OPS") == "Say which one: bugs, tasks. For example `/jira unsubscribe OPS bugs`"
    assert said("unsubscribe OPS bugs") == "That subscription to *OPS* has ended. There are others: tasks."
    assert said("unsubscribe OPS tasks") == "This channel no longer hears of *OPS*."
    assert [row["channel"] for row in world.rows("subscriptions")] == [GENERAL]
