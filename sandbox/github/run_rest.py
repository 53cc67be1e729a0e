"""The stand-in's REST API for workflow runs (again, cancelled, let through to an environment) and for deployments.

https://docs.github.com/en/rest/actions/workflow-runs, https://docs.github.com/en/rest/deployments/deployments
"""

from collections.abc import Sequence

from flask import Response, g, request

from sandbox.github import check_shapes, code_shapes, run_shapes
from sandbox.github.answers import Refused, body_given, json_answer, text_of
from sandbox.github.review_rest import ReviewRest
from sandbox.github.shapes import Json, stamp, user
from sandbox.github.state import Gate, Person, Repo, Run, Verdict

FAILED = ("failure", "cancelled", "timed_out")


class RunRest(ReviewRest):
    """The API, with runs, deployments and comparisons."""

    def __init__(self, webhook_secret: str, token: str = "ghp-sandbox") -> None:
        super().__init__(webhook_secret, token)
        run = "/actions/runs/<int:ident>"
        for name, method, path, view in (
            ("actions/get-workflow-run", "GET", run, self._get_run),
            ("actions/re-run-workflow", "POST", f"{run}/rerun", self._rerun),
            ("actions/re-run-workflow-failed-jobs", "POST", f"{run}/rerun-failed-jobs", self._rerun_failed),
            ("actions/cancel-workflow-run", "POST", f"{run}/cancel", self._cancel),
            ("actions/get-pending-deployments-for-run", "GET", f"{run}/pending_deployments", self._pending),
            ("actions/review-pending-deployments-for-run", "POST", f"{run}/pending_deployments", self._decide),
            ("actions/get-reviews-for-run", "GET", f"{run}/approvals", self._approvals),
            ("repos/list-deployments", "GET", "/deployments", self._list_deployments),
            ("repos/list-deployment-statuses", "GET", "/deployments/<int:ident>/statuses", self._list_statuses),
            ("repos/compare-commits", "GET", "/compare/<basehead>", self._compare),
        ):
            for prefix in ("/repos/<owner>/<name>", "/repositories/<int:repo_id>"):
                self._route(name, method, f"{prefix}{path}", self._in_repo(view))

    def gate(self, repo: str, suite_id: int, environment: str, people: Sequence[str], teams: Sequence[str] = ()) -> int:
        """`deployment_review.requested`: a run waits until one of these lets it deploy; returns the gate's id."""
        there = self._there(repo)
        with self.lock:
            run, made = there.runs[suite_id], Gate(self.next_id(), environment, [*people], [*teams])
            run.gates.append(made)
            run.status, run.updated_at = "waiting", self.now()
            shown = {
                "environment": environment, "requestor": user(self.url, run.actor),
                "workflow_job_run": run_shapes.waiting_job(self.url, there, run, made),
                "reviewers": run_shapes.reviewers(self.url, there, made, [self.person(login) for login in people]),
            }  # fmt: skip
            self._tell_gate(there, run, "requested", run.actor, shown)
            return made.id

    def _tell_gate(self, repo: Repo, run: Run, action: str, by: Person, more: Json) -> None:
        shown = {
            "action": action, "since": stamp(run.updated_at), **more,
            "workflow_run": check_shapes.workflow_run(self.url, repo, run),
        }  # fmt: skip
        self.announce("deployment_review", repo, by, shown)

    # --- runs --------------------------------------------------------------------------------------------------------

    def _run(self, repo: Repo, ident: int) -> Run:
        found = next((run for run in repo.runs.values() if run.id == ident), None)
        if not ident or found is None:
            raise Refused(404, "Not Found")
        return found

    def _get_run(self, repo: Repo, ident: int) -> Response:
        return json_answer(check_shapes.workflow_run(self.url, repo, self._run(repo, ident)))

    def _rerun(self, repo: Repo, ident: int) -> Response:
        run = self._run(repo, ident)
        self._need(repo, "write")
        if run.status != "completed":
            raise Refused(403, "This workflow is already running")
        run.attempt, run.status, run.conclusion, run.updated_at = run.attempt + 1, "queued", None, self.now()
        self._tell_run(repo, run, "requested")
        return json_answer({}, 201)

    def _rerun_failed(self, repo: Repo, ident: int) -> Response:
        run = self._run(repo, ident)
        if run.status == "completed" and run.conclusion not in FAILED:
            raise Refused(403, "The workflow run containing this job has no failed jobs to rerun")
        return self._rerun(repo, ident)

    def _cancel(self, repo: Repo, ident: int) -> Response:
        run = self._run(repo, ident)
        self._need(repo, "write")
        if run.status == "completed":
            raise Refused(409, "Cannot cancel a workflow run that is completed.")
        run.gates.clear()
        self.finish_run(repo.full_name, run.suite_id, "cancelled")
        return json_answer({}, 202)

    # --- gates -------------------------------------------------------------------------------------------------------

    def _lets(self, repo: Repo, gate: Gate, who: Person) -> bool:
        teams = (self.teams.get(f"{repo.owner.login}/{slug}", set[str]()) for slug in gate.teams)
        return who.login in gate.people or any(who.login in team for team in teams)

    def _pending(self, repo: Repo, ident: int) -> Response:
        shown = [
            run_shapes.pending(
                self.url, repo, gate, [self.person(login) for login in gate.people],
                mine=self._lets(repo, gate, g.asker),
            )
            for gate in self._run(repo, ident).gates
        ]  # fmt: skip
        return json_answer(shown)

    def _decide(self, repo: Repo, ident: int) -> Response:
        run, body = self._run(repo, ident), body_given()
        state, comment = text_of(body, "state"), text_of(body, "comment")
        idents: list[int] = body.get("environment_ids") or []
        if state not in ("approved", "rejected") or comment is None or not idents:
            raise Refused(422, "Invalid request.")
        gates = [gate for gate in run.gates if gate.id in idents]
        if len(gates) < len(idents):
            raise Refused(422, "There are no pending deployment requests to approve or reject")
        if not all(self._lets(repo, gate, g.asker) for gate in gates):
            raise Refused(422, "You are not allowed to approve or reject this deployment")
        for gate in gates:
            run.gates.remove(gate)
            run.verdicts.append(Verdict(gate, state, g.asker, comment))
            jobs = [run_shapes.waiting_job(self.url, repo, run, gate)]
            more = {"approver": user(self.url, g.asker), "comment": comment, "workflow_job_runs": jobs}
            run.status, run.updated_at = "waiting" if run.gates else "in_progress", self.now()
            self._tell_gate(repo, run, state, g.asker, more)
        if state == "rejected":
            self.finish_run(repo.full_name, run.suite_id, "failure")
        elif not run.gates:
            self._tell_run(repo, run, "in_progress")
        return json_answer([])

    def _approvals(self, repo: Repo, ident: int) -> Response:
        return json_answer([run_shapes.approval(self.url, repo, one) for one in self._run(repo, ident).verdicts])

    # --- deployments -------------------------------------------------------------------------------------------------

    def _list_deployments(self, repo: Repo) -> Response:
        wanted = request.args.get("environment", "")
        found = [each for each in repo.deployments.values() if wanted in ("", "none", each.environment)]
        return self._page([code_shapes.deployment(self.url, repo, each) for each in reversed(found)])

    def _list_statuses(self, repo: Repo, ident: int) -> Response:
        if ident not in repo.deployments:
            raise Refused(404, "Not Found")
        return self._page(list(reversed(repo.deployments[ident].statuses)))

    def _compare(self, repo: Repo, basehead: str) -> Response:
        """Of two commits of one branch."""
        older, _, newer = basehead.partition("...")
        for pushed in repo.pushed.values():
            known = [sha for sha, _, _ in pushed]
            if older in known and newer in known:
                first, last = known.index(older), known.index(newer)
                ahead = pushed[first + 1 : last + 1]
                shown = run_shapes.comparison(self.url, repo, (older, newer), ahead, max(first - last, 0))
                return json_answer(shown)
        raise Refused(404, "Not Found")
