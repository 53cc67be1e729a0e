"""The step that runs a workflow of GitHub Actions: once, as whoever started the workflow in Slack, or not at all."""

from typing import Any

import pytest

from sandbox.github.state import Run, Workflow
from sandbox.slack import MEMBER
from tests.journeys import on_github
from tests.journeys.on_github import account, link
from tests.workflows import FUNCTIONS, ended, run
from tests.world import World

world = on_github.world
STEP: dict[str, Any] = {"repository": "acme/web", "workflow": "deploy.yml"}


@pytest.fixture
def deploy(world: World) -> Workflow:
    return world.github.add_workflow("acme/web", "Deploy", {"environment": True, "dry_run": False})


def start(world: World, **inputs: Any) -> dict[str, Any]:
    return run(world, "run_github_workflow", MEMBER, **STEP, inputs="environment: production", **inputs)


def runs(world: World) -> list[Run]:
    return sorted(world.github.repos[0].runs.values(), key=lambda each: each.id)


def page(world: World, one: Run) -> str:
    return f"{world.github.url}/acme/web/actions/runs/{one.id}"


def wait(world: World) -> None:
    """Until what GitHub did not answer is settled."""
    for _ in range(3):
        world.advance(world.settings.connect_settle_seconds + 1)


def test_a_workflow_is_started_with_its_inputs_on_a_branch(world: World, deploy: Workflow) -> None:
    account(world, "write")
    step = run(world, "run_github_workflow", MEMBER, **STEP, ref="oil",
               inputs='{"environment": "production", "dry_run": false}')  # fmt: skip
    (made,) = runs(world)
    assert ended(step) == {
        "run_id": str(made.id), "url": page(world, made), "repository": "acme/web", "workflow_name": "Deploy",
        "ref": "oil",
    }  # fmt: skip
    assert deploy.given == [{"ref": "oil", "inputs": {"environment": "production", "dry_run": "false"}}]
    assert {row["status"] for row in world.rows("integrations")} == {"completed"}


def test_without_a_branch_it_is_the_default_one_and_a_linked_account_starts_it_itself(
    world: World, deploy: Workflow
) -> None:
    account(world, "write")
    link(world)
    assert ended(start(world))["ref"] == "main"
    assert [(one.actor.login, one.branch) for one in runs(world)] == [("ada", "main")]
    assert len(deploy.given) == 1


def test_what_cannot_be_started_is_told_in_a_sentence(world: World, deploy: Workflow) -> None:
    account(world, "triage")
    not_started = "deploy.yml of acme/web was not started. "
    assert ended(start(world)) == not_started + (
        "GitHub does not permit @ada to do this in acme/web: it takes the role “write” there, and yours is “triage”."
    )
    world.github.allow("acme/web", "ada", "write")
    world.github.add_workflow("acme/web", "Lint", by_hand=False)
    world.advance(1.1)
    for inputs, sentence in (
        ({"workflow": "nope.yml"}, "nope.yml of acme/web was not started. acme/web has no workflow “nope.yml”. It has "
                                   "deploy.yml, lint.yml."),
        ({"workflow": "lint.yml"}, "lint.yml of acme/web was not started. GitHub does not accept the content: Workflow "
                                   "does not have 'workflow_dispatch' trigger"),
        ({"ref": "nope"}, f"{not_started}GitHub does not accept the content: No ref found for: nope"),
        ({}, f"{not_started}GitHub does not accept the content: Required input 'environment' not provided"),
        ({"inputs": "colour: red"}, f'{not_started}GitHub does not accept the content: Unexpected inputs provided: '
                                    '["colour"]'),
        ({"inputs": "red"}, '“red” is no input. Write {"name": "value"}, or a line such as name: value for each.'),
    ):  # fmt: skip
        assert ended(run(world, "run_github_workflow", MEMBER, **STEP | inputs)) == sentence
        world.advance(1.1)
    deploy.state = "disabled_manually"
    assert ended(start(world)) == f"{not_started}Deploy is switched off on GitHub."
    assert runs(world) == []


def test_a_start_whose_answer_is_lost_is_found_among_the_runs(world: World, deploy: Workflow) -> None:
    account(world, "write")
    world.github.start_by_hand("acme/web", deploy, "main", "connect-app")
    world.github.fault("actions/create-workflow-dispatch", kind="reset", after=True)
    step = start(world)
    assert step["state"] == "running"
    world.github.start_by_hand("acme/web", deploy, "main", "eve")
    world.github.start_by_hand("acme/web", deploy, "oil", "connect-app")
    wait(world)
    assert (ended(step)["url"], len(deploy.given)) == (page(world, runs(world)[1]), 4)


def test_a_start_that_github_never_did_is_made_once_more(world: World, deploy: Workflow) -> None:
    account(world, "write")
    world.github.fault("actions/create-workflow-dispatch", status=502)
    step = start(world)
    wait(world)
    (made,) = runs(world)
    assert (ended(step)["run_id"], len(deploy.given)) == (str(made.id), 1)


def test_where_it_cannot_be_known_which_run_it_is_nothing_is_started_again(world: World, deploy: Workflow) -> None:
    account(world, "write")
    link(world)
    world.github.fault("actions/create-workflow-dispatch", kind="reset", after=True)
    step = start(world)
    world.github.start_by_hand("acme/web", deploy, "main", "ada")
    wait(world)
    reason = (
        "GitHub did not answer, and 2 runs of it were started since then by @ada on main. It cannot be known whether "
        "one of them is this step's, so it was not started again. Look at "
        f"{world.github.url}/acme/web/actions/workflows/deploy.yml"
    )
    assert ended(step) == f"It is not known whether this step was carried out. {reason}"
    (row,) = [row for row in world.rows("integrations") if row["operation"] == "dispatch_workflow"]
    assert (row["status"], row["error_message"], len(deploy.given)) == ("failed", reason, 2)


def test_two_steps_at_once_each_know_their_own_run(world: World, deploy: Workflow) -> None:
    account(world, "write")
    world.slack.declare(FUNCTIONS)
    given = STEP | {"inputs": "environment: production"}
    world.github.fault("actions/create-workflow-dispatch", kind="reset", after=True, times=2)
    executions = [world.slack.run_step("run_github_workflow", given, MEMBER) for _ in range(2)]
    for _ in range(3):
        wait(world)
    urls = [ended(world.slack.steps[execution])["url"] for execution in executions]
    assert urls == [page(world, one) for one in runs(world)]
    assert len(deploy.given) == 2


def test_an_older_server_does_not_say_which_run_it_made(world: World, deploy: Workflow) -> None:
    account(world, "write")
    world.github.tells_runs = False
    outputs = ended(start(world))
    assert (outputs["run_id"], outputs["url"]) == ("", f"{world.github.url}/acme/web/actions/workflows/deploy.yml")
    assert len(deploy.given) == 1


def test_workflows_are_offered_to_who_may_see_their_repository(world: World, deploy: Workflow) -> None:
    world.slack.declare(FUNCTIONS)
    world.github.add_workflow("acme/secret", "Rotate")
    menu = ("run_github_workflow", "workflow", MEMBER)
    assert world.slack.choose(*menu, filled={"repository": "acme/web"}) == [
        (f"{deploy.name} (deploy.yml)", "deploy.yml")
    ]
    assert world.slack.choose(*menu, filled={"repository": "acme/secret"}) == []
    assert world.slack.choose(*menu, filled={}, typed="a.yml") == [("a.yml", "a.yml")]
