"""How GitHub writes what a run waits for, who decided it, and how two commits differ.

https://docs.github.com/en/rest/actions/workflow-runs, https://docs.github.com/en/rest/commits/commits#compare-two-commits
"""

from collections.abc import Sequence

from sandbox.github.check_shapes import commit
from sandbox.github.shapes import Json, stamp, user
from sandbox.github.state import Gate, Person, Repo, Run, Verdict
from sandbox.github.ticket_shapes import team


def environment(base: str, repo: Repo, gate: Gate) -> Json:
    page = f"{base}/{repo.full_name}/deployments/activity_log?environments_filter={gate.environment}"
    return {
        "id": gate.id, "node_id": f"EN_{gate.id}", "name": gate.environment, "html_url": page,
        "url": f"{base}/repos/{repo.full_name}/environments/{gate.environment}",
    }  # fmt: skip


def reviewers(base: str, repo: Repo, gate: Gate, people: Sequence[Person]) -> list[Json]:
    asked: list[Json] = [{"type": "User", "reviewer": user(base, person)} for person in people]
    return [*asked, *({"type": "Team", "reviewer": team(base, repo, slug)} for slug in gate.teams)]


def pending(base: str, repo: Repo, gate: Gate, people: Sequence[Person], *, mine: bool) -> Json:
    return {
        "environment": environment(base, repo, gate), "wait_timer": 0, "wait_timer_started_at": None,
        "current_user_can_approve": mine, "reviewers": reviewers(base, repo, gate, people),
    }  # fmt: skip


def approval(base: str, repo: Repo, given: Verdict) -> Json:
    return {
        "environments": [environment(base, repo, given.gate)], "state": given.state, "user": user(base, given.by),
        "comment": given.comment,
    }  # fmt: skip


def waiting_job(base: str, repo: Repo, run: Run, gate: Gate) -> Json:
    return {
        "id": gate.id, "name": f"deploy-{gate.environment}", "status": "waiting", "conclusion": None,
        "html_url": f"{base}/{repo.full_name}/actions/runs/{run.id}/jobs/{gate.id}", "environment": gate.environment,
        "created_at": stamp(run.started_at), "updated_at": stamp(run.updated_at),
    }  # fmt: skip


def comparison(
    base: str, repo: Repo, ends: tuple[str, str], ahead: Sequence[tuple[str, str, Person]], behind: int
) -> Json:
    older, newer = ends
    url, page = f"{base}/repos/{repo.full_name}/compare", f"{base}/{repo.full_name}/compare/{older}...{newer}"
    moment = stamp(repo.created_at)
    there = f"{base}/repos/{repo.full_name}/commits"
    shown = [commit(base, repo, sha, f"{there}/{sha}", moment, by, message) for sha, message, by in ahead]
    common = commit(base, repo, older, f"{there}/{older}", moment, repo.owner)
    status = "diverged" if ahead and behind else "ahead" if ahead else "behind" if behind else "identical"
    return {
        "url": f"{url}/{older}...{newer}", "html_url": page, "permalink_url": page, "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch", "base_commit": common, "merge_base_commit": common, "status": status,
        "ahead_by": len(ahead), "behind_by": behind, "total_commits": len(ahead), "commits": shown[:250], "files": [],
    }  # fmt: skip
