"""A home as a whole, within Slack's limits whatever is in it, and what it keeps of what it shows."""

from dataclasses import replace
from typing import Any

from adapters.jira.issue import Issue
from bot.renderers import home as page
from bot.renderers.home import Found, State, home, only, read_state, state_of, with_note
from bot.renderers.home_settings import Kept
from bot.renderers.notices import KINDS as JIRA_KINDS
from sandbox.blocks import problems

URL = "https://acme.atlassian.net/browse/OPS-1"
ISSUE = Issue("10001", "OPS-1", URL, "Door stuck", "OPS", "Bug", "In Progress", "indeterminate", "High",
              "Ada Lovelace", due="2026-12-24", complete=True)  # fmt: skip
KEPT = Kept((("", "Mia", "found by your e-mail address"),), ("assigned",), True)


def plain(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words}


def mrkdwn(words: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}}


def small(words: str) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": words}]}


def button(words: str, action: str, **more: str) -> dict[str, Any]:
    return {"type": "button", "text": plain(words), "action_id": action, **more}


def option(words: str, value: str, **more: str) -> dict[str, Any]:
    return {"text": plain(words), "value": value, **more}


def menu(*choices: tuple[str, str]) -> dict[str, Any]:
    options = [option(words, f"{word} OPS-1", **({"url": URL} if word == "open" else {})) for words, word in choices]
    return {"type": "overflow", "action_id": "jira_more", "options": options}


def boxes(action: str, name: str, options: list[dict[str, Any]], ticked: list[dict[str, Any]]) -> dict[str, Any]:
    element = {"type": "checkboxes", "action_id": action, "options": options, "initial_options": ticked}
    return {"type": "actions", "block_id": name, "elements": [element]}


def elements(view: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for block in view["blocks"] for each in block.get("elements", ())]


def search(query: str = "") -> dict[str, Any]:
    return {
        "type": "input", "block_id": f"home_search:{query}", "dispatch_action": True, "optional": True,
        "label": plain("Search Jira"),
        "element": {
            "type": "plain_text_input", "action_id": "home_search", "max_length": 300,
            "placeholder": plain("Words, a key, or JQL; then Enter"),
            "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
            **({"initial_value": query} if query else {}),
        },
    }  # fmt: skip


CREATE = {"type": "actions", "elements": [button("Create issue", "home_create")]}
TABS = [
    button("Assigned to me", "home_assigned", value="assigned", style="primary"),
    button("Reported by me", "home_reported", value="reported"),
    button("Watched", "home_watched", value="watched"),
    button("Recently changed", "home_changed", value="changed"),
]
KINDS = [
    option("An issue is assigned to you", "assigned"),
    option("Somebody mentions you in an issue or a comment", "mentioned"),
    option("Something happens to an issue that you reported", "reported"),
    option("Something happens to an issue that you watch", "watching"),
]
PREVIEW = option("Preview the Jira issues that I share", "on")
FOOT = small("`/jira help` explains what else I can do. *Messages*, above, is where I write to you.")


def test_a_home_with_issues_as_a_whole() -> None:
    state = State(trail=("10",), following="20", at=1_790_000_000)
    assert home(state, KEPT, Found([ISSUE], said=":white_check_mark: OPS-1 is assigned to you now.")) == {
        "type": "home",
        "callback_id": "home",
        "private_metadata": (
            '{"tab":"assigned","site":"","query":"","trail":["10"],"following":"20","at":1790000000}'
        ),
        "blocks": [
            mrkdwn(":white_check_mark: OPS-1 is assigned to you now.") | {"block_id": "home_said"},
            CREATE,
            search(),
            {"type": "actions", "elements": TABS},
            mrkdwn("*Assigned to me*"),
            mrkdwn(f"*<{URL}|OPS-1: Door stuck>*\n🔵 *In Progress*  ·  Due 24 Dec 2026  ·  High") | {
                "accessory": menu(("Status", "status"), ("Comment", "comment"), ("Edit", "edit"),
                                  ("Log work", "log_work"), ("Open in Jira", "open")),
            },
            {"type": "actions", "elements": [
                button("Previous", "home_back"), button("Next", "home_next"), button("Refresh", "home_again"),
            ]},
            small("As of <!date^1790000000^{time}|14:13 UTC>"),
            {"type": "divider"},
            mrkdwn("*My accounts*\nIn Jira you are *Mia* (found by your e-mail address)."),
            {"type": "actions", "elements": [button("It is another account", "home_claim")]},
            {"type": "divider"},
            mrkdwn("*My notices*\nI write to you in a direct message when"),
            boxes("home_notices",
                  "home_notices:assigned:1790000000!",
                  KINDS, KINDS[:1]),
            boxes("home_previews", "home_previews:on:1790000000!",
                  [PREVIEW], [PREVIEW]),
            FOOT,
        ],
    }  # fmt: skip


