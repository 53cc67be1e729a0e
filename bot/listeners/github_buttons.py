"""The buttons of GitHub's cards.

A press is answered at once; what is plain is done by the worker and told privately, the rest opens a form.
"""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App

from adapters.errors import AdapterError
from bot.flows import asker as who
from bot.flows import github_doing as doing
from bot.flows.github_doing import Wish
from bot.flows.github_trying import resource_of
from bot.flows.one_click import ONE_CLICK, asked
from bot.flows.plan import Plan
from bot.flows.subscribing import say
from bot.flows.tell import tell_asker
from bot.listeners.typed import github_off
from bot.message import Message, escape
from bot.modals import github_doing as modal
from bot.modals.waiting import waiting_view
from bot.payload import mapping, text
from bot.renderers import github_buttons as buttons
from bot.services import Services

UNDER_WAY = ":hourglass_flowing_sand: You have asked for this already: it is done as soon as GitHub answers."


@dataclass(frozen=True)
class Press:
    """A button of a card, pressed; `sha` is the newest commit that a pull request's card shows, or a run's attempt."""

    services: Services
    plan: Plan
    wish: Wish
    trigger_id: str
    sha: str = ""

    @property
    def meta(self) -> dict[str, Any]:
        """What a form keeps of it; who asked is known from who sends the form off."""
        wish = self.wish
        return {"resource": wish.resource, "channel": wish.asker.channel, "thread": wish.thread,
                "response_url": wish.response_url, "sha": self.sha}  # fmt: skip


type Pressed = Callable[[Press], Message | None]


def register(app: App, services: Services) -> None:
    """Listen to the buttons."""
    for action, press in PRESSED.items():
        app.action(action)(_listener(services, press))
    app.action(buttons.MORE)(_chosen(services))


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
    resource, _, sha = value.partition(" ")
    if not resource_of(resource) and not buttons.RUN.fullmatch(resource):
        return
    asker, container = who.of_interaction(body), mapping(body, "container")
    thread_ts = text(container, "thread_ts")
    thread = f"{asker.channel}/{thread_ts}" if thread_ts not in ("", text(container, "message_ts")) else ""
    wish = Wish(asker, resource, thread, text(body, "response_url"))
    off = github_off(services)
    given = Press(services, plan, wish, text(body, "trigger_id"), sha)
    answer = say(off) if off else press(given)
    if answer:
        tell_asker(plan, asker, wish.response_url, answer)


def _does(operation: str, **how: Any) -> Pressed:
    """Ask for what needs no form, once until it is done."""

    def ask(press: Press) -> Message | None:
        order, user, now = f"github:{press.wish.resource}", press.wish.asker.user, press.services.now()
        with press.services.database.read() as connection:
            before = asked(connection, order, operation, user, how)
        if before is None:
            doing.ask(press.plan, operation, press.wish, **how)
        return say(UNDER_WAY) if before is not None and now - before > ONE_CLICK else None

    return ask


def _approves(press: Press) -> Message | None:
    return _does("review", verdict="APPROVE", sha=press.sha)(press)


def _reruns(*, failed: bool) -> Pressed:
    def again(press: Press) -> Message | None:
        return _does("rerun", failed=failed, attempt=int(press.sha) if press.sha.isdecimal() else 1)(press)

    return again


def _opens(callback: str) -> Pressed:
    """Open a form at once; what it has to ask of GitHub first comes into it when GitHub has answered."""

    def form(press: Press) -> Message | None:
        services, refusal = press.services, who.may_not(press.services, press.wish.asker)
        if refusal or services.urgent.slack is None:
            return say(refusal)
        what, resource = ASKING.get(callback), press.wish.resource
        view = waiting_view(modal.title(callback, resource), "GitHub") if what else READY_FORMS[callback](press.meta)
        try:
            view_id = services.urgent.slack.open_view(press.trigger_id, view)
        except AdapterError as error:
            return say(f"Slack did not open the form. Try again. ({escape(error, 200)})")
        if what:
            doing.ask(press.plan, "read_form", press.wish, form=what, view_id=view_id, meta=press.meta)
        return None

    return form


READY_FORMS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    modal.COMMENT: modal.comment_view, modal.CHANGES: modal.changes_view, modal.REVIEWERS: modal.reviewers_view,
}  # fmt: skip
"""Those that ask nothing of GitHub."""
ASKING = {modal.MERGE: "merge", modal.EDIT: "edit", modal.GATES: "gates"}
"""Those that do."""
PRESSED: dict[str, Pressed] = {
    buttons.COMMENT: _opens(modal.COMMENT),
    buttons.ASSIGN_ME: _does("assign", to={"me": "yes"}),
    buttons.APPROVE: _approves,
    buttons.MERGE: _opens(modal.MERGE),
    buttons.EDIT: _opens(modal.EDIT),
    buttons.READY: _does("set_draft", draft=False),
    buttons.CLOSE: _does("set_state", state="closed", reason="completed"),
    buttons.REOPEN: _does("set_state", state="open"),
    buttons.RERUN: _reruns(failed=False),
    buttons.RERUN_FAILED: _reruns(failed=True),
    buttons.CANCEL: _does("cancel_run"),
    buttons.GATES: _opens(modal.GATES),
}
"""By action id."""
CHOSEN: dict[str, Pressed] = {
    buttons.CHANGES: _opens(modal.CHANGES),
    buttons.REVIEWERS: _opens(modal.REVIEWERS),
    buttons.DRAFT: _does("set_draft", draft=True),
    buttons.UPDATE: _does("update_branch"),
    buttons.CLOSE_PULL: _does("set_state", state="closed"),
    buttons.NOT_PLANNED: _does("set_state", state="closed", reason="not_planned"),
    buttons.DUPLICATE: _does("set_state", state="closed", reason="duplicate"),
}
"""By the first word of what was chosen behind `More`."""
