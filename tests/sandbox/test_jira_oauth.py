"""The stand-in's authorization server refuses what the real ones refuse."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from sandbox.jira import JiraStandIn
from sandbox.jira.oauth import CLIENT_ID, CLIENT_SECRET, CLOUD_ID, REDIRECT

APP = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
ASKED = {
    "client_id": CLIENT_ID, "redirect_uri": REDIRECT, "response_type": "code", "state": "s t",
    "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256",
}  # fmt: skip


@pytest.fixture(params=[True, False], ids=["cloud", "data center"])
def jira(request: pytest.FixtureRequest) -> Iterator[JiraStandIn]:
    standin = JiraStandIn("secret", cloud=request.param)
    standin.start()
    yield standin
    standin.stop()


def address(jira: JiraStandIn, **changed: str) -> str:
    usual = (
        {"audience": "api.atlassian.com", "scope": "offline_access read:jira-work"} if jira.cloud else {"scope": "READ"}
    )
    path = "/authorize" if jira.cloud else "/rest/oauth2/latest/authorize"
    return f"{jira.url}{path}?{urlencode({**ASKED, **usual, **changed})}"


def answered(jira: JiraStandIn, asked: str = "", *, allow: bool = True) -> dict[str, list[str]]:
    """What the browser brings back."""
    back = urlsplit(jira.oauth.answer(asked or address(jira), "Ada Lovelace", allow=allow))
    assert f"{back.scheme}://{back.netloc}{back.path}" == REDIRECT
    return parse_qs(back.query)


def token(jira: JiraStandIn, **given: str) -> Any:
    path = "/oauth/token" if jira.cloud else "/rest/oauth2/latest/token"
    body = {**APP, **given}
    return requests.post(jira.url + path, **{"json" if jira.cloud else "data": body}, timeout=5)  # pyright: ignore[reportArgumentType]


def exchange(jira: JiraStandIn, **changed: str) -> Any:
    given = {"grant_type": "authorization_code", "code": answered(jira)["code"][0], "code_verifier": VERIFIER}
    return token(jira, **{**given, "redirect_uri": REDIRECT, **changed})


def whoami(jira: JiraStandIn, bearer: str, prefix: str = f"/ex/jira/{CLOUD_ID}") -> tuple[int, str]:
    path = f"{prefix}/rest/api/3/myself" if jira.cloud else "/rest/api/2/myself"
    answer = requests.get(jira.url + path, headers={"Authorization": f"Bearer {bearer}"}, timeout=5)
    return answer.status_code, answer.json().get("displayName", "")


def test_yes_brings_a_code_and_the_state_back_and_no_brings_the_word_for_it(jira: JiraStandIn) -> None:
    assert answered(jira).keys() == {"code", "state"}
    assert answered(jira, allow=False) == {"error": ["access_denied"], "state": ["s t"]}


def test_a_person_at_a_browser_chooses_who_they_are(jira: JiraStandIn) -> None:
    page = requests.get(address(jira), timeout=5)
    assert (page.status_code, "Ada Lovelace" in page.text, "answer=deny" in page.text) == (200, True, True)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": ""}, "invalid_scope"),
        ({"scope": "everything"}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
    ],
)
def test_a_wrong_request_comes_back_with_an_error(jira: JiraStandIn, changed: dict[str, str], error: str) -> None:
    assert answered(jira, address(jira, **changed)) == {"error": [error], "state": ["s t"]}


@pytest.mark.parametrize("changed", [{"client_id": "other"}, {"redirect_uri": "https://evil.example/"}])
def test_an_app_or_an_address_that_is_not_registered_leads_nowhere(jira: JiraStandIn, changed: dict[str, str]) -> None:
    assert requests.get(address(jira, **changed), allow_redirects=False, timeout=5).status_code == 400


def test_a_token_acts_as_the_person_for_its_time_at_its_own_door(jira: JiraStandIn) -> None:
    now = jira.now()
    access = exchange(jira).json()["access_token"]
    assert whoami(jira, access) == (200, "Ada Lovelace")
    if jira.cloud:
        assert [whoami(jira, access, prefix)[0] for prefix in ("", "/ex/jira/another")] == [401, 401]
    jira.now = lambda: now + jira.oauth.seconds + 1
    assert whoami(jira, access)[0] == 401


def test_a_code_is_good_once_and_a_second_time_ends_what_it_gave(jira: JiraStandIn) -> None:
    first = exchange(jira)
    code = jira.oauth.grants[0].code
    again = exchange(jira, code=code)
    assert (again.status_code, again.json()["error"]) == (403 if jira.cloud else 400, "invalid_grant")
    assert whoami(jira, first.json()["access_token"])[0] == 401


def test_a_refresh_token_is_good_once_and_a_second_time_ends_what_came_of_it(jira: JiraStandIn) -> None:
    first = exchange(jira).json()
    second = token(jira, grant_type="refresh_token", refresh_token=first["refresh_token"]).json()
    assert [whoami(jira, each["access_token"])[0] for each in (first, second)] == [401, 200]
    again = token(jira, grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert (again.status_code, again.json()["error"]) == (403 if jira.cloud else 400, "invalid_grant")
    assert whoami(jira, second["access_token"])[0] == 401
    newest = token(jira, grant_type="refresh_token", refresh_token=second["refresh_token"])
    assert newest.json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changed", "status", "error"),
    [
        ({"code_verifier": "x" * 43}, 400, "invalid_grant"),
        ({"code_verifier": ""}, 400, "invalid_grant"),
        ({"redirect_uri": "https://evil.example/"}, 400, "invalid_grant"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"client_secret": "wrong"}, 401, ""),
    ],
)
def test_a_wrong_exchange_is_refused(jira: JiraStandIn, changed: dict[str, str], status: int, error: str) -> None:
    answer = exchange(jira, **changed)
    assert answer.status_code == status
    assert answer.json()["error"] == (error or ("access_denied" if jira.cloud else "invalid_client"))


def test_what_a_person_may_not_do_their_token_may_not_do_and_connects_own_may(jira: JiraStandIn) -> None:
    key = jira.create("OPS", "Bug", "Door stuck")
    access = exchange(jira).json()["access_token"]
    jira.denied_to = {"Ada Lovelace": {"DELETE_ISSUES"}}
    base = f"{jira.url}/ex/jira/{CLOUD_ID}/rest/api/3" if jira.cloud else f"{jira.url}/rest/api/2"
    gone = requests.delete(f"{base}/issue/{key}", headers={"Authorization": f"Bearer {access}"}, timeout=5)
    assert (gone.status_code, jira.denied) == (403, set())


def test_only_cloud_has_a_list_of_sites_and_a_way_to_revoke(jira: JiraStandIn) -> None:
    granted = exchange(jira).json()
    bearer = {"Authorization": f"Bearer {granted['access_token']}"}
    listed = requests.get(f"{jira.url}/oauth/token/accessible-resources", headers=bearer, timeout=5)
    revoked = requests.post(f"{jira.url}/oauth/revoke", json={**APP, "token": granted["refresh_token"]}, timeout=5)
    if not jira.cloud:
        assert (listed.status_code, revoked.status_code) == (404, 401)
        return
    assert [(site["id"], site["url"], site["scopes"]) for site in listed.json()] == [
        (CLOUD_ID, jira.url, ["read:jira-work"])
    ]
    assert (revoked.status_code, whoami(jira, granted["access_token"])[0]) == (200, 401)