def test_a_search_at_one_of_two_sites_that_has_no_answer_yet() -> None:
    kept = Kept((("", "Mia", "confirmed by you in Jira"), ("eu", "", "")), (), False, True, "")
    view = home(State("watched", "eu", "door"), kept, Found(instead=page.LOOKING))
    main, eu = option("Main Jira", "main"), option("Jira: eu", "eu")
    tabs = [{name: value for name, value in tab.items() if name != "style"} for tab in TABS]
    site = {"type": "static_select", "action_id": "home_site", "options": [main, eu], "initial_option": eu}
    assert view["blocks"] == [
        CREATE,
        search("door"),
        {"type": "actions", "elements": [*tabs, site]},
        mrkdwn("Issues for *door* (eu)"),
        mrkdwn(":hourglass_flowing_sand: Looking in Jira…"),
        {"type": "divider"},
        mrkdwn(
            "*My accounts*\nIn Jira you are *Mia* (confirmed by you in Jira).\nIn Jira (eu) I do not know your account."
            "\nI act for you by my own account and name you in the text, until you link yours."
        ),
        {"type": "actions", "elements": [
            button("Link my Jira account", "home_login"), button("It is another account", "home_claim"),
        ]},
        {"type": "divider"},
        mrkdwn("*My notices*\nI write to you in a direct message when"),
        {"type": "actions", "block_id": "home_notices::0", "elements": [
            {"type": "checkboxes", "action_id": "home_notices", "options": KINDS},
        ]},
        {"type": "actions", "block_id": "home_previews::0", "elements": [
            {"type": "checkboxes", "action_id": "home_previews", "options": [PREVIEW]},
        ]},
        FOOT,
    ]  # fmt: skip


def test_who_has_linked_an_account_may_end_that_and_who_has_none_may_claim_one() -> None:
    linked = home(State(), Kept((("", "Mia", "linked by you"),), linking=True, linked="Mia"), Found())["blocks"]
    assert button("Unlink my Jira account", "home_logout") in [
        each for one in linked for each in one.get("elements", ())
    ]
    assert "your own name: *Mia* is linked." in str(linked)
    unknown = home(State(), Kept((("", "", ""),)), Found(instead=page.NO_ACCOUNT, again=True))["blocks"]
    assert {"type": "actions", "elements": [button("Say which one is mine", "home_claim")]} in unknown
    assert {"type": "actions", "elements": [button("Try again", "home_again")]} in unknown


def test_where_github_is_on_its_account_and_notices_stand_beside_jiras() -> None:
    known = ("ada", "linked by you")
    kept = Kept(KEPT.accounts, github=known, github_notices=("merged",), github_linking=True, github_linked=True,
                mentions=True)  # fmt: skip
    blocks = home(State(), kept, Found())["blocks"]
    kinds = [
        option("A review is requested from you", "review_requested"),
        option("Something is assigned to you", "assigned"),
        option("Somebody mentions you", "mentioned"),
        option("Checks fail on a pull request of yours", "checks_failed"),
        option("Changes are requested on a pull request of yours", "changes_requested"),
        option("A pull request of yours is approved", "approved"),
        option("A pull request of yours is merged", "merged"),
    ]
    mention = option("Really mention me in channels when somebody mentions me on GitHub", "on")
    assert blocks[7:10] == [
        mrkdwn("*My accounts*\nIn Jira you are *Mia* (found by your e-mail address)."),
        mrkdwn("On GitHub you are *ada* (linked by you)."),
        {"type": "actions", "elements": [
            button("It is another account", "home_claim"), button("Unlink my GitHub account", "home_github_logout"),
        ]},
    ]  # fmt: skip
    assert blocks[-4:-1] == [
        mrkdwn("On GitHub, when"),
        boxes("home_github_notices", "home_github_notices:merged:0", kinds, kinds[-1:]),
        boxes("home_github_mentions", "home_github_mentions:on:0", [mention], [mention]),
    ]
    unknown = home(State(), Kept(KEPT.accounts, github=("", ""), github_linking=True), Found())["blocks"]
    assert "On GitHub I do not know your account." in str(unknown)
    assert button("Link my GitHub account", "home_github_login") in [
        each for one in unknown for each in one.get("elements", ())
    ]


