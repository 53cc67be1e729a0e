"""The App Home: opening it, and what can be pressed, typed and ticked there."""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt import Ack, App

from bot.flows import asker as who
from bot.flows import (
    create_form,
    github_identity,
    github_mentions,
    home,
    identity,
    linking,
    notice_choices,
    preview_choices,
)
from bot.flows.asker import Asker
from bot.flows.plan import Plan
from bot.flows.subscribing import say
from bot.flows.tell import tell_asker
from bot.flows.views import open_view
from bot.listeners.typed import jira_off
from bot.message import Message
from bot.modals.filling import note
from bot.payload import Payload, mapping, text, texts
from bot.renderers import home as page
from bot.renderers import home_settings as chosen
from bot.renderers.home import State
from bot.services import Services


@dataclass(frozen=True)
class Pressed:
    """Something in somebody's home was used: `action` says what, `view` is what they see."""

    services: Services
    plan: Plan
    asker: Asker
    action: Payload
    view: Payload
    trigger_id: str

    @property
    def state(self) -> State:
        """What the home shows."""
        return home.shown_in(self.services, self.view)


def register(app: App, services: Services) -> None:
    """Listen to the App Home."""

    def opened(event: dict[str, Any], body: dict[str, Any], context: dict[str, Any]) -> None:
        team = text(body, "team_id")
        if text(event, "tab") == "home" and text(event, "user"):
            asker = Asker(team, f"{team}/{text(event, 'user')}", "")
            home.opened(services, context["plan"], asker, mapping(event, "view"))

    app.event("app_home_opened")(opened)
    for action, use in USED.items():
        app.action(action)(_listener(services, use))


def _listener(services: Services, use: Callable[[Pressed], None]) -> Callable[..., None]:
    def used(ack: Ack, body: dict[str, Any], action: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        asker, view = who.of_interaction(body), mapping(body, "view")
        use(Pressed(services, context["plan"], asker, action, view, text(body, "trigger_id")))

    return used


def _show(pressed: Pressed, state: State) -> None:
    home.show(pressed.services, pressed.plan, pressed.asker, state)


def _tab(pressed: Pressed) -> None:
    _show(pressed, State(text(pressed.action, "value"), pressed.state.site))


def _site(pressed: Pressed) -> None:
    chosen = text(pressed.action, "selected_option", "value")
    site = chosen if chosen in pressed.services.settings.jira_sites else ""
    _show(pressed, replace(pressed.state, site=site, trail=()))


def _search(pressed: Pressed) -> None:
    query = text(pressed.action, "value").strip()[: page.QUERY_LIMIT]
    _show(pressed, replace(pressed.state, query=query, trail=()))


def _back(pressed: Pressed) -> None:
    _show(pressed, replace(pressed.state, trail=pressed.state.trail[:-1]))


def _next(pressed: Pressed) -> None:
    state = pressed.state
    _show(pressed, state.turned() if state.following else state)


def _notices(pressed: Pressed) -> None:
    """What is ticked counts at once; what cannot be is ticked no longer, and the home says why."""
    kinds = texts(pressed.action, "selected_options", key="value")
    of_github = text(pressed.action, "action_id") == chosen.GITHUB_NOTICES
    choice = notice_choices.GITHUB if of_github else notice_choices.JIRA
    refusal = notice_choices.set_kinds(pressed.services, pressed.asker, kinds, choice)
    if refusal:
        home.again(pressed.services, pressed.plan, pressed.asker, pressed.view, refusal)


def _previews(pressed: Pressed) -> None:
    ticked = texts(pressed.action, "selected_options", key="value")
    preview_choices.choose(pressed.services, pressed.asker, "jira", ["me", "on" if ticked else "off"])


def _mentions(pressed: Pressed) -> None:
    ticked = texts(pressed.action, "selected_options", key="value")
    github_mentions.choose(pressed.services, pressed.asker, ["on" if ticked else "off"])


def _create(pressed: Pressed) -> None:
    """The form; the home shows the issue when it is there, and its card comes as a direct message."""
    services, asker = pressed.services, pressed.asker
    refusal = jira_off(services) or who.may_not(services, asker)
    meta, values = create_form.blank(services, asker, "modal")
    form = ({**meta, "home": pressed.state.brief}, values)
    answer = Message(refusal) if refusal else create_form.open_form(services, pressed.trigger_id, form)
    if answer:
        tell_asker(pressed.plan, asker, "", answer)


def _login(pressed: Pressed) -> None:
    refusal = who.may_not(pressed.services, pressed.asker)
    _window(pressed, say(refusal) if refusal else linking.login(pressed.services, pressed.asker))


def _logout(pressed: Pressed) -> None:
    said = linking.logout(pressed.services, pressed.asker)
    home.again(pressed.services, pressed.plan, pressed.asker, pressed.view, said.text)


def _claim(pressed: Pressed) -> None:
    _window(pressed, identity.claim(pressed.services, pressed.asker))


def _github_login(pressed: Pressed) -> None:
    said = github_identity.login(pressed.services, pressed.asker, pressed.plan)
    _window(pressed, said, "My GitHub account")


def _github_logout(pressed: Pressed) -> None:
    said = github_identity.logout(pressed.services, pressed.asker)
    home.again(pressed.services, pressed.plan, pressed.asker, pressed.view, said.text)


def _window(pressed: Pressed, message: Message, title: str = "My Jira account") -> None:
    """Show something that must not be kept (an address, a code): in a window, which no row holds."""
    _, unopened = open_view(pressed.services, pressed.trigger_id, note(title, *message.blocks), "window")
    if unopened:
        tell_asker(pressed.plan, pressed.asker, "", unopened)


USED: dict[str, Callable[[Pressed], None]] = {
    **{f"home_{tab}": _tab for tab in page.TABS},
    page.CREATE: _create,
    page.SEARCH: _search,
    page.SITE: _site,
    page.BACK: _back,
    page.NEXT: _next,
    page.AGAIN: lambda pressed: _show(pressed, pressed.state),
    chosen.NOTICES: _notices,
    chosen.GITHUB_NOTICES: _notices,
    chosen.PREVIEWS: _previews,
    chosen.MENTIONS: _mentions,
    chosen.LOGIN: _login,
    chosen.LOGOUT: _logout,
    chosen.CLAIM: _claim,
    chosen.GITHUB_LOGIN: _github_login,
    chosen.GITHUB_LOGOUT: _github_logout,
}
"""By action id."""
