"""Who a person in Slack is on GitHub, and what connect does there for them."""

from collections.abc import Callable
from typing import Any

import pytest

from adapters.errors import AdapterError, Rejected
from bot.operations import identities
from bot.operations.github_accounts import NO_ACCOUNT, Acting, Role, acting, readable
from bot.operations.github_links import ENDED
from sandbox.github.access import APP_ID
from sandbox.github.device import REFRESH_SECONDS
from sandbox.slack import ADMIN, BOT_USER, GENERAL, GUEST, MEMBER
from storage import tokens
from tests.github_app import SIGNING_IN, as_app, pems
from tests.world import World

TEAM = "T0DEV00001"
WHO = f"{TEAM}/{MEMBER}"
DAY = 24 * 3600


@pytest.fixture(name="made_of")
def knowing_the_app(made_of: Callable[..., World]) -> Callable[..., World]:
    def make(**settings: Any) -> World:
        world = made_of(**settings)
        world.github.app_keys[APP_ID] = pems()[1]
        return world

    return make


@pytest.fixture
def world(made_of: Callable[..., World]) -> World:
    return made_of(**SIGNING_IN)


def say(world: World, text: str, user: str = MEMBER, command: str = "/github") -> str:
    answer = world.slack.command(user, GENERAL, command, text)
    assert (answer.status, answer.trouble) == (200, "")
    return answer.body["text"]


def show_email(world: World, login: str = "ada", user: str = MEMBER) -> None:
    """The profile of an account shows the e-mail address of somebody in Slack."""
    world.github.person(login, login.title()).email = world.slack.users[user]["profile"]["email"]


def people(world: World) -> list[tuple[str, str, str]]:
    return [(row["slack"], row["github"], row["by"]) for row in world.rows("people")]


def told(world: World, user: str = MEMBER) -> list[str]:
    return [message["text"] for message in world.slack.history(world.slack.direct(user).id)]


def act(world: World, repository: str, role: Role, **how: Any) -> Acting:
    return acting(world.services, WHO, repository, role, **how)


# --- by e-mail, by an admin ------------------------------------------------------------------------------------------


def test_an_account_is_found_by_the_address_that_its_profile_shows(world: World) -> None:
    show_email(world)
    assert say(world, "me") == (
        "On GitHub you are *ada* (found by your e-mail address). I act for you by my own account, after asking GitHub "
        "whether you may, and name you in the text."
    )
    assert people(world) == [(MEMBER, "ada", "email")]
    with world.database.read() as connection:
        number = str(world.github.people["ada"].id)
        assert identities.people_of(connection, "renamed-since", number) == [WHO]
        assert identities.people_of(connection, "ada", "") == [WHO]
        assert identities.people_of(connection, "octocat", "999999") == []
    asked = len(world.github.calls)
    say(world, "me")
    assert len(world.github.calls) == asked


def test_who_has_no_account_is_told_what_to_do(world: World, made_of: Callable[..., World]) -> None:
    nobody = "I do not know your account on GitHub: none shows your e-mail address."
    assert say(world, "me") == f"{nobody} `/github login` says which one is yours."
    assert "`/connect github login`" in say(world, "github me", command="/connect")
    assert "Guests" in say(world, "me", GUEST)
    without = made_of()
    admin = f"An admin can say which one is yours: `/connect map <@{MEMBER}> github:login`."
    assert say(without, "me") == f"{nobody} {admin}"
    assert say(without, "login").startswith(
        "Accounts cannot be linked yet: whoever runs connect has to set GITHUB_OAUTH"
    )


def test_a_search_that_found_nobody_is_not_made_again_at_once(world: World) -> None:
    say(world, "me")
    say(world, "me")
    assert len(world.github.calls_to("search/users")) == 1


