"""The log: no secret, and no line that foreign text made."""

import logging
from collections.abc import Callable, Iterator

import pytest

from bot import logs

SECRETS = [
    "xoxb-1234-abcDEF", "xoxp-1-2-3", "xoxe-1-abc", "xapp-1-A01-abc", "ghp_abcdefABCDEF0123", "ghs_abc",
    "github_pat_11ABC_def", "ATATT3xFfGF0abc-_=", "eyJhbGciOi.J9", "geheim", "T000/B000/XXXX",
]  # fmt: skip


@pytest.fixture
def log() -> Iterator[Callable[[], logging.Logger]]:
    """Sets logging up as the process does, within the test, whose standard error is another than the fixture's."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level

    def configured() -> logging.Logger:
        logs.configure("INFO")
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
    log: Callable[[], logging.Logger], capsys: pytest.CaptureFixture[str]
) -> None:
    log().info("said: %s", "hello\r\n2026-01-01 00:00:00 ERROR connect forged")
    lines = capsys.readouterr().err.splitlines()
    assert [line.startswith("    ") for line in lines] == [False, True]


def test_secrets_in_tracebacks_are_taken_out(
    log: Callable[[], logging.Logger], capsys: pytest.CaptureFixture[str]
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
    log: Callable[[], logging.Logger], capsys: pytest.CaptureFixture[str]
) -> None:
    log()
    for name in ("slack_bolt.App", "slack_sdk.web", "connect.bolt", "urllib3.connectionpool", "werkzeug"):
        logging.getLogger(name).info("the whole body")
    assert capsys.readouterr().err == ""
