"""The log: no secret, no line that foreign text made, the ids on every line, and no harm to who logs."""

import json
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from bot import logs

SECRETS = [
    "xoxb-1234-abcDEF", "xoxp-1-2-3", "xoxe-1-abc", "xapp-1-A01-abc", "ghp_abcdefABCDEF0123", "ghs_abc",
    "github_pat_11ABC_def", "ATATT3xFfGF0abc-_=", "eyJhbGciOi.J9", "geheim", "T000/B000/XXXX",
]  # fmt: skip


@pytest.fixture
def log() -> Iterator[Callable[..., logging.Logger]]:
    """Sets logging up as the process does, within the test, whose standard error is another than the fixture's."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level

    def configured(style: str = "console") -> logging.Logger:
        logs.configure("INFO", style)
        return logging.getLogger("connect.test")

    yield configured
    root.handlers[:] = before
    root.setLevel(level)


@pytest.mark.parametrize(
    "text",
    [
        *(f"token {secret} was refused" for secret in SECRETS[:8]),
        "Authorization: Bearer eyJhbGciOi.J9",
        "mysql+pymysql://connect:geheim@db:3306/connect",
        "POST https://hooks.slack.com/services/T000/B000/XXXX",
    ],
)
def test_everything_that_looks_like_a_secret_is_taken_out(text: str) -> None:
    found = logs.redact(text)
    assert "[redacted]" in found
    assert [secret for secret in SECRETS if secret in found] == []


@pytest.mark.parametrize("text", ["https://github.com/acme/web", "at 12:30@noon", "OPS-7 moved", "http://host:80/a@b"])
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert logs.redact(text) == text


def test_a_line_end_in_foreign_text_makes_no_new_entry(
    log: Callable[..., logging.Logger], capsys: pytest.CaptureFixture[str]
) -> None:
    log().info("said: %s", "hello\r\n2026-01-01 00:00:00 ERROR connect forged")
    lines = capsys.readouterr().err.splitlines()
    assert [line.startswith("    ") for line in lines] == [False, True]


def test_secrets_in_tracebacks_are_taken_out(
    log: Callable[..., logging.Logger], capsys: pytest.CaptureFixture[str]
) -> None:
    logger = log()
    try:
        raise ValueError("xoxb-1234-abcDEF")
    except ValueError:
        logger.exception("it broke with %s", "ghp_abcdefABCDEF0123")
    said = capsys.readouterr().err
    assert ("xoxb" in said, "ghp_" in said) == (False, False)
    assert "ValueError" in said


def test_libraries_that_write_whole_bodies_are_kept_quiet(
    log: Callable[..., logging.Logger], capsys: pytest.CaptureFixture[str]
) -> None:
    log()
    for name in ("slack_bolt.App", "slack_sdk.web", "connect.bolt", "urllib3.connectionpool", "werkzeug"):
        logging.getLogger(name).info("the whole body")
    assert capsys.readouterr().err == ""


# --- secrets by name ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GET /x?token=s3cret&page=2", "GET /x?token=[redacted]&page=2"),
        ('{"password": "s3cret\\" still", "user": "ada"}', '{"password": "[redacted]", "user": "ada"}'),
        ("{'client_secret': 's3cret'}", "{'client_secret': '[redacted]'}"),
        (r'{"text": "{\"api_key\": \"s3cret\"}"}', r'{"text": "{\"api_key\": \"[redacted]\"}"}'),
        ("SLACK_SIGNING_SECRET=s3cret rest", "SLACK_SIGNING_SECRET=[redacted] rest"),
        ("signing_secret => s3cret", "signing_secret => [redacted]"),
        ("authorization: Token s3cret and more\nnext: line", "authorization: [redacted]\nnext: line"),
        ("('Authorization', 'ApiKey s3cret')", "('Authorization', '[redacted]')"),
        ("(b'cookie', b'd=s3cret')", "(b'cookie', b'[redacted]')"),
        ("Set-Cookie: d=s3cret; Path=/", "Set-Cookie: [redacted]"),
        ("X-Hub-Signature-256: sha256=" + "ab" * 32, "X-Hub-Signature-256: [redacted]"),
        ("X-Hub-Signature: s3cret", "X-Hub-Signature: [redacted]"),
        ("X-Slack-Signature: v0=s3cret", "X-Slack-Signature: [redacted]"),
        ("'private_key': 's3cret'", "'private_key': '[redacted]'"),
        ("mysql+pymysql://connect:s3cret@twice@db:3306/connect", "mysql+pymysql://[redacted]@db:3306/connect"),
        ("https://s3cret@github.com/acme/web", "https://[redacted]@github.com/acme/web"),
        ("GET /oauth/jira/start?ticket=s3cret-s3cret-s3cret_1 HTTP/1.1",
         "GET /oauth/jira/start?ticket=[redacted] HTTP/1.1"),
        ("GET /oauth/jira/callback?code=s3cret.s3cret-s3cret~1&state=s3cret%2Es3cret_s3cret",
         "GET /oauth/jira/callback?code=[redacted]&state=[redacted]"),
        ("sealed: gAAAAABn" + "s3cret_-" * 12 + "==.", "sealed: [redacted]."),
        ("id ATOA" + "s3cret" * 4 + " was refused", "id [redacted] was refused"),
        ("Basic czNjcmV0OnMzY3JldA== was refused", "Basic [redacted] was refused"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIs3cret\n-----END RSA PRIVATE KEY----- end",
         "-----BEGIN RSA PRIVATE KEY-----[redacted] end"),
        (r'{"pem": "-----BEGIN PRIVATE KEY-----\nMIIs3cret", "a": 1}',
         '{"pem": "-----BEGIN PRIVATE KEY-----[redacted]", "a": 1}'),
    ],
)  # fmt: skip
def test_what_a_name_calls_a_secret_is_taken_out_and_nothing_else(text: str, shown: str) -> None:
    assert logs.redact(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "GITHUB_TOKEN is not set", "it wants another password", "a secret; a cookie", '{"token": null, "n": 1}',
        '{"url":"https://a.example","mail":"ada@example.com"}', "the tokenizer: greedy", '["token", "cookie"]',
        "-----BEGIN CERTIFICATE-----", "https://shop.example/?code=SPRING&state=open",
    ],
)  # fmt: skip
def test_text_that_only_speaks_of_secrets_stays_as_it_is(text: str) -> None:
    assert logs.redact(text) == text


def test_json_stays_json_when_its_secrets_are_taken_out() -> None:
    given = {
        "token": "a\\", "secrets": ["x"], "n": {"api_key": 'q"uote', "cookie": None, "password": 17},
        "text": 'Bearer abc "authorization: Basic abcdefgh" password=\\"x\\" https://u:p@h',
        "inner": json.dumps({"token": "xoxb-1", "deep": json.dumps({"secret": 'a"b\\'})}),
    }  # fmt: skip
    shown = json.loads(logs.redact(json.dumps(given)))
    assert set(shown) == set(given)
    assert shown["token"] == "[redacted]"
    assert json.loads(shown["inner"])["token"] == "[redacted]"


@pytest.mark.parametrize(
    "unit",
    ["token", "token_", "secret'    ", "password=\"", "password=\\", "eyJ", "eyJa.", "://a:", "a@:", "authorization",
     "-----BEGIN PRIVATE KEY", "-----BEGIN PRIVATE KEY-----", "Basic ", "\x1b", "\u2028"],
)  # fmt: skip
@pytest.mark.parametrize("tail", ["", "a", " ", "\\", "-"])
def test_hostile_text_takes_time_in_proportion_to_its_length(unit: str, tail: str) -> None:
    size = 200_000
    text = unit + tail * size if tail else unit * (size // len(unit))
    begun = time.thread_time()
    logs.redact(text)
    # In CPU time: it takes a twentieth of a second, and would take most of a minute if it grew as a square.
    assert time.thread_time() - begun < 1


# --- forged lines ----------------------------------------------------------------------------------------------------

EVIL = "a\x1b[31m\x00\x07\x7f\x85\x9b1m\u2028\u2029\u202e\u2066\u200f\ufeff\ud800\rb\x0b\x0c"
SHOWN = (
    r"a\x1b[31m\x00\x07\x7f\x85\x9b1m\u2028\u2029\u202e\u2066\u200f\ufeff\ud800\rb\x0b\x0c"
)  # fmt: skip


@pytest.mark.parametrize("style", ["console", "json"])
def test_control_characters_are_shown_and_not_obeyed(
    log: Callable[..., logging.Logger], capsys: pytest.CaptureFixture[str], style: str
) -> None:
    log(style).info("said: %s", EVIL)
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert (said if style == "console" else json.loads(said)["message"]).strip().endswith(f"said: {SHOWN}")


def test_a_forged_entry_in_a_traceback_is_indented(
    log: Callable[..., logging.Logger], capsys: pytest.CaptureFixture[str]
) -> None:
    logger = log()
    try:
        raise ValueError("x\n2026-01-01 00:00:00,000 ERROR connect forged")
    except ValueError:
        logger.exception("it broke")
    lines = capsys.readouterr().err.splitlines()
    assert [line for line in lines[1:] if not line.startswith("    ")] == []


# --- ids -------------------------------------------------------------------------------------------------------------


def test_every_line_within_carries_the_ids_those_of_libraries_too(
    log: Callable[..., logging.Logger], capsys: pytest.CaptureFixture[str]
) -> None:
    logger = log()
    with logs.about(delivery=7):
        logger.info("one")
        with logs.about(integration=9):
            logging.getLogger("urllib3").warning("two")
        logger.info("three")
    logger.info("four")
    said = [" ".join(line.split()[2:]) for line in capsys.readouterr().err.splitlines()]
    assert said == [
        "INFO connect.test delivery=7 one", "WARNING urllib3 delivery=7 integration=9 two",
        "INFO connect.test delivery=7 three", "INFO connect.test four",
    ]  # fmt: skip


def test_ids_end_with_an_exception_and_do_not_reach_other_threads(
    log: Callable[..., logging.Logger], capsys: pytest.CaptureFixture[str]
) -> None:
    logger = log()

    def elsewhere() -> None:
        thread = threading.Thread(target=logger.info, args=("elsewhere",))
        thread.start()
        thread.join()
        raise ValueError("x")

    with pytest.raises(ValueError, match="x"), logs.about(delivery=7):
        elsewhere()
    logger.info("after")
    assert "delivery" not in capsys.readouterr().err


# --- json ------------------------------------------------------------------------------------------------------------


def test_json_is_one_object_a_line_with_the_ids_and_the_exception(
    log: Callable[..., logging.Logger], capsys: pytest.CaptureFixture[str]
) -> None:
    logger = log("json")
    try:
        raise ValueError("first\nxoxb-1234-abcDEF")
    except ValueError:
        with logs.about(delivery=7, integration="ü", message="forged"):
            logger.exception('it "broke"\nwith %s', "token=s3cret")
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    entry: dict[str, Any] = json.loads(lines[0])
    assert list(entry) == ["time", "level", "logger", "message", "delivery", "integration", "exception"]
    assert datetime.fromisoformat(entry["time"]).utcoffset() is not None
    assert (entry["level"], entry["logger"], entry["delivery"], entry["integration"]) == (
        "ERROR", "connect.test", 7, "ü",
    )  # fmt: skip
    assert entry["message"] == 'it "broke"\nwith token=[redacted]'
    assert entry["exception"].startswith("Traceback (most recent call last):\n")
    assert entry["exception"].endswith("ValueError: first\n[redacted]")


# --- logging never hurts ---------------------------------------------------------------------------------------------


class Broken:
    def __str__(self) -> str:
        raise RuntimeError("xoxb-1234-abcDEF")


@pytest.mark.parametrize("style", ["console", "json"])
@pytest.mark.parametrize("arguments", [("%s %s", 1), ("%d", "x"), ("%s", Broken())])
def test_an_entry_that_cannot_be_made_is_named_and_raises_nothing(
    log: Callable[..., logging.Logger], capsys: pytest.CaptureFixture[str], style: str, arguments: tuple[Any, ...]
) -> None:
    log(style).info(*arguments)
    said = capsys.readouterr().err
    assert "An entry of test_logs, line" in said
    assert (said.count("\n"), "xoxb" in said) == (1, False)


LOUD = """
import logging, sys, os
from bot import logs
{before}
logs.configure("INFO", "{style}")
{after}
with logs.about(delivery=7):
    for number in range(2000):
        logging.getLogger("connect").error("a line that nobody will read: %s", number)
    logging.getLogger("connect").error("%s %s", 1)
print("still here")
"""
FATES = [("", ""), ("", "os.close(2)"), ("", "sys.stderr.close()"), ("sys.stderr = None", "")]


@pytest.mark.parametrize("style", ["console", "json"])
@pytest.mark.parametrize(("before", "after"), FATES)
def test_a_full_disk_or_a_closed_stream_stops_nobody(before: str, after: str, style: str) -> None:
    script = LOUD.format(before=before, after=after, style=style)
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123
        ended = subprocess.run(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=full, text=True, timeout=30, check=False
        )
    assert (ended.returncode, ended.stdout) == (0, "still here\n")
