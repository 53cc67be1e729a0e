"""The cards of GitHub's pull requests, issues and discussions: the present state of one in one message."""

from bot.message import Message, code, link, one_line
from bot.payload import Payload, flag, mapping, number, objects, text, texts
from bot.renderers.github_buttons import issue_buttons, pull_buttons
from bot.renderers.github_known import KEY, known_pull, live, reviews, summary
from bot.renderers.github_parts import TITLE_LIMIT, body, branches, linked, reference, repository_link
from bot.renderers.parts import assemble, dotted, listing, person, phrase, plural

REASONS = {"completed": "completed", "not_planned": "not planned", "duplicate": "a duplicate"}
"""GitHub's `state_reason` of a closed issue, as it goes after "closed as"."""
GONE = {"deleted": ("⚫", "Deleted"), "transferred": ("⚪", "Moved to another repository")}
"""Actions after which there is no issue or discussion here any more."""
KEYS_SHOWN = 5


def pull_request(payload: Payload) -> Message:
    """The card of a pull request, of what is known of it by now."""
    pull = known_pull(payload)
    emoji, word = pull_state(pull)
    between = " → ".join(code(branch) for branch in branches(pull))
    state = dotted(f"{emoji} *{word}*", _by(pull, "user"), between.strip(" →"), _size(pull))
    return assemble(
        _fallback(payload, pull, word),
        f"{_title(pull)}\n{state}",
        body(pull, live(payload)),
        phrase("Pull request in", repository_link(payload)),
        _assignees(pull),
        phrase("Review requested from", listing(_reviewers(pull), person)),
        reviews(payload),
        summary(payload),
        "Merges by itself as soon as it may" if _merges_itself(pull) else "",
        _milestone(pull),
        _labels(pull),
        _jira(payload),
        buttons=pull_buttons(reference(payload, pull), pull),
    )


def issue(payload: Payload) -> Message:
    """The card of an issue."""
    shown = mapping(payload, "issue")
    emoji, word = GONE.get(text(payload, "action"), issue_state(shown))
    state = dotted(f"{emoji} *{word}*", _by(shown, "user"), one_line(text(shown, "type", "name"), 40))
    return assemble(
        _fallback(payload, shown, word),
        f"{_title(shown)}\n{state}",
        body(shown, live(payload)),
        phrase("Issue in", repository_link(payload)),
        _assignees(shown),
        _milestone(shown),
        _parts(shown),
        _labels(shown),
        _jira(payload),
        buttons=None if text(payload, "action") in GONE else issue_buttons(reference(payload, shown), shown),
    )


def discussion(payload: Payload) -> Message:
    """The card of a discussion."""
    shown = mapping(payload, "discussion")
    emoji, word = GONE.get(text(payload, "action"), _discussion_state(shown))
    category = one_line(text(shown, "category", "name"), 40)
    return assemble(
        _fallback(payload, shown, word),
        f"{_title(shown)}\n{dotted(f'{emoji} *{word}*', _by(shown, 'user'), category)}",
        body(shown, live(payload)),
        phrase("Discussion in", repository_link(payload)),
        _labels(shown),
        _jira(payload),
    )


def _by(resource: Payload, author: str) -> str:
    return phrase("by", person(text(resource, author, "login")) or "someone")


def pull_state(pull: Payload) -> tuple[str, str]:
    """A pull request's state: an emoji of its colour, and the word."""
    if flag(pull, "merged") or text(pull, "merged_at"):
        return "🟣", "Merged"
    if text(pull, "state") == "closed":
        return "🔴", "Closed"
    return ("⚪", "Draft") if flag(pull, "draft") else ("🟢", "Open")


def issue_state(issue: Payload) -> tuple[str, str]:
    """The same of an issue."""
    if text(issue, "state") != "closed":
        return "🟢", "Open"
    reason = text(issue, "state_reason")
    if reason in ("not_planned", "duplicate"):
        return "⚪", f"Closed as {REASONS[reason]}"
    return "🟣", "Closed"


def _discussion_state(shown: Payload) -> tuple[str, str]:
    if text(shown, "answer_chosen_at"):
        return "✅", "Answered"
    return ("🟣", "Closed") if text(shown, "state") == "closed" else ("🟢", "Open")


def _title(resource: Payload) -> str:
    # A look-alike of the asterisk, since a real one would end the bold type.
    label = f"#{text(resource, 'number')} {text(resource, 'title') or 'Untitled'}".replace("*", "∗")
    return f"*{link(text(resource, 'html_url'), label, TITLE_LIMIT)}*"


def _fallback(payload: Payload, resource: Payload, word: str) -> str:
    reference = f"{one_line(text(payload, 'repository', 'full_name'), 140)}#{one_line(text(resource, 'number'), 20)}"
    return f"{reference}: {one_line(text(resource, 'title') or 'Untitled', TITLE_LIMIT)} ({word})"


def _size(pull: Payload) -> str:
    added, removed, files = (number(pull, key) for key in ("additions", "deletions", "changed_files"))
    if added is None or removed is None or files is None or not (added or removed or files):
        return ""
    return f"+{added:,} −{removed:,} in {plural(files, 'file')}"


def _merges_itself(pull: Payload) -> bool:
    # GitHub shows how it will be merged, connect remembers whether.
    asked = flag(pull, "auto_merge") or bool(mapping(pull, "auto_merge"))
    return asked and text(pull, "state") == "open"


def _reviewers(pull: Payload) -> tuple[str, ...]:
    return texts(pull, "requested_reviewers", key="login") + texts(pull, "requested_teams", key="name")


def _parts(issue: Payload) -> str:
    """How much of it is done, by its sub-issues."""
    total, done = (number(issue, "sub_issues_summary", key) for key in ("total", "completed"))
    return f"{done:,} of {plural(total, 'sub-issue')} done" if total and done is not None else ""


def _assignees(resource: Payload) -> str:
    return phrase("Assigned to", listing(texts(resource, "assignees", key="login"), person))


def _milestone(resource: Payload) -> str:
    return phrase("Milestone", one_line(text(resource, "milestone", "title"), 60))


def _labels(resource: Payload) -> str:
    return phrase("Labels:", listing(texts(resource, "labels", key="name"), code, " "))


def _jira(payload: Payload) -> str:
    """The issues of Jira's that it names, as links; which they are connect knows, no payload of GitHub's does."""
    named = objects(payload, KEY, "jira", "issues")[:KEYS_SHOWN]
    return phrase("Jira:", ", ".join(linked(text(one, "url"), text(one, "key")) for one in named))
