"""Tokens and link requests: one place for each person, one who renews, and steps that work once; on both databases."""

from dataclasses import replace

import pytest

from storage import link_requests, tokens
from storage.engine import Database
from storage.link_requests import Asked, Step
from storage.tokens import Holder, Kept, Sealed
from tests.storage.rows import NOW, after, at_once, column

MIA = Holder("jira", "https://acme.atlassian.net", "T1/U1", "712020:mia", "Mïa", "cloud-1")
FIRST = Sealed("sealed-access", "sealed-refresh", "READ", after(3600))
SECOND = Sealed("newer-access", "newer-refresh", "WRITE", after(7200))


def put(database: Database, whose: Holder = MIA, sealed: Sealed = FIRST) -> Kept:
    database.run(lambda connection: tokens.put(connection, whose, sealed, NOW))
    kept = get(database, whose)
    assert kept
    return kept


def get(database: Database, whose: Holder = MIA) -> Kept | None:
    with database.read() as connection:
        return tokens.get(connection, whose.service, whose.site, whose.subject)


def hold(database: Database, kept: Kept, seconds: float = 0) -> str:
    return database.run(lambda connection: tokens.hold(connection, kept, after(seconds), 60))


def renew(database: Database, kept: Kept, holder: str) -> bool:
    return database.run(lambda connection: tokens.renew(connection, kept, holder, SECOND, after(9)))


# --- tokens ----------------------------------------------------------------------------------------------------------


def test_what_a_person_allowed_is_kept_for_that_site_until_something_else_takes_its_place(database: Database) -> None:
    kept = put(database)
    assert (kept.whose, kept.sealed, kept.generation) == (MIA, FIRST, 0)
    elsewhere, other = replace(MIA, site="https://b.example"), replace(MIA, subject="T1/u1")
    assert (get(database, elsewhere), get(database, other)) == (None, None)
    ada = replace(MIA, account_id="712020:ada", display="Ada")
    again = put(database, ada, SECOND)
    assert (again.id, again.whose, again.sealed, again.generation) == (kept.id, ada, SECOND, 1)


def test_what_is_removed_is_gone_and_is_returned_once(database: Database) -> None:
    kept = put(database)
    removed = [database.run(lambda connection: tokens.remove(connection, *_place(MIA))) for _ in range(2)]
    assert (removed, get(database)) == ([kept, None], None)


def _place(whose: Holder) -> tuple[str, str, str]:
    return whose.service, whose.site, whose.subject


def test_of_many_who_want_to_renew_at_once_one_may(database: Database) -> None:
    kept = put(database)
    holders: list[str] = []
    at_once(6, lambda _: holders.append(hold(database, kept)))
    assert len([holder for holder in holders if holder]) == 1


def test_who_holds_the_tokens_renews_them_and_they_are_free_again(database: Database) -> None:
    kept = put(database)
    assert renew(database, kept, hold(database, kept))
    newer = get(database)
    assert newer
    assert (newer.sealed, newer.generation) == (SECOND, 1)
    assert hold(database, kept) == ""  # those are no longer there
    assert hold(database, newer)


def test_what_was_held_is_free_when_it_is_let_go_or_its_time_is_over(database: Database) -> None:
    kept = put(database)
    holder = hold(database, kept)
    database.run(lambda connection: tokens.let_go(connection, kept, holder))
    assert hold(database, kept)
    assert (hold(database, kept, 59), bool(hold(database, kept, 61))) == ("", True)


def test_who_comes_late_writes_and_drops_nothing(database: Database) -> None:
    kept = put(database)
    late = hold(database, kept)
    assert hold(database, kept, 61)
    assert not renew(database, kept, late)
    assert not database.run(lambda connection: tokens.drop(connection, kept, late))
    assert get(database) == kept


def test_who_renews_while_the_person_links_anew_writes_nothing(database: Database) -> None:
    kept = put(database)
    holder = hold(database, kept)
    put(database, sealed=SECOND)
    assert not renew(database, kept, holder)
    assert not database.run(lambda connection: tokens.drop(connection, kept, holder))
    newer = get(database)
    assert newer
    assert newer.sealed == SECOND


