"""A person's home: their issues, and a search; beneath it what they have chosen (`bot.renderers.home_settings`). Pure.

What is shown is kept in the view itself (`State`): so the next click, and the next visit, know what they go on from.
https://docs.slack.dev/surfaces/app-home
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, cast

from adapters.jira.issue import Issue
from bot.message import BlockDict, actions, button, clock, context, escape, link, one_line, section, strong
from bot.payload import find, number, objects, text
from bot.renderers import home_settings as settings
from bot.renderers.buttons import home_menu
from bot.renderers.home_settings import Kept, named, option, plain
from bot.renderers.jira import EMOJI, SUMMARY_LIMIT
from bot.renderers.parts import day, dotted, person, phrase

TABS = {
    "assigned": "Assigned to me",
    "reported": "Reported by me",
    "watched": "Watched",
    "changed": "Recently changed",
}
EMPTY = {
    "assigned": "No open issue is assigned to you. :tada:",
    "reported": "You have reported no issue yet.",
    "watched": "You watch no issue. *Watch*, in the menu of an issue, begins it.",
    "changed": "Nothing that is assigned to you, reported or watched by you has changed in the last two weeks.",
}
CREATE, SEARCH, SITE, BACK, NEXT, AGAIN = (
    "home_create", "home_search", "home_site", "home_back", "home_next", "home_again",
)  # fmt: skip
SAID = "home_said"
"""The block that says how something ended; the next view has another, or none."""
MAIN = "main"
"""What the menu of sites calls the one that has no name: Slack takes no empty value."""
KEPT_LIMIT = 2900
"""Of what a view keeps to itself; Slack takes 3000 characters."""
BRIEF_LIMIT = 700
"""Of what a form keeps of the home it was opened from, beside all that is its own."""
QUERY_LIMIT = 300

LOOKING = ":hourglass_flowing_sand: Looking in Jira…"
AWAY = ":warning: Jira does not answer just now. Try again in a moment; once it answers, your issues appear here."
NO_ACCOUNT = (
    "I do not know your account in Jira: none has your e-mail address. Press *Say which one is mine* below, and your "
    "issues appear here."
)


@dataclass(frozen=True)
class State:
    """What a home shows: a list (`tab`), or what a `query` finds, at a site; `at` is when Jira was asked for it.

    `trail` holds the starts of the pages from the second up to this one, as Jira names them, `following` the next
    one's. `at` is in seconds since 1970, 0 while Jira has not answered.
    """

    tab: str = "assigned"
    site: str = ""
    query: str = ""
    trail: tuple[str, ...] = ()
    following: str = ""
    at: int = 0

    @property
    def brief(self) -> dict[str, Any]:
        """What a form, or a row, has to know to show the same again; the first page where that takes too much room."""
        whole = {"tab": self.tab, "site": self.site, "query": self.query, "trail": list(self.trail)}
        if len(_json(whole)) <= BRIEF_LIMIT:
            return whole
        first = whole | {"trail": []}
        return first if len(_json(first)) <= BRIEF_LIMIT else first | {"query": ""}

    def turned(self) -> "State":
        """The page that follows."""
        return replace(self, trail=(*self.trail, self.following), following="", at=0)

    def kept(self) -> str:
        """As a view keeps it; without the way to the next page where there is no room for that."""
        whole = _json(asdict(self))
        return whole if len(whole) <= KEPT_LIMIT else _json(asdict(replace(self, following="")))


def read_state(kept: str) -> State:
    """What a view has kept; how a home begins if that is nothing."""
    try:
        return state_of(json.loads(kept or "{}"))
    except ValueError:
        return State()


def state_of(given: Mapping[str, Any]) -> State:
    """The same of what was read already, `State.brief` say."""
    tab, trail = text(given, "tab"), find(given, "trail")
    return State(
        tab if tab in TABS else "assigned", text(given, "site"), text(given, "query"),
        tuple(map(str, cast("list[object]", trail))) if isinstance(trail, list) else (),
        text(given, "following"), number(given, "at") or 0,
    )  # fmt: skip


@dataclass(frozen=True)
class Found:
    """What Jira says; or `instead` of issues a sentence (mrkdwn), with a button to try `again` if that may help.

    `said` (mrkdwn) is how something ended that was asked for here.
    """

    issues: Sequence[Issue] = ()
    instead: str = ""
    again: bool = False
    said: str = ""


def home(state: State, kept: Kept, found: Found) -> dict[str, Any]:
    """The whole of it."""
    blocks = [
        *([_said(found.said)] if found.said else []),
        actions(button("Create issue", CREATE)),
        _search(state),
        _tabs(state, kept),
        *_list(state, found),
        *_controls(state, found),
        {"type": "divider"},
        *settings.accounts(kept),
        {"type": "divider"},
        *settings.notices_of(kept, f"{state.at}{'!' if found.said else ''}"),
        context("`/jira help` explains what else I can do. *Messages*, above, is where I write to you."),
    ]
    return _view(state.kept(), blocks)


def only(sentence: str, at: int = 0) -> dict[str, Any]:
    """A home that shows a sentence (mrkdwn) and nothing else."""
    return _view(State(at=at).kept(), [section(sentence), actions(button("Try again", AGAIN))])


def with_note(view: Mapping[str, Any], note: str) -> dict[str, Any]:
    """What somebody sees, as Slack tells it, with a sentence (mrkdwn) above it."""
    shown = [dict(block) for block in objects(view, "blocks") if text(block, "block_id") != SAID]
    return _view(text(view, "private_metadata"), [_said(note), *shown])


def _view(kept: str, blocks: list[BlockDict]) -> dict[str, Any]:
    return {"type": "home", "callback_id": "home", "private_metadata": kept, "blocks": blocks}


def _said(note: str) -> BlockDict:
    return section(note) | {"block_id": SAID}


# --- issues ----------------------------------------------------------------------------------------------------------


def _search(state: State) -> BlockDict:
    element: BlockDict = {
        "type": "plain_text_input", "action_id": SEARCH, "max_length": QUERY_LIMIT,
        "placeholder": plain("Words, a key, or JQL; then Enter"),
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }  # fmt: skip
    element |= {"initial_value": state.query} if state.query else {}
    # What was typed stays while the block has the same name: another search has another.
    return {"type": "input", "block_id": named(SEARCH, state.query), "dispatch_action": True, "optional": True,
            "label": plain("Search Jira"), "element": element}  # fmt: skip


def _tabs(state: State, kept: Kept) -> BlockDict:
    tabs = [
        button(name, f"home_{tab}", tab, style="primary" if tab == state.tab and not state.query else "")
        for tab, name in TABS.items()
    ]
    return actions(*tabs, *([_sites(state, kept)] if len(kept.accounts) > 1 else []))


def _sites(state: State, kept: Kept) -> BlockDict:
    options = [option("Main Jira" if not site else f"Jira: {site}", site or MAIN) for site, *_ in kept.accounts]
    chosen = [option for option in options if option["value"] == (state.site or MAIN)]
    return {"type": "static_select", "action_id": SITE, "options": options,
            **({"initial_option": chosen[0]} if chosen else {})}  # fmt: skip


def _list(state: State, found: Found) -> list[BlockDict]:
    shown = f"Issues for {strong(state.query, 200)}" if state.query else f"*{TABS[state.tab]}*"
    heading = section(shown + (f" ({escape(state.site)})" if state.site else ""))
    if found.instead:
        return [heading, section(found.instead)]
    if not found.issues:
        return [heading, section(_nothing(state))]
    return [heading, *[_row(state, issue) for issue in found.issues]]


def _nothing(state: State) -> str:
    if state.trail or state.following:
        return "Nothing on this page is for you to see."
    if state.query:
        return "I found nothing that you may see. Try fewer or other words, or JQL: `project = OPS AND status = Done`."
    return EMPTY[state.tab]


def _row(state: State, issue: Issue) -> BlockDict:
    mine = state.tab == "assigned" and not state.query
    heading = f"{issue.key}: {issue.summary or 'Untitled'}".replace("*", "∗")
    details = dotted(
        f"{EMOJI.get(issue.status_category, '⚪')} {strong(issue.status, 60) or 'No status'}",
        phrase("Due", day(issue.due)),
        one_line(issue.priority, 40),
        "" if mine else phrase("Assigned to", person(issue.assignee)) or "Unassigned",
    )
    watched = state.tab == "watched" and not state.query
    menu = home_menu(issue, mine=mine, watched=watched)
    return section(f"*{link(issue.url, heading, SUMMARY_LIMIT)}*\n{details}", menu)


def _controls(state: State, found: Found) -> list[BlockDict]:
    if found.instead and not found.again:
        return []
    turns = [
        *([button("Previous", BACK)] if state.trail and not found.instead else []),
        *([button("Next", NEXT)] if state.following and len(state.turned().kept()) <= KEPT_LIMIT else []),
        button("Try again" if found.instead else "Refresh", AGAIN),
    ]
    return [actions(*turns), *([context(f"As of {_time(state.at)}")] if state.at else [])]


def _time(at: int) -> str:
    """By the clock of whoever reads it."""
    return clock(datetime.fromtimestamp(at, UTC))


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
