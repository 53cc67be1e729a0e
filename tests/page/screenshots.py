"""A picture of each step of each tour, in `screenshots/`, and those of the README, in `docs/pictures/`."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.page import tours
from tests.page.browser import FLAGS, chromium_path
from tests.page.demo import ROOT, Demo
from tests.page.visitor import FIRE, PHONE, Visitor

STEPS = ROOT / "screenshots"
README = ROOT / "docs" / "pictures"
LOOKS: dict[str, dict[str, object]] = {"light": {}, "dark": {"dark": True}, "phone": {"size": PHONE}}
LARGEST = 250_000


def main() -> int:
    """Make them all; the exit code."""
    path = chromium_path()
    if path is None:
        print("There is no Chromium: install Debian's `chromium`.")
        return 1
    shutil.rmtree(STEPS, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        demo = Demo(Path(folder))
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            for picture in pictures(browser, demo):
                print(f"{picture.relative_to(ROOT)}  {picture.stat().st_size // 1000} kB")
        finally:
            browser.close()
            demo.end()
    large = [each.name for each in README.glob("*.png") if each.stat().st_size > LARGEST]
    print(f"Too large for a README: {', '.join(large)}" if large else "All of them are made.")
    return len(large)


def pictures(browser: Browser, demo: Demo) -> Iterator[Path]:
    """Play everything once in each look."""
    for look, how in LOOKS.items():
        for title in tours.TITLES:
            yield from _tour(_visit(browser, demo, how), look, title)
        if look != "phone":
            yield _readme(_visit(browser, demo, how), look)


def _visit(browser: Browser, demo: Demo, how: dict[str, object]) -> Visitor:
    demo.afresh()
    visitor = Visitor(browser, demo.url, **how)  # pyright: ignore[reportArgumentType]
    visitor.open()
    return visitor


def _tour(visitor: Visitor, look: str, title: str) -> Iterator[Path]:
    name = title.lower().replace("'", "").replace(" ", "-")
    for number, _ in tours.walk(visitor, title):
        yield _picture(visitor, STEPS / look / f"{name}-{number:02}.png")
    yield _picture(visitor, STEPS / look / f"{name}-end.png")
    visitor.context.close()


def _readme(visitor: Visitor, look: str) -> Path:
    """A message with its issue: the one picture that says what connect is."""
    visitor.create("The printer on floor 3 burns", kind="Bug")
    visitor.message(FIRE).get_by_role("button", name="1 reply").click()
    visitor.message("OPS-6", thread=True).wait_for()
    visitor.card("The printer on floor 3 burns").get_by_label("Move OPS-6 to").select_option("Done")
    visitor.message("To Do → Done", thread=True).wait_for()
    visitor.reply("I pulled the plug.")
    visitor.page.mouse.move(640, 60)
    visitor.connect.get_by_text("waiting 0 ").wait_for()
    picture = _picture(visitor, README / f"sandbox-{look}.png")
    visitor.context.close()
    return picture


def _picture(visitor: Visitor, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    visitor.page.screenshot(path=path, animations="disabled", caret="hide")
    return path


if __name__ == "__main__":
    raise SystemExit(main())
