"""`/jira`: one function for each first word."""

from bot.filters import unknown_events
from bot.flows import asker as who
from bot.flows import create_form, linking, notice_choices, preview_choices, subscribing, syncing, tickets
from bot.flows import subscription_forms as forms
from bot.flows.away import wait_for
from bot.flows.defaults import for_channel, in_payload
from bot.flows.subscribing import say
from bot.flows.views import open_view
from bot.listeners import channels, connect_commands, doing_commands, look_commands, tie_commands
from bot.listeners.almost import only_a_link
from bot.listeners.typed import Command, Typed, jira_off
from bot.message import Message, escape, strong
from bot.modals.subscription_parts import NAME_LIMIT
from bot.operations.sites import issue_named, no_issue_link
from bot.operations.words import first_line
from bot.spelling import meant
from bot.spelling import words as words_of


def _create(typed: Typed) -> Message | None:
    services, asker, plan, text = typed.services, typed.asker, typed.plan, typed.text
    refusal = jira_off(services) or who.may_not(services, asker)
    if refusal:
        return say(refusal)
    if not text:
        form = create_form.blank(services, asker, "command")
        return create_form.open_form(services, typed.trigger_id, form)
    if sentence := only_a_link(typed, text, "/jira create"):
        return say(sentence)
    defaults = for_channel(services, asker.channel)
    if not defaults.project:
        return say(
            "There is no default project here: use `/jira create` for the form, or ask for one with `/jira default`."
        )
    payload = {
        "origin": "command", "summary": first_line(text), "text": text, "channel": asker.channel,
        "requester": asker.user, "team": asker.team, "response_url": typed.body.get("response_url") or "",
        **in_payload(defaults),
    }  # fmt: skip
    wanted = tickets.request_issue(f"{plan.key}:create_issue", plan.event, payload)
    plan.add(wanted)
    what, where = strong(first_line(text), 255), escape(defaults.project)
    if wait := wait_for(services, plan, wanted):
        return say(wait.kept(what, f"created in {where}"))
    return say(f":hourglass_flowing_sand: Creating {what} in {where}…")


def _subscribe(typed: Typed) -> Message | None:
    """With events it is done at once; with a name, or nothing, the form opens."""
    services, asker, words = typed.services, typed.asker, words_of(typed.text)
    if words[:1] == ["list"]:
        return _subscriptions(typed)
    named = subscribing.events_in(words[1:])
    if len(unknown_events("jira", named)) < len(named):
        return subscribing.subscribe(services, asker, words)
    if typed.mentioned:
        return say("I cannot open the form from a message. Say what it is to hear of: `@connect subscribe OPS all`.")
    source = subscribing.source_of(services.settings, "jira", words[0]) if words else ""
    name = " ".join(words[1:])[:NAME_LIMIT]
    refusal = forms.refused(services, source)
    reason = "" if refusal else who.may_not(services, asker)
    if refusal or reason:
        return refusal or say(reason)
    return open_view(services, typed.trigger_id, forms.view_for(services, asker, source, name))[1]


def _unsubscribe(typed: Typed) -> Message:
    return subscribing.unsubscribe(typed.services, typed.asker, typed.words)


def _subscriptions(typed: Typed) -> Message:
    return subscribing.listed(typed.services, typed.asker, "jira")


def _login(typed: Typed) -> Message:
    refusal = jira_off(typed.services) or who.may_not(typed.services, typed.asker)
    return say(refusal) if refusal else linking.login(typed.services, typed.asker)


def _logout(typed: Typed) -> Message:
    return linking.logout(typed.services, typed.asker)


def _notify(typed: Typed) -> Message:
    return notice_choices.choose(typed.services, typed.asker, typed.words, notice_choices.JIRA)


def _previews(typed: Typed) -> Message:
    return preview_choices.choose(typed.services, typed.asker, "jira", typed.words)


def _sync(typed: Typed) -> Message:
    """`/jira sync OPS-1 to-jira`: what goes through between the issue and its threads here."""
    first, second = [*typed.words, "", ""][:2]
    key, mode = issue_named(typed.services.settings, first), syncing.mode_of(second)
    if not key or (typed.words[1:] and not mode):
        near = meant(second, ("both", "to-jira", "to-slack", "off"), "`{}`").strip()
        how = "Name an issue and what goes through: `/jira sync OPS-1 both`, `to-jira`, `to-slack` or `off`."
        far = no_issue_link(typed.services.settings, first)
        return say(" ".join(filter(None, (escape(far), near, how))))
    refusal = who.may_not(typed.services, typed.asker)
    if refusal:
        return say(refusal)
    channel, now = typed.asker.channel, typed.services.now()
    return say(typed.services.database.run(lambda connection: syncing.choose(connection, key, channel, mode, now)))


COMMANDS: dict[str, Command] = {
    **doing_commands.COMMANDS,
    "create": _create,
    "login": _login,
    "logout": _logout,
    "notify": _notify,
    "previews": _previews,
    **look_commands.COMMANDS,
    **tie_commands.COMMANDS,
    **channels.COMMANDS,
    "me": connect_commands.me,
    "subscribe": _subscribe,
    "subscriptions": _subscriptions,
    "sync": _sync,
    "unsubscribe": _unsubscribe,
}
"""By the first word."""
