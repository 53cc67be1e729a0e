"""Notices of GitHub: what one person is told in a direct message about a pull request or an issue of theirs. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from adapters.github.markup import read_markdown
from adapters.walk import mentioned
from bot.message import Message, one_line, section
from bot.payload import Payload, flag, mapping, text
from bot.renderers.github_known import KEY, known_pull, outcome
from bot.renderers.github_words import comment_text
from bot.renderers.parts import who

KINDS = {
    "review_requested": "a review is requested from you",
    "assigned": "something is assigned to you",
    "mentioned": "somebody mentions you",
    "checks_failed": "checks fail on a pull request of yours",
    "changes_requested": "changes are requested on a pull request of yours",
    "approved": "a pull request of yours is approved",
    "merged": "a pull request of yours is merged",
}
"""What a person may want to be told of."""
_HEADLINES = {
    "review_requested": "{who} requested a review of {thing} from {whom}",
    "assigned": "{who} assigned {thing} to {whom}",
    "mentioned": "{who} mentioned {whom} in {thing}",
    "checks_failed": "Checks failed on your pull request {thing}",
    "changes_requested": "{who} requested changes on your pull request {thing}",
    "approved": "{who} approved your pull request {thing}",
    "merged": "{who} merged your pull request {thing}",
}
READ = 20_000
"""Characters of a text in which mentions are looked for."""
MOST = 20
"""Mentions in one text of which anybody is told."""


@dataclass(frozen=True)
class Concerned:
    """An account that an event concerns, by its login and (where the event tells that) its number; or a team.

    A team's `login` is its organization's and its own name: `acme/core`.
    """

    login: str
    number: str
    kind: str
    team: bool = False


def concerned(event: str, payload: Payload) -> list[Concerned]:
    """Whom a webhook concerns and how, the nearest first; never whoever did it, as far as GitHub knows.

    Checks are nobody's doing: they concern the author also where that is who pushed.
    """
    by, by_number = text(payload, "sender", "login"), text(payload, "sender", "id")
    found = [*_asked(event, payload), *_author(event, payload), *_mentions(event, payload)]
    others = [one for one in found if one.team or (one.login != by and (not by_number or one.number != by_number))]
    return [*others, *_checks(event, payload)]


def notice(kind: str, by: str, thing: str, words: str, team: str = "") -> Message:
    """Why somebody is told of a `thing`, and what was said (`words`), both in mrkdwn; `team` if all of it is meant."""
    whom = f"your team {one_line(team, 80)}" if team else "you"
    headline = _HEADLINES[kind].format(who=who(by), thing=thing, whom=whom)
    return Message(f"{headline}\n{words}" if words else headline, [section(each) for each in (headline, words) if each])


def words_of(event: str, payload: Payload, line: Message | None) -> str:
    """What was said, for a notice: the words of a comment or a review, which checks failed; nothing of other events."""
    if event.startswith("pull_request_review."):
        return comment_text(_bare(payload), mapping(payload, "review"))
    if mapping(payload, "comment"):
        return comment_text(_bare(payload), mapping(payload, "comment"))
    return line.text if line and _is_check(event) else ""


def _bare(payload: Payload) -> Payload:
    """The payload without whom it mentions: a direct message is for its reader alone."""
    return {**payload, KEY: {}}


def _asked(event: str, payload: Payload) -> Iterator[Concerned]:
    """Who is asked for a review, or to do it."""
    if event == "pull_request.review_requested":
        yield from _account(payload, "requested_reviewer", kind="review_requested")
        slug, owner = text(payload, "requested_team", "slug"), text(payload, "repository", "owner", "login")
        if slug and owner:
            yield Concerned(f"{owner}/{slug}", "", "review_requested", team=True)
    if event in ("pull_request.assigned", "issues.assigned"):
        yield from _account(payload, "assignee", kind="assigned")


def _author(event: str, payload: Payload) -> Iterator[Concerned]:
    """Whose pull request it is that was judged, or merged."""
    state = text(payload, "review", "state").lower()
    if event == "pull_request_review.submitted" and state in ("approved", "changes_requested"):
        yield from _account(payload, "pull_request", "user", kind=state)
    if event == "pull_request.closed" and flag(payload, "pull_request", "merged"):
        yield from _account(payload, "pull_request", "user", kind="merged")


def _checks(event: str, payload: Payload) -> Iterator[Concerned]:
    """Whose pull request's checks have failed just now."""
    before = text(payload, KEY, "before")
    if _is_check(event) and outcome(mapping(payload, KEY, "checks")) == "failure" and before != "failure":
        login = text(known_pull(payload), "user", "login")
        if login:
            yield Concerned(login, "", "checks_failed")


def _is_check(event: str) -> bool:
    return event == "status" or event.startswith(("workflow_run.", "check_suite."))


def _account(payload: Payload, *path: str, kind: str) -> Iterator[Concerned]:
    account = mapping(payload, *path)
    login = text(account, "login")
    if login and text(account, "type") != "Bot":
        yield Concerned(login, text(account, "id"), kind)


# --- mentions --------------------------------------------------------------------------------------------------------

_SPOKEN = {
    "issue_comment": "comment", "pull_request_review_comment": "comment", "commit_comment": "comment",
    "discussion_comment": "comment", "pull_request_review": "review",
    "pull_request": "pull_request", "issues": "issue", "discussion": "discussion",
}  # fmt: skip
"""Where an event's words are, by its name."""


def _mentions(event: str, payload: Payload) -> Iterator[Concerned]:
    """Who is mentioned in new words, or since an edit of them."""
    name, _, action = event.partition(".")
    said = mapping(payload, _SPOKEN.get(name, ""))
    if not said or action not in ("created", "opened", "submitted", "edited"):
        return
    before = text(payload, "changes", "body", "from")
    if action == "edited" and not mapping(payload, "changes", "body"):
        return
    known = _named(before)
    for login, team in [one for one in _named(text(said, "body")) if one not in known][:MOST]:
        yield Concerned(login, "", "mentioned", team=team)


def _named(body: str) -> list[tuple[str, bool]]:
    """The logins that a text mentions, and the teams."""
    if "@" not in body:
        return []
    found = [(each.id, each.kind == "group") for each in mentioned(read_markdown(body[:READ]))]
    return list(dict.fromkeys(found))
