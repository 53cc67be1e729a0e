"""Who has linked their Jira account acts by it, for as long as they allow it; on both Jiras."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from adapters.errors import Rejected, Unavailable
from bot.operations.accounts import Acting, acting
from bot.operations.links import ENDED
from bot.vault import Vault, new_key
from sandbox.jira.oauth import CLIENT_SECRET
from sandbox.slack import GENERAL, MEMBER
from storage import tokens
from tests.browser import LINKING, WHO, link, linked_account
from tests.storage.rows import at_once
from tests.world import World

HOURS = 3600 * 3
"""Longer than an access token is good, on both Jiras."""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind of database: `tests/storage/test_tokens.py` looks at both."""
    return sqlite_url


@pytest.fixture(params=[True, False], ids=["cloud", "data center"])
def world(request: pytest.FixtureRequest, make_world: Callable[..., World]) -> World:
    world = make_world(cloud=request.param, **LINKING)
    world.jira.create("OPS", "Bug", "Door stuck")
    return world


@pytest.fixture
def thread(world: World) -> str:
    """The thread of an issue, in which people write."""
    ts = world.slack.say(MEMBER, GENERAL, "<@U0DEVBOT01> create: the printer is on fire")
    world.settle()
    return ts


def reply(world: World, thread: str, words: str) -> None:
    world.slack.say(MEMBER, GENERAL, words, thread_ts=thread)
    world.settle()


def comments(world: World) -> list[tuple[str, str]]:
    """Author and last line of every comment."""
    found = [comment for issue in world.jira.issues.values() for comment in issue.comments]
    return [(comment.author.display, comment.text.splitlines()[-1]) for comment in found]


def told(world: World) -> list[str]:
    """What connect wrote to the person, but for the good news of the link."""
    said = [message["text"] for message in world.slack.history(world.slack.direct(MEMBER).id)]
    return [text for text in said if "is now linked" not in text]


def refreshed(world: World) -> int:
    """How often a refresh token was exchanged, or tried."""
    return sum(call.body.get("grant_type") == "refresh_token" for call in world.jira.calls_to("oauthToken"))


def act(world: World, **how: Any) -> Acting:
    return acting(world.services, WHO, "OPS-1", "ADD_COMMENTS", **how)


def age(world: World) -> None:
    """Jira ends the access tokens that it gave, before their time."""
    for grant in world.jira.oauth.grants:
        grant.access.clear()


# --- by their own account --------------------------------------------------------------------------------------------


def test_a_reply_becomes_a_comment_by_its_author_without_their_name_in_the_text(world: World, thread: str) -> None:
    reply(world, thread, "I am on it")
    link(world, "Ada Lovelace")
    reply(world, thread, "nearly done")
    (issue,) = [issue for issue in world.jira.issues.values() if issue.comments]
    before, after = issue.comments
    assert (before.author.display, "Mia Member (in Slack):" in before.text) == ("connect", True)
    assert (after.author.display, after.text) == ("Ada Lovelace", "nearly done")
    assert after.properties == {"connect": {"marker": after.properties["connect"]["marker"]}}
    said = [message["text"] for message in world.slack.thread(GENERAL, thread)]
    assert [text for text in said if "nearly done" in text] == ["nearly done"]


def test_the_call_carries_the_persons_token_and_goes_to_the_gateway_of_cloud_alone(world: World, thread: str) -> None:
    link(world, "Ada Lovelace")
    reply(world, thread, "nearly done")
    (call,) = world.jira.calls_to("addComment")
    (grant,) = world.jira.oauth.grants
    assert call.headers["Authorization"] == f"Bearer {next(iter(grant.access))}"
    assert act(world).jira.issue("OPS-1").url == f"{world.jira.url}/browse/OPS-1"


def test_what_a_linked_person_may_do_jira_itself_says_and_they_are_told(world: World, thread: str) -> None:
    link(world, "Ada Lovelace")
    world.jira.denied_to = {"Ada Lovelace": {"ADD_COMMENTS"}}
    world.jira.rights_shown = False
    reply(world, thread, "may I?")
    assert comments(world) == []
    note = world.slack.ephemeral(MEMBER)[-1]
    assert note["text"].startswith("Your reply did not reach OPS-2. Jira does not permit this: ")
    assert world.jira.calls_to("findUsersWithAllPermissions") == []


def test_who_acts_is_the_linked_account_and_it_is_said_that_it_is_their_own(world: World) -> None:
    assert world.give_account(MEMBER).display == "Mia"
    who = act(world)
    assert (who.own, who.account.display) == (False, "Mia")
    link(world, "Ada Lovelace")
    for urgent in (False, True):
        who = act(world, urgent=urgent)
        assert (who.own, who.account.display, who.key, who.person.id) == (True, "Ada Lovelace", "OPS-1", MEMBER)
        assert who.jira.myself().display == "Ada Lovelace"


def test_one_persons_account_is_nobody_elses(world: World) -> None:
    link(world, "Ada Lovelace")
    with pytest.raises(Rejected):
        acting(world.services, "T0DEV00001/U0DEV00002", "OPS-1", "ADD_COMMENTS")