def test_an_account_that_was_renamed_is_known_by_its_new_name_after_a_day(world: World) -> None:
    world.github.person("ada")
    say(world, f"map <@{MEMBER}|mia> github:ada", ADMIN, "/connect")
    ada = world.github.people.pop("ada")
    ada.login = "lovelace"
    world.github.people["lovelace"] = ada
    world.advance(DAY + 1)
    assert say(world, "me").startswith("On GitHub you are *lovelace* (named by an admin).")
    assert people(world) == [(MEMBER, "lovelace", "admin")]


def test_an_admin_says_which_account_is_whose_and_takes_it_back(world: World) -> None:
    world.github.person("ada", "Ada")
    assert say(world, f"map <@{MEMBER}|mia> github:@ada", ADMIN, "/connect") == (
        ":white_check_mark: *Mia Member* is *ada* on GitHub."
    )
    assert say(world, "people", ADMIN, "/connect") == "Who is who on GitHub"
    say(world, f"map <@{MEMBER}|mia> jira:ada@example.com", ADMIN, "/connect")
    assert say(world, "people", ADMIN, "/connect") == "Who is who in Jira and Who is who on GitHub"
    assert say(world, f"map <@{MEMBER}|mia> github:nobody", ADMIN, "/connect") == (
        "GitHub has no active account nobody that I can see."
    )
    assert say(world, f"map <@{MEMBER}|mia> github:ada", MEMBER, "/connect").startswith("Only admins")
    assert "no account" in say(world, f"unmap <@{MEMBER}|mia>", ADMIN, "/connect")
    assert world.rows("people") == []


def test_rest_and_a_table_name_accounts_on_github(world: World) -> None:
    world.github.person("ada", "Ada")
    made = world.call("POST", "/api/v1/people", {"slack": MEMBER, "github": "ada"})
    assert made.status_code == 201
    assert (people(world), world.rows("people")[0]["name"]) == ([(MEMBER, "ada", "admin")], "Ada")
    table = f"slack,github,jira\n{ADMIN},octocat,ada@example.com\n{MEMBER},ada,\n{MEMBER},nobody,\n"
    report = world.send("POST", "/api/v1/people", table.encode(), "text/csv").json()
    assert (report["taken"], report["known"], report["refused"]) == (
        2, 1, [{"line": 4, "message": "GitHub has no active account nobody that I can see."}],
    )  # fmt: skip
    listed = world.rows("people", "&target_service=github")
    assert [(row["slack"], row["github"]) for row in listed] == [(MEMBER, "ada"), (ADMIN, "octocat")]


# --- what they may do ------------------------------------------------------------------------------------------------


def test_connect_acts_for_who_has_the_role_and_for_nobody_else(world: World) -> None:
    show_email(world)
    world.github.allow("acme/secret", "ada", "triage")
    found = act(world, "acme/secret", "triage")
    assert (found.account.name, found.person.name, found.own) == ("ada", "Mia Member", False)
    assert found.github is world.services.github
    with pytest.raises(Rejected) as refused:
        act(world, "acme/secret", "write")
    assert str(refused.value) == (
        "GitHub does not permit @ada to do this in acme/secret: it takes the role “write” there, and yours is “triage”."
    )
    assert act(world, "acme/web", "read", urgent=True).github is world.services.urgent.github


def test_who_is_not_known_guests_and_bots_are_refused(world: World) -> None:
    with pytest.raises(Rejected, match=NO_ACCOUNT[:30]):
        act(world, "acme/web", "read")
    for user in (GUEST, BOT_USER):
        with pytest.raises(Rejected) as refused:
            acting(world.services, f"{TEAM}/{user}", "acme/web", "read")
        assert refused.value.code == "not_allowed"
    assert world.github.calls_to("repos/get-collaborator-permission-level") == []


def test_where_connect_may_not_ask_the_person_is_told_what_is_missing(world: World) -> None:
    show_email(world)
    world.github.connect_role = "read"
    with pytest.raises(Rejected, match="GitHub does not tell connect what you may do in acme/web: whoever"):
        act(world, "acme/web", "read")


