"""The stand-in's REST API for what people do to pull requests, with GitHub's refusals.

https://docs.github.com/en/rest/pulls/pulls, https://docs.github.com/en/rest/pulls/reviews
"""

from collections.abc import Sequence

from flask import Response, g

from sandbox.github import check_shapes, code_shapes
from sandbox.github.activity import Activity
from sandbox.github.answers import Refused, body_given, json_answer, text_of, ticket_of, writable, wrong
from sandbox.github.shapes import Json
from sandbox.github.state import Commit, Person, Pull, Repo, Review, Ticket

VERDICTS = {"APPROVE": "approved", "REQUEST_CHANGES": "changes_requested", "COMMENT": "commented"}
METHODS = ("merge", "squash", "rebase")


class PullRest(Activity):
    """The API, with reviews and merges."""

    def __init__(self, webhook_secret: str, token: str = "ghp-sandbox") -> None:
        super().__init__(webhook_secret, token)
        self.forbidden_methods: set[str] = set()
        """Ways of merging that the repositories' settings do not allow."""
        pull = "/pulls/<int:number>"
        for name, method, path, view in (
            ("pulls/create-review", "POST", f"{pull}/reviews", self._create_review),
            ("pulls/list-reviews", "GET", f"{pull}/reviews", self._list_reviews),
            ("pulls/merge", "PUT", f"{pull}/merge", self._merge_pull),
            ("pulls/update-branch", "PUT", f"{pull}/update-branch", self._update_branch),
        ):
            for prefix in ("/repos/<owner>/<name>", "/repositories/<int:repo_id>"):
                self._route(name, method, f"{prefix}{path}", self._in_repo(view))

    def merge_now(self, repo: Repo, ticket: Ticket, person: Person) -> None:
        """`pull_request.closed`, merged, and the `push` of the merge commit to the base branch."""
        with self.lock:
            pull = self._change(ticket)
            pull.merged_at, pull.merged_by, pull.merge_sha = self.now(), person, self.sha()
            self.close(repo, ticket, person)
            message = f"Merge pull request #{ticket.number} from {repo.owner.login}/{pull.head}\n\n{ticket.title}"
            self._push(repo, pull.base, [(pull.merge_sha, message, person)], person)

    @staticmethod
    def _change(ticket: Ticket) -> Pull:
        if ticket.pull is None:
            raise Refused(404, "Not Found")
        return ticket.pull

    def _shown_review(self, repo: Repo, ticket: Ticket, given: Review) -> Json:
        return check_shapes.review(self.url, repo, ticket, given) | {"state": given.state.upper()}

    def _create_review(self, repo: Repo, number: int) -> Response:
        writable(repo)
        ticket, body, asker = ticket_of(repo, number), body_given(), g.asker
        self._change(ticket)
        verdict, words = text_of(body, "event") or "", text_of(body, "body") or ""
        if verdict not in VERDICTS:
            raise Refused(422, "Unprocessable Entity", errors=["Variable $event of type PullRequestReviewEvent"])
        if verdict != "COMMENT" and asker is ticket.author:
            what = "approve" if verdict == "APPROVE" else "request changes on"
            raise Refused(422, "Unprocessable Entity", errors=[f"Can not {what} your own pull request"])
        if verdict != "APPROVE" and not words.strip():
            raise Refused(422, "Unprocessable Entity", errors=["Body can't be blank"])
        ident = self.review(repo.full_name, number, asker.login, VERDICTS[verdict], words)
        made = next(each for each in self._change(ticket).reviews if each.id == ident)
        return json_answer(self._shown_review(repo, ticket, made))

    def _list_reviews(self, repo: Repo, number: int) -> Response:
        ticket = ticket_of(repo, number)
        return self._page([self._shown_review(repo, ticket, each) for each in self._change(ticket).reviews])

    def _merge_pull(self, repo: Repo, number: int) -> Response:
        writable(repo)
        ticket, body = ticket_of(repo, number), body_given()
        pull, method = self._change(ticket), text_of(body, "merge_method") or "merge"
        self._need(repo, "write")
        if method not in METHODS:
            raise Refused(422, "Validation Failed", errors=[wrong("PullRequest", "merge_method", "invalid")])
        if method in self.forbidden_methods:
            raise Refused(405, f"{method.capitalize()} merges are not allowed on this repository.")
        if pull.draft:
            raise Refused(405, "Pull Request is still a draft")
        if ticket.state == "closed" or pull.standing == "dirty":
            raise Refused(405, "Pull Request is not mergeable")
        # Whoever administers a repository may pass by what its branches require, unless that is forbidden as well.
        if pull.standing == "blocked" and not self.may(repo, g.asker, "admin"):
            raise Refused(405, "At least 1 approving review is required by reviewers with write access.")
        if text_of(body, "sha") not in (None, pull.head_sha):
            raise Refused(409, "Head branch was modified. Review and try the merge again.")
        self.merge_now(repo, ticket, g.asker)
        return json_answer({"sha": pull.merge_sha, "merged": True, "message": "Pull Request successfully merged"})

    def _update_branch(self, repo: Repo, number: int) -> Response:
        ticket, body = ticket_of(repo, number), body_given()
        pull = self._change(ticket)
        self._need(repo, "write")
        if text_of(body, "expected_head_sha") not in (None, pull.head_sha):
            raise Refused(422, "Validation Failed", errors=["expected head sha didn't match current head ref."])
        if pull.base_sha == repo.heads[pull.base]:
            raise Refused(422, "There are no new commits on the base branch.")
        pull.base_sha = repo.heads[pull.base]
        message = f"Merge branch '{pull.base}' into {pull.head}"
        self._push(repo, pull.head, [(self.sha(), message, g.asker)], g.asker)
        return json_answer({"message": "Updating pull request branch.", "url": self.url}, 202)

    def _push(
        self, repo: Repo, branch: str, made: Sequence[tuple[str, str, Person]], pusher: Person, *, forced: bool = False
    ) -> None:
        now, before = self.now(), repo.heads.get(branch, code_shapes.NO_COMMIT)
        commits = [code_shapes.commit(self.url, repo, sha, message, by, now) for sha, message, by in made]
        repo.heads[branch], repo.pushed_at = made[-1][0], now
        repo.commits |= {sha: Commit(sha, message, by, now) for sha, message, by in made}
        shown = code_shapes.push(self.url, repo, branch, before, commits, pusher)
        envelope = {"repository": code_shapes.pushed_repository(self.url, repo)}
        self.announce("push", repo, pusher, shown | {"forced": forced} | envelope)
        for ticket in repo.tickets.values():
            if ticket.pull and ticket.pull.head == branch:
                self.move_head(repo, ticket, repo.heads[branch], pusher)
