"""The settings: the only reader of the environment (and of `.env`), which names every wrong or missing key at once."""

import json
import re
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.vault import is_key


class WrongSettings(Exception):
    """At least one setting cannot be used; `str()` names each, one to a line, with what would be right."""


def _http(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError("must begin with https:// (or http:// for a sandbox on this machine)")
    return url.rstrip("/")


def _database(url: str) -> str:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise ValueError("is not a database URL; for example sqlite:///./connect.db") from error
    if parsed.drivername not in ("sqlite", "mysql+pymysql", "mariadb+pymysql"):
        raise ValueError("must begin with sqlite:/// or mysql+pymysql://")
    if parsed.database in (None, "", ":memory:"):
        raise ValueError("must name a file or a database: what is kept in memory is lost")
    return url


def _private_key(key: SecretStr) -> SecretStr:
    # A PEM has lines, and a variable often holds one only: `\n` stands for their ends then.
    text = key.get_secret_value().replace("\\n", "\n").strip()
    if text and not (text.startswith("-----BEGIN ") and text.endswith(" PRIVATE KEY-----")):
        raise ValueError("must be a private key in PEM, from -----BEGIN to PRIVATE KEY-----; \\n may end its lines")
    return SecretStr(f"{text}\n" if text else "")


def _encryption_keys(keys: SecretStr) -> SecretStr:
    if not all(is_key(word) for word in words(keys)):
        raise ValueError("must be a key that `python app.py tokens key` made, or several with commas")
    return keys


def _projects(keys: str) -> str:
    named = [key.strip().upper() for key in keys.split(",") if key.strip()]
    if not all(re.fullmatch("(?:[A-Z][A-Z0-9-]{0,19}/)?[A-Z][A-Z0-9_]+", key) for key in named):
        raise ValueError("must be keys of projects, separated by commas, such as OPS,WEB")
    return ",".join(named)


def _repositories(names: str) -> str:
    named = [name.strip() for name in names.split(",") if name.strip()]
    if not all(re.fullmatch(r"[A-Za-z0-9_-]+/[A-Za-z0-9_.*-]+", name) for name in named):
        raise ValueError("must be repositories, separated by commas, such as acme/web,acme/docs-*")
    return ",".join(named)


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _not_empty(secret: SecretStr) -> SecretStr:
    if not words(secret):
        raise ValueError("must not be empty")
    return secret


def _json(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise ValueError('must be JSON: {"eu": {"base_url": "https://…", "email": "…", "api_token": "…"}}') from None


HttpUrl = Annotated[str, AfterValidator(_http)]
Seconds = Annotated[float, Field(gt=0, le=86400)]
NO_SECRET = SecretStr("")


class JiraSite(BaseModel):
    """One more Jira, as `JIRA_SITES` gives it; `projects` are the keys of those that people mean without naming it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: HttpUrl
    email: str = ""
    api_token: Annotated[SecretStr, AfterValidator(_not_empty)]
    webhook_secret: SecretStr = NO_SECRET
    projects: tuple[Annotated[str, Field(pattern="^[A-Z][A-Z0-9_]+$")], ...] = ()


SiteName = Annotated[str, Field(pattern="^[a-z][a-z0-9-]{0,19}$")]


class Settings(BaseSettings):
    """Every setting, under the name of its variable in lower case."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    connect_host: str = "0.0.0.0"  # noqa: S104 - a service is there to be reached; the REST API has its own guard
    connect_port: Annotated[int, Field(ge=0, le=65535)] = 5001
    connect_debug: bool = False
    connect_log_level: Annotated[str, BeforeValidator(_upper), Field(pattern="^(DEBUG|INFO|WARNING|ERROR)$")] = "INFO"
    connect_log_format: Annotated[str, BeforeValidator(_lower), Field(pattern="^(console|json)$")] = "console"
    database_url: Annotated[str, AfterValidator(_database), Field(repr=False)] = "sqlite:///./connect.db"
    slack_bot_token: SecretStr = NO_SECRET
    slack_signing_secret: SecretStr = NO_SECRET
    slack_api_url: HttpUrl = "https://slack.com/api"
    slack_work_objects: bool = False
    jira_base_url: HttpUrl | None = None
    jira_email: str = ""
    jira_api_token: SecretStr = NO_SECRET
    jira_webhook_secret: SecretStr = NO_SECRET
    jira_sites: Annotated[dict[SiteName, JiraSite], NoDecode, BeforeValidator(_json)] = {}
    jira_default_project: str = ""
    jira_default_issue_type: str = "Task"
    jira_oauth_client_id: str = ""
    jira_oauth_client_secret: SecretStr = NO_SECRET
    jira_oauth_auth_url: HttpUrl = "https://auth.atlassian.com"
    jira_oauth_api_url: HttpUrl = "https://api.atlassian.com"
    jira_preview_projects: Annotated[str, AfterValidator(_projects)] = ""
    jira_workflow_projects: Annotated[str, AfterValidator(_projects)] = ""
    jira_without_account: Annotated[str, BeforeValidator(_lower), Field(pattern="^(allow|refuse)$")] = "allow"
    github_token: SecretStr = NO_SECRET
    github_api_url: HttpUrl = "https://api.github.com"
    github_webhook_secret: SecretStr = NO_SECRET
    github_app_id: Annotated[str, Field(pattern="^[0-9]*$")] = ""
    github_app_private_key: Annotated[SecretStr, AfterValidator(_private_key)] = NO_SECRET
    github_oauth_client_id: Annotated[str, Field(pattern="^[A-Za-z0-9._-]*$")] = ""
    github_workflow_repositories: Annotated[str, AfterValidator(_repositories)] = ""
    github_without_account: Annotated[str, BeforeValidator(_lower), Field(pattern="^(allow|refuse)$")] = "allow"
    github_preview_repositories: Annotated[str, AfterValidator(_repositories)] = ""
    connect_api_key: SecretStr = NO_SECRET
    connect_public_url: HttpUrl | None = None
    connect_encryption_key: Annotated[SecretStr, AfterValidator(_encryption_keys)] = NO_SECRET
    connect_private_mark: Annotated[str, Field(max_length=20)] = "//"
    connect_workers: Annotated[int, Field(ge=0, le=64)] = 4
    connect_http_timeout: Seconds = 10.0
    connect_lease_seconds: Seconds = 60.0
    connect_settle_seconds: Seconds = 30.0
    connect_retry_base_seconds: Seconds = 2.0
    connect_retry_max_seconds: Seconds = 300.0
    connect_max_attempts: Annotated[int, Field(ge=1, le=100)] = 12
    connect_ticket_reaction: Annotated[str, Field(pattern=r"^[a-z0-9_+'-]+$")] = "ticket"
    connect_max_file_mb: Annotated[int, Field(ge=0, le=1024)] = 50
    connect_keep_bodies_days: Annotated[int, Field(ge=1, le=36500)] = 7
    connect_keep_days: Annotated[int, Field(ge=30, le=36500)] = 90

    @model_validator(mode="after")
    def _timeout_within_lease(self) -> "Settings":
        if self.connect_http_timeout >= self.connect_lease_seconds:
            raise ValueError(
                "CONNECT_HTTP_TIMEOUT must be below CONNECT_LEASE_SECONDS: a call that outlives its lease is made twice"
            )
        return self

    @model_validator(mode="after")
    def _bodies_within_rows(self) -> "Settings":
        if self.connect_keep_bodies_days > self.connect_keep_days:
            raise ValueError("CONNECT_KEEP_BODIES_DAYS must not be above CONNECT_KEEP_DAYS: a body goes with its row")
        return self

    @model_validator(mode="after")
    def _signing_in_whole(self) -> "Settings":
        if self.github_oauth_client_id and not words(self.connect_encryption_key):
            raise ValueError("For people to link their GitHub accounts, CONNECT_ENCRYPTION_KEY must be set as well")
        return self

    @model_validator(mode="after")
    def _linking_whole(self) -> "Settings":
        absent = missing(self, LINKING)
        if absent and (self.jira_oauth_client_id or words(self.jira_oauth_client_secret)):
            raise ValueError(f"For people to link their Jira accounts, {_listed(absent)} must be set as well")
        return self


# What each service cannot do without, and what its webhooks need besides.
NEEDED = {
    "slack": ("slack_bot_token", "slack_signing_secret"),
    "jira": ("jira_base_url", "jira_api_token"),
    "github": ("github_token",),
}
AS_APP = ("github_app_id", "github_app_private_key")
"""What takes the place of GITHUB_TOKEN: connect is a GitHub App then."""
LINKING = ("jira_oauth_client_id", "jira_oauth_client_secret", "connect_public_url", "connect_encryption_key")
"""What it takes for people to act by their own Jira accounts: all of these, or neither id nor secret."""
SIGNING_IN = ("github_oauth_client_id", "connect_encryption_key")
"""What it takes for people to act by their own GitHub accounts."""
WEBHOOK_SECRETS = {"jira": "jira_webhook_secret", "github": "github_webhook_secret"}


def load(env_file: str | None = ".env") -> Settings:
    """Read the environment and `.env`; raises `WrongSettings` that names everything wrong at once."""
    try:
        return Settings(_env_file=env_file)  # pyright: ignore[reportCallIssue]
    except ValidationError as error:
        raise WrongSettings("\n".join(_complaint(problem) for problem in error.errors())) from None


def _complaint(problem: Any) -> str:
    # Never the value itself: it may be a secret in the wrong place.
    name, *within = [str(part) for part in problem["loc"]] or [""]
    place = ".".join([name.upper(), *within])
    sentence = str(problem["msg"]).removeprefix("Value error, ")
    return f"{place}: {sentence}" if place else sentence


def words(secret: SecretStr) -> tuple[str, ...]:
    """The values of a comma list; a secret being rotated has two, and the first is the one to send."""
    return tuple(word for word in (part.strip() for part in secret.get_secret_value().split(",")) if word)


def missing(settings: Settings, names: Iterable[str]) -> list[str]:
    """The variables among `names` that are not set."""
    return [name.upper() for name in names if not _given(getattr(settings, name))]


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _given(value: object) -> bool:
    return bool(words(value)) if isinstance(value, SecretStr) else bool(value)


def needed(settings: Settings, service: str) -> tuple[str, ...]:
    """What a service cannot do without; GitHub takes a token, or the id and key of a GitHub App."""
    return AS_APP if service == "github" and is_app(settings) else NEEDED[service]


def is_app(settings: Settings) -> bool:
    """Whether connect works on GitHub as a GitHub App."""
    return not missing(settings, AS_APP) and bool(missing(settings, NEEDED["github"]))


def service_state(settings: Settings, service: str) -> str:
    """`on`, or `off: …` with the variable that turns it on, as `/health` and the start-up screen say it."""
    absent = missing(settings, needed(settings, service))
    if absent:
        return f"off: {absent[0]} is not set"
    secret = WEBHOOK_SECRETS.get(service)
    if secret and missing(settings, [secret]):
        return f"on, but its webhooks are refused: {secret.upper()} is not set"
    return f"on, as GitHub App {settings.github_app_id}" if service == "github" and is_app(settings) else "on"


def is_whole(state: str) -> bool:
    """Whether a service's state leaves nothing to be done."""
    return state.startswith("on") and "but" not in state


def linking_state(settings: Settings, service: str = "jira") -> str:
    """`on`, or `off: …` with the variable that lets people act by their own accounts in Jira or on GitHub."""
    more = LINKING if service == "jira" else SIGNING_IN
    absent = missing(settings, (*needed(settings, service), *more))
    return f"off: {absent[0]} is not set" if absent else "on"


def door_closed(settings: Settings, service: str) -> str:
    """Why a service's door cannot take requests (empty: it can)."""
    secret = [WEBHOOK_SECRETS[service]] if service in WEBHOOK_SECRETS else []
    absent = missing(settings, (*needed(settings, service), *secret))
    return f"{service} is off: {absent[0]} is not set" if absent else ""
