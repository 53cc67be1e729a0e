"""The Slack stand-in itself: what people do reaches the app signed, and the app's answers reach the people."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs

import pytest
import requests
from flask import Flask, Response, request
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web import SlackResponse
from werkzeug.serving import make_server

from sandbox.blocks import Surface, problems
from sandbox.slack import ADMIN, BOT_USER, DEV, MEMBER, OUTSIDE, Answer, SlackStandIn

# slack_sdk's methods take bare `dict` and `**kwargs`, which a strict check cannot see through.
# pyright: reportUnknownMemberType=false

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "slack"


class App:
    """What stands where connect would: it records what Slack sends and answers what the test says."""

    def __init__(self) -> None:
        self.app = Flask("app")
        self.answers: list[Any] = []
        self.events: list[dict[str, Any]] = []
        self.retries: list[str] = []
        self.interactions: list[dict[str, Any]] = []
        self.app.add_url_rule("/slack/events", view_func=self._take, methods=["POST"])

    def _take(self) -> Response:
        body = request.get_data()
        assert SignatureVerifier("secret").is_valid_request(body, dict(request.headers))
        if request.is_json:
            self.events.append(json.loads(body))
            self.retries.append(request.headers.get("X-Slack-Retry-Num", ""))
            return Response()
        form = {key: value for key, [value] in parse_qs(body.decode(), keep_blank_values=True).items()}
        self.interactions.append(json.loads(form["payload"]) if "payload" in form else form)
        answer = self.answers.pop(0) if self.answers else ""
        text = json.dumps(answer) if answer else ""
        return Response(text, content_type="application/json")

    def inner(self) -> list[dict[str, Any]]:
        return [body["event"] for body in self.events]


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def slack(app: App) -> Iterator[SlackStandIn]:
    server = make_server("127.0.0.1", 0, app.app, threaded=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    standin = SlackStandIn("secret")
    standin.start()
    standin.target = f"http://127.0.0.1:{server.server_port}"
    yield standin
    standin.stop()
    server.shutdown()
    server.server_close()


@pytest.fixture
def web(slack: SlackStandIn) -> WebClient:
    return WebClient("xoxb-sandbox", base_url=slack.api_url, retry_handlers=[])


def text(words: str) -> dict[str, str]:
    return {"type": "plain_text", "text": words}


def form(**more: Any) -> dict[str, Any]:
    summary = {"type": "plain_text_input", "action_id": "text"}
    projects = {"type": "external_select", "action_id": "project"}
    return {
        "type": "modal",
        "callback_id": "create",
        "title": text("Create"),
        "submit": text("Create"),
        "blocks": [
            {"type": "input", "block_id": "summary", "label": text("Summary"), "element": summary},
            {
                "type": "input",
                "block_id": "project",
                "label": text("Project"),
                "optional": True,
                "element": projects,
            },
        ],
    } | more


def data(response: SlackResponse) -> dict[str, Any]:
    return cast("dict[str, Any]", response.data)


def opened(slack: SlackStandIn, web: WebClient, view: dict[str, Any]) -> str:
    slack.global_shortcut(MEMBER, "create")
    return str(data(web.views_open(trigger_id=list(slack.triggers)[-1], view=view))["view"]["id"])


def refused(call: Any, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return str(cast("dict[str, Any]", caught.value.response)["error"])


# --- events ----------------------------------------------------------------------------------------------------------


def test_a_mention_arrives_as_a_message_and_as_a_mention(slack: SlackStandIn, app: App) -> None:
    ts = slack.say(MEMBER, DEV, f"<@{BOT_USER}> hello &amp; bye")
    assert slack.flush() == 2
    [message, mention] = app.inner()
    assert mention == {key: value for key, value in message.items() if key != "channel_type"} | {"type": "app_mention"}
    section = message["blocks"][0]["elements"][0]["elements"]
    assert (message["channel"], message["channel_type"], message["ts"]) == (DEV, "channel", ts)
    assert section == [{"type": "user", "user_id": BOT_USER}, {"type": "text", "text": " hello & bye"}]


def test_in_a_direct_message_there_is_no_mention(slack: SlackStandIn, app: App) -> None:
    slack.say(MEMBER, slack.direct(MEMBER).id, f"<@{BOT_USER}> hello")
    slack.flush()
    assert [(event["type"], event["channel_type"]) for event in app.inner()] == [("message", "im")]


def test_what_is_said_where_connect_is_not_does_not_reach_it(slack: SlackStandIn, app: App) -> None:
    slack.say(MEMBER, OUTSIDE, "secret")
    slack.invite(MEMBER, OUTSIDE, BOT_USER)
    slack.say(MEMBER, OUTSIDE, "public")
    slack.flush()
    told = [(event["type"], event.get("text"), event.get("user")) for event in app.inner()]
    assert told == [("member_joined_channel", None, BOT_USER), ("message", "public", MEMBER)]


def test_an_event_has_the_envelope_of_a_real_one(slack: SlackStandIn, app: App) -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real payloads is not beside the checkout")
    root = slack.say(MEMBER, DEV, "root")
    slack.say(MEMBER, DEV, "reply", root)
    slack.run_step("create_issue", {"title": "x"}, MEMBER)
    slack.flush()
    for sent, name in ((app.events[1], "message.thread_reply"), (app.events[2], "function_executed")):
        real = json.loads((CORPUS / "events-hand-written" / f"{name}.json").read_text())
        assert set(real) - set(sent) == set()
        assert set(real["event"]) - set(sent["event"]) == set()


def test_edits_and_deletions_are_told_with_what_was_there_before(slack: SlackStandIn, app: App) -> None:
    ts = slack.say(MEMBER, DEV, "one")
    slack.edit(DEV, ts, "two")
    slack.delete(DEV, ts)
    slack.flush()
    [_, changed, deleted] = app.inner()
    assert (changed["subtype"], changed["previous_message"]["text"], changed["message"]["text"]) == (
        "message_changed",
        "one",
        "two",
    )
    assert (deleted["subtype"], deleted["deleted_ts"], deleted["previous_message"]["text"]) == (
        "message_deleted",
        ts,
        "two",
    )


def test_the_bots_own_post_comes_back_as_an_event(slack: SlackStandIn, web: WebClient, app: App) -> None:
    metadata = {"event_type": "connect_integration", "event_payload": {"marker": "ct_1"}}
    web.chat_postMessage(channel=DEV, text="hello", metadata=metadata)
    slack.metadata_in_events = True
    web.chat_postMessage(channel=DEV, text="hello", metadata=metadata)
    slack.flush()
    assert [(event["bot_id"], event["user"], event.get("metadata")) for event in app.inner()] == [
        ("B0DEV00001", BOT_USER, None),
        ("B0DEV00001", BOT_USER, metadata),
    ]


def test_a_redelivery_is_the_same_event_with_retry_headers(slack: SlackStandIn, app: App) -> None:
    slack.say(MEMBER, DEV, "hello")
    slack.flush()
    assert slack.redeliver(2) == [200, 200]
    assert (len({body["event_id"] for body in app.events}), app.retries) == (1, ["", "1", "2"])


def test_files_can_be_shared_and_fetched_with_the_token_only(slack: SlackStandIn, app: App) -> None:
    slack.say(MEMBER, DEV, "see", files={"trace.txt": b"boom"})
    slack.flush()
    [event] = app.inner()
    url = event["files"][0]["url_private"]
    assert event["subtype"] == "file_share"
    assert requests.get(url, headers={"Authorization": "Bearer xoxb-sandbox"}, timeout=5).content == b"boom"
    assert requests.get(url, allow_redirects=False, timeout=5).status_code == 302


def test_an_upload_in_three_steps_is_shared(slack: SlackStandIn, web: WebClient) -> None:
    web.files_upload_v2(content="boom", filename="trace.txt", channel=DEV, initial_comment="see")
    [message] = slack.history(DEV)
    assert (message["text"], message["files"][0]["name"], message["files"][0]["size"]) == ("see", "trace.txt", 4)


# --- interactions ----------------------------------------------------------------------------------------------------


def test_a_commands_answer_is_shown_to_the_one_who_typed_it(slack: SlackStandIn, app: App) -> None:
    app.answers = [{"text": "Created OPS-1"}, {"text": "Look!", "response_type": "in_channel"}]
    slack.command(MEMBER, DEV, "/jira", "create login fails")
    slack.command(MEMBER, DEV, "/jira", "show OPS-1")
    assert (app.interactions[0]["command"], app.interactions[0]["text"]) == ("/jira", "create login fails")
    assert [message["text"] for message in slack.ephemeral(MEMBER)] == ["Created OPS-1"]
    assert [message["text"] for message in slack.history(DEV)] == ["Look!"]


def test_a_command_without_an_app_tells_of_the_trouble(slack: SlackStandIn) -> None:
    slack.target = "http://127.0.0.1:9"
    assert slack.command(MEMBER, DEV, "/jira") == Answer(0, "", "operation_timeout")


def test_a_window_lives_through_its_stack(slack: SlackStandIn, web: WebClient, app: App) -> None:
    view_id = opened(slack, web, form())
    filled = {"summary": {"text": {"value": "Login fails"}}}
    app.answers = [
        {"response_action": "errors", "errors": {"summary": "Too short"}},
        {"response_action": "push", "view": form(callback_id="second")},
        {"response_action": "update", "view": form(callback_id="third")},
        "",
        {"response_action": "clear"},
    ]
    seen: list[tuple[str, int]] = []
    for _ in range(5):
        current = slack.current_view(MEMBER)
        assert current is not None
        assert slack.submit(MEMBER, current["id"], filled).trouble == ""
        top = slack.current_view(MEMBER)
        seen.append((top["callback_id"] if top else "", len(slack.shown[MEMBER].modals)))
    assert seen == [("create", 1), ("second", 2), ("third", 2), ("create", 1), ("", 0)]
    sent = [payload["view"]["state"]["values"]["summary"]["text"] for payload in app.interactions[1:]]
    assert sent == [{"type": "plain_text_input", "value": "Login fails"}] * 5
    assert slack.views[view_id]["root_view_id"] == view_id


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        ({"response_action": "errors", "errors": {"nowhere": "x"}}, "invalid_errors {'unknown': ['nowhere']}"),
        ({"response_action": "explode"}, "invalid_response_action {'given': 'explode'}"),
        (
            {"response_action": "update", "view": form(title=text("x" * 25))},
            "invalid_arguments {'response_metadata': {'messages': "
            "['[ERROR] must be a plain_text of 1 to 24 characters [json-pointer:/view/title]']}}",
        ),
    ],
)
def test_an_answer_that_slack_would_not_take_is_trouble(
    slack: SlackStandIn, web: WebClient, app: App, answer: Any, trouble: str
) -> None:
    view_id = opened(slack, web, form())
    app.answers = [answer]
    given = slack.submit(MEMBER, view_id, {"summary": {"text": {"value": "x"}}})
    assert given == Answer(200, answer, trouble)


def test_slack_keeps_a_form_open_until_it_is_filled_in(slack: SlackStandIn, web: WebClient) -> None:
    view_id = opened(slack, web, form())
    with pytest.raises(ValueError, match="summary must be filled in"):
        slack.submit(MEMBER, view_id)


def test_a_menu_asks_the_app_for_its_options(slack: SlackStandIn, web: WebClient, app: App) -> None:
    view_id = opened(slack, web, form())
    offered = [{"text": text("Operations"), "value": "OPS"}]
    app.answers = [{"options": offered}]
    assert slack.options(MEMBER, view_id, "project", "op") == offered
    asked = app.interactions[-1]
    assert (asked["type"], asked["block_id"], asked["action_id"], asked["value"]) == (
        "block_suggestion",
        "project",
        "project",
        "op",
    )


def test_a_click_carries_the_message_and_a_way_to_answer(slack: SlackStandIn, web: WebClient, app: App) -> None:
    buttons = [{"type": "button", "action_id": f"take{n}", "text": text("Take"), "value": f"OPS-{n}"} for n in (1, 2)]
    posted = web.chat_postMessage(channel=DEV, text="hello", blocks=[{"type": "actions", "elements": buttons}])
    assert slack.click(MEMBER, "take2", message=data(posted)["ts"]) == Answer(200, "")
    [payload] = app.interactions
    assert (payload["actions"][0]["value"], payload["message"]["ts"], payload["channel"]["id"]) == (
        "OPS-2",
        posted["ts"],
        DEV,
    )
    assert payload["response_url"].startswith(slack.url)


def test_a_closed_window_is_told_if_the_app_asked_for_it(slack: SlackStandIn, web: WebClient, app: App) -> None:
    slack.close_view(MEMBER, opened(slack, web, form()))
    slack.close_view(MEMBER, opened(slack, web, form(notify_on_close=True)))
    assert [payload["type"] for payload in app.interactions] == ["shortcut", "shortcut", "view_closed"]
    assert slack.current_view(MEMBER) is None


def test_the_home_tab_is_published_for_one_user(slack: SlackStandIn, web: WebClient, app: App) -> None:
    slack.open_home(MEMBER)
    web.views_publish(user_id=MEMBER, view={"type": "home", "blocks": [{"type": "divider"}]})
    slack.open_home(MEMBER)
    slack.flush()
    assert [("view" in event, event["tab"]) for event in app.inner()] == [(False, "home"), (True, "home")]
    assert [(slack.home(user) or {}).get("type") for user in (MEMBER, ADMIN)] == ["home", None]


# --- refusals --------------------------------------------------------------------------------------------------------


def test_a_trigger_opens_one_window_within_three_seconds(slack: SlackStandIn, web: WebClient) -> None:
    opened(slack, web, form())
    used = next(iter(slack.triggers))
    assert refused(web.views_open, trigger_id=used, view=form()) == "exchanged_trigger_id"
    slack.global_shortcut(MEMBER, "create")
    start = slack.now()
    slack.now = lambda: start + 3.1
    assert refused(web.views_open, trigger_id=list(slack.triggers)[-1], view=form()) == "expired_trigger_id"
    assert refused(web.views_open, trigger_id="1.2.3", view=form()) == "invalid_trigger_id"
    assert refused(web.views_open, trigger_id=used, view=form(submit=None)) == "invalid_arguments"


def test_a_view_is_updated_only_as_it_was_last_seen(slack: SlackStandIn, web: WebClient) -> None:
    view_id = opened(slack, web, form())
    stale = slack.views[view_id]["hash"]
    web.views_update(view_id=view_id, hash=stale, view=form())
    assert refused(web.views_update, view_id=view_id, hash=stale, view=form()) == "hash_conflict"
    slack.close_view(MEMBER, view_id)
    assert refused(web.views_update, view_id=view_id, view=form()) == "not_found"


def test_messages_of_others_cannot_be_changed(slack: SlackStandIn, web: WebClient) -> None:
    ts = slack.say(MEMBER, DEV, "mine")
    assert refused(web.chat_update, channel=DEV, ts=ts, text="yours") == "cant_update_message"
    assert refused(web.chat_delete, channel=DEV, ts=ts) == "cant_delete_message"


def test_a_scope_that_was_not_granted_is_named(slack: SlackStandIn, web: WebClient) -> None:
    slack.scopes.remove("channels:history")
    with pytest.raises(SlackApiError) as caught:
        web.conversations_history(channel=DEV)
    assert (caught.value.response["error"], caught.value.response["needed"]) == ("missing_scope", "channels:history")


def test_a_reaction_is_added_once(slack: SlackStandIn, web: WebClient) -> None:
    ts = slack.say(MEMBER, DEV, "hello")
    web.reactions_add(channel=DEV, timestamp=ts, name="eyes")
    assert refused(web.reactions_add, channel=DEV, timestamp=ts, name="eyes") == "already_reacted"
    assert slack.history(DEV)[0]["reactions"] == [{"name": "eyes", "users": [BOT_USER], "count": 1}]
    web.reactions_remove(channel=DEV, timestamp=ts, name="eyes")
    assert refused(web.reactions_remove, channel=DEV, timestamp=ts, name="eyes") == "no_reaction"


def lacking(real: Any, ours: Any, at: str = "") -> list[str]:
    if not isinstance(real, dict) or not isinstance(ours, dict):
        return []
    ours = cast("dict[str, Any]", ours)
    found: list[str] = []
    for key, value in cast("dict[str, Any]", real).items():
        found += lacking(value, ours[key], f"{at}{key}.") if key in ours else [at + key]
    return [name for name in found if not name.startswith(("user.profile.image", "user.profile.avatar"))]


def test_answers_have_the_fields_of_real_ones(slack: SlackStandIn, web: WebClient) -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real answers is not beside the checkout")
    ts = data(web.chat_postMessage(channel=DEV, text="hello"))["ts"]
    slack.global_shortcut(MEMBER, "create")
    answers = {
        "auth.test": web.auth_test(),
        "chat.update": web.chat_update(channel=DEV, ts=ts, text="bye"),
        "conversations.history": web.conversations_history(channel=DEV),
        "conversations.info": web.conversations_info(channel=DEV),
        "conversations.replies": web.conversations_replies(channel=DEV, ts=ts),
        "users.info": web.users_info(user=MEMBER),
        "views.open": web.views_open(trigger_id=list(slack.triggers)[-1], view=form()),
    }
    missing = {
        method: lacking(json.loads((CORPUS / "api" / "example" / f"{method}.success.json").read_text()), data(answer))
        for method, answer in answers.items()
    }
    lacks = {method: names for method, names in missing.items() if names}
    assert lacks == {"conversations.info": ["channel.locale", "channel.parent_conversation"]}


def test_a_user_is_found_by_email(web: WebClient) -> None:
    assert data(web.users_lookupByEmail(email="Mia.Member@example.com"))["user"]["id"] == MEMBER
    assert refused(web.users_lookupByEmail, email="nobody@example.com") == "users_not_found"


def test_lists_come_in_pages(slack: SlackStandIn, web: WebClient) -> None:
    names = [
        channel["name"]
        for page in web.conversations_list(limit=2, exclude_archived=True)
        for channel in data(page)["channels"]
    ]
    assert names == ["general", "dev", "random", "partners"]
    assert data(web.conversations_members(channel=DEV))["members"] == [BOT_USER, MEMBER, ADMIN]
    assert data(web.conversations_open(users=MEMBER))["channel"] == {"id": slack.direct(MEMBER).id}


# --- block kit -------------------------------------------------------------------------------------------------------

BUTTON: dict[str, Any] = {"type": "button", "action_id": "a", "text": text("Go")}


def section(words: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}}


def menu(*values: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "static_select",
        "action_id": "m",
        "options": [{"text": text(value), "value": value} for value in values],
    } | more


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def test_good_blocks_have_no_problems() -> None:
    assert problems([{"type": "header", "text": text("Hello")}, section("x"), {"type": "divider"}], "message") == []
    assert problems([actions(BUTTON, menu("a", "b"))], "home") == []
    assert problems(form()["blocks"], "modal") == []


@pytest.mark.parametrize(
    ("blocks", "surface", "expected"),
    [
        ([section("x")] * 51, "message", ["no more than 50 items allowed [json-pointer:/blocks]"]),
        ([section("x")] * 101, "modal", ["no more than 100 items allowed [json-pointer:/blocks]"]),
        ([section("")], "message", ["must be more than 0 characters [json-pointer:/blocks/0/text/text]"]),
        ([section("x" * 3001)], "message", ["must be less than 3001 characters [json-pointer:/blocks/0/text/text]"]),
        ([{"type": "section"}], "message", ["missing required field: text [json-pointer:/blocks/0]"]),
        (
            [{"type": "section", "fields": [text("x")] * 11}],
            "message",
            ["no more than 10 items allowed [json-pointer:/blocks/0/fields]"],
        ),
        (
            [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
            "message",
            ["must be a plain_text object [json-pointer:/blocks/0/text]"],
        ),
        ([{"type": "marquee"}], "message", ["unsupported type: marquee [json-pointer:/blocks/0/type]"]),
        ([{"type": "markdown", "text": "x"}], "modal", ["unsupported type: markdown [json-pointer:/blocks/0/type]"]),
        (["text"], "message", ["must be an object [json-pointer:/blocks/0]"]),
        ("text", "message", ["must be an array [json-pointer:/blocks]"]),
        (
            [section("x") | {"block_id": "b"}, section("y") | {"block_id": "b"}],
            "message",
            ["`block_id` b already exists [json-pointer:/blocks/1/block_id]"],
        ),
        (
            [actions(BUTTON, BUTTON)],
            "message",
            ["`action_id` a already exists [json-pointer:/blocks/0/elements/1/action_id]"],
        ),
        (
            [actions(*({"type": "button", "text": text("x"), "action_id": str(n)} for n in range(26)))],
            "message",
            ["no more than 25 items allowed [json-pointer:/blocks/0/elements]"],
        ),
        (
            [actions({"type": "plain_text_input", "action_id": "a"})],
            "message",
            ["unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]"],
        ),
        (
            [{"type": "input", "label": text("x"), "element": BUTTON}],
            "modal",
            ["unsupported type: button [json-pointer:/blocks/0/element/type]"],
        ),
        (
            [actions(BUTTON | {"text": text("x" * 76), "style": "loud"})],
            "message",
            [
                "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
                "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]",
            ],
        ),
        (
            [actions(menu(*map(str, range(101))))],
            "message",
            ["no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]"],
        ),
        ([actions(menu())], "message", ["no fewer than 1 items allowed [json-pointer:/blocks/0/elements/0/options]"]),
        (
            [actions(menu("a", initial_option={"text": text("b"), "value": "b"}))],
            "message",
            ["initial option does not match any of the options [json-pointer:/blocks/0/elements/0]"],
        ),
        (
            [{"type": "context", "elements": [BUTTON]}],
            "message",
            ["unsupported type: button [json-pointer:/blocks/0/elements/0/type]"],
        ),
        (
            [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [text("x")]}]}],
            "message",
            ["unsupported type in rich text [json-pointer:/blocks/0/elements/0/elements/0]"],
        ),
        (
            [
                {
                    "type": "rich_text",
                    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": ""}]}],
                }
            ],
            "message",
            ["missing required field: text [json-pointer:/blocks/0/elements/0/elements/0]"],
        ),
    ],
)
def test_each_rule_of_block_kit_is_kept(blocks: Any, surface: Surface, expected: list[str]) -> None:
    assert problems(blocks, surface) == expected


def test_a_message_of_too_much_text_is_refused(web: WebClient) -> None:
    assert refused(web.chat_postMessage, channel=DEV, text="x", blocks=[section("x" * 3000)] * 5) == (
        "msg_blocks_too_long"
    )
    assert refused(web.api_call, api_method="chat.postMessage", json={"channel": DEV, "text": " "}) == "no_text"
    assert refused(web.chat_postMessage, channel=DEV, text="x", thread_ts="1.000000") == "thread_not_found"