def test_a_public_repository_is_for_all_members_and_a_private_one_for_who_has_a_role(world: World) -> None:
    assert readable(world.services, WHO, "acme/web")
    assert not readable(world.services, WHO, "acme/secret")
    show_email(world)
    world.advance(301)
    assert not readable(world.services, WHO, "acme/secret")
    world.github.allow("acme/secret", "ada", "read")
    assert readable(world.services, WHO, "acme/secret")


def test_the_same_answers_are_not_counted_again(world: World) -> None:
    show_email(world)
    act(world, "acme/web", "read")
    assert world.services.github is not None
    left = world.services.github.remaining()["core"]
    act(world, "acme/web", "read")
    assert world.services.github.remaining()["core"] == left
    page = world.call("GET", "/metrics").text
    assert f'connect_github_calls_left{{resource="core"}} {float(left)}' in page


# --- as a GitHub App -------------------------------------------------------------------------------------------------


def test_a_github_app_needs_no_token_and_health_says_so(made_of: Callable[..., World]) -> None:
    world = made_of(**as_app())
    world.github.install()
    assert world.call("GET", "/health").json()["services"]["github"] == f"on, as GitHub App {APP_ID}"
    show_email(world)
    world.github.allow("acme/secret", "ada", "write")
    found = act(world, "acme/secret", "write")
    assert found.github.create_issue("acme/secret", "Door stuck", "…", "ct_1").number == 1
    assert world.github.repos[1].tickets[1].author.login == "connect[bot]"
    world.github.installations.clear()
    answer = say(world, "subscribe acme/web")
    assert f"{world.github.url}/apps/connect/installations/new" in answer


# --- by their own account --------------------------------------------------------------------------------------------


def code_for(world: World, user: str = MEMBER) -> str:
    shown = say(world, "login", user)
    code = world.github.asked[-1].user_code
    assert f"`{code}`" in shown
    assert f"{world.github.url}/login/device" in shown
    return code


def link(world: World, login: str = "ada") -> None:
    code = code_for(world)
    world.github.allow_device(code, login)
    world.advance(6)
    assert f"linked to the GitHub account *{login}*" in told(world)[-1]


def test_who_types_in_the_code_acts_by_their_own_account_from_then_on(world: World) -> None:
    code = code_for(world)
    world.settle()
    assert world.github.calls_to("login/access-token") == []
    world.advance(6)
    assert (len(world.github.calls_to("login/access-token")), told(world)) == (1, [])
    world.github.allow_device(code, "ada")
    world.advance(6)
    assert told(world) == [
        "Your Slack account is now linked to the GitHub account *ada*: what you do from here appears under that name. "
        "If this was not you, type `/github logout` and tell whoever looks after connect."
    ]
    assert say(world, "me") == "On GitHub you are *ada* (linked by you). I act for you by that account."
    found = act(world, "acme/web", "admin")
    assert (found.own, found.account.name) == (True, "ada")
    found.github.create_issue("acme/web", "Door stuck", "…", "ct_1")
    assert world.github.repos[0].tickets[1].author.login == "ada"


def test_a_code_is_asked_for_no_faster_than_github_says(world: World) -> None:
    code_for(world)
    world.advance(6)
    world.github.asked[-1].interval = 20
    world.advance(6)
    slowed = len(world.github.calls_to("login/access-token"))
    world.advance(20)
    assert len(world.github.calls_to("login/access-token")) == slowed
    world.advance(6)
    assert len(world.github.calls_to("login/access-token")) == slowed + 1
    assert world.github.asked[-1].interval == 25
    (row,) = [row for row in world.rows("integrations") if row["operation"] == "sign_in"]
    assert row["status"] == "pending"


