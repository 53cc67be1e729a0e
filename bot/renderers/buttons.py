"""The buttons of an issue's card. Everybody who sees the card sees them; Jira is asked when one is pressed.

The ids are part of every card that was ever posted: they are never renamed. The value is the issue.
"""

from adapters.jira.issue import RESOURCE, Issue
from bot.message import BlockDict, actions, button

ASSIGN_ME, ASSIGN, STATUS, COMMENT, WATCH, MORE = (
    "jira_assign_me", "jira_assign", "jira_status", "jira_comment", "jira_watch", "jira_more",
)  # fmt: skip
EDIT, LOG_WORK, UNWATCH, THREAD, OPEN = "edit", "log_work", "unwatch", "thread", "open"
TO_ME, TO_STATUS, TO_COMMENT, WATCHED = "assign_me", "status", "comment", "watch"
"""The choices behind `MORE`, which are its values' first word."""
NAME_LIMIT = 100


def card_buttons(issue: Issue) -> BlockDict | None:
    """The row of buttons beneath a card; None for what is no issue. An overflow menu holds five choices at most."""
    name = issue.resource
    if not RESOURCE.fullmatch(name) or len(name) > NAME_LIMIT:
        return None
    pressed = [("Assign to me", ASSIGN_ME), ("Assign…", ASSIGN), ("Status", STATUS), ("Comment", COMMENT),
               ("Watch", WATCH)]  # fmt: skip
    choices = [_choice("Edit", EDIT, name), _choice("Log work", LOG_WORK, name),
               _choice("Stop watching", UNWATCH, name), _choice("Thread…", THREAD, name)]  # fmt: skip
    if issue.url.startswith(("https://", "http://")):
        choices.append(_choice("Open in Jira", OPEN, name) | {"url": issue.url})
    more: BlockDict = {"type": "overflow", "action_id": MORE, "options": choices}
    return actions(*[button(label, action, name) for label, action in pressed], more)


def home_menu(issue: Issue, *, mine: bool, watched: bool) -> BlockDict | None:
    """The menu beside an issue in its person's home; `mine` and `watched` say which of them it is there for."""
    name = issue.resource
    if not RESOURCE.fullmatch(name) or len(name) > NAME_LIMIT:
        return None
    watching = _choice("Stop watching", UNWATCH, name) if watched else _choice("Watch", WATCHED, name)
    rest = [_choice("Edit", EDIT, name), _choice("Log work", LOG_WORK, name)]
    choices = [_choice("Status", TO_STATUS, name), _choice("Comment", TO_COMMENT, name)]
    choices = [*choices, *rest] if mine else [_choice("Assign to me", TO_ME, name), *choices, watching]
    if issue.url.startswith(("https://", "http://")):
        choices.append(_choice("Open in Jira", OPEN, name) | {"url": issue.url})
    return {"type": "overflow", "action_id": MORE, "options": choices}


def _choice(label: str, word: str, name: str) -> BlockDict:
    return {"text": {"type": "plain_text", "text": label}, "value": f"{word} {name}"}