def test_an_account_of_another_site_is_not_used(world: World) -> None:
    link(world, "Ada Lovelace")
    world.database.run(
        lambda connection: connection.exec_driver_sql("UPDATE tokens SET site = 'https://other.example'")
    )
    world.give_account(MEMBER)
    assert act(world).own is False


def test_a_comment_whose_answer_is_lost_is_looked_up_with_the_persons_own_eyes(world: World, thread: str) -> None:
    link(world, "Ada Lovelace")
    world.jira.target = ""  # its webhooks would confirm the comment before anything is looked up
    world.jira.fault("addComment", kind="reset", after=True)
    reply(world, thread, "nearly done")
    world.advance(60)
    assert comments(world) == [("Ada Lovelace", "nearly done")]
    mine = f"Bearer {next(iter(world.jira.oauth.grants[0].access))}"
    assert [call.headers["Authorization"] for call in world.jira.calls_to("getComments")] == [mine]
    assert {row["status"] for row in world.rows("integrations", "&operation=add_comment")} == {"completed"}


# --- renewing --------------------------------------------------------------------------------------------------------


def test_an_access_token_is_renewed_before_it_ends_and_not_sooner(world: World) -> None:
    link(world, "Ada Lovelace")
    world.advance(world.jira.oauth.seconds - 180)
    assert (act(world).own, refreshed(world)) == (True, 0)
    world.advance(90)
    assert (act(world).own, act(world).own, refreshed(world)) == (True, True, 1)


def test_a_person_who_waits_is_not_kept_waiting_for_a_renewal_that_can_be_made_later(world: World) -> None:
    link(world, "Ada Lovelace")
    world.advance(world.jira.oauth.seconds - 90)
    assert (act(world, urgent=True).own, refreshed(world)) == (True, 0)
    world.advance(HOURS)
    assert (act(world, urgent=True).own, refreshed(world)) == (True, 1)


def test_every_renewal_uses_the_newest_refresh_token(world: World, thread: str) -> None:
    link(world, "Ada Lovelace")
    for number in range(3):
        world.advance(HOURS)
        reply(world, thread, f"still here, {number}")
    assert comments(world) == [("Ada Lovelace", f"still here, {number}") for number in range(3)]
    given = [call.body["refresh_token"] for call in world.jira.calls_to("oauthToken") if "refresh_token" in call.body]
    assert (len(given), len(set(given))) == (3, 3)


def test_many_who_need_it_at_once_renew_it_once(world: World) -> None:
    link(world, "Ada Lovelace")
    world.advance(world.jira.oauth.seconds - 60)
    owns: list[bool] = []
    at_once(6, lambda _: owns.append(act(world).own))
    assert (owns, refreshed(world)) == ([True] * 6, 1)


def test_who_comes_while_it_is_being_renewed_tries_again_later(world: World) -> None:
    link(world, "Ada Lovelace")
    world.advance(HOURS)
    with world.database.read() as connection:
        (kept,) = tokens.every(connection)
    world.database.run(lambda connection: tokens.hold(connection, kept, world.clock(), 60))
    with pytest.raises(Unavailable, match="being renewed"):
        act(world)
    world.advance(61)  # who held it does not come back
    assert (act(world).own, refreshed(world)) == (True, 1)


def test_an_access_token_that_jira_ended_early_is_renewed_and_the_call_is_made(world: World, thread: str) -> None:
    link(world, "Ada Lovelace")
    age(world)
    reply(world, thread, "nearly done")
    assert (comments(world), refreshed(world)) == ([("Ada Lovelace", "nearly done")], 1)
    assert {row["attempts"] for row in world.rows("integrations", "&operation=add_comment")} == {1}


def test_a_sign_in_that_is_away_holds_up_that_person_alone(world: World, thread: str) -> None:
    link(world, "Ada Lovelace")
    world.advance(HOURS)
    world.jira.fault("oauthToken", kind="status", status=503, times=2)
    reply(world, thread, "nearly done")
    world.ask("slack", "jira", "add_comment", {"issue": "OPS-1", "message": "from a script"})
    world.settle()
    assert comments(world) == [("connect", "from a script")]
    world.advance(60)
    world.advance(60)
    assert sorted(comments(world)) == [("Ada Lovelace", "nearly done"), ("connect", "from a script")]


@pytest.mark.parametrize("kind", ["reset", "half"])
def test_a_renewal_whose_answer_is_lost_ends_well_or_is_told(world: World, thread: str, kind: str) -> None:
    link(world, "Ada Lovelace")
    world.advance(HOURS)
    world.jira.fault("oauthToken", kind=kind, after=True)
    reply(world, thread, "nearly done")
    world.advance(60)
    # The stand-in takes a refresh token once; Atlassian takes it for ten minutes.
    assert (comments(world), told(world)) == ([("connect", "nearly done")], [ENDED])


# --- the end of it ---------------------------------------------------------------------------------------------------


