"""A comment by a form, from a message or from nothing: rich text, the message's files, and nothing lost on the way."""

import json
from typing import Any

from sandbox.slack import ADMIN, GENERAL, MEMBER
from tests.journeys import doing, forms
from tests.journeys.doing import account, issue, option, press, send, shown, told, view
from tests.journeys.test_from_message import IN_ADF, IN_WIKI, RICH, link, section, text
from tests.world import World

world = doing.world
CHANGED = {"type": "rich_text", "elements": [section("section", text("It is "), text("out", italic=True))]}


def opened_from(world: World, ts: str) -> dict[str, Any]:
    assert world.slack.message_shortcut(MEMBER, GENERAL, ts, "add_to_jira_issue").trouble == ""
    return view(world)


def sent(world: World) -> Any:
    """The comment as Jira was sent it, without its author's name above."""
    body = world.jira.calls_to("addComment")[-1].body["body"]
    return body["content"][1:] if world.jira.cloud else body.partition("\n\n")[2]


def complaints(world: World) -> list[str]:
    """What the form complains of, with the label of the field above each."""
    found, above = list[str](), "the form"
    for block in view(world)["blocks"]:
        above = block["label"]["text"] if block["type"] == "input" else above
        words = json.dumps(block.get("text") or block.get("elements"), ensure_ascii=False)
        if block.get("block_id", "").startswith("problem"):
            found.append(f"{above}: {words.partition(':warning: ')[2].partition(chr(34))[0]}")
    return found


def test_a_messages_formatting_author_and_address_arrive(world: World) -> None:
    account(world)
    ts = world.slack.say(ADMIN, GENERAL, "The printer is on fire", blocks=[RICH])
    form = opened_from(world, ts)
    assert (forms.labels(form), form["title"]["text"]) == (["Issue", "Comment"], "Add to Jira issue")
    assert "From a message of Ada Admin; the comment will have a link to it." in forms.said(form)
    send(world, issue="OPS-1")
    world.settle()
    if world.jira.cloud:
        assert sent(world)[:-1] == IN_ADF
    else:
        assert sent(world).startswith(IN_WIKI)
    assert "Written by Ada Admin " in issue(world).comments[0].text
    assert link(ts) in json.dumps(sent(world))
    assert shown(world) == ":white_check_mark: Your comment is on OPS-1."


def test_what_is_written_instead_of_the_message_arrives_instead_of_it(world: World) -> None:
    account(world)
    opened_from(world, world.slack.say(ADMIN, GENERAL, "The printer is on fire", blocks=[RICH]))
    send(world, issue="OPS-1", comment=CHANGED)
    world.settle()
    (comment,) = issue(world).comments
    assert ("It is out" if world.jira.cloud else "It is _out_") in comment.text
    assert "flames" not in comment.text


def test_a_message_that_is_too_long_for_the_form_arrives_whole(world: World) -> None:
    account(world)
    words = " ".join(f"word{number}" for number in range(900))
    form = opened_from(world, world.slack.say(ADMIN, GENERAL, words))
    assert len(forms.shown(form, "Comment")) == 3000
    assert "The message is too long to show here. Left as it is, all of it goes to Jira." in forms.said(form)
    send(world, issue="OPS-1")
    world.settle()
    assert words in issue(world).comments[0].text


def test_its_files_are_attached_if_that_is_ticked_and_named_in_the_comment(world: World) -> None:
    account(world)
    ts = world.slack.say(ADMIN, GENERAL, "see", files={"a.log": b"1", "b.log": b"22"})
    assert forms.shown(opened_from(world, ts), "Files") == ["Attach the 2 files (0.1 MB)"]
    send(world, issue="OPS-1")
    world.settle()
    assert [(each.name, each.content) for each in issue(world).attachments] == [("a.log", b"1"), ("b.log", b"22")]
    assert "📎 a.log, b.log" in issue(world).comments[0].text
    opened_from(world, ts)
    send(world, issue="OPS-1", comment="again")
    world.settle()
    assert (len(issue(world).comments), len(issue(world).attachments)) == (2, 2)
    assert doing.statuses(world) == {"completed"}


def test_its_files_stay_out_if_that_is_not_ticked_and_those_too_large_are_named(world: World) -> None:
    account(world)
    ts = world.slack.say(ADMIN, GENERAL, "see", files={"leak.png": b"water", "film.mp4": b"x"})
    for each in world.slack.located(ts)[1]["files"]:
        each["size"] = 10**9 if each["name"] == "film.mp4" else each["size"]
    form = opened_from(world, ts)
    assert ":warning: Too large to take along: film.mp4" in forms.said(form)
    assert forms.shown(form, "Files") == ["Attach the file leak.png (0.1 MB)"]
    forms.fill(world, {"Files": False})
    send(world, issue="OPS-1")
    world.settle()
    assert issue(world).attachments == []
    assert "📎" not in issue(world).comments[0].text


