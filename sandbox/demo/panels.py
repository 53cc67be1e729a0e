"""What Jira, GitHub and connect's own log show, as readable lines."""

from sandbox.demo.screen import Line, Panel
from sandbox.github import GitHubStandIn
from sandbox.jira import JiraStandIn
from sandbox.jira.model import Issue
from sandbox.slack import SlackStandIn
from sandbox.slack.wire import Json


def issues_about(jira: JiraStandIn, summary: str) -> list[Issue]:
    """The issues with this summary: one, if all is well."""
    return [issue for issue in list(jira.issues.values()) if issue.summary == summary]


def issue(jira: JiraStandIn, summary: str) -> Panel:
    """The issue with this summary: state, description and comments."""
    found = issues_about(jira, summary)
    if not found:
        return Panel("Jira", [Line(f"(no issue says “{summary}”)", "dim")])
    lines: list[Line] = []
    for each in found:
        assigned = f"assigned to {each.assignee.display}" if each.assignee else "unassigned"
        state = f"{each.type.name} · {each.status.name} · {each.priority} · {assigned}"
        lines += [Line(each.summary, "bold", each.key), Line(f"{state} · reported by {each.reporter.display}")]
        lines += [Line(line, "dim") for line in each.text.splitlines() if line.strip()]
        lines += [Line(_folded(comment.text), "plain", "comment") for comment in each.comments]
    return Panel("Jira", lines)


def pull_request(github: GitHubStandIn, repository: str, number: int) -> Panel:
    """A pull request."""
    repo = github.repo(repository)
    ticket = repo.tickets.get(number) if repo else None
    if ticket is None or ticket.pull is None:
        return Panel("GitHub", [Line("(no such pull request)", "dim")])
    merged = f"merged by {ticket.pull.merged_by.login}" if ticket.pull.merged_by else ticket.state
    state = f"{merged} · {ticket.pull.head} → {ticket.pull.base} · opened by {ticket.author.login}"
    return Panel("GitHub", [Line(ticket.title, "bold", f"{repository}#{number}"), Line(state)])


def step(slack: SlackStandIn, execution: str) -> Panel:
    """A workflow's step and what it handed on."""
    found = slack.steps[execution]
    outputs: Json = found["outputs"] or {}
    lines = [Line(str(value), "plain", name) for name, value in outputs.items()]
    error = [Line(found["error"], "bad")] if found["error"] else []
    return Panel("Slack, the workflow's run", [Line(found["state"], "bold", "step"), *lines, *error])


def log_rows(rows: list[Json]) -> Panel:
    """Rows of connect's log, in short."""
    lines = [
        Line(
            f"{row['operation']} → {row['target_service']}: {row['status']}, attempts: {row['attempts']}"
            + (f". {row['error_message']}" if row["error_message"] and row["status"] != "completed" else ""),
            "plain",
            f"row {row['id']}",
        )
        for row in rows
    ]
    return Panel("connect, its log", lines)


def _folded(text: str) -> str:
    return " ".join(line for line in text.splitlines() if line.strip())
