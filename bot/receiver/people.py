"""`/api/v1/people`: which account in Jira or on GitHub belongs to whom in Slack. An API key's holder is an admin."""

from typing import Annotated, Any

from flask import Blueprint, Response, jsonify, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from adapters.errors import AdapterError, Rejected
from adapters.slack.client import SlackClient
from bot.details import details_of
from bot.flows import identity
from bot.flows.identity_table import take_table
from bot.receiver.answers import error
from bot.receiver.limits import body_of
from bot.receiver.rest import MAX_BODY, ROW, body_object, invalid, qualified_team
from bot.receiver.shapes import SHAPES
from bot.services import Services
from storage import lists, mappings

Name = Annotated[str, Field(min_length=1, max_length=255)]


class Given(BaseModel):
    """A pair as it is sent: in Slack an id or an e-mail address, in Jira an id, a user name or an e-mail address."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    slack: Name
    jira: Name


class OnGitHub(BaseModel):
    """Likewise on GitHub, where it is a login, or the e-mail address that a profile shows."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    slack: Name
    github: Name


def add_routes(routes: Blueprint, services: Services) -> None:
    """The routes that say who is who."""

    @routes.post("/people")
    def name() -> Any:
        if services.slack is None or (services.jira is None and services.github is None):
            return error(503, "service_off", "Slack, and Jira or GitHub, have to be connected.")
        if request.mimetype == "text/csv":
            return _table(services, services.slack)
        return _one(services, services.slack)

    @routes.delete(f"/people/{ROW}")
    def forget(row_id: int) -> Any:
        shape = SHAPES["people"]
        with services.database.read() as connection:
            row = lists.one(connection, shape.table, row_id)
        if row is None or not shape.has(row):
            return error(404, "not_found", f"There is no person {row_id}.")
        services.database.run(lambda connection: mappings.forget(connection, row_id))
        return jsonify(success=True)


def _one(services: Services, slack: SlackClient) -> Any:
    body = body_object()
    try:
        given = OnGitHub.model_validate(body) if "github" in body else Given.model_validate(body)
    except ValidationError as problem:
        return invalid(details_of(problem))
    team = qualified_team(services)
    if isinstance(team, Response):
        return team
    try:
        there = f"github:{given.github}" if isinstance(given, OnGitHub) else given.jira
        directory, named = identity.directory_named(services, there)
        paired = identity.pair(slack, directory, team, given.slack, named)
    except Rejected as problem:
        return error(422, "invalid", str(problem))
    except AdapterError as problem:
        return error(503, "unavailable", f"{problem} Nothing was stored.")
    return jsonify(success=True, person_id=identity.keep(services, paired, "admin")), 201


def _table(services: Services, slack: SlackClient) -> Any:
    try:
        text = body_of(request, MAX_BODY).decode()
        report = take_table(services, slack, text)
    except UnicodeDecodeError:
        return error(400, "malformed", "The table is not UTF-8.")
    except AdapterError as problem:
        return error(503, "unavailable", f"{problem} Nothing was stored.")
    refused = [{"line": line, "message": reason} for line, reason in report.refused]
    return jsonify(
        success=True, taken=report.taken, known=report.known, refused=refused, stopped=report.stopped or None
    )
