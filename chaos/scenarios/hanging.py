"""Every service hangs, and the webhooks come in all the same: the doors do not notice."""

import asyncio
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from chaos.arena import Arena, arena
from chaos.load import Load
from chaos.measures import percentile
from chaos.report import Row, Shown
from chaos.run import Run
from chaos.sender import Answer, Event

AT_ONCE = 200
P99_SECONDS = 1.0
SERVICES = ("slack", "jira", "github")


def hanging(run: Run) -> Iterator[Row]:
    """Doors and workers in one process, which is the hardest case."""
    with arena(run, "hanging", proxied=SERVICES) as world:
        load = Load(world, places=10)
        world.start_whole()
        load.subscribe()
        usual = _p99(world, load)
        world.settle(60)
        for proxy in world.proxies.values():
            proxy.black_hole()
        for _ in range(8):  # more than there are workers, so that all of them hang
            world.send(load.request("Slack message", len(world.events)))
        world.sender.wait(10)
        time.sleep(0.5)
        p99 = _p99(world, load)
        refused = sorted({event.answers[0].status for event in world.events if not event.accepted})
        shown = Shown()
        shown.must(p99 < P99_SECONDS, f"p99 of {AT_ONCE} answers {p99:.2f} s, {usual:.2f} s without")
        shown.must(not refused, f"refusals {refused}" if refused else "all 2xx")
        for proxy in world.proxies.values():
            proxy.carry()
        world.sender.send(*[event for event in world.events if not event.accepted])
        world.settle(run.of(120, 60))
        yield world.row("hanging: every service", shown)


def _p99(world: Arena, load: Load) -> float:
    """Send so many webhooks at the same time; returns how long nearly all of the answers took at most."""
    events = [event for number in range(AT_ONCE) for event in load.github_issue(number % 10)]
    world.events += events
    asyncio.run(_all_at_once(world, events))
    return percentile([event.answers[0].seconds for event in events], 0.99)


async def _all_at_once(world: Arena, events: list[Event]) -> None:
    await asyncio.gather(*(_post(world.url, event) for event in events))


async def _post(url: str, event: Event) -> None:
    """One POST over a connection of its own."""
    body, host = event.outgoing.body, urlsplit(url)
    headers = {
        **event.outgoing.sign(body), "Host": host.netloc, "Content-Length": str(len(body)), "Connection": "close",
    }  # fmt: skip
    head = f"POST {event.outgoing.path} HTTP/1.1\r\n" + "".join(
        f"{name}: {value}\r\n" for name, value in headers.items()
    )
    at, begun, status = time.time(), time.monotonic(), 0
    try:
        reader, writer = await asyncio.open_connection(host.hostname, host.port)
        writer.write(head.encode() + b"\r\n" + body)
        status = int((await asyncio.wait_for(reader.readline(), 30)).split()[1])
        writer.close()
    except (OSError, TimeoutError, IndexError):
        status = 0
    event.answers.append(Answer(at, status, time.monotonic() - begun))
    event.accepted = time.time() if 200 <= status < 300 else 0.0
