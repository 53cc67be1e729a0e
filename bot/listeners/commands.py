"""`/jira` and `/github`. Answers are seen by the person alone, unless they ask to share."""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App

from bot.flows import asker as who
from bot.listeners import github_commands, jira_commands
from bot.listeners.help import help_message
from bot.listeners.typed import Typed, split
from bot.message import Message, escape
from bot.operations.sites import issue_named
from bot.services import Services


def register(app: App, services: Services) -> None:
    """Listen to the commands of the manifest."""
    for service in ("jira", "github"):
        app.command(f"/{service}")(_listener(services, service))


def _listener(services: Services, service: str) -> Callable[..., None]:
    def command(ack: Ack, body: dict[str, Any], context: dict[str, Any]) -> None:
        first, rest = split(str(body.get("text") or ""))
        typed = Typed(services, body, who.of_command(body), context["plan"], rest.split(), rest)
        answer = answer_to(service, first, typed)
        if answer is None:
            ack()
        else:
            shared = typed.words[-1:] == ["share"] and answer.blocks[:1] != []
            ack(text=answer.text, blocks=answer.blocks, response_type="in_channel" if shared else "ephemeral")

    return command


def answer_to(service: str, first: str, typed: Typed) -> Message | None:
    """What a service's command answers: by its first word, or for an issue's key; else its help."""
    commands = jira_commands.COMMANDS if service == "jira" else github_commands.COMMANDS
    if first in commands:
        return commands[first](typed)
    if service == "jira" and (issue := issue_named(typed.services.settings, first)):
        return jira_commands.show(typed, issue)
    unknown = "" if first in ("", "help") else escape(first, 50)
    return help_message(service, unknown, (*commands, "help"))
