"""The plain apps that connect is measured against, each on gunicorn with one process of 16 threads.

They do what such an app does without connect's promise: nothing is stored, and what Slack is told leaves from the
request itself.
"""

# Bolt's and slack_sdk's methods are only partly annotated.
# pyright: reportUnknownMemberType=false

import hashlib
import hmac
import os
from typing import Any

from flask import Flask, Response, jsonify, request
from slack_bolt import Ack, App
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_sdk import WebClient

from benchmarks.bodies import GITHUB_SECRET, SLACK_SECRET, channel_of


def verifying() -> Flask:
    """Checks the signature of a webhook and answers."""
    app = Flask("verifying")

    @app.post("/webhooks/github")
    def webhook() -> Any:
        return ("", 202) if _signed() else ("", 401)

    return _with_health(app)


def posting() -> Flask:
    """Checks the signature of a webhook, posts to Slack, and answers."""
    app = Flask("posting")
    slack = WebClient("xoxb-bench", base_url=os.environ["SLACK_API_URL"] + "/")

    @app.post("/webhooks/github")
    def webhook() -> Any:
        if not _signed():
            return "", 401
        payload = request.get_json()
        shown = payload.get("pull_request", {}).get("title") or payload["commits"][0]["message"].partition("\n")[0]
        name = payload["repository"]["full_name"]
        slack.chat_postMessage(
            channel=channel_of(int(name.rpartition("-")[2])), text=f"{payload['sender']['login']} in {name}: {shown}"
        )
        return "", 202

    return _with_health(app)


def bolt() -> Flask:
    """Bolt's own Flask sample: a command that is acknowledged at once."""
    app = Flask("bolt")
    slack = App(
        signing_secret=SLACK_SECRET, client=WebClient("xoxb-bench", base_url=os.environ["SLACK_API_URL"] + "/")
    )  # fmt: skip

    def command(ack: Ack) -> None:
        ack("`/jira create` opens the form")

    slack.command("/jira")(command)
    handler = SlackRequestHandler(slack)

    @app.post("/slack/events")
    def events() -> Response:
        return handler.handle(request)

    return _with_health(app)


def _signed() -> bool:
    expected = "sha256=" + hmac.new(GITHUB_SECRET.encode(), request.get_data(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(request.headers.get("X-Hub-Signature-256", ""), expected)


def _with_health(app: Flask) -> Flask:
    @app.get("/health")
    def health() -> Any:
        return jsonify(status="healthy")

    return app
