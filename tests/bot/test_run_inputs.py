"""What a workflow of GitHub Actions is given, as it was typed."""

import pytest

from bot.run_inputs import read_inputs


def test_inputs_are_lines_or_json() -> None:
    assert read_inputs("") == {}
    assert read_inputs(" environment: production \n\n dry_run:false\nnote: a: b\nempty:") == {
        "environment": "production", "dry_run": "false", "note": "a: b", "empty": "",
    }  # fmt: skip
    assert read_inputs(' {"environment": "production", "dry_run": false, "count": 3, "part": 0.5}') == {
        "environment": "production", "dry_run": "false", "count": "3", "part": "0.5",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("production", '“production” is no input. Write {"name": "value"}, or a line such as name: value for each.'),
        ("{a: b}", 'The inputs begin like JSON and are none. Write {"name": "value"}, or a line such as name: value '
                   "for each."),
        ("{" * 100_000, 'The inputs begin like JSON and are none. Write {"name": "value"}, or a line such as name: '
                        "value for each."),
        ("a: 1\na: 2", "The input “a” is given twice."),
        ('{"a": 1, "a": 2}', "The input “a” is given twice."),
        ('{"a": {"b": 1}}', "The input “a” has to be text, a number, true or false."),
        ('{"a": null}', "The input “a” has to be text, a number, true or false."),
        ("\n".join(f"a{n}: 1" for n in range(26)), "These are 26 inputs, and GitHub takes no more than 25."),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_in_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=r".") as wrong:
        read_inputs(typed)
    assert str(wrong.value) == sentence
