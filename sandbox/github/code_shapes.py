"""How GitHub writes pushes, releases and deployments in JSON: what webhooks show of a repository's code.

https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

from collections.abc import Sequence
from typing import Any

from sandbox.github.shapes import Json, repository, stamp, user
from sandbox.github.state import Deployment, Person, Release, Repo

NO_COMMIT = "0" * 40


def signature_of(person: Person) -> Json:
    email = f"{person.id}+{person.login}@users.noreply.github.com"
    return {"name": person.name, "email": email, "username": person.login}


def commit(base: str, repo: Repo, sha: str, message: str, author: Person, at: float) -> Json:
    return {
        "id": sha,
        "tree_id": sha[::-1],
        "distinct": True,
        "message": message,
        "timestamp": stamp(at),
        "url": f"{base}/{repo.full_name}/commit/{sha}",
        "author": signature_of(author),
        "committer": signature_of(author),
        "added": [],
        "removed": [],
        "modified": ["README.md"],
    }


def push(base: str, repo: Repo, branch: str, before: str, commits: Sequence[Json], pusher: Person) -> Json:
    """A push but for `forced` and the envelope; no commits: the branch points elsewhere or was deleted."""
    after = commits[-1]["id"] if commits else NO_COMMIT
    created = before == NO_COMMIT
    compare = f"{branch}" if created else f"{before[:12]}...{after[:12]}"
    return {
        "ref": f"refs/heads/{branch}",
        "before": before,
        "after": after,
        "created": created,
        "deleted": not commits,
        "base_ref": None,
        "compare": f"{base}/{repo.full_name}/compare/{compare}",
        "commits": list(commits),
        "head_commit": commits[-1] if commits else None,
        "pusher": {key: value for key, value in signature_of(pusher).items() if key != "username"},
    }


def pushed_repository(base: str, repo: Repo) -> Json:
    """A push shows its repository in an older form: times as numbers, the page as `url`, two more names."""
    shown = repository(base, repo)
    owner: dict[str, Any] = {"name": repo.owner.login, "email": None} | user(base, repo.owner)
    return shown | {
        "owner": owner,
        "url": shown["html_url"],
        "created_at": int(repo.created_at),
        "pushed_at": int(repo.pushed_at),
        "stargazers": 0,
        "master_branch": repo.default_branch,
        "organization": repo.owner.login,
    }


def release(base: str, repo: Repo, given: Release) -> Json:
    there = f"{base}/repos/{repo.full_name}"
    url = f"{there}/releases/{given.id}"
    return {
        "url": url,
        "assets_url": f"{url}/assets",
        "upload_url": f"{url}/assets{{?name,label}}",
        "html_url": f"{base}/{repo.full_name}/releases/tag/{given.tag}",
        "id": given.id,
        "author": user(base, given.author),
        "node_id": f"RE_{given.id}",
        "tag_name": given.tag,
        "target_commitish": given.target,
        "name": given.name,
        "draft": False,
        "immutable": False,
        "prerelease": given.prerelease,
        "created_at": stamp(given.created_at),
        "updated_at": stamp(given.created_at),
        "published_at": stamp(given.created_at),
        "assets": [],
        "tarball_url": f"{there}/tarball/{given.tag}",
        "zipball_url": f"{there}/zipball/{given.tag}",
        "body": given.body,
    }


def deployment(base: str, repo: Repo, given: Deployment) -> Json:
    there = f"{base}/repos/{repo.full_name}"
    return {
        "url": f"{there}/deployments/{given.id}",
        "id": given.id,
        "node_id": f"DE_{given.id}",
        "task": "deploy",
        "original_environment": given.environment,
        "environment": given.environment,
        "description": None,
        "created_at": stamp(given.created_at),
        "updated_at": stamp(given.updated_at),
        "statuses_url": f"{there}/deployments/{given.id}/statuses",
        "repository_url": there,
        "creator": user(base, given.creator),
        "sha": given.sha,
        "ref": given.ref,
        "payload": {},
        "transient_environment": False,
        "production_environment": given.environment == "production",
        "performed_via_github_app": None,
    }


def deployment_status(base: str, repo: Repo, given: Deployment, status_id: int, state: str, description: str) -> Json:
    there = f"{base}/repos/{repo.full_name}"
    return {
        "url": f"{there}/deployments/{given.id}/statuses/{status_id}",
        "id": status_id,
        "node_id": f"DES_{status_id}",
        "state": state,
        "creator": user(base, given.creator),
        "description": description,
        "environment": given.environment,
        "target_url": "",
        "created_at": stamp(given.updated_at),
        "updated_at": stamp(given.updated_at),
        "deployment_url": f"{there}/deployments/{given.id}",
        "repository_url": there,
        "environment_url": "",
        "log_url": "",
        "performed_via_github_app": None,
    }
