"""`/jira` and `/github`. Answers are seen by the person alone, unless they ask to share."""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import Ack, App

from adapters.errors import AdapterError, NotFound
from adapters.jira.issue import KEY
from bot.flows import asker as who
from bot.flows import subscribing, tickets
from bot.flows.asker import Asker
from bot.flows.plan import Plan
from bot.flows.subscribing import say
from bot.listeners.help import help_message
from bot.listeners.opening import open_form
from bot.message import Message, escape, link
from bot.operations.words import first_line
from bot.renderers.jira import card
from bot.services import Services

type Body = Mapping[str, Any]
type Handler = Callable[[Body, Asker, list[str], Plan], Message | None]


def register(app: App, services: Services) -> None:
    """Listen to the commands of the manifest."""
    handlers = {"/jira": _Jira(services).handle, "/github": _GitHub(services).handle}
    for name, handler in handlers.items():
        app.command(name)(_listener(handler))


def _listener(handler: Handler) -> Callable[..., None]:
    def command(ack: Ack, body: dict[str, Any], context: dict[str, Any]) -> None:
        words = str(body.get("text") or "").split()
        answer = handler(body, who.of_command(body), words, context["plan"])
        if answer is None:
            ack()
        else:
            shared = words[-1:] == ["share"] and answer.blocks[:1] != []
            ack(text=answer.text, blocks=answer.blocks, response_type="in_channel" if shared else "ephemeral")

    return command


class _Jira:
    def __init__(self, services: Services) -> None:
        self._services = services

    def handle(self, body: Body, asker: Asker, words: list[str], plan: Plan) -> Message | None:
        first = words[0].lower() if words else "help"
        if first == "create":
            return self._create(body, asker, plan)
        if KEY.fullmatch(first.upper()):
            return self._show(asker, first.upper())
        if first in ("subscribe", "subscriptions"):
            if first == "subscriptions" or words[1:2] == ["list"]:
                return subscribing.listed(self._services, asker, "jira")
            return subscribing.subscribe(self._services, asker, "jira", words[1:])
        if first == "unsubscribe":
            return subscribing.unsubscribe(self._services, asker, "jira", words[1:])
        return help_message("jira", "" if first == "help" else escape(words[0], 50))

    def _create(self, body: Body, asker: Asker, plan: Plan) -> Message | None:
        refusal = jira_off(self._services) or who.may_not(self._services, asker)
        if refusal:
            return say(refusal)
        text = str(body["text"]).strip()[len("create") :].strip()
        if not text:
            meta = {"origin": "command", "channel": asker.channel, "requester": asker.user}
            return open_form(self._services, str(body.get("trigger_id")), meta)
        project = self._services.settings.jira_default_project
        if not project:
            return say("There is no default project: use `/jira create` for the form, or set JIRA_DEFAULT_PROJECT.")
        payload = {
            "origin": "command", "summary": first_line(text), "text": text, "channel": asker.channel,
            "requester": asker.user, "team": asker.team, "response_url": body.get("response_url") or "",
        }  # fmt: skip
        plan.add(tickets.request_issue(f"{plan.key}:create_issue", plan.event, payload))
        return say(f":hourglass_flowing_sand: Creating *{escape(first_line(text), 255)}* in {escape(project)}…")

    def _show(self, asker: Asker, key: str) -> Message:
        refusal = jira_off(self._services) or who.may_not(self._services, asker)
        jira = self._services.urgent.jira
        if refusal or jira is None:
            return say(refusal)
        try:
            issue = jira.issue(key)
        except NotFound:
            return say(f"Jira has no issue {key} that I can see.")
        except AdapterError as error:
            return say(f"I could not read {key}: {escape(error)}")
        if issue.secured:
            return say(f"{link(issue.url, key)} is restricted in Jira. Open it there to see it.")
        return card(issue)


class _GitHub:
    def __init__(self, services: Services) -> None:
        self._services = services

    def handle(self, _: Body, asker: Asker, words: list[str], __: Plan) -> Message | None:
        first = words[0].lower() if words else "help"
        if first == "subscribe" and words[1:2] != ["list"]:
            return subscribing.subscribe(self._services, asker, "github", words[1:])
        if first in ("subscribe", "subscriptions", "list"):
            return subscribing.listed(self._services, asker, "github")
        if first == "unsubscribe":
            return subscribing.unsubscribe(self._services, asker, "github", words[1:])
        return help_message("github", "" if first == "help" else escape(words[0], 50))


def jira_off(services: Services) -> str:
    """Why nothing can be done in Jira (empty: it can)."""
    return "" if services.jira else "Jira is not connected yet: JIRA_BASE_URL and JIRA_API_TOKEN have to be set."
