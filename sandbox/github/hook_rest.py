"""The stand-in's REST API for webhooks: their deliveries, newest first, and the wish to repeat one.

https://docs.github.com/en/rest/repos/webhooks, https://docs.github.com/en/rest/orgs/webhooks,
https://docs.github.com/en/rest/apps/webhooks
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from sandbox.github.answers import Refused, json_answer
from sandbox.github.doing import DoingRest
from sandbox.github.hooks import KEPT_SECONDS, Sent, delivery


class HookRest(DoingRest):
    """The API, with webhooks."""

    def __init__(self, webhook_secret: str, token: str = "ghp-sandbox") -> None:
        super().__init__(webhook_secret, token)
        hook = "/hooks/<int:hook_id>/deliveries"
        for prefix, kind, find in (
            ("/repos/<owner>/<name>", "repos", self._in_repo),
            ("/repositories/<int:repo_id>", "repos", self._in_repo),
            ("/orgs/<org>", "orgs", self._in_org),
        ):
            self._both(f"{prefix}{hook}", kind, find(self._list), find(self._repeat))
        self._both("/app/hook/deliveries", "apps", self._of_app(self._list), self._of_app(self._repeat))

    def _both(self, path: str, kind: str, listing: Callable[..., Response], repeat: Callable[..., Response]) -> None:
        self._route(f"{kind}/list-webhook-deliveries", "GET", path, listing)
        self._route(f"{kind}/redeliver-webhook-delivery", "POST", f"{path}/<int:delivery_id>/attempts", repeat)

    # --- who asks, and for which hook --------------------------------------------------------------------------------

    def _in_org(self, view: Callable[..., Response]) -> Callable[..., Response]:
        def found(org: str, **parts: Any) -> Response:
            target = next((each for each in self.people.values() if each.login.lower() == org.lower()), None)
            if target is None or target.type != "Organization":
                raise Refused(404, "Not Found")
            with self.lock:
                return view(target, **parts)

        return found

    def _of_app(self, view: Callable[..., Response]) -> Callable[..., Response]:
        def found(**parts: Any) -> Response:
            asking = int(self._asking_app())
            hook = next((each for each in self.hooks if each.belongs_to(asking)), None)
            if hook is None:
                raise Refused(404, "Not Found")
            with self.lock:
                return view(asking, hook.id, **parts)

        return found

    # --- deliveries --------------------------------------------------------------------------------------------------

    def _kept(self, target: object, hook_id: int) -> list[Sent]:
        hook = next((each for each in self.hooks if each.id == hook_id and each.belongs_to(target)), None)
        if hook is None:
            raise Refused(404, "Not Found")
        self.record()
        return [each for each in reversed(hook.sent) if each.at > self.now() - KEPT_SECONDS]

    def _list(self, target: object, hook_id: int) -> Response:
        """A page from `cursor` on; `status` is `success` (200 to 399) or `failure` (400 to 599)."""
        found = self._kept(target, hook_id)
        wanted, cursor = request.args.get("status"), request.args.get("cursor", "")
        shown = [delivery(each) for each in found]
        if wanted:
            shown = [each for each in shown if (each["status_code"] < 400) == (wanted == "success")]
        if cursor:
            shown = [each for each in shown if each["id"] <= int(cursor.removeprefix("v1_"))]
        size = min(max(request.args.get("per_page", 30, int), 1), 100)
        links: dict[str, str] = {}
        if len(shown) > size:
            following = request.args.to_dict() | {"cursor": f"v1_{shown[size]['id']}"}
            links["Link"] = f'<{request.base_url}?{urlencode(following)}>; rel="next"'
        return json_answer(shown[:size], 200, links)

    def _repeat(self, target: object, hook_id: int, delivery_id: int) -> Response:
        found = self._kept(target, hook_id)
        sent = next((each for each in found if each.id == delivery_id), None)
        if sent is None:
            raise Refused(404, "Not Found")
        self.send(replace(sent.sending, redelivery=True))
        return json_answer({}, 202)
