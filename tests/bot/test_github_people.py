"""Whom a channel mentions is somebody of its own workspace."""

from bot.message import Message, section
from bot.renderers.github_known import at_home
from bot.renderers.news import News

PEOPLE = {"mia": ["T1/U1", "T2/U2"], "ada": ["T1/U3"], "bea": ["T1/U2", "T2/U1"]}


def said(text: str) -> News:
    return News("issues", "acme/web#1", Message("card", [section(text)]), Message(text), brief=None)


def test_each_channel_mentions_who_somebody_is_in_its_workspace_and_names_others_by_their_login() -> None:
    told = {channel: at_home(said("<@U1> and <@U3>, <@U2>, &lt;@U1&gt;"), PEOPLE, channel) for channel in
            ("T1/C1", "T2/C2", "T3/C3")}  # fmt: skip
    assert told == {
        "T1/C1": said("<@U1> and <@U3>, <@U2>, &lt;@U1&gt;"),
        "T2/C2": said("<@U2> and @ada, <@U1>, &lt;@U1&gt;"),
        "T3/C3": said("@mia and @ada, @bea, &lt;@U1&gt;"),
    }
    assert at_home(said("<@U1>"), {}, "T2/C2") == said("<@U1>")
