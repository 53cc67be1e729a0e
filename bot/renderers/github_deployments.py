"""What connect says about deployments: the card that follows one, its end, and who has to agree to it."""

from functools import partial
from typing import Any
from urllib.parse import quote

from bot.message import BlockDict, Message, code, one_line, strong
from bot.payload import Payload, mapping, objects, text
from bot.renderers.github_buttons import gate_buttons
from bot.renderers.github_parts import DOER, KEY, facts, news, offer, repository_link, with_text
from bot.renderers.github_runs import run_facts, run_news
from bot.renderers.news import News, Renderer
from bot.renderers.parts import assemble, dotted, listing, person, phrase, who

STATES = {
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

ENDINGS = {
    "success": "succeeded",
    "failure": "failed",
    "error": "ended with an error",
    "inactive": "is no longer active",
}
"""The states that end a deployment, as the end of a sentence about it."""


def status(payload: Payload) -> News | None:
    """A step of a deployment: the card follows it, and its end gets a line as well."""
    state = text(payload, "deployment_status", "state")
    said = _sentence(payload, state)
    # An old deployment ends because a new one took its place: that alone is not worth a card.
    return _deployment_news(payload, state, line=Message(said) if said else None, opens=state != "inactive")


def rule_requested(payload: Payload) -> News | None:
    """A deployment that a protection rule holds up until somebody, or some program, lets it pass."""
    deployed = mapping(payload, "deployment")
    waiting = {"state": "waiting", "environment": text(payload, "environment")} | {
        key: text(deployed, key) for key in ("created_at", "updated_at")
    }
    shown = {**payload, "deployment_status": waiting}
    line = Message(f"⚪ The deployment to {strong(environment(shown))} waits for a protection rule")
    return _deployment_news(shown, "waiting", line=line, opens=True)


def review_requested(payload: Payload) -> News | None:
    """A run that waits for somebody to let it deploy."""
    place, asked = text(payload, "environment"), [_reviewer(one) for one in objects(payload, "reviewers")]
    by = phrase(" by", listing(asked, who))
    line = Message(f"🔐 The deployment to {strong(place) or 'an environment'} waits for a review{by}")
    return _review_news(payload, line, place, opens=True)


def reviewed(did: str, payload: Payload) -> News | None:
    """Somebody let a run deploy, or did not."""
    jobs = [mapping(payload, "workflow_job_run"), *objects(payload, "workflow_job_runs")]
    places = list(dict.fromkeys(place for job in jobs if (place := text(job, "environment"))))
    asked, comment = text(payload, KEY, DOER), text(payload, "comment")
    by = who(asked or text(payload, "approver", "login") or text(payload, "sender", "login"))
    if asked:  # what connect wrote in their name begins with it
        comment = comment.removeprefix(f"{asked} (in Slack)").removeprefix(":").strip()
    emoji = "✅" if did == "approved" else "🔴"
    said = f"{emoji} {by} {did} the deployment" + phrase(" to", listing(places, strong))
    line = Message(with_text(said, one_line(comment, 300)))
    return _review_news(payload, line, places[0] if places else "")


def _review_news(payload: Payload, line: Message, place: str, **said: Any) -> News | None:
    given = run_facts(payload, environment=place, state=text(payload, "action"))
    return run_news(payload, "deployments", given=given, line=line, **said)


def _reviewer(given: Payload) -> str:
    return text(given, "reviewer", "login") or text(given, "reviewer", "name")


def _deployment_news(payload: Payload, state: str, **said: Any) -> News | None:
    repository, number = text(payload, "repository", "full_name"), text(payload, "deployment", "id")
    if not repository or not number:
        return None
    now = mapping(payload, "deployment_status")
    given = facts(
        payload, mapping(payload, "deployment"), "creator", base=text(payload, "deployment", "ref"),
        environment=environment(payload), state=state,
    )  # fmt: skip
    told: dict[str, Any] = {
        "resource": f"{repository}@deployment/{number}", "card": card(payload), "uid": f"deployment/{number}",
        "version": text(now, "updated_at") or text(now, "created_at"), "headline": _headline(payload),
    }  # fmt: skip
    return news(payload, "deployments", given, **(told | said))


def card(payload: Payload) -> Message:
    """The card of a deployment, as its newest status leaves it."""
    deployed, now = mapping(payload, "deployment"), mapping(payload, "deployment_status")
    emoji, word = _state(payload)
    place = environment(payload)
    ref, sha = text(deployed, "ref"), text(deployed, "sha")
    revision = dotted(code(ref) if ref != sha else "", code(sha[:7]))
    by = phrase("by", person(text(deployed, "creator", "login")) or "someone")
    description = text(now, "description") or text(deployed, "description")
    return assemble(
        f"{one_line(text(payload, 'repository', 'full_name'), 100)}: deployment to {one_line(place, 60)} ({word})",
        f"{strong(f'Deployment to {place}')}\n{dotted(f'{emoji} *{word}*', by, revision)}",
        one_line(description, 300),
        phrase("Deployment in", repository_link(payload)),
        _links(payload),
        buttons=_buttons(payload),
    )


def _buttons(payload: Payload) -> BlockDict | None:
    """Who may let it pass does so in the run that it waits in; other protection rules are for programs."""
    waits = text(payload, "deployment_status", "state") == "waiting"
    return gate_buttons(text(payload, "repository", "full_name"), mapping(payload, "workflow_run")) if waits else None


def _state(payload: Payload) -> tuple[str, str]:
    """The emoji and the words for a status; a state that GitHub adds one day is shown by its own name."""
    state = text(payload, "deployment_status", "state")
    unknown = one_line(state.replace("_", " ").replace("*", "").capitalize(), 40) or "Unknown"
    return STATES.get(state, ("⚪", unknown))


def _sentence(payload: Payload, state: str) -> str:
    if state not in ENDINGS:
        return ""
    emoji, _ = _state(payload)
    said = f"{emoji} The deployment to {strong(environment(payload))} {ENDINGS[state]}"
    return dotted(said, _links(payload))


def _links(payload: Payload) -> str:
    """Links to the log and to the deployed thing, if the status names them."""
    now = mapping(payload, "deployment_status")
    log = text(now, "log_url") or text(now, "target_url")
    told = dotted(offer(log, "View log"), offer(text(now, "environment_url"), "Open the site"))
    return told or offer(_deployments(payload), "View deployments")


def _deployments(payload: Payload) -> str:
    """The page of the environment's deployments; empty if either the repository or the environment has no name."""
    page, place = text(payload, "repository", "html_url"), _environment(payload)
    return f"{page}/deployments/{quote(place, safe='')}" if page and place else ""


def _headline(payload: Payload) -> str:
    return f"Deployment to {one_line(environment(payload), 60)}" + phrase(" in", repository_link(payload))


def environment(payload: Payload) -> str:
    """The environment's name, not escaped."""
    return _environment(payload) or "an unnamed environment"


def _environment(payload: Payload) -> str:
    return text(payload, "deployment_status", "environment") or text(payload, "deployment", "environment")


EVENTS: dict[str, Renderer] = {
    "deployment_status.created": status,
    "deployment_review.requested": review_requested,
    "deployment_review.approved": partial(reviewed, "approved"),
    "deployment_review.rejected": partial(reviewed, "rejected"),
    "deployment_protection_rule.requested": rule_requested,
}
