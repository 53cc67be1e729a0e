"""A Slack channel for one issue: whether a person may have it, making it, who is invited, and its end.

An issue has one channel at a time, a mapping of the type `channel`. All rows about an issue's channel have one ordering
key, so a second request finds what the first one made. A channel that was archived or deleted is none.
"""

from dataclasses import asdict

from adapters.errors import NotFound, Rejected, Unauthorized
from adapters.jira.accounts import Account
from adapters.jira.client import JiraClient
from adapters.jira.issue import Issue
from bot.operations.accounts import acting
from bot.operations.base import Effect, Operation, before_sending
from bot.operations.sites import jira_of
from bot.operations.slack import bare, slack_of
from bot.services import Services
from storage import history, mappings
from storage.integrations import Integration

TYPE = "channel"
SEE, MOVE = "BROWSE_PROJECTS", "TRANSITION_ISSUES"
MOST_NAMES = 10
"""Names that are tried: the plain one, and those with a number behind it."""
NO_SCOPE = (
    "Slack does not let connect do this: a permission is missing. An admin of this workspace has to reinstall the app "
    "with the scopes of its manifest (channels:manage and groups:write)."
)


def archive_key(place: str, ts: str) -> str:
    """The key of the row that archives a channel (`team/channel`) on account of the button beneath a message."""
    return f"archive_channel:{place}:{ts}"


def numbered(name: str) -> list[str]:
    """The names to try, the best first; each within Slack's limit of 80 characters."""
    return [name, *(f"{name[: 79 - len(str(number))].rstrip('-')}-{number}" for number in range(2, MOST_NAMES + 1))]


def _ask(services: Services, row: Integration) -> Effect:
    """Read the issue as the person who asks, and say who belongs into its channel and whether that is private."""
    asked, resource = row.payload["asked"], row.payload["issue"]
    who = acting(services, asked["requester"], resource, SEE)
    issue = who.jira.issue(who.key)
    # Who else may see it connect's own account is to ask: others may not.
    jira, key = jira_of(services, resource)
    users = dict.fromkeys([asked["requester"], *_concerned(services, jira, key, issue)])
    private = issue.secured or _is_private(services, asked["channel"])
    data = {"issue": asdict(issue), "users": list(users), "private": private}
    return Effect(issue.resource, issue.resource, data)


def _concerned(services: Services, jira: JiraClient, key: str, issue: Issue) -> list[str]:
    """Those in Slack (`team/user`) who are known to be its assignee or reporter, if Jira says that they may see it."""
    accounts = [account for account in dict.fromkeys((issue.assignee_id, issue.reporter_id)) if account]
    with services.database.read() as connection:
        known = {
            account: mappings.other_ends(connection, "user", "jira", jira.qualified(account), "slack")
            for account in accounts
        }
    return [one.id for account, found in known.items() if found and _may_see(jira, account, key) for one in found]


def _may_see(jira: JiraClient, account: str, key: str) -> bool:
    try:
        return jira.permitted(Account(account, account, ""), SEE, key)
    except Unauthorized:
        raise
    except Rejected:
        return False


def _is_private(services: Services, channel: str) -> bool:
    """Whether it was asked for in private; what connect cannot see is."""
    try:
        return slack_of(services).channel(bare(channel)).private
    except NotFound:
        return True


def _create(services: Services, row: Integration) -> Effect:
    """Make the channel, unless the issue has one."""
    standing = _standing(services, row)
    if standing is not None:
        return standing
    payload, slack = row.payload, slack_of(services)
    before_sending(services, row)
    for name in numbered(payload["name"]):
        try:
            made = slack.create_channel(name, private=payload["private"])
        except Rejected as error:
            if error.code != "name_taken":
                raise _for_people(error) from error
            made = _made(services, row) if name == payload["name"] else ""
        if made:
            return _new(services, row, made)
    raise Rejected(f"Channels of the name {payload['name']} exist up to number {MOST_NAMES}.", "name_taken")


def _find_created(services: Services, row: Integration) -> Effect | None:
    standing = _standing(services, row)
    if standing is not None:
        return standing
    made = _made(services, row)
    return _new(services, row, made) if made else None


def _made(services: Services, row: Integration) -> str:
    """A channel that this row made, by an answer that was lost. No other issue's has such a name."""
    names = numbered(row.payload["name"])
    return slack_of(services).find_channel(names, since=row.created_at.timestamp())


def _new(services: Services, row: Integration, channel: str) -> Effect:
    place = f"{row.payload['asked']['team']}/{channel}"
    return Effect(channel, place, {"place": place, "former": [one.row_id for one in _known(services, row)]})


def _standing(services: Services, row: Integration) -> Effect | None:
    """The channel that the issue has, as long as people can use it."""
    for one in reversed(_known(services, row)):
        try:
            usable = not slack_of(services).channel(bare(one.id)).archived
        except NotFound:
            usable = False
        if usable:
            return Effect(bare(one.id), one.id, {"place": one.id, "stood": True})
    return None


def _known(services: Services, row: Integration) -> list[mappings.Found]:
    with services.database.read() as connection:
        return mappings.other_ends(connection, TYPE, "jira", row.payload["issue"], "slack")


def _describe(services: Services, row: Integration) -> Effect:
    payload = row.payload
    try:
        slack_of(services).describe_channel(bare(payload["place"]), payload["topic"], payload["purpose"])
    except Rejected as error:
        raise _for_people(error) from error
    return Effect(bare(payload["place"]), payload["place"])


def _invite(services: Services, row: Integration) -> Effect:
    """Invite one after the other: who cannot be invited does not keep the others out."""
    payload, refused = row.payload, dict[str, str]()
    for user in payload["users"]:
        try:
            slack_of(services).invite(bare(payload["place"]), bare(user))
        except Rejected as error:
            if isinstance(error, Unauthorized) and error.code != "missing_scope":
                raise
            refused[user] = str(_for_people(error))
    return Effect(bare(payload["place"]), payload["place"], {"refused": refused})


def _ask_archive(services: Services, row: Integration) -> Effect:
    """Look whether a person may end an issue's channel, and whether nobody has by this button."""
    payload = row.payload
    acting(services, payload["asked"]["requester"], payload["issue"], MOVE)
    key = archive_key(payload["place"], payload["ts"])
    with services.database.read() as connection:
        earlier = history.with_key(connection, key)
    if earlier is not None and earlier.status != "failed":
        raise Rejected("This button was used already.", "used")
    return Effect(payload["issue"], data={"key": key if earlier is None else f"{key}:{row.id}"})


def _archive(services: Services, row: Integration) -> Effect:
    try:
        slack_of(services).archive_channel(bare(row.payload["place"]))
    except Rejected as error:
        raise _for_people(error) from error
    return Effect(bare(row.payload["place"]), row.payload["place"])


def _for_people(error: Rejected) -> Rejected:
    """A missing permission comes back only when somebody acts: the call is not held until then, its asker is told."""
    return Rejected(NO_SCOPE, error.code) if error.code == "missing_scope" else error


IN_JIRA = {
    "ask_channel": Operation(_ask, idempotent=True),
    "ask_archive": Operation(_ask_archive, idempotent=True),
}
IN_SLACK = {
    "create_channel": Operation(_create, find=_find_created),
    "describe_channel": Operation(_describe, idempotent=True),
    "invite": Operation(_invite, idempotent=True),
    "archive_channel": Operation(_archive, idempotent=True),
}
