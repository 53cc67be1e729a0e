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


def _said(error: ErrorDetails) -> str:
    """What Pydantic says, but for words that name its own things."""
    if error["type"] != "model_type":
        return error["msg"]
    kind = error.get("ctx", {}).get("class_name")
    return "must be an object" + (', such as {"any": ["bug"], "none": ["wip"]}' if kind == "Choice" else "")
