"""Every real body we have is read, and written where it can be."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from adapters.github.markup import read_markdown, write_markdown
from adapters.jira.markup import read_adf, read_body, read_wiki, write_adf, write_wiki
from adapters.slack.markup import read_message, read_rich_text, write_mrkdwn, write_rich_text

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"


def test_every_real_body_is_read_and_written() -> None:
    if not CORPUS.exists():
        pytest.skip("The corpus of real payloads is not on this machine.")
    seen = 0
    for service in ("jira", "github"):
        for path in sorted((CORPUS / service).rglob("*.json")):
            for body in _bodies(json.loads(path.read_text())):
                document = read_markdown(cast("str", body)) if service == "github" else read_body(body)
                assert body in ("", None) or document.blocks or not str(body).strip()
                write_mrkdwn(document, 3000)
                assert read_adf(write_adf(document)).blocks is not None
                read_wiki(write_wiki(document))
                read_markdown(write_markdown(document))
                seen += 1
    assert seen > 100


def _bodies(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        node = cast("dict[str, Any]", value)
        for key, inner in node.items():
            if key in ("body", "description") and (isinstance(inner, str) or _is_adf(inner)):
                yield inner
            else:
                yield from _bodies(inner)
    elif isinstance(value, list):
        for inner in cast("list[object]", value):
            yield from _bodies(inner)


def _is_adf(value: object) -> bool:
    return isinstance(value, dict) and cast("dict[str, object]", value).get("type") == "doc"


def test_every_real_slack_message_is_read() -> None:
    if not CORPUS.exists():
        pytest.skip("The corpus of real payloads is not on this machine.")
    for path in sorted((CORPUS / "slack" / "events").rglob("*.json")):
        event = json.loads(path.read_text()).get("event", {})
        document = read_message(event)
        assert read_rich_text(write_rich_text(document)).blocks is not None
