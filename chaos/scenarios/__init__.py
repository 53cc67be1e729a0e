"""The scenarios: each plays one kind of fault and yields its rows of the table."""

from collections.abc import Callable, Iterable

from chaos.report import Row
from chaos.run import Run
from chaos.scenarios import answers, away, backlog, hanging, hooks, kills, limits, poison, stops, storage, twins

type Scenario = Callable[[Run], Iterable[Row]]

SCENARIOS: dict[str, Scenario] = {
    "storm": kills.storm,
    "whole": kills.whole,
    "inside": kills.inside,
    "answers": answers.answers,
    "twins": twins.twins,
    "stop": stops.stop,
    "pause": stops.pause,
    "database": storage.database,
    "limits": limits.limits,
    "away": away.away,
    "poison": poison.poison,
    "hooks": hooks.hooks,
    "backlog": backlog.backlog,
    "hanging": hanging.hanging,
}
"""All of them, by the names that `ONLY` takes."""
SHORT = ("answers", "twins", "inside", "stop", "pause", "storm", "whole")
"""Those that the short form plays."""
