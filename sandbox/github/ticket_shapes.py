"""How GitHub writes issues, pull requests and their comments in JSON, with every field of the real thing.

https://docs.github.com/en/rest/issues/issues, https://docs.github.com/en/rest/pulls/pulls
"""

from sandbox.github.shapes import Json, label, repository, stamp, user
from sandbox.github.state import Comment, Milestone, Pull, Repo, Ticket


def issue(base: str, repo: Repo, ticket: Ticket) -> Json:
    """An issue, or a pull request seen as one."""
    url = f"{base}/repos/{repo.full_name}/issues/{ticket.number}"
    shown: Json = {
        "url": url,
        "repository_url": f"{base}/repos/{repo.full_name}",
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "html_url": page(base, repo, ticket),
        "id": ticket.id,
        "node_id": f"PR_{ticket.pull.id}" if ticket.pull else f"I_{ticket.id}",
        **_common(base, repo, ticket),
        "comments": len(ticket.comments),
        "closed_by": user(base, ticket.closed_by) if ticket.closed_by else None,
        "reactions": reactions(url),
        "timeline_url": f"{url}/timeline",
        "performed_via_github_app": None,
        "state_reason": ticket.reason,
        "type": _type(ticket),
        "sub_issues_summary": {"total": 0, "completed": 0, "percent_completed": 0},
        "issue_dependencies_summary": dict.fromkeys(
            ("blocked_by", "total_blocked_by", "blocking", "total_blocking"), 0
        ),
    }
    if ticket.pull:
        own = f"{base}/repos/{repo.full_name}/pulls/{ticket.number}"
        ways = {"url": own, "html_url": shown["html_url"]} | _patches(shown["html_url"])
        shown |= {"draft": ticket.pull.draft, "pull_request": ways | {"merged_at": stamp(ticket.pull.merged_at)}}
    return shown


def _type(ticket: Ticket) -> Json | None:
    """Its issue type; the real one has an id of its own."""
    kind = {"description": None, "color": "gray", "is_enabled": True}
    return {"id": 1, "node_id": "IT_1", "name": ticket.type, **kind} if ticket.type else None


def comment(base: str, repo: Repo, ticket: Ticket, given: Comment) -> Json:
    url = f"{base}/repos/{repo.full_name}/issues/comments/{given.id}"
    return {
        "url": url,
        "html_url": f"{page(base, repo, ticket)}#issuecomment-{given.id}",
        "issue_url": f"{base}/repos/{repo.full_name}/issues/{ticket.number}",
        "id": given.id,
        "node_id": f"IC_{given.id}",
        "user": user(base, given.author),
        "created_at": stamp(given.created_at),
        "updated_at": stamp(given.updated_at),
        "author_association": "MEMBER",
        "body": given.body,
        "reactions": reactions(url),
        "performed_via_github_app": None,
    }


def pull_request(base: str, repo: Repo, ticket: Ticket) -> Json:
    pull = _pull(ticket)
    there, shown_page = f"{base}/repos/{repo.full_name}", page(base, repo, ticket)
    url, issue_url = f"{there}/pulls/{ticket.number}", f"{there}/issues/{ticket.number}"
    links = {
        "commits": f"{url}/commits",
        "review_comments": f"{url}/comments",
        "review_comment": f"{there}/pulls/comments{{/number}}",
        "comments": f"{issue_url}/comments",
        "statuses": f"{there}/statuses/{pull.head_sha}",
    }
    all_links = {"self": url, "html": shown_page, "issue": issue_url} | links
    return {
        "url": url,
        "id": pull.id,
        "node_id": f"PR_{pull.id}",
        "html_url": shown_page,
        **_patches(shown_page),
        "issue_url": issue_url,
        **_common(base, repo, ticket),
        "requested_reviewers": [user(base, person) for person in pull.reviewers],
        "requested_teams": [team(base, repo, slug) for slug in pull.teams],
        "draft": pull.draft,
        **{f"{name}_url": link for name, link in links.items()},
        "head": _end(base, repo, pull.head, pull.head_sha)
        | ({"repo": None, "label": f"{ticket.author.login}:{pull.head}"} if pull.from_outside else {}),
        "base": _end(base, repo, pull.base, pull.base_sha),
        "_links": {name: {"href": link} for name, link in all_links.items()},
        "auto_merge": None,
        **_merge(base, pull),
        "comments": len(ticket.comments),
        "review_comments": 0,
        "maintainer_can_modify": False,
        **dict.fromkeys(("commits", "additions", "deletions", "changed_files"), 1),
    }


