"""Who is who on GitHub, as a person says it: `/github me`, `/github login` and `/github logout`.

Signing in is OAuth's device flow: connect shows a code, the person types it in on GitHub's own page, and a row asks
GitHub whether they have. Nothing but the code is ever shown, and what was allowed is encrypted before it is stored.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from adapters.errors import AdapterError, Rejected
from bot.flows.asker import Asker, may_not
from bot.flows.away import again
from bot.flows.plan import Consequences, Plan, to_slack
from bot.flows.subscribing import say
from bot.message import Message, context, escape, link, section, strong
from bot.operations import identities
from bot.operations.github_accounts import on_github
from bot.operations.github_links import SERVICE, linked
from bot.operations.sign_in import PREFERENCE, REPLACED
from bot.services import Services
from storage import preferences, tokens
from storage.integrations import Integration, NewIntegration
from storage.tokens import Kept

BY = "oauth"
AWAY = "GitHub did not tell me. Try again in a moment."
OFF = (
    "Accounts cannot be linked yet: whoever runs connect has to set GITHUB_OAUTH_CLIENT_ID. Until then I act for you "
    "by my own account on GitHub, and name you in the text."
)
NO_CODES_HERE = "For your safety I show a code to a command only: type `/github login`, or `/connect github login`."


def me(services: Services, asker: Asker, command: str) -> Message:
    """Which GitHub account a person has here, how it was found, and how to name another."""
    refusal = may_not(services, asker)
    if refusal or services.urgent.slack is None:
        return say(refusal)
    other = f"`{command} login` says which one is yours."
    if services.signing_in is None:
        other = f"An admin can say which one is yours: `/connect map <@{asker.user.partition('/')[2]}> github:login`."
    try:
        person = services.people.person(services.urgent.slack, asker.user)
        account = on_github(services, person, asker.user, urgent=True)
    except AdapterError as error:
        return say(again(services, "GitHub", error, AWAY))
    with services.database.read() as connection:
        kept = identities.kept(connection, asker.user, "", "github")
    if account is None or kept is None:
        return say(f"I do not know your account on GitHub: none shows your e-mail address. {other}")
    text = f"On GitHub you are {strong(account.name, 100)} ({identities.HOW[kept.by]}). {_way(services, asker.user)}"
    return Message(text, [section(text), context(f"Is it another account? {other}")])


def _way(services: Services, user: str) -> str:
    if linked(services, user):
        return "I act for you by that account."
    return "I act for you by my own account, after asking GitHub whether you may, and name you in the text."


def login(services: Services, asker: Asker, plan: Plan) -> Message:
    """A code, and where to type it in; a row waits for that."""
    linking = services.signing_in
    refusal = may_not(services, asker)
    if refusal or linking is None:
        return say(refusal or OFF)
    try:
        code = linking.urgent.begin()
    except Rejected as problem:
        return say(f"GitHub does not let people link their accounts here. Tell whoever runs connect: {escape(problem)}")
    except AdapterError as error:
        return say(again(services, "GitHub", error, AWAY))
    now, key = services.now(), f"sign_in:{secrets.token_hex(16)}"
    value = {"key": key, "interval": code.interval}
    services.database.run(lambda connection: preferences.put(connection, asker.user, PREFERENCE, value, now))
    plan.add(NewIntegration(
        operation="sign_in", key=key, ordering_key=f"github:{key}", source_service="slack", target_service="github",
        event_type=plan.event, source_id=asker.user, target_id=asker.user,
        payload={"requester": asker.user, "device_code": linking.vault.seal(code.device_code)},
        not_before=now + timedelta(seconds=code.interval),
    ))  # fmt: skip
    kept = linked(services, asker.user)
    before = f"You have linked {strong(kept.whose.display)}. " if kept else ""
    minutes = max(round(code.seconds / 60), 1)
    return say(
        f"{before}Open {link(code.url, code.url)} and type in the code `{escape(code.user_code)}` within {minutes} "
        "minutes. From then on what you do from Slack appears on GitHub under your own name. I write to you when it is "
        "done.\n"
        "Never type in a code that somebody else gave you: it would let them act as you."
    )


def logout(services: Services, asker: Asker) -> Message:
    """Forget what the person allowed."""
    kept = services.database.run(lambda connection: _forget(services, connection, asker.user))
    linking = services.signing_in
    if linking is None or kept is None:
        return say("You have linked no GitHub account. I act for you by my own, and name you in the text.")
    page = f"{linking.device.site}/settings/connections/applications/{linking.device.client_id}"
    return say(
        f"Done: {strong(kept.whose.display)} is no longer linked, and I have forgotten what you had allowed. From now "
        f"on I act for you by my own account. In {link(page, 'your settings on GitHub')} you can take connect off the "
        "list of apps as well."
    )


def _forget(services: Services, connection: Connection, user: str) -> Kept | None:
    preferences.remove(connection, user, PREFERENCE)
    site = services.signing_in.device.site if services.signing_in else ""
    kept = tokens.remove(connection, SERVICE, site, user)
    known = identities.kept(connection, user, "", "github")
    if kept and known and known.by == BY:
        identities.forget(connection, user, "", "github")
    return kept


# --- what comes of it ------------------------------------------------------------------------------------------------


def signed_in(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The account is theirs from now on, and they are told so, whoever typed the code in."""

    def store(connection: Connection, now: datetime) -> list[NewIntegration]:
        user = row.payload["requester"]
        tokens.put(connection, data["whose"], data["sealed"], now)
        identities.keep(connection, user, "", data["account"], BY, now, "github")
        preferences.remove(connection, user, PREFERENCE)
        return [_direct(row, text)]

    text = (
        f"Your Slack account is now linked to the GitHub account {strong(data['account'].name)}: what you do from here "
        "appears under that name. If this was not you, type `/github logout` and tell whoever looks after connect."
    )
    return Consequences(later=store)


def not_signed_in(row: Integration, error: AdapterError) -> Consequences:
    """They are told why, unless they asked for another code since."""
    if isinstance(error, Rejected) and error.code == REPLACED:
        return Consequences()

    def store(connection: Connection, _: datetime) -> list[NewIntegration]:
        preferences.remove(connection, row.payload["requester"], PREFERENCE)
        return [_direct(row, text)]

    text = f"Your GitHub account was not linked. {escape(error)} To try again, type `/github login`."
    return Consequences(later=store)


def _direct(row: Integration, text: str) -> NewIntegration:
    user = row.payload["requester"]
    cause = {"source_service": "github", "event_type": "linked", "source_id": user}
    key = f"{row.key}:told"
    return to_slack("post_message", key, key, cause, user, {"channel": user}, Message(text, [section(text)]))
