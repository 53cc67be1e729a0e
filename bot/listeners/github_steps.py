"""The steps of workflows that do something on GitHub.

Where nobody is known who started the workflow, connect acts by its own account in the repositories of
GITHUB_WORKFLOW_REPOSITORIES.
"""

import re
from typing import Any, cast

from adapters.plain_text import to_text
from adapters.slack.markup import read_message
from bot.flows.github_naming import repository_named, ticket_named
from bot.flows.github_steps import ask, opening, start
from bot.listeners.step_inputs import Step, Steps, Unfit
from bot.listeners.typed import github_off
from bot.operations.github_steps import names_place
from bot.payload import find
from bot.run_inputs import read_inputs
from storage.integrations import NewIntegration

TITLE_LIMIT = 256
"""https://docs.github.com/en/rest/issues/issues#create-an-issue"""
METHODS = ("merge", "squash", "rebase")


def _create(step: Step) -> NewIntegration:
    step.needed("repository", "repository")
    title, words = " ".join(step.needed("title", "title").split()), _written(step, "body")
    if len(title) > TITLE_LIMIT:
        raise Unfit(f"The title is {len(title)} characters long, and GitHub takes no more than {TITLE_LIMIT}.")
    message = words.get("message") or words
    people = [_whom(step, name) for name in _names(step, "assignees")]
    user = step.place("user")
    wanted = {
        "repository": _repository(step), "title": title, "channel": step.place("channel"),
        "parts": [{"kind": "rich", "message": message}] if words else [], "labels": _names(step, "labels"),
        "people": [*people, {"person": user}] if user else people, "milestone": step.words("milestone"),
    }  # fmt: skip
    return opening(step.run, wanted)


def _whom(step: Step, name: str) -> dict[str, str]:
    """Who is meant: whoever started the workflow, somebody in Slack (`<@U…>`), or an account on GitHub."""
    in_slack = re.fullmatch(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>", name)
    if in_slack:
        return {"person": f"{step.run.team}/{in_slack[1]}"}
    return {"me": "yes"} if name == "me" else {"login": name}


def _names(step: Step, name: str) -> list[str]:
    """Names that were chosen from a list, or typed with commas."""
    given = find(step.inputs, name)
    listed = cast("list[object]", given) if isinstance(given, list) else str(given or "").split(",")
    return [*dict.fromkeys(str(each).strip() for each in listed if str(each).strip())]


def _comment(step: Step) -> NewIntegration:
    words = _written(step, "text")
    if not words:
        raise Unfit("The comment is empty. Fill it in where the workflow adds this step.")
    return ask(step.run, "comment", _ticket(step), **words)


def _merge(step: Step) -> NewIntegration:
    method, despite = step.words("method").lower(), step.inputs.get("despite_checks") is True
    if method and method not in METHODS:
        raise Unfit(f"“{method[:80]}” is no way of merging: it is one of merge, squash and rebase, or empty.")
    return ask(step.run, "read_for_step", _ticket(step), merge={"method": method, "despite_checks": despite})


def _start(step: Step) -> NewIntegration:
    step.needed("repository", "repository")
    workflow = step.needed("workflow", "workflow").rpartition("/")[2]
    try:
        inputs = read_inputs(step.words("inputs"))
    except ValueError as wrong:
        raise Unfit(str(wrong)) from wrong
    return start(step.run, _repository(step), workflow, step.words("ref"), inputs)


def _find(step: Step) -> NewIntegration:
    wanted, repository = step.needed("wanted", "link or search"), _repository(step)
    ticket = ticket_named(step.settings, wanted)
    if ticket:
        return ask(step.run, "read_for_step", ticket, outputs={"found": True})
    if not repository and not names_place(wanted):
        raise Unfit("Say where to search: choose a repository, or write repo:acme/web, org:acme or user:ada.")
    return step.run.call("github", "find_for_step", "", {"wanted": wanted, "repository": repository})


def _ticket(step: Step) -> str:
    """The issue or pull request that is meant, by a link to it or by its name."""
    given = step.needed("item", "issue or pull request")
    found = ticket_named(step.settings, given)
    if not found:
        raise Unfit(
            f"“{given[:80]}” is neither a link to an issue or a pull request, nor its name, such as acme/web#7."
        )
    return found


def _repository(step: Step) -> str:
    """The repository that is named, or a link to which is given; empty if none is."""
    given = step.words("repository")
    found = repository_named(step.settings, given) if given else ""
    if given and not found:
        raise Unfit(f"“{given[:80]}” is no repository: its name looks like acme/web.")
    return found


def _written(step: Step, name: str) -> dict[str, Any]:
    """Words as a row holds them: rich text as it comes from Workflow Builder, or text; nothing if there are none."""
    given = find(step.inputs, name)
    if isinstance(given, str):
        return {"text": given.strip()} if given.strip() else {}
    blocks = cast("list[object]", given) if isinstance(given, list) else [given]
    message: dict[str, Any] = {"text": "", "blocks": blocks}
    return {"message": message} if to_text(read_message(message)).strip() else {}


STEPS = Steps(github_off, {
    "create_github_issue": _create,
    "comment_on_github": _comment,
    "merge_github_pull": _merge,
    "run_github_workflow": _start,
    "find_on_github": _find,
})  # fmt: skip
