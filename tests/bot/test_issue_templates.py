"""Issue templates and issue forms, read as GitHub reads them."""

import pytest

from bot.issue_templates import (
    Choice,
    Part,
    Template,
    Unreadable,
    as_json,
    in_order,
    is_legacy,
    read_choice,
    read_config,
    read_legacy,
    read_template,
)

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
    whole = Template(
        "Bug report", "Something is broken", "[BUG]", ("bug", "help wanted"), ("ada",), body, file="bug_report.md"
    )
    assert read_template("bug_report.md", MARKDOWN) == whole
    assert read_template("bug_report.md", MARKDOWN.replace("\n", "\r\n")) == whole
    assert read_template("old-bug.md", "Only words") == Template("Old bug", body="Only words", file="old-bug.md")
    more = read_template("a.md", MARKDOWN.replace("labels", "type: Bug\nprojects: [acme/1]\nlabels"))
    assert (more.type, more.projects) == ("Bug", ("acme/1",))
    assert read_legacy("docs/ISSUE_TEMPLATE.md", " Say\r\nit ") == Template(
        "", body="Say\nit", file="docs/ISSUE_TEMPLATE.md"
    )


def test_a_form_has_its_parts() -> None:
    form = read_template("bug.yml", FORM)
    assert form == Template(
        "Crash", "Something is broken", "[Bug]:", ("bug", "triage"), ("octocat",), parts=PARTS, file="bug.yml"
    )


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "it is empty"), ("name: Bug", "it asks for nothing"), ("name: [", "its YAML cannot be read, line 1"),
        ("body: [{type: input}]", "it has no name"), ("- a", "it has no name"),
        ("\na: &a [*a", "its YAML cannot be read, line 2"), ("[" * 5000, "its YAML cannot be read"),
        ("name: Bug\nbody: [{type: markdown}]", "it asks for nothing"),
        ("x" * 40_001, "it is too long to be read from here"),
    ],
)  # fmt: skip
def test_what_is_no_form_is_not_read(content: str, why: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_template("bug.yaml", content)
    assert str(refused.value) == why


def test_the_configuration_says_what_is_offered_besides() -> None:
    links = "contact_links:\n- {name: Forum, url: https://example.com/forum, about: Ask there}\n- {name: Nothing}\n"
    forum = ("Forum", "https://example.com/forum", "Ask there")
    assert read_config(f"blank_issues_enabled: false\n{links}") == (False, (forum,))
    assert [read_config(each)[0] for each in ("", "blank_issues_enabled: true")] == [True, True]
    with pytest.raises(Unreadable):
        read_config("[")
    assert in_order(["a.md", "b.YML", "config.yml", "a.txt", "a.yaml"]) == ["a.yaml", "b.YML", "a.md"]
    assert [is_legacy(name) for name in ("issue_template.md", "ISSUE_TEMPLATE", "a.md")] == [True, True, False]


def test_a_choice_is_kept_as_json() -> None:
    forms = (read_template("bug.yml", FORM), Template("Old", body="Words", type="Bug", projects=("acme/1",)))
    unread = (("a.yml", "it is empty"),)
    links, page = (("Forum", "https://example.com", ""),), "https://github.com/acme/web"
    whole = Choice(forms, False, links, True, Template("", body="Say"), unread, page)
    assert read_choice(as_json(Choice())) == Choice()
    assert read_choice(as_json(whole)) == whole
