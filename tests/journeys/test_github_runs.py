"""The buttons of workflow runs and of deployments that wait for a review: what is done, and what people are told."""

from typing import Any

from sandbox.github.state import Run
from sandbox.slack import DEV, MEMBER
from tests.journeys import on_github
from tests.journeys.doing import send, shown, view
from tests.journeys.github_cards import values
from tests.journeys.github_threads import subscribe
from tests.journeys.on_github import account, link, settle, told
from tests.world import World

world = on_github.world


def start(world: World, conclusion: str = "") -> Run:
    """A run with its card, ended if a conclusion is given."""
    subscribe(world, 'acme/web workflows:{event:"push"} deployments')
    suite = world.github.start_run("acme/web", "main", event="push")
    if conclusion:
        world.github.finish_run("acme/web", suite, conclusion)
    world.settle()
    return world.github.repos[0].runs[suite]


def card(world: World) -> dict[str, Any]:
    return next(message for message in world.slack.history(DEV) if message["text"].startswith("acme/web: CI #1"))


def press(world: World, name: str, message: dict[str, Any] | None = None) -> None:
    message = message or card(world)
    answer = world.slack.click(MEMBER, name, value=values(message)[name], message=message)
    assert (answer.status, answer.trouble) == (200, "")
    settle(world)


def words(world: World) -> list[str]:
    """What the person was told, with the run's name for a link to it."""
    page = f"{world.github.url}/acme/web/actions/runs/{next(iter(world.github.repos[0].runs.values())).id}"
    return [text.replace(f"<{page}|CI #1>", "CI #1") for text in told(world)]


def test_a_run_that_failed_runs_again_once_and_is_cancelled(world: World) -> None:
    account(world, "write")
    run = start(world, "failure")
    message = card(world)
    assert list(values(message)) == ["github_rerun", "github_rerun_failed"]
    world.slack.click(MEMBER, "github_rerun", value=values(message)["github_rerun"], message=message)
    press(world, "github_rerun_failed")
    world.advance(2)
    assert (run.attempt, run.status) == (2, "queued")
    assert list(values(card(world))) == ["github_cancel_run"]
    press(world, "github_cancel_run")
    assert (run.attempt, run.conclusion) == (2, "cancelled")
    assert words(world) == [
        "CI #1 runs again.",
        "The run was not started again. It runs again already, or has since you looked.",
        "CI #1 is cancelled.",
    ]


def test_a_run_whose_answer_is_lost_is_started_once(world: World) -> None:
    account(world, "write")
    run = start(world, "success")
    assert list(values(card(world))) == ["github_rerun"]
    world.github.fault("actions/re-run-workflow", kind="reset", after=True)
    press(world, "github_rerun")
    for _ in range(5):
        world.advance(60)
    assert (run.attempt, words(world)) == (2, ["CI #1 runs again."])


def test_who_may_not_write_starts_nothing(world: World) -> None:
    account(world, "triage")
    run = start(world, "failure")
    press(world, "github_rerun")
    assert run.attempt == 1
    assert words(world)[0].startswith("The run was not started again. GitHub does not permit @ada to do this")


# --- deployments -----------------------------------------------------------------------------------------------------


def deploying(world: World, people: tuple[str, ...] = ("ada",), teams: tuple[str, ...] = ()) -> Run:
    """A run that waits to deploy two commits to production, after one that succeeded; an even later one failed."""
    github, first = world.github, world.github.repos[0].heads["main"]
    github.push("acme/web", "main", [("Oil *it*\n\nAll of it", "hubot"), ("<!channel>", "eve")])
    github.deployment_status("acme/web", github.deploy("acme/web", "production", first), "success")
    github.deployment_status("acme/web", github.deploy("acme/web", "production", "main"), "failure")
    run = start(world)
    github.gate("acme/web", run.suite_id, "production", people, teams)
    world.settle()
    return run


def test_a_reviewer_sees_what_a_deployment_would_bring_and_lets_it_pass(world: World) -> None:
    account(world, "read")
    run = deploying(world)
    link(world)
    assert list(values(card(world))) == ["github_review_deployment", "github_cancel_run"]
    press(world, "github_review_deployment")
    assert "|2 commits since the last deployment>" in shown(world)
    assert "> &lt;!channel&gt; by eve\n" in shown(world)
    assert "> Oil *it* by hubot" in shown(world)
    send(world, decision="approved", comment="Ship it", environments=list_ids(world))
    settle(world)
    (verdict,) = run.verdicts
    assert (verdict.state, verdict.by.login, verdict.comment) == ("approved", "ada", "Ship it")
    assert "deploy to production." in shown(world)
    assert list(values(card(world))) == ["github_cancel_run"]


def list_ids(world: World) -> list[str]:
    return [
        each["value"] for block in view(world)["blocks"] if block.get("block_id") == "environments"
        for each in block["element"]["options"]
    ]  # fmt: skip


def test_a_deployment_is_rejected_by_connects_account_for_a_member_of_the_team_that_is_asked(world: World) -> None:
    account(world, "read")
    world.github.teams["acme/ops"] = {"ada", "connect-app"}
    run = deploying(world, (), ("ops",))
    press(world, "github_review_deployment")
    send(world, decision="rejected", environments=list_ids(world))
    settle(world)
    (verdict,) = run.verdicts
    assert (verdict.state, verdict.by.login, verdict.comment) == ("rejected", "connect-app", "Mia Member (in Slack)")
    assert "did not let" in shown(world)
    assert "(Failure)" in card(world)["text"]
    thread = [message["text"] for message in world.slack.thread(DEV, card(world)["ts"])[1:]]
    assert "🔴 *Mia Member* rejected the deployment to *production*" in thread


def test_who_is_not_asked_decides_nothing_and_nobody_about_a_run_of_their_own(world: World) -> None:
    account(world, "admin")
    run = deploying(world, ("hubot",))
    press(world, "github_review_deployment")
    assert "GitHub asks others to review this deployment, not @ada." in shown(world)
    assert view(world)["submit"] is None
    run.gates[0].people = ["ada"]
    press(world, "github_review_deployment")
    assert "connect's account is not among those whom GitHub asks." in shown(world)
    run.actor = world.github.person("ada")
    press(world, "github_review_deployment")
    assert "You started this run yourself" in shown(world)


def test_what_somebody_decided_meanwhile_is_told(world: World) -> None:
    account(world, "read")
    run = deploying(world, ("ada", "connect-app"))
    press(world, "github_review_deployment")
    ids = list_ids(world)
    world.github.finish_run("acme/web", run.suite_id, "cancelled")
    run.gates.clear()
    send(world, decision="approved", environments=ids)
    settle(world)
    assert "Somebody has decided otherwise, or the run has ended." in shown(world)
