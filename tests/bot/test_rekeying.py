"""The key for people's tokens: what it seals, and `app.py tokens key` and `tokens rotate`."""

import argparse
from collections.abc import Iterator, Sequence

import pytest

from bot import rekeying
from bot.vault import Unreadable, Vault, is_key, new_key
from storage import tokens
from storage.engine import Database
from storage.tokens import Holder, Sealed
from tests.storage.rows import NOW, after


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    opened = Database(sqlite_url)
    yield opened
    opened.dispose()


def app(database: Database, line: str, *keys: str) -> int:
    parser = argparse.ArgumentParser(prog="app.py")
    rekeying.add_parser(parser.add_subparsers(dest="command"))
    return rekeying.run(parser.parse_args(line.split()), database, keys)


def put(database: Database, subject: str, vault: Vault) -> None:
    whose = Holder("jira", "https://acme.atlassian.net", subject, "712020:mia", "Mia", "")
    sealed = Sealed(vault.seal(f"access of {subject}"), vault.seal(f"refresh of {subject}"), "READ", after(60))
    database.run(lambda connection: tokens.put(connection, whose, sealed, NOW))


def opened(database: Database, keys: Sequence[str]) -> list[tuple[str, str]]:
    vault = Vault(keys)
    with database.read() as connection:
        return [(vault.open(kept.sealed.access), vault.open(kept.sealed.refresh)) for kept in tokens.every(connection)]


def test_what_is_sealed_is_opened_by_any_of_the_keys_and_by_no_other() -> None:
    old, new, other = new_key(), new_key(), new_key()
    sealed = Vault((old,)).seal("töken")
    assert "töken" not in sealed
    assert Vault((new, old)).open(sealed) == "töken"
    for vault, text in ((Vault((other,)), sealed), (Vault((old,)), "töken"), (Vault((old,)), sealed[:-4])):
        with pytest.raises(Unreadable):
            vault.open(text)


def test_a_key_is_32_bytes_in_base64() -> None:
    words = (new_key(), "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", "", "short", "ü" * 44, "A" * 44)
    assert [is_key(word) for word in words] == [True, True, False, False, False, False]


def test_a_new_key_is_printed(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert [app(database, "tokens key") for _ in range(2)] == [0, 0]
    first, second = capsys.readouterr().out.split()
    assert (is_key(first), is_key(second), first == second) == (True, True, False)


def test_all_tokens_are_encrypted_with_the_first_key(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = new_key(), new_key()
    put(database, "T1/U1", Vault((old,)))
    put(database, "T1/U2", Vault((new,)))
    assert app(database, "tokens rotate", new, old) == 0
    assert capsys.readouterr().out == "Encrypted with the first key: 2.\n"
    assert opened(database, (new,)) == [
        ("access of T1/U1", "refresh of T1/U1"), ("access of T1/U2", "refresh of T1/U2"),
    ]  # fmt: skip


def test_tokens_that_no_key_opens_are_counted_and_left_as_they_are(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    lost, new = new_key(), new_key()
    put(database, "T1/U1", Vault((lost,)))
    assert app(database, "tokens rotate", new) == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == (
        "Encrypted with the first key: 0.\n", "No key opens 1 more: those people link their accounts again.\n",
    )  # fmt: skip
    assert opened(database, (lost,)) == [("access of T1/U1", "refresh of T1/U1")]


def test_without_a_key_nothing_is_done(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert app(database, "tokens rotate") == 2
    assert capsys.readouterr().err == "CONNECT_ENCRYPTION_KEY is not set.\n"
