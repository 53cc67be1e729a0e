"""What a preview shows of each kind of link to GitHub, of hostile and of empty answers too."""

from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.github.addresses import Kind
from bot.renderers.github_objects import comment, entity
from bot.renderers.github_previews import preview, reply
from sandbox.blocks import problems
from sandbox.slack.links import checked
from tests.renderers.hostile import EVIL, spoiled

URL = "https://github.com/acme/web"
SHA = "0123456789abcdef0123456789abcdef01234567"
ADA = {"login": "ada", "type": "User"}
REPOSITORY = {
    "id": 7, "full_name": "acme/web", "html_url": URL, "private": False, "description": "The shop's front",
    "language": "Python", "stargazers_count": 1204, "topics": ["shop", "web"], "fork": False, "archived": False,
}  # fmt: skip
ISSUE = {
    "id": 70, "number": 7, "title": "Door *stuck*", "html_url": f"{URL}/issues/7", "state": "open", "user": ADA,
    "body": "It sticks. OPS-1", "labels": [{"name": "bug"}], "assignees": [ADA], "updated_at": "2026-11-23T10:00:00Z",
}  # fmt: skip
PULL = ISSUE | {
    "html_url": f"{URL}/pull/7", "head": {"ref": "oil", "sha": SHA}, "base": {"ref": "main"}, "draft": False,
    "additions": 12, "deletions": 3, "changed_files": 1,
}  # fmt: skip
COMMENT = {"id": 9, "html_url": f"{URL}/issues/7#issuecomment-9", "user": ADA, "body": "Oil **helps**."}
RUN = {
    "id": 5, "name": "CI", "run_number": 3, "run_attempt": 2, "html_url": f"{URL}/actions/runs/5", "actor": ADA,
    "head_branch": "main", "head_sha": SHA, "event": "push", "status": "completed", "conclusion": "failure",
    "display_title": "Oil the door",
}  # fmt: skip
CODE = {
    "path": "src/a.py",
    "ref": SHA,
    "first": 3,
    "last": 30,
    "text": "def f():\n    return '```<b>'",
    "more": 26,
}
RELEASE = {
    "id": 3, "tag_name": "v1.0", "name": "One", "html_url": f"{URL}/releases/tag/v1.0", "author": ADA,
    "body": "All new", "published_at": "2026-11-23T10:00:00Z", "prerelease": False,
}  # fmt: skip
COMMIT: dict[str, Any] = {
    "sha": SHA, "html_url": f"{URL}/commit/{SHA}", "author": ADA, "stats": {"additions": 1200, "deletions": 0},
    "commit": {"message": "Oil the *door*\n\nIt squeaks.", "author": {"name": "Ada", "date": "2026-11-23T10:00:00Z"}},
    "changed_files": 2,
}  # fmt: skip
ACCOUNT = {
    "login": "ada", "name": "Ada Lovelace", "html_url": "https://github.com/ada", "type": "User", "bio": "Counts",
    "company": "Engines", "location": "London", "public_repos": 1,
}  # fmt: skip
TOLD: dict[Kind, dict[str, Any]] = {
    "ticket": {"issue": ISSUE},
    "discussion": {"discussion": ISSUE | {"html_url": f"{URL}/discussions/7", "category": {"name": "Ideas"}}},
    "comment": {"comment": COMMENT, "issue": ISSUE},
    "review_comment": {"comment": COMMENT | {"path": "src/a.py"}, "issue": PULL},
    "review": {"review": COMMENT | {"state": "APPROVED"}, "issue": PULL},
    "commit": {"commit": COMMIT},
    "lines": {"code": CODE},
    "release": {"release": RELEASE},
    "run": {"workflow_run": RUN},
    "repository": {},
    "account": {"account": ACCOUNT},
}
HERE = f"<{URL}|acme/web>"
SHOWN: dict[Kind, list[str]] = {
    "ticket": [
        f"*<{URL}/issues/7|#7 Door ∗stuck∗>*\n🟢 *Open*  ·  by ada",
        f"Issue in {HERE}", "Assigned to ada", "Labels: `bug`",
    ],
    "discussion": [
        f"*<{URL}/discussions/7|#7 Door ∗stuck∗>*\n🟢 *Open*  ·  by ada  ·  Ideas",
        f"Discussion in {HERE}", "Labels: `bug`",
    ],
    "comment": [
        f"💬 *ada* <{COMMENT['html_url']}|commented> on <{URL}/issues/7|acme/web#7 Door ∗stuck∗>:\nOil *helps*."
    ],
    "review_comment": [
        f"💬 *ada* <{COMMENT['html_url']}|commented> on `src/a.py` in <{URL}/pull/7|acme/web#7 Door ∗stuck∗>:\n"
        "Oil *helps*."
    ],
    "review": [
        f"✅ *ada* <{COMMENT['html_url']}|approved> <{URL}/pull/7|acme/web#7 Door ∗stuck∗>:\nOil *helps*."
    ],
    "commit": [
        f"*<{URL}/commit/{SHA}|Oil the ∗door∗>*\n`0123456`  ·  by ada  ·  +1,200 −0 in 2 files",
        f"Commit in {HERE}", "23 Nov 2026",
    ],
    "lines": [
        f"*<{URL}/x|src/a.py>*\nLines 3 to 30  ·  `0123456`",
        "```\ndef f():\n    return '`\u200b`\u200b`&lt;b&gt;'\n```",
        f"Code in {HERE}", "26 more lines not shown",
    ],
    "release": [
        f"*<{URL}/releases/tag/v1.0|v1.0: One>*\n📦 *Release*  ·  by ada", "All new",
        f"Release in {HERE}", "23 Nov 2026",
    ],
    "run": [
        f"*<{URL}/actions/runs/5|CI #3>*\n🔴 *Failure*  ·  by ada  ·  `main`  ·  for a push", "Oil the door",
        f"Workflow run in {HERE}", "Attempt 2", "Commit `0123456`",
    ],
    "repository": [
        f"*{HERE}*\nThe shop's front", "Repository on GitHub", "Public", "Python", "⭐ 1,204", "`shop` `web`",
    ],
    "account": [
        "*<https://github.com/ada|Ada Lovelace (ada)>*\nCounts", "Person on GitHub", "Engines", "London",
        "1 public repository",
    ],
}  # fmt: skip