def test_each_list_offers_what_fits_it() -> None:
    def offered(state: State) -> list[str]:
        rows = [block for block in home(state, KEPT, Found([ISSUE]))["blocks"] if "accessory" in block]
        return [choice["value"].partition(" ")[0] for choice in rows[0]["accessory"]["options"]]

    assert offered(State("assigned")) == ["status", "comment", "edit", "log_work", "open"]
    assert offered(State("watched")) == ["assign_me", "status", "comment", "unwatch", "open"]
    for state in (State("reported"), State("changed"), State("assigned", query="door")):
        assert offered(state) == ["assign_me", "status", "comment", "watch", "open"]


def test_an_empty_list_says_so_and_an_empty_page_is_none() -> None:
    def said(state: State) -> str:
        return home(state, KEPT, Found())["blocks"][4]["text"]["text"]

    assert {said(State(tab)) for tab in page.TABS} == set(page.EMPTY.values())
    assert said(State(query="door")).startswith("I found nothing that you may see.")
    assert said(State(trail=("10",))) == said(State(following="10")) == "Nothing on this page is for you to see."


def test_whatever_is_in_it_slack_takes_it() -> None:
    hostile = replace(
        ISSUE, key="OPS-1", summary="<!channel> *x* <http://evil.example|good> \u202etxt" + "y" * 400, status="*<b>*",
        priority="<@U1>", assignee="<!here>" * 50, due="tomorrow",
    )  # fmt: skip
    nameless = Issue("1", "no key", "javascript:alert(1)")
    accounts = [(f"site{number}", "<!channel>" * 30, "named by an admin") for number in range(8)]
    kept = Kept(accounts, list(JIRA_KINDS), True, True, "<@U1>" * 40, ("<!channel>", "named"), mentions=True)
    state = State("changed", "site1", "<!here> *" * 40, tuple("t" * 100 for _ in range(20)), "f" * 100, 2_000_000_000)
    for found in (Found([hostile] * 9 + [nameless]), Found(instead="x" * 2000, again=True, said="y" * 2000)):
        view = home(state, kept, found)
        assert (problems(view["blocks"], "home"), len(view["private_metadata"]) <= 3000) == ([], True)
        assert "<!channel>" not in str(view)
        assert "<!here>" not in str([block for block in view["blocks"] if block["type"] != "input"])


def test_what_a_view_keeps_is_read_again_and_anything_else_is_how_a_home_begins() -> None:
    state = State("watched", "eu", 'text ~ "ü"', ("10", "20"), "30", 1_790_000_000)
    assert read_state(state.kept()) == state
    assert state_of(state.brief) == replace(state, following="", at=0)
    assert state.turned() == State("watched", "eu", 'text ~ "ü"', ("10", "20", "30"))
    for junk in ("", "{", "[]", "null", '{"tab": "x", "trail": 7, "at": "soon", "query": null}'):
        assert read_state(junk) == State()


def test_what_a_form_keeps_of_a_home_stays_small_enough_for_one() -> None:
    far = State(trail=tuple("t" * 100 for _ in range(9)))
    assert far.brief == {"tab": "assigned", "site": "", "query": "", "trail": []}
    assert State(query="ü" * 300, trail=("1",)).brief["query"] == "ü" * 300


def test_where_the_next_page_would_not_fit_into_the_view_there_is_no_way_to_it() -> None:
    far = State(trail=tuple("t" * 500 for _ in range(5)), following="f" * 500)
    actions = [
        each.get("action_id") for block in home(far, KEPT, Found())["blocks"] for each in block.get("elements", ())
    ]
    assert ("home_back" in actions, "home_next" in actions) == (True, False)


def test_a_note_stands_above_what_is_seen_and_another_takes_its_place() -> None:
    seen = only("Nothing for you.", 7)
    assert seen["blocks"] == [
        mrkdwn("Nothing for you."), {"type": "actions", "elements": [button("Try again", "home_again")]},
    ]  # fmt: skip
    once = with_note(seen, "one")
    assert with_note(once, "two") == {
        **seen, "blocks": [mrkdwn("two") | {"block_id": "home_said"}, *seen["blocks"]],
    }  # fmt: skip
    assert read_state(once["private_metadata"]).at == 7
