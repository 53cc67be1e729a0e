"""What people do to GitHub's pull requests from Slack: review, ask for reviews, merge, bring up to date.

An approval by connect's own account counts for the person only if theirs would: it takes the right to push, and nobody
approves what they made themselves. Reviews and merges are looked for before they are made again.
"""

from adapters.document import Document
from adapters.errors import Invalid, Rejected
from bot.operations.base import Effect, Operation, before_sending
from bot.operations.github import github_of
from bot.operations.github_accounts import acting, acting_for
from bot.operations.github_doing import signed
from bot.operations.words import read_words
from bot.services import Services
from storage.integrations import Integration

PUSHED = "Somebody has pushed to its branch since you looked. Press Merge on the card again to see how it is now."
HELD = "GitHub holds it back: its base requires a review or a check that it does not have yet."
PUSHED_MEANWHILE = "Somebody has pushed to its branch since this step began."
_NOTHING_NEW = "no new commits"
"""What GitHub says of a branch that has all of its base: it is what was asked for."""


def _review(services: Services, row: Integration) -> Effect:
    payload = row.payload
    words = read_words(services, payload) if "message" in payload else Document(())
    who = acting_for(services, row, "write")
    there = who.github.change(payload["repository"], payload["number"])
    if there.author.casefold() == who.account.name.casefold():
        raise Rejected("Nobody can review a pull request of their own.", "own")
    body = signed(who, words)
    before_sending(services, row)
    made = who.github.review(
        payload["repository"], payload["number"], payload["verdict"], body, payload["sha"], row.marker
    )
    return Effect(str(made.id), data={"url": made.url})


def _find_review(services: Services, row: Integration) -> Effect | None:
    found = github_of(services).find_review(row.payload["repository"], row.payload["number"], row.marker)
    return Effect(str(found.id), data={"url": found.url}) if found else None


def _merge(services: Services, row: Integration) -> Effect:
    """Merge what the person looked at; connect's own account may be let by what its base requires, theirs may not."""
    payload = row.payload
    who = acting_for(services, row, "write")
    there = who.github.change(payload["repository"], payload["number"])
    if there.merged:
        raise Rejected("It is merged already.", "merged")
    if there.standing == "blocked" and not who.own:
        raise Rejected(HELD, "held")
    before_sending(services, row)
    try:
        who.github.merge(payload["repository"], payload["number"], payload["sha"], payload["method"])
    except Rejected as error:
        if error.code == "409":
            raise Rejected(PUSHED_MEANWHILE if payload.get("origin") == "step" else PUSHED, "409") from error
        raise
    return Effect(payload["sha"], data={"url": there.url})


def _find_merge(services: Services, row: Integration) -> Effect | None:
    there = github_of(services).change(row.payload["repository"], row.payload["number"])
    return Effect(there.sha, data={"url": there.url}) if there.merged and there.sha == row.payload["sha"] else None


def _update_branch(services: Services, row: Integration) -> Effect:
    payload = row.payload
    who = acting_for(services, row, "write")
    there = who.github.change(payload["repository"], payload["number"])
    try:
        who.github.update_branch(payload["repository"], payload["number"])
    except Invalid as error:
        if _NOTHING_NEW not in str(error).lower():
            raise
        return Effect(there.sha, data={"url": there.url, "base": there.base, "new": False, "again": row.attempts > 1})
    return Effect(there.sha, data={"url": there.url, "base": there.base, "new": True})


def _request_review(services: Services, row: Integration) -> Effect:
    payload = row.payload
    who = acting(services, payload["requester"], payload["repository"], "triage")
    there = who.github.change(payload["repository"], payload["number"])
    people = [login for login in payload["people"] if login.casefold() not in there.reviewers]
    teams = [slug for slug in payload["teams"] if f"/{slug}".casefold() not in there.reviewers]
    if people or teams:  # who is asked twice might be told twice
        who.github.request_review(payload["repository"], payload["number"], people, teams)
    return Effect(payload["resource"], data={"url": there.url, "asked": [*payload["people"], *payload["teams"]]})


def _set_draft(services: Services, row: Integration) -> Effect:
    """Make it a draft or ready; whoever opened it may, whatever their role."""
    payload = row.payload
    who = acting(services, payload["requester"], payload["repository"], "read")
    there = who.github.change(payload["repository"], payload["number"])
    if not who.own and there.author != who.account.name:
        acting(services, payload["requester"], payload["repository"], "write")
    if there.state != "open":
        raise Rejected("It is not open any more.", "closed")
    if there.draft != payload["draft"]:
        who.github.set_draft(payload["repository"], there.node, draft=payload["draft"])
    return Effect(payload["resource"], data={"url": there.url})


OPERATIONS = {
    "review": Operation(_review, find=_find_review),
    "merge": Operation(_merge, find=_find_merge),
    "update_branch": Operation(_update_branch, idempotent=True),
    "request_review": Operation(_request_review, idempotent=True),
    "set_draft": Operation(_set_draft, idempotent=True),
}
