"""Settings: every wrong one is named at once, none is shown that must not be, and a service that lacks one is off."""

import json
from pathlib import Path

import pytest

from bot.setting_texts import DESCRIPTIONS
from bot.settings import (
    NEEDED,
    Settings,
    WrongSettings,
    door_closed,
    linking_state,
    load,
    missing,
    service_state,
    words,
)

SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-geheim-1", "SLACK_SIGNING_SECRET": "geheim-2", "JIRA_API_TOKEN": "geheim-3",
    "JIRA_WEBHOOK_SECRET": "geheim-4", "GITHUB_TOKEN": "geheim-5", "GITHUB_WEBHOOK_SECRET": "geheim-6",
    "CONNECT_API_KEY": "geheim-7", "DATABASE_URL": "mysql+pymysql://connect:geheim-8@db:3306/connect",
}  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in DESCRIPTIONS:
        monkeypatch.delenv(name, raising=False)


def wrong(monkeypatch: pytest.MonkeyPatch, **variables: str) -> list[str]:
    """The complaints about these variables, by line."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(WrongSettings) as refused:
        load(None)
    assert refused.value.__suppress_context__
    return sorted(str(refused.value).splitlines())


def given(**values: str) -> Settings:
    return Settings.model_validate({name.lower(): value for name, value in values.items()})


# --- reading ---------------------------------------------------------------------------------------------------------


def test_nothing_has_to_be_set() -> None:
    settings = load(None)
    assert (settings.connect_port, settings.database_url, settings.connect_workers) == (
        5001,
        "sqlite:///./connect.db",
        4,
    )
    assert [service_state(settings, service) for service in NEEDED] == [
        "off: SLACK_BOT_TOKEN is not set", "off: JIRA_BASE_URL is not set", "off: GITHUB_TOKEN is not set",
    ]  # fmt: skip


def test_every_setting_has_a_description_and_no_other() -> None:
    assert [name.lower() for name in DESCRIPTIONS] == list(Settings.model_fields)


def test_an_empty_string_is_the_same_as_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in DESCRIPTIONS:
        monkeypatch.setenv(name, "")
    assert load(None) == Settings.model_validate({})


def test_the_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CONNECT_PORT=7000\nCONNECT_WORKERS=2\nUNKNOWN=1\n")
    monkeypatch.setenv("CONNECT_PORT", "7001")
    settings = load(str(tmp_path / ".env"))
    assert (settings.connect_port, settings.connect_workers) == (7001, 2)


def test_addresses_lose_their_slash_and_levels_their_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIRA_BASE_URL", "https://acme.atlassian.net/")
    monkeypatch.setenv("CONNECT_LOG_LEVEL", "debug")
    settings = load(None)
    assert (settings.jira_base_url, settings.connect_log_level) == ("https://acme.atlassian.net", "DEBUG")


def test_seconds_may_have_decimals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONNECT_RETRY_BASE_SECONDS", "0.25")
    assert load(None).connect_retry_base_seconds == 0.25


# --- what is wrong ---------------------------------------------------------------------------------------------------


def test_every_wrong_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    complaints = wrong(
        monkeypatch, CONNECT_PORT="many", CONNECT_DEBUG="perhaps", CONNECT_LOG_LEVEL="loud", DATABASE_URL="postgres://x",
        JIRA_BASE_URL="acme.atlassian.net", CONNECT_WORKERS="-1", CONNECT_LEASE_SECONDS="0", CONNECT_MAX_ATTEMPTS="0",
        GITHUB_API_URL="ftp://github",
    )  # fmt: skip
    assert [line.partition(":")[0] for line in complaints] == [
        "CONNECT_DEBUG", "CONNECT_LEASE_SECONDS", "CONNECT_LOG_LEVEL", "CONNECT_MAX_ATTEMPTS", "CONNECT_PORT",
        "CONNECT_WORKERS", "DATABASE_URL", "GITHUB_API_URL", "JIRA_BASE_URL",
    ]  # fmt: skip
    assert "JIRA_BASE_URL: must begin with https:// (or http:// for a sandbox on this machine)" in complaints


@pytest.mark.parametrize(("timeout", "lease"), [("60", "60"), ("61", "60"), ("100", "")])
def test_a_call_may_not_outlive_its_lease(monkeypatch: pytest.MonkeyPatch, timeout: str, lease: str) -> None:
    (complaint,) = wrong(monkeypatch, CONNECT_HTTP_TIMEOUT=timeout, CONNECT_LEASE_SECONDS=lease)
    assert "CONNECT_HTTP_TIMEOUT must be below CONNECT_LEASE_SECONDS" in complaint


@pytest.mark.parametrize(
    "url",
    [
        "nonsense", "postgresql://user:geheim@db/connect", "mysql://user:geheim@db/connect",
        "mysql+pymysql://user:geheim@db:port/connect", "mysql+pymysql://db:geheim/connect", "sqlite://", "sqlite:///:memory:",
    ],
)  # fmt: skip
def test_a_database_that_cannot_keep_anything_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    (complaint,) = wrong(monkeypatch, DATABASE_URL=url)
    assert complaint.startswith("DATABASE_URL: ")
    assert "geheim" not in complaint


def test_a_secret_in_the_wrong_place_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    complaints = wrong(monkeypatch, **dict.fromkeys(("CONNECT_PORT", "JIRA_BASE_URL", "DATABASE_URL"), "xoxb-geheim"))
    assert (len(complaints), "geheim" in str(complaints)) == (3, False)


def test_secrets_are_in_no_picture_of_the_settings() -> None:
    settings = given(**SECRETS)
    assert "geheim" not in f"{settings!r} {settings}"
    assert settings.database_url == SECRETS["DATABASE_URL"]


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load(None).connect_port = 1


def test_a_body_is_kept_no_longer_than_its_row_and_a_row_for_thirty_days_at_least(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert wrong(monkeypatch, CONNECT_KEEP_BODIES_DAYS="31", CONNECT_KEEP_DAYS="30") == [
        "CONNECT_KEEP_BODIES_DAYS must not be above CONNECT_KEEP_DAYS: a body goes with its row"
    ]
    assert wrong(monkeypatch, CONNECT_KEEP_BODIES_DAYS="0", CONNECT_KEEP_DAYS="29") == [
        "CONNECT_KEEP_BODIES_DAYS: Input should be greater than or equal to 1",
        "CONNECT_KEEP_DAYS: Input should be greater than or equal to 30",
    ]
    kept = given(CONNECT_KEEP_BODIES_DAYS="30", CONNECT_KEEP_DAYS="30")
    assert (kept.connect_keep_bodies_days, kept.connect_keep_days) == (30, 30)


@pytest.mark.parametrize("written", ["{0}\n{1}\n{2}\n", r"{0}\n{1}\n{2}\n", r"{0}\n{1}\n{2}"])
def test_the_key_of_an_app_may_be_written_in_one_line(written: str) -> None:
    lines = ("-----BEGIN RSA PRIVATE KEY-----", "geheim", "-----END RSA PRIVATE KEY-----")
    settings = given(GITHUB_APP_PRIVATE_KEY=written.format(*lines))
    assert settings.github_app_private_key.get_secret_value() == "\n".join((*lines, ""))
    assert "geheim" not in f"{settings!r} {settings}"


def test_a_key_that_is_none_and_an_id_that_is_no_number_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    complaints = wrong(monkeypatch, GITHUB_APP_ID="Iv1.geheim", GITHUB_APP_PRIVATE_KEY="geheim")
    assert [line.partition(":")[0] for line in complaints] == ["GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY"]
    assert "geheim" not in str(complaints)


LINKING = {
    "JIRA_OAUTH_CLIENT_ID": "app", "JIRA_OAUTH_CLIENT_SECRET": "geheim", "CONNECT_PUBLIC_URL": "https://c.example.com/",
    "CONNECT_ENCRYPTION_KEY": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "absent"),
    [
        (["JIRA_OAUTH_CLIENT_ID"], "JIRA_OAUTH_CLIENT_SECRET, CONNECT_PUBLIC_URL and CONNECT_ENCRYPTION_KEY"),
        (["JIRA_OAUTH_CLIENT_SECRET", "CONNECT_PUBLIC_URL"], "JIRA_OAUTH_CLIENT_ID and CONNECT_ENCRYPTION_KEY"),
        (["JIRA_OAUTH_CLIENT_ID", "JIRA_OAUTH_CLIENT_SECRET", "CONNECT_PUBLIC_URL"], "CONNECT_ENCRYPTION_KEY"),
    ],
)
def test_what_it_takes_for_people_to_link_their_accounts_is_set_as_a_whole(
    monkeypatch: pytest.MonkeyPatch, given: list[str], absent: str
) -> None:
    assert wrong(monkeypatch, **{name: LINKING[name] for name in given}) == [
        f"For people to link their Jira accounts, {absent} must be set as well"
    ]


def test_whether_people_can_link_their_accounts_is_told() -> None:
    jira = {"JIRA_BASE_URL": "https://acme.atlassian.net", "JIRA_API_TOKEN": "geheim"}
    assert linking_state(given(**jira, **LINKING)) == "on"
    assert linking_state(given(**LINKING)) == "off: JIRA_BASE_URL is not set"
    alone = {name: LINKING[name] for name in ("CONNECT_PUBLIC_URL", "CONNECT_ENCRYPTION_KEY")}
    assert linking_state(given(**jira, **alone)) == "off: JIRA_OAUTH_CLIENT_ID is not set"
    assert "geheim" not in f"{given(**LINKING)!r}"


@pytest.mark.parametrize("keys", ["geheim", f"{LINKING['CONNECT_ENCRYPTION_KEY']}, geheim"])
def test_an_encryption_key_that_is_none_is_refused_without_showing_it(
    monkeypatch: pytest.MonkeyPatch, keys: str
) -> None:
    assert wrong(monkeypatch, CONNECT_ENCRYPTION_KEY=keys) == [
        "CONNECT_ENCRYPTION_KEY: must be a key that `python app.py tokens key` made, or several with commas"
    ]


# --- comma lists -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "found"),
    [("one", ("one",)), ("new, old", ("new", "old")), ("new,,old,", ("new", "old")), (" , ", ()), ("", ())],
)
def test_a_secret_may_be_a_comma_list(value: str, found: tuple[str, ...]) -> None:
    assert words(given(GITHUB_WEBHOOK_SECRET=value).github_webhook_secret) == found


def test_a_secret_of_commas_alone_is_not_set() -> None:
    settings = given(SLACK_BOT_TOKEN=" , ", SLACK_SIGNING_SECRET="s")
    assert missing(settings, NEEDED["slack"]) == ["SLACK_BOT_TOKEN"]


# --- what is off -----------------------------------------------------------------------------------------------------


def test_a_service_with_all_its_settings_is_on() -> None:
    settings = given(**SECRETS, JIRA_BASE_URL="https://acme.atlassian.net")
    assert [service_state(settings, service) for service in NEEDED] == ["on"] * 3
    assert [door_closed(settings, service) for service in NEEDED] == [""] * 3


@pytest.mark.parametrize(
    ("service", "absent", "state", "door"),
    [
        ("slack", "SLACK_SIGNING_SECRET", "off: SLACK_SIGNING_SECRET is not set",
         "slack is off: SLACK_SIGNING_SECRET is not set"),
        ("jira", "JIRA_API_TOKEN", "off: JIRA_API_TOKEN is not set", "jira is off: JIRA_API_TOKEN is not set"),
        ("jira", "JIRA_WEBHOOK_SECRET", "on, but its webhooks are refused: JIRA_WEBHOOK_SECRET is not set",
         "jira is off: JIRA_WEBHOOK_SECRET is not set"),
        ("github", "GITHUB_WEBHOOK_SECRET", "on, but its webhooks are refused: GITHUB_WEBHOOK_SECRET is not set",
         "github is off: GITHUB_WEBHOOK_SECRET is not set"),
    ],
)  # fmt: skip
def test_a_missing_setting_is_named_where_its_service_is_shown(
    service: str, absent: str, state: str, door: str
) -> None:
    settings = given(**(SECRETS | {"JIRA_BASE_URL": "https://acme.atlassian.net", absent: ""}))
    assert (service_state(settings, service), door_closed(settings, service)) == (state, door)


# --- several Jiras ---------------------------------------------------------------------------------------------------

EU = {"base_url": "https://eu.example.com/", "email": "mia@example.com", "api_token": "geheim-9"}


def test_more_jiras_are_named_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIRA_SITES", json.dumps({"eu": EU | {"projects": ["SHOP"]}}))
    site = load(None).jira_sites["eu"]
    assert (site.base_url, site.email, site.projects) == ("https://eu.example.com", "mia@example.com", ("SHOP",))
    assert "geheim" not in repr(load(None))


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ("geheim", 'JIRA_SITES: must be JSON: {"eu": {"base_url": "https://…", "email": "…", "api_token": "…"}}'),
        (json.dumps({"eu": EU | {"api_token": " ,"}}), "JIRA_SITES.eu.api_token: must not be empty"),
        (json.dumps({"eu": EU | {"token": "geheim-3"}}), "JIRA_SITES.eu.token: Extra inputs are not permitted"),
        (json.dumps({"EU!": EU}), "JIRA_SITES.EU!.[key]: String should match pattern '^[a-z][a-z0-9-]{0,19}$'"),
    ],
)
def test_what_is_wrong_with_a_jira_is_told_without_its_secret(
    monkeypatch: pytest.MonkeyPatch, value: str, complaint: str
) -> None:
    assert wrong(monkeypatch, JIRA_SITES=value) == [complaint]
