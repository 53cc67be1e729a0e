"""The Slack client over HTTP against the stand-in: what it sends, and the values it gives back."""

from typing import Any

import pytest

from adapters.errors import NotFound, OutcomeUnknown, Rejected, Unavailable
from adapters.slack.client import Channel, Identity, Person, Posted, SlackClient
from sandbox.slack import (
    ADMIN,
    BOT_USER,
    DEV,
    GENERAL,
    GUEST,
    MEMBER,
    OLD,
    OUTSIDE,
    PARTNERS,
    PRIVATE,
    STRANGER,
    SlackStandIn,
)
from tests.adapters import slack_cases
from tests.adapters.slack_cases import BLOCKS, MODAL, TOKEN, described, write

slack = slack_cases.slack
client = slack_cases.client


def test_the_identity_is_the_tokens(client: SlackClient) -> None:
    assert client.identity() == Identity("T0DEV00001", BOT_USER, "B0DEV00001", "https://sandbox.slack.com/")


def test_a_message_is_posted_inertly_and_with_its_marker(slack: SlackStandIn, client: SlackClient) -> None:
    posted = client.post_message(DEV, "hello", BLOCKS, marker="ct_1")

    [call] = slack.calls_to("chat.postMessage")
    assert call.body == {
        "channel": DEV,
        "text": "hello",
        "blocks": BLOCKS,
        "metadata": {"event_type": "connect_integration", "event_payload": {"marker": "ct_1"}},
        "parse": "none",
        "link_names": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }
    assert [(posted, message["text"]) for message in slack.history(DEV)] == [(Posted(DEV, posted.ts), "hello")]


def test_a_reply_can_be_shown_in_the_channel_too(slack: SlackStandIn, client: SlackClient) -> None:
    root = slack.say(MEMBER, DEV, "root")
    client.post_message(DEV, "quiet", [], thread_ts=root)
    client.post_message(DEV, "loud", [], thread_ts=root, broadcast=True)
    shown = [(message["text"], message.get("subtype")) for message in slack.thread(DEV, root)]
    assert shown == [("root", None), ("quiet", None), ("loud", "thread_broadcast")]


def test_a_message_to_a_user_goes_to_the_direct_message(client: SlackClient) -> None:
    assert client.post_message(MEMBER, "hello", []).channel == "D0DEV00001"


def test_a_message_is_found_by_its_marker_in_its_channel(slack: SlackStandIn, client: SlackClient) -> None:
    since = slack.now()
    client.post_message(DEV, "other", [], marker="ct_0")
    posted = client.post_message(DEV, "hello", [], marker="ct_1")

    assert client.find_message(DEV, "ct_1", since=since) == posted
    assert client.find_message(DEV, "ct_2", since=since) is None
    assert client.find_message(DEV, "", since=since) is None
    assert client.find_message(GENERAL, "ct_1", since=since) is None
    assert client.find_message(DEV, "ct_1", since=since + 100) is None


def test_a_message_to_a_user_is_found_by_its_marker(slack: SlackStandIn, client: SlackClient) -> None:
    since = slack.now()
    posted = client.post_message(MEMBER, "hello", [], marker="ct_1")
    assert client.find_message(MEMBER, "ct_1", since=since) == posted


def test_a_message_is_found_by_its_marker_in_its_thread_only(slack: SlackStandIn, client: SlackClient) -> None:
    since = slack.now()
    root = slack.say(MEMBER, DEV, "root")
    posted = client.post_message(DEV, "hello", [], thread_ts=root, marker="ct_1")

    assert client.find_message(DEV, "ct_1", since=since, thread_ts=root) == posted
    assert client.find_message(DEV, "ct_1", since=since) is None
    assert client.find_message(DEV, "ct_1", since=since, thread_ts="1.000000") is None


def test_a_marker_that_someone_else_wrote_does_not_count(slack: SlackStandIn, client: SlackClient) -> None:
    since = slack.now()
    ts = slack.say(MEMBER, DEV, "forged")
    forged = {"event_type": "connect_integration", "event_payload": {"marker": "ct_1"}}
    slack.channels[DEV].messages[0]["metadata"] = forged
    assert client.find_message(DEV, "ct_1", since=since) is None
    posted = client.post_message(DEV, "true", [], marker="ct_1")
    assert (posted.ts > ts, client.find_message(DEV, "ct_1", since=since)) == (True, posted)


def test_a_message_deep_in_a_busy_channel_is_found(slack: SlackStandIn, client: SlackClient) -> None:
    since = slack.now()
    posted = client.post_message(DEV, "hello", [], marker="ct_1")
    for number in range(450):
        slack.say(MEMBER, DEV, f"noise {number}")

    assert client.find_message(DEV, "ct_1", since=since) == posted
    assert len(slack.calls_to("conversations.history")) == 3


