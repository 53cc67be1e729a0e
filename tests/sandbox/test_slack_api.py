"""The Slack stand-in: its answers have the shape of Slack's, and it refuses what Slack refuses."""

import json
from typing import Any, cast

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.slack import ADMIN, BOT_USER, DEV, MEMBER, SlackStandIn
from tests.sandbox import slack_cases
from tests.sandbox.slack_cases import CORPUS, data, form, opened, refused

# slack_sdk's methods take bare `dict` and `**kwargs`, which a strict check cannot see through.
# pyright: reportUnknownMemberType=false

app = slack_cases.app
slack = slack_cases.slack
web = slack_cases.web


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
