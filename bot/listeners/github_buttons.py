"""The buttons of GitHub's cards.

A press is answered at once; what is plain is done by the worker and told privately, the rest opens a form.
"""

from collections.abc import Callable
from typing import Any

from slack_bolt import App

from bot.flows import asker as who
from bot.flows import github_doing as doing
from bot.flows.github_doing import Wish
from bot.flows.github_naming import resource_of
from bot.flows.one_click import ONE_CLICK, asked
from bot.flows.subscribing import say
from bot.flows.views import open_view
from bot.listeners.presses import Press, listen
from bot.listeners.typed import github_off
from bot.message import Message
from bot.modals import github_doing as modal
from bot.modals.waiting import waiting_view
from bot.renderers import github_buttons as buttons
from bot.services import Services

UNDER_WAY = ":hourglass_flowing_sand: You have asked for this already: it is done as soon as GitHub answers."

type Deed = Callable[[Press, Wish], Message | None]


def register(app: App, services: Services) -> None:
    """Listen to the buttons."""
    listen(app, services, _answer, PRESSED, buttons.MORE, CHOSEN)


def _answer(press: Press, deed: Deed) -> Message | None:
    resource, off = press.value.partition(" ")[0], github_off(press.services)
    if not resource_of(resource) and not buttons.RUN.fullmatch(resource):
        return None
    return (
        say(off) if off else deed(press, Wish(press.asker, resource, press.thread, press.response_url, press.message))
    )


def _shown(press: Press) -> str:
    """The newest commit that a pull request's card shows, or a run's attempt."""
    return press.value.partition(" ")[2]


def _does(operation: str, **how: Any) -> Deed:
    """Ask for what needs no form, once until it is done."""

    def ask(press: Press, wish: Wish) -> Message | None:
        with press.services.database.read() as connection:
            before = asked(connection, f"github:{wish.resource}", operation, wish.asker.user, how)
        if before is None:
            doing.ask(press.plan, operation, wish, **how)
        return say(UNDER_WAY) if before is not None and press.services.now() - before > ONE_CLICK else None

    return ask


def _approves(press: Press, wish: Wish) -> Message | None:
    return _does("review", verdict="APPROVE", sha=_shown(press))(press, wish)


def _reruns(*, failed: bool) -> Deed:
    def again(press: Press, wish: Wish) -> Message | None:
        attempt = _shown(press)
        return _does("rerun", failed=failed, attempt=int(attempt) if attempt.isdecimal() else 1)(press, wish)

    return again


def _opens(callback: str) -> Deed:
    """Open a form at once; what it has to ask of GitHub first comes into it when GitHub has answered."""

    def form(press: Press, wish: Wish) -> Message | None:
        refusal = who.may_not(press.services, wish.asker)
        if refusal:
            return say(refusal)
        # Who asked is known from who sends the form off.
        meta = {"resource": wish.resource, "channel": wish.asker.channel, "thread": wish.thread,
                "response_url": wish.response_url, "sha": _shown(press)}  # fmt: skip
        what = ASKING.get(callback)
        view = waiting_view(modal.title(callback, wish.resource), "GitHub") if what else READY_FORMS[callback](meta)
        view_id, unopened = open_view(press.services, press.trigger_id, view)
        if what and not unopened:
            doing.ask(press.plan, "read_form", wish, form=what, view_id=view_id, meta=meta)
        return unopened

    return form


READY_FORMS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    modal.COMMENT: modal.comment_view, modal.CHANGES: modal.changes_view, modal.REVIEWERS: modal.reviewers_view,
}  # fmt: skip
"""Those that ask nothing of GitHub."""
ASKING = {modal.MERGE: "merge", modal.EDIT: "edit", modal.GATES: "gates"}
"""Those that do."""
PRESSED: dict[str, Deed] = {
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
CHOSEN: dict[str, Deed] = {
    buttons.CHANGES: _opens(modal.CHANGES),
    buttons.REVIEWERS: _opens(modal.REVIEWERS),
    buttons.DRAFT: _does("set_draft", draft=True),
    buttons.UPDATE: _does("update_branch"),
    buttons.CLOSE_PULL: _does("set_state", state="closed"),
    buttons.NOT_PLANNED: _does("set_state", state="closed", reason="not_planned"),
    buttons.DUPLICATE: _does("set_state", state="closed", reason="duplicate"),
}
"""By the first word of what was chosen behind `More`."""
