"""What in GitHub's texts looks like a key of Jira's; whether it is one is asked elsewhere."""

import pytest

from bot import jira_keys


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ("OPS-7: oil the door", ["OPS-7"]),
        ("Fix (OPS-7) and [WEB-12], not ops-8; OPS-7 again", ["OPS-7", "WEB-12"]),
        ("https://acme.example/browse/OPS-7?x=1 #OPS-9", ["OPS-7", "OPS-9"]),
        ("UTF-8 and ISO-8601 look like keys", ["UTF-8", "ISO-8601"]),
        ("CVE-2026-1234, XOPS-7x, A-1, OPS-0, OPS-7_2", []),
        ("`OPS-1` ```\nOPS-2\n``` <!-- such as OPS-3\n --> OPS-4 ` OPS-5", ["OPS-4", "OPS-5"]),
        ("OPS-1 <!-- OPS-2 ``` OPS-3", ["OPS-1"]),
        ("<!--" * 1200, []),
        (" ".join(f"OPS-{n}" for n in range(1, 40)), [f"OPS-{n}" for n in range(1, 21)]),
    ],
)
def test_keys_in_a_text_are_written_in_capitals_outside_of_code(said: str, keys: list[str]) -> None:
    assert jira_keys.in_text(said) == keys


@pytest.mark.parametrize(
    ("branch", "keys"),
    [
        ("OPS-7-fix", ["OPS-7"]),
        ("ada/ops-7_oil-the-door", ["OPS-7"]),
        ("feature_OPS-7_fix", ["OPS-7", "FEATURE_OPS-7"]),
        ("fix/MY_OPS-7", ["OPS-7", "MY_OPS-7"]),
        ("OPS-7-2nd-try-web-3", ["OPS-7", "WEB-3"]),
        ("main", []),
        ("release/2026-11", []),
    ],
)
def test_a_branch_may_write_them_small_and_join_them_to_other_words(branch: str, keys: list[str]) -> None:
    assert jira_keys.in_branch(branch) == keys


def test_a_pull_request_names_them_in_its_branch_its_title_and_its_body() -> None:
    pull = {"head": {"ref": "ops-1"}, "title": "WEB-2: oil", "body": "Closes OPS-3 and OPS-1"}
    assert jira_keys.of_pull(pull) == ["OPS-1", "WEB-2", "OPS-3"]
    assert jira_keys.of_pull({"head": None, "title": 7, "body": None}) == []


def test_a_push_names_those_of_the_commits_that_are_new_here() -> None:
    commits = [
        {"message": "OPS-1: begin", "distinct": True},
        {"message": "Merge branch 'main'\n\nOPS-2", "distinct": False},
        {"message": "End of `door`\n\nCloses `OPS-3`", "distinct": True},
        {"message": None},
    ]
    assert jira_keys.of_push({"commits": commits}) == ["OPS-1", "OPS-3"]
