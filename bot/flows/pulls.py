"""What is remembered of pull requests, because no webhook shows all of it: the promise is that a card shows all that
connect has heard, and that older news never takes the place of newer.

Two notes hold it, by the repository's numeric id, so that a rename loses nothing. A pull request's: its newest state,
the verdict of each reviewer, and the teams that were asked. A commit's: its checks, and the pull requests whose branch
ends with it. A new commit has a note of its own, so that the checks of the one before are forgotten. A webhook locks
the commit's note first.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.payload import Payload, mapping, number, objects, strings, text
from bot.renderers.github_known import KEY, TEAMS, check_of, checked, commit_of, judged, outcome, shape
from bot.renderers.github_parts import team_name
from storage import preferences

NOTE = "github pull"
"""The name of these notes among the preferences."""
KEPT = timedelta(days=180)
"""How long after the last news of it."""
_CHECKS = ("status", "check_suite.completed", "check_suite.rerequested")
_RUNS = ("workflow_run.requested", "workflow_run.in_progress", "workflow_run.completed")


def concerned(event: str, payload: Payload) -> bool:
    """Whether what is remembered of pull requests has to do with an event."""
    of_a_pull = bool(mapping(payload, "pull_request")) or bool(mapping(payload, "issue", "pull_request"))
    return number(payload, "repository", "id") is not None and (of_a_pull or event in (*_CHECKS, *_RUNS))


def remember(connection: Connection, event: str, payload: Payload, now: datetime) -> list[Payload]:
    """Note what an event tells; returns the payload with what is known, once for each pull request that it is of."""
    if event in (*_CHECKS, *_RUNS):
        return _check(connection, event, payload, now)
    repository = text(payload, "repository", "id")
    if not mapping(payload, "pull_request"):
        return [_seen(connection, payload, _pull_key(repository, text(payload, "issue", "number")))]
    return [_pull(connection, event, payload, repository, now)]


def _pull(connection: Connection, event: str, payload: Payload, repository: str, now: datetime) -> Payload:
    given = mapping(payload, "pull_request")
    ident, sha = text(given, "number"), text(given, "head", "sha")
    if not ident or not sha:
        return payload
    commit: dict[str, Any] = preferences.locked(connection, _commit_key(repository, sha), NOTE, now) or {}
    if ident not in commit.get("pulls", []):
        commit = {"checks": {}, **commit, "pulls": [*commit.get("pulls", []), ident]}
        preferences.put(connection, _commit_key(repository, sha), NOTE, commit, now)
    key = _pull_key(repository, ident)
    known: dict[str, Any] = preferences.locked(connection, key, NOTE, now) or {}
    newest = _newest(mapping(known, "pull"), shape(given))
    verdicts = mapping(known, "verdicts")
    if event.startswith("pull_request_review."):
        verdicts = judged(verdicts, payload)
    kept = {"jira": known["jira"]} if "jira" in known else {}
    kept |= {TEAMS: teams} if (teams := _teams(known, payload)) else {}
    known = {"pull": newest, "verdicts": dict(verdicts), "revision": known.get("revision", 0) + 1, **kept}
    preferences.put(connection, key, NOTE, known, now)
    return _with(payload, known, _checks_of(connection, repository, newest, sha, commit))


def _teams(known: Payload, payload: Payload) -> list[str]:
    """The teams that were asked for a review: GitHub forgets one when the first of its members has given theirs."""
    now = {team_name(payload, team) for team in objects(payload, "pull_request", "requested_teams")}
    gone = {team_name(payload, mapping(payload, "requested_team"))} - now
    return sorted({*strings(known, TEAMS), *now} - gone - {""})


def _newest(before: Payload, now: Mapping[str, Any]) -> dict[str, Any]:
    """The newer of two states, with what only the older one shows of it (its size, say)."""
    if text(before, "updated_at") > text(now, "updated_at"):
        return {**now, **before}
    return {**before, **now}


def _checks_of(
    connection: Connection, repository: str, pull: Payload, sha: str, commit: Mapping[str, Any]
) -> Mapping[str, Any]:
    head = text(pull, "head", "sha")
    if head != sha:  # late news: the branch has moved on
        commit = preferences.get(connection, _commit_key(repository, head), NOTE) or {}
    return mapping(commit, "checks")


def _check(connection: Connection, event: str, payload: Payload, now: datetime) -> list[Payload]:
    repository, sha, told = text(payload, "repository", "id"), commit_of(payload), check_of(event, payload)
    if not sha or told is None:
        return []
    key = _commit_key(repository, sha)
    commit: dict[str, Any] = preferences.locked(connection, key, NOTE, now) or {"pulls": []}
    before = mapping(commit, "checks")
    checks = checked(before, *told)
    if checks == before:
        return []
    preferences.put(connection, key, NOTE, {**commit, "checks": checks}, now)
    found: list[Payload] = []
    for ident in commit["pulls"]:
        known = preferences.locked(connection, _pull_key(repository, ident), NOTE, now)
        if known and text(known, "pull", "head", "sha") == sha:
            known["revision"] += 1
            preferences.put(connection, _pull_key(repository, ident), NOTE, known, now)
            found.append(_with(payload, known, checks, outcome(before)))
    return found


def _seen(connection: Connection, payload: Payload, key: str) -> Payload:
    """A comment's payload shows nothing of the pull request: all is remembered, and nothing is new."""
    known = preferences.get(connection, key, NOTE)
    if not known:
        return payload
    repository, head = text(payload, "repository", "id"), text(known, "pull", "head", "sha")
    return _with(payload, known, _checks_of(connection, repository, known["pull"], "", {}) if head else {})