def test_who_may_attach_no_files_is_told_at_that_field_and_may_comment_without(world: World) -> None:
    world.jira.denied_to = {account(world).display: {"CREATE_ATTACHMENTS"}}
    ts = world.slack.say(ADMIN, GENERAL, "see", files={"a.log": b"1"})
    opened_from(world, ts)
    send(world, issue="OPS-1", comment=CHANGED)
    world.settle()
    assert complaints(world) == [
        "Files: Jira does not permit you to attach files to OPS-1. Without them you can comment."
    ]
    assert issue(world).comments == []
    forms.fill(world, {"Files": False})
    assert forms.shown(view(world), "Comment") == "It is _out_"
    send(world)
    world.settle()
    assert ("It is out" if world.jira.cloud else "It is _out_") in issue(world).comments[0].text
    assert issue(world).attachments == []


def test_an_issue_that_cannot_be_is_told_at_its_field_and_the_words_and_files_stay(world: World) -> None:
    account(world)
    opened_from(world, world.slack.say(ADMIN, GENERAL, "It burns", blocks=[RICH], files={"a.log": b"1"}))
    send(world, issue="OPS-99")
    world.settle()
    assert [words.partition(":")[0] for words in complaints(world)] == ["Issue"]
    send(world, issue="OPS-1")
    world.settle()
    assert (sent(world)[:5] == IN_ADF) if world.jira.cloud else sent(world).startswith(IN_WIKI)
    assert [each.name for each in issue(world).attachments] == ["a.log"]


def test_a_comment_without_a_word_is_refused_at_its_field(world: World) -> None:
    account(world)
    opened_from(world, world.slack.say(ADMIN, GENERAL, "It burns"))
    values = {
        "issue": {"jira_issue": {"selected_option": option("OPS-1")}},
        "comment": {"comment": {"rich_text_value": {"type": "rich_text", "elements": [section("section", text(" "))]}}},
    }
    form = view(world)["id"]
    assert world.slack.submit(MEMBER, form, values).trouble == ""
    assert world.slack.form_errors[form] == {"comment": "Please write something."}
    assert world.rows("integrations", "&operation=comment") == []


def test_jira_may_be_down_the_comment_and_the_files_come_later(world: World) -> None:
    account(world)
    opened_from(world, world.slack.say(ADMIN, GENERAL, "It burns", files={"a.log": b"1"}))
    world.jira.fault("*", status=503, times=1000)
    send(world, issue="OPS-1", comment=CHANGED)
    world.settle()
    away = ":hourglass: Jira does not answer. This is kept, and done as soon as Jira is back."
    assert shown(world).startswith(away)
    press(world, "jira_comment")
    send(world, comment="Me too")
    assert shown(world).startswith(away)
    world.jira.faults.clear()
    world.advance(120)
    assert [("out" in each.text, "Me too" in each.text) for each in issue(world).comments] == [
        (True, False), (False, True),
    ]  # fmt: skip
    assert [each.name for each in issue(world).attachments] == ["a.log"]
    assert doing.statuses(world) == {"completed"}


def test_who_has_closed_the_form_gets_all_of_their_words_back_if_jira_refuses(world: World) -> None:
    world.jira.denied_to = {account(world).display: {"ADD_COMMENTS"}}
    words = " ".join(f"<&{number}>" for number in range(400))
    press(world, "jira_comment")
    send(world, comment={"type": "rich_text", "elements": [section("section", text(words))]})
    world.slack.close_view(MEMBER, view(world)["id"])
    world.settle()
    assert told(world) == ["Your comment did not reach OPS-1. Jira does not permit you to do this to OPS-1."]
    back = "".join(block["text"]["text"] for block in world.slack.responses[-1]["body"]["blocks"][1:])
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert back.replace(" ", "") == f"You wrote: {escaped}".replace(" ", "")


def test_the_cards_form_takes_rich_text_and_whom_it_mentions_is_mentioned_in_jira(world: World) -> None:
    ada = world.give_account(ADMIN, "ada.admin")
    account(world)
    press(world, "jira_comment")
    send(world, comment=RICH)
    world.settle()
    if world.jira.cloud:
        assert sent(world)[1:] == IN_ADF[1:]
        assert sent(world)[0]["content"][-1]["attrs"]["id"] == ada.account_id
    else:
        assert sent(world) == IN_WIKI.replace("@Ada Admin", f"[~{ada.name}]")


def test_a_refused_comment_of_the_cards_form_comes_back_as_it_was_typed(world: World) -> None:
    world.jira.denied_to = {account(world).display: {"ADD_COMMENTS"}}
    press(world, "jira_comment")
    send(world, comment=CHANGED)
    world.settle()
    assert complaints(world) == ["the form: Jira does not permit you to do this to OPS-1."]
    world.jira.denied_to = {}
    send(world)
    world.settle()
    assert ("It is out" if world.jira.cloud else "It is _out_") in issue(world).comments[0].text