_ALONE = (
    "merged", "mergeable", "rebaseable", "mergeable_state", "merged_by", "comments", "review_comments",
    "maintainer_can_modify", "commits", "additions", "deletions", "changed_files",
)  # fmt: skip
"""What a pull request shows only where it is read by itself."""


def listed_pull(base: str, repo: Repo, ticket: Ticket) -> Json:
    """A pull request as it stands in a list."""
    return {key: value for key, value in pull_request(base, repo, ticket).items() if key not in _ALONE}


def milestone(base: str, repo: Repo, given: Milestone) -> Json:
    url = f"{base}/repos/{repo.full_name}/milestones/{given.number}"
    closed = sum(each.milestone is given and each.state == "closed" for each in repo.tickets.values())
    return {
        "url": url, "html_url": f"{base}/{repo.full_name}/milestone/{given.number}", "labels_url": f"{url}/labels",
        "id": given.id, "node_id": f"MI_{given.id}", "number": given.number, "title": given.title,
        "description": None, "creator": user(base, given.creator), "closed_issues": closed,
        "open_issues": sum(each.milestone is given for each in repo.tickets.values()) - closed,
        "state": "closed" if given.closed_at else "open", "created_at": stamp(given.created_at),
        "updated_at": stamp(given.created_at), "due_on": None, "closed_at": stamp(given.closed_at),
    }  # fmt: skip


def team(base: str, repo: Repo, slug: str) -> Json:
    url = f"{base}/organizations/{repo.owner.id}/team/{slug}"
    return {
        "id": repo.owner.id, "node_id": f"T_{slug}", "name": slug.capitalize(), "slug": slug, "description": None,
        "privacy": "closed", "notification_setting": "notifications_enabled", "permission": "push", "url": url,
        "html_url": f"{base}/orgs/{repo.owner.login}/teams/{slug}", "members_url": f"{url}/members{{/member}}",
        "repositories_url": f"{url}/repos", "type": "organization", "organization_id": repo.owner.id, "parent": None,
    }  # fmt: skip


def _pull(ticket: Ticket) -> Pull:
    if ticket.pull is None:
        raise ValueError(f"{ticket.number} is not a pull request")
    return ticket.pull


def _merge(base: str, pull: Pull) -> Json:
    merged = pull.merged_at is not None
    can = None if merged or pull.standing == "unknown" else pull.standing != "dirty"
    return {
        "merged": merged,
        "merged_at": stamp(pull.merged_at),
        "merged_by": user(base, pull.merged_by) if pull.merged_by else None,
        "merge_commit_sha": pull.merge_sha or None,
        "mergeable": can,
        "rebaseable": can,
        "mergeable_state": "unknown" if merged else "draft" if pull.draft else pull.standing,
    }


def page(base: str, repo: Repo, ticket: Ticket) -> str:
    return f"{base}/{repo.full_name}/{'pull' if ticket.pull else 'issues'}/{ticket.number}"


def reactions(url: str) -> Json:
    kinds = ("total_count", "+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")
    return {"url": f"{url}/reactions"} | dict.fromkeys(kinds, 0)


def _common(base: str, repo: Repo, ticket: Ticket) -> Json:
    return {
        "number": ticket.number,
        "title": ticket.title,
        "user": user(base, ticket.author),
        "labels": [label(base, repo, repo.labels[name]) for name in ticket.labels],
        "state": ticket.state,
        "locked": False,
        "assignee": user(base, ticket.assignees[0]) if ticket.assignees else None,
        "assignees": [user(base, person) for person in ticket.assignees],
        "milestone": milestone(base, repo, ticket.milestone) if ticket.milestone else None,
        "created_at": stamp(ticket.created_at),
        "updated_at": stamp(ticket.updated_at),
        "closed_at": stamp(ticket.closed_at),
        "author_association": "NONE" if ticket.pull and ticket.pull.from_outside else "MEMBER",
        "active_lock_reason": None,
        "body": ticket.body,
    }


def _patches(shown_page: str) -> Json:
    return {"diff_url": f"{shown_page}.diff", "patch_url": f"{shown_page}.patch"}


def _end(base: str, repo: Repo, ref: str, sha: str) -> Json:
    return {
        "label": f"{repo.owner.login}:{ref}",
        "ref": ref,
        "sha": sha,
        "user": user(base, repo.owner),
        "repo": repository(base, repo),
    }
