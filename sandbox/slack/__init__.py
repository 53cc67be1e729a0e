"""The Slack stand-in: a workspace on loopback with the Web API and the Events API, which refuses what Slack refuses.

`SlackStandIn` is what tests and the demo use. Its layers: the Web API (here, with `chat`, `conversations`, `channels`,
`links`, `views` and `files`), people and what they click (`people`, `forms`, `objects`), their workflows
(`workflows`), and the state (`workspace`).
"""

from collections.abc import Callable
from typing import cast

from flask import Request, Response, jsonify, request

from sandbox.slack import channels, chat, conversations, files, links, views, wire, workflows
from sandbox.slack.chat import Arguments
from sandbox.slack.people import Answer
from sandbox.slack.wire import BOT_ID, BOT_USER, Json, Refusal
from sandbox.slack.workflows import Workflows
from sandbox.slack.workspace import (
    ADMIN,
    DEV,
    GENERAL,
    GUEST,
    HIDDEN,
    MEMBER,
    OLD,
    OUTSIDE,
    PARTNERS,
    PRIVATE,
    STRANGER,
    Workspace,
)

__all__ = [
    "ADMIN",
    "BOT_ID",
    "BOT_USER",
    "DEV",
    "GENERAL",
    "GUEST",
    "HIDDEN",
    "MEMBER",
    "OLD",
    "OUTSIDE",
    "PARTNERS",
    "PRIVATE",
    "STRANGER",
    "Answer",
    "SlackStandIn",
]

RESPONSE_SECONDS = 30 * 60
RESPONSE_USES = 5

type Method = Callable[[Workspace, Arguments], Json]

METHODS: dict[str, tuple[Method, str]] = {
    "chat.delete": (chat.delete, "chat:write"),
    "chat.getPermalink": (chat.permalink, ""),
    "chat.postEphemeral": (chat.post_ephemeral, "chat:write"),
    "chat.postMessage": (chat.post_message, "chat:write"),
    "chat.unfurl": (links.unfurl, "links:write"),
    "chat.update": (chat.update, "chat:write"),
    "conversations.archive": (channels.archive, ""),
    "conversations.create": (channels.create, ""),
    "conversations.history": (conversations.history, ""),
    "conversations.info": (conversations.info, "channels:read"),
    "conversations.invite": (channels.invite, ""),
    "conversations.join": (conversations.join, "channels:join"),
    "conversations.list": (conversations.listed, "channels:read"),
    "conversations.members": (conversations.members, "channels:read"),
    "conversations.open": (conversations.opened, "im:write"),
    "conversations.replies": (conversations.replies, ""),
    "conversations.setPurpose": (channels.set_purpose, ""),
    "conversations.setTopic": (channels.set_topic, ""),
    "entity.presentComments": (links.present_comments, ""),
    "entity.presentDetails": (links.present_details, ""),
    "files.completeUploadExternal": (files.complete_upload, "files:write"),
    "files.delete": (files.delete, "files:write"),
    "files.getUploadURLExternal": (files.upload_url, "files:write"),
    "files.info": (files.file_info, "files:read"),
    "functions.completeError": (workflows.complete_error, ""),
    "functions.completeSuccess": (workflows.complete_success, ""),
    "reactions.add": (chat.react, "reactions:write"),
    "reactions.remove": (chat.unreact, "reactions:write"),
    "users.conversations": (conversations.own, ""),
    "users.info": (conversations.user_info, "users:read"),
    "users.list": (conversations.user_list, "users:read"),
    "users.lookupByEmail": (conversations.user_by_email, "users:read.email"),
    "views.open": (views.open_view, ""),
    "views.publish": (views.publish_view, ""),
    "views.push": (views.push_view, ""),
    "views.update": (views.update_view, ""),
}
"""The methods with the scope that each needs."""