def test_who_holds_the_tokens_may_drop_them(database: Database) -> None:
    kept = put(database)
    holder = hold(database, kept)
    assert database.run(lambda connection: tokens.drop(connection, kept, holder))
    assert get(database) is None


def test_encrypting_anew_changes_those_very_tokens_only(database: Database) -> None:
    kept = put(database)
    assert database.run(lambda connection: tokens.reseal(connection, kept, replace(FIRST, access="a", refresh="r")))
    assert renew(database, kept, hold(database, kept))
    assert not database.run(lambda connection: tokens.reseal(connection, kept, FIRST))
    newer = get(database)
    assert newer
    assert newer.sealed == SECOND


def test_no_picture_of_a_row_shows_its_tokens(database: Database) -> None:
    assert "sealed-" not in f"{put(database)!r}"


# --- link requests ---------------------------------------------------------------------------------------------------


def ask(database: Database, ticket: str = "ticket", subject: str = "T1/U1") -> Asked:
    database.run(lambda connection: link_requests.open_new(connection, "jira", subject, ticket, NOW, after(600)))
    asked = of_ticket(database, ticket)
    assert asked
    return asked


def of_ticket(database: Database, ticket: str, seconds: float = 0) -> Asked | None:
    with database.read() as connection:
        return link_requests.by_ticket(connection, "jira", ticket, after(seconds))


def of_state(database: Database, state: str, seconds: float = 0) -> Asked | None:
    with database.read() as connection:
        return link_requests.by_state(connection, "jira", state, after(seconds))


def use(database: Database, asked: Asked, state: str = "state", browser: str = "browser") -> bool:
    step = Step(state, browser, "sealed-verifier")
    return database.run(lambda connection: link_requests.use_ticket(connection, asked, step))


def test_a_ticket_leads_to_its_person_for_its_time_until_it_is_used(database: Database) -> None:
    asked = ask(database)
    assert (asked.subject, of_ticket(database, "other"), of_ticket(database, "ticket", 600)) == ("T1/U1", None, None)
    assert use(database, asked)
    assert of_ticket(database, "ticket") is None
    going = of_state(database, "state")
    assert going
    assert (going.subject, going.verifier, going.is_from("browser"), going.is_from("other"), going.is_from("")) == (
        "T1/U1", "sealed-verifier", True, False, False,
    )  # fmt: skip
    assert (of_state(database, "state", 600), of_state(database, "ticket")) == (None, None)


@pytest.mark.parametrize("step", ["ticket", "state"])
def test_of_many_who_make_a_step_at_once_one_does(database: Database, step: str) -> None:
    asked = ask(database)
    done: list[bool] = []

    def make(number: int) -> None:
        if step == "ticket":
            done.append(use(database, asked, f"state-{number}"))
        else:
            done.append(database.run(lambda connection: link_requests.use_up(connection, asked)))

    at_once(6, make)
    assert done.count(True) == 1


def test_a_new_ticket_ends_the_unused_one_and_leaves_what_is_under_way(database: Database) -> None:
    assert use(database, ask(database, "first"))
    ask(database, "second")
    ask(database, "third")
    ask(database, "another's", "T1/U2")
    assert [of_ticket(database, name) is None for name in ("second", "third", "another's")] == [True, False, False]
    assert of_state(database, "state")


def test_what_is_over_is_forgotten_by_and_by_and_a_person_can_end_all_of_theirs(database: Database) -> None:
    ask(database)
    database.run(lambda connection: link_requests.open_new(connection, "jira", "T1/U2", "new", after(601), after(1201)))
    assert [str(one) for one in column(database, "subject", "link_requests")] in (["T1/U2"], ["b'T1/U2'"])
    database.run(lambda connection: link_requests.forget(connection, "jira", "T1/U2"))
    assert column(database, "id", "link_requests") == []


def test_neither_ticket_nor_state_nor_cookie_stands_in_the_table(database: Database) -> None:
    use(database, ask(database, "the-ticket"), "the-state", "the-browser")
    held = str([column(database, name, "link_requests") for name in ("ticket", "state", "browser")])
    assert [word for word in ("the-ticket", "the-state", "the-browser") if word in held] == []
