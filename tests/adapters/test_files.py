"""Files of Slack and of Jira, in pieces over HTTP, against the stand-ins."""

from collections.abc import Iterator

import pytest

from adapters.errors import AdapterError, Invalid, NotFound, OutcomeUnknown, Rejected, Unauthorized, Unavailable
from adapters.jira.client import JiraClient
from adapters.jira.files import Attachment, file_name
from adapters.slack.client import SlackClient
from adapters.slack.files import File, file_of
from sandbox.jira import JiraStandIn
from sandbox.slack import DEV, MEMBER, SlackStandIn
from tests.adapters import jira_cases, slack_cases

slack = slack_cases.slack
slack_client = slack_cases.client
jira = jira_cases.jira


@pytest.fixture
def jira_client(jira: JiraStandIn) -> JiraClient:
    return jira_cases.client_of(jira)


LARGE = bytes(range(256)) * 4096


def shared(slack: SlackStandIn, name: str = "log.txt", content: bytes = b"it burns") -> File:
    ts = slack.say(MEMBER, DEV, "see", files={name: content})
    return file_of(slack.thread(DEV, ts)[0]["files"][0])


def fetched(client: SlackClient, file: File) -> bytes:
    with client.download(file) as chunks:
        return b"".join(chunks)


def test_a_file_of_slack_comes_in_pieces(slack: SlackStandIn, slack_client: SlackClient) -> None:
    file = shared(slack, "picture.png", LARGE)
    assert (file.name, file.size, file.mimetype) == ("picture.png", len(LARGE), "image/png")
    with slack_client.download(file) as chunks:
        sizes = [len(chunk) for chunk in chunks]
    assert sum(sizes) == len(LARGE)
    assert max(sizes) <= 65536
    assert slack_client.file(file.id) == file


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/f.txt", "https://files.slack.com.evil.example/f.txt", "http://files.slack.com/f.txt",
        "https://files.slack.com:8443/f", "https://me@files.slack.com/f", "https://[", "",
    ],
)  # fmt: skip
def test_the_token_is_shown_to_slacks_own_address_only(slack_client: SlackClient, url: str) -> None:
    with pytest.raises(Rejected, match="not kept at Slack's own address"):
        fetched(slack_client, File("F1", "f.txt", 1, "text/plain", url))


def test_a_file_that_slack_does_not_show_is_a_refusal(slack: SlackStandIn, slack_client: SlackClient) -> None:
    file = shared(slack)
    with pytest.raises(Rejected, match="does not show"):  # a sign-in page, by a redirect
        fetched(SlackClient("xoxb-another", slack.api_url, timeout=5), file)
    slack.fault("files-pri", status=200, headers={"Content-Type": "text/html"}, body="<html>Sign in</html>")
    with pytest.raises(Rejected, match="does not show"):
        fetched(slack_client, File("F1", "f.txt", 1, "text/plain", f"{slack.url}/files-pri/T-F1/f.txt"))
    slack.fault("files-pri", status=503)
    with pytest.raises(Unavailable):
        fetched(slack_client, file)
    slack.fault("files-pri", kind="reset")
    with pytest.raises(Unavailable):
        fetched(slack_client, file)


def test_what_slack_does_not_hold_itself_has_no_address() -> None:
    assert file_of({"id": "F1", "title": "Plan", "mode": "external", "url_private": "https://docs.example.com"}) == (
        File("F1", "Plan", 0, "application/octet-stream", "")
    )


def test_a_file_is_shared_in_a_thread(slack: SlackStandIn, slack_client: SlackClient) -> None:
    root = slack.say(MEMBER, DEV, "root")
    file_id = slack_client.upload("log\n.txt", [b"it ", b"burns"], 8)
    assert len(slack.thread(DEV, root)) == 1
    slack_client.share(file_id, "log\n.txt", DEV, root)
    reply = slack.thread(DEV, root)[1]
    assert (reply["text"], [file["name"] for file in reply["files"]]) == ("", ["log .txt"])
    assert slack.contents[file_id] == b"it burns"


def test_only_the_last_call_of_an_upload_leaves_a_doubt(slack: SlackStandIn, slack_client: SlackClient) -> None:
    raised: list[type[AdapterError]] = []
    for call in ("files.getUploadURLExternal", "upload", "files.completeUploadExternal"):
        slack.fault(call, kind="reset", after=True)
        with pytest.raises(AdapterError) as caught:
            slack_client.share(slack_client.upload("log.txt", [b"x"], 1), "log.txt", DEV, "")
        raised.append(type(caught.value))
    assert raised == [Unavailable, Unavailable, OutcomeUnknown]


def test_a_file_of_connects_is_deleted_with_the_message_that_is_nothing_else(
    slack: SlackStandIn, slack_client: SlackClient
) -> None:
    root = slack.say(MEMBER, DEV, "root")
    file_id = slack_client.upload("log.txt", [b"it burns"], 8)
    slack_client.share(file_id, "log.txt", DEV, root)
    for _ in range(2):
        slack_client.delete_file(file_id)
    slack_client.delete_file("F0NEVER")
    assert (len(slack.thread(DEV, root)), file_id in slack.contents) == (1, False)
    with pytest.raises(Rejected, match="file_deleted"):
        slack_client.file(file_id)


