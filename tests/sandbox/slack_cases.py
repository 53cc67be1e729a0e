"""What the tests of the Slack stand-in share: it, the app it tells, a real web client, and a form."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs

import pytest
from flask import Flask, Response, request
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web import SlackResponse
from werkzeug.serving import make_server

from sandbox.slack import MEMBER, SlackStandIn

# slack_sdk's methods take bare `dict` and `**kwargs`, which a strict check cannot see through.
# pyright: reportUnknownMemberType=false

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "slack"


class App:
    """What stands where connect would: it records what Slack sends and answers what the test says."""

    def __init__(self) -> None:
        self.app = Flask("app")
        self.answers: list[Any] = []
        self.events: list[dict[str, Any]] = []
        self.retries: list[str] = []
        self.interactions: list[dict[str, Any]] = []
        self.app.add_url_rule("/slack/events", view_func=self._take, methods=["POST"])

    def _take(self) -> Response:
        body = request.get_data()
        assert SignatureVerifier("secret").is_valid_request(body, dict(request.headers))
        if request.is_json:
            self.events.append(json.loads(body))
            self.retries.append(request.headers.get("X-Slack-Retry-Num", ""))
            return Response()
        form = {key: value for key, [value] in parse_qs(body.decode(), keep_blank_values=True).items()}
        self.interactions.append(json.loads(form["payload"]) if "payload" in form else form)
        answer = self.answers.pop(0) if self.answers else ""
        text = json.dumps(answer) if answer else ""
        return Response(text, content_type="application/json")

    def inner(self) -> list[dict[str, Any]]:
        return [body["event"] for body in self.events]


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def slack(app: App) -> Iterator[SlackStandIn]:
    server = make_server("127.0.0.1", 0, app.app, threaded=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    standin = SlackStandIn("secret")
    standin.start()
    standin.target = f"http://127.0.0.1:{server.server_port}"
    yield standin
    standin.stop()
    server.shutdown()
    server.server_close()


@pytest.fixture
def web(slack: SlackStandIn) -> WebClient:
    return WebClient("xoxb-sandbox", base_url=slack.api_url, retry_handlers=[])


def text(words: str) -> dict[str, str]:
    return {"type": "plain_text", "text": words}


def form(**more: Any) -> dict[str, Any]:
    summary = {"type": "plain_text_input", "action_id": "text"}
    projects = {"type": "external_select", "action_id": "project"}
    return {
        "type": "modal",
        "callback_id": "create",
        "title": text("Create"),
        "submit": text("Create"),
        "blocks": [
            {"type": "input", "block_id": "summary", "label": text("Summary"), "element": summary},
            {
                "type": "input",
                "block_id": "project",
                "label": text("Project"),
                "optional": True,
                "element": projects,
            },
        ],
    } | more


def data(response: SlackResponse) -> dict[str, Any]:
    return cast("dict[str, Any]", response.data)


def opened(slack: SlackStandIn, web: WebClient, view: dict[str, Any]) -> str:
    slack.global_shortcut(MEMBER, "create")
    return str(data(web.views_open(trigger_id=list(slack.triggers)[-1], view=view))["view"]["id"])


def refused(call: Any, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return str(cast("dict[str, Any]", caught.value.response)["error"])
