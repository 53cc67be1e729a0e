"""What each pane shows, as JSON; one function a pane, from the stand-ins' state. Pure reading, under their locks."""

from collections.abc import Callable
from typing import Any

from sandbox.page import github_shown, jira_shown, slack_shown, trouble
from sandbox.page.rounds import Round

type Json = dict[str, Any]
type Shown = Callable[[Round], Json]

PANES: dict[str, Shown] = {
    "page": lambda current: {"started": current.started},
    "slack": lambda current: slack_shown.shown(current.playground),
    "jira": lambda current: jira_shown.shown(current.playground),
    "github": lambda current: github_shown.shown(current.playground),
    "connect": lambda current: current.rows.shown(),
    "trouble": lambda current: trouble.shown(current.playground),
}
"""By the name of the stream's event."""
