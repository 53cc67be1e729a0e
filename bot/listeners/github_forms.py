"""The forms of GitHub's cards: what is sent off in them, and what their selects offer."""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

import json
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import Ack, App

from bot.choices import Listed
from bot.flows import asker as who
from bot.flows import from_message, open_options
from bot.flows import github_doing as doing
from bot.flows.github_doing import Wish
from bot.flows.plan import Plan
from bot.flows.sending_form import first_block
from bot.listeners.sent_forms import Ask, Wrong, listener
from bot.modals import github_doing as modal
from bot.modals.elements import Values, choices_in, chosen, option, typed, values_of
from bot.modals.filling import kept_form
from bot.modals.source import words_of
from bot.modals.waiting import away_view, working_view
from bot.operations.github import github_of
from bot.operations.github_forms import sign
from bot.payload import objects, text
from bot.services import Services
from storage.integrations import NewIntegration

MOST_OPTIONS = 100

type Asked = tuple[str, dict[str, Any]]
"""The operation that a form asks for, and what it has to know."""
type Read = Callable[[Values, Mapping[str, Any], dict[str, Any]], Asked]
"""Reads a form from its values, what it kept, and the view itself."""


def register(app: App, services: Services) -> None:
    """Listen to the forms, and to those who search in them."""
    for callback, read in FORMS.items():
        app.view(callback)(listener(services, _asking(read), working_view, away_view))
    for action, names in OFFERED.items():
        app.options(action)(_searched(services, action, names))


def _asking(read: Read) -> Ask:
    def ask(asker: who.Asker, view: dict[str, Any], plan: Plan) -> NewIntegration:
        meta = json.loads(text(view, "private_metadata"))
        operation, payload = read(values_of(view), meta, view)
        place = who.Asker(asker.team, asker.user, meta["channel"])
        wish = Wish(place, meta["resource"], meta["thread"], meta["response_url"])
        return doing.ask(plan, operation, wish, view_id=view["id"], filled=kept_form(view), **payload)

    return ask


def _comment(values: Values, _: Mapping[str, Any], __: dict[str, Any]) -> Asked:
    if not words_of(values[modal.WORDS]):
        raise Wrong({modal.WORDS: "Please write something."})
    return "comment", {"message": from_message.words(values[modal.WORDS], {})}


def _changes(values: Values, meta: Mapping[str, Any], view: dict[str, Any]) -> Asked:
    return "review", {**_comment(values, meta, view)[1], "verdict": "REQUEST_CHANGES", "sha": meta["sha"]}


def _reviewers(values: Values, _: Mapping[str, Any], __: dict[str, Any]) -> Asked:
    names = _several(values, modal.REVIEWER)
    teams = [name.removeprefix(modal.TEAM) for name in names if name.startswith(modal.TEAM)]
    return "request_review", {"people": [name for name in names if not name.startswith(modal.TEAM)], "teams": teams}


def _merge(values: Values, meta: Mapping[str, Any], _: dict[str, Any]) -> Asked:
    return "merge", {"sha": meta["sha"], "method": chosen(values, modal.METHOD)}


def _edit(values: Values, meta: Mapping[str, Any], view: dict[str, Any]) -> Asked:
    """What was changed: labels and people are added and taken one by one, so that those stay that others set."""
    blocks = (text(block, "block_id").partition("@") for block in objects(view, "blocks"))
    was = {name: was for name, _, was in blocks if was}
    words = {name: typed(values, name) for name in was if sign(typed(values, name)) != was[name]}
    labels = _moved(meta[modal.LABELS], _several(values, modal.LABEL)) if modal.LABEL in values else _moved([], [])
    people = _moved(meta[modal.PEOPLE], _several(values, modal.ASSIGNEE))
    names = [
        name for name, changed in (
            ("title", modal.TITLE in words), ("description", modal.BODY in words), ("labels", any(labels.values())),
            ("assignees", any(people.values())),
        ) if changed
    ]  # fmt: skip
    if not names:
        raise Wrong({first_block(view): "Nothing was changed."})
    told = "\n\n".join(words.values())
    return "edit", {"words": words, "was": was, "labels": labels, "assignees": people, "names": names, "text": told}


def _gates(values: Values, meta: Mapping[str, Any], _: dict[str, Any]) -> Asked:
    idents = [ident for ident in _several(values, modal.PLACES) if ident in meta[modal.PLACES]]
    return "decide", {
        "gates": [int(ident) for ident in idents], "names": [meta[modal.PLACES][ident] for ident in idents],
        "state": chosen(values, modal.VERDICT), "text": typed(values, modal.WORDS).strip(),
    }  # fmt: skip


def _moved(before: list[str], now: list[str]) -> dict[str, list[str]]:
    return {"add": [each for each in now if each not in before], "remove": [each for each in before if each not in now]}


def _several(values: Values, action: str) -> list[str]:
    return [text(each, "value") for each in choices_in(values.get(action, {}))]


FORMS: dict[str, Read] = {
    modal.COMMENT: _comment, modal.CHANGES: _changes, modal.REVIEWERS: _reviewers, modal.MERGE: _merge,
    modal.EDIT: _edit, modal.GATES: _gates,
}  # fmt: skip
"""By callback id."""


# --- what the selects offer ------------------------------------------------------------------------------------------


def _searched(services: Services, action: str, names: Callable[[Services, str], list[str]]) -> Callable[..., None]:
    """What a repository has, for somebody who may read it; what GitHub does not tell in time is left out."""

    def search(ack: Ack, body: dict[str, Any]) -> None:
        asker, words = who.of_interaction(body), text(body, "value").strip().casefold()
        meta = json.loads(text(body, "view", "private_metadata") or "{}")
        repository = str(meta.get("resource", "")).partition("#")[0]
        found: Listed = ()
        if not who.may_not(services, asker):
            found = open_options.listed(
                services, asker.user, repository, action, lambda: [(each, each) for each in names(services, repository)]
            )
        ack(options=[option(name, name) for name, _ in found if words in name.casefold()][:MOST_OPTIONS])

    return search


def _labels(services: Services, repository: str) -> list[str]:
    return github_of(services, urgent=True).labels(repository)


def _people(services: Services, repository: str) -> list[str]:
    return github_of(services, urgent=True).people(repository)


def _asked(services: Services, repository: str) -> list[str]:
    teams = github_of(services, urgent=True).teams(repository)
    return [*_people(services, repository), *(f"{modal.TEAM}{slug}" for slug in teams)]


OFFERED: dict[str, Callable[[Services, str], list[str]]] = {
    modal.LABEL: _labels, modal.ASSIGNEE: _people, modal.REVIEWER: _asked,
}  # fmt: skip
"""By action id."""
