"""How long it takes from `make demo` to the first message that somebody sees."""

from pathlib import Path
from time import monotonic

from playwright.sync_api import Browser, expect

from tests.page.demo import Demo
from tests.page.visitor import FIRE, SECONDS, Visitor


def test_the_first_message_is_seen_soon_after_the_command(chromium: Browser, tmp_path: Path) -> None:
    began = monotonic()
    demo = Demo(tmp_path)
    try:
        visitor = Visitor(chromium, demo.url)
        visitor.page.goto(demo.url)
        expect(visitor.message(FIRE)).to_be_visible()
        took = monotonic() - began
        visitor.context.close()
    finally:
        demo.end()
    print(f"{took:.1f} s, {demo.seconds:.1f} s of them until the address was said")
    assert visitor.wrong == []
    assert took < SECONDS
