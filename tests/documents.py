"""What the documents say that the code knows better: the tables of GitHub's events, made from renderers and fixtures.

`python -m tests.documents` writes them into docs/events.md anew.
"""

import re
from pathlib import Path

from bot.renderers.news import News
from bot.renderers.registry import GITHUB, GITHUB_DEFAULTS, GITHUB_IGNORED, SOMETIMES
from tests.renderers import pairs

EVENTS = Path(__file__).parents[1] / "docs" / "events.md"
MESSAGES = 3
"""Of an event with several fixtures, how many of its messages are shown."""
SHOWN = 110


def github_events() -> str:
    """The table of what is told: event, feature, whether it is a default, and the messages of its fixtures."""
    rows = ["| GitHub event | Part of | Default | What you see |", "|---|---|---|---|"]
    for event in GITHUB:
        told = [
            pairs.rendered("github", name) for name in pairs.names("github") if pairs.event("github", name) == event
        ]
        found = [news for news in told if news]
        features = list(dict.fromkeys(news.feature for news in found))
        default = "yes" if set(features) <= set(GITHUB_DEFAULTS) else ""
        seen = "; ".join(list(dict.fromkeys(_seen(news) for news in found))[:MESSAGES])
        rows.append(f"| `{event}` | {', '.join(f'`{name}`' for name in features)} | {default} | {seen} |")
    return "\n".join(rows)


def github_ignored() -> str:
    """The table of what is not told, or not always, and why."""
    rows = ["| Ignored GitHub event | Why |", "|---|---|"]
    rows += [f"| `{event}` | {why} |" for event, why in GITHUB_IGNORED.items()]
    rows += [f"| `{event}`, sometimes | {why} |" for event, why in SOMETIMES.items()]
    return "\n".join(rows)


def _seen(news: News) -> str:
    if news.comment and news.comment.kind == "deleted":
        return "the reply that shows it is deleted"
    changed = "the reply that shows it changes: " if news.comment and news.comment.kind == "edited" else ""
    where = ["a card"] if news.opens else []
    if news.line:
        where.append((changed or ("in the thread: " if news.resource else "in the channel: ")) + _plain(news.line.text))
    return ", ".join(where) or "the card changes, without a word"


def _plain(said: str) -> str:
    """The first lines of a message without its marks, so that Markdown shows it as it is read."""
    read = re.sub(r"<[^<>|]+\|([^<>]+)>", r"\1", said)
    line = re.sub(r"[*`|]", "", " ".join(read.split("\n")[:2])).replace("<", "&lt;")
    return line if len(line) <= SHOWN else f"{line[:SHOWN].rstrip()}…"


def table_in(document: str, heading: str) -> str:
    """The Markdown table whose first heading is this."""
    start = document.index(f"| {heading} |")
    return document[start:].split("\n\n", 1)[0].rstrip("\n")


def _write() -> None:
    document = EVENTS.read_text(encoding="utf-8")
    for made in (github_events(), github_ignored()):
        heading = made.split("|")[1].strip()
        document = document.replace(table_in(document, heading), made)
    EVENTS.write_text(document, encoding="utf-8")


if __name__ == "__main__":
    _write()
