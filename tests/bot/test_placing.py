"""Where news goes, however many channels subscribed: what those cost that it is not for."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event

from bot.flows.placing import place
from bot.flows.plan import Planned
from bot.flows.telling import Occasion
from bot.message import Message
from bot.renderers.news import CommentNews, Facts, News
from storage import subscriptions
from storage.engine import Database
from storage.subscriptions import Wanted
from tests.storage.rows import NOW

CARD = News("created", "OPS-1", Message("A card"), None, opens=True, uid="1", facts=Facts(type="Bug"))
HIDDEN = replace(
    CARD, feature="commented", line=Message("A secret"), opens=False, comment=CommentNews("jira:1", "edited", "2"),
    facts=Facts(type="Bug", restricted=True),
)  # fmt: skip


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    opened = Database(sqlite_url)
    yield opened
    opened.dispose()


def subscribe(database: Database, channels: int) -> None:
    """The first channel wants everything of the project, the others what it does not have."""
    for number in range(channels):
        filters: dict[str, Any] = {"labels": {"any": ["none has it"]}} if number else {}
        wanted = Wanted("jira", "OPS", f"T1/C{number}", ("all",), filters, private=False, created_by="T1/U1")
        database.run(lambda connection, wanted=wanted: subscriptions.put(connection, wanted, NOW))


def placed(database: Database, news: News) -> Planned:
    occasion = Occasion("jira", "jira:issue_updated", 1, "OPS")
    return database.run(lambda connection: place(connection, occasion, news, lambda _: "", NOW))


def asked(database: Database, news: News) -> int:
    """How often the database is asked, once it is noted of the subscriptions what they made of it."""
    statements = list[str]()

    def note(*given: Any) -> None:
        statements.append(given[2])

    placed(database, news)
    placed(database, news)  # reads what was noted
    event.listen(database.engine, "before_cursor_execute", note)
    placed(database, news)
    event.remove(database.engine, "before_cursor_execute", note)
    return len(statements)


@pytest.mark.parametrize("news", [CARD, HIDDEN], ids=lambda news: news.feature)
def test_channels_that_it_is_not_for_cost_no_questions(database: Database, news: News) -> None:
    subscribe(database, 2)
    few = asked(database, news)
    subscribe(database, 30)
    assert asked(database, news) == few


def test_each_that_holds_it_back_notes_why(database: Database) -> None:
    subscribe(database, 3)
    assert [row.target_id for row in placed(database, CARD).integrations] == ["T1/C0"]
    with database.read() as connection:
        kept = subscriptions.of_source(connection, "jira", "OPS")
    held = "the subscription's filter on labels holds it back"
    assert [(one.last_passed_at, one.last_held_at, one.last_held) for one in kept] == [
        (NOW, None, ""), (None, NOW, held), (None, NOW, held),
    ]  # fmt: skip
