"""The stand-in's sign-in for people: OAuth's device flow, and the renewal of what a GitHub App's users allowed.

https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps#device-flow
"""

import secrets
from dataclasses import dataclass

from flask import Response, request

from sandbox.github.access import Granted
from sandbox.github.answers import json_answer
from sandbox.github.hook_rest import HookRest
from sandbox.github.shapes import Json
from sandbox.github.state import Person

CLIENT_ID = "Iv23connect"
CODE_SECONDS = 899
INTERVAL = 5
ACCESS_SECONDS = 28800
REFRESH_SECONDS = 15811200
FOREVER = float("inf")
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


@dataclass
class Asked:
    """Somebody is asked for a code; `by` allowed it, or `denied` says that they did not."""

    device_code: str
    user_code: str
    scope: str
    until: float
    interval: int = INTERVAL
    polled_at: float = 0.0
    by: Person | None = None
    denied: bool = False
    used: bool = False


class DeviceRest(HookRest):
    """The API, with the sign-in."""

    def __init__(self, webhook_secret: str, token: str = "ghp-sandbox") -> None:
        super().__init__(webhook_secret, token)
        self.expiring = False
        """Whether users' tokens expire, as those of GitHub Apps do and those of OAuth apps do not."""
        self.device_flow = True
        """Whether the app has the device flow enabled."""
        self.interval = INTERVAL
        """Seconds that it wants between two questions whether the code was typed in."""
        self.asked: list[Asked] = []
        self.refreshing: dict[str, Person] = {}
        self._route("login/device-code", "POST", "/login/device/code", self._device_code)
        self._route("login/access-token", "POST", "/login/oauth/access_token", self._exchange)

    def allow_device(self, user_code: str, login: str) -> None:
        """A person types the code in and says yes."""
        self._of_user_code(user_code).by = self.person(login)

    def deny_device(self, user_code: str) -> None:
        """A person types the code in and says no."""
        self._of_user_code(user_code).denied = True

    def revoke(self, login: str) -> None:
        """A person takes back what they allowed."""
        self.granted = {token: each for token, each in self.granted.items() if each.who.login != login}
        self.refreshing = {token: who for token, who in self.refreshing.items() if who.login != login}

    def _of_user_code(self, user_code: str) -> Asked:
        return next(each for each in self.asked if each.user_code == user_code)

    def _device_code(self) -> Response:
        if request.form.get("client_id") != CLIENT_ID:
            return json_answer({"error": "Not Found"}, 404)
        if not self.device_flow:
            return json_answer(_no("device_flow_disabled", "Device Flow must be explicitly enabled for this App"), 400)
        letters = "BCDFGHJKLMNPQRSTVWXZ"
        half = ("".join(secrets.choice(letters) for _ in range(4)) for _ in range(2))
        made = Asked(
            secrets.token_hex(20), "-".join(half), request.form.get("scope", ""), self.now() + CODE_SECONDS,
            self.interval,
        )  # fmt: skip
        self.asked.append(made)
        return json_answer({
            "device_code": made.device_code, "user_code": made.user_code, "expires_in": CODE_SECONDS,
            "verification_uri": f"{self.url}/login/device", "interval": made.interval,
        })  # fmt: skip

    def _exchange(self) -> Response:
        given = request.form
        if given.get("client_id") != CLIENT_ID:
            return json_answer(_no("incorrect_client_credentials", "The client_id passed is incorrect."))
        if given.get("grant_type") == "refresh_token":
            who = self.refreshing.pop(given.get("refresh_token", ""), None)
            if who is None:
                return json_answer(_no("bad_refresh_token", "The refresh token passed is incorrect or expired."))
            self.granted = {token: each for token, each in self.granted.items() if each.who is not who}
            return json_answer(self._issued(who, ""))
        if given.get("grant_type") != DEVICE:
            return json_answer(_no("unsupported_grant_type", "The grant_type is not supported."))
        return json_answer(self._polled(given.get("device_code", "")))

    def _polled(self, device_code: str) -> Json:
        asked = next((each for each in self.asked if each.device_code == device_code and not each.used), None)
        if asked is None:
            return _no("incorrect_device_code", "The device_code provided is not valid.")
        early, asked.polled_at = self.now() < asked.polled_at + asked.interval, self.now()
        if self.now() >= asked.until:
            return _no("expired_token", "This 'device_code' has expired.")
        if early:
            asked.interval += 5
            return _no("slow_down", "Too many requests have been made in the same timeframe.") | {
                "interval": asked.interval
            }
        if asked.denied:
            return _no("access_denied", "The authorization request was denied.")
        if asked.by is None:
            return _no("authorization_pending", "The authorization request is still pending.")
        asked.used = True
        return self._issued(asked.by, asked.scope)

    def _issued(self, who: Person, scope: str) -> Json:
        if not self.expiring:
            token = f"gho_{secrets.token_hex(18)}"
            self.granted[token] = Granted(who, FOREVER)
            return {"access_token": token, "token_type": "bearer", "scope": scope}
        token, refresh = f"ghu_{secrets.token_hex(18)}", f"ghr_{secrets.token_hex(38)}"
        self.granted[token] = Granted(who, self.now() + ACCESS_SECONDS)
        self.refreshing[refresh] = who
        return {
            "access_token": token, "expires_in": ACCESS_SECONDS, "refresh_token": refresh,
            "refresh_token_expires_in": REFRESH_SECONDS, "token_type": "bearer", "scope": "",
        }  # fmt: skip


def _no(error: str, description: str) -> Json:
    return {
        "error": error, "error_description": description,
        "error_uri": "https://docs.github.com/developers/apps/authorizing-oauth-apps#error-codes-for-the-device-flow",
    }  # fmt: skip
