"""What connect says about workflow runs, each with a card, and about checks, which a pull request's card sums up."""

from dataclasses import replace
from typing import Any

from bot.message import Message, code, link, one_line
from bot.payload import Payload, mapping, number, objects, text
from bot.renderers.github_buttons import run_buttons
from bot.renderers.github_known import KEY, outcome, summary, workflow_name
from bot.renderers.github_parts import facts, is_bot, linked, moment, names_of, news, repository_link
from bot.renderers.github_pulls import pull_facts, pull_news
from bot.renderers.news import Facts, News, Renderer
from bot.renderers.parts import assemble, dotted, person, phrase, plural

STATES = {
    "success": ("🟢", "Success", "succeeded"),
    "failure": ("🔴", "Failure", "failed"),
    "timed_out": ("🔴", "Timed out", "timed out"),
    "startup_failure": ("🔴", "Did not start", "could not start"),
    "cancelled": ("⚫", "Cancelled", "was cancelled"),
    "skipped": ("⚫", "Skipped", "was skipped"),
    "neutral": ("⚪", "Neutral", "ended"),
    "stale": ("⚪", "Stale", "is stale"),
    "action_required": ("🟡", "Waiting for approval", "waits for approval"),
    "waiting": ("🟡", "Waiting for approval", ""),
    "in_progress": ("🟡", "Running", ""),
    "queued": ("⚪", "Queued", ""),
    "requested": ("⚪", "Requested", ""),
    "pending": ("⚪", "Pending", ""),
}
"""Statuses and conclusions of a run: emoji, words on the card, and how a sentence about its end ends."""


def run_news(payload: Payload, feature: str = "workflows", **said: Any) -> News | None:
    """News of a workflow run with its card."""
    run = mapping(payload, "workflow_run")
    repository, ident = text(payload, "repository", "full_name"), text(run, "id")
    if not repository or not ident:
        return None
    told: dict[str, Any] = {
        "resource": f"{repository}@run/{ident}", "card": _card(payload, run), "version": text(run, "updated_at"),
        "uid": f"run/{ident}", "headline": _link(payload, repository),
    }  # fmt: skip
    return news(payload, feature, said.pop("given", None) or run_facts(payload), **(told | said))


def run_facts(payload: Payload, **known: Any) -> Facts:
    """What filters look at in a run: `base` is the branch that its pull request is for, or the one that it runs on."""
    run = mapping(payload, "workflow_run")
    head = text(run, "head_branch")
    bases = [base for pull in objects(run, "pull_requests") if (base := text(pull, "base", "ref"))]
    trigger = text(run, "event")
    base = bases[0] if bases else "" if trigger.startswith("pull_request") else head
    shown = facts(payload, run, "actor", base=base, head=head, workflow=workflow_name(payload), trigger=trigger)
    by = mapping(run, "triggering_actor") or mapping(run, "actor")
    actors = shown.actors | names_of(by) | frozenset(("bots", "automation") if is_bot(by) else ())
    given: dict[str, Any] = {"conclusion": text(run, "conclusion"), "actors": actors} | known
    return replace(shown, **given)


def run_changed(payload: Payload) -> News | None:
    """A run that goes on: the card shows it."""
    return run_news(payload, opens=text(payload, "action") == "requested")


def run_completed(payload: Payload) -> News | None:
    """The end of a run, and how long it took."""
    run = mapping(payload, "workflow_run")
    emoji, _, ended = STATES.get(text(run, "conclusion"), ("⚪", "", ""))
    name = linked(text(run, "html_url"), _name(payload))
    took = _took(run)
    said = f"{emoji} {name} {ended or 'ended'}" + phrase(" on", code(text(run, "head_branch"))) + phrase(" after", took)
    return run_news(payload, line=Message(said))


def _trigger(event: str) -> str:
    """What started a run, in words: `workflow_dispatch` is a button or a command.

    https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
    """
    words = one_line(event.removesuffix("_target").replace("_", " "), 40)
    return _TRIGGERS.get(event) or (f"for {'an' if words[0] in 'aeiou' else 'a'} {words}" if words else "")


_TRIGGERS = {
    "workflow_dispatch": "started by hand", "schedule": "on schedule", "repository_dispatch": "started from outside",
    "merge_group": "for the merge queue", "workflow_run": "after another run", "status": "for a status",
    "create": "for a new branch or tag", "delete": "for a deleted branch or tag", "dynamic": "started by GitHub",
    "public": "for a repository made public", "page_build": "for a build of pages", "watch": "for a star",
}  # fmt: skip


def _card(payload: Payload, run: Payload) -> Message:
    emoji, word, _ = STATES.get(text(run, "conclusion") or text(run, "status"), ("⚪", "Unknown", ""))
    name = one_line(_name(payload).replace("*", "∗"), 100)
    by = phrase("by", person(text(run, "actor", "login")) or "someone")
    state = dotted(f"{emoji} *{word}*", by, code(text(run, "head_branch")), _trigger(text(run, "event")))
    title = text(run, "display_title") or text(run, "head_commit", "message").strip().partition("\n")[0]
    attempt = number(run, "run_attempt") or 1
    return assemble(
        f"{one_line(text(payload, 'repository', 'full_name'), 100)}: {name} ({word})",
        f"*{_link(payload)}*\n{state}",
        one_line(title, 150),
        phrase("Workflow run in", repository_link(payload)),
        f"Attempt {attempt:,}" if attempt > 1 else "",
        phrase("Commit", code(text(run, "head_sha")[:7])),
        buttons=run_buttons(text(payload, "repository", "full_name"), run),
    )


def _link(payload: Payload, repository: str = "") -> str:
    label = f"{repository} {_name(payload)}".strip().replace("*", "∗")
    return link(text(payload, "workflow_run", "html_url"), label)


def _name(payload: Payload) -> str:
    return f"{workflow_name(payload) or 'A workflow'} #{text(payload, 'workflow_run', 'run_number')}"


def _took(run: Payload) -> str:
    begun, ended = moment(text(run, "run_started_at")), moment(text(run, "updated_at"))
    if begun is None or ended is None or not 0 < ended - begun < 10**7:
        return ""
    seconds = int(ended - begun)
    return plural(seconds, "second") if seconds < 90 else plural(round(seconds / 60), "minute")


def checks_told(payload: Payload) -> News | None:
    """A check of a pull request's newest commit: the card sums them up, and a line says when all have passed, or not.

    One that belongs to no pull request that connect knows is no news.
    """
    if not mapping(payload, KEY, "pull"):
        return None
    now, before = outcome(mapping(payload, KEY, "checks")), text(payload, KEY, "before")
    turned = now in ("success", "failure") and now != before
    line = Message(summary(payload)) if turned else None
    given = pull_facts(payload, conclusion=now if turned else "", action=text(payload, "action") or "status")
    return pull_news(payload, "checks", given=given, line=line, minor=True)


EVENTS: dict[str, Renderer] = {
    "workflow_run.requested": run_changed,
    "workflow_run.in_progress": run_changed,
    "workflow_run.completed": run_completed,
    "check_suite.completed": checks_told,
    "check_suite.rerequested": checks_told,
    "status": checks_told,
}
