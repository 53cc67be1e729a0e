"""The steps of workflows on GitHub: what they do, as whom, and what they hand on; each ends, however it went."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.operations.github_accounts import UNSEEN
from sandbox.github.access import APP_ID
from sandbox.github.state import Pull
from sandbox.slack import ADMIN, GENERAL, GUEST, MEMBER
from sandbox.slack.wire import rich_text
from tests.github_app import as_app, pems
from tests.journeys import on_github
from tests.journeys.on_github import account, link, ticket
from tests.workflows import FUNCTIONS, direct, ended
from tests.workflows import run as run_step
from tests.world import World

world = on_github.world


@pytest.fixture
def open_world(sqlite_url: str) -> Iterator[World]:
    """A world in which workflows may act in `acme/w…` though nobody is known who started them."""
    made = World(sqlite_url, github_workflow_repositories="octo/app, Acme/W*")
    made.github.open_issue("acme/web", "Door stuck", body="It *sticks*")
    made.github.open_pull_request("acme/web", "Oil the door", head="oil")
    made.github.open_issue("acme/secret", "Door of the vault stuck")
    made.settle()
    yield made
    made.close()


def run(world: World, name: str, user: str, /, **inputs: Any) -> Any:
    """How a step ended; between two writes GitHub wants a second."""
    world.advance(1.1)
    return ended(run_step(world, name, user, **inputs))


def handed_on(world: World, number: int = 1, **others: Any) -> dict[str, Any]:
    """What a step hands on about the issue or the pull request, but for what a test says otherwise."""
    pull = number == 2
    known = {
        "item": f"acme/web#{number}", "repository": "acme/web", "number": number, "author": "octocat",
        "url": f"{world.github.url}/acme/web/{'pull' if pull else 'issues'}/{number}",
        "kind": "pull request" if pull else "issue", "title": "Oil the door" if pull else "Door stuck",
        "state": "open", "assignees": "", "labels": "",
    }  # fmt: skip
    return known | others


def change(world: World) -> Pull:
    pull = ticket(world, 2).pull
    assert pull is not None
    return pull


def assert_all_done(world: World) -> None:
    assert {row["status"] for row in world.rows("integrations")} == {"completed"}, world.rows("integrations")


# --- comments --------------------------------------------------------------------------------------------------------


def test_a_comment_in_rich_text_is_added_under_the_name_of_who_started_the_workflow(world: World) -> None:
    account(world, "read")
    outputs = run(world, "comment_on_github", MEMBER, item="acme/web#1", text=rich_text("It *matters*"))
    (comment,) = ticket(world).comments
    place = f"{world.github.url}/acme/web/issues/1#issuecomment-{comment.id}"
    assert outputs == handed_on(world, comment_url=place)
    assert comment.body.split("\n")[:3] == ["**Mia Member (in Slack):**", "", "It \\*matters\\*"]
    assert_all_done(world)


def test_who_has_linked_an_account_comments_by_it_and_people_of_slack_are_handed_on(world: World) -> None:
    account(world, "read")
    link(world)
    world.github.repos[0].tickets[2].assignees.append(world.github.person("ada"))
    address = f"{world.github.url}/acme/web/pull/2"
    outputs = run(world, "comment_on_github", MEMBER, item=address, text=rich_text("Works"))
    (comment,) = ticket(world, 2).comments
    assert (comment.author.login, comment.body.split("\n")[0]) == ("ada", "Works")
    assert (outputs["assignees"], outputs["assignee"], outputs["kind"]) == ("ada", MEMBER, "pull request")


def test_a_comment_that_is_not_permitted_is_told_to_author_and_person_with_what_it_said(world: World) -> None:
    account(world, "none")
    world.github.repos[0].private = True
    sentence = f"acme/web#1: the comment was not added. {UNSEEN.format('acme/web', 'ada')}"
    assert run(world, "comment_on_github", MEMBER, item="acme/web#1", text=rich_text("My words")) == sentence
    assert direct(world, MEMBER) == [f":warning: A workflow could not go on for you. {sentence}"]
    (told,) = [each for each in world.slack.direct(MEMBER).messages if each.get("bot_id")]
    assert told["blocks"][1]["elements"][0]["text"] == "The comment was: My words"
    assert ticket(world).comments == []


def test_a_comment_whose_answer_is_lost_and_that_is_asked_for_twice_is_added_once(world: World) -> None:
    account(world, "read")
    world.github.fault("issues/create-comment", kind="reset", after=True)
    step = run_step(world, "comment_on_github", MEMBER, item="acme/web#1", text=rich_text("Once"))
    assert step["state"] == "running"
    world.slack.redeliver(1)
    world.advance(world.settings.connect_settle_seconds + 1)
    assert (ended(step)["item"], len(ticket(world).comments)) == ("acme/web#1", 1)


@pytest.mark.parametrize(
    ("name", "inputs", "sentence"),
    [
        ("comment_on_github", {"item": "the door", "text": rich_text("x")},
         "“the door” is neither a link to an issue or a pull request, nor its name, such as acme/web#7."),
        ("comment_on_github", {"item": "https://evil.example.com/acme/web/issues/1", "text": rich_text("x")},
         "“https://evil.example.com/acme/web/issues/1” is neither a link to an issue or a pull request, nor its name, "
         "such as acme/web#7."),
        ("comment_on_github", {"item": "acme/web#1", "text": rich_text(" ")},
         "The comment is empty. Fill it in where the workflow adds this step."),
        ("merge_github_pull", {"item": " "},
         "The issue or pull request is empty. Fill it in where the workflow adds this step."),
        ("merge_github_pull", {"item": "acme/web#2", "method": "octopus"},
         "“octopus” is no way of merging: it is one of merge, squash and rebase, or empty."),
        ("find_on_github", {"wanted": "door"},
         "Say where to search: choose a repository, or write repo:acme/web, org:acme or user:ada."),
        ("find_on_github", {"wanted": "door", "repository": "acme"},
         "“acme” is no repository: its name looks like acme/web."),
    ],
)  # fmt: skip
def test_an_input_that_does_not_do_fails_the_step_with_a_sentence_for_its_author(
    world: World, name: str, inputs: dict[str, Any], sentence: str
) -> None:
    before = len(world.github.calls)
    assert ended(run_step(world, name, MEMBER, **inputs)) == sentence
    assert len(world.github.calls) == before


# --- merging ---------------------------------------------------------------------------------------------------------


def test_a_pull_request_is_merged_by_the_method_that_is_asked_for(world: World) -> None:
    account(world, "write")
    outputs = run(world, "merge_github_pull", MEMBER, item="acme/web#2", method="Squash")
    assert outputs == handed_on(world, 2, state="merged")
    assert world.github.calls_to("pulls/merge")[-1].body == {"sha": change(world).head_sha, "merge_method": "squash"}
    assert_all_done(world)


def test_only_what_may_be_merged_is_merged_and_only_for_who_may(world: World) -> None:
    account(world, "triage")
    why = {
        "dirty": "It has conflicts with main that somebody has to resolve.",
        "behind": "Its branch lacks what is new in main: somebody has to update it.",
        "blocked": "What main requires of it is missing: reviews, or checks that pass.",
        "unstable": "Not all of its checks have passed. The step can be set up to merge all the same.",
        "clean": "GitHub does not permit @ada to do this in acme/web: it takes the role “write” there, and yours is "
        "“triage”.",
    }
    for standing, sentence in why.items():
        change(world).standing = standing
        assert run(world, "merge_github_pull", MEMBER, item="acme/web#2") == f"acme/web#2 was not merged. {sentence}"
    world.github.allow("acme/web", "ada", "write")
    change(world).draft = True
    assert run(world, "merge_github_pull", MEMBER, item="acme/web#2") == (
        "acme/web#2 was not merged. It is a draft still."
    )
    assert run(world, "merge_github_pull", MEMBER, item="acme/web#1") == (
        "acme/web#1 was not merged. It is an issue: only a pull request can be merged."
    )
    assert world.github.calls_to("pulls/merge") == []
    change(world).draft, change(world).standing = False, "unstable"
    merged = run(world, "merge_github_pull", MEMBER, item="acme/web#2", despite_checks=True)
    assert merged["state"] == "merged"
    assert run(world, "merge_github_pull", MEMBER, item="acme/web#2") == (
        "acme/web#2 was not merged. It is merged already."
    )


def test_what_is_pushed_after_the_step_began_is_not_merged(world: World) -> None:
    account(world, "write")
    change(world).standing = "unknown"
    step = run_step(world, "merge_github_pull", MEMBER, item="acme/web#2")
    assert step["state"] == "running"
    change(world).standing = "clean"
    world.github.fault("pulls/merge", status=503, times=1)
    world.advance(3)
    world.github.push("acme/web", "oil", [("Something else", "eve")])
    for _ in range(4):
        world.advance(60)
    assert ended(step) == "acme/web#2 was not merged. Somebody has pushed to its branch since this step began."
    assert ticket(world, 2).state == "open"


def test_a_merge_that_github_does_not_judge_is_given_up(world: World) -> None:
    account(world, "write")
    change(world).standing = "unknown"
    step = run_step(world, "merge_github_pull", MEMBER, item="acme/web#2")
    for _ in range(3):
        world.advance(60)
    assert ended(step) == "acme/web#2 was not merged. GitHub does not say whether it can be merged."


# --- finding ---------------------------------------------------------------------------------------------------------


def test_a_link_a_name_and_a_search_find_what_the_person_may_see(world: World) -> None:
    account(world)
    world.github.open_issue("acme/secret", "Door of the vault stuck")
    world.github.label("acme/web", 1, "bug")
    world.settle()
    found: dict[str, Any] = {"found": True, "labels": "bug"}
    for wanted in (f"<{world.github.url}/acme/web/issues/1#issuecomment-7|look>", "acme/web#1"):
        assert run(world, "find_on_github", MEMBER, wanted=wanted) == handed_on(world, **found)
    assert run(world, "find_on_github", MEMBER, wanted="stuck org:acme") == handed_on(world, **found)
    assert run(world, "find_on_github", MEMBER, wanted="is:open", repository="acme/web")["number"] == 1
    assert run(world, "find_on_github", MEMBER, wanted="is:pr", repository="acme/web") == handed_on(
        world, 2, found=True
    )
    assert run(world, "find_on_github", MEMBER, wanted="paint", repository="acme/web") == {"found": False}
    unseen = "acme/secret#1 could not be read. GitHub has no acme/secret#1 that you and I can see."
    assert run(world, "find_on_github", MEMBER, wanted="acme/secret#1") == unseen
    world.github.allow("acme/secret", "ada", "read")
    assert run(world, "find_on_github", MEMBER, wanted="vault org:acme")["title"] == "Door of the vault stuck"


def test_what_is_found_is_inert_and_a_search_that_github_refuses_fails(world: World) -> None:
    account(world)
    world.github.open_issue("acme/web", "Tell <!channel> of <https://evil.test|home>")
    world.settle()
    assert run(world, "find_on_github", MEMBER, wanted="acme/web#3")["title"] == (
        "Tell ‹!channel› of ‹https://evil.test|home›"
    )
    refused = run(world, "find_on_github", MEMBER, wanted="door", repository="acme/nothing")
    assert refused == "GitHub has no acme/nothing that you and I can see."
    refused = run(world, "find_on_github", MEMBER, wanted="door", repository="acme/secret")
    assert refused == "GitHub has no acme/secret that you and I can see."
    assert "Guests" in run(world, "find_on_github", GUEST, wanted="acme/web#1")


# --- workflows that nobody started -----------------------------------------------------------------------------------


def test_without_anybody_known_connect_acts_in_the_repositories_of_the_settings_only(open_world: World) -> None:
    world = open_world
    outputs = run(world, "comment_on_github", "", item="acme/web#1", text=rich_text("Still?"))
    (comment,) = ticket(world).comments
    assert (outputs["item"], comment.body.split("\n")[0]) == ("acme/web#1", "**A workflow (in Slack):**")
    assert run(world, "find_on_github", "", wanted="stuck org:acme")["repository"] == "acme/web"
    assert run(world, "merge_github_pull", "", item="acme/web#2")["state"] == "merged"
    refused = run(world, "comment_on_github", "", item="acme/secret#1", text=rich_text("Still?"))
    assert "acme/secret is not among the repositories" in refused
    assert "acme/secret#1 could not be read." in run(world, "find_on_github", "", wanted="acme/secret#1")
    assert run(world, "find_on_github", "", wanted="vault org:acme") == {"found": False}


def test_without_anybody_known_and_without_the_setting_nothing_is_done(world: World) -> None:
    for name, inputs in (("merge_github_pull", {"item": "acme/web#2"}),
                         ("find_on_github", {"wanted": "acme/web#1"}),
                         ("find_on_github", {"wanted": "stuck org:acme"})):  # fmt: skip
        assert "GITHUB_WORKFLOW_REPOSITORIES" in run(world, name, "", **inputs)
    assert ticket(world, 2).state == "open"


# --- what is offered -------------------------------------------------------------------------------------------------


def test_repositories_are_offered_as_far_as_who_builds_the_workflow_sees_them(world: World) -> None:
    account(world)
    account(world, "read", ADMIN, "grace", "acme/secret")
    link(world, "grace", ADMIN)
    offered = ("find_on_github", "repository")
    world.slack.declare(FUNCTIONS)
    assert world.slack.choose(*offered, MEMBER) == [("acme/web", "acme/web")]
    assert sorted(world.slack.choose(*offered, ADMIN)) == [("acme/secret", "acme/secret"), ("acme/web", "acme/web")]
    assert world.slack.choose(*offered, MEMBER, typed="octo/app") == [("octo/app", "octo/app")]
    assert world.slack.choose("merge_github_pull", "method", MEMBER, typed="squ") == [("Squash and merge", "squash")]


def test_a_github_app_searches_and_offers_where_it_is_installed(sqlite_url: str) -> None:
    settings: dict[str, Any] = as_app()
    world = World(sqlite_url, **settings)
    world.github.app_keys[APP_ID] = pems()[1]
    world.github.install()
    world.github.open_issue("acme/web", "Door stuck")
    account(world)
    world.settle()
    world.slack.declare(FUNCTIONS)
    assert run(world, "find_on_github", MEMBER, wanted="stuck", repository="acme/web") == handed_on(world, found=True)
    offered = world.slack.choose("find_on_github", "repository", MEMBER)
    world.close()
    assert offered == [("acme/web", "acme/web")]


# --- opening issues --------------------------------------------------------------------------------------------------


def opened(world: World, user: str, /, **inputs: Any) -> Any:
    return run(world, "create_github_issue", user, **{"repository": "acme/web", "title": "From a workflow"} | inputs)


def test_an_issue_is_opened_with_all_that_it_may_have_and_its_card_is_posted(world: World) -> None:
    account(world)
    account(world, "read", ADMIN, "grace")
    world.github.allow("acme/web", "octocat", "write")
    world.github.add_milestone("acme/web", "1.0")
    outputs = opened(
        world, MEMBER, body=rich_text("It *matters*"), labels=["BUG"], assignees=["me", "octocat"], user=ADMIN,
        milestone="1.0", channel=GENERAL,
    )  # fmt: skip
    made = ticket(world, 3)
    assert outputs == handed_on(
        world, 3, title="From a workflow", labels="bug", author="connect-app", assignees="ada, octocat, grace",
        assignee=MEMBER,
    )  # fmt: skip
    assert (made.title, made.labels, made.milestone and made.milestone.title) == ("From a workflow", ["bug"], "1.0")
    assert str(made.body).split("\n")[:3] == ["It \\*matters\\*", "", "Reported by Mia Member in Slack"]
    cards = [message["text"] for message in world.slack.history(GENERAL) if message.get("bot_id")]
    assert cards == ["acme/web#3: From a workflow (Open)"]
    assert direct(world, MEMBER) == []
    assert_all_done(world)


def test_an_issue_whose_answer_is_lost_is_opened_once(world: World) -> None:
    account(world)
    world.github.fault("issues/create", kind="reset", after=True)
    step = run_step(world, "create_github_issue", MEMBER, repository="acme/web", title="Once")
    world.slack.redeliver(1)
    world.advance(world.settings.connect_settle_seconds + 1)
    assert (ended(step)["item"], [each.title for each in world.github.repos[0].tickets.values()][2:]) == (
        "acme/web#3", ["Once"],
    )  # fmt: skip


def test_an_issue_that_would_lack_something_is_not_opened(world: World) -> None:
    account(world)
    world.github.allow("acme/secret", "ada", "triage")
    world.github.allow("acme/web", "ada", "read")
    for inputs, why in (
        ({"labels": ["bgu"]}, "acme/web has no label “bgu”. Did you mean “bug”?"),
        ({"assignees": ["zebra"]}, "Nothing in acme/web can be assigned to “zebra”."),
        ({"milestone": "2.0"}, "acme/web has no open milestone “2.0”."),
        ({"repository": "acme/secret", "channel": GENERAL},
         "acme/secret is private on GitHub, so its card goes to private channels only."),
        ({"labels": ["bug"]}, "GitHub lets only those choose labels in acme/web who have the role “triage” there, and "
                              "yours is a lower one. Leave that empty, and whoever looks after acme/web can choose."),
        ({"title": "x" * 257}, ""),
    ):  # fmt: skip
        sentence = f"The issue was not created. {why}"
        if not why:
            sentence = "The title is 257 characters long, and GitHub takes no more than 256."
        assert opened(world, MEMBER, body=rich_text("My words"), **inputs) == sentence
    assert [len(repo.tickets) for repo in world.github.repos] == [2, 0]
    told = next(each for each in world.slack.direct(MEMBER).messages if each.get("bot_id"))
    assert told["blocks"][1]["text"]["text"] == "You asked for: acme/web From a workflow\nMy words"


def test_a_workflow_that_nobody_started_opens_issues_where_the_settings_say_so(open_world: World) -> None:
    assert opened(open_world, "", labels=["bug"])["author"] == "connect-app"
    assert str(ticket(open_world, 3).body).startswith("Reported by A workflow in Slack")
    assert "acme/secret is not among the repositories" in opened(open_world, "", repository="acme/secret")
    assert "Nobody is known" in opened(open_world, "", assignees=["me"])


def test_what_an_issue_may_have_is_offered(world: World) -> None:
    world.slack.declare(FUNCTIONS)
    world.github.add_milestone("acme/web", "1.0")
    world.github.allow("acme/web", "ada", "write")

    def offered(name: str) -> list[tuple[str, str]]:
        return world.slack.choose("create_github_issue", name, MEMBER, filled={"repository": "acme/web"})

    assert offered("labels") == [("bug", "bug"), ("docs", "docs")]
    assert offered("milestone") == [("1.0", "number:1")]
    assert offered("assignees") == [("Whoever started the workflow", "me"), ("acme", "acme"), ("ada", "ada")]
