"""Mentions on GitHub as mentions in Slack: of people who allow it, and of nobody else, whatever is typed.

What GitHub itself takes for a mention, a request for a review or an assignment is one; what only looks like it is text.
Who hears of the same in a direct message is shown by name, so that nobody is told twice.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.flows.asker import Asker, may_not
from bot.flows.subscribing import say
from bot.message import Message, code
from bot.operations.github_notices import MENTIONS, PREFERENCE, people_of
from bot.payload import Payload, mapping
from bot.renderers.github_known import KEY
from bot.renderers.github_notices import concerned
from bot.services import Services
from bot.spelling import meant
from storage import preferences

FOR_ME = {
    "on": ":white_check_mark: When somebody on GitHub mentions you, asks you for a review or assigns something to you, "
    "channels that hear of it mention you from now on, unless I tell you in a direct message (`/github notify`). "
    "`/github mentions off` ends it.",
    "off": ":white_check_mark: Channels that hear of what concerns you on GitHub show your name, and do not mention "
    "you.",
}
HERE = {
    "on": ":white_check_mark: Where a review is asked of a team, I mention its group here, if an admin said which that "
    "is: `/connect map @group github:acme/core`.",
    "off": ":white_check_mark: Where a review is asked of a team, I name it here and mention nobody.",
}


def choose(services: Services, asker: Asker, words: Sequence[str]) -> Message:
    """`/github mentions [here] on|off`: whether channels really mention the person; here, the group of a team."""
    given = [word.lower() for word in words]
    here = given[:1] == ["here"]
    given, subject = (given[1:], asker.channel) if here else (given, asker.user)
    if given not in (["on"], ["off"]):
        with services.database.read() as connection:
            return say(_unknown(given) + _now(allowed=_allowed(connection, subject), here=here))
    refusal = may_not(services, asker)
    if refusal:
        return say(refusal)
    chosen, now = given[0], services.now()
    services.database.run(lambda connection: preferences.put(connection, subject, MENTIONS, chosen, now))
    return say((HERE if here else FOR_ME)[chosen])


def _now(*, allowed: bool, here: bool) -> str:
    if here:
        does = "mention" if allowed else "name"
        return f"Where a review is asked of a team, I {does} its group here. Type `/github mentions here on` or `off`."
    does = "really mention you" if allowed else "show your name only"
    return f"Where a channel hears of what concerns you on GitHub, I {does}. Type `/github mentions on` or `off`."


def _unknown(given: Sequence[str]) -> str:
    return (
        f"I do not know {code(given[0], 60)} there.{meant(given[0], ('on', 'off', 'here'), '`{}`')} " if given else ""
    )


def with_people(services: Services, event: str, payload: Payload) -> Payload:
    """The payload, with those whom channels are to mention because of it: who they are in Slack, by login."""
    named = [one for one in concerned(event, payload) if not one.team and one.kind in _SHOWN]
    if not named:
        return payload
    people = dict[str, list[str]]()
    with services.database.read() as connection:
        for one in named:
            for user in people_of(connection, one.login, one.number):
                told = one.kind in (preferences.get(connection, user, PREFERENCE) or ())
                if _allowed(connection, user) and not told:
                    people.setdefault(one.login.casefold(), []).append(user)
    return {**payload, KEY: {**mapping(payload, KEY), "people": people}} if people else payload


_SHOWN = ("mentioned", "review_requested", "assigned")


def _allowed(connection: Connection, user: str) -> bool:
    return preferences.get(connection, user, MENTIONS) == "on"
