"""Each kind of change in an issue, in words: the field, before and after, or what somebody did."""

from typing import Any

import pytest

from bot.renderers.jira_changes import attachments, change_sentence, moved
from bot.renderers.news import Attached

FILE: dict[str, Any] = {
    "id": "10500", "filename": "printer.png", "size": 2048, "mimeType": "image/png",
    "content": "https://octo.atlassian.net/rest/api/2/attachment/content/10500",
}  # fmt: skip


def payload(*items: dict[str, Any]) -> dict[str, Any]:
    return {"changelog": {"items": list(items)}, "issue": {"fields": {"attachment": [FILE, FILE | {"id": "1"}]}}}


def item(field: str, before: str | None, after: str | None, **ends: str | None) -> dict[str, Any]:
    return {"field": field, "fromString": before, "toString": after, "from": None, "to": None, **ends}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (item("Attachment", None, "printer.png", to="10500"),
         "Ada attached <https://octo.atlassian.net/rest/api/2/attachment/content/10500|printer.png>"),
        (item("Attachment", None, "gone.png", to="7"), "Ada attached gone.png"),
        (item("Attachment", "printer.png", None, **{"from": "10500"}),
         "Ada removed the attachment printer.png from Jira"),
        (item("Link", None, "This issue blocks OPS-2", to="OPS-2"), "Ada added the link “This issue blocks OPS-2”"),
        (item("Link", "This issue blocks OPS-2", None), "Ada removed the link “This issue blocks OPS-2”"),
        (item("timespent", None, "5400", to="5400"), "Ada logged 1h 30m"),
        (item("timespent", "5400", "9000", **{"from": "5400", "to": "9000"}), "Ada logged 1h (2h 30m in all)"),
        (item("timespent", "9000", "5400", **{"from": "9000", "to": "5400"}),
         "Ada took back 1h of logged work (1h 30m in all)"),
        (item("timeoriginalestimate", None, "7200", to="7200"), "Ada changed *Original estimate*: _none_ → 2h"),
        (item("Sprint", "Sprint 8", "Sprint 8, Sprint 9", to="42"),
         "Ada changed *Sprint*: Sprint 8 → Sprint 8, Sprint 9"),
        (item("Parent", "OPS-1", "OPS-2"), "Ada changed *Parent*: OPS-1 → OPS-2"),
        (item("IssueParentAssociation", None, "OPS-2", to="10002"), "Ada changed *Parent*: _none_ → OPS-2"),
        (item("IssueParentAssociation", None, "10002", to="10002"), ""),
        (item("Epic Link", None, "OPS-2"), "Ada changed *Epic Link*: _none_ → OPS-2"),
        (item("resolution", None, "Done", to="10000"), "Ada changed *Resolution*: _none_ → Done"),
        (item("Fix Version", "1.0", None), "Ada changed *Fix version*: 1.0 → _none_"),
        (item("Version", None, "2.0"), "Ada changed *Affects version*: _none_ → 2.0"),
        (item("assignee", "Mona", None, **{"from": "5b10"}), "Ada changed *Assignee*: Mona → _nobody_"),
        (item("timeestimate", "1", "2"), ""),
        (item("description", "a", "b"), "Ada changed the description"),
    ],
)  # fmt: skip
def test_a_change_in_words(change: dict[str, Any], words: str) -> None:
    assert change_sentence(payload(change), "Ada") == words


def test_deeds_alone_are_sentences_and_beside_changes_items_of_the_list() -> None:
    attached, linked = item("Attachment", None, "a.png", to="7"), item("Link", None, "This issue blocks OPS-2")
    assert change_sentence(payload(attached, linked), "Ada") == (
        "Ada attached a.png\nAda added the link “This issue blocks OPS-2”"
    )
    assert change_sentence(payload(attached, item("priority", "Low", "High")), "Ada") == (
        "Ada changed:\n• attached a.png\n• *Priority*: Low → High"
    )


def test_a_parent_is_told_once() -> None:
    both = payload(item("IssueParentAssociation", None, "OPS-2"), item("Parent", None, "OPS-2"))
    assert change_sentence(both, "Ada") == "Ada changed *Parent*: _none_ → OPS-2"


def test_the_name_of_a_file_is_inert() -> None:
    evil = payload(item("Attachment", None, "<!channel>|x.png", to="10500"))
    assert change_sentence(evil, "Ada").endswith("|&lt;!channel&gt;¦x.png>")


def test_what_was_added_is_known_with_its_size_and_address() -> None:
    (file,) = attachments(payload(item("Attachment", None, "printer.png", to="10500")))
    assert file == Attached("10500", "printer.png", 2048, FILE["content"], "image/png")
    assert attachments(payload(item("Attachment", "printer.png", None, **{"from": "10500"}))) == ()


def test_a_move_is_a_new_key() -> None:
    assert moved(payload(item("Key", "OPS-1", "WEB-1")))
    assert not moved(payload(item("project", "Operations", "Website")))
