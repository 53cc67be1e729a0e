"""How GitHub writes reviews, check suites, workflow runs and commit statuses in JSON.

https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

from sandbox.github.code_shapes import signature_of
from sandbox.github.shapes import Json, repository, stamp, user
from sandbox.github.state import Person, Remark, Repo, Review, Run, Ticket
from sandbox.github.ticket_shapes import page, pull_request, reactions

_OWN_EVENTS_ONLY = (
    "merged", "mergeable", "rebaseable", "mergeable_state", "merged_by", "comments", "review_comments",
    "maintainer_can_modify", "commits", "additions", "deletions", "changed_files",
)  # fmt: skip
_RUN_URLS = (
    ("jobs_url", "/jobs"), ("logs_url", "/logs"), ("artifacts_url", "/artifacts"), ("cancel_url", "/cancel"),
    ("rerun_url", "/rerun"),
)  # fmt: skip


def reviewed_pull(base: str, repo: Repo, ticket: Ticket) -> Json:
    """A pull request as a review shows it: with less than its own events do."""
    shown = pull_request(base, repo, ticket)
    return {key: value for key, value in shown.items() if key not in _OWN_EVENTS_ONLY}


def review(base: str, repo: Repo, ticket: Ticket, given: Review) -> Json:
    shown, there = page(base, repo, ticket), f"{base}/repos/{repo.full_name}/pulls/{ticket.number}"
    html = f"{shown}#pullrequestreview-{given.id}"
    return {
        "id": given.id,
        "node_id": f"PRR_{given.id}",
        "user": user(base, given.author),
        "body": given.body,
        "commit_id": ticket.pull.head_sha if ticket.pull else "",
        "submitted_at": stamp(given.submitted_at),
        "updated_at": stamp(given.updated_at),
        "state": given.state,
        "html_url": html,
        "pull_request_url": there,
        "author_association": "MEMBER",
        "_links": {"html": {"href": html}, "pull_request": {"href": there}},
    }


def remark(base: str, repo: Repo, ticket: Ticket, given: Remark) -> Json:
    there = f"{base}/repos/{repo.full_name}/pulls"
    url, html = f"{there}/comments/{given.id}", f"{page(base, repo, ticket)}#discussion_r{given.id}"
    pull = f"{there}/{ticket.number}"
    return {
        "url": url,
        "pull_request_review_id": given.id - 1,
        "id": given.id,
        "node_id": f"PRRC_{given.id}",
        "diff_hunk": "@@ -1,3 +1,3 @@\n # web\n \n+A line",
        "path": given.path,
        **dict.fromkeys(("position", "original_position", "line", "original_line"), given.line),
        **dict.fromkeys(("commit_id", "original_commit_id"), given.sha),
        "user": user(base, given.author),
        "body": given.body,
        **dict.fromkeys(("created_at", "updated_at"), stamp(given.created_at)),
        "html_url": html,
        "pull_request_url": pull,
        "author_association": "MEMBER",
        "_links": {"self": {"href": url}, "html": {"href": html}, "pull_request": {"href": pull}},
        "reactions": reactions(url),
        **dict.fromkeys(("start_line", "original_start_line", "start_side")),
        "side": "RIGHT",
        "subject_type": "line",
    }


def check_suite(base: str, repo: Repo, run: Run) -> Json:
    url = f"{base}/repos/{repo.full_name}/check-suites/{run.suite_id}"
    return {
        "id": run.suite_id,
        "node_id": f"CS_{run.suite_id}",
        "head_branch": run.branch,
        "head_sha": run.sha,
        "status": run.status,
        "conclusion": run.conclusion,
        "url": url,
        "before": None,
        "after": run.sha,
        "pull_requests": _pulls(base, repo, run),
        "app": _app(base, repo, run.app),
        "created_at": stamp(run.started_at),
        "updated_at": stamp(run.updated_at),
        "rerequestable": True,
        "runs_rerequestable": False,
        "latest_check_runs_count": 1,
        "check_runs_url": f"{url}/check-runs",
        "head_commit": _head_commit(run),
    }


def check_run(base: str, repo: Repo, run: Run) -> Json:
    """The one check of a suite."""
    url = f"{base}/repos/{repo.full_name}/check-runs/{run.suite_id}"
    ended = run.status == "completed"
    return {
        "id": run.suite_id, "node_id": f"CR_{run.suite_id}", "name": run.name, "head_sha": run.sha, "external_id": "",
        "url": url, "html_url": f"{base}/{repo.full_name}/runs/{run.suite_id}", "details_url": "https://ci.example.com",
        "status": run.status, "conclusion": run.conclusion, "started_at": stamp(run.started_at),
        "completed_at": stamp(run.updated_at) if ended else None, "check_suite": {"id": run.suite_id},
        "output": {"title": None, "summary": None, "text": None, "annotations_count": 0,
                   "annotations_url": f"{url}/annotations"},
        "app": _app(base, repo, run.app), "pull_requests": [],
    }  # fmt: skip


def combined_status(base: str, repo: Repo, sha: str) -> Json:
    """All statuses of a commit in one."""
    url, given = f"{base}/repos/{repo.full_name}/commits/{sha}", list(repo.statuses.get(sha, {}).values())
    states = {each["state"] for each in given}
    bad = states & {"failure", "error"}
    left = ("commit", "branches", "name", "sha")
    return {
        "state": "failure" if bad else "success" if states == {"success"} else "pending", "sha": sha,
        "statuses": [
            {"avatar_url": None, "node_id": f"S_{each['id']}", "url": f"{url}/statuses"}
            | {key: value for key, value in each.items() if key not in left} for each in given
        ],
        "total_count": len(given), "repository": repository(base, repo), "commit_url": url, "url": f"{url}/status",
    }  # fmt: skip


def workflow(base: str, repo: Repo, run: Run) -> Json:
    path = f".github/workflows/{run.name.lower()}.yml"
    return {
        "id": run.workflow_id,
        "node_id": f"W_{run.workflow_id}",
        "name": run.name,
        "path": path,
        "state": "active",
        "created_at": stamp(repo.created_at),
        "updated_at": stamp(repo.created_at),
        "url": f"{base}/repos/{repo.full_name}/actions/workflows/{run.workflow_id}",
        "html_url": f"{base}/{repo.full_name}/blob/{repo.default_branch}/{path}",
        "badge_url": f"{base}/{repo.full_name}/workflows/{run.name}/badge.svg",
    }


def workflow_run(base: str, repo: Repo, run: Run) -> Json:
    url = f"{base}/repos/{repo.full_name}/actions/runs/{run.id}"
    return {
        "id": run.id,
        "node_id": f"WFR_{run.id}",
        "name": run.name,
        "display_title": run.title,
        "path": f".github/workflows/{run.name.lower()}.yml",
        "head_branch": run.branch,
        "head_sha": run.sha,
        "run_number": run.number,
        "run_attempt": run.attempt,
        "event": run.event,
        "status": run.status,
        "conclusion": run.conclusion,
        "workflow_id": run.workflow_id,
        "check_suite_id": run.suite_id,
        "check_suite_node_id": f"CS_{run.suite_id}",
        "url": url,
        "html_url": f"{base}/{repo.full_name}/actions/runs/{run.id}",
        "pull_requests": _pulls(base, repo, run),
        "created_at": stamp(run.started_at),
        "updated_at": stamp(run.updated_at),
        "run_started_at": stamp(run.started_at),
        "actor": user(base, run.actor),
        "triggering_actor": user(base, run.actor),
        **{key: url + path for key, path in _RUN_URLS},
        "check_suite_url": f"{base}/repos/{repo.full_name}/check-suites/{run.suite_id}",
        "workflow_url": f"{base}/repos/{repo.full_name}/actions/workflows/{run.workflow_id}",
        "previous_attempt_url": f"{url}/attempts/{run.attempt - 1}" if run.attempt > 1 else None,
        "referenced_workflows": [],
        "head_commit": _head_commit(run),
        **dict.fromkeys(("repository", "head_repository"), repository(base, repo)),
    }


def commit(
    base: str, repo: Repo, sha: str, url: str, moment: object, by: Person, message: str = "A commit"
) -> Json:  # fmt: skip
    """A commit with its author's account."""
    signed = {key: value for key, value in signature_of(by).items() if key != "username"} | {"date": moment}
    verification = dict.fromkeys(("signature", "payload", "verified_at"))
    return {
        "sha": sha,
        "node_id": f"C_{sha}",
        "commit": {
            "author": signed,
            "committer": signed,
            "message": message,
            "tree": {"sha": sha[::-1], "url": f"{base}/repos/{repo.full_name}/git/trees/{sha[::-1]}"},
            "url": f"{base}/repos/{repo.full_name}/git/commits/{sha}",
            "comment_count": 0,
            "verification": {"verified": False, "reason": "unsigned", **verification},
        },
        "url": url,
        "html_url": f"{base}/{repo.full_name}/commit/{sha}",
        "comments_url": f"{url}/comments",
        "author": user(base, by),
        "committer": user(base, by),
        "parents": [],
    }


