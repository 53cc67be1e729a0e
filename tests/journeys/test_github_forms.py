"""The forms of GitHub's cards: what they show, what is done when they are sent off, and what comes back in them."""

from sandbox.github.state import Label
from sandbox.slack import MEMBER
from tests.journeys import on_github
from tests.journeys.doing import held, offered, send, shown, view
from tests.journeys.github_cards import card, change, press, values
from tests.journeys.on_github import account, link, settle, ticket, told
from tests.world import World

world = on_github.world

# --- merging ---------------------------------------------------------------------------------------------------------


def test_a_merge_shows_reviews_and_checks_first(world: World) -> None:
    account(world, "write")
    world.github.review("acme/web", 2, "hubot", "approved")
    world.github.commit_status("acme/web", "oil", "ci/build", "failure")
    world.settle()
    press(world, 2, "github_merge")
    assert "Approved by hubot" in shown(world)
    assert "The check <https://ci.example.com/" in shown(world)
    assert ticket(world, 2).state == "open"
    send(world, method="squash")
    settle(world)
    assert "is merged" in shown(world)
    assert card(world, 2)["text"] == "acme/web#2: Oil the door (Merged)"
    assert world.github.calls_to("pulls/merge")[-1].body["merge_method"] == "squash"
    assert list(values(card(world, 2))) == ["github_comment", "github_edit"]


def test_what_was_pushed_meanwhile_is_not_merged_unseen(world: World) -> None:
    account(world, "write")
    press(world, 2, "github_merge")
    world.github.push("acme/web", "oil", [("Something else", "eve")])
    send(world, method="merge")
    settle(world)
    assert ticket(world, 2).state == "open"
    assert "Somebody has pushed to its branch since you looked." in shown(world)
    press(world, 2, "github_merge")
    send(world, method="merge")
    settle(world)
    assert ticket(world, 2).state == "closed"


def test_only_what_the_repository_allows_is_offered_and_what_it_forbids_since_is_told_in_the_form(world: World) -> None:
    account(world, "write")
    methods = world.github.repos[0].merge_methods
    methods.discard("merge")
    press(world, 2, "github_merge")
    (choice,) = [block["element"] for block in view(world)["blocks"] if block["type"] == "input"]
    assert [one["value"] for one in choice["options"]] == ["squash", "rebase"]
    methods.discard("rebase")
    send(world, method="rebase")
    settle(world)
    assert "Rebase merges are not allowed on this repository." in shown(world)
    send(world, method="squash")
    settle(world)
    assert ticket(world, 2).state == "closed"


def test_a_merge_whose_answer_is_lost_is_found(world: World) -> None:
    account(world, "write")
    press(world, 2, "github_merge")
    world.github.fault("pulls/merge", kind="reset", after=True)
    send(world, method="merge")
    for _ in range(6):
        world.advance(60)
    assert len(world.github.calls_to("pulls/merge")) == 1
    assert "is merged" in shown(world)


def test_what_cannot_be_merged_is_said_instead_of_asked(world: World) -> None:
    account(world, "write")
    change(world).standing = "dirty"
    press(world, 2, "github_merge")
    assert "It has conflicts with `main`, which have to be resolved first." in shown(world)
    assert view(world)["submit"] is None
    change(world).standing = "blocked"
    press(world, 2, "github_merge")
    assert "GitHub holds it back: `main` requires a review or a check that it does not have yet." in shown(world)
    change(world).standing = "clean"
    press(world, 2, "github_merge")
    change(world).standing = "blocked"
    send(world, method="merge")
    settle(world)
    assert "was not merged. GitHub holds it back" in shown(world)
    assert ticket(world, 2).state == "open"


def test_who_may_not_merge_is_told_before_they_fill_in_anything(world: World) -> None:
    account(world, "triage")
    press(world, 2, "github_merge")
    assert "it takes the role “write” there, and yours is “triage”" in shown(world)
    assert told(world) == []


def test_two_who_merge_at_once_merge_it_once(world: World) -> None:
    account(world, "write")
    press(world, 2, "github_merge")
    world.github.merge_pull_request("acme/web", 2)
    send(world, method="merge")
    settle(world)
    assert "was not merged. It is merged already." in shown(world)
    assert world.github.calls_to("pulls/merge") == []


# --- editing ---------------------------------------------------------------------------------------------------------


def test_title_text_labels_and_assignees_are_changed_in_one_form(world: World) -> None:
    account(world)
    world.github.label("acme/web", 1, "docs")
    ticket(world).body = "It *sticks*\r\n\r\n<!-- connect:abc -->"
    press(world, 1, "github_edit")
    assert [held(world, name) for name in ("title", "body", "labels", "assignees")] == [
        "Door stuck", "It *sticks*", ["docs"], None,
    ]  # fmt: skip
    assert offered(world, "github_label", "BU") == [("bug", "bug")]
    assert offered(world, "github_assignee", "a") == [("acme", "acme"), ("ada", "ada")]
    send(world, body="It *jams*", labels=["bug"], assignees=["ada"])
    settle(world)
    assert "was changed: description, labels, assignees." in shown(world)
    changed = ticket(world)
    assert (changed.title, changed.body) == ("Door stuck", "It *jams*\n\n<!-- connect:abc -->")
    assert (changed.labels, [person.login for person in changed.assignees]) == (["bug"], ["ada"])
    assert "Labels: `bug`" in str(card(world, 1)["blocks"])


