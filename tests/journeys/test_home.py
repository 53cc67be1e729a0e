"""The App Home: somebody's issues, lists and searches, and what is done to an issue there, on both Jiras."""

from datetime import timedelta

from sandbox.slack import MEMBER
from tests.journeys import at_home
from tests.journeys.at_home import at_once, direct, home, issue, listed, open_home, text_of, use, view_id, views, words
from tests.journeys.doing import send, shown, statuses
from tests.world import World

world = at_home.world


def test_a_home_shows_at_once_what_is_known_and_then_my_open_issues(world: World) -> None:
    key = issue(world, "Door stuck", assignee="mia", due="2026-12-24")
    issue(world, "Lift stuck", assignee="Grace Hopper")
    open_home(world)
    first, last = views(world)
    assert ":hourglass_flowing_sand: Looking in Jira…" in str(first)
    assert "My accounts" in str(first)
    assert f"{world.jira.url}/browse/{key}" not in str(first)
    row = next(block for block in last["blocks"] if "/browse/" in str(block))
    assert row["text"]["text"] == (
        f"*<{world.jira.url}/browse/{key}|{key}: Door stuck>*\n⚪ *To Do*  ·  Due 24 Dec 2026  ·  Medium"
    )
    assert (listed(world), statuses(world)) == ([key], {"completed", "pending"})
    world.advance(6)
    assert (len(views(world)), statuses(world)) == (2, {"completed"})


def test_the_lists_are_what_i_reported_and_watch_and_what_of_mine_has_changed(world: World) -> None:
    mia = world.jira.person("Mia")
    assigned = issue(world, "Assigned", assignee="mia")
    reported = issue(world, "Reported", reporter="Mia")
    watched = issue(world, "Watched")
    world.jira.issues[watched].watchers.append(mia)
    issue(world, "Nothing to do with me")
    world.settle()
    open_home(world)
    for tab, expected in (
        ("reported", [reported]), ("watched", [watched]), ("changed", [watched, reported, assigned]),
        ("assigned", [assigned]),
    ):  # fmt: skip
        use(world, f"home_{tab}")
        assert listed(world) == expected, tab
    world.clock.offset += timedelta(days=15)
    use(world, "home_changed")
    assert "Nothing that is assigned to you, reported or watched by you has changed in the last two weeks." in words(
        world
    )


def test_only_what_jira_lets_me_see_is_shown_and_restricted_issues_keep_their_words(world: World) -> None:
    seen = issue(world, "Door stuck", assignee="mia")
    hidden = issue(world, "Lift stuck", assignee="mia")
    restricted = issue(world, "Layoffs", assignee="mia", security="Staff")
    world.jira.hidden = {"Mia": {hidden}}
    open_home(world)
    assert sorted(listed(world)) == [seen, restricted]
    assert "Restricted in Jira" in str(home(world))
    use(world, "home_search", "stuck")
    assert listed(world) == [seen]
    assert "Layoffs" not in str(views(world))
    assert "Lift" not in str(views(world))


def test_a_search_shows_what_it_finds_page_by_page_forth_and_back(world: World) -> None:
    keys = [issue(world, f"printer {number}") for number in range(23)][::-1]
    open_home(world)
    use(world, "home_search", "printer")
    assert (words(world)[0], listed(world)) == ("Issues for *printer*", keys[:10])
    for action, expected in (
        ("home_next", keys[10:20]), ("home_next", keys[20:]), ("home_back", keys[10:20]), ("home_again", keys[10:20]),
        ("home_back", keys[:10]),
    ):  # fmt: skip
        use(world, action)
        assert listed(world) == expected, action
    use(world, "home_search", "nothing like it")
    assert "I found nothing that you may see." in words(world)[1]
    use(world, "home_search", 'project = "OPS')
    assert words(world)[1].startswith(":warning: Jira does not understand this search: Error in the JQL Query")
    use(world, "home_search", keys[3].lower())
    assert listed(world) == [keys[3]]
    use(world, "home_search", "")
    assert words(world)[0] == "*Assigned to me*"


def test_an_action_is_done_as_me_and_the_home_says_so_and_shows_it(world: World) -> None:
    key = issue(world, "Printer is on fire")
    open_home(world)
    use(world, "home_search", "printer")
    use(world, "jira_more", f"assign_me {key}")
    assert text_of(views(world)[-2]).startswith(":hourglass_flowing_sand: Working…")
    assert f"browse/{key}" in str(views(world)[-2])
    assert world.jira.issues[key].assignee == world.jira.person("Mia")
    assert words(world)[:2] == [f":white_check_mark: {key} is assigned to you now.", "Issues for *printer*"]
    assert "Assigned to Mia" in str(home(world))
    use(world, "jira_more", f"watch {key}")
    assert words(world)[0] == f":white_check_mark: You watch {key} now. `/jira unwatch {key}` ends it."
    use(world, "home_watched")
    use(world, "jira_more", f"unwatch {key}")
    assert (words(world)[0], listed(world)) == (f":white_check_mark: You do not watch {key} any more.", [])
    assert direct(world) == []