def test_a_persons_file_is_not_deleted(slack: SlackStandIn, slack_client: SlackClient) -> None:
    file = shared(slack)
    with pytest.raises(Rejected, match="connect may not delete this file"):
        slack_client.delete_file(file.id)
    assert slack.contents[file.id] == b"it burns"
    slack.scopes.remove("files:write")
    with pytest.raises(Unauthorized, match="lacks a permission"):
        slack_client.delete_file(file.id)


def test_a_lost_answer_to_a_deletion_leaves_a_doubt(
    slack: SlackStandIn, slack_client: SlackClient, jira: JiraStandIn, jira_client: JiraClient
) -> None:
    slack.fault("files.delete", kind="reset")
    with pytest.raises(OutcomeUnknown):
        slack_client.delete_file("F1")
    jira.fault("removeAttachment", kind="reset")
    with pytest.raises(OutcomeUnknown):
        jira_client.delete_attachment("1")


def test_an_attachment_is_deleted_by_who_attached_it_or_may_delete_all(
    jira: JiraStandIn, jira_client: JiraClient
) -> None:
    key = jira.create("OPS", "Task", "Printer")
    own = jira_client.attach(key, "own.txt", [b"it"], 2, "text/plain").id
    another, kept = (jira.attach(key, "Ada Lovelace", name, b"it") for name in ("a.txt", "b.txt"))
    jira_client.delete_attachment(another)
    jira.denied = {"DELETE_ALL_ATTACHMENTS"}
    for _ in range(2):
        jira_client.delete_attachment(own)
    with pytest.raises(Rejected, match="do not have permission to delete attachment"):
        jira_client.delete_attachment(kept)
    assert [each.id for each in jira.issues[key].attachments] == [kept]


def test_a_file_is_attached_in_pieces_and_comes_back_the_same(jira: JiraStandIn, jira_client: JiraClient) -> None:
    key = jira.create("OPS", "Task", "Printer")
    pieces = [LARGE[at : at + 65536] for at in range(0, len(LARGE), 65536)]
    made = jira_client.attach(key, "Grüße ‮ aus/Rom.png", pieces, len(LARGE), "image/png")
    assert made == Attachment(made.id, "Grüße aus_Rom.png", len(LARGE), "image/png", made.created, "connect")
    assert [each.content for each in jira.issues[key].attachments] == [LARGE]
    assert jira_client.attachments(key) == [made]
    with jira_client.download(made) as chunks:
        assert b"".join(chunks) == LARGE


def test_a_file_that_ends_early_or_is_too_long_is_not_attached(jira: JiraStandIn, jira_client: JiraClient) -> None:
    key = jira.create("OPS", "Task", "Printer")
    for chunks in ([b"short"], [b"far too long"]):
        with pytest.raises(Unavailable, match="does not have the size"):
            jira_client.attach(key, "log.txt", chunks, 8, "text/plain")
    assert jira.issues[key].attachments == []


def test_what_the_source_of_a_file_says_is_what_the_caller_hears(jira: JiraStandIn, jira_client: JiraClient) -> None:
    key = jira.create("OPS", "Task", "Printer")

    def broken() -> Iterator[bytes]:
        yield b"it"
        raise Rejected("Slack does not show this file to connect.")

    with pytest.raises(Rejected, match="Slack does not show"):
        jira_client.attach(key, "log.txt", broken(), 8, "text/plain")
    assert jira.issues[key].attachments == []


def test_jiras_refusals_of_files_are_told(jira: JiraStandIn, jira_client: JiraClient) -> None:
    key = jira.create("OPS", "Task", "Printer")
    jira.largest_file = 4
    assert jira_client.largest_file() == 4
    with pytest.raises(Invalid, match="too large"):
        jira_client.attach(key, "log.txt", [b"it burns"], 8, "text/plain")
    jira.denied = {"CREATE_ATTACHMENTS"}
    with pytest.raises(Rejected, match="permission"):
        jira_client.attach(key, "log.txt", [b"it"], 2, "text/plain")
    with pytest.raises(NotFound), jira_client.download(Attachment("1", "x", 1, "", 0.0, "")):
        pass


def test_a_lost_answer_to_an_upload_leaves_a_doubt(jira: JiraStandIn, jira_client: JiraClient) -> None:
    key = jira.create("OPS", "Task", "Printer")
    jira.fault("addAttachment", kind="reset", after=True)
    with pytest.raises(OutcomeUnknown):
        jira_client.attach(key, "log.txt", [b"it"], 2, "text/plain")


def test_a_name_is_one_that_every_file_system_takes() -> None:
    assert [file_name(name) for name in ("a\r\nb", 'x"y', "../../etc/passwd", "", "n" * 300)] == [
        "a b", "x_y", ".._.._etc_passwd", "file", "n" * 200,
    ]  # fmt: skip