class SlackStandIn(Workflows):
    """Slack on loopback; see the methods of `people`, `forms`, `objects` and `workflows` for what can be done in it."""

    def __init__(self, signing_secret: str, token: str = "xoxb-sandbox", team: str = "T0DEV00001") -> None:
        super().__init__(signing_secret, token, team)
        self.app.add_url_rule("/api/<method>", view_func=self._call, methods=["GET", "POST"])
        self.app.add_url_rule("/response/<key>", view_func=self._respond, methods=["POST"])
        self.app.add_url_rule("/upload/<file_id>", view_func=self._upload, methods=["POST"])
        self.app.add_url_rule("/files-pri/<reference>/<name>", view_func=self._download)

    @property
    def api_url(self) -> str:
        """What `SLACK_API_URL` is set to."""
        return f"{self.url}/api/"

    def operation(self, given: Request) -> str:
        """`chat.postMessage`, …; `response_url` for answers to interactions."""
        if given.path.startswith("/api/"):
            return given.path.removeprefix("/api/")
        return "response_url" if given.path.startswith("/response/") else given.path.split("/")[1]

    def operations(self) -> set[str]:
        """The methods, and the addresses beside them."""
        return {*METHODS, "auth.test", "response_url", "upload", "files-pri"}

    def _call(self, method: str) -> Response:
        given: Json = {}
        try:
            with self.lock:
                given = _given()
                arguments = Arguments(given)
                self._authorize(arguments)
                answer = self._identity() if method == "auth.test" else self._perform(method, arguments)
        except Refusal as refusal:
            self.refused(method, refusal, **self._where(given))
            return jsonify({"ok": False, "error": refusal.code} | refusal.extra)
        return jsonify({"ok": True} | answer)

    def _where(self, given: Json) -> dict[str, str]:
        """The channel and the person that a call was for, as far as it says so."""
        trigger = self.triggers.get(str(given.get("trigger_id")))
        seen = (user for user, shown in self.shown.items() if given.get("view_id") in (*shown.modals, shown.home))
        user = given.get("user") or given.get("user_id") or (trigger.user if trigger else next(seen, ""))
        return {key: str(value) for key, value in (("channel", given.get("channel")), ("user", user)) if value}

    def _authorize(self, arguments: Arguments) -> None:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or arguments.text("token", "")
        if token not in self.tokens:
            raise Refusal("invalid_auth" if token else "not_authed")

    def _perform(self, method: str, arguments: Arguments) -> Json:
        if method not in METHODS:
            raise Refusal("unknown_method", req_method=method)
        function, scope = METHODS[method]
        if scope and scope not in self.scopes:
            raise Refusal("missing_scope", needed=scope, provided=",".join(sorted(self.scopes)))
        return function(self, arguments)

    def _identity(self) -> Json:
        return {
            "url": "https://sandbox.slack.com/",
            "team": "Sandbox",
            "user": "connect",
            "team_id": self.team,
            "user_id": BOT_USER,
            "bot_id": BOT_ID,
            "is_enterprise_install": False,
        }

    def _respond(self, key: str) -> Response:
        with self.lock:
            try:
                self._answer(key, request.get_json(silent=True) or {})
            except Refusal as refusal:
                where = self.response_urls.get(key)
                self.refused(
                    "response_url", refusal, **({"channel": where.channel, "user": where.user} if where else {})
                )
                answer = jsonify({"ok": False, "error": refusal.code} | refusal.extra)
                answer.status_code = 404 if refusal.code in ("expired_url", "used_url") else 400
                return answer
        return jsonify({"ok": True})

    def _answer(self, key: str, body: Json) -> None:
        where = self.response_urls.get(key)
        if where is None or self.now() - where.at > RESPONSE_SECONDS:
            raise Refusal("expired_url")
        if where.uses >= RESPONSE_USES:
            raise Refusal("used_url")
        place = self.channels[where.channel]
        removes = bool(body.get("delete_original"))
        content = {} if removes else chat.content_of(Arguments(body))
        where.uses += 1
        self.responses.append({"user": where.user, "channel": where.channel, "body": body})
        if where.ts and (removes or body.get("replace_original")):
            self._change_original(where.ts, content)
        elif body.get("response_type") == "in_channel":
            self.store(
                place, wire.bot_fields(self.team) | content | {"subtype": "bot_message"}, body.get("thread_ts") or ""
            )
        else:
            chat.show(self, place, where.user, content, body.get("thread_ts") or "")

    def _change_original(self, ts: str, content: Json) -> None:
        place, message = self.located(ts)
        if message in self.ephemerals:
            message |= content
            if not content:
                self.ephemerals.remove(message)
        elif content:
            self.change(place, message, content, BOT_USER)
        else:
            self.remove(place, message)

    def _upload(self, file_id: str) -> Response:
        with self.lock:
            is_form = request.mimetype == "multipart/form-data"
            content = next(iter(request.files.values())).read() if is_form else request.get_data()
            self.contents[file_id] = content
            self.files[file_id]["size"] = len(content)
        return Response(f"OK - {len(content)}")

    def _download(self, reference: str, name: str) -> Response:  # noqa: ARG002 (part of the address only)
        file_id = reference.rpartition("-")[2]
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            # Slack sends people without a session to its sign-in page instead of refusing.
            return Response(status=302, headers={"Location": "https://sandbox.slack.com/"})
        return Response(self.contents[file_id], content_type=self.files[file_id]["mimetype"])


def _given() -> Json:
    # slack_sdk calls a method without arguments a JSON body, and sends none.
    if request.is_json and request.get_data():
        parsed = request.get_json(silent=True)
        if parsed is None:
            raise Refusal("invalid_json")
        if not isinstance(parsed, dict):
            raise Refusal("json_not_object")
        return cast("Json", parsed)
    return request.args.to_dict() | request.form.to_dict()
