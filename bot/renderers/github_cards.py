"""The cards of GitHub's resources: the present state of a pull request, an issue or a deployment in one message."""

from adapters.github.markup import read_markdown
from bot.message import Message, code, link, one_line, strong
from bot.payload import Payload, flag, mapping, number, text, texts
from bot.renderers.parts import EXCERPT_BLOCKS, assemble, dotted, excerpt, listing, person, phrase, plural

TITLE_LIMIT = 150
BODY_READ = 5000  # An excerpt needs no more, and a parser no longer text.

REASONS = {"completed": "completed", "not_planned": "not planned", "duplicate": "a duplicate"}
"""GitHub's `state_reason` of a closed issue, as it goes after "closed as"."""

DEPLOYMENTS = {
    "success": ("🟢", "Success"),
    "failure": ("🔴", "Failure"),
    "error": ("🔴", "Error"),
    "in_progress": ("🟡", "In progress"),
    "queued": ("⚪", "Queued"),
    "pending": ("⚪", "Pending"),
    "waiting": ("⚪", "Waiting for approval"),
    "inactive": ("⚫", "No longer active"),
}
"""https://docs.github.com/en/rest/deployments/statuses: the states of a deployment, as a card shows them."""


def pull_request(payload: Payload) -> Message:
    """The card of a pull request."""
    pull = mapping(payload, "pull_request")
    emoji, word = _pull_state(pull)
    branches = f"{code(text(pull, 'head', 'ref'))} → {code(text(pull, 'base', 'ref'))}"
    state = dotted(f"{emoji} *{word}*", _by(pull, "user"), branches.strip(" →"), _size(pull))
    return assemble(
        _fallback(payload, pull, word),
        f"{_title(pull)}\n{state}",
        body(pull),
        phrase("Pull request in", repository_link(payload)),
        _assignees(pull),
        phrase("Review requested from", listing(_reviewers(pull), person)),
        _labels(pull),
    )


def issue(payload: Payload) -> Message:
    """The card of an issue."""
    shown = mapping(payload, "issue")
    emoji, word = _issue_state(shown)
    state = dotted(f"{emoji} *{word}*", _by(shown, "user"), one_line(text(shown, "type", "name"), 40))
    return assemble(
        _fallback(payload, shown, word),
        f"{_title(shown)}\n{state}",
        body(shown),
        phrase("Issue in", repository_link(payload)),
        _assignees(shown),
        phrase("Milestone", one_line(text(shown, "milestone", "title"), 60)),
        _labels(shown),
    )


def deployment(payload: Payload) -> Message:
    """The card of a deployment, as its newest status leaves it."""
    deployed, status = mapping(payload, "deployment"), mapping(payload, "deployment_status")
    emoji, word = deployment_state(payload)
    place = environment(payload)
    ref, sha = text(deployed, "ref"), text(deployed, "sha")
    revision = dotted(code(ref) if ref != sha else "", code(sha[:7]))
    state = dotted(f"{emoji} *{word}*", _by(deployed, "creator"), revision)
    repository = text(payload, "repository", "full_name")
    description = text(status, "description") or text(deployed, "description")
    return assemble(
        f"{one_line(repository, 100)}: deployment to {one_line(place, 60)} ({word})",
        f"{strong(f'Deployment to {place}')}\n{state}",
        one_line(description, 300),
        phrase("Deployment in", repository_link(payload)),
        deployment_links(payload),
    )


def deployment_state(payload: Payload) -> tuple[str, str]:
    """The emoji and the words for a deployment status; a state that GitHub adds one day is shown by its own name."""
    state = text(payload, "deployment_status", "state")
    unknown = one_line(state.replace("_", " ").replace("*", "").capitalize(), 40) or "Unknown"
    return DEPLOYMENTS.get(state, ("⚪", unknown))


def deployment_links(payload: Payload) -> str:
    """Links to the log and to the deployed thing, if the status names them."""
    status = mapping(payload, "deployment_status")
    log = text(status, "log_url") or text(status, "target_url")
    return dotted(_offer(log, "View log"), _offer(text(status, "environment_url"), "Open the site"))


def environment(payload: Payload) -> str:
    """The environment's name, not escaped."""
    named = text(payload, "deployment_status", "environment") or text(payload, "deployment", "environment")
    return named or "an unnamed environment"


def repository_link(payload: Payload) -> str:
    """The repository's full name as a link."""
    return link(text(payload, "repository", "html_url"), text(payload, "repository", "full_name"), 140)


def body(resource: Payload) -> str:
    """The first lines of a resource's Markdown text."""
    return excerpt(read_markdown(text(resource, "body")[:BODY_READ], EXCERPT_BLOCKS))


def _by(resource: Payload, author: str) -> str:
    return phrase("by", person(text(resource, author, "login")) or "someone")


def _pull_state(pull: Payload) -> tuple[str, str]:
    if flag(pull, "merged"):
        return "🟣", "Merged"
    if text(pull, "state") == "closed":
        return "🔴", "Closed"
    return ("⚪", "Draft") if flag(pull, "draft") else ("🟢", "Open")


def _issue_state(issue: Payload) -> tuple[str, str]:
    if text(issue, "state") != "closed":
        return "🟢", "Open"
    reason = text(issue, "state_reason")
    if reason in ("not_planned", "duplicate"):
        return "⚪", f"Closed as {REASONS[reason]}"
    return "🟣", "Closed"


def _title(resource: Payload) -> str:
    # A look-alike of the asterisk, since a real one would end the bold type.
    label = f"#{text(resource, 'number')} {text(resource, 'title') or 'Untitled'}".replace("*", "∗")
    return f"*{link(text(resource, 'html_url'), label, TITLE_LIMIT)}*"


def _fallback(payload: Payload, resource: Payload, word: str) -> str:
    reference = f"{one_line(text(payload, 'repository', 'full_name'), 140)}#{one_line(text(resource, 'number'), 20)}"
    return f"{reference}: {one_line(text(resource, 'title') or 'Untitled', TITLE_LIMIT)} ({word})"


def _size(pull: Payload) -> str:
    added, removed, files = (number(pull, key) for key in ("additions", "deletions", "changed_files"))
    if added is None or removed is None or files is None:
        return ""
    return f"+{added:,} −{removed:,} in {plural(files, 'file')}"


def _reviewers(pull: Payload) -> tuple[str, ...]:
    return texts(pull, "requested_reviewers", key="login") + texts(pull, "requested_teams", key="name")


def _assignees(resource: Payload) -> str:
    return phrase("Assigned to", listing(texts(resource, "assignees", key="login"), person))


def _labels(resource: Payload) -> str:
    return phrase("Labels:", listing(texts(resource, "labels", key="name"), code, " "))


def _offer(url: str, label: str) -> str:
    offered = link(url, label)
    return offered if offered.startswith("<") else ""
