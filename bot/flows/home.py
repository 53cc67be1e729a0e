"""A person's home: it is there at once with what is known, and filled in when Jira has answered, which a row asks.

It is not published more often than useful: who comes back within half a minute sees what is there, and what was found
for a list that is no longer wanted is not shown. If Jira takes long, the home says so, and fills itself in later.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from adapters.errors import AdapterError
from bot.flows.asker import Asker, may_not
from bot.flows.plan import Consequences, Plan, to_slack
from bot.flows.subscribing import say
from bot.flows.tell import tell
from bot.flows.tickets import cause_of, issue_from
from bot.message import escape
from bot.operations.home import kept_of
from bot.operations.links import SERVICE
from bot.payload import Payload, text
from bot.renderers import home as page
from bot.renderers.home import Found, State, read_state, state_of
from bot.renderers.home_settings import Kept
from bot.services import Services
from storage import history
from storage.integrations import Integration, NewIntegration

FRESH = 30
"""Seconds for which a home is good: opened again meanwhile, it stays as it is."""
LATE = timedelta(seconds=5)
"""After this somebody who waits is told that Jira does not answer."""
OFF = "Jira is not connected yet: whoever runs connect has to set JIRA_BASE_URL and JIRA_API_TOKEN."


def opened(services: Services, plan: Plan, asker: Asker, view: Payload) -> None:
    """Somebody looks at their home; `view` is what they see, if it was ever published."""
    there, state = bool(text(view, "id")), shown_in(services, view)
    age = int(services.now().timestamp()) - state.at
    if there and (0 <= age < FRESH or _under_way(services, asker.user)):
        return
    if _refused(services, plan, asker):
        return
    if there and state.at:
        _refresh(services, plan, asker, state, view)
    else:
        show(services, plan, asker, state)


def shown_in(services: Services, view: Payload) -> State:
    """What a home shows; of the main Jira, if the one that it showed is there no more."""
    state = read_state(text(view, "private_metadata"))
    return state if state.site in ("", *services.settings.jira_sites) else State(state.tab)


def show(services: Services, plan: Plan, asker: Asker, state: State) -> None:
    """Show a list, or a search, at once without what Jira has to say, and ask Jira for that."""
    if _refused(services, plan, asker):
        return
    wanted, kept = replace(state, following="", at=0), _kept(kept_of(services, asker.user))
    away = _away(services, wanted)
    late = page.home(wanted, kept, Found(instead=page.AWAY, again=True))
    first = late if away else page.home(wanted, kept, Found(instead=page.LOOKING))
    publish(plan, asker, first)
    plan.add(_asked(f"{plan.key}:read_home", plan.event, asker.user, wanted.brief))
    if not away:
        _later(services, plan, asker, late, {"shown": f"{plan.key}:home"})


def again(services: Services, plan: Plan, asker: Asker, view: Payload, said: str = "") -> None:
    """Ask Jira anew for what is shown, and leave it standing meanwhile; `said` (mrkdwn) is shown with the answer."""
    if not _refused(services, plan, asker):
        state = shown_in(services, view)
        plan.add(_asked(f"{plan.key}:read_home", plan.event, asker.user, state.brief, said))


def note(plan: Plan, asker: Asker, view: Payload, sentence: str) -> None:
    """Show a sentence (mrkdwn) above what somebody sees."""
    publish(plan, asker, page.with_note(view, sentence))


def publish(plan: Plan, asker: Asker, view: Mapping[str, Any]) -> None:
    """Show a home."""
    cause = {"source_service": "slack", "event_type": plan.event, "source_id": asker.user}
    plan.add(_publish(f"{plan.key}:home", asker.user, cause, view))


def after(row: Integration, said: str = "") -> NewIntegration:
    """What was asked for in a home has ended: it shows that, and what has become of the issues."""
    return _asked(f"{row.key}:read_home", row.event_type, row.payload["requester"], row.payload["home"], said)


def filled(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """Jira has answered: the home shows it, unless it is to show something else by now."""
    if data.get("superseded"):
        return _told(row)
    given = row.payload["home"]
    state = replace(state_of(given), following=data["next"], at=data["at"])
    problem = _problem(data["problem"], data["code"])
    found = Found([issue_from(issue) for issue in data["issues"]], problem, bool(problem), row.payload["said"])
    view = page.home(state, _kept(data["kept"]), found)
    return Consequences(integrations=(_publish(f"{row.key}:home", row.payload["requester"], cause_of(row), view),))


def not_filled(row: Integration, _: AdapterError) -> Consequences:
    """Jira could not be asked at all: the home says by itself that it does not answer."""
    return _told(row)


def _told(row: Integration) -> Consequences:
    """How something ended that was asked for in the home is not lost, though the home shows something else."""
    if not row.payload["said"]:
        return Consequences()
    answer = tell({"requester": row.payload["requester"]}, f"{row.key}:told", cause_of(row), say(row.payload["said"]))
    return Consequences(integrations=(answer,) if answer else ())


def _refresh(services: Services, plan: Plan, asker: Asker, state: State, view: Payload) -> None:
    """What is there stays until Jira has answered, or with a word about it if Jira does not."""
    waits = page.with_note(view, page.AWAY)
    plan.add(_asked(f"{plan.key}:read_home", plan.event, asker.user, state.brief))
    if _away(services, state):
        publish(plan, asker, waits)
    else:
        _later(services, plan, asker, waits, {"hash": text(view, "hash")})


def _later(services: Services, plan: Plan, asker: Asker, view: Mapping[str, Any], over: Mapping[str, str]) -> None:
    """What is shown in a while, if what it is to replace is still there."""
    cause = {"source_service": "slack", "event_type": plan.event, "source_id": asker.user}
    key, payload = f"{plan.key}:late_home", {"user": asker.user, "view": view,
                    "over": {"asked": f"{plan.key}:read_home", **over}}  # fmt: skip
    row = to_slack("publish_home", key, key, cause, asker.user, payload)
    plan.add(replace(row, not_before=services.now() + LATE))


def _refused(services: Services, plan: Plan, asker: Asker) -> bool:
    """Whether a home has nothing for this person but the reason why."""
    reason = ("" if services.jira else OFF) or may_not(services, asker)
    if reason:
        publish(plan, asker, page.only(escape(reason), int(services.now().timestamp())))
    return bool(reason)


def _problem(sentence: str, code: str) -> str:
    if not sentence:
        return ""
    return page.NO_ACCOUNT if code == "no_account" else f":warning: {escape(sentence)}"


def _under_way(services: Services, user: str) -> bool:
    with services.database.read() as connection:
        return history.waiting(connection, _order(user), ("read_home",))


def _away(services: Services, state: State) -> bool:
    """Whether it is known already that this Jira does not answer now."""
    lane = f"{SERVICE}@{state.site}" if state.site else SERVICE
    return services.watch.paused_until(lane, services.now()) is not None


def _kept(given: Mapping[str, Any]) -> Kept:
    return Kept(**given)


def _order(user: str) -> str:
    return f"home:{user}"


def _asked(key: str, event: str, user: str, home: Mapping[str, Any], said: str = "") -> NewIntegration:
    site = home["site"]
    payload = {"requester": user, "home": home, "project": f"{site}/" if site else "", "said": said}
    return NewIntegration("read_home", key, _order(user), "slack", "jira", event, user, "", payload)


def _publish(key: str, user: str, cause: Mapping[str, str], view: Mapping[str, Any]) -> NewIntegration:
    return to_slack("publish_home", key, _order(user), cause, user, {"user": user, "view": view})
