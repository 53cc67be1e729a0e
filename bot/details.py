"""What is wrong with what somebody gave, field by field: the REST API and the command line say it alike."""

from pydantic import ValidationError

type Detail = dict[str, str]
"""A wrong `field`, and the `message` that says why."""


def details_of(problem: ValidationError, *within: str) -> list[Detail]:
    """What is wrong with each field; `within` is where in the whole the fields are."""
    return [
        {"field": ".".join([*within, *map(str, one["loc"])]), "message": one["msg"].removeprefix("Value error, ")}
        for one in problem.errors()
    ]
