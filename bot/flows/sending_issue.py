"""The form "Create GitHub issue" as it was sent: what is wrong with it, and the request it makes."""

import json
from collections.abc import Mapping
from typing import Any

from bot.flows import from_message, github_opening
from bot.flows.asker import Asker
from bot.flows.drafts import draft_of, keep
from bot.flows.open_form import choice_of
from bot.flows.plan import Plan
from bot.issue_templates import Part, Template
from bot.modals import open_issue as modal
from bot.modals.elements import Values, choices_in, chosen, interactive, typed, values_of
from bot.modals.filling import kept_form
from bot.modals.open_issue import ASSIGNEES, LABELS, MILESTONE, REPOSITORY, TEMPLATE
from bot.modals.template_form import BOXES, box_actions, chosen_options, is_rich, layout, text_typed
from bot.payload import objects, text
from bot.services import Services
from storage.integrations import NewIntegration

SENT = "sent"
TICK = "Tick what has to be ticked: “{}”."
NOT_DRAWN = "The form does not show this template yet. Choose it once more."
ELSEWHERE = "Fill this template in on GitHub, or choose another."
GONE = "This form was open for so long that I do not know its template any more. Copy what you wrote into a new one."

type Json = Mapping[str, Any]


class Sent:
    """A form that was sent, with what is kept of it."""

    def __init__(self, services: Services, asker: Asker, view: Json) -> None:
        self.view = view
        self.values: Values = values_of(view)
        self.meta: dict[str, Any] = json.loads(text(view, "private_metadata") or "{}")
        self.draft = draft_of(services, asker.user, str(self.meta.get("form", "")))
        self.choice = choice_of(self.draft, self.values)
        self.template = modal.template_of(self.choice, self.values)
        self.tag = str(self.meta.get("tag", ""))

    def action(self, number: int) -> str:
        """The action id of a part's element."""
        return f"part:{self.tag}:{number}"

    def ticked(self, part: Part, number: int) -> list[int]:
        """Which of a part's boxes are ticked."""
        names = [name for name, _ in box_actions(part, self.action(number))]
        return [int(text(each, "value")) for name in names for each in choices_in(self.values.get(name, {}))]


def complaints(sent: Sent) -> dict[str, str]:
    """What is wrong with the form before GitHub is asked, by block."""
    blocks = interactive([dict(block) for block in objects(sent.view, "blocks")])
    found: dict[str, str] = {}
    if not chosen(sent.values, REPOSITORY):
        found[REPOSITORY] = "Please fill this in."
    if not typed(sent.values, "title").strip():
        found["title"] = "Please fill this in."
    if sent.choice is None and chosen(sent.values, TEMPLATE):
        found[TEMPLATE] = GONE
    elif sent.template is not None and layout(sent.template).impossible:
        found[TEMPLATE] = ELSEWHERE
    elif TEMPLATE in sent.values and sent.tag != modal.tag_of(sent.values):
        found[TEMPLATE] = NOT_DRAWN
    found |= _boxes(sent)
    return {blocks[action]: reason for action, reason in found.items() if action in blocks}


def _boxes(sent: Sent) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, part in enumerate(sent.template.parts if sent.template else ()):
        missing = [each for each in part.needed if each not in sent.ticked(part, number)]
        for name, first in box_actions(part, sent.action(number)) if missing else ():
            here = [each for each in missing if first <= each < first + BOXES]
            found |= {name: TICK.format(part.options[here[0]][:100])} if here else {}
    return found


def request(services: Services, asker: Asker, sent: Sent, plan: Plan) -> NewIntegration:
    """Ask for the issue; the row keeps the form too, so that it can come back as it was."""
    values, meta = sent.values, sent.meta
    # What is read of its repository from now on must not be drawn over what became of it.
    keep(services, asker.user, str(meta.get("form", "")), acted=SENT)
    template = sent.template or Template("")
    payload: dict[str, Any] = {
        "channel": "", **{name: meta[name] for name in ("channel", "thread", "place", "link") if meta.get(name)},
        # Not from the form's metadata: Slack says who submitted it.
        "origin": "modal", "requester": asker.user, "team": asker.team,
        "repository": chosen(values, REPOSITORY), "title": typed(values, "title").strip(),
        "labels": _chosen(values, LABELS), "assignees": _chosen(values, ASSIGNEES),
        "milestone": int(chosen(values, MILESTONE) or 0), "type": template.type,
        "usual": {"labels": list(template.labels), "assignees": list(template.assignees)},
        "parts": _parts(sent), "written_by": meta.get("author", ""),
        "view_id": text(sent.view, "id"), "form": kept_form(sent.view),
    }  # fmt: skip
    return github_opening.request(f"{plan.key}:create_issue", plan.event, payload)


def _chosen(values: Values, action: str) -> list[str]:
    return [text(each, "value") for each in choices_in(values.get(action, {}))]


def _parts(sent: Sent) -> list[dict[str, Any]]:
    """The answers in their order, then the message, if it has a field of its own, and the names of its files."""
    found: list[dict[str, Any]] = []
    template = sent.template
    if template is not None and not template.parts:
        said = text_typed(modal.whole_text(template), f"text:{sent.tag}", sent.values)
        found.append({"kind": "markdown", "text": said, "verbatim": template.body})
    if template is not None:
        found += [_answer(sent, part, each) for each, part in enumerate(template.parts) if part.kind != "markdown"]
    if "description" in sent.values:
        found.append({"kind": "rich", "message": from_message.words(sent.values["description"], sent.draft)})
    files = ", ".join(str(file["name"]) for file in sent.draft.get("files", ()))
    return [*found, *([{"kind": "text", "text": f"📎 {files}"}] if files else [])]


def _answer(sent: Sent, part: Part, number: int) -> dict[str, Any]:
    action, label = sent.action(number), part.label
    state = sent.values.get(action, {})
    if part.kind == "checkboxes":
        return {"kind": "boxes", "label": label, "options": list(part.options), "ticked": sent.ticked(part, number)}
    if part.kind == "dropdown":
        return {"kind": "text", "label": label, "text": ", ".join(chosen_options(part, state))}
    if is_rich(part):
        return {"kind": "rich", "label": label, "message": from_message.words(state, sent.draft)}
    if part.kind != "textarea":
        return {"kind": "text", "label": label, "text": typed(sent.values, action)}
    said = text_typed(part, action, sent.values)
    if part.render:
        return {"kind": "code", "label": label, "text": said, "language": part.render}
    return {"kind": "markdown", "label": label, "text": said, "verbatim": part.value}
