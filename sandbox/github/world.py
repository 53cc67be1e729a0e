"""The stand-in's state and what changes in it: each change is made once, here, and told by signed webhooks.

Both the REST API (`rest`) and the driver (`driver`) change things through these methods, so a change that connect makes
comes back to it as a webhook like anybody else's.
"""

import hashlib
import hmac
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace

from sandbox.github import shapes, ticket_shapes
from sandbox.github.hooks import Hook, Sending, Sent
from sandbox.github.shapes import Json
from sandbox.github.state import Comment, Label, Person, Pull, Repo, Ticket
from sandbox.standin import StandIn, compact

HOOK_ID = 292430182
"""The webhook of `acme/web`; those made later follow."""


class World(StandIn):
    """Repositories `acme/web` (public) and `acme/secret` (private), and the people who work on them."""

    service = "github"

    def __init__(self, webhook_secret: str, token: str = "ghp-sandbox") -> None:
        super().__init__()
        self.webhook_secret = webhook_secret
        self.token = token
        self.now: Callable[[], float] = time.time
        """The clock, in seconds since 1970."""
        self.born = 1_300_000_000.0
        """When the accounts were made."""
        self.list_lag = 0.0
        """Seconds for which what was created is missing from lists."""
        self.hooks: list[Hook] = []
        """The webhooks that point to connect: at first each repository has one of its own."""
        self.people: dict[str, Person] = {}
        self.connect = self.person("connect-app", "connect")
        self.person("octocat", "Mona")
        self.person("hubot", "Hubot", "Bot")
        acme = self.person("acme", "Acme", "Organization")
        self.repos = [self._repo(acme, "web", private=False), self._repo(acme, "secret", private=True)]
        self.former_names: dict[str, Repo] = {}
        self._last: list[Sending] = []
        self._recorded = 0

    def date(self) -> float:
        """The time of the stand-in's clock, to which the resets of its limits belong."""
        return self.now()

    def person(self, login: str, name: str = "", kind: str = "User") -> Person:
        """The account with this login, made if there is none."""
        return self.people.setdefault(login, Person(self.next_id(), login, name or login, kind))

    def repo(self, full_name: str) -> Repo | None:
        """A repository by its present name, in any case of letters."""
        return next((repo for repo in self.repos if repo.full_name.lower() == full_name.lower()), None)

    def _repo(self, owner: Person, name: str, *, private: bool) -> Repo:
        repo = Repo(self.next_id(), owner, name, private, self.now(), self.now())
        repo.heads["main"] = self.sha()
        for known, color, about in (("bug", "d73a4a", "Something is not working"), ("docs", "0075ca", "")):
            repo.labels[known] = Label(self.next_id(), known, color, about)
        self.add_hook(repo)
        return repo

    def add_hook(self, target: Repo | Person | int) -> Hook:
        """A new webhook of a repository, of an organization (a `Person`) or of a GitHub App (its id)."""
        hook = Hook(max([HOOK_ID - 1, *(each.id for each in self.hooks)]) + 1, target)
        self.hooks.append(hook)
        return hook

    def sha(self) -> str:
        """The id of a new commit."""
        return hashlib.sha1(str(self.next_id()).encode(), usedforsecurity=False).hexdigest()

    # --- what changes ------------------------------------------------------------------------------------------------

    def file(
        self,
        repo: Repo,
        title: str,
        body: str | None,
        author: Person,
        labels: Iterable[str] = (),
        pull: Pull | None = None,
    ) -> Ticket:
        """A new issue, or pull request if `pull` is given."""
        with self.lock:
            number, now = max([0, *repo.tickets, *repo.moved]) + 1, self.now()
            ticket = repo.tickets[number] = Ticket(self.next_id(), number, title, body, author, now, now, pull=pull)
            self._tell(repo, ticket, "opened", author)
            for name in labels:
                self.put_label(repo, ticket, name, author)
            return ticket

    def say(self, repo: Repo, ticket: Ticket, author: Person, body: str) -> Comment:
        """A new comment on an issue or a pull request."""
        with self.lock:
            comment = Comment(self.next_id(), author, body, self.now())
            ticket.comments.append(comment)
            ticket.updated_at = self.now()
            shown = {
                "issue": ticket_shapes.issue(self.url, repo, ticket),
                "comment": ticket_shapes.comment(self.url, repo, ticket, comment),
            }
            self.announce("issue_comment", repo, author, {"action": "created"} | shown)
            return comment

    def put_label(self, repo: Repo, ticket: Ticket, name: str, sender: Person) -> None:
        """Put a label on a ticket; one that the repository does not have is made."""
        with self.lock:
            label = repo.labels.setdefault(name, Label(self.next_id(), name))
            if name not in ticket.labels:
                ticket.labels.append(name)
                self._tell(repo, ticket, "labeled", sender, {"label": shapes.label(self.url, repo, label)})

    def take_label(self, repo: Repo, ticket: Ticket, name: str, sender: Person) -> None:
        """Take a label off a ticket that has it."""
        with self.lock:
            ticket.labels.remove(name)
            self._tell(repo, ticket, "unlabeled", sender, {"label": shapes.label(self.url, repo, repo.labels[name])})

    def assign(self, repo: Repo, ticket: Ticket, whom: Person, sender: Person, *, to: bool = True) -> None:
        """Assign a ticket to somebody, or (`to` is false) take it from them."""
        with self.lock:
            if (whom in ticket.assignees) != to:
                (ticket.assignees.append if to else ticket.assignees.remove)(whom)
                action = "assigned" if to else "unassigned"
                self._tell(repo, ticket, action, sender, {"assignee": shapes.user(self.url, whom)})

    def close(self, repo: Repo, ticket: Ticket, sender: Person, reason: str | None = None) -> None:
        """Close an open ticket; `reason` is `completed` or `not_planned` for an issue, None for a pull request."""
        with self.lock:
            if ticket.state == "open":
                ticket.closed_at, ticket.closed_by, ticket.reason = self.now(), sender, reason
                self._tell(repo, ticket, "closed", sender)

    def reopen(self, repo: Repo, ticket: Ticket, sender: Person) -> None:
        """Open a closed ticket again."""
        with self.lock:
            if ticket.state == "closed":
                ticket.closed_at, ticket.closed_by = None, None
                ticket.reason = None if ticket.pull else "reopened"
                self._tell(repo, ticket, "reopened", sender)

    def edit(self, repo: Repo, ticket: Ticket, sender: Person, wanted: dict[str, str]) -> None:
        """Change `title` and `body`."""
        with self.lock:
            now = {"title": ticket.title, "body": ticket.body or ""}
            changes = {key: {"from": now[key]} for key, value in wanted.items() if value != now[key]}
            if changes:
                ticket.title, ticket.body = wanted.get("title", ticket.title), wanted.get("body", ticket.body)
                self._tell(repo, ticket, "edited", sender, {"changes": changes})

    def ready(self, repo: Repo, ticket: Ticket, sender: Person) -> None:
        """A draft is ready for review."""
        with self.lock:
            if ticket.pull and ticket.pull.draft:
                ticket.pull.draft = False
                self._tell(repo, ticket, "ready_for_review", sender)

    def move_head(self, repo: Repo, ticket: Ticket, sha: str, sender: Person) -> None:
        """New commits on the branch of an open pull request."""
        if ticket.pull and ticket.state == "open":
            before, ticket.pull.head_sha = ticket.pull.head_sha, sha
            self._tell(repo, ticket, "synchronize", sender, {"before": before, "after": sha})

    # --- what is told ------------------------------------------------------------------------------------------------

    def _tell(self, repo: Repo, ticket: Ticket, action: str, sender: Person, more: Json | None = None) -> None:
        ticket.updated_at = self.now()
        if ticket.pull:
            shown = {"number": ticket.number, "pull_request": ticket_shapes.pull_request(self.url, repo, ticket)}
            self.announce("pull_request", repo, sender, {"action": action} | shown | (more or {}))
        else:
            shown = {"issue": ticket_shapes.issue(self.url, repo, ticket)}
            self.announce("issues", repo, sender, {"action": action} | shown | (more or {}))

    def announce(self, event: str, repo: Repo, sender: Person, payload: Json) -> None:
        """Queue an event for every webhook that hears of it: the payload gets its envelope, and is signed when sent."""
        whole = {
            "repository": shapes.repository(self.url, repo),
            "organization": shapes.organization(self.url, repo.owner),
            "sender": shapes.user(self.url, sender),
        }
        action = payload.get("action")
        body, name = compact(payload | whole | payload), f"{event}.{action}" if action else event
        guid = str(uuid.uuid4())
        # A hook's own ping is for nobody else.
        told = [hook for hook in self.hooks if hook.hears(repo) and payload.get("hook_id", hook.id) == hook.id]
        self._last = [
            Sending("/webhooks/github", body, self._signer(event, guid, hook), name, hook.id, guid, repo.id)
            for hook in told
        ]
        for sending in self._last:
            self.send(sending)

    def _signer(self, event: str, guid: str, hook: Hook) -> Callable[[bytes], dict[str, str]]:
        headers = {
            "Accept": "*/*",
            "Content-Type": "application/json",
            "User-Agent": "GitHub-Hookshot/044aadd",
            "X-GitHub-Delivery": guid,
            "X-GitHub-Event": event,
            **hook.headers,
        }

        def sign(body: bytes) -> dict[str, str]:
            key = self.webhook_secret.encode()
            return headers | {
                "X-Hub-Signature": f"sha1={hmac.new(key, body, hashlib.sha1).hexdigest()}",
                "X-Hub-Signature-256": f"sha256={hmac.new(key, body, hashlib.sha256).hexdigest()}",
            }

        return sign

    def redeliver(self, times: int = 1) -> None:
        """Queue the last webhook again, under the same id, as after a press on GitHub's Redeliver."""
        for _ in range(times):
            for sending in self._last:
                self.send(replace(sending, redelivery=True))

    def flush(self) -> int:
        """Send what waits, and keep what came back for the lists of deliveries."""
        count = super().flush()
        self.record()
        return count

    def record(self) -> None:
        """Show what was sent since the last time in the lists of deliveries."""
        with self.lock:
            new, self._recorded = self.sent[self._recorded :], len(self.sent)
            for outgoing, status in new:
                hook = next((each for each in self.hooks if each.id == getattr(outgoing, "hook_id", 0)), None)
                if hook is not None and isinstance(outgoing, Sending):
                    hook.sent.append(Sent(self.next_id(), outgoing, status, self.now()))
