"""The chapter between GitHub and Slack: a channel follows a repository."""

from functools import partial

from sandbox.demo import panels, slack_panels
from sandbox.demo.stage import Stage
from sandbox.playground import GRACE
from sandbox.slack import DEV

REPOSITORY = "acme/web"


def a_repository_followed(stage: Stage) -> None:
    """A pull request from its opening to its merge, in one card."""
    slack, github = stage.slack, stage.github
    stage.act(f"Grace types “/github subscribe {REPOSITORY}” in #dev.")
    slack.command(GRACE, DEV, "/github", f"subscribe {REPOSITORY}")
    told = partial(slack_panels.private, slack, GRACE)
    stage.see("connect says what the channel will hear of", lambda: stage.told(GRACE, "hears of", REPOSITORY), told)

    stage.act("Ada opens a pull request.")
    title, body = "Show prices with tax", "Shops in the EU have to.\n\n- [x] cart\n- [x] invoice"
    number = github.open_pull_request(REPOSITORY, title, "ada", "prices-with-tax", body=body)
    channel, pull = partial(slack_panels.channel, slack, DEV), partial(panels.pull_request, github, REPOSITORY, number)
    card = stage.see("a card opens in #dev", lambda: stage.card(DEV, title, "Open"), channel)

    stage.act("Grace merges it.")
    github.merge_pull_request(REPOSITORY, number, "grace")
    thread = partial(slack_panels.thread, slack, DEV, card["ts"])
    stage.see("the same card says so", lambda: "Merged" in str(card["blocks"]), pull)
    stage.see("and its thread says who did it", lambda: stage.reply(DEV, card["ts"], "grace", "merged"), thread)
    stage.see("the merge commit on main is told too", lambda: stage.card(DEV, "pushed", "Merge pull request"), channel)
    _the_rest(stage)


def _the_rest(stage: Stage) -> None:
    slack, github = stage.slack, stage.github
    channel = partial(slack_panels.channel, slack, DEV)
    stage.act("Somebody files an issue on GitHub.")
    github.open_issue(REPOSITORY, "The invoice rounds twice", "hedy", "Seen with `0.005`.")
    stage.see("it gets a card", lambda: stage.card(DEV, "The invoice rounds twice", "Open"), channel)

    stage.act("Ada pushes two commits to main.")
    github.push(REPOSITORY, "main", [("Round once, at the end", "ada"), ("Test the rounding", "ada")])
    stage.see("#dev hears of both in one message", lambda: stage.card(DEV, "Round once", "Test the rounding"), channel)

    stage.act("Version 2.1.0 is released. GitHub sends three webhooks for that.")
    github.release(REPOSITORY, "v2.1.0", "Prices with tax", "Prices are shown **with tax**.")
    stage.see("#dev hears of it in one message", lambda: stage.card(DEV, "released", "v2.1.0"), channel)

    stage.act("It is deployed to production.")
    deployment = github.deploy(REPOSITORY, "production", "main")
    github.deployment_status(REPOSITORY, deployment, "in_progress")
    card = stage.see("the deployment has a card", lambda: stage.card(DEV, "Deployment to production", "🟡"), channel)
    github.deployment_status(REPOSITORY, deployment, "success", "14 pods are up")
    thread = partial(slack_panels.thread, slack, DEV, card["ts"])
    stage.see("the card follows it", lambda: "🟢" in str(card["blocks"]), thread, brief=True)
    stage.see("and its end is told", lambda: stage.reply(DEV, card["ts"], "production", "succeeded"), thread)
