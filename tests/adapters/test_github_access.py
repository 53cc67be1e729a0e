"""GitHub as an App, its limits and what it says is unchanged: the real client against the stand-in."""

from dataclasses import dataclass

import pytest

from adapters.account import Account
from adapters.errors import NotFound, Rejected, Unauthorized, Unavailable
from adapters.github.apps import AppKey
from adapters.github.client import GitHubClient
from adapters.github.session import OneToken
from sandbox.github import GitHubStandIn
from sandbox.github.access import APP_ID
from tests.adapters import github_cases
from tests.adapters.github_cases import THEN, TOKEN, issues, made
from tests.github_app import pems

github = github_cases.github

LOOK, ISSUE = "apps/get-repo-installation", "apps/create-installation-access-token"


@dataclass
class Clock:
    now: float = THEN

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(github: GitHubStandIn) -> Clock:
    made = Clock()
    github.now = made
    return made


@pytest.fixture
def app(github: GitHubStandIn, clock: Clock) -> GitHubClient:
    private, public = pems()
    github.app_keys[APP_ID] = public
    return GitHubClient(AppKey(APP_ID, private), github.url, 10, clock)


@pytest.fixture
def client(github: GitHubStandIn, clock: Clock) -> GitHubClient:
    return GitHubClient(TOKEN, github.url, 10, clock)


# --- as a GitHub App -------------------------------------------------------------------------------------------------


def test_the_installation_of_a_repository_is_found_and_its_token_is_used_for_an_hour(
    github: GitHubStandIn, app: GitHubClient, clock: Clock
) -> None:
    github.install()
    assert app.repository("acme/secret").private
    app.create_issue("acme/secret", "Door stuck", "…", "ct_1")
    assert made(github) == [LOOK, ISSUE, "repos/get", "issues/create"]
    assert issues(github, "acme/secret") == ["Door stuck"]
    github.calls.clear()
    clock.now += 3600 - 301
    app.repository("acme/secret")
    clock.now += 1
    app.repository("acme/secret")
    assert made(github) == [LOOK, "repos/get", ISSUE, "repos/get"]


def test_who_has_less_time_shares_the_tokens(github: GitHubStandIn, app: GitHubClient) -> None:
    github.install()
    app.repository("acme/web")
    github.calls.clear()
    app.within(1.4).repository("acme/web")
    assert made(github) == ["repos/get"]


def test_a_repository_without_an_installation_gets_a_sentence_that_says_where_to_install(
    github: GitHubStandIn, app: GitHubClient
) -> None:
    github.install(repos=frozenset({"web"}))
    app.repository("acme/web")
    with pytest.raises(NotFound) as refused:
        app.repository("acme/secret")
    page = f"{github.url}/apps/connect/installations/new"
    assert (str(refused.value), refused.value.code) == (
        f"connect's GitHub App is not installed on acme/secret. Whoever looks after it can install it: {page}",
        "not_installed",
    )


def test_an_installation_that_is_gone_or_suspended_is_told(
    github: GitHubStandIn, app: GitHubClient, clock: Clock
) -> None:
    installed = github.install()
    app.repository("acme/web")
    installed.suspended = True
    clock.now += 601
    with pytest.raises(Rejected, match="suspended on acme/web: its owner can let it work again"):
        app.repository("acme/web")
    github.installations.clear()
    with pytest.raises(NotFound, match="is not installed on acme/web"):
        app.repository("acme/web")


def test_one_that_was_installed_anew_is_found_in_place_of_the_old_one(github: GitHubStandIn, app: GitHubClient) -> None:
    github.install()
    app.repository("acme/web")
    github.installations.clear()
    github.install()
    assert app.repository("acme/web").full_name == "acme/web"


def test_a_revoked_token_is_replaced_once_and_the_write_is_made(github: GitHubStandIn, app: GitHubClient) -> None:
    github.install()
    app.repository("acme/web")
    github.granted.clear()
    app.create_issue("acme/web", "Door stuck", "…", "ct_1")
    assert issues(github) == ["Door stuck"]
    assert made(github)[3:] == ["issues/create", LOOK, ISSUE, "issues/create"]


def test_a_renamed_repository_is_covered_under_its_old_name(github: GitHubStandIn, app: GitHubClient) -> None:
    github.install()
    github.rename_repository("acme/web", "site")
    assert app.repository("acme/web").full_name == "acme/site"


def test_an_app_is_asked_who_it_is_by_its_key(github: GitHubStandIn, app: GitHubClient) -> None:
    assert app.myself() == Account("", "connect[bot]", "connect")
    github.app_keys.clear()
    with pytest.raises(Unauthorized):
        app.myself()


def test_a_key_that_is_none_is_told_without_it(github: GitHubStandIn, clock: Clock) -> None:
    with pytest.raises(Unauthorized, match=r"^The private key of the GitHub App cannot be used\.$"):
        GitHubClient(AppKey(APP_ID, "geheim"), github.url, 10, clock).myself()
    assert "geheim" not in repr(AppKey(APP_ID, "geheim"))


# --- limits ----------------------------------------------------------------------------------------------------------


