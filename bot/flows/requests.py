"""What `POST /api/v1/integrations` can ask for: one function for each kind of request, and the list of all kinds."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from adapters.document import plain
from adapters.github.issues import BODY_LIMIT
from adapters.github.markup import write_markdown
from adapters.jira.issue import RESOURCE
from adapters.jira.site import TEXT_LIMIT
from bot.flows import replies, tickets
from bot.flows.plan import Consequences, to_slack
from bot.message import Message, escape, link, section
from bot.operations.words import SUMMARY_LIMIT
from storage.integrations import Integration, NewIntegration

Words = Annotated[str, Field(min_length=1, max_length=40_000)]
ForJira = Annotated[str, Field(min_length=1, max_length=TEXT_LIMIT)]
SlackId = Annotated[str, Field(pattern=r"^[A-Z0-9]{2,30}$")]
Ts = Annotated[str, Field(pattern=r"^[0-9]{1,12}\.[0-9]{1,6}$")]
Name = Annotated[str, Field(max_length=100)]


def _fits_github(body: str) -> str:
    # What would be Markdown in it is escaped, and that may double it.
    written = len(write_markdown(plain(body)))
    if written > BODY_LIMIT:
        raise ValueError(f"is {written} characters long as Markdown, and GitHub takes no more than {BODY_LIMIT}")
    return body


GitHubBody = Annotated[str, Field(max_length=60_000), AfterValidator(_fits_github)]
Repository = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$", max_length=200)]


class Payload(BaseModel):
    """A request's payload; unknown keys are refused, so that a misspelt one is not silently without effect."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class CreateTicket(Payload):
    """slack → jira `create_ticket`."""

    message: ForJira
    channel: SlackId
    summary: Annotated[str, Field(max_length=SUMMARY_LIMIT)] = ""
    description: Annotated[str, Field(max_length=TEXT_LIMIT)] = ""
    project: Name = ""
    issue_type: Name = ""
    thread_ts: Ts | None = None
    user: SlackId | None = None


def _is_key(value: str) -> str:
    site, _, key = value.rpartition("/")
    resource = f"{site}/{key.upper()}" if site else key.upper()
    if not RESOURCE.fullmatch(resource):
        raise ValueError("is not an issue key such as OPS-1")
    return resource


IssueKey = Annotated[str, AfterValidator(_is_key)]


class AddComment(Payload):
    """slack → jira `add_comment`."""

    issue: IssueKey
    message: ForJira


class PostMessage(Payload):
    """github → slack `post_message`; in the text, Slack's marks work, mentions and links are plain."""

    channel: SlackId
    text: Words
    thread_ts: Ts | None = None


class PostOfJira(Payload):
    """jira → slack `post_message`: in a channel or thread, or in every thread of an issue."""

    text: Words
    channel: SlackId | None = None
    thread_ts: Ts | None = None
    issue: Annotated[IssueKey | None, Field(validate_default=True)] = None

    @field_validator("issue")
    @classmethod
    def _is_the_one_place(cls, value: str | None, info: ValidationInfo) -> str | None:
        channel, thread_ts = info.data.get("channel"), info.data.get("thread_ts")
        if value is not None and (channel or thread_ts):
            raise ValueError("goes without channel and thread_ts: an issue knows its threads")
        if value is None and "channel" in info.data and channel is None:
            raise ValueError("name a channel or an issue")
        return value


class CreateGitHubIssue(Payload):
    """slack → github `create_issue`; `channel` gets the link."""

    repository: Repository
    title: Annotated[str, Field(min_length=1, max_length=256)]
    body: GitHubBody = ""
    channel: SlackId | None = None


class AddGitHubComment(Payload):
    """slack → github `add_comment`, on the issue or the pull request of this `number`."""

    repository: Repository
    number: Annotated[int, Field(strict=True, ge=1, lt=2**31)]
    body: Annotated[GitHubBody, Field(min_length=1)]


def _create_ticket(given: Any, key: str, team: str) -> NewIntegration:
    channel = f"{team}/{given.channel}"
    thread = f"{channel}/{given.thread_ts}" if given.thread_ts else ""
    payload = given.model_dump(exclude_none=True) | {
        "origin": "rest", "typed": True, "text": given.description or given.message,
        "summary": given.summary or given.message, "channel": channel, "thread": thread, "place": thread, "team": team,
        "requester": f"{team}/{given.user}" if given.user else "",
    }  # fmt: skip
    return tickets.request_issue(key, "create_ticket", payload)


