"""The form of a subscription: it is saved at once, or says what is wrong; its menus are fed by the live Jira."""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

import json
from collections.abc import Callable
from typing import Any
from zoneinfo import available_timezones

from slack_bolt import Ack, App, BoltResponse

from adapters.jira.client import JiraClient
from bot.choices import Listed
from bot.flows import asker as who
from bot.flows import github_subscription_form as github_form
from bot.flows import subscription_forms as forms
from bot.flows.asker import Asker
from bot.flows.form_options import of_project
from bot.flows.open_options import listed
from bot.modals import github_subscription as github_modal
from bot.modals import subscription as modal
from bot.modals.elements import option
from bot.modals.open_issue import ASSIGNEES, LABELS
from bot.modals.subscription_parts import TRY, said_view
from bot.operations.github import github_of
from bot.payload import mapping, text
from bot.services import Services

MOST = 100
"""Slack takes no more options: https://docs.slack.dev/reference/block-kit/block-elements/multi-select-menu-element"""
KINDS = {"assignee": "person", "reporter": "person", "authors": "person"}


def register(app: App, services: Services) -> None:
    """Listen to the form and feed its menus."""

    def submitted(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> BoltResponse:
        asker, meta = who.of_interaction(body), json.loads(view.get("private_metadata") or "{}")
        refusal = who.may_not(services, asker)
        if refusal:
            return ack(response_action="errors", errors={"name": refusal})
        done = forms.saved(services, asker, meta, modal.read_draft(view))
        if done.errors:
            return ack(response_action="errors", errors=dict(done.errors))
        return ack(response_action="update", view=said_view("Subscription", done.said))

    def github_submitted(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> BoltResponse:
        asker, meta = who.of_interaction(body), json.loads(view.get("private_metadata") or "{}")
        refusal = who.may_not(services, asker)
        done = forms.Saved(errors={"name": refusal}) if refusal else github_form.saved(services, asker, view, meta)
        if done.errors:
            return ack(response_action="errors", errors=dict(done.errors))
        return ack(response_action="update", view=said_view("Subscription", done.said))

    app.view(modal.CALLBACK)(submitted)
    app.view(github_modal.CALLBACK)(github_submitted)
    app.action(TRY)(_trying(services))
    for name in (*github_modal.CHOICES, *github_modal.OF_OWNER):
        app.options(f"filter_github_{name}")(_github_menu(services, name))
    for name in modal.FILTERS:
        app.options(f"filter_{name}")(_filter_menu(services, name))
    app.options("event_status")(_event_menu(services, "status"))
    app.options("event_field")(_event_menu(services, "field"))
    app.options("timezone")(_zones)


def _trying(services: Services) -> Callable[..., None]:
    """Try what the form holds; what comes of it is shown in a window above it."""

    def pressed(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        asker, view = who.of_interaction(body), mapping(body, "view")
        meta = json.loads(text(view, "private_metadata") or "{}")
        refusal = who.may_not(services, asker)
        if refusal or services.urgent.slack is None:
            lines = [refusal]
        elif text(view, "callback_id") == github_modal.CALLBACK:
            lines = github_form.tried_on(services, asker, view, meta)
        else:
            lines = forms.tried_on(services, asker, meta, modal.read_draft(view))
        if services.urgent.slack is not None:
            shown = said_view("Tried", "What it would make of the latest events; nothing is saved yet.", *lines)
            services.urgent.slack.push_view(text(body, "trigger_id"), shown)

    return pressed


def _github_menu(services: Services, name: str) -> Callable[..., None]:
    def menu(ack: Ack, body: dict[str, Any]) -> None:
        typed = text(body, "value").strip()
        found = _named(services, who.of_interaction(body), _source(body), name, typed)
        groups = github_modal.menu_of(name, found or ([typed] if typed else []))
        ack(option_groups=groups) if groups else ack(options=[])

    return menu


def _named(services: Services, asker: Asker, source: str, name: str, typed: str) -> list[str]:
    """The labels, or the people, of a repository that the channel hears of, for who may read it."""
    if services.urgent.github is None or name not in github_modal.MAY_BE_NOBODY:
        return []

    def read() -> list[tuple[str, str]]:
        github = github_of(services, urgent=True)
        return [(each, each) for each in (github.labels(source) if name == "labels" else github.people(source))]

    kind = LABELS if name == "labels" else ASSIGNEES
    return _matching([each for each, _ in listed(services, asker.user, source, kind, read)], typed)


def _filter_menu(services: Services, name: str) -> Callable[..., None]:
    def menu(ack: Ack, body: dict[str, Any]) -> None:
        typed = text(body, "value")
        ack(option_groups=modal.menu_of(name, _found(services, body, name, typed)))

    return menu


def _found(services: Services, body: dict[str, Any], name: str, typed: str) -> list[str]:
    def read(jira: JiraClient, key: str) -> Listed:
        if name == "type":
            found = _matching([kind.name for kind in jira.issue_types(key)], typed)
        else:
            found = jira.choices(KINDS.get(name, name), key, typed)[:MOST]
        return tuple((each, each) for each in found)

    user = who.of_interaction(body).user
    found = [shown for shown, _ in of_project(services, user, _source(body), f"filter {name}", typed, read)]
    # What Jira does not list, or not now, or not for them, is taken as it was typed.
    return found or ([typed] if typed else [])


def _event_menu(services: Services, event: str) -> Callable[..., None]:
    def menu(ack: Ack, body: dict[str, Any]) -> None:
        typed, user = text(body, "value"), who.of_interaction(body).user

        def read(jira: JiraClient, key: str) -> Listed:
            return _statuses(jira, key, typed) if event == "status" else _fields(jira, typed)

        found = of_project(services, user, _source(body), f"event {event}", typed, read)
        named = {value: shown for shown, value in found} or ({typed: typed} if typed else {})
        ack(options=modal.named_options(event, named)[:MOST])

    return menu


def _statuses(jira: JiraClient, project: str, typed: str) -> Listed:
    return tuple((name, name) for name in jira.choices("status", project, typed))


def _fields(jira: JiraClient, typed: str) -> Listed:
    found = sorted(jira.fields(), key=lambda field: field.name.casefold())
    return tuple((field.name, field.id) for field in found if typed.casefold() in field.name.casefold())


def _zones(ack: Ack, body: dict[str, Any]) -> None:
    found = _matching(sorted(available_timezones()), text(body, "value").replace(" ", "_"))
    ack(options=[option(name, name) for name in found])


def _matching(names: list[str], typed: str) -> list[str]:
    return [name for name in names if typed.casefold() in name.casefold()][:MOST]


def _source(body: dict[str, Any]) -> str:
    return str(json.loads(text(body, "view", "private_metadata") or "{}").get("source", ""))
