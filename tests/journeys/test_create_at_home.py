"""An issue created from the App Home: the usual form, and its card as a direct message."""

from sandbox.slack import GUEST, MEMBER
from tests.journeys import at_home, forms
from tests.journeys.at_home import direct, home, listed, open_home, use, view_id, words
from tests.world import World

world = at_home.world


def test_the_button_opens_the_form_with_the_usual_project_and_type(world: World) -> None:
    open_home(world)
    use(world, "home_create")
    form = forms.current(world)
    assert [forms.shown(form, label) for label in ("Project", "Type", "Summary")] == ["OPS", "Task", None]


def test_the_issues_link_comes_as_a_direct_message_and_the_home_shows_it(world: World) -> None:
    open_home(world)
    use(world, "home_reported")
    use(world, "home_create")
    forms.fill(world, {"Summary": "Door stuck", "Type": "Bug"})
    shown = forms.submit(world)
    (key,) = world.jira.issues
    made = world.jira.issues[key]
    assert (made.summary, made.type.name, made.reporter.display) == ("Door stuck", "Bug", "Mia")
    address = f"{world.jira.url}/browse/{key}"
    assert forms.said(shown) == [f":white_check_mark: <{address}|{key}> *Door stuck*"]
    assert [(address in str(message["blocks"]), key in message["text"]) for message in direct(world)] == [(True, True)]
    assert listed(world) == [key]
    world.advance(10)
    assert {row["status"] for row in world.rows("integrations")} == {"completed"}


def test_what_jira_refuses_comes_back_in_the_form(world: World) -> None:
    open_home(world)
    use(world, "home_create")
    forms.fill(world, {"Summary": "Door stuck"})
    refusal = {"errors": {"summary": "Say more."}}
    world.jira.fault("createIssue", status=400, body=refusal)
    shown = forms.submit(world)
    assert forms.shown(shown, "Summary") == "Door stuck"
    assert ":warning: Say more." in forms.said(shown)
    forms.submit(world)
    assert [issue.summary for issue in world.jira.issues.values()] == ["Door stuck"]
    assert len(direct(world)) == 1


def test_jira_may_be_down_the_issue_and_its_link_come_later(world: World) -> None:
    open_home(world)
    use(world, "home_create")
    forms.fill(world, {"Summary": "Door stuck"})
    world.jira.fault("*", status=503, times=1000)
    shown = forms.submit(world)
    assert forms.said(shown)[0].startswith(":hourglass: Jira does not answer. *Door stuck* is kept")
    world.slack.close_view(MEMBER, view_id(world))
    world.jira.faults.clear()
    for _ in range(4):
        world.advance(60)
    assert [issue.summary for issue in world.jira.issues.values()] == ["Door stuck"]
    assert ["Door stuck" in message["text"] for message in direct(world)] == [True]


def test_guests_have_no_such_button(world: World) -> None:
    open_home(world, GUEST)
    assert "Guests" in words(world, GUEST)[0]
    actions = [each["action_id"] for block in home(world, GUEST)["blocks"] for each in block.get("elements", [])]
    assert actions == ["home_again"]
