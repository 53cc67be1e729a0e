"""What an issue's thread is told of a pull request that names it: opened, reviewed, merged, deployed. Pure.

Where people may not see the repository they are told that it happened to a pull request, and nothing that is its own.
"""

from typing import Literal

from bot.message import Message, code, strong
from bot.payload import Payload, flag, text
from bot.renderers.github_deployments import environment
from bot.renderers.github_known import known_pull
from bot.renderers.github_parts import actor, headline
from bot.renderers.parts import phrase

type Moment = Literal[
    "",
    "opened",
    "ready",
    "named",
    "approved",
    "changes_requested",
    "commented",
    "merged",
    "closed",
    "reopened",
    "deployed",
]
"""What happened to it; `named`: it names the issue since now. Empty: nothing that an issue's thread is told."""
State = Literal["open", "draft", "merged", "closed"]

_TOLD: dict[Moment, str] = {
    "opened": "🟢 {by} opened {pull}",
    "ready": "🟢 {by} marked {pull} as ready for review",
    "named": "🔗 {pull} names this issue now ({state})",
    "approved": "✅ {by} approved {pull}",
    "changes_requested": "🔴 {by} requested changes on {pull}",
    "commented": "💬 {by} reviewed {pull}",
    "merged": "🟣 {by} merged {pull}{into}",
    "closed": "🔴 {by} closed {pull} without merging",
    "reopened": "🟢 {by} reopened {pull}",
    "deployed": "🚀 {pull} is deployed to {place}",
}
_VEILED: dict[Moment, str] = {
    "opened": "🟢 A pull request for this issue was opened",
    "ready": "🟢 A pull request for this issue is ready for review",
    "named": "🔗 A pull request names this issue now ({state})",
    "approved": "✅ A pull request for this issue was approved",
    "changes_requested": "🔴 Changes were requested on a pull request for this issue",
    "commented": "💬 A pull request for this issue was reviewed",
    "merged": "🟣 A pull request for this issue was merged",
    "closed": "🔴 A pull request for this issue was closed without merging",
    "reopened": "🟢 A pull request for this issue was reopened",
    "deployed": "🚀 A pull request for this issue is deployed to production",
}
_VERDICTS: dict[str, Moment] = {
    "approved": "approved", "changes_requested": "changes_requested", "commented": "commented",
}  # fmt: skip
_EVENTS: dict[str, Moment] = {
    "pull_request.opened": "opened", "pull_request.ready_for_review": "ready", "pull_request.reopened": "reopened",
    "deployment_status.created": "deployed",
}  # fmt: skip


def moment_of(event: str, payload: Payload) -> Moment:
    """What an event tells of the life of its pull request."""
    if event == "pull_request.closed":
        return "merged" if flag(payload, "pull_request", "merged") else "closed"
    if event == "pull_request_review.submitted":
        verdict = _VERDICTS.get(text(payload, "review", "state").lower(), "")
        # A review of comments on lines alone is told by those, where somebody wants them.
        return "" if verdict == "commented" and not text(payload, "review", "body") else verdict
    return _EVENTS.get(event, "")


def told(moment: Moment, payload: Payload) -> Message:
    """The line; the payload holds what is known of the pull request (`bot.renderers.github_known`)."""
    pull = known_pull(payload)
    base = code(text(pull, "base", "ref"))
    shown = headline(payload, pull)
    if moment == "opened" and state(pull) == "draft":
        shown = f"the draft {shown}"
    return Message(_TOLD[moment].format(
        by=actor(payload), pull=shown, state=state(pull), into=phrase(" into", base),
        place=strong(environment(payload)),
    ))  # fmt: skip


def veiled(moment: Moment, payload: Payload) -> Message:
    """The same for those who may not see the repository."""
    return Message(_VEILED[moment].format(state=state(known_pull(payload))))


def state(pull: Payload) -> State:
    """How a pull request is, in a word."""
    if flag(pull, "merged") or text(pull, "merged_at"):
        return "merged"
    if text(pull, "state") == "closed":
        return "closed"
    return "draft" if flag(pull, "draft") else "open"