def test_a_miss_that_is_not_sure_is_no_miss(slack: SlackStandIn, client: SlackClient) -> None:
    page: dict[str, Any] = {
        "ok": True,
        "messages": [],
        "has_more": True,
        "response_metadata": {"next_cursor": "again"},
    }
    slack.fault("conversations.history", status=200, body=page, times=1000)
    with pytest.raises(Unavailable, match="more messages than connect reads"):
        client.find_message(DEV, "ct_1", since=slack.now())
    assert len(slack.calls_to("conversations.history")) == 20


def test_history_lags_until_the_clock_moves_on(slack: SlackStandIn, client: SlackClient) -> None:
    slack.history_lag = 30
    start = slack.now()
    slack.now = lambda: start
    posted = client.post_message(DEV, "hello", [], marker="ct_1")

    assert client.find_message(DEV, "ct_1", since=start) is None
    slack.now = lambda: start + 31
    assert client.find_message(DEV, "ct_1", since=start) == posted


def test_an_update_replaces_text_and_blocks_and_keeps_the_marker(slack: SlackStandIn, client: SlackClient) -> None:
    posted = client.post_message(DEV, "old", BLOCKS, marker="ct_1")
    assert client.update_message(DEV, posted.ts, "new", []) == posted
    [message] = slack.history(DEV)
    shown = message["text"], message["blocks"], message["metadata"]["event_payload"]
    assert shown == ("new", [], {"marker": "ct_1"})


def test_an_answer_to_everyone_may_stand_in_a_thread(slack: SlackStandIn, client: SlackClient) -> None:
    ts = slack.say(MEMBER, DEV, "a thread")
    client.respond(slack.response_url(MEMBER, DEV), "to all", [], in_channel=True, thread_ts=ts)
    assert [message["text"] for message in slack.thread(DEV, ts)] == ["a thread", "to all"]


def test_a_user_is_found_by_email_address(slack: SlackStandIn, client: SlackClient) -> None:
    assert client.user_by_email(slack.users[MEMBER]["profile"]["email"].upper()) == client.user(MEMBER)
    with pytest.raises(NotFound):
        client.user_by_email("nobody@example.com")


def test_an_ephemeral_message_is_seen_by_one_user(slack: SlackStandIn, client: SlackClient) -> None:
    client.post_ephemeral(DEV, MEMBER, "psst", BLOCKS)
    seen = [[message["text"] for message in slack.ephemeral(user)] for user in (MEMBER, ADMIN)]
    assert (seen, slack.history(DEV)) == ([["psst"], []], [])


def test_a_response_replaces_the_message_that_was_clicked(slack: SlackStandIn, client: SlackClient) -> None:
    posted = client.post_message(DEV, "old", [])
    url = slack.response_url(MEMBER, DEV, posted.ts)
    client.respond(url, "new", BLOCKS, replace_original=True)
    client.respond(url, "to you", [])
    client.respond(url, "to all", [], in_channel=True)
    assert [message["text"] for message in slack.history(DEV)] == ["new", "to all"]
    assert [message["text"] for message in slack.ephemeral(MEMBER)] == ["to you"]
    assert [call.headers.get("Authorization") for call in slack.calls_to("response_url")] == [None] * 3


def test_a_response_after_half_an_hour_is_refused(slack: SlackStandIn, client: SlackClient) -> None:
    url = slack.response_url(MEMBER, DEV)
    start = slack.now()
    slack.now = lambda: start + 1801
    with pytest.raises(Rejected) as caught:
        client.respond(url, "late", [])
    expected = "Slack says the answer came too late for this conversation."
    assert described(caught.value) == (Rejected, "expired_url", expected)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.slack.com/actions/T/1/x",
        "https://hooks.slack.com.evil.example/actions",
        "https://hooks.slack.com@evil.example/actions",
        "https://evil.example/hooks.slack.com",
        "https://hooks.slack.com:8443/actions",
        "https://user@hooks.slack.com/actions",
        "https://169.254.169.254/latest",
        "https://[::ffff:10.0.0.1]/",
        "file:///etc/passwd",
        "https://[broken",
        "//hooks.slack.com/x",
        "",
    ],
)
def test_a_response_goes_to_slack_only(client: SlackClient, url: str) -> None:
    with pytest.raises(Rejected, match="does not belong to Slack"):
        client.respond(url, "hello", [])


def test_loopback_is_no_response_address_outside_the_sandbox() -> None:
    real = SlackClient(TOKEN, "https://slack.com/api/", timeout=5)
    with pytest.raises(Rejected, match="does not belong to Slack"):
        real.respond("http://127.0.0.1:9/response", "hello", [])


def test_a_redirect_is_not_followed(slack: SlackStandIn, client: SlackClient) -> None:
    slack.fault("response_url", status=307, headers={"Location": f"{slack.url}/api/users.list"})
    with pytest.raises(Rejected):
        client.respond(slack.response_url(MEMBER, DEV), "hello", [])
    slack.fault("chat.postMessage", status=307, headers={"Location": f"{slack.url}/api/users.list"}, body="moved")
    with pytest.raises(OutcomeUnknown):
        write(client)
    assert slack.calls_to("users.list") == []


