"""What people and programs do about changes on GitHub, as methods: reviews, comments changed later, checks, branches.

As in `driver`, each changes the state and queues what GitHub would send for it.
"""

from sandbox.github import check_shapes, ticket_shapes
from sandbox.github.comment_rest import CommentRest
from sandbox.github.shapes import Json, user
from sandbox.github.state import Comment, Pull, Remark, Repo, Review, Run, Ticket


class Activity(CommentRest):
    """Reviewers, and what runs on its own."""

    # --- reviews and comments ----------------------------------------------------------------------------------------

    def request_review(self, repo: str, number: int, reviewer: str, by: str = "octocat") -> None:
        """`pull_request.review_requested`, of one person."""
        there, ticket, pull = self._pull(repo, number)
        asked = self.person(reviewer)
        with self.lock:
            if asked not in pull.reviewers:
                pull.reviewers.append(asked)
            pull.asked.append((self.now(), asked))
            self._tell(
                there, ticket, "review_requested", self.person(by), {"requested_reviewer": user(self.url, asked)}
            )

    def request_team_review(self, repo: str, number: int, slug: str, by: str = "octocat") -> None:
        """`pull_request.review_requested`, of one of the owner's teams."""
        there, ticket, pull = self._pull(repo, number)
        with self.lock:
            pull.teams = [*dict.fromkeys((*pull.teams, slug))]
            pull.asked.append((self.now(), None))
            asked = {"requested_team": ticket_shapes.team(self.url, there, slug)}
            self._tell(there, ticket, "review_requested", self.person(by), asked)

    def review(self, repo: str, number: int, author: str, state: str, body: str = "") -> int:
        """`pull_request_review.submitted`: `approved`, `changes_requested` or `commented`; returns the review's id."""
        there, ticket, pull = self._pull(repo, number)
        with self.lock:
            by, now = self.person(author), self.now()
            if by is ticket.author and state != "commented":
                raise ValueError("nobody can approve, or request changes on, a pull request of their own")
            given = Review(self.next_id(), by, state, body or None, now, now)
            pull.reviews.append(given)
            pull.reviewers = [person for person in pull.reviewers if person is not by]
            ticket.updated_at = now
            self._tell_review(there, ticket, "submitted", given, author)
            return given.id

    def dismiss_review(self, repo: str, number: int, review_id: int, by: str = "octocat") -> None:
        """`pull_request_review.dismissed`."""
        there, ticket, pull = self._pull(repo, number)
        given = next(review for review in pull.reviews if review.id == review_id)
        with self.lock:
            given.state, given.updated_at, ticket.updated_at = "dismissed", self.now(), self.now()
            self._tell_review(there, ticket, "dismissed", given, by)

    def remark(self, repo: str, number: int, author: str, body: str, path: str = "README.md") -> int:
        """`pull_request_review_comment.created`, on a line of a file; returns the comment's id."""
        there, ticket, pull = self._pull(repo, number)
        with self.lock:
            by, now = self.person(author), self.now()
            given = Remark(self.next_id(), by, body, now, path, 3, pull.head_sha)
            pull.remarks.append(given)
            ticket.updated_at = now
            shown = {
                "comment": check_shapes.remark(self.url, there, ticket, given),
                "pull_request": check_shapes.reviewed_pull(self.url, there, ticket),
            }
            self.announce("pull_request_review_comment", there, by, {"action": "created"} | shown)
            return given.id

    def edit_comment(self, repo: str, number: int, comment_id: int, body: str, by: str = "") -> None:
        """`issue_comment.edited`, by its author if nobody else is named."""
        there, ticket, comment = self._comment(repo, number, comment_id)
        self.reword(there, ticket, comment, body, self.person(by) if by else comment.author)

    def delete_comment(self, repo: str, number: int, comment_id: int, by: str = "") -> None:
        """`issue_comment.deleted`."""
        there, ticket, comment = self._comment(repo, number, comment_id)
        self.unsay(there, ticket, comment, self.person(by) if by else comment.author)

    # --- checks ------------------------------------------------------------------------------------------------------

    def start_run(
        self, repo: str, branch: str, name: str = "CI", event: str = "pull_request", by: str = "octocat"
    ) -> int:
        """`workflow_run.requested` and `workflow_run.in_progress`, on a branch; returns the id of its check suite."""
        there = self._there(repo)
        with self.lock:
            now, actor = self.now(), self.person(by)
            known = [run for run in there.runs.values() if run.name == name]
            workflow = known[0].workflow_id if known else self.next_id()
            ids = (self.next_id(), self.next_id(), workflow, len(known) + 1)
            run = Run(*ids, name, "GitHub Actions", branch, there.heads[branch], event, "A commit", actor, now, now)
            there.runs[run.suite_id] = run
            self._tell_run(there, run, "requested")
            run.status = "in_progress"
            self._tell_run(there, run, "in_progress")
            return run.suite_id

    def finish_run(self, repo: str, suite_id: int, conclusion: str = "success") -> None:
        """`check_suite.completed` and `workflow_run.completed`: GitHub tells of a run twice."""
        there = self._there(repo)
        with self.lock:
            run = there.runs[suite_id]
            run.status, run.conclusion, run.updated_at = "completed", conclusion, self.now()
            self._tell_suite(there, run)
            self._tell_run(there, run, "completed")

    def check_suite(self, repo: str, branch: str, app: str, conclusion: str = "success") -> int:
        """`check_suite.completed` of an app that is not GitHub Actions; returns the suite's id."""
        there = self._there(repo)
        with self.lock:
            now, actor = self.now(), self.person("octocat")
            run = Run(
                0, self.next_id(), 0, 0, app, app, branch, there.heads[branch], "push", "A commit", actor, now, now,
                "completed", conclusion,
            )  # fmt: skip
            there.runs[run.suite_id] = run
            self._tell_suite(there, run)
            return run.suite_id

    def commit_status(self, repo: str, branch: str, context: str, state: str) -> None:
        """`status` of the branch's last commit: `pending`, `success`, `failure` or `error`."""
        there, by = self._there(repo), self.person("octocat")
        with self.lock:
            shown = check_shapes.status(
                self.url, there, self.next_id(), there.heads[branch], state, context, self.now(), by
            )
            there.statuses.setdefault(there.heads[branch], {})[context] = shown
            self.announce("status", there, by, shown)

    # --- branches ----------------------------------------------------------------------------------------------------

    def create_branch(self, repo: str, branch: str, by: str = "octocat") -> None:
        """`create`: a branch that begins where the default branch ends."""
        there = self._there(repo)
        with self.lock:
            there.heads[branch] = there.heads[there.default_branch]
            new = {"master_branch": there.default_branch, "description": None}
            self._tell_ref("create", there, branch, by, new)

    def delete_branch(self, repo: str, branch: str, by: str = "octocat") -> None:
        """`delete`."""
        there = self._there(repo)
        with self.lock:
            del there.heads[branch]
            self._tell_ref("delete", there, branch, by, {})

    # --- what is told ------------------------------------------------------------------------------------------------

    def _tell_review(self, repo: Repo, ticket: Ticket, action: str, given: Review, by: str) -> None:
        shown = {
            "review": check_shapes.review(self.url, repo, ticket, given),
            "pull_request": check_shapes.reviewed_pull(self.url, repo, ticket),
        }
        self.announce("pull_request_review", repo, self.person(by), {"action": action} | shown)

    def _tell_run(self, repo: Repo, run: Run, action: str) -> None:
        shown = {
            "workflow": check_shapes.workflow(self.url, repo, run),
            "workflow_run": check_shapes.workflow_run(self.url, repo, run),
        }
        self.announce("workflow_run", repo, run.actor, {"action": action} | shown)

    def _tell_suite(self, repo: Repo, run: Run) -> None:
        shown = check_shapes.check_suite(self.url, repo, run)
        self.announce("check_suite", repo, run.actor, {"action": "completed", "check_suite": shown})

    def _tell_ref(self, event: str, repo: Repo, branch: str, by: str, more: Json) -> None:
        shown = {"ref": branch, "ref_type": "branch", "pusher_type": "user"} | more
        self.announce(event, repo, self.person(by), shown)

    # --- what there is -----------------------------------------------------------------------------------------------

    def _there(self, repo: str) -> Repo:
        there = self.repo(repo)
        if there is None:
            raise KeyError(repo)
        return there

    def _find(self, repo: str, number: int) -> tuple[Repo, Ticket]:
        there = self._there(repo)
        return there, there.tickets[number]

    def _pull(self, repo: str, number: int) -> tuple[Repo, Ticket, Pull]:
        there, ticket = self._find(repo, number)
        if ticket.pull is None:
            raise ValueError(f"{repo}#{number} is not a pull request")
        return there, ticket, ticket.pull

    def _comment(self, repo: str, number: int, comment_id: int) -> tuple[Repo, Ticket, Comment]:
        there, ticket = self._find(repo, number)
        return there, ticket, next(comment for comment in ticket.comments if comment.id == comment_id)