def test_who_takes_it_back_at_jira_is_told_once_and_connect_acts_for_them_again(world: World, thread: str) -> None:
    world.give_account(MEMBER)
    link(world, "Ada Lovelace")
    world.jira.oauth.revoke_all()
    reply(world, thread, "nearly done")
    world.advance(30)
    reply(world, thread, "done")
    assert comments(world) == [("connect", "nearly done"), ("connect", "done")]
    assert (told(world), linked_account(world)) == ([ENDED], "")
    assert (act(world).own, act(world).account.display) == (False, "Ada Lovelace")
    world.jira.denied_to = {"Ada Lovelace": {"ADD_COMMENTS"}}
    with pytest.raises(Rejected, match="Jira does not permit you"):
        act(world)


def test_who_links_and_loses_it_twice_is_told_twice(world: World) -> None:
    for _ in range(2):
        link(world, "Ada Lovelace")
        world.jira.oauth.revoke_all()
        world.advance(HOURS)
        assert act(world).own is False
        world.settle()
    assert told(world) == [ENDED, ENDED]


def test_a_wrong_secret_of_connects_own_costs_nobody_their_link(world: World, thread: str) -> None:
    link(world, "Ada Lovelace")
    world.advance(HOURS)
    grants = world.jira.oauth.grants
    world.jira.fault("oauthToken", kind="status", status=401, body={"error": "invalid_client"}, times=9)
    reply(world, thread, "nearly done")
    assert comments(world) == [("connect", "nearly done")]
    world.jira.faults.clear()
    reply(world, thread, "done")
    assert (comments(world)[-1], told(world), grants[0].ended) == (("Ada Lovelace", "done"), [], False)


def test_a_call_that_the_app_has_no_scope_for_is_refused_and_not_the_whole_of_jira(world: World, thread: str) -> None:
    link(world, "Ada Lovelace")
    world.jira.fault("addComment", kind="status", status=401, body={"message": "scope does not match"}, times=2)
    reply(world, thread, "nearly done")
    world.ask("slack", "jira", "add_comment", {"issue": "OPS-1", "message": "from a script"})
    world.settle()
    assert comments(world) == [("connect", "from a script")]
    note = world.slack.ephemeral(MEMBER)[-1]
    assert "Jira does not let your linked account do this." in note["text"]


# --- the key ---------------------------------------------------------------------------------------------------------


def test_tokens_are_read_with_every_key_and_without_the_right_one_connect_acts_by_its_own_account(world: World) -> None:
    link(world, "Ada Lovelace")
    world.give_account(MEMBER)
    assert world.services.linking is not None
    old, new = LINKING["connect_encryption_key"], new_key()
    seen: list[bool] = []
    for keys in ((new, old), (new,), (old,)):
        linking = replace(world.services.linking, vault=Vault(keys))
        services = replace(world.services, linking=linking)
        seen.append(acting(services, WHO, "OPS-1", "ADD_COMMENTS").own)
    assert seen == [True, False, True]


def test_a_renewal_seals_with_the_first_key(world: World) -> None:
    link(world, "Ada Lovelace")
    assert world.services.linking is not None
    new = new_key()
    linking = replace(world.services.linking, vault=Vault((new, LINKING["connect_encryption_key"])))
    world.advance(HOURS)
    for keys in (linking, replace(linking, vault=Vault((new,)))):
        assert acting(replace(world.services, linking=keys), WHO, "OPS-1", "ADD_COMMENTS").own


# --- nothing tells ---------------------------------------------------------------------------------------------------


def test_no_secret_of_all_this_stands_in_a_row_an_answer_or_a_log(
    world: World, thread: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        page = link(world, "Ada Lovelace")
        for _ in range(2):
            world.advance(HOURS)
            reply(world, thread, "nearly done")
        world.jira.oauth.revoke_all()
        world.advance(HOURS)
        reply(world, thread, "done")
        answer = world.slack.command(MEMBER, GENERAL, "/jira", "logout")
    lists = [world.rows(kind) for kind in ("integrations", "mappings", "deliveries")]
    with world.database.read() as connection:
        tables = [
            list(connection.exec_driver_sql(f"SELECT * FROM {name}"))
            for name in ("integration_logs", "deliveries", "service_mappings", "tokens", "link_requests", "lanes")
        ]
    logged = [record.getMessage() for record in caplog.records if record.name.startswith(("bot", "connect", "storage"))]
    seen = str((page.html, page.headers, answer.body, lists, tables, logged))
    bodies = [call.body for call in world.jira.calls_to("oauthToken")]
    secrets = {
        str(body[name]) for body in bodies for name in ("code", "code_verifier", "refresh_token") if name in body
    }
    bearers = {call.headers.get("Authorization", "") for call in world.jira.calls_to("addComment")}
    secrets |= {bearer.partition(" ")[2] for bearer in bearers} - {world.jira.token}
    assert len(secrets) >= 5
    assert [secret for secret in secrets if secret in seen] == []
    assert CLIENT_SECRET not in seen
