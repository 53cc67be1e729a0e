"""Around the story: where everything listens, and what connect's log holds at the end."""

import re
import time

from sandbox.demo.screen import Screen
from sandbox.demo.stage import Stage


def greet(screen: Screen) -> None:
    """Say what this is."""
    screen.text("connect between stand-ins of Slack, Jira and GitHub, all on this machine. No account is needed.")


def addresses(stage: Stage) -> None:
    """Say where everything listens, now that connect is up."""
    stage.screen.seen("connect is up: python app.py, on SQLite", time.monotonic() - stage.began)
    rows = {
        "connect": stage.connect.url, "health": f"{stage.connect.url}/health", "Slack API": stage.slack.api_url,
        "Jira": stage.jira.url, "GitHub": stage.github.url,
    }  # fmt: skip
    for name, url in rows.items():
        stage.screen.line(f"    {name:<10} {url}")


def tables(stage: Stage) -> None:
    """Show connect's log and mappings, as its REST API lists them."""
    screen = stage.screen
    integrations, mappings = stage.rows("integrations"), stage.rows("mappings")
    screen.line()
    screen.line(f"What connect did, from GET {stage.connect.url}/api/v1/integrations", "bold")
    heads = ("id", "from", "event", "to", "operation", "target", "status")
    columns = ("id", "source_service", "event_type", "target_service", "operation", "target_id", "status")
    screen.table(heads, [[_short(stage, row[name]) for name in columns] for row in integrations])
    screen.line()
    screen.line(f"What belongs together, from GET {stage.connect.url}/api/v1/mappings", "bold")
    heads = ("id", "mapping", "from", "", "to", "")
    columns = ("id", "mapping_type", "source_service", "source_id", "target_service", "target_id")
    screen.table(heads, [[_short(stage, row[name]) for name in columns] for row in mappings])


def verdict(stage: Stage, code: int) -> None:
    """Close with one line; `code` is connect's exit code."""
    seen, missed = stage.steps["seen"], stage.steps["missed"]
    webhooks = sum(200 <= status < 300 for standin in stage.standins for _, status in standin.sent)
    calls = sum(len(standin.calls) for standin in stage.standins)
    stopped = "connect stopped cleanly" if code == 0 else f"connect stopped with exit code {code}"
    told = f"{seen} of {seen + missed} steps seen. {webhooks} webhooks taken, {calls} calls made. {stopped}"
    stage.screen.line()
    ok = code == 0 and not missed
    stage.screen.line(f"{'✔' if ok else '✘'} {told}, {time.monotonic() - stage.began:.1f} s.", "good" if ok else "bad")


def _short(stage: Stage, value: object) -> str:
    text = "" if value is None else str(value)
    text = text.removeprefix(f"{stage.slack.team}/")
    found = re.match(r"[CD]0DEV\w+", text)
    if found and found[0] in stage.slack.channels:
        return f"#{stage.slack.channels[found[0]].name}{text[found.end() :]}"
    return text