def test_a_view_is_opened_and_updated(slack: SlackStandIn, client: SlackClient) -> None:
    slack.target = slack.url
    slack.global_shortcut(MEMBER, "new")
    view_id = client.open_view(next(iter(slack.triggers)), MODAL)
    client.update_view(view_id, MODAL | {"title": {"type": "plain_text", "text": "Changed"}})
    view = slack.current_view(MEMBER)
    assert view is not None
    assert (view["id"], view["title"]["text"]) == (view_id, "Changed")


def test_a_step_is_completed_once_and_a_second_time_does_no_harm(slack: SlackStandIn, client: SlackClient) -> None:
    done, failed = slack.run_step("create", {}, MEMBER), slack.run_step("create", {}, MEMBER)
    client.complete_step(done, {"key": "OPS-1"})
    client.fail_step(failed, "No such project")
    client.complete_step(done, {"key": "OPS-2"})
    client.fail_step(done, "late")
    client.complete_step("Fx_GONE", {})
    outcome = [(step["state"], step["outputs"], step["error"]) for step in slack.steps.values()]
    assert outcome == [("completed", {"key": "OPS-1"}, None), ("failed", None, "No such project")]


def test_people_are_told_apart(slack: SlackStandIn, client: SlackClient) -> None:
    slack.add_user("U0GONE", "Gone", deleted=True)
    base = {"email": "mia.member@example.com", "timezone": "Europe/Berlin", "team_id": "T0DEV00001"}
    flags = {"bot": False, "guest": False, "admin": False, "deleted": False, "stranger": False}
    assert client.user(MEMBER) == Person(id=MEMBER, name="Mia Member", **base, **flags)  # pyright: ignore[reportArgumentType]
    told = {
        person.name: (person.bot, person.guest, person.admin, person.deleted, person.stranger)
        for person in map(client.user, (BOT_USER, GUEST, ADMIN, "U0GONE", STRANGER))
    }
    assert told == {
        "connect": (True, False, False, False, False),
        "Gus Guest": (False, True, False, False, False),
        "Ada Admin": (False, False, True, False, False),
        "Gone": (False, False, False, True, False),
        "Sam Stranger": (False, False, False, False, True),
    }


def test_without_the_scope_a_person_has_no_email(slack: SlackStandIn, client: SlackClient) -> None:
    slack.scopes.remove("users:read.email")
    assert client.user(MEMBER).email == ""


def test_channels_are_told_apart(slack: SlackStandIn, client: SlackClient) -> None:
    direct = slack.direct(MEMBER).id
    assert [client.channel(each) for each in (DEV, PRIVATE, OLD, OUTSIDE, PARTNERS, direct)] == [
        Channel(DEV, "dev", private=False, shared=False, archived=False, direct=False, member=True),
        Channel(PRIVATE, "leads", private=True, shared=False, archived=False, direct=False, member=True),
        Channel(OLD, "old", private=False, shared=False, archived=True, direct=False, member=True),
        Channel(OUTSIDE, "random", private=False, shared=False, archived=False, direct=False, member=False),
        Channel(
            PARTNERS, "partners", private=False, shared=True, archived=False, direct=False, member=True, external=True
        ),
        Channel(direct, "", private=True, shared=False, archived=False, direct=True, member=True),
    ]


def test_replies_come_oldest_first_with_their_parent(slack: SlackStandIn, client: SlackClient) -> None:
    root = slack.say(MEMBER, DEV, "root")
    for number in range(250):
        slack.say(MEMBER, DEV, str(number), root)
    texts = ["root", *map(str, range(250))]
    assert [message["text"] for message in client.replies(DEV, root, limit=500)] == texts
    assert [message["text"] for message in client.replies(DEV, root)] == texts[:200]
    assert [message["text"] for message in client.replies(DEV, root, limit=2)] == texts[:2]


def test_one_message_is_read_in_a_thread_or_not(slack: SlackStandIn, client: SlackClient) -> None:
    root = slack.say(MEMBER, DEV, "root")
    reply = slack.say(MEMBER, DEV, "reply", root)
    read_back = [client.message(DEV, ts) for ts in (root, reply, "1.000000")]
    assert [message and message["text"] for message in read_back] == ["root", "reply", None]


def test_a_permalink_leads_to_the_message(slack: SlackStandIn, client: SlackClient) -> None:
    slack.now = lambda: 1700000000.0
    ts = slack.say(MEMBER, DEV, "root")
    assert client.permalink(DEV, ts) == f"https://sandbox.slack.com/archives/{DEV}/p1700000000000000"


def test_a_message_of_connects_own_is_deleted_once_or_twice(slack: SlackStandIn, client: SlackClient) -> None:
    posted = client.post_message(DEV, "hello", [])
    for _ in range(2):
        client.delete_message(DEV, posted.ts)
    assert slack.history(DEV) == []
    with pytest.raises(Rejected):
        client.delete_message(DEV, slack.say(MEMBER, DEV, "mine"))