def test_what_jira_refuses_stands_in_the_home(world: World) -> None:
    world.jira.denied_to = {"Mia": {"ASSIGN_ISSUES"}}
    key = issue(world, "Printer is on fire", reporter="Mia")
    open_home(world)
    use(world, "home_reported")
    use(world, "jira_more", f"assign_me {key}")
    assert words(world)[0] == (f":warning: {key} was not assigned. Jira does not permit you to do this to {key}.")
    assert (listed(world), direct(world)) == ([key], [])


def test_a_form_that_was_opened_from_the_home_says_how_it_ended_and_the_home_shows_it(world: World) -> None:
    key = issue(world, "Printer is on fire", assignee="mia")
    open_home(world)
    use(world, "jira_more", f"status {key}")
    world.slack.click(MEMBER, "jira_step", value="21", view=view_id(world))
    world.settle()
    send(world, step={"text": {"type": "plain_text", "text": "Start work → In Progress"}, "value": "21"})
    world.settle()
    assert shown(world) == f":white_check_mark: {key} is *In Progress* now."
    assert "🔵 *In Progress*" in str(home(world))
    use(world, "jira_more", f"comment {key}")
    send(world, comment="On my way")
    world.settle()
    assert world.jira.issues[key].comments[0].text.endswith("On my way")
    assert (listed(world), direct(world)) == ([key], [])


def test_a_home_that_was_filled_a_moment_ago_stays_as_it_is(world: World) -> None:
    issue(world, "Door stuck", assignee="mia")
    open_home(world)
    world.advance(10)
    open_home(world)
    assert (len(views(world)), len(world.jira.calls_to("searchIssues") or world.jira.calls_to("search"))) == (2, 1)
    another = issue(world, "Lift stuck", assignee="mia")
    world.advance(30)
    open_home(world)
    assert len(views(world)) == 3, "what was there stays until Jira has answered"
    assert another in listed(world)
    world.slack.open_home(MEMBER, "messages")
    world.advance(40)
    assert len(views(world)) == 3


def test_only_the_list_that_was_chosen_last_is_shown(world: World) -> None:
    issue(world, "Door stuck", assignee="mia")
    open_home(world)
    before = len(views(world))
    at_once(world, "home_reported")
    at_once(world, "home_watched")
    world.settle()
    assert [text_of(view) for view in views(world)[before:]] == ["*Reported by me*", "*Watched*", "*Watched*"]


def test_while_jira_does_not_answer_the_home_says_so_and_fills_itself_when_it_does(world: World) -> None:
    key = issue(world, "Door stuck", assignee="mia")
    open_home(world)
    world.jira.fault("*", kind="status", status=503, times=1000)
    use(world, "home_reported")
    assert words(world)[1] == ":hourglass_flowing_sand: Looking in Jira…"
    world.advance(6)
    assert words(world)[1] == (
        ":warning: Jira does not answer just now. Try again in a moment; once it answers, your issues appear here."
    )
    use(world, "home_assigned")
    world.jira.faults.clear()
    world.advance(400)
    assert listed(world) == [key]


def test_where_jira_is_known_to_be_away_the_home_says_so_at_once(world: World) -> None:
    key, port = issue(world, "Door stuck", reporter="Mia"), int(world.jira.url.rpartition(":")[2])
    open_home(world)
    world.jira.stop()
    use(world, "home_watched")
    use(world, "home_reported")
    assert words(world)[1].startswith(":warning: Jira does not answer just now.")
    world.jira.start(port)
    world.advance(400)
    assert listed(world) == [key]


def test_what_was_there_stays_with_a_word_about_it_while_jira_does_not_answer(world: World) -> None:
    key = issue(world, "Door stuck", assignee="mia")
    open_home(world)
    world.advance(60)
    world.jira.fault("*", kind="status", status=503, times=1000)
    open_home(world)
    world.advance(6)
    assert words(world)[0].startswith(":warning: Jira does not answer just now.")
    assert listed(world) == [key]
    open_home(world)
    open_home(world)
    world.jira.faults.clear()
    world.advance(400)
    assert (words(world)[0], listed(world)) == ("*Assigned to me*", [key])


def test_an_answer_to_a_click_leaves_at_once_while_jira_hangs(world: World) -> None:
    open_home(world)
    world.jira.fault("*", kind="hang", seconds=2.5, times=10)
    before = len(world.jira.calls)
    at_once(world, "home_search", "printer")
    at_once(world, "home_notices", "assigned")
    assert len(world.jira.calls) == before
    world.jira.faults.clear()
    world.settle()
    world.advance(10)
    assert words(world)[0] == "Issues for *printer*"