def test_a_no_and_a_code_that_is_too_old_are_told(world: World) -> None:
    world.github.deny_device(code_for(world))
    world.advance(6)
    assert told(world)[-1] == (
        "Your GitHub account was not linked. On GitHub the request was refused. To try again, type `/github login`."
    )
    code_for(world)
    world.advance(901)
    assert told(world)[-1] == (
        "Your GitHub account was not linked. The code was not typed in in time. To try again, type `/github login`."
    )
    assert {row["status"] for row in world.rows("integrations") if row["operation"] == "sign_in"} == {"failed"}


def test_a_newer_code_replaces_an_older_one_and_logout_ends_it(world: World) -> None:
    first, second = code_for(world), code_for(world)
    world.github.allow_device(first, "eve")
    world.advance(6)
    assert told(world) == []
    say(world, "logout")
    world.github.allow_device(second, "ada")
    world.advance(6)
    assert (told(world), people(world)) == ([], [])


def test_what_was_allowed_is_encrypted_and_in_no_row(world: World) -> None:
    link(world)
    secret = world.github.asked[-1].device_code
    (token,) = world.github.granted
    with world.database.read() as connection:
        (kept,) = tokens.every(connection)
    rows = str(world.rows("integrations")) + str(world.rows("mappings")) + str(kept.sealed.__dict__)
    assert not any(word in rows for word in (secret, token))


def test_a_code_is_not_shown_where_it_would_be_kept(world: World) -> None:
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> github login")
    world.settle()
    assert world.slack.ephemeral(MEMBER)[-1]["text"].startswith("For your safety I show a code to a command only")
    assert world.github.asked == []


def test_logout_forgets_it_and_says_where_to_take_it_back(world: World) -> None:
    link(world)
    said = say(world, "logout")
    assert said.startswith("Done: *ada* is no longer linked, and I have forgotten what you had allowed.")
    assert f"{world.github.url}/settings/connections/applications/" in said
    assert people(world) == []
    assert say(world, "logout").startswith("You have linked no GitHub account.")
    with pytest.raises(Rejected, match=NO_ACCOUNT[:30]):
        act(world, "acme/web", "read")


def test_what_the_person_takes_back_is_told_once_and_connect_acts_by_its_own_account_again(world: World) -> None:
    link(world)
    world.github.revoke("ada")
    found = act(world, "acme/web", "read")
    with pytest.raises(AdapterError, match="no longer linked"):
        found.github.create_issue("acme/web", "Door stuck", "…", "ct_1")
    world.settle()
    assert told(world)[-1] == ENDED
    assert not act(world, "acme/web", "read").own
    assert (told(world).count(ENDED), world.github.repos[0].tickets) == (1, {})


def test_tokens_that_expire_are_renewed_and_a_refresh_token_is_used_once(world: World) -> None:
    world.github.expiring = True
    link(world)
    old = next(iter(world.github.refreshing))
    world.advance(9 * 3600)
    act(world, "acme/web", "read").github.create_issue("acme/web", "Door stuck", "…", "ct_1")
    assert world.github.repos[0].tickets[1].author.login == "ada"
    assert old not in world.github.refreshing
    world.github.granted.clear()
    assert act(world, "acme/web", "read").github.create_issue("acme/web", "Again", "…", "ct_2").number == 2
    world.github.refreshing.clear()
    world.advance(REFRESH_SECONDS)
    assert not act(world, "acme/web", "read").own
    world.settle()
    assert told(world)[-1] == ENDED


def test_while_the_sign_in_is_away_nothing_is_lost(world: World) -> None:
    code = code_for(world)
    world.github.fault("login/access-token", status=502, times=2)
    world.github.allow_device(code, "ada")
    for _ in range(4):
        world.advance(10)
    assert "linked to the GitHub account *ada*" in told(world)[-1]


def test_github_that_is_away_or_does_not_know_the_app_is_told(world: World) -> None:
    world.github.device_flow = False
    assert "The device flow is not enabled for the app of GITHUB_OAUTH_CLIENT_ID." in say(world, "login")
    world.github.fault("login/device-code", status=503)
    assert say(world, "login") == "GitHub did not tell me. Try again in a moment."