def test_nothing_is_sent_of_a_form_in_which_nothing_was_changed(world: World) -> None:
    account(world)
    press(world, 1, "github_edit")
    form = view(world)
    answer = world.slack.submit(MEMBER, form["id"], {})
    assert answer.body == {
        "response_action": "errors",
        "errors": {form["blocks"][0]["block_id"]: "Nothing was changed."},
    }


def test_what_somebody_else_wrote_meanwhile_is_not_undone(world: World) -> None:
    account(world, "write")
    press(world, 2, "github_edit")
    pull = ticket(world, 2)
    world.github.edit(world.github.repos[0], pull, world.github.person("eve"), {"body": "Eve's words"})
    send(world, body="My words")
    settle(world)
    assert "Somebody has changed its description since you opened the form" in shown(world)
    assert "You wrote: My words" in shown(world)
    press(world, 2, "github_edit")
    world.github.edit(world.github.repos[0], pull, world.github.person("eve"), {"body": "More of Eve's"})
    send(world, title="Grease the door")
    settle(world)
    assert (pull.title, pull.body) == ("Grease the door", "More of Eve's")


def test_who_opened_it_changes_its_words_but_not_its_labels(world: World) -> None:
    account(world, "read")
    press(world, 1, "github_edit")
    assert "it takes the role “triage” there, and yours is “read”" in shown(world)
    ticket(world).author = world.github.person("ada")
    press(world, 1, "github_edit")
    send(world, title="Door jams")
    settle(world)
    press(world, 1, "github_edit")
    send(world, labels=["bug"])
    settle(world)
    assert "it takes the role “triage” there, and yours is “read”" in shown(world)
    assert held(world, "labels") == ["bug"]
    assert (ticket(world).title, ticket(world).labels) == ("Door jams", [])


def test_what_is_too_long_for_the_form_is_left_to_github(world: World) -> None:
    account(world)
    ticket(world).body = "x" * 3001
    press(world, 1, "github_edit")
    assert "Its description is too long for this form." in shown(world)
    send(world, title="Door jams")
    settle(world)
    assert (ticket(world).title, len(ticket(world).body or "")) == ("Door jams", 3001)


def test_labels_that_have_no_room_are_left_to_github_and_as_many_as_fit_are_shown(world: World) -> None:
    account(world)
    names = [f"{number:02} {'表' * 47}" for number in range(80)]
    world.github.repos[0].labels |= {name: Label(1000 + number, name) for number, name in enumerate(names)}
    ticket(world).labels = names
    press(world, 1, "github_edit")
    assert "It has too many labels for this form." in shown(world)
    send(world, title="Door jams")
    settle(world)
    assert (ticket(world).title, ticket(world).labels) == ("Door jams", names)
    ticket(world).labels = names[:30]
    press(world, 1, "github_edit")
    assert held(world, "labels") == names[:30]


def test_an_edit_whose_answer_is_lost_is_made_again_without_harm(world: World) -> None:
    account(world)
    press(world, 1, "github_edit")
    world.github.fault("issues/update", kind="reset", after=True)
    send(world, title="Door jams", labels=["bug"])
    for _ in range(4):
        world.advance(60)
    assert (ticket(world).title, ticket(world).labels) == ("Door jams", ["bug"])
    assert "was changed: title, labels." in shown(world)


# --- asking for reviews ----------------------------------------------------------------------------------------------


def test_people_and_teams_are_asked_for_a_review(world: World) -> None:
    account(world)
    world.github.team_repositories["acme/core"] = {"acme/web"}
    press(world, 2, "request_review")
    assert offered(world, "github_reviewer") == [("acme", "acme"), ("ada", "ada"), ("/core", "/core")]
    send(world, reviewers=["ada", "/core"])
    settle(world)
    assert "You asked ada, core to review" in shown(world)
    assert "Review requested from ada, Core" in str(card(world, 2)["blocks"])


def test_whom_github_does_not_ask_is_told_in_the_form(world: World) -> None:
    account(world)
    world.github.allow("acme/web", "octocat", "write")
    press(world, 2, "request_review")
    send(world, reviewers=["octocat"])
    settle(world)
    assert "Review cannot be requested from pull request author." in shown(world)
    assert held(world, "reviewers") == ["octocat"]


def test_nothing_of_a_private_repository_is_offered_to_who_cannot_read_it(world: World) -> None:
    account(world)
    press(world, 2, "request_review")
    world.github.hide("acme/web")
    world.github.allow("acme/web", "ada", "none")
    assert offered(world, "github_reviewer") == []
    link(world)
    world.github.allow("acme/web", "ada", "read")
    assert ("ada", "ada") in offered(world, "github_reviewer")