def recalled(connection: Connection, payload: Payload) -> Payload:
    """A pull request that GitHub was asked for, with what is remembered of it."""
    repository, given = text(payload, "repository", "id"), mapping(payload, "pull_request")
    known = preferences.get(connection, _pull_key(repository, text(given, "number")), NOTE)
    if not known:
        return payload
    newest = _newest(mapping(known, "pull"), shape(given))
    return _with(payload, {**known, "pull": newest}, _checks_of(connection, repository, newest, "", {}))


def of_commits(connection: Connection, repository: str, commits: Iterable[str]) -> list[str]:
    """The numbers of the pull requests whose branch ends, or ended, with one of these commits."""
    notes: list[dict[str, Any]] = [
        preferences.get(connection, _commit_key(repository, sha), NOTE) or {} for sha in commits
    ]
    return list(dict.fromkeys(str(ident) for note in notes for ident in note.get("pulls", [])))


def told_of(connection: Connection, payload: Payload, ident: str) -> Payload | None:
    """An event of the repository, with what is remembered of this pull request of its; None if nothing is."""
    repository = text(payload, "repository", "id")
    known = preferences.get(connection, _pull_key(repository, ident), NOTE)
    return _with(payload, known, _checks_of(connection, repository, known["pull"], "", {})) if known else None


def note_jira(connection: Connection, payload: Payload, jira: Mapping[str, Any], now: datetime) -> Payload:
    """Remember of the pull request that a payload tells of which issues it names, as `bot.flows.pull_ties` says."""
    key = _pull_key(text(payload, "repository", "id"), text(payload, KEY, "pull", "number"))
    known = preferences.locked(connection, key, NOTE, now)
    if not known:
        return payload
    known |= {"jira": jira, "revision": known["revision"] + 1}
    preferences.put(connection, key, NOTE, known, now)
    return _with(payload, known, mapping(payload, KEY, "checks"), text(payload, KEY, "before"))


def _with(payload: Payload, known: Mapping[str, Any], checks: Mapping[str, Any], before: str = "") -> Payload:
    version = f"{text(known, 'pull', 'updated_at')}/{known['revision']:09d}"
    told = {"pull": known["pull"], "verdicts": known["verdicts"], "checks": checks, "before": before}
    told |= {name: known[name] for name in ("jira", TEAMS) if name in known}
    return {**payload, KEY: {**mapping(payload, KEY), **told, "version": version}}


def _pull_key(repository: str, ident: str) -> str:
    return f"github/{repository}#{ident}"


def _commit_key(repository: str, sha: str) -> str:
    return f"github/{repository}@{sha}"
