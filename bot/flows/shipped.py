"""Which pull requests a deployment to production brings: those merged by its commit, and before it into its branch.

A deployment names a commit and nothing else. So a pull request that names an issue is noted when it is merged, until a
deployment brings it: of its own merge commit, of one merged later into the same branch, or of that branch as it was.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.flows import pulls
from bot.payload import Payload, find, mapping, text
from storage import preferences

NOTE = "github merged"
"""The name of these notes among the preferences; one for each repository."""
MOST = 200
"""Merged pull requests that one holds; where nothing is ever deployed the oldest go."""


def merged(connection: Connection, payload: Payload, now: datetime) -> None:
    """Note the pull request that a payload says was merged."""
    pull = mapping(payload, "pull_request")
    subject, ident = _subject(payload), text(pull, "number")
    known: list[dict[str, Any]] = preferences.locked(connection, subject, NOTE, now) or []
    new = {"pull": ident, "base": text(pull, "base", "ref"), "sha": text(pull, "merge_commit_sha"),
           "head": text(pull, "head", "sha"), "at": text(pull, "merged_at")}  # fmt: skip
    kept = [*(one for one in known if one["pull"] != ident), new]
    preferences.put(connection, subject, NOTE, sorted(kept, key=lambda one: one["at"])[-MOST:], now)


def is_to_production(payload: Payload) -> bool:
    """Whether a deployment to production has succeeded.

    https://docs.github.com/en/rest/deployments/deployments: `production_environment` says what counts as that.
    """
    if text(payload, "deployment_status", "state") != "success":
        return False
    said = find(payload, "deployment", "production_environment")
    return said if isinstance(said, bool) else text(payload, "deployment", "environment").lower() == "production"


def by(connection: Connection, payload: Payload, now: datetime) -> list[str]:
    """The numbers of the pull requests that a deployment brings; they are noted no more."""
    subject, sha = _subject(payload), text(payload, "deployment", "sha")
    branches = pulls.of_commits(connection, text(payload, "repository", "id"), [sha])
    if preferences.get(connection, subject, NOTE) is None:
        return branches
    known: list[dict[str, Any]] = preferences.locked(connection, subject, NOTE, now)
    brought = [one for one in known if _brings(payload, known, one)]
    if brought:
        preferences.put(connection, subject, NOTE, [one for one in known if one not in brought], now)
    return list(dict.fromkeys([*(one["pull"] for one in brought), *branches]))


def _brings(payload: Payload, known: list[dict[str, Any]], one: dict[str, Any]) -> bool:
    sha, ref = text(payload, "deployment", "sha"), text(payload, "deployment", "ref")
    if sha in (one["sha"], one["head"]):
        return True
    later = any(each["sha"] == sha and each["base"] == one["base"] and each["at"] >= one["at"] for each in known)
    return later or (ref == one["base"] and one["at"] <= text(payload, "deployment", "created_at"))


def _subject(payload: Payload) -> str:
    return f"github/{text(payload, 'repository', 'id')}/merged"
