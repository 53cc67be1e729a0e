"""What is wrong with what somebody gave, field by field: the REST API and the command line say it alike."""

from pydantic import ValidationError
from pydantic_core import ErrorDetails

type Detail = dict[str, str]
"""A wrong `field`, and the `message` that says why."""


def details_of(problem: ValidationError, *within: str) -> list[Detail]:
    """What is wrong with each field; `within` is where in the whole the fields are."""
    return [
        {"field": ".".join([*within, *map(str, one["loc"])]), "message": _said(one).removeprefix("Value error, ")}
        for one in problem.errors()
    ]


def sentence(error: ErrorDetails) -> str:
    """What is wrong with one value, for people: without Pydantic's words for its own things, without a full stop."""
    most = error.get("ctx", {}).get("max_length")
    if error["type"] == "too_long":
        return f"at most {most} can stand here, and these are {error['ctx']['actual_length']}"  # pyright: ignore
    if error["type"] == "string_too_long":
        return f"a name here has at most {most} characters"
    if error["type"] == "string_pattern_mismatch":
        return "a time of day looks like 07:00"
    return error["msg"].removeprefix("Value error, ")


def _said(error: ErrorDetails) -> str:
    """What Pydantic says, but for words that name its own things."""
    if error["type"] != "model_type":
        return error["msg"]
    kind = error.get("ctx", {}).get("class_name")
    return "must be an object" + (', such as {"any": ["bug"], "none": ["wip"]}' if kind == "Choice" else "")
