"""A stand-in Slack that is never the bottleneck: it takes every call, after a delay if told so, and notes the time.

`python -m benchmarks.slack` writes its port to its output. `GET /seen` gives the times of the messages by number.
"""

import asyncio
import json
import re
import sys
import time
from functools import partial
from typing import Any
from urllib.parse import urlsplit

PERSON = {
    "id": "U0BENCH0001", "team_id": "T0BENCH0001", "name": "mia", "is_bot": False, "deleted": False,
    "is_restricted": False, "is_ultra_restricted": False, "profile": {"email": "mia@example.com", "real_name": "Mia"},
}  # fmt: skip
ANSWERS: dict[str, dict[str, Any]] = {
    "auth.test": {"url": "https://bench.slack.com/", "team": "bench", "user": "connect", "team_id": "T0BENCH0001",
                  "user_id": "U0BENCHBOT1", "bot_id": "B0BENCH0001"},
    "users.info": {"user": PERSON},
}  # fmt: skip


class Slack:
    """The times at which messages were posted, and how long Slack takes."""

    def __init__(self) -> None:
        self.delay = 0.0
        self.posted: dict[str, float] = {}
        self._count = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, for as long as it lasts."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = re.search(rb"(?i)\r\ncontent-length: *([0-9]+)", head)
                body = await reader.readexactly(int(length[1])) if length else b""
                content = json.dumps(await self._answer(head.split(b" ", 2)[1].decode(), body)).encode()
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(content)
                    + content
                )
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _answer(self, target: str, body: bytes) -> Any:
        url = urlsplit(target)
        if url.path == "/seen":
            return self.posted
        if url.path == "/delay":
            self.delay = float(url.query)
            return {"ok": True}
        if self.delay:
            await asyncio.sleep(self.delay)
        method = url.path.rpartition("/")[2]
        return {"ok": True, **(self._post(body) if method.startswith("chat.") else ANSWERS.get(method, {}))}

    def _post(self, body: bytes) -> dict[str, Any]:
        found = re.search(rb"bench-([0-9]{8})", body)
        if found:
            self.posted.setdefault(str(int(found[1])), time.monotonic())
        self._count += 1
        channel = re.search(rb"C0BENCH[0-9]{4}", body)
        ts = f"1700000000.{self._count:06}"
        return {"channel": channel[0].decode() if channel else "C0BENCH0000", "ts": ts, "message": {"ts": ts}}


async def _main() -> None:
    slack = Slack()
    server = await asyncio.start_server(partial(slack.serve), "127.0.0.1", 0, backlog=1024, limit=2**20)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main())
