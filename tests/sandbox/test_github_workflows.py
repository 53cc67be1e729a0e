"""The GitHub stand-in's workflows: what is started, what it answers, and what it refuses as GitHub does."""

from sandbox.github import GitHubStandIn
from tests.sandbox import github_cases
from tests.sandbox.github_cases import call
from tests.sandbox.test_github_doing import as_person
from tests.sandbox.test_github_schema import described, mistakes

receiver = github_cases.receiver
github = github_cases.github
PLACE = "/repos/acme/web/actions/workflows"


def test_a_workflow_is_listed_and_started_and_its_runs_are_valid_by_the_description_of_github(
    github: GitHubStandIn,
) -> None:
    made = github.add_workflow("acme/web", "Deploy", {"environment": True})
    document, below = described("github-rest.reduced.json"), "/repos/{owner}/{repo}/actions/workflows"
    given = {"ref": "main", "inputs": {"environment": "test"}, "return_run_details": True}
    for method, path, template, body in (
        ("get", PLACE, below, None),
        ("get", f"{PLACE}/deploy.yml", f"{below}/{{workflow_id}}", None),
        ("post", f"{PLACE}/{made.id}/dispatches", f"{below}/{{workflow_id}}/dispatches", given),
        ("get", f"{PLACE}/{made.id}/runs", f"{below}/{{workflow_id}}/runs", None),
    ):
        answer = call(github, method, path, body)
        schema = document["paths"][template][method]["responses"]["200"]["content"]["application/json"]["schema"]
        assert (path, answer.status_code, mistakes(document, schema, answer.json())) == (path, 200, [])
    assert call(github, "GET", f"{PLACE}/{made.id}/runs").json()["total_count"] == 1


def test_what_github_refuses_to_start_is_refused(github: GitHubStandIn) -> None:
    deploy = github.add_workflow("acme/web", "Deploy", {"environment": True})
    github.add_workflow("acme/web", "Lint", by_hand=False)
    whole = {"ref": "main", "inputs": {"environment": "test"}}
    refused = [
        call(github, "POST", f"{PLACE}/{name}/dispatches", body).json()["message"]
        for name, body in (
            ("nope.yml", whole), ("lint.yml", whole), ("deploy.yml", whole | {"ref": "nope"}),
            ("deploy.yml", {"ref": "main"}), ("deploy.yml", whole | {"inputs": {"colour": "red"}}),
            ("deploy.yml", whole | {"colour": "red"}),
        )
    ]  # fmt: skip
    assert refused == [
        "Not Found", "Workflow does not have 'workflow_dispatch' trigger", "No ref found for: nope",
        "Required input 'environment' not provided", 'Unexpected inputs provided: ["colour"]',
        'Invalid request.\n\n"colour" is not a permitted key.',
    ]  # fmt: skip
    assert as_person(github, "eve", "POST", f"{PLACE}/deploy.yml/dispatches", whole).status_code == 403
    assert call(github, "POST", f"{PLACE}/deploy.yml/dispatches", whole).status_code == 204
    assert len(deploy.given) == 1
