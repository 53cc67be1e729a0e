"""The form of a channel's subscription to GitHub: what it opens with, what is kept of it, how it is tried before."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from bot import github_words as words
from bot.details import sentence
from bot.filters import DEFAULTS, contradictions
from bot.flows.asker import Asker
from bot.flows.github_reach import reach
from bot.flows.github_subscribing import kept_back, now_hears
from bot.flows.github_trying import tried
from bot.flows.subscribing import FORMS, elsewhere, seen_channel, source_of
from bot.flows.subscription_forms import TAKEN, Saved, as_kept, draft_of, hours_wrong, keep
from bot.github_filters import GitHubFilters
from bot.grammar import Written, parsed
from bot.grammar_text import printed
from bot.message import escape
from bot.modals import github_subscription as modal
from bot.modals.subscription_parts import Draft
from bot.names import bare
from bot.services import Services
from bot.wording import Nonsense
from storage.subscriptions import Kept, Taken

OFFERED = {
    "actions": sorted(frozenset[str]().union(*words.ACTIONS.values())), "conclusions": sorted(words.CONCLUSIONS),
    "states": sorted(words.STATES),
}  # fmt: skip
TOO_LONG = "This subscription holds more than a form has room for. Type it: {}"
ONLY_EVENTS = "Only events stand here, such as commits:release/*. Filters have fields of their own below."


def view_for(services: Services, asker: Asker, kept: Kept | None) -> dict[str, Any]:
    """The form of a subscription, or of a new one."""
    private, outside, _ = seen_channel(services, asker)
    draft = draft_of(kept) if kept else Draft(events=DEFAULTS["github"])
    meta = {"source": kept.source if kept else "", "channel": asker.channel, "id": kept.id if kept else 0}
    meta["private"] = kept.private if kept else private
    chosen, patterns = _cut(draft)
    return modal.form_view(chosen, patterns, OFFERED, meta, outside)


def too_long(kept: Kept) -> str:
    """Why a subscription cannot be shown as a form; empty if it can."""
    draft, patterns = _cut(draft_of(kept))
    return "" if modal.fits(draft, patterns) else TOO_LONG.format(f"`/github settings {escape(kept.source)}`")


def saved(services: Services, asker: Asker, view: Mapping[str, Any], meta: Mapping[str, Any]) -> Saved:
    """Keep what the form holds, unless something in it is wrong."""
    draft, meta, errors = _read(services, view, meta)
    if errors:
        return Saved(errors=errors)
    private, warning = bool(meta["private"]), ""
    if not meta.get("id"):
        found = reach(services, asker, meta["source"], private=private)
        if found.refusal:
            return Saved(errors={"source": found.refusal})
        private, warning = found.private, found.warning
    try:
        services.database.run(
            lambda connection: keep(services, connection, asker, "github", meta, draft, private=private)
        )
    except Taken:
        return Saved(errors={"name": TAKEN})
    kept = as_kept("github", asker, meta, draft)
    parts = (now_hears(kept), "" if meta["private"] or meta.get("id") else kept_back(kept.events), warning)
    return Saved(" ".join(part for part in parts if part))


def tried_on(services: Services, asker: Asker, view: Mapping[str, Any], meta: Mapping[str, Any]) -> list[str]:
    """What a subscription like this would make of the latest events; nothing is kept."""
    draft, meta, errors = _read(services, view, meta)
    if errors:
        return [f":warning: {escape(said)}" for said in errors.values()]
    if not meta.get("id"):
        found = reach(services, asker, meta["source"], private=bool(meta["private"]))
        if found.refusal:
            return [f":warning: {found.refusal}"]
        meta = {**meta, "private": found.private}
    return tried(services, asker, as_kept("github", asker, meta, draft))


def _read(
    services: Services, view: Mapping[str, Any], meta: Mapping[str, Any]
) -> tuple[Draft, Mapping[str, Any], dict[str, str]]:
    """What the form holds, and what is wrong in which block."""
    draft, patterns = modal.read_draft(view)
    draft = replace(draft, filters=bare(draft.filters))
    named = modal.read_source(view)
    source = str(meta["source"]) or source_of(services.settings, "github", named)
    errors = {} if source else {"source": elsewhere(services.settings, named) or f"Name {FORMS['github']}."}
    errors |= hours_wrong(draft)
    try:
        draft = replace(draft, events=(*draft.events, *_patterned(patterns)))
    except Nonsense as nonsense:
        errors["patterns"] = nonsense.what[:300]
    if not draft.events:
        errors["events"] = "Choose at least one."
    errors |= {_block(name): f"{said}." for name, said in contradictions(draft.filters).items()}
    try:
        GitHubFilters.model_validate(draft.filters)
    except ValidationError as problem:
        first = problem.errors()[0]
        errors[_block(str(first["loc"][0]))] = sentence(first).capitalize()[:300]
    return draft, {**meta, "source": source}, errors


def _patterned(typed: str) -> tuple[str, ...]:
    written = parsed(typed)
    if written != Written(events=written.events):
        raise Nonsense(0, ONLY_EVENTS, "commits:release/*")
    return written.events


def _cut(draft: Draft) -> tuple[Draft, str]:
    """What is chosen from a list, and the events with patterns as they are typed."""
    patterned = tuple(event for event in draft.events if event not in modal.FEATURES)
    thread = "off" if draft.thread == "channel" else draft.thread
    plain = replace(draft, events=[event for event in draft.events if event not in patterned], thread=thread)
    return plain, printed(Written(events=patterned)) if patterned else ""


def _block(name: str) -> str:
    """The block of the form that holds a filter."""
    if name in modal.FLAGS:
        return "flags"
    return name if name in (*modal.LINES, *modal.LISTS) else f"filter_github_{name}"
