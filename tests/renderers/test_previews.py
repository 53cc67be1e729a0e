"""What a preview shows, for hostile and for empty issues too."""

from adapters.jira.event import CommentEvent
from adapters.jira.issue import Issue
from bot.message import Message
from bot.renderers import previews
from sandbox.blocks import problems
from sandbox.slack.links import checked

URL = "https://acme.atlassian.net/browse/OPS-1"
EMPTY = Issue("10001", "OPS-1", URL)
HOSTILE = Issue(
    "10001", "OPS-1", URL, "<!channel> *x* <http://evil.example|good> \u202etxt" + "y" * 400, "OPS", "<@U1>", "*<b>*",
    "new", "<!here>", "<@U0DEV00001>", "", (), "tomorrow", "no time", "{code} <!everyone>",
)  # fmt: skip
COMMENT = CommentEvent(
    "7", "<@U1>", "a", "<!channel> and a lot", restricted=False, created="2026-10-02T09:15:22.310+0200",
    updated="2026-10-02T09:20:22.310+0200",
)  # fmt: skip


def test_a_card_has_what_matters_on_two_lines() -> None:
    issue = Issue("10001", "OPS-1", URL, "Door stuck", "OPS", "Bug", "In Progress", "indeterminate", "High",
                  "Ada Lovelace", "Grace Hopper", ("a",), "2026-12-24", complete=True)  # fmt: skip
    assert previews.card(issue) == {
        "blocks": [
            {
                "type": "section",
                "text": {"type": "mrkdwn", "text": f"*<{URL}|OPS-1: Door stuck>*\n🔵 *In Progress*  ·  Bug"},
            },
            {
                "type": "context",
                "elements": [{"type": "mrkdwn", "text": "Assigned to Ada Lovelace  ·  High  ·  Due 24 Dec 2026"}],
            },
        ]
    }


def test_an_issue_of_which_nothing_is_known_is_shown_all_the_same() -> None:
    assert previews.reply([EMPTY]) == Message(
        "OPS-1: Untitled",
        [
            {"type": "section", "text": {"type": "mrkdwn", "text": f"*<{URL}|OPS-1: Untitled>*\n⚪ *No status*"}},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": "Unassigned"}]},
        ],
    )
    assert previews.entity(EMPTY, []) == {
        "url": URL,
        "external_ref": {"id": "acme.atlassian.net/10001", "type": "issue"},
        "entity_type": "slack#/entities/task",
        "entity_payload": {
            "attributes": {
                "title": {"text": "OPS-1"}, "display_id": "OPS-1", "display_type": "Issue", "product_name": "Jira",
            },
            "fields": {},
        },
        "entity_comments": {"count": 0},
    }  # fmt: skip


def test_nothing_hostile_comes_alive_and_slack_takes_it() -> None:
    blocks = previews.blocks(HOSTILE)
    assert problems(blocks, "message") == []
    shown = str(blocks)
    assert [live for live in ("<!", "<@", "<http:", "\u202e") if live in shown] == []
    made = checked(previews.entity(HOSTILE, [COMMENT], URL))
    assert (made["app_unfurl_url"], list(made["entity_payload"]["fields"])) == (
        URL,
        ["status", "priority", "assignee", "description"],
    )
    assert "\u202e" not in str(made)


def test_a_comment_is_plain_text_under_its_authors_name() -> None:
    assert previews.comment(COMMENT, EMPTY) == {
        "id": "7",
        "sender": {"text": "<@U1>"},
        "timestamp": 1790925322,
        "comment": {"value": "<!channel> and a lot"},
        "url": f"{URL}?focusedCommentId=7",
        "last_edit_ts": 1790925622,
    }
