"""How GitHub writes accounts, repositories and labels in JSON, with every field of the real thing.

`base` is the stand-in's own address, from which all URLs are built.
https://docs.github.com/en/rest/repos/repos, https://docs.github.com/en/rest/users/users
"""

from datetime import UTC, datetime
from typing import Any

from sandbox.github.state import Label, Person, Repo

type Json = dict[str, Any]

_USER_URLS = (
    ("followers_url", "/followers"),
    ("following_url", "/following{/other_user}"),
    ("gists_url", "/gists{/gist_id}"),
    ("starred_url", "/starred{/owner}{/repo}"),
    ("subscriptions_url", "/subscriptions"),
    ("organizations_url", "/orgs"),
    ("repos_url", "/repos"),
    ("events_url", "/events{/privacy}"),
    ("received_events_url", "/received_events"),
)

_REPO_URLS = (
    *((f"{name}_url", f"/{name}") for name in ("forks", "teams", "hooks", "events", "tags", "languages")),
    *((f"{name}_url", f"/{name}") for name in ("stargazers", "contributors", "subscribers", "subscription")),
    *((f"{name}_url", f"/{name}") for name in ("merges", "downloads", "deployments")),
    ("keys_url", "/keys{/key_id}"),
    ("collaborators_url", "/collaborators{/collaborator}"),
    ("issue_events_url", "/issues/events{/number}"),
    ("assignees_url", "/assignees{/user}"),
    ("branches_url", "/branches{/branch}"),
    ("blobs_url", "/git/blobs{/sha}"),
    ("git_tags_url", "/git/tags{/sha}"),
    ("git_refs_url", "/git/refs{/sha}"),
    ("trees_url", "/git/trees{/sha}"),
    ("statuses_url", "/statuses/{sha}"),
    ("commits_url", "/commits{/sha}"),
    ("git_commits_url", "/git/commits{/sha}"),
    ("comments_url", "/comments{/number}"),
    ("issue_comment_url", "/issues/comments{/number}"),
    ("contents_url", "/contents/{+path}"),
    ("compare_url", "/compare/{base}...{head}"),
    ("archive_url", "/{archive_format}{/ref}"),
    ("issues_url", "/issues{/number}"),
    ("pulls_url", "/pulls{/number}"),
    ("milestones_url", "/milestones{/number}"),
    ("notifications_url", "/notifications{?since,all,participating}"),
    ("labels_url", "/labels{/name}"),
    ("releases_url", "/releases{/id}"),
)

_REPO_CONSTANTS: Json = {
    **dict.fromkeys(("description", "homepage", "language", "license", "mirror_url")),
    **dict.fromkeys(("has_projects", "has_downloads", "has_wiki", "allow_forking"), True),
    **dict.fromkeys(("fork", "has_pages", "has_discussions", "disabled", "is_template"), False),
    **dict.fromkeys(("size", "stargazers_count", "watchers_count", "forks_count", "forks", "watchers"), 0),
    "web_commit_signoff_required": False,
}


def stamp(seconds: float | None) -> str | None:
    """A time as GitHub writes it, to the second."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def user(base: str, person: Person) -> Json:
    url = f"{base}/users/{person.login}"
    return {
        "login": person.login,
        "id": person.id,
        "node_id": f"U_{person.id}",
        "avatar_url": f"{base}/avatars/u/{person.id}?v=4",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{base}/{person.login}",
        **{key: url + path for key, path in _USER_URLS},
        "type": person.type,
        "user_view_type": "public",
        "site_admin": False,
    }


def profile(base: str, person: Person, created_at: float) -> Json:
    """An account read by itself has more fields than one inside something else."""
    empty = ("company", "location", "email", "hireable", "bio", "twitter_username")
    return user(base, person) | {
        "name": person.name,
        "blog": "",
        **dict.fromkeys(empty),
        "email": person.email or None,
        **dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0),
        "created_at": stamp(created_at),
        "updated_at": stamp(created_at),
    }


def organization(base: str, person: Person) -> Json:
    url = f"{base}/orgs/{person.login}"
    return {
        "login": person.login,
        "id": person.id,
        "node_id": f"O_{person.id}",
        "url": url,
        **{f"{name}_url": f"{url}/{name}" for name in ("repos", "events", "hooks", "issues")},
        "members_url": f"{url}/members{{/member}}",
        "public_members_url": f"{url}/public_members{{/member}}",
        "avatar_url": f"{base}/avatars/u/{person.id}?v=4",
        "description": "",
    }


def repository(base: str, repo: Repo) -> Json:
    url, page = f"{base}/repos/{repo.full_name}", f"{base}/{repo.full_name}"
    host = base.partition("://")[2]
    open_tickets = sum(ticket.state == "open" for ticket in repo.tickets.values())
    return {
        "id": repo.id,
        "node_id": f"R_{repo.id}",
        "name": repo.name,
        "full_name": repo.full_name,
        "private": repo.private,
        "owner": user(base, repo.owner),
        "html_url": page,
        "url": url,
        **{key: url + path for key, path in _REPO_URLS},
        "created_at": stamp(repo.created_at),
        "updated_at": stamp(repo.created_at),
        "pushed_at": stamp(repo.pushed_at),
        "git_url": f"git://{host}/{repo.full_name}.git",
        "ssh_url": f"git@{host}:{repo.full_name}.git",
        "clone_url": f"{page}.git",
        "svn_url": page,
        "has_issues": repo.has_issues,
        "archived": repo.archived,
        "open_issues_count": open_tickets,
        "open_issues": open_tickets,
        "visibility": "private" if repo.private else "public",
        "default_branch": repo.default_branch,
        "topics": repo.topics,
        **_REPO_CONSTANTS,
    }


def label(base: str, repo: Repo, given: Label) -> Json:
    return {
        "id": given.id,
        "node_id": f"LA_{given.id}",
        "url": f"{base}/repos/{repo.full_name}/labels/{given.name}",
        "name": given.name,
        "color": given.color,
        "default": False,
        "description": given.description,
    }
