"""A Chromium, the page as `make demo` serves it, and somebody who has it open. One after the other: each test costs
whole processors, so all of them run in one worker (`xdist_group`).
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.page.browser import FLAGS, NAMES, chromium_path
from tests.page.demo import Demo
from tests.page.visitor import SECONDS, Visitor


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder belongs to one group and has the time that a busy machine needs."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("page"))
            item.add_marker(pytest.mark.timeout(6 * SECONDS))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The Chromium that is installed, without a window."""
    path = chromium_path()
    if path is None:
        pytest.skip(f"no Chromium: none of {', '.join(NAMES)} is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The page, served by a process of its own for all tests."""
    demo = Demo(tmp_path_factory.mktemp("demo"))
    yield demo
    demo.end()


@pytest.fixture
def visit(chromium: Browser, demo: Demo) -> Iterator[Callable[..., Visitor]]:
    """Opens the page as it is at the start; afterwards nothing may have gone wrong in any window."""
    visitors: list[Visitor] = []

    def open_page(**how: Any) -> Visitor:
        if not visitors:
            demo.afresh()
        visitors.append(Visitor(chromium, demo.url, **how))
        visitors[-1].open()
        return visitors[-1]

    yield open_page
    wrong = [each for visitor in visitors for each in visitor.wrong]
    for visitor in visitors:
        visitor.context.close()
    assert wrong == []


@pytest.fixture
def visitor(visit: Callable[..., Visitor]) -> Visitor:
    """Somebody who has opened the page as it is at the start."""
    return visit()