def test_a_used_up_limit_is_obeyed_until_its_reset_without_another_call(
    github: GitHubStandIn, client: GitHubClient, clock: Clock
) -> None:
    github.quotas.limits["core"] = 2
    client.repository("acme/web")
    assert client.remaining() == {"core": 1}
    client.repository("acme/secret")
    for _ in range(2):
        with pytest.raises(Unavailable) as waits:
            client.create_issue("acme/web", "Door stuck", "…", "ct_1")
        assert waits.value.retry_after == pytest.approx(3600, abs=1)
    assert (len(github.calls), client.remaining()) == (2, {"core": 0})
    clock.now += 3601
    assert client.create_issue("acme/web", "Door stuck", "…", "ct_1").number == 1


def test_a_person_has_a_limit_of_their_own(github: GitHubStandIn, client: GitHubClient) -> None:
    github.quotas.limits["core"] = 1
    client.repository("acme/web")
    with pytest.raises(Unavailable):
        client.repository("acme/web")
    github.token = "ghu-another"
    assert client.for_person(OneToken("ghu-another")).repository("acme/web").id > 0


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        ({"status": 403, "headers": {"Retry-After": "7"}, "body": {"message": "secondary rate limit"}}, 7),
        ({"status": 403, "body": {"message": "You have exceeded a secondary rate limit."}}, 60),
        ({"status": 403, "body": {"message": "You have triggered an abuse detection mechanism."}}, 60),
        ({"status": 429, "body": {"message": "Too many"}}, 60),
    ],
)
def test_a_secondary_limit_is_obeyed_for_a_minute_at_least(
    github: GitHubStandIn, client: GitHubClient, fault: dict[str, object], seconds: float
) -> None:
    github.fault("issues/create", **fault)
    with pytest.raises(Unavailable) as waits:
        client.create_issue("acme/web", "Door stuck", "…", "ct_1")
    assert waits.value.retry_after == seconds


# --- unchanged answers -----------------------------------------------------------------------------------------------


def test_what_has_not_changed_does_not_count_and_what_has_is_read(github: GitHubStandIn, client: GitHubClient) -> None:
    first = client.repository("acme/web")
    left = client.remaining()["core"]
    assert client.repository("acme/web") == first
    assert client.remaining()["core"] == left
    tags = [call.headers.get("If-None-Match", "")[:3] for call in github.calls]
    assert tags == ["", 'W/"']
    github.repos[0].archived = True
    assert client.repository("acme/web").archived
    assert client.remaining()["core"] == left - 1


def test_one_persons_answers_are_not_anothers(github: GitHubStandIn, client: GitHubClient) -> None:
    client.repository("acme/web")
    github.token = "ghu-another"
    client.for_person(OneToken("ghu-another")).repository("acme/web")
    assert ["If-None-Match" in call.headers for call in github.calls] == [False, False]


def test_a_torn_answer_is_not_taken_for_the_whole(github: GitHubStandIn, client: GitHubClient) -> None:
    github.fault("repos/get", kind="half", after=True)
    with pytest.raises(Unavailable):
        client.repository("acme/web")
    assert client.repository("acme/web").full_name == "acme/web"


def test_only_so_many_answers_are_remembered(
    github: GitHubStandIn, client: GitHubClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.github.remembered.MOST", 1)
    for name in ("acme/web", "acme/secret", "acme/secret", "acme/web"):
        client.repository(name)
    assert ["If-None-Match" in call.headers for call in github.calls] == [False, False, True, False]


# --- accounts and roles ----------------------------------------------------------------------------------------------


def test_an_account_is_found_by_the_address_that_its_profile_shows(github: GitHubStandIn, client: GitHubClient) -> None:
    github.person("ada", "Ada Lovelace").email = "Ada@Example.com"
    github.person("eve", "Eve").email = "xada@example.com"
    github.person("bot", "Bot", "Bot").email = "bot@example.com"
    ada = Account(str(github.people["ada"].id), "ada", "Ada Lovelace")
    assert client.find_account("ada@example.com") == ada
    assert (client.find_account("bot@example.com"), client.find_account("nobody@example.com")) == (None, None)
    assert (client.account("ada"), client.account(ada.id), client.account("nobody")) == (ada, ada, None)


def test_an_address_that_two_profiles_show_proves_nothing(github: GitHubStandIn, client: GitHubClient) -> None:
    for login in ("ada", "eve"):
        github.person(login).email = "ada@example.com"
    assert client.find_account("ada@example.com") is None


def test_a_role_is_told_whatever_it_is_called(github: GitHubStandIn, client: GitHubClient) -> None:
    github.custom_roles["support"] = "triage"
    found: list[str] = []
    for role in ("none", "read", "triage", "write", "maintain", "admin", "support"):
        github.allow("acme/secret", "ada", role)
        found.append(client.role("acme/secret", "ada"))
    assert found == ["none", "read", "triage", "write", "maintain", "admin", "triage"]
    assert (client.role("acme/web", "octocat"), client.role("acme/secret", "octocat")) == ("read", "none")
    assert client.role("acme/secret", "nobody") == "none"
    with pytest.raises(NotFound):
        client.role("acme/nowhere", "ada")


def test_what_is_no_login_never_becomes_part_of_an_address(github: GitHubStandIn, client: GitHubClient) -> None:
    assert (client.role("acme/web", "../.."), client.account("..")) == ("none", None)
    assert not any(".." in call.path for call in github.calls)
