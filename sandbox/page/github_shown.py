"""What the GitHub pane shows: repositories with their issues, pull requests, runs, releases and deployments."""

from datetime import datetime
from typing import Any

from sandbox.github.shapes import Json
from sandbox.github.state import Comment, Deployment, Discussion, Pull, Release, Repo, Run, Ticket
from sandbox.page.markup import html_of
from sandbox.playground import Playground

APPS = ("connect-app", "acme")


def shown(playground: Playground) -> Json:
    """Repositories and what is in them, and the codes that somebody was asked to enter."""
    github = playground.github
    with github.lock:
        return {
            "url": github.url,
            "people": [each.login for each in github.people.values() if each.type == "User" and each.login not in APPS]
            + [each.login for each in github.people.values() if each.login == "hubot"],
            "repositories": [
                _repo(each) | {"formerNames": [name for name, known in github.former_names.items() if known is each]}
                for each in github.repos
            ],
            "codes": [each.user_code for each in github.asked if not (each.by or each.denied)],
        }


def _repo(repo: Repo) -> Json:
    return {
        "name": repo.full_name, "private": repo.private, "default": repo.default_branch,
        "labels": [{"name": each.name, "color": each.color} for each in repo.labels.values()],
        "tickets": [_ticket(repo, each) for each in sorted(repo.tickets.values(), key=lambda one: -one.number)],
        "branches": [_branch(repo, name) for name in repo.heads],
        "runs": [_run(each) for each in reversed(repo.runs.values())],
        "releases": [_release(each) for each in reversed(repo.releases.values())],
        "deployments": [_deployment(each) for each in reversed(repo.deployments.values())],
        "discussions": [_discussion(each) for each in reversed(repo.discussions.values())],
    }  # fmt: skip


def _ticket(repo: Repo, ticket: Ticket) -> Json:
    state = "merged" if ticket.pull and ticket.pull.merged_at is not None else ticket.state
    return {
        "number": ticket.number, "title": ticket.title, "body": ticket.body or "", "html": html_of(ticket.body or ""),
        "author": ticket.author.login, "created": ticket.created_at, "updated": ticket.updated_at, "state": state,
        "reason": ticket.reason or "", "closed": ticket.closed_at,
        "closedBy": ticket.closed_by.login if ticket.closed_by else "",
        "labels": ticket.labels, "assignees": [each.login for each in ticket.assignees],
        "timeline": sorted(_timeline(repo, ticket), key=lambda one: one["at"]),
        "pull": _pull(repo, ticket.pull) if ticket.pull else None,
    }  # fmt: skip


def _pull(repo: Repo, pull: Pull) -> Json:
    verdicts = {each.author.login: each.state for each in pull.reviews if each.state != "commented"}
    commented = {each.author.login: each.state for each in pull.reviews}
    asked = {each.login: "asked" for each in pull.reviewers} | {f"@{slug}": "asked" for slug in pull.teams}
    statuses = repo.statuses.get(pull.head_sha, {})
    return {
        "head": pull.head, "base": pull.base, "sha": pull.head_sha, "draft": pull.draft,
        "mergedBy": pull.merged_by.login if pull.merged_by else "", "standing": pull.standing,
        "reviewers": [{"login": name, "verdict": said} for name, said in (commented | verdicts | asked).items()],
        "checks": [_run(each) for each in repo.runs.values() if each.sha == pull.head_sha],
        "statuses": [{"context": name, "state": each["state"]} for name, each in statuses.items()],
    }  # fmt: skip


def _timeline(repo: Repo, ticket: Ticket) -> list[Json]:
    pull = ticket.pull
    said = [_comment(each) | {"kind": "comment"} for each in ticket.comments]
    if pull is None:
        return said
    reviews = [
        {"kind": "review", "id": each.id, "author": each.author.login, "at": each.submitted_at, "state": each.state,
         "html": html_of(each.body or "")}
        for each in pull.reviews
    ]  # fmt: skip
    remarks = [
        {"kind": "remark", "id": each.id, "author": each.author.login, "at": each.created_at, "path": each.path,
         "html": html_of(each.body)}
        for each in pull.remarks
    ]  # fmt: skip
    return [*said, *reviews, *remarks, *(each | {"kind": "commit"} for each in _commits(repo, pull.head))]


def _comment(comment: Comment) -> Json:
    return {
        "id": comment.id, "author": comment.author.login, "body": comment.body, "html": html_of(comment.body),
        "at": comment.created_at, "edited": bool(comment.edited_at),
    }  # fmt: skip


def _commits(repo: Repo, branch: str) -> list[Json]:
    """What was pushed to a branch; its first entry is the commit that it began at."""
    return [
        {"id": sha, "author": by.login, "message": message, "at": repo.commits[sha].at}
        for sha, message, by in repo.pushed.get(branch, [])[1:]
    ]


def _branch(repo: Repo, name: str) -> Json:
    pulls = [each.number for each in repo.tickets.values() if each.pull and each.pull.head == name]
    return {"name": name, "sha": repo.heads[name], "commits": _commits(repo, name), "pulls": pulls}


def _run(run: Run) -> Json:
    return {
        "id": run.suite_id, "name": run.name, "number": run.number, "branch": run.branch, "sha": run.sha,
        "status": run.status, "conclusion": run.conclusion or "", "actor": run.actor.login, "at": run.started_at,
        "attempt": run.attempt, "gates": [each.environment for each in run.gates],
    }  # fmt: skip


def _release(release: Release) -> Json:
    return {
        "tag": release.tag, "name": release.name, "html": html_of(release.body), "prerelease": release.prerelease,
        "author": release.author.login, "at": release.created_at,
    }  # fmt: skip


def _deployment(given: Deployment) -> Json:
    statuses: list[dict[str, Any]] = given.statuses
    return {
        "id": given.id, "environment": given.environment, "ref": given.ref, "by": given.creator.login,
        "at": given.created_at, "state": statuses[-1]["state"] if statuses else "waiting",
        "history": [
            {"state": each["state"], "at": datetime.fromisoformat(each["created_at"]).timestamp()} for each in statuses
        ],
    }  # fmt: skip


def _discussion(given: Discussion) -> Json:
    return {
        "number": given.number, "title": given.title, "html": html_of(given.body), "category": given.category,
        "author": given.author.login, "at": given.created_at, "comments": [_comment(each) for each in given.comments],
    }  # fmt: skip
