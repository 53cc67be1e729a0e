"""What the GitHub stand-in remembers; how it is shown is the business of `shapes`."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Person:
    """An account: a person, a bot or an organization."""

    id: int
    login: str
    name: str
    type: str = "User"
    email: str = ""
    """The address that the profile shows to everybody; empty if it shows none."""


@dataclass
class Label:
    id: int
    name: str
    color: str = "ededed"
    description: str = ""


@dataclass
class Milestone:
    id: int
    number: int
    title: str
    creator: Person
    created_at: float
    closed_at: float | None = None


@dataclass
class Comment:
    id: int
    author: Person
    body: str
    created_at: float
    edited_at: float = 0.0

    @property
    def updated_at(self) -> float:
        return self.edited_at or self.created_at


@dataclass
class Remark:
    """A comment on a line of a pull request's files."""

    id: int
    author: Person
    body: str
    created_at: float
    path: str
    line: int
    sha: str


@dataclass
class Review:
    id: int
    author: Person
    state: str
    body: str | None
    submitted_at: float
    updated_at: float


@dataclass
class Gate:
    """An environment that a run may deploy to only after a review by one of these (logins, or slugs of teams)."""

    id: int
    environment: str
    people: list[str]
    teams: list[str]


@dataclass
class Verdict:
    """What somebody decided about a gate."""

    gate: Gate
    state: str
    by: Person
    comment: str


@dataclass
class Run:
    """A workflow run and its check suite; or a suite of another app's, which has no run (`id` is 0)."""

    id: int
    suite_id: int
    workflow_id: int
    number: int
    name: str
    app: str
    branch: str
    sha: str
    event: str
    title: str
    actor: Person
    started_at: float
    updated_at: float
    status: str = "queued"
    conclusion: str | None = None
    attempt: int = 1
    gates: list[Gate] = field(default_factory=list[Gate])
    """Those that it waits for."""
    verdicts: list[Verdict] = field(default_factory=list[Verdict])


@dataclass
class Workflow:
    """A workflow of GitHub Actions; `inputs` says of each whether it is required."""

    id: int
    name: str
    inputs: dict[str, bool]
    by_hand: bool
    """Whether it can be started by hand."""
    state: str = "active"
    given: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """What its runs that were started by hand were given."""


@dataclass
class Pull:
    """What makes a ticket a pull request."""

    id: int
    head: str
    base: str
    head_sha: str
    base_sha: str
    draft: bool
    merged_at: float | None = None
    merged_by: Person | None = None
    merge_sha: str = ""
    reviewers: list[Person] = field(default_factory=list[Person])
    """Who is asked for a review and has not given one since."""
    reviews: list[Review] = field(default_factory=list[Review])
    from_outside: bool = False
    """Whether its branch is in a fork, which is gone by now, of somebody who has no part in the repository."""
    remarks: list[Remark] = field(default_factory=list[Remark])
    teams: list[str] = field(default_factory=list[str])
    """The slugs of the teams that are asked."""
    asked: list[tuple[float, Person | None]] = field(default_factory=list[tuple[float, Person | None]])
    """Each request for a review: when it was made, and of whom; None stands for a team."""
    standing: str = "clean"
    """GitHub's `mergeable_state`: `clean`, `dirty` (it has conflicts), `blocked` (by what its base requires), …"""


@dataclass
class Ticket:
    """An issue or a pull request: they share a series of numbers, comments, labels and states."""

    id: int
    number: int
    title: str
    body: str | None
    author: Person
    created_at: float
    updated_at: float
    closed_at: float | None = None
    closed_by: Person | None = None
    reason: str | None = None
    labels: list[str] = field(default_factory=list[str])
    assignees: list[Person] = field(default_factory=list[Person])
    comments: list[Comment] = field(default_factory=list[Comment])
    pull: Pull | None = None
    milestone: Milestone | None = None
    type: str = ""
    """The name of its issue type."""

    @property
    def state(self) -> str:
        return "open" if self.closed_at is None else "closed"


@dataclass
class Discussion:
    id: int
    number: int
    title: str
    body: str
    category: str
    author: Person
    created_at: float
    comments: list[Comment] = field(default_factory=list[Comment])


@dataclass
class Commit:
    sha: str
    message: str
    author: Person
    at: float


@dataclass
class Deployment:
    id: int
    ref: str
    sha: str
    environment: str
    creator: Person
    created_at: float
    updated_at: float
    statuses: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """As they are shown, the oldest first."""


@dataclass
class Release:
    id: int
    tag: str
    name: str
    body: str
    prerelease: bool
    author: Person
    created_at: float
    target: str


@dataclass
class Repo:
    id: int
    owner: Person
    name: str
    private: bool
    created_at: float
    pushed_at: float
    archived: bool = False
    has_issues: bool = True
    default_branch: str = "main"
    labels: dict[str, Label] = field(default_factory=dict[str, Label])
    tickets: dict[int, Ticket] = field(default_factory=dict[int, Ticket])
    milestones: dict[int, Milestone] = field(default_factory=dict[int, Milestone])
    deployments: dict[int, Deployment] = field(default_factory=dict[int, Deployment])
    workflows: dict[int, Workflow] = field(default_factory=dict[int, Workflow])
    runs: dict[int, Run] = field(default_factory=dict[int, Run])
    """By the id of their check suite."""
    heads: dict[str, str] = field(default_factory=dict[str, str])
    """Branch → the commit it points to."""
    pushed: dict[str, list[tuple[str, str, Person]]] = field(default_factory=dict[str, list[tuple[str, str, Person]]])
    """Branch → what was pushed to it: commit, message, author; the oldest first."""
    commits: dict[str, Commit] = field(default_factory=dict[str, Commit])
    """What was pushed, by its id."""
    discussions: dict[int, Discussion] = field(default_factory=dict[int, Discussion])
    """Their numbers are of the same series as those of issues."""
    moved: dict[int, tuple["Repo", int]] = field(default_factory=dict[int, tuple["Repo", int]])
    """Issues that were transferred: the number each had, and where it is now."""
    releases: dict[str, Release] = field(default_factory=dict[str, Release])
    """By their tags."""
    topics: list[str] = field(default_factory=list[str])
    merge_methods: set[str] = field(default_factory=lambda: {"merge", "squash", "rebase"})
    """The ways of merging that its settings allow."""
    statuses: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict[str, dict[str, dict[str, Any]]])
    """Commit → the newest status of each context, as it is shown."""
    types: tuple[str, ...] = ()
    """The issue types of the organization that owns it."""
    roles: dict[str, str] = field(default_factory=dict[str, str])
    """Login → role; others may read what is public."""

    @property
    def full_name(self) -> str:
        return f"{self.owner.login}/{self.name}"
