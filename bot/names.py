"""Names to choose by: any of these, all of these, none of these; and patterns of them. Pure."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Annotated, Any, cast

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from bot.spelling import same

CALLED = ("authors", "teams", "assignees", "reviewers", "repository_teams")
"""The filters that hold names of people and of teams."""
Names = Annotated[list[Annotated[str, Field(max_length=255)]], Field(max_length=100)]


class Choice(BaseModel):
    """Any of these, all of these, none of these; an empty list asks for nothing.

    With `empty` it is where nothing is set: only there, or, beside `any` or `all`, there too; false is never there.
    """

    model_config = ConfigDict(extra="forbid")
    any: Names = []
    all: Names = []
    none: Names = []
    empty: StrictBool | None = None

    def admits(self, found: frozenset[str]) -> bool:
        """Whether a set of names satisfies all three lists; case does not matter, nor which quotes and dashes."""
        have = set(map(same, found))
        if self.empty is not None and not any(found):
            return self.empty
        if self.empty and not (self.any or self.all):
            return False
        wants, needs, bars = self._lower
        return (not wants or bool(wants & have)) and needs <= have and not bars & have

    @cached_property
    def _lower(self) -> tuple[frozenset[str], ...]:
        return tuple(frozenset(map(same, names)) for names in (self.any, self.all, self.none))

    def admits_name(self, name: str) -> bool:
        """Whether one name fits, where the lists hold patterns (`web-*`)."""
        lower = name.lower()

        def fits(patterns: Iterable[str]) -> bool:
            return any(fnmatchcase(lower, pattern.lower()) for pattern in patterns)

        return (not self.any or fits(self.any)) and all(fits([each]) for each in self.all) and not fits(self.none)

    @property
    def named(self) -> list[str]:
        """Every name in it."""
        return [*self.any, *self.all, *self.none]


def like(name: str, patterns: Iterable[str]) -> bool:
    """Whether a branch or another name with slashes fits one of the patterns; `*` stands for anything, also slashes."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def bare(filters: Mapping[str, Any]) -> dict[str, Any]:
    """The filters with the names of people and teams as GitHub writes them: without the `@` that is put before them."""
    return {name: _bare(value) if name in CALLED else value for name, value in filters.items()}


def _bare(choice: Any) -> Any:
    if not isinstance(choice, Mapping):
        return choice
    lists = cast("Mapping[str, Any]", choice)
    return {
        how: _stripped(cast("list[Any]", names)) if isinstance(names, list) else names for how, names in lists.items()
    }


def _stripped(names: list[Any]) -> list[Any]:
    return [name.lstrip("@") if isinstance(name, str) else name for name in names]
