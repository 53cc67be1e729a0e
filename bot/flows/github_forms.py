"""The forms that waited for GitHub: they are filled in with what it has."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.flows.github_doing import form_shown
from bot.flows.plan import Consequences
from bot.message import code, link
from bot.modals import github_doing as modal
from bot.renderers.github_known import KEY, judged, reviews, summary
from bot.renderers.parts import listing, person, phrase
from storage.integrations import Integration

_OBSTACLES = {
    "merged": "It is merged already.",
    "closed": "It is closed: it has to be opened again first.",
    "draft": "It is a draft: it has to be ready for review first.",
    "dirty": "It has conflicts with {0}, which have to be resolved first.",
    "blocked": "GitHub holds it back: {0} requires a review or a check that it does not have yet.",
}
_WARNINGS = {
    "blocked": "{0} requires a review or a check that it does not have: GitHub may refuse.",
    "behind": "Its branch lacks what is new in {0}: GitHub may refuse.",
    "unstable": "Not all of its checks have passed.",
    "unknown": "GitHub is still finding out whether it can be merged.",
}


def prepared(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """Show a form as it is to be filled in."""
    view = _merge(row, data) if row.payload["form"] == "merge" else _edit(row, data)
    return Consequences(integrations=(form_shown(row, "view", view),))


def _edit(row: Integration, data: Mapping[str, Any]) -> dict[str, Any]:
    held = modal.Held(
        data["url"], data["title"], data["body"], data["labels"], data["assignees"],
        {modal.TITLE: data["signs"]["title"], modal.BODY: data["signs"]["body"]},
    )  # fmt: skip
    return modal.edit_view(row.payload["meta"], held)


def _merge(row: Integration, data: Mapping[str, Any]) -> dict[str, Any]:
    change, base = data["change"], code(data["change"]["base"])
    far = "merged" if change["merged"] else "closed" if change["state"] == "closed" else change["standing"]
    may_try = far not in _OBSTACLES or (far == "blocked" and data["own"])
    warning = "" if not may_try else phrase("⚠️", _WARNINGS.get(far, "").format(base))
    known = modal.Known(
        link(change["url"], f"{row.payload['resource']} {change['title']}"), change["base"],
        [*_state(data), *([warning] if warning else [])], data["methods"],
        "" if may_try else _OBSTACLES[far].format(base),
    )  # fmt: skip
    return modal.merge_view({**row.payload["meta"], "sha": change["sha"]}, known)


def _state(data: Mapping[str, Any]) -> Sequence[str]:
    """Its reviews and its checks, in the words of its card."""
    verdicts: dict[str, Any] = {}
    for one in data["reviews"]:
        review = {"user": {"login": one["by"]}, "state": one["state"], "submitted_at": one["at"], "id": one["id"]}
        verdicts = judged(verdicts, {"review": review})
    checks = {f"{nth:03d}": one for nth, one in enumerate(data["checks"] or ())}
    asked = [{"login": name} for name in data["change"]["asked"]]
    payload = {KEY: {"pull": {"requested_reviewers": asked}, "verdicts": verdicts, "checks": checks}}
    unread = "I may not read its checks: look on GitHub." if data["checks"] is None else "It has no checks."
    return [
        reviews(payload) or "Nobody has reviewed it.",
        *filter(None, [phrase("Review requested from", listing(data["change"]["asked"], person))]),
        summary(payload) or unread,
    ]