def texts(kind: Kind, told: dict[str, Any]) -> list[str]:
    """What each block of a preview says."""
    made = preview(kind, {"repository": REPOSITORY, **told}, f"{URL}/x")
    assert made is not None
    assert problems(made.blocks, "message") == []
    found = [block.get("elements") or [block["text"]] for block in made.blocks]
    return [each["text"] for elements in found for each in elements]


@pytest.mark.parametrize("kind", get_args(Kind.__value__))
def test_each_kind_of_link_shows_what_matters_of_it(kind: Kind) -> None:
    assert texts(kind, TOLD[kind]) == SHOWN[kind]


def test_a_pull_request_shows_its_branches_and_size() -> None:
    assert texts("ticket", {"pull_request": PULL})[:2] == [
        f"*<{URL}/pull/7|#7 Door ∗stuck∗>*\n🟢 *Open*  ·  by ada  ·  `oil` → `main`  ·  +12 −3 in 1 file",
        f"Pull request in {HERE}",
    ]


def test_what_changes_no_line_and_no_file_has_no_size() -> None:
    none: dict[str, Any] = {"additions": 0, "deletions": 0}
    [pull, *_] = texts("ticket", {"pull_request": {**PULL, **none, "changed_files": 0}})
    assert pull == f"*<{URL}/pull/7|#7 Door ∗stuck∗>*\n🟢 *Open*  ·  by ada  ·  `oil` → `main`"
    [commit, *_] = texts("commit", {"commit": {**COMMIT, "stats": none, "changed_files": 0}})
    assert commit == f"*<{URL}/commit/{SHA}|Oil the ∗door∗>*\n`0123456`  ·  by ada"
    [renamed, *_] = texts("commit", {"commit": {**COMMIT, "stats": none}})
    assert renamed == f"*<{URL}/commit/{SHA}|Oil the ∗door∗>*\n`0123456`  ·  by ada  ·  +0 −0 in 2 files"


def test_one_line_on_a_branch_is_one_line() -> None:
    [head, *_] = texts("lines", {"code": CODE | {"last": 3, "ref": "fix/oil", "more": 0}})
    assert head == f"*<{URL}/x|src/a.py>*\nLine 3  ·  `fix/oil`"


def test_verdicts_and_sorts_of_accounts_have_words() -> None:
    for state, said in (("CHANGES_REQUESTED", "requested changes on"), ("COMMENTED", "reviewed"), ("?", "reviewed")):
        [shown] = texts("review", {"review": COMMENT | {"state": state, "body": ""}, "issue": PULL})
        assert f"|{said}> <" in shown
    for kind, noun in (("Organization", "Organization"), ("Bot", "App")):
        assert f"{noun} on GitHub" in texts("account", {"account": ACCOUNT | {"type": kind}})


def test_two_previews_make_one_message() -> None:
    both = [preview(kind, {"repository": REPOSITORY, **TOLD[kind]}, URL) for kind in ("commit", "release")]
    made = reply([each for each in both if each])
    assert made.text == "acme/web: Oil the *door*\nacme/web: v1.0: One"
    assert len(made.blocks) == 5


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from(get_args(Kind.__value__)))
def test_nothing_hostile_comes_alive_and_slack_takes_it(data: st.DataObject, kind: Kind) -> None:
    told = data.draw(spoiled({"repository": REPOSITORY, **TOLD[kind]}))
    made = preview(kind, told, f"{URL}/{EVIL}")
    if made is None:
        return
    assert problems(made.blocks, "message") == []
    shown = str(made.blocks) + made.text
    live = ("<!", "<@", "<#", "<http://evil.example|", "\u202e")
    assert [each for each in live if each in shown] == []


@settings(max_examples=300, deadline=None)
@given(spoiled({"repository": REPOSITORY, "pull_request": PULL | {"comments": 1}}), spoiled(COMMENT))
def test_a_work_object_of_anything_is_one_that_slack_takes(told: dict[str, Any], said: dict[str, Any]) -> None:
    made, words = entity(told, URL), comment(said)
    if made is not None:
        assert checked(made) is made
        assert "\u202e" not in str(made)
    assert words is None or all(words[name] for name in ("id", "sender", "timestamp", "comment"))
