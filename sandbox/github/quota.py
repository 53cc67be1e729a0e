"""What the stand-in allows each token: so many calls in an hour, and so many searches in a minute.

https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

from dataclasses import dataclass


@dataclass
class Window:
    """What a token has used until `until` (seconds since 1970)."""

    until: float
    used: int = 0


class Quotas:
    """Counts by token and resource; `limits` may be changed."""

    def __init__(self) -> None:
        self.limits = {"core": 5000, "search": 30, "graphql": 5000}
        self._windows: dict[tuple[str, str], Window] = {}

    @staticmethod
    def resource(path: str) -> str:
        """What a path counts against."""
        return "search" if path.startswith("/search/") else "graphql" if path == "/graphql" else "core"

    def spent(self, token: str, resource: str, now: float) -> bool:
        """Whether nothing is left."""
        return self._window(token, resource, now).used >= self.limits[resource]

    def spend(self, token: str, resource: str, now: float) -> None:
        """Count a call."""
        self._window(token, resource, now).used += 1

    def headers(self, token: str, resource: str, now: float) -> dict[str, str]:
        """What an answer says of it."""
        window, limit = self._window(token, resource, now), self.limits[resource]
        rate = {
            "limit": limit, "remaining": max(limit - window.used, 0), "reset": int(window.until),
            "used": window.used, "resource": resource,
        }  # fmt: skip
        return {f"x-ratelimit-{name}": str(value) for name, value in rate.items()}

    def _window(self, token: str, resource: str, now: float) -> Window:
        found = self._windows.get((token, resource))
        if found is None or found.until <= now:
            length = 60 if resource == "search" else 3600
            found = self._windows[token, resource] = Window(int(now) + length)
        return found
