"""What the Jira stand-in keeps: users, projects, issues, comments and worklogs, and what is there from the start."""

from dataclasses import dataclass, field
from typing import Any, cast

from sandbox.jira.adf import plain_text

type Json = dict[str, Any]


def as_object(raw: object) -> Json:
    """A JSON object as it is, anything else as an empty one."""
    return cast("Json", raw) if isinstance(raw, dict) else {}


class Refusal(Exception):
    """An answer that is not a success, in Jira's shape: general sentences and sentences per field."""

    def __init__(self, status: int, *messages: str, errors: dict[str, str] | None = None) -> None:
        super().__init__(status, messages, errors)
        self.status = status
        self.messages = list(messages)
        self.errors = errors or {}


@dataclass(frozen=True)
class User:
    """`account_id` tells users apart on Cloud, `name` on Data Center."""

    account_id: str
    name: str
    display: str
    email: str

    def is_called(self, wanted: str) -> bool:
        """Whether one of the user's names begins so, as Jira's searches for users have it."""
        names = (self.email, self.name, self.display, *self.display.split())
        return any(word.casefold().startswith(wanted.casefold()) for word in names)


@dataclass(frozen=True)
class IssueType:
    """`level` is 1 for what stands above ordinary issues, such as an epic."""

    id: str
    name: str
    subtask: bool = False
    level: int = 0


@dataclass(frozen=True)
class Status:
    id: str
    name: str
    category: str


@dataclass
class Project:
    """`required` holds the custom fields that every new issue needs, by id; `screens` more fields, by a type's id."""

    id: str
    key: str
    name: str
    types: list[IssueType]
    required: dict[str, str] = field(default_factory=dict[str, str])
    count: int = 0
    screens: dict[str, list[Any]] = field(default_factory=dict[str, list[Any]])
    components: list[str] = field(default_factory=list[str])


@dataclass
class Comment:
    """`body` is ADF on Cloud and wiki text on Data Center."""

    id: str
    author: User
    body: Any
    created: float
    updated: float
    update_author: User
    visibility: Json | None = None
    public: bool = True
    properties: Json = field(default_factory=dict[str, Any])

    @property
    def text(self) -> str:
        """The body's words without any markup of ADF."""
        return plain_text(self.body)


@dataclass(frozen=True)
class Attachment:
    """A file of an issue."""

    id: str
    name: str
    mimetype: str
    content: bytes
    author: User
    created: float


@dataclass
class Worklog:
    """Time somebody spent: `started` and `created` are seconds since 1970, `seconds` how long it took."""

    id: str
    author: User
    comment: Any
    started: float
    seconds: int
    created: float
    properties: Json = field(default_factory=dict[str, Any])


@dataclass
class Issue:
    """`description` is ADF on Cloud and wiki text on Data Center; times are seconds since 1970."""

    id: str
    key: str
    project: Project
    type: IssueType
    summary: str
    creator: User
    reporter: User
    created: float
    updated: float
    status: Status
    description: Any = None
    assignee: User | None = None
    priority: str = "Medium"
    labels: list[str] = field(default_factory=list[str])
    components: list[str] = field(default_factory=list[str])
    due: str | None = None
    security: str | None = None
    resolution: str | None = None
    parent: str | None = None
    custom: Json = field(default_factory=dict[str, Any])
    comments: list[Comment] = field(default_factory=list[Comment])
    properties: Json = field(default_factory=dict[str, Any])
    links: list[Json] = field(default_factory=list[Json])
    attachments: list[Attachment] = field(default_factory=list[Attachment])
    watchers: list[User] = field(default_factory=list[User])
    worklogs: list[Worklog] = field(default_factory=list[Worklog])
    history: list[Json] = field(default_factory=list[Json])
    """The changes as `expand=changelog` shows them, oldest first."""

    @property
    def text(self) -> str:
        """The description's words without any markup of ADF."""
        return plain_text(self.description)


STATUSES = [
    Status("10000", "To Do", "new"),
    Status("10001", "In Progress", "indeterminate"),
    Status("10002", "In Review", "indeterminate"),
    Status("10003", "Done", "done"),
]


@dataclass(frozen=True)
class Transition:
    """A step of the workflow; `screen` holds the fields that its dialog asks for, and whether each is required."""

    id: str
    name: str
    to: str
    start: frozenset[str]
    screen: tuple[tuple[str, bool], ...] = ()


# `Resolve` and `Done` lead to the same status: names of transitions and of statuses are not the same thing.
TRANSITIONS = [
    Transition("11", "To Do", "To Do", frozenset({"In Progress", "In Review"})),
    Transition("21", "Start work", "In Progress", frozenset({"To Do", "In Review"})),
    Transition("31", "Ask for review", "In Review", frozenset({"In Progress"})),
    Transition("41", "Done", "Done", frozenset({"To Do", "In Progress", "In Review"})),
    Transition("51", "Resolve", "Done", frozenset({"In Progress", "In Review"}), (
        ("resolution", True), ("assignee", False), ("customfield_10016", False),
    )),
    Transition("61", "Reopen", "To Do", frozenset({"Done"})),
]  # fmt: skip
RESOLUTIONS = {"10000": "Done", "10001": "Won't Do", "10002": "Duplicate"}
PRIORITIES = {"1": "Highest", "2": "High", "3": "Medium", "4": "Low", "5": "Lowest"}

ADA = User("712020:ada00000-1111-4222-8333-444455556666", "ada", "Ada Lovelace", "ada@example.com")
GRACE = User("5b10ac8d82e05b22cc7d4ef5", "grace", "Grace Hopper", "grace@example.com")


def projects() -> list[Project]:
    """Two ordinary projects and one whose issues need a field that connect does not know."""
    usual = [
        IssueType("10002", "Task"),
        IssueType("10004", "Bug"),
        IssueType("10001", "Story"),
        IssueType("10003", "Sub-task", subtask=True),
    ]
    return [
        Project("10000", "OPS", "Operations", usual),
        Project("10001", "WEB", "Website", usual),
        Project("10002", "HR", "People", [IssueType("10010", "Request")], {"customfield_10050": "Employee number"}),
    ]
