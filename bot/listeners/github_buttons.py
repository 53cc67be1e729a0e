"""The buttons of GitHub's cards and the forms that they open.

A press is answered at once; what is done is told later.
"""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt import Ack, App, BoltResponse

from adapters.errors import AdapterError
from bot.flows import asker as who
from bot.flows import from_message, pulls
from bot.flows import github_doing as doing
from bot.flows.github_doing import Wish
from bot.flows.github_trying import resource_of
from bot.flows.plan import Plan
from bot.flows.subscribing import say
from bot.flows.tell import tell_asker
from bot.listeners.typed import github_off
from bot.message import Message, escape
from bot.modals import github_doing as modal
from bot.modals.elements import chosen, values_of
from bot.modals.filling import kept_form
from bot.modals.source import words_of
from bot.payload import mapping, text
from bot.renderers import github_buttons as buttons
from bot.renderers.github_known import known_pull, reviews, summary
from bot.renderers.github_parts import headline
from bot.services import Services


@dataclass(frozen=True)
class Press:
    """A button of a card, pressed; `repository_id` and `sha` are of a pull request's."""

    services: Services
    plan: Plan
    wish: Wish
    trigger_id: str
    repository_id: str = ""
    sha: str = ""

    @property
    def meta(self) -> dict[str, Any]:
        """What a form keeps of it; who asked is known from who sends the form off."""
        wish = self.wish
        return {"resource": wish.resource, "channel": wish.asker.channel, "thread": wish.thread,
                "response_url": wish.response_url, "sha": self.sha}  # fmt: skip


type Pressed = Callable[[Press], Message | None]


def register(app: App, services: Services) -> None:
    """Listen to the buttons and the forms."""
    for action, press in PRESSED.items():
        app.action(action)(_listener(services, press))
    app.action(buttons.MORE)(_chosen(services))
    for callback in (modal.COMMENT, modal.CHANGES, modal.MERGE):
        app.view(callback)(_submitted(services, callback))


def _listener(services: Services, press: Pressed) -> Callable[..., None]:
    def pressed(ack: Ack, body: dict[str, Any], action: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        _press(services, body, text(action, "value"), context["plan"], press)

    return pressed


def _chosen(services: Services) -> Callable[..., None]:
    def chosen(ack: Ack, body: dict[str, Any], action: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        word, _, value = text(action, "selected_option", "value").partition(" ")
        if word in CHOSEN:
            _press(services, body, value, context["plan"], CHOSEN[word])

    return chosen


def _press(services: Services, body: dict[str, Any], value: str, plan: Plan, press: Pressed) -> None:
    resource, repository_id, sha = [*value.split(" "), "", ""][:3]
    if not resource_of(resource):
        return
    asker, container = who.of_interaction(body), mapping(body, "container")
    thread_ts = text(container, "thread_ts")
    thread = f"{asker.channel}/{thread_ts}" if thread_ts not in ("", text(container, "message_ts")) else ""
    wish = Wish(asker, resource, thread, text(body, "response_url"))
    off = github_off(services)
    given = Press(services, plan, wish, text(body, "trigger_id"), repository_id, sha)
    answer = say(off) if off else press(given)
    if answer:
        tell_asker(plan, asker, wish.response_url, answer)


def _does(operation: str, **how: Any) -> Pressed:
    """Ask for what needs no form; a double click is one wish."""

    def ask(press: Press) -> None:
        with press.services.database.read() as connection:
            again = doing.is_asked(connection, operation, press.wish, how, press.services.now())
        if not again:
            doing.ask(press.plan, operation, press.wish, **how)

    return ask


def _approves(press: Press) -> Message | None:
    return _does("review", verdict="APPROVE", sha=press.sha)(press)


def _opens(callback: str) -> Pressed:
    def form(press: Press) -> Message | None:
        services, refusal = press.services, who.may_not(press.services, press.wish.asker)
        if refusal or services.urgent.slack is None:
            return say(refusal)
        try:
            services.urgent.slack.open_view(press.trigger_id, _view(press, callback))
        except AdapterError as error:
            return say(f"Slack did not open the form. Try again. ({escape(error, 200)})")
        return None

    return form


def _view(press: Press, callback: str) -> dict[str, Any]:
    if callback == modal.COMMENT:
        return modal.comment_view(press.meta)
    if callback == modal.CHANGES:
        return modal.changes_view(press.meta)
    repository, _, number = press.wish.resource.partition("#")
    with press.services.database.read() as connection:
        known = pulls.remembered(connection, press.repository_id, repository, number)
    # What is remembered may be newer than the card; what the form shows is what may be merged.
    newest = text(known, "connect", "pull", "head", "sha") or press.sha
    shown = modal.Known(headline(known, known_pull(known)), (reviews(known), summary(known)))
    return modal.merge_view(replace(press, sha=newest).meta, shown)


def _submitted(services: Services, callback: str) -> Callable[..., BoltResponse]:
    def submitted(ack: Ack, body: dict[str, Any], view: dict[str, Any], context: dict[str, Any]) -> BoltResponse:
        asker, meta = who.of_interaction(body), json.loads(text(view, "private_metadata"))
        refusal, values = who.may_not(services, asker), values_of(view)
        block = modal.METHOD if callback == modal.MERGE else modal.WORDS
        if not refusal and block == modal.WORDS and not words_of(values[modal.WORDS]):
            refusal = "Please write something."
        if refusal:
            return ack(response_action="errors", errors={block: refusal})
        place = who.Asker(asker.team, asker.user, meta["channel"])
        wish = Wish(place, meta["resource"], meta["thread"], meta["response_url"])
        about: dict[str, Any] = {"view_id": view["id"], "filled": kept_form(view)}
        if callback == modal.MERGE:
            doing.ask(context["plan"], "merge", wish, sha=meta["sha"], method=chosen(values, modal.METHOD), **about)
        else:
            words = from_message.words(values[modal.WORDS], {})
            review = {"verdict": "REQUEST_CHANGES", "sha": meta["sha"]} if callback == modal.CHANGES else {}
            doing.ask(context["plan"], "review" if review else "comment", wish, message=words, **review, **about)
        away = services.watch.paused_until("github", services.now())
        shown = modal.away_view if away else modal.working_view
        return ack(response_action="update", view=shown(text(view, "title", "text")))

    return submitted


PRESSED: dict[str, Pressed] = {
    buttons.COMMENT: _opens(modal.COMMENT),
    buttons.ASSIGN_ME: _does("assign", to={"me": "yes"}),
    buttons.APPROVE: _approves,
    buttons.MERGE: _opens(modal.MERGE),
    buttons.CLOSE: _does("set_state", state="closed", reason="completed"),
    buttons.REOPEN: _does("set_state", state="open"),
}
"""By action id."""
CHOSEN: dict[str, Pressed] = {
    buttons.CHANGES: _opens(modal.CHANGES),
    buttons.UPDATE: _does("update_branch"),
    buttons.CLOSE_PULL: _does("set_state", state="closed"),
    buttons.NOT_PLANNED: _does("set_state", state="closed", reason="not_planned"),
    buttons.DUPLICATE: _does("set_state", state="closed", reason="duplicate"),
}
"""By the first word of what was chosen behind `More`."""
