"""GitHub's workflows (of GitHub Actions) that can be started by hand, and their runs.

A run carries nothing of who asked for it but the account that did; whoever starts one notes the newest there is before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.errors import Invalid
from adapters.github.session import PER_PAGE, GitHubSession

_OLD_SERVER = "return_run_details"
"""What an Enterprise Server that does not know this wish complains of."""


@dataclass(frozen=True)
class Workflow:
    """A workflow; `file` is its name below `.github/workflows`, `url` the page of its runs."""

    id: int
    name: str
    file: str
    active: bool
    url: str


@dataclass(frozen=True)
class Started:
    """A run; `event` is what started it, `branch` a tag's name if it runs on a tag."""

    id: int
    url: str
    event: str = ""
    branch: str = ""
    actor: str = ""


class Workflows(GitHubSession):
    """The part of the client that starts workflows."""

    def workflow(self, repository: str, ident: str) -> Workflow:
        """Read a workflow by its file's name or its id."""
        return self._of(repository, "GET", "actions", "workflows", ident, read=_workflow)

    def workflows(self, repository: str) -> list[Workflow]:
        """The workflows of a repository: the first 100."""
        return self._of(repository, "GET", "actions", "workflows", read=_workflows, per_page=PER_PAGE)

    def dispatch(self, repository: str, workflow: int, ref: str, inputs: Mapping[str, str]) -> Started | None:
        """Start a workflow on a branch or tag; None if this GitHub does not say which run that made.

        https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event
        """
        body = {"ref": ref, "inputs": {**inputs}}
        try:
            return self._dispatch(repository, workflow, {**body, _OLD_SERVER: True})
        except Invalid as refused:
            if _OLD_SERVER not in str(refused):
                raise
        return self._dispatch(repository, workflow, body)

    def _dispatch(self, repository: str, workflow: int, body: Mapping[str, Any]) -> Started | None:
        where = ("actions", "workflows", workflow, "dispatches")
        return self._of(repository, "POST", *where, read=_dispatched, body=body, write=True)

    def runs_of(self, repository: str, workflow: int, page: int = 1) -> list[Started]:
        """A page (100) of a workflow's runs, the newest first.

        Without a filter: with one GitHub answers from an index, which follows later.
        https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-workflow
        """
        where = ("actions", "workflows", workflow, "runs")
        return self._of(repository, "GET", *where, read=_runs, per_page=PER_PAGE, page=page)


def _workflow(raw: Mapping[str, Any]) -> Workflow:
    path, page = str(raw["path"]), str(raw["html_url"])
    file = path.rpartition("/")[2]
    runs = f"{page.partition('/blob/')[0]}/actions/workflows/{file}"
    return Workflow(int(raw["id"]), str(raw["name"]), file, raw["state"] == "active", runs)


def _workflows(raw: Mapping[str, Any]) -> list[Workflow]:
    return [_workflow(each) for each in raw["workflows"]]


def _dispatched(raw: Mapping[str, Any] | None) -> Started | None:
    return Started(int(raw["workflow_run_id"]), str(raw["html_url"])) if raw else None


def _runs(raw: Mapping[str, Any]) -> list[Started]:
    return [
        Started(
            int(each["id"]), str(each["html_url"]), str(each["event"]), str(each["head_branch"] or ""),
            str((each.get("triggering_actor") or each.get("actor") or {"login": ""})["login"]),
        )
        for each in raw["workflow_runs"]
    ]  # fmt: skip
