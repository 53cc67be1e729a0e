"""What visitors may do: `service/act` → a function of the playground and the request's JSON.

An act returns what the page needs to know at once (JSON), and raises `Impossible` with a sentence for the visitor.
"""

from collections.abc import Callable
from typing import Any

from sandbox.page import connect_acts, github_acts, jira_acts, slack_acts, trouble
from sandbox.playground import Playground

type Act = Callable[[Playground, dict[str, Any]], Any]

ACTS: dict[str, Act] = {
    **{f"slack/{name}": act for name, act in slack_acts.ACTS.items()},
    **{f"jira/{name}": act for name, act in jira_acts.ACTS.items()},
    **{f"github/{name}": act for name, act in github_acts.ACTS.items()},
    **{f"connect/{name}": act for name, act in connect_acts.ACTS.items()},
    **{f"trouble/{name}": act for name, act in trouble.ACTS.items()},
}
