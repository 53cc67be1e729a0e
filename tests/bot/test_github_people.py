"""Whom a channel mentions is somebody of its own workspace."""

from bot.flows.github_mentions import at_home
from storage.integrations import NewIntegration

PEOPLE = {"connect": {"people": {"mia": ["T1/U1", "T2/U2"], "ada": ["T1/U3"]}}}


def said(channel: str, text: str) -> NewIntegration:
    payload = {"channel": channel, "text": text, "blocks": [{"text": {"text": text}}]}
    return NewIntegration("post_message", "k", "o", "github", "slack", "issues.opened", "acme/web#1", channel, payload)


def test_each_channel_mentions_who_somebody_is_in_its_workspace_and_names_others_by_their_login() -> None:
    rows = [said(channel, "<@U1> and <@U3>, &lt;@U1&gt;") for channel in ("T1/C1", "T2/C2", "T3/C3")]
    expected = ("<@U1> and <@U3>, &lt;@U1&gt;", "<@U2> and @ada, &lt;@U1&gt;", "@mia and @ada, &lt;@U1&gt;")
    assert at_home(rows, PEOPLE) == [
        said(row.payload["channel"], text) for row, text in zip(rows, expected, strict=True)
    ]
    assert at_home(rows, {}) == rows
