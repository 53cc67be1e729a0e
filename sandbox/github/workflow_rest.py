"""The stand-in's REST API for workflows of GitHub Actions: what there is, starting one by hand, and the runs.

https://docs.github.com/en/rest/actions/workflows, https://docs.github.com/en/rest/actions/workflow-runs
"""

from typing import Any

from flask import Response, g, request

from sandbox.github import check_shapes
from sandbox.github.activity import Activity
from sandbox.github.answers import Refused, body_given, json_answer, text_of, writable
from sandbox.github.shapes import Json
from sandbox.github.state import Person, Repo, Run, Workflow

MOST_INPUTS = 25
KNOWN = ("ref", "inputs", "return_run_details")


class WorkflowRest(Activity):
    """The API, with workflows."""

    def __init__(self, webhook_secret: str, token: str = "ghp-sandbox") -> None:
        super().__init__(webhook_secret, token)
        self.tells_runs = True
        """Whether it says which run a start has made; an older Enterprise Server does not know the wish."""
        workflow = "/actions/workflows/<ident>"
        for name, method, path, view in (
            ("actions/list-repo-workflows", "GET", "/actions/workflows", self._list_workflows),
            ("actions/get-workflow", "GET", workflow, self._get_workflow),
            ("actions/create-workflow-dispatch", "POST", f"{workflow}/dispatches", self._dispatch_workflow),
            ("actions/list-workflow-runs", "GET", f"{workflow}/runs", self._list_runs),
        ):
            for prefix in ("/repos/<owner>/<name>", "/repositories/<int:repo_id>"):
                self._route(name, method, f"{prefix}{path}", self._in_repo(view))

    def add_workflow(
        self, repo: str, name: str, inputs: dict[str, bool] | None = None, *, by_hand: bool = True
    ) -> Workflow:
        """Somebody adds a workflow, whose file has its name; `inputs` says of each whether it is required."""
        there = self._there(repo)
        with self.lock:
            made = Workflow(self.next_id(), name, inputs or {}, by_hand)
            there.workflows[made.id] = made
            return made

    def start_by_hand(self, repo: str, workflow: Workflow, branch: str, by: str) -> Run:
        """Somebody starts a workflow on its page: `workflow_run.requested`."""
        there = self._there(repo)
        return self._started(there, workflow, branch, self.person(by))

    def _started(self, repo: Repo, workflow: Workflow, branch: str, by: Person, inputs: Json | None = None) -> Run:
        with self.lock:
            now, number = self.now(), 1 + sum(run.workflow_id == workflow.id for run in repo.runs.values())
            ids = (self.next_id(), self.next_id(), workflow.id, number)
            sha = repo.heads[branch]
            run = Run(
                *ids, workflow.name, "GitHub Actions", branch, sha, "workflow_dispatch", workflow.name, by, now, now
            )
            repo.runs[run.suite_id] = run
            workflow.given.append({"ref": branch, "inputs": inputs or {}})
            self._tell_run(repo, run, "requested")
            return run

    # --- the API -----------------------------------------------------------------------------------------------------

    def _list_workflows(self, repo: Repo) -> Response:
        shown = [self._shown_workflow(repo, each) for each in repo.workflows.values()]
        return json_answer({"total_count": len(shown), "workflows": shown})

    def _shown_workflow(self, repo: Repo, given: Workflow) -> Json:
        run = Run(0, 0, given.id, 0, given.name, "", "", "", "", "", repo.owner, 0, 0)
        return check_shapes.workflow(self.url, repo, run) | {"state": given.state}

    def _get_workflow(self, repo: Repo, ident: str) -> Response:
        return json_answer(self._shown_workflow(repo, _named(repo, ident)))

    def _dispatch_workflow(self, repo: Repo, ident: str) -> Response:
        writable(repo)
        workflow, body = _named(repo, ident), body_given()
        self._need(repo, "write")
        known = KNOWN if self.tells_runs else KNOWN[:2]
        for key in body.keys() - known:
            raise Refused(422, f'Invalid request.\n\n"{key}" is not a permitted key.')
        ref = (text_of(body, "ref") or "").removeprefix("refs/heads/").removeprefix("refs/tags/")
        inputs: dict[str, Any] = body.get("inputs") or {}
        self._judge_start(repo, workflow, ref, inputs)
        run = self._started(repo, workflow, ref, g.asker, inputs)
        if not body.get("return_run_details"):
            return Response(status=204)
        shown = check_shapes.workflow_run(self.url, repo, run)
        return json_answer({"workflow_run_id": run.id, "run_url": shown["url"], "html_url": shown["html_url"]})

    def _judge_start(self, repo: Repo, workflow: Workflow, ref: str, inputs: dict[str, Any]) -> None:
        if workflow.state != "active":
            raise Refused(422, "Cannot trigger a 'workflow_dispatch' on a disabled workflow")
        if ref not in repo.heads:
            raise Refused(422, f"No ref found for: {ref}")
        if not workflow.by_hand:
            raise Refused(422, "Workflow does not have 'workflow_dispatch' trigger")
        if len(inputs) > MOST_INPUTS:
            raise Refused(422, "Invalid request.\n\nNo more than 25 properties are allowed; 26 were supplied.")
        beyond = [name for name in inputs if name not in workflow.inputs]
        if beyond:
            raise Refused(422, f"Unexpected inputs provided: {beyond}".replace("'", '"'))
        lacking = [name for name, required in workflow.inputs.items() if required and name not in inputs]
        if lacking:
            raise Refused(422, f"Required input '{lacking[0]}' not provided")

    def _list_runs(self, repo: Repo, ident: str) -> Response:
        workflow = _named(repo, ident)
        found = [
            run for run in repo.runs.values()
            if run.workflow_id == workflow.id and run.started_at <= self.now() - self.list_lag
        ]  # fmt: skip
        found.sort(key=lambda run: run.id, reverse=True)
        size, page = request.args.get("per_page", 30, int), request.args.get("page", 1, int)
        shown = [check_shapes.workflow_run(self.url, repo, run) for run in found[(page - 1) * size : page * size]]
        return json_answer({"total_count": len(found), "workflow_runs": shown})


def _named(repo: Repo, ident: str) -> Workflow:
    """By its id, or by the name of its file."""
    for each in repo.workflows.values():
        if ident in (str(each.id), f"{each.name.lower()}.yml"):
            return each
    raise Refused(404, "Not Found")
