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
from storage import preferences

ON = (
    ":white_check_mark: When somebody on GitHub mentions you, asks you for a review or assigns something to you, "
    "channels that hear of it mention you from now on, unless I tell you in a direct message (`/github notify`). "
    "`/github mentions off` ends it."
)
OFF = ":white_check_mark: Channels that hear of what concerns you on GitHub show your name, and do not mention you."


def choose(services: Services, asker: Asker, words: Sequence[str]) -> Message:
    """`/github mentions on|off`: whether channels really mention the person."""
    given = [word.lower() for word in words]
    if given[:1] == ["here"]:
        return _here(services, asker, given[1:])
    if given not in (["on"], ["off"]):
        with services.database.read() as connection:
            now = "really mention you" if _allowed(connection, asker.user) else "show your name only"
        return say(
            f"{_unknown(given)}Where a channel hears of what concerns you on GitHub, I {now}. Type `/github mentions "
            "on` or `off`."
        )
    refusal = may_not(services, asker)
    if refusal:
        return say(refusal)
    chosen, now = given[0], services.now()
    services.database.run(lambda connection: preferences.put(connection, asker.user, MENTIONS, chosen, now))
    return say(ON if chosen == "on" else OFF)


def _here(services: Services, asker: Asker, given: Sequence[str]) -> Message:
    """`/github mentions here on|off`: whether this channel mentions the group of a team that is asked for a review."""
    if given not in (["on"], ["off"]):
        with services.database.read() as connection:
            now = "mention" if _allowed(connection, asker.channel) else "name"
        return say(
            f"{_unknown(given)}Where a review is asked of a team, I {now} its group here. Type `/github mentions "
            "here on` or `off`."
        )
    refusal = may_not(services, asker)
    if refusal:
        return say(refusal)
    chosen, now = given[0], services.now()
    services.database.run(lambda connection: preferences.put(connection, asker.channel, MENTIONS, chosen, now))
    if chosen == "off":
        return say(":white_check_mark: Where a review is asked of a team, I name it here and mention nobody.")
    return say(
        ":white_check_mark: Where a review is asked of a team, I mention its group here, if an admin said which that "
        "is: `/connect map @group github:acme/core`."
    )


def _unknown(given: Sequence[str]) -> str:
    return f"I do not know {code(given[0], 60)} there. " if given else ""


def with_people(services: Services, event: str, payload: Payload) -> Payload:
    """The payload, with those whom channels are to mention because of it: their Slack ids by login."""
    named = [one for one in concerned(event, payload) if not one.team and one.kind in _SHOWN]
    if not named:
        return payload
    people = dict[str, str]()
    with services.database.read() as connection:
        for one in named:
            for user in people_of(connection, one.login, one.number):
                told = one.kind in (preferences.get(connection, user, PREFERENCE) or ())
                if _allowed(connection, user) and not told:
                    people[one.login.casefold()] = user.rpartition("/")[2]
    return {**payload, KEY: {**mapping(payload, KEY), "people": people}} if people else payload


_SHOWN = ("mentioned", "review_requested", "assigned")


def _allowed(connection: Connection, user: str) -> bool:
    return preferences.get(connection, user, MENTIONS) == "on"
