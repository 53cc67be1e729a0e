"""What a step of a workflow was given, as its author filled it in; what does not do is told them in a sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.flows.steps import Run
from bot.payload import text
from bot.services import Services
from bot.settings import Settings
from storage.integrations import NewIntegration

FILL_IN = "Fill it in where the workflow adds this step."


class Unfit(ValueError):
    """An input with which the step cannot be done, in a sentence for the workflow's author."""


@dataclass(frozen=True)
class Step:
    """A step that a workflow has reached, with what it was given."""

    settings: Settings
    run: Run
    inputs: Mapping[str, Any]

    def words(self, name: str) -> str:
        """An input without the white space around it; empty if it is not given."""
        return text(self.inputs, name).strip()

    def needed(self, name: str, title: str) -> str:
        """An input that has to be given."""
        given = self.words(name)
        if not given:
            raise Unfit(f"The {title} is empty. {FILL_IN}")
        return given

    def place(self, name: str) -> str:
        """A channel or person, qualified by the workspace; empty if none is given."""
        given = self.words(name)
        return f"{self.run.team}/{given}" if given else ""


@dataclass(frozen=True)
class Steps:
    """The steps of one service, by their names in the manifest; each raises `Unfit` if an input does not do."""

    off: Callable[[Services], str]
    """Why none of them can be done; empty if they can."""
    wanted: Mapping[str, Callable[[Step], NewIntegration]]