def _add_comment(given: Any, key: str, team: str) -> NewIntegration:
    payload = given.model_dump() | {"origin": "rest", "typed": True, "text": given.message, "team": team}
    del payload["message"]
    return replies.comment(given.issue, key, "add_comment", payload)


def _post_message(service: str) -> Callable[[Any, str, str], NewIntegration]:
    def build(given: Any, key: str, team: str) -> NewIntegration:
        channel = f"{team}/{given.channel}"
        target = f"{channel}/{given.thread_ts}" if given.thread_ts else channel
        cause = {"source_service": service, "event_type": "post_message", "source_id": ""}
        payload = {"channel": channel, "thread_ts": given.thread_ts or "", "origin": "rest"}
        return to_slack("post_message", key, target, cause, target, payload, Message(escape(given.text, 40_000)))

    return build


_post_in_channel = _post_message("jira")


def _post_of_jira(given: Any, key: str, team: str) -> NewIntegration:
    if given.issue is None:
        return _post_in_channel(given, key, team)
    cause = {"source_service": "jira", "event_type": "post_message", "source_id": given.issue}
    payload = {"issue": given.issue, "origin": "rest"}
    order = f"threads:{given.issue}"
    return to_slack("find_threads", key, order, cause, given.issue, payload, Message(escape(given.text, 40_000)))


def told_in_threads(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The text is posted in every thread of the issue."""
    said, cause = Message(row.payload["text"]), tickets.cause_of(row)
    places = [(thread, *thread.rpartition("/")[::2]) for thread in data["threads"]]
    return Consequences(integrations=tuple(
        to_slack("post_message", f"{row.key}:{thread}", f"{channel}:{row.payload['issue']}", cause, thread,
                 {"channel": channel, "thread_ts": ts}, said)
        for thread, channel, ts in places
    ))  # fmt: skip


def _create_github_issue(given: Any, key: str, team: str) -> NewIntegration:
    channel = f"{team}/{given.channel}" if given.channel else ""
    return NewIntegration(
        operation="create_issue",
        key=key,
        ordering_key=f"github:{given.repository}",
        source_service="slack",
        target_service="github",
        event_type="create_issue",
        source_id=channel,
        target_id=given.repository,
        payload=given.model_dump() | {"channel": channel, "body": write_markdown(plain(given.body)), "origin": "rest"},
    )


def _add_github_comment(given: Any, key: str, _team: str) -> NewIntegration:
    resource = f"{given.repository}#{given.number}"
    return NewIntegration(
        operation="add_comment",
        key=key,
        ordering_key=f"github:{resource}",
        source_service="slack",
        target_service="github",
        event_type="add_comment",
        source_id="",
        target_id=resource,
        payload=given.model_dump() | {"body": write_markdown(plain(given.body)), "origin": "rest"},
    )


def github_issue_created(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The link of an issue made on GitHub is posted in the channel that was named."""
    channel = row.payload.get("channel")
    if not channel:
        return Consequences()
    text = f"Created {link(data['url'], data['resource'])}: {link(data['url'], row.payload['title'])}"
    payload = {"channel": channel, "card": {"service": "github", "origin": "slack", **data}}
    post = to_slack(
        "post_message", f"card:{channel}:github:{data['resource']}", f"{channel}:{data['resource']}",
        tickets.cause_of(row), channel, payload,
        Message(text, [section(text)]),
    )  # fmt: skip
    return Consequences(integrations=(post,))


type Kind = tuple[type[Payload], Callable[[Any, str, str], NewIntegration]]
KINDS: dict[tuple[str, str, str], Kind] = {
    ("slack", "jira", "create_ticket"): (CreateTicket, _create_ticket),
    ("slack", "jira", "add_comment"): (AddComment, _add_comment),
    ("jira", "slack", "post_message"): (PostOfJira, _post_of_jira),
    ("github", "slack", "post_message"): (PostMessage, _post_message("github")),
    ("slack", "github", "create_issue"): (CreateGitHubIssue, _create_github_issue),
    ("slack", "github", "add_comment"): (AddGitHubComment, _add_github_comment),
}
