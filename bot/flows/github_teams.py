"""Which team on GitHub is which group of people in Slack, as admins say: a review asked of the team mentions the group.

A channel has to want that (`/github mentions here on`), since it calls many people at once.
"""

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from adapters.errors import AdapterError, NotFound, Rejected
from bot.flows.asker import Asker
from bot.flows.away import again
from bot.flows.subscribing import say
from bot.message import Message, code, escape
from bot.operations.github import github_of
from bot.operations.github_notices import MENTIONS
from bot.payload import Payload, text
from bot.renderers.github_notices import concerned
from bot.renderers.parts import who
from bot.services import Services
from storage import mappings, preferences
from storage.integrations import NewIntegration
from storage.mappings import NewMapping

TYPE = "team"
GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]+)(?:\|[^>]*)?>|(S[A-Z0-9]{7,})")
NAME_BOTH = "Name a group and its team on GitHub: `/connect map @core github:acme/core`."


def group_named(word: str) -> str:
    """The id of the user group that a word names; empty if it names none."""
    found = GROUP.fullmatch(word)
    return (found[1] or found[2]) if found else ""


def name_team(services: Services, asker: Asker, words: Sequence[str]) -> Message:
    """`/connect map @group github:acme/core`, by an admin."""
    group, named = group_named(words[0]), words[1].removeprefix("github:").lstrip("@") if len(words) == 2 else ""
    if named.count("/") != 1:
        return say(NAME_BOTH)
    try:
        team = github_of(services, urgent=True).team(named)
    except NotFound:
        return say(f"GitHub has no team {code(named)} that I can see. It looks like `acme/core`.")
    except Rejected as error:
        return say(escape(error))
    except AdapterError as error:
        return say(again(services, "GitHub", error, "GitHub did not tell me. Try again in a moment."))
    services.database.run(lambda connection: _keep(services, connection, f"{asker.team}/{group}", team))
    return say(
        f":white_check_mark: <!subteam^{group}> is {code(team)} on GitHub. Channels mention it where a review is asked "
        "of that team, once somebody there types `/github mentions here on`."
    )


def unname_team(services: Services, asker: Asker, group: str) -> Message:
    """`/connect unmap @group`, by an admin."""
    if services.database.run(lambda connection: _forget(connection, f"{asker.team}/{group}")):
        return say(f"I keep no team for <!subteam^{group}> any more.")
    return say(f"I kept no team for <!subteam^{group}>.")


def listed(services: Services, team: str) -> list[str]:
    """A line for each group of a workspace."""
    with services.database.read() as connection:
        found = mappings.of_type(connection, TYPE, "slack", "github")
    mine = [(group, each) for group, each in found if group.startswith(f"{team}/")]
    return [
        f"• <!subteam^{group.partition('/')[2]}> is {code(str(each.extra['name']))} on GitHub" for group, each in mine
    ]


def _keep(services: Services, connection: Connection, group: str, team: str) -> None:
    _forget(connection, group)
    new = NewMapping(TYPE, "slack", group, "github", team.lower(), "", {"name": team})
    mappings.put(connection, new, services.now())


def _forget(connection: Connection, group: str) -> bool:
    found = mappings.other_ends(connection, TYPE, "slack", group, "github")
    for each in found:
        mappings.forget(connection, each.row_id)
    return bool(found)


def groups(connection: Connection, event: str, payload: Payload) -> dict[str, tuple[str, str]]:
    """What a review asked of a team is called, and what instead, by the channels that want its group mentioned."""
    team = next((one.login for one in concerned(event, payload) if one.team and one.kind == "review_requested"), "")
    known = mappings.other_ends(connection, TYPE, "github", team.lower(), "slack") if team else []
    if not known:
        return {}
    of_teams = dict(each.id.split("/", 1) for each in known)
    wanting = [channel for channel, choice in preferences.subjects(connection, MENTIONS).items() if choice == "on"]
    plain = f"asked {who(text(payload, 'requested_team', 'name'))} for"
    return {
        channel: (plain, f"asked <!subteam^{group}> for")
        for channel in wanting
        if (group := of_teams.get(channel.partition("/")[0]))
    }


def called(groups: Mapping[str, tuple[str, str]], rows: Sequence[NewIntegration]) -> list[str]:
    """The channels (`team/channel`) in which the rows mention the group at once."""
    posts = [row.payload for row in rows if row.operation == "post_message"]
    said = [(str(post.get("channel", "")), str(post.get("text", ""))) for post in posts]
    return [channel for channel, words in said if channel in groups and groups[channel][1] in words]
