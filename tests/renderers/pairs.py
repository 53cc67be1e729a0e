"""The renderers' fixture pairs: `EVENT.json` or `EVENT--VARIANT.json`, a payload, and the whole news expected of it.

What stands behind GitHub's name of an event is for people: the action is the payload's own.

`python -m tests.renderers.pairs` writes every expected file anew; read the difference before you commit it.
"""

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal, cast

from adapters.jira.issue import Site
from bot.message import Message
from bot.renderers.news import News
from bot.renderers.registry import render_github, render_jira
from sandbox.blocks import problems

type Payload = dict[str, Any]
type Service = Literal["github", "jira"]

FIXTURES = Path(__file__).parents[1] / "fixtures"
CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
SITE = Site("https://octo.atlassian.net")
TEXT_LIMIT = 40_000
"""https://docs.slack.dev/reference/methods/chat.postMessage: a longer text is cut."""

# What may stand between angle brackets in a message: a link that a renderer made, never a mention.
LINK = re.compile(r"<(?:https?://|mailto:)[^\s<>|]+(?:\|[^<>|\n]*)?>")


def names(service: Service) -> list[str]:
    """The names of the service's fixture pairs."""
    found = (path.name.removesuffix(".json") for path in (FIXTURES / service).glob("*.json"))
    return sorted(name for name in found if not name.endswith(".news"))


def payload(service: Service, name: str) -> Payload:
    """The payload of a pair."""
    return read(FIXTURES / service / f"{name}.json")


def expected(service: Service, name: str) -> object:
    """The news of a pair, as JSON; None where there is none to be."""
    return read(FIXTURES / service / f"{name}.news.json")


def event(service: Service, name: str) -> str:
    """The event that a pair stands for."""
    given = payload(service, name)
    if service == "jira":
        return str(given["webhookEvent"])
    kind, action = name.partition("--")[0].partition(".")[0], given.get("action")
    return f"{kind}.{action}" if action else kind


def render(service: Service, event: str, payload: Payload) -> News | None:
    """What the registry says about an event."""
    return render_github(event, payload) if service == "github" else render_jira(event, payload, SITE)


def rendered(service: Service, name: str) -> News | None:
    """What the registry says about the payload of a pair."""
    return render(service, event(service, name), payload(service, name))


def as_json(news: News | None) -> object:
    """The whole news as JSON; a label where there is one, since few events have any."""
    if news is None:
        return None
    plain = asdict(news)
    plain["topics"] = sorted(news.topics)
    for name, value in plain["facts"].items():
        if isinstance(value, frozenset):
            plain["facts"][name] = sorted(cast("frozenset[str]", value))
    if not news.label:
        del plain["label"]
    return plain | {"beside": as_json(news.beside), "attached": list(plain["attached"])}


def read(path: Path) -> Any:
    """A JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


def shown(news: News | None) -> list[str]:
    """Every text in the messages of the news."""
    said = messages(news)
    return [text for message in said for text in (message.text, *_texts(message.blocks))]


def objections(news: News | None) -> list[str]:
    """Why Slack or a database would refuse this news, or what in it could come alive; empty if all is well."""
    if news is None:
        return []
    said = messages(news)
    found = [problem for message in said for problem in problems(message.blocks, "message")]
    found += [f"a text of {len(it.text)} characters" for it in said if not 0 < len(it.text) <= TEXT_LIMIT]
    for text in shown(news):
        rest = LINK.sub("", text)
        if "<" in rest or ">" in re.sub(r"^>", "", rest, flags=re.MULTILINE):
            found.append(f"live markup in {text[:200]}")
    try:
        json.dumps(as_json(news), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        found.append("a lone surrogate")
    return found


def messages(news: News | None) -> list[Message]:
    """Every message of the news."""
    if news is None:
        return []
    said = [message for message in (news.card, news.line, news.brief) if message]
    return [*said, *([Message(news.headline)] if news.headline else []), *messages(news.beside)]


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(cast("Payload", value).values())
    return (
        [text for member in cast("list[object]", value) for text in _texts(member)] if isinstance(value, list) else []
    )


def _write_all() -> None:
    services: tuple[Service, ...] = ("github", "jira")
    for service in services:
        for name in names(service):
            told = json.dumps(as_json(rendered(service, name)), indent=2, ensure_ascii=False)
            (FIXTURES / service / f"{name}.news.json").write_text(told + "\n", encoding="utf-8")


if __name__ == "__main__":
    _write_all()
