"""What Slack sends to `/slack/events`, one of each kind, for tests that send it or spoil it."""

from typing import Any

MESSAGE = {"type": "message", "channel": "C0DEV00001", "user": "U0DEV00001", "ts": "1700000000.000100", "text": "hi"}
TEAM = {"id": "T0DEV00001", "domain": "sandbox"}
PERSON = {"id": "U0DEV00001", "name": "mia", "team_id": "T0DEV00001"}
BURNS: dict[str, Any] = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "It burns."}]}],
}
VALUES = {
    "project": {"project": {"selected_option": {"value": "OPS"}}},
    "issue_type": {"issue_type": {"selected_option": {"value": "Task"}}},
    "summary": {"summary": {"value": "Printer is on fire"}},
    "description": {"description": {"type": "rich_text_input", "rich_text_value": BURNS}},
}
SUBMISSION: dict[str, Any] = {
    "type": "view_submission", "team": TEAM, "user": PERSON, "trigger_id": "1.2.view", "response_urls": [],
    "view": {
        "id": "V1", "type": "modal", "callback_id": "create_issue", "private_metadata": "{}",
        "state": {"values": VALUES},
    },
}  # fmt: skip
SHORTCUT: dict[str, Any] = {
    "type": "message_action", "callback_id": "create_issue_from_message", "team": TEAM, "user": PERSON,
    "channel": {"id": "C0DEV00001"}, "trigger_id": "1.2.shortcut", "message": {**MESSAGE, "blocks": []},
    "message_ts": "1700000000.000100",
}  # fmt: skip
CLICK: dict[str, Any] = {
    "type": "block_actions", "team": TEAM, "user": PERSON, "channel": {"id": "C0DEV00001"}, "trigger_id": "1.2.click",
    "container": {"type": "message"}, "message": MESSAGE,
    "actions": [{"action_id": "gone", "block_id": "b", "type": "button", "value": "v"}],
}  # fmt: skip
OPTIONS: dict[str, Any] = {
    "type": "block_suggestion", "action_id": "issue_type", "block_id": "issue_type", "value": "b", "team": TEAM,
    "user": PERSON, "view": {"id": "V1", "state": {"values": VALUES}},
}  # fmt: skip
CLOSED: dict[str, Any] = {"type": "view_closed", "team": TEAM, "user": PERSON, "view": SUBMISSION["view"]}
STEP = {
    "type": "function_executed", "function": {"callback_id": "create_jira_issue"}, "inputs": {"summary": "x"},
    "function_execution_id": "Fx1", "bot_access_token": "xwfp-secret",
}  # fmt: skip
