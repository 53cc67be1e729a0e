"""What each pane shows, as JSON; one function a pane, from the stand-ins' state. Pure reading, under their locks."""

from collections.abc import Callable
from typing import Any

from sandbox.page import connect_shown, github_shown, jira_shown, slack_shown, trouble
from sandbox.page.courier import Courier
from sandbox.playground import Playground

type Json = dict[str, Any]
type Shown = Callable[[Playground, Courier], Json]

PANES: dict[str, Shown] = {
    "slack": lambda playground, _: slack_shown.shown(playground),
    "jira": lambda playground, _: jira_shown.shown(playground),
    "github": lambda playground, _: github_shown.shown(playground),
    "connect": connect_shown.shown,
    "trouble": lambda playground, _: trouble.shown(playground),
}
"""By the name of the stream's event."""
