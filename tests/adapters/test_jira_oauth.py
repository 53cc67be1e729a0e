"""OAuth with Jira over HTTP against the stand-in: what is sent, and what each answer means."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.errors import AdapterError, NotFound, Rejected, Unavailable, Unreachable
from adapters.jira.oauth import Grant, GrantEnded, JiraOAuth, NoAccess, OAuthApp
from adapters.jira.personal import PersonalJira
from sandbox.jira import JiraStandIn
from sandbox.jira.oauth import CLIENT_ID, CLIENT_SECRET, CLOUD_ID, REDIRECT

APP = OAuthApp(CLIENT_ID, CLIENT_SECRET, REDIRECT)
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
"""The example of RFC 7636, appendix B."""


@pytest.fixture(params=[True, False], ids=["cloud", "data center"])
def jira(request: pytest.FixtureRequest) -> Iterator[JiraStandIn]:
    standin = JiraStandIn("secret", cloud=request.param)
    standin.start()
    yield standin
    standin.stop()


@pytest.fixture
def oauth(jira: JiraStandIn) -> JiraOAuth:
    return oauth_of(jira)


def oauth_of(jira: JiraStandIn, app: OAuthApp = APP, timeout: float = 2.0) -> JiraOAuth:
    return JiraOAuth(jira.url, app, *((jira.url, jira.url) if jira.cloud else ("", "")), timeout)


def code_of(jira: JiraStandIn, oauth: JiraOAuth, who: str = "Ada Lovelace") -> str:
    return parse_qs(urlsplit(jira.oauth.answer(oauth.authorize_url("s", VERIFIER), who)).query)["code"][0]


def grant_of(jira: JiraStandIn, oauth: JiraOAuth) -> Grant:
    return oauth.exchange(code_of(jira, oauth), VERIFIER)


def refused(call: Any, *given: str) -> AdapterError:
    with pytest.raises(AdapterError) as caught:
        call(*given)
    return caught.value


# --- what is sent ----------------------------------------------------------------------------------------------------


def test_the_address_of_cloud_is_the_documented_one() -> None:
    oauth = JiraOAuth(
        "https://acme.atlassian.net", APP, "https://auth.atlassian.com", "https://api.atlassian.com", 2.0
    )  # fmt: skip
    assert oauth.authorize_url("st&te", VERIFIER) == (
        "https://auth.atlassian.com/authorize?audience=api.atlassian.com&prompt=consent&client_id=connect-app"
        "&redirect_uri=https%3A%2F%2Fconnect.example.com%2Foauth%2Fjira%2Fcallback&response_type=code"
        "&scope=offline_access+read%3Ajira-user+read%3Ajira-work+write%3Ajira-work&state=st%26te"
        f"&code_challenge={CHALLENGE}&code_challenge_method=S256"
    )
    assert oauth.api_url("../x") == "https://api.atlassian.com/ex/jira/..%2Fx"


def test_the_address_of_a_data_center_is_the_documented_one() -> None:
    oauth = JiraOAuth("https://jira.example.com/base", APP, "", "", 2.0)
    assert oauth.authorize_url("state", VERIFIER) == (
        "https://jira.example.com/base/rest/oauth2/latest/authorize?client_id=connect-app"
        "&redirect_uri=https%3A%2F%2Fconnect.example.com%2Foauth%2Fjira%2Fcallback&response_type=code&scope=WRITE"
        f"&state=state&code_challenge={CHALLENGE}&code_challenge_method=S256"
    )
    assert (oauth.api_url(""), oauth.cloud_id("token")) == ("", "")


def test_a_code_and_then_a_refresh_token_are_exchanged_as_documented(jira: JiraStandIn, oauth: JiraOAuth) -> None:
    first = grant_of(jira, oauth)
    second = oauth.refresh(first.refresh)
    app = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    back = {} if jira.cloud else {"redirect_uri": REDIRECT}
    exchanged, renewed = (call.body for call in jira.calls_to("oauthToken"))
    assert exchanged == {
        "grant_type": "authorization_code", "code": jira.oauth.grants[0].code, "code_verifier": VERIFIER,
        "redirect_uri": REDIRECT, **app,
    }  # fmt: skip
    assert renewed == {"grant_type": "refresh_token", "refresh_token": first.refresh, **back, **app}
    scope = "offline_access read:jira-user read:jira-work write:jira-work" if jira.cloud else "WRITE"
    assert [(grant.seconds, grant.scope) for grant in (first, second)] == [
        (3600.0 if jira.cloud else 7200.0, scope)
    ] * 2
    assert len({first.access, first.refresh, second.access, second.refresh}) == 4


def test_a_grant_is_revoked_where_there_is_a_way_to(jira: JiraStandIn, oauth: JiraOAuth) -> None:
    grant = grant_of(jira, oauth)
    assert oauth.revoke(grant.refresh) is jira.cloud
    assert [one.ended for one in jira.oauth.grants] == [jira.cloud]


def test_the_site_is_found_by_its_address(jira: JiraStandIn, oauth: JiraOAuth) -> None:
    grant = grant_of(jira, oauth)
    assert oauth.cloud_id(grant.access) == (CLOUD_ID if jira.cloud else "")
    jira.oauth.sites = ["https://b.example", "https://a.example"]
    if jira.cloud:
        error = refused(oauth.cloud_id, grant.access)
        assert isinstance(error, NoAccess)
        assert error.sites == ("https://a.example", "https://b.example")


def test_a_password_for_the_host_in_the_users_files_is_not_sent(
    jira: JiraStandIn, oauth: JiraOAuth, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password geheim\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    oauth.cloud_id(grant_of(jira, oauth).access)
    sent = [call.headers.get("Authorization", "") for call in jira.calls if call.operation != "authorize"]
    assert [header for header in sent if header.startswith("Basic")] == []


# --- what the answers mean -------------------------------------------------------------------------------------------


def test_what_was_used_or_taken_back_or_is_another_persons_is_ended_for_good(
    jira: JiraStandIn, oauth: JiraOAuth
) -> None:
    code = code_of(jira, oauth)
    grant = oauth.exchange(code, VERIFIER)
    assert type(refused(oauth.exchange, code, VERIFIER)) is GrantEnded
    assert type(refused(oauth.refresh, grant.refresh)) is GrantEnded
    assert type(refused(oauth.refresh, "invented")) is GrantEnded
    assert type(refused(oauth.exchange, code_of(jira, oauth), "x" * 43)) is GrantEnded


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (403, {"error": "invalid_grant", "error_description": "Unknown or invalid refresh token."}, GrantEnded),
        (403, {"error": "unauthorized_client", "error_description": "refresh_token is invalid"}, GrantEnded),
        (403, {"error": "unauthorized_client", "error_description": "unknown client"}, Rejected),
        (401, {"error": "invalid_client"}, Rejected),
        (400, "<html>", Rejected),
        (302, {}, Rejected),
        (404, {}, NotFound),
        (429, {}, Unavailable),
        (500, {"error": "invalid_grant"}, Unavailable),
        (200, {}, Unavailable),
        (200, "<html>", Unavailable),
        (200, "[" * 5000, Unavailable),
        (200, {"access_token": 5.5}, Unavailable),
    ],
)
def test_an_answer_is_judged_by_what_is_to_be_done(status: int, body: Any, kind: type[AdapterError]) -> None:
    jira = JiraStandIn("secret")
    jira.start()
    jira.fault("oauthToken", kind="status", status=status, body=body, headers={"Location": "http://127.0.0.1:1/"})
    error = refused(oauth_of(jira).refresh, "refresh-geheim")
    jira.stop()
    assert type(error) is kind
    assert "geheim" not in str(error)
    assert len(jira.calls) == 1


def test_a_wrong_secret_is_no_end_of_what_people_allowed(jira: JiraStandIn, oauth: JiraOAuth) -> None:
    grant = grant_of(jira, oauth)
    wrong = oauth_of(jira, OAuthApp(CLIENT_ID, "wrong", REDIRECT))
    assert type(refused(wrong.refresh, grant.refresh)) is Rejected
    assert oauth.refresh(grant.refresh).access


@pytest.mark.parametrize("kind", ["reset", "hang", "drip"])
def test_an_answer_that_does_not_come_is_to_be_asked_for_again(jira: JiraStandIn, kind: str) -> None:
    oauth = oauth_of(jira, timeout=0.2)
    jira.fault("oauthToken", kind=kind, after=kind == "drip", seconds=0.3)
    assert type(refused(oauth.refresh, "any")) is Unavailable


def test_a_server_that_is_not_there_is_told_as_such(jira: JiraStandIn, oauth: JiraOAuth) -> None:
    jira.stop()
    assert type(refused(oauth.refresh, "any")) is Unreachable


@pytest.mark.parametrize("seconds", [None, "soon", -1, True])
def test_a_token_that_does_not_say_how_long_it_is_good_is_good_for_an_hour_at_most(seconds: object) -> None:
    jira = JiraStandIn("secret")
    jira.start()
    body = {"access_token": "a", "expires_in": seconds}
    jira.fault("oauthToken", kind="status", status=200, body=body)
    grant = oauth_of(jira).refresh("the one of before")
    jira.stop()
    assert (grant.access, grant.refresh, grant.scope) == ("a", "the one of before", "")
    assert grant.seconds <= 3600.0


def test_no_picture_shows_a_token_or_the_secret() -> None:
    assert "geheim" not in f"{Grant('geheim', 'geheim', 1.0, '')!r} {OAuthApp('id', 'geheim', REDIRECT)!r}"


# --- the client of one person ----------------------------------------------------------------------------------------


def test_a_persons_client_renews_a_refused_token_once_and_goes_on_with_the_new_one(
    jira: JiraStandIn, oauth: JiraOAuth
) -> None:
    grant = grant_of(jira, oauth)
    asked: list[str] = []

    def renew(old: str) -> str:
        asked.append(old)
        return grant.access

    client = PersonalJira(jira.url, oauth.api_url(CLOUD_ID), "old", 2.0, renew)
    assert [client.myself().display for _ in range(2)] == ["Ada Lovelace"] * 2
    assert (asked, client.cloud) == (["old"], jira.cloud)


def test_a_persons_token_that_is_refused_again_is_no_reason_to_stop_everything(jira: JiraStandIn) -> None:
    api_url = f"{jira.url}/ex/jira/{CLOUD_ID}" if jira.cloud else ""
    client = PersonalJira(jira.url, api_url, "old", 2.0, lambda _: "also old")
    error = refused(client.myself)
    assert (type(error), str(error).startswith("Jira does not let your linked account do this.")) == (Rejected, True)


def test_after_a_renewal_that_took_too_long_the_call_is_left_for_later(
    jira: JiraStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("adapters.jira.personal.time", SimpleNamespace(monotonic=lambda: now[0]))

    def renew(_: str) -> str:
        now[0] = 2.5
        return "new"

    client = PersonalJira(jira.url, f"{jira.url}/ex/jira/{CLOUD_ID}" if jira.cloud else "", "old", 2.0, renew)
    assert type(refused(client.myself)) is Unavailable
    assert len(jira.calls) == 1
