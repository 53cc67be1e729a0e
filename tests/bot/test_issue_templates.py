"""Issue templates and issue forms, read as GitHub reads them."""

import pytest

from bot.issue_templates import Choice, Part, Template, as_json, is_template, read_choice, read_config, read_template

MARKDOWN = """---
name: Bug report
about: Something is broken
title: '[BUG] '
labels: bug, help wanted
assignees: ada
---

**What happened**
<!-- in short -->

- [ ] I have looked for it
"""
FORM = """
name: Crash
description: Something is broken
title: "[Bug]: "
labels: ["bug", triage]
assignees:
  - octocat
body:
  - type: markdown
    attributes:
      value: |
        Thanks for **telling** us!
  - type: input
    id: contact
    attributes:
      label: Contact
      description: How do we reach you?
      placeholder: ada@example.com
  - type: textarea
    attributes: {label: "What happened?", value: "A bug!\\n"}
    validations:
      required: true
  - type: textarea
    attributes: {label: Log, render: shell}
  - type: dropdown
    attributes: {label: Version, multiple: true, default: 1, options: [1.0, off, true]}
  - type: checkboxes
    attributes:
      label: Before you send
      options:
        - label: I agree to the [rules](https://example.com)
          required: true
        - label: I would help
  - type: hologram
    attributes: {label: Not known here}
"""
PARTS = (
    Part("markdown", value="Thanks for **telling** us!\n"),
    Part("input", "Contact", "How do we reach you?", "ada@example.com"),
    Part("textarea", "What happened?", value="A bug!\n", required=True),
    Part("textarea", "Log", render="shell"),
    Part("dropdown", "Version", options=("1.0", "off", "true"), chosen=1, several=True),
    Part(
        "checkboxes", "Before you send", options=("I agree to the [rules](https://example.com)", "I would help"),
        needed=(0,),
    ),
)  # fmt: skip


def test_a_template_has_its_front_matter_and_its_text() -> None:
    body = "**What happened**\n<!-- in short -->\n\n- [ ] I have looked for it"
    whole = Template("Bug report", "Something is broken", "[BUG]", ("bug", "help wanted"), ("ada",), body)
    assert read_template("bug_report.md", MARKDOWN) == whole
    assert read_template("bug_report.md", MARKDOWN.replace("\n", "\r\n")) == whole
    assert read_template("old-bug.md", "Only words") == Template("Old bug", body="Only words")


def test_a_form_has_its_parts() -> None:
    form = read_template("bug.yml", FORM)
    assert form == Template("Crash", "Something is broken", "[Bug]:", ("bug", "triage"), ("octocat",), parts=PARTS)


@pytest.mark.parametrize(
    "content", ["", "name: Bug", "name: [", "- a", "a: &a [*a]", "name: Bug\nbody: [{type: markdown}]", "x" * 40_001]
)
def test_what_is_no_form_is_left_out(content: str) -> None:
    assert read_template("bug.yaml", content) is None


def test_the_configuration_says_what_is_offered_besides() -> None:
    links = "contact_links:\n- {name: Forum, url: https://example.com/forum, about: Ask there}\n- {name: Nothing}\n"
    forum = ("Forum", "https://example.com/forum", "Ask there")
    assert read_config(f"blank_issues_enabled: false\n{links}") == (False, (forum,))
    assert [read_config(each)[0] for each in ("", "blank_issues_enabled: true", "[")] == [True, True, True]
    assert [is_template(name) for name in ("a.md", "a.YML", "config.yml", "a.txt")] == [True, True, False, False]


def test_a_choice_is_kept_as_json() -> None:
    form = read_template("bug.yml", FORM)
    assert form is not None
    whole = Choice((form, Template("Old", body="Words")), False, (("Forum", "https://example.com", ""),))
    assert read_choice(as_json(whole)) == whole
