"""`/api/v1/subscriptions`: which repository or project reaches which channel. An API key's holder is an admin."""

from typing import Any

from flask import Blueprint, Response, jsonify
from pydantic import ValidationError

from bot.details import details_of
from bot.flows.subscription_given import Answer, Change, Given, ask_jira, content_of, problems, source_named, wanted
from bot.receiver.answers import error
from bot.receiver.rest import ROW, body_object, invalid, qualified_team, show
from bot.services import Services
from storage import lists, subscriptions
from storage.models import Subscription
from storage.subscriptions import Taken


def add_routes(routes: Blueprint, services: Services) -> None:
    """The routes that change subscriptions."""

    @routes.post("/subscriptions")
    def subscribe() -> Any:
        return _subscribe(services)

    @routes.patch(f"/subscriptions/{ROW}")
    def resubscribe(row_id: int) -> Any:
        return _change(services, row_id)

    @routes.delete(f"/subscriptions/{ROW}")
    def unsubscribe(row_id: int) -> Any:
        if not services.database.run(lambda connection: subscriptions.remove_id(connection, row_id)):
            return error(404, "not_found", f"There is no subscription {row_id}.")
        return jsonify(success=True)


def _subscribe(services: Services) -> Any:
    try:
        given = Given.model_validate(body_object())
    except ValidationError as problem:
        return invalid(details_of(problem))
    source, wrong = source_named(services, given)
    wrong += problems(given, given.source_service)
    if wrong:
        return invalid(wrong)
    team = qualified_team(services)
    if isinstance(team, Response):
        return team
    answer = ask_jira(services, given, given.source_service, source)
    refused = _refusal(answer)
    if refused is not None:
        return refused
    row = wanted(given, source, f"{team}/{given.channel}")
    row_id = services.database.run(lambda connection: subscriptions.put(connection, row, services.now()))
    warnings = {"warnings": list(answer.warnings)} if answer.warnings else {}
    return jsonify({"success": True, "subscription_id": row_id, **warnings}), 201


def _refusal(answer: Answer) -> Response | None:
    if answer.away:
        return error(503, "jira_unavailable", f"{answer.away} Nothing was stored.")
    return invalid(list(answer.wrong)) if answer.wrong else None


def _change(services: Services, row_id: int) -> Any:
    with services.database.read() as connection:
        row = lists.one(connection, Subscription, row_id)
    if not isinstance(row, Subscription):
        return error(404, "not_found", f"There is no subscription {row_id}.")
    try:
        sent = body_object()
        given = Change.model_validate(sent)
    except ValidationError as problem:
        return invalid(details_of(problem))
    wrong = problems(given, row.source_service)
    if wrong:
        return invalid(wrong)
    refused = _refusal(ask_jira(services, given, row.source_service, row.source))
    if refused is not None:
        return refused
    content = content_of(given, sent, row.paused_reason or "")
    try:
        services.database.run(lambda connection: subscriptions.change(connection, row_id, services.now(), **content))
    except Taken:
        return invalid([{"field": "name", "message": "the channel has another subscription of this name to it"}])
    return show(services, "subscriptions", row_id)
