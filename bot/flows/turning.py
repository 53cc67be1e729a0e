"""Whether a run or a check ended otherwise than the one before it of the same workflow and branch."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.github_filters import CHECKED
from bot.renderers.news import News
from storage import conclusions
from storage.conclusions import Ended

GREEN = frozenset({"success"})
RED = frozenset({"failure", "error", "timed_out", "startup_failure", "action_required"})
"""What is in neither (a run that was cancelled or skipped, say) changes nothing."""
_OF_PULLS = ("pull_request", "pull_request_target")


def noted(connection: Connection, news: News, now: datetime) -> News:
    """The news with whether it is a turn; that is remembered for the next."""
    ended = _ended(news)
    if ended is None:
        return news
    return replace(news, facts=replace(news.facts, turned=conclusions.turned(connection, ended, now)))


def told_before(connection: Connection, past: Iterable[News]) -> list[News]:
    """News that was told before, the oldest first, with whether each was a turn, as far as that is still known."""
    good, known = dict[str, bool](), list[News]()
    for news in past:
        ended = _ended(news)
        if ended is not None:
            first = not ended.good if ended.subject not in good else good[ended.subject] != ended.good
            noted = conclusions.was_turn(connection, ended)
            news = replace(news, facts=replace(news.facts, turned=first if noted is None else noted))
            good[ended.subject] = ended.good
        known.append(news)
    return known


def _ended(news: News) -> Ended | None:
    facts = news.facts
    if news.feature not in CHECKED or facts.conclusion not in GREEN | RED:
        return None
    # A pull request's branch may have any name, also that of a branch here: a fork's `main` is another.
    kind = "pulls" if facts.trigger in _OF_PULLS else "branch"
    branch = facts.head or facts.base
    subject = f"{facts.repository.lower()}:{news.feature}:{facts.workflow}:{kind}:{branch}"
    return Ended(subject, f"{news.version} {_nth(news)}".strip(), facts.conclusion in GREEN)


def _nth(news: News) -> str:
    """What sorts runs that ended in the same second, as text: the later run has the greater id."""
    ident = news.uid.removeprefix("run/")
    return ident.zfill(20) if ident != news.uid and ident.isdecimal() else ""