def status(base: str, repo: Repo, status_id: int, sha: str, state: str, context: str, at: float, by: Person) -> Json:
    """A commit status, with the branches that end with the commit."""
    url = f"{base}/repos/{repo.full_name}/commits/{sha}"
    # A status' times are written otherwise than all others.
    moment = str(stamp(at)).replace("Z", "+00:00")
    return {
        "id": status_id,
        "sha": sha,
        "name": repo.full_name,
        "target_url": f"https://ci.example.com/{status_id}",
        "context": context,
        "description": None,
        "state": state,
        "commit": commit(base, repo, sha, url, stamp(at), by),
        "branches": [
            {"name": name, "commit": {"sha": head, "url": url}, "protected": False}
            for name, head in repo.heads.items()
            if head == sha
        ],
        "created_at": moment,
        "updated_at": moment,
    }


def _pulls(base: str, repo: Repo, run: Run) -> list[Json]:
    """The open pull requests of the run's branch, in the few words that checks have for them."""
    there = {"id": repo.id, "url": f"{base}/repos/{repo.full_name}", "name": repo.name}
    return [
        {
            "id": ticket.pull.id,
            "number": ticket.number,
            "url": f"{base}/repos/{repo.full_name}/pulls/{ticket.number}",
            "head": {"ref": ticket.pull.head, "sha": ticket.pull.head_sha, "repo": there},
            "base": {"ref": ticket.pull.base, "sha": ticket.pull.base_sha, "repo": there},
        }
        for ticket in repo.tickets.values()
        if ticket.pull and ticket.state == "open" and ticket.pull.head == run.branch
    ]


def _head_commit(run: Run) -> Json:
    signed = {key: value for key, value in signature_of(run.actor).items() if key != "username"}
    return {
        "id": run.sha,
        "tree_id": run.sha[::-1],
        "message": run.title,
        "timestamp": stamp(run.started_at),
        "author": signed,
        "committer": signed,
    }


def _app(base: str, repo: Repo, name: str) -> Json:
    slug = name.lower().replace(" ", "-")
    return {
        "id": 15368,
        "client_id": "Iv1.0123456789abcdef",
        "slug": slug,
        "node_id": "A_15368",
        "owner": user(base, repo.owner),
        "name": name,
        "description": "",
        "external_url": "https://example.com",
        "html_url": f"{base}/apps/{slug}",
        "created_at": stamp(repo.created_at),
        "updated_at": stamp(repo.created_at),
        "permissions": {"checks": "write"},
        "events": [],
    }
