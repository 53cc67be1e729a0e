"""What the stand-in's REST API reads from a request, and how it answers and refuses."""

import json
from typing import Any, cast

from flask import Response, request

from sandbox.github.shapes import Json
from sandbox.github.state import Repo, Ticket

DOCS = "https://docs.github.com/rest"


class Refused(Exception):
    """An answer with a status of 300 or more."""

    def __init__(self, status: int, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body: Json = {"message": message} | more | {"documentation_url": DOCS, "status": str(status)}


def json_answer(body: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    content = json.dumps(body, separators=(",", ":"))
    return Response(content, status, headers, content_type="application/json; charset=utf-8")


def body_given() -> Json:
    """The JSON object of the request."""
    body: object = request.get_json(silent=True, force=True)
    if not isinstance(body, dict):
        raise Refused(400, "Problems parsing JSON")
    return cast("Json", body)


def writable(repo: Repo) -> None:
    if repo.archived:
        raise Refused(403, "Repository was archived so is read-only.")


def ticket_of(repo: Repo, number: int) -> Ticket:
    if number not in repo.tickets:
        raise Refused(404, "Not Found")
    return repo.tickets[number]


def text_of(given: Json, key: str) -> str | None:
    value = given.get(key)
    if value is not None and not isinstance(value, str):
        raise Refused(422, f"Invalid request.\n\nFor 'properties/{key}', {value!r} is not a string.")
    return value


def labels_of(value: object) -> list[str]:
    """Names, given as such or as objects with a name."""
    given: list[Any] = cast("list[Any]", value) if isinstance(value, list) else []
    return [str(cast("Json", each)["name"] if isinstance(each, dict) else each) for each in given]


def hold_limits(resource: str, title: str, body: str | None) -> None:
    errors: list[Json] = []
    if not title.strip():
        errors.append(wrong(resource, "title", "missing_field"))
    for field, text, most in (("title", title, 256), ("body", body or "", 65536)):
        if len(text) > most:
            errors.append(wrong(resource, field, "custom", f"{field} is too long (maximum is {most} characters)"))
    if errors:
        raise Refused(422, "Validation Failed", errors=errors)


def wrong(resource: str, field: str, code: str, message: str = "") -> Json:
    return {"resource": resource, "code": code, "field": field} | ({"message": message} if message else {})
