"""What people do on GitHub, as methods: each changes the state and queues what GitHub would send for it.

Repositories are given by full name (`acme/web`), people by login (made if unknown).
"""

from collections.abc import Sequence

from sandbox.github import code_shapes, shapes, ticket_shapes
from sandbox.github.device import DeviceRest
from sandbox.github.discussion_comments import DiscussionComments
from sandbox.github.graph_rest import GraphRest
from sandbox.github.opening import OpeningRest
from sandbox.github.run_rest import RunRest
from sandbox.github.searching import SearchRest
from sandbox.github.state import Deployment, Pull, Release
from sandbox.github.workflow_rest import WorkflowRest


class GitHubStandIn(RunRest, WorkflowRest, SearchRest, OpeningRest, DeviceRest, DiscussionComments, GraphRest):
    """GitHub on loopback: a REST API at the root, webhooks to `/webhooks/github`, and its people's hands."""

    def open_pull_request(
        self,
        repo: str,
        title: str,
        author: str = "octocat",
        head: str = "feature",
        base: str = "main",
        *,
        draft: bool = False,
        body: str = "",
        from_outside: bool = False,
    ) -> int:
        """`pull_request.opened`; returns the number."""
        with self.lock:
            there = self._there(repo)
            head_sha = there.heads.setdefault(head, self.sha())
            base_sha = there.heads.setdefault(base, self.sha())
            pull = Pull(self.next_id(), head, base, head_sha, base_sha, draft, from_outside=from_outside)
            return self.file(there, title, body or None, self.person(author), pull=pull).number

    def ready_for_review(self, repo: str, number: int) -> None:
        """`pull_request.ready_for_review`."""
        there, ticket = self._find(repo, number)
        self.ready(there, ticket, ticket.author)

    def close_pull_request(self, repo: str, number: int, by: str = "octocat") -> None:
        """`pull_request.closed`, not merged."""
        there, ticket = self._find(repo, number)
        self.close(there, ticket, self.person(by))

    def merge_pull_request(self, repo: str, number: int, by: str = "octocat") -> None:
        """`pull_request.closed`, merged, and the `push` of the merge commit to the base branch."""
        there, ticket = self._find(repo, number)
        if ticket.pull is None or ticket.state == "closed":
            raise ValueError(f"{repo}#{number} cannot be merged")
        self.merge_now(there, ticket, self.person(by))

    def reopen_pull_request(self, repo: str, number: int, by: str = "octocat") -> None:
        """`pull_request.reopened`."""
        there, ticket = self._find(repo, number)
        self.reopen(there, ticket, self.person(by))

    def label(self, repo: str, number: int, name: str, by: str = "octocat") -> None:
        """`pull_request.labeled` or `issues.labeled`."""
        there, ticket = self._find(repo, number)
        self.put_label(there, ticket, name, self.person(by))

    def open_issue(self, repo: str, title: str, author: str = "octocat", body: str = "") -> int:
        """`issues.opened`; returns the number."""
        return self.file(self._there(repo), title, body or None, self.person(author)).number

    def close_issue(self, repo: str, number: int, reason: str = "completed", by: str = "octocat") -> None:
        """`issues.closed`; `reason` is `completed`, `not_planned` or `duplicate`."""
        there, ticket = self._find(repo, number)
        self.close(there, ticket, self.person(by), reason)

    def reopen_issue(self, repo: str, number: int, by: str = "octocat") -> None:
        """`issues.reopened`."""
        there, ticket = self._find(repo, number)
        self.reopen(there, ticket, self.person(by))

    def transfer_issue(self, repo: str, number: int, to: str) -> int:
        """`issues.opened` in the other repository and `issues.transferred` here; returns the new number.

        From then on the REST API redirects what is asked of the old one.
        """
        there, ticket = self._find(repo, number)
        with self.lock:
            other = self._there(to)
            new = self.file(other, ticket.title, ticket.body, ticket.author)
            shown = ticket_shapes.issue(self.url, other, new)
            moved = {"new_issue": shown, "new_repository": shapes.repository(self.url, other)}
            self._tell(there, ticket, "transferred", ticket.author, {"changes": moved})
            del there.tickets[number]
            there.moved[number] = (other, new.number)
            return new.number

    def comment(self, repo: str, number: int, author: str, body: str) -> int:
        """`issue_comment.created`, on an issue or a pull request; returns the comment's id."""
        there, ticket = self._find(repo, number)
        return self.say(there, ticket, self.person(author), body).id

    def push(self, repo: str, branch: str, commits: Sequence[tuple[str, str]], *, forced: bool = False) -> None:
        """`push` of (message, author) commits, and `pull_request.synchronize` where the branch has open ones.

        The author of the last one pushes.
        """
        with self.lock:
            made = [(self.sha(), message, self.person(author)) for message, author in commits]
            self._push(self._there(repo), branch, made, made[-1][2], forced=forced)

    def release(
        self, repo: str, tag: str, name: str, body: str, *, prerelease: bool = False, by: str = "octocat"
    ) -> None:
        """`release.published`, `release.created`, and `release.released` or `release.prereleased`: GitHub sends three.

        https://docs.github.com/en/webhooks/webhook-events-and-payloads#release
        """
        with self.lock:
            there, author = self._there(repo), self.person(by)
            given = Release(self.next_id(), tag, name, body, prerelease, author, self.now(), there.default_branch)
            there.releases[tag] = given
            shown = code_shapes.release(self.url, there, given)
            for action in ("published", "created", "prereleased" if prerelease else "released"):
                self.announce("release", there, author, {"action": action, "release": shown})

    def promote(self, repo: str, tag: str) -> None:
        """Make a release of a pre-release: `release.edited` and `release.released`, and no `published`."""
        with self.lock:
            there, author = self._there(repo), self.person("octocat")
            there.releases[tag].prerelease = False
            shown = code_shapes.release(self.url, there, there.releases[tag])
            for action in ("edited", "released"):
                self.announce("release", there, author, {"action": action, "release": shown})

    def deploy(self, repo: str, environment: str, ref: str, by: str = "octocat") -> int:
        """`deployment.created`; returns the deployment's id."""
        with self.lock:
            there, creator, now = self._there(repo), self.person(by), self.now()
            sha = there.heads.get(ref, ref)
            given = Deployment(self.next_id(), ref, sha, environment, creator, now, now)
            there.deployments[given.id] = given
            shown = code_shapes.deployment(self.url, there, given)
            payload = {"action": "created", "deployment": shown, "workflow": None, "workflow_run": None}
            self.announce("deployment", there, creator, payload)
            return given.id

    def deployment_status(self, repo: str, deployment_id: int, state: str, description: str = "") -> None:
        """`deployment_status.created`; `state` is `pending`, `in_progress`, `success`, `failure`, `error`, …"""
        with self.lock:
            there = self._there(repo)
            given = there.deployments[deployment_id]
            given.updated_at = self.now()
            status = code_shapes.deployment_status(self.url, there, given, self.next_id(), state, description)
            given.statuses.append(status)
            payload = {
                "action": "created",
                "deployment_status": status,
                "deployment": code_shapes.deployment(self.url, there, given),
                "check_run": None,
                "workflow": None,
                "workflow_run": None,
            }
            self.announce("deployment_status", there, given.creator, payload)

    def rename_repository(self, repo: str, name: str, by: str = "octocat") -> None:
        """`repository.renamed`; from then on the REST API redirects the old name."""
        with self.lock:
            there, sender = self._there(repo), self.person(by)
            self.former_names[there.full_name.lower()] = there
            changes = {"repository": {"name": {"from": there.name}}}
            there.name = name
            self.announce("repository", there, sender, {"action": "renamed", "changes": changes})

    def transfer(self, repo: str, owner: str, by: str = "octocat") -> None:
        """`repository.transferred`; from then on the REST API redirects the old name."""
        with self.lock:
            there, sender = self._there(repo), self.person(by)
            self.former_names[there.full_name.lower()] = there
            kind = "organization" if there.owner.type == "Organization" else "user"
            changes = {"owner": {"from": {kind: {"login": there.owner.login, "id": there.owner.id}}}}
            there.owner = self.person(owner, owner, "Organization")
            self.announce("repository", there, sender, {"action": "transferred", "changes": changes})

    def hide(self, repo: str, by: str = "octocat") -> None:
        """`repository.privatized`."""
        with self.lock:
            there = self._there(repo)
            there.private = True
            self.announce("repository", there, self.person(by), {"action": "privatized"})

    def ping(self, repo: str = "acme/web") -> None:
        """`ping`, which GitHub sends when a webhook is made: here the repository's own."""
        there = self._there(repo)
        made = next(hook for hook in self.hooks if hook.belongs_to(there))
        url = f"{self.url}/repos/{there.full_name}/hooks/{made.id}"
        hook = {
            "type": "Repository",
            "id": made.id,
            "name": "web",
            "active": True,
            "events": ["*"],
            "config": {"content_type": "json", "insecure_ssl": "0", "url": f"{self.target}/webhooks/github"},
            "updated_at": shapes.stamp(self.now()),
            "created_at": shapes.stamp(self.now()),
            "url": url,
            "test_url": f"{url}/test",
            "ping_url": f"{url}/pings",
            "deliveries_url": f"{url}/deliveries",
            "last_response": {"code": None, "status": "unused", "message": None},
        }
        zen = "Half measures are as bad as nothing at all."
        self.announce("ping", there, self.person("octocat"), {"zen": zen, "hook_id": made.id, "hook": hook})
