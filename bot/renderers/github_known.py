"""What connect remembers of a pull request, since no webhook shows all of it: its shape, verdicts and checks. Pure.

What is remembered travels in the payload beside GitHub's own keys, under `connect`, so that a renderer still is a
function of one payload: `pull` (the newest state seen), `verdicts` by reviewer, `checks` of its newest commit by name,
`before` (how those were before this event), `version`, and `jira`: the `issues` of Jira's that it names (`key`, `url`),
which an issue's or a discussion's payload has too, as it has `people`: whom it mentions in Slack.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from adapters.document import Mention
from bot.message import Message
from bot.payload import Payload, find, mapping, objects, strings, text
from bot.renderers.github_parts import BODY_READ, DOER, KEY, linked
from bot.renderers.news import News
from bot.renderers.parts import dotted, listing, person, phrase, plural

AUTHOR, PEOPLE = "author", "people"
"""Beneath `KEY`: the name in Slack of who wrote a comment by way of connect; those who are to be mentioned
(`team/user`, one for each workspace), by login."""
_PLAIN = (
    "id", "number", "html_url", "title", "state", "draft", "locked", "merged", "merged_at", "created_at", "updated_at",
    "additions", "deletions", "changed_files",
)  # fmt: skip
TEAMS = "teams"
"""Beneath `KEY`: the teams that were asked for a review, and not taken back (`acme/core`)."""
_NAMED = {
    "labels": ("name",), "assignees": ("login",), "requested_reviewers": ("login",),
    "requested_teams": ("name", "slug"),
}  # fmt: skip
_GREEN = ("success", "neutral", "skipped", "stale")
_RED = ("failure", "error", "timed_out", "startup_failure", "cancelled")

type Outcome = Literal["", "pending", "failure", "success"]
"""How all checks of a commit are together; empty if there is none."""


def shape(pull: Payload) -> dict[str, Any]:
    """What a card and the filters need of a pull request; what the payload leaves out is left out here too.

    A review's payload shows less of it than its own events do.
    """
    kept: dict[str, Any] = {key: pull[key] for key in _PLAIN if key in pull}
    kept["body"] = text(pull, "body")[:BODY_READ]
    kept["user"] = {key: text(pull, "user", key) for key in ("login", "type")}
    kept["head"] = {key: text(pull, "head", key) for key in ("ref", "sha", "label")}
    kept["base"] = {key: text(pull, "base", key) for key in ("ref", "label")}
    kept["milestone"] = {"title": text(pull, "milestone", "title")}
    kept["auto_merge"] = bool(find(pull, "auto_merge"))
    for key, named in _NAMED.items():
        kept[key] = [{name: text(member, name) for name in named} for member in objects(pull, key)]
    return kept


def in_slack(payload: Payload, login: str) -> str:
    """What really mentions whoever has this login, if they are to be mentioned; empty otherwise."""
    people = strings(payload, KEY, PEOPLE, login.casefold())
    return _mention(people[0]) if people else ""


def at_home(news: News, people: Mapping[str, Sequence[str]], channel: str) -> News:
    """News for a channel (`team/channel`): it mentions who somebody is in its workspace, and others by their login.

    An id of Slack's means somebody in one workspace, and in another nobody, or somebody else.
    """
    instead = dict[str, str]()
    team = channel.partition("/")[0]
    for login, users in people.items():
        there = next((user for user in users if user.startswith(f"{team}/")), "")
        if there != users[0]:
            instead[_mention(users[0])] = _mention(there) if there else f"@{login}"
    if not instead:
        return news
    said = {name: _instead(getattr(news, name), instead) for name in ("card", "line", "brief")}
    return replace(news, **said)


def with_group(news: News, called: tuple[str, str] | None) -> News:
    """News whose line mentions the group of the team that is asked for a review, where the channel wants that."""
    if called is None or news.line is None:
        return news
    return replace(news, line=replace(news.line, text=news.line.text.replace(*called)))


def _instead(said: Message | None, instead: Mapping[str, str]) -> Message | None:
    """In one pass: what one stands for may be whom another replaces."""
    if said is None:
        return None
    these = re.compile("|".join(map(re.escape, instead)))
    plain = these.sub(lambda found: instead[found[0]], json.dumps([said.text, said.blocks]))
    return Message(*json.loads(plain))


def _mention(user: str) -> str:
    return f"<@{user.rpartition('/')[2]}>"


def live(payload: Payload) -> Callable[[Mention], str | None]:
    """For `write_mrkdwn`: what really mentions a person, if they are to be mentioned."""
    return lambda mention: (in_slack(payload, mention.id) or None) if mention.kind == "user" else None


def known_pull(payload: Payload) -> Payload:
    """The newest state of the pull request that is known: remembered, or else the event's own."""
    return mapping(payload, KEY, "pull") or mapping(payload, "pull_request")


def version(payload: Payload, resource: Payload) -> str:
    """What sorts the states of the card: what is known of it, or its own time where nothing is remembered."""
    return text(payload, KEY, "version") or text(resource, "updated_at")


# --- reviews ---------------------------------------------------------------------------------------------------------

_SAID = {"approved": "✅ Approved by", "changes_requested": "🔴 Changes requested by", "commented": "💬 Reviewed by"}


def judged(verdicts: Mapping[str, Any], payload: Payload) -> dict[str, Any]:
    """The verdicts after a review's event: a comment takes no verdict back, a dismissal does, older news changes none.

    https://docs.github.com/en/rest/pulls/reviews
    """
    review, by = mapping(payload, "review"), text(payload, "review", "user", "login")
    state, at, ident = text(review, "state").lower(), text(review, "submitted_at"), text(review, "id")
    if not by or state not in (*_SAID, "dismissed"):
        return dict(verdicts)
    before = mapping(verdicts, by)
    name = text(payload, KEY, DOER) or (text(before, "name") if text(before, "id") == ident else "")
    told = {"state": state, "at": at, "id": ident, **({"name": name} if name else {})}
    return {**verdicts, by: told} if _weight(told) >= _weight(before) else dict(verdicts)


def reviewer(payload: Payload, login: str) -> str:
    """Who gave the verdict of an account: the person in Slack at whose wish connect's own gave it, or the login."""
    return text(payload, KEY, "verdicts", login, "name") or login


def _weight(verdict: Payload) -> tuple[bool, str, int, bool]:
    """Of two verdicts of one person the heavier counts, whichever is told first."""
    state, ident = text(verdict, "state"), text(verdict, "id")
    number = int(ident) if ident.isdecimal() else 0
    return state not in ("", "commented"), text(verdict, "at"), number, state == "dismissed"


def has_judged(payload: Payload, login: str) -> bool:
    """Whether somebody has reviewed before."""
    return text(payload, KEY, "verdicts", login, "state") != ""


def reviews(payload: Payload) -> str:
    """Who says what of a pull request; those who are asked again are left out."""
    verdicts = mapping(payload, KEY, "verdicts")
    asked = {text(one, "login") for one in objects(known_pull(payload), "requested_reviewers")}
    heard = sorted(
        (login for login in verdicts if login not in asked), key=lambda one: _weight(mapping(verdicts, one))[1:]
    )

    def saying(state: str) -> Iterable[str]:
        return (reviewer(payload, login) for login in heard if text(verdicts, login, "state") == state)

    return dotted(*(phrase(words, listing(saying(state), person)) for state, words in _SAID.items()))


# --- checks ----------------------------------------------------------------------------------------------------------


def check_of(event: str, payload: Payload) -> tuple[str, dict[str, str]] | None:
    """The check that an event tells of, under a key that stays the same: a suite's id, or a status' context.

    A suite of GitHub Actions is told twice, as a suite and as a workflow run, which alone knows its name.
    """
    if event == "status":
        given, name = payload, text(payload, "context")
        key, state, url = f"status/{name}", text(payload, "state"), text(payload, "target_url")
    elif event.startswith("workflow_run."):
        given = mapping(payload, "workflow_run")
        key, name = f"suite/{text(given, 'check_suite_id')}", workflow_name(payload)
        url = text(given, "html_url")
        state = text(given, "conclusion") or text(given, "status")
    else:
        given = mapping(payload, "check_suite")
        key, name, url = f"suite/{text(given, 'id')}", text(given, "app", "name"), ""
        state = text(given, "conclusion") or text(given, "status")
    if not name or not state or key.endswith("/"):
        return None
    return key, {"name": name[:100], "state": state, "at": text(given, "updated_at"), "url": url}


def workflow_name(payload: Payload) -> str:
    """What a run is called; one from a file without a name is called as the file's workflow is."""
    return text(payload, "workflow_run", "name") or text(payload, "workflow", "name")


def commit_of(payload: Payload) -> str:
    """The commit that a check is of; empty if the payload does not say."""
    found = (text(payload, part, "head_sha") for part in ("workflow_run", "check_suite"))
    return next((sha for sha in found if sha), "") or text(payload, "sha")


def checked(checks: Mapping[str, Any], key: str, check: Mapping[str, str]) -> dict[str, Any]:
    """The checks of a commit after one of them was heard of; older news changes nothing."""
    before = mapping(checks, key)
    newer = {"at": check["at"], "state": check["state"]}
    # GitHub's times are whole seconds: of two in the same one, that which says how it ended is the newer.
    if (text(before, "at"), _ended(text(before, "state"))) > (check["at"], _ended(check["state"])):
        newer = {"at": text(before, "at"), "state": text(before, "state")}
    named = check if check["url"] or not text(before, "url") else before
    return {**checks, key: {"name": text(named, "name"), "url": text(named, "url"), **newer}}


def _ended(state: str) -> bool:
    return state in _GREEN or state in _RED


def outcome(checks: Mapping[str, Any]) -> Outcome:
    """How the checks are together: one that failed decides, then one that still runs."""
    states = [text(checks, key, "state") for key in checks]
    if not states:
        return ""
    if any(state in _RED for state in states):
        return "failure"
    return "success" if all(state in _GREEN for state in states) else "pending"


def summary(payload: Payload) -> str:
    """The checks in one line, those that failed by name; empty if nothing is known of any."""
    checks = mapping(payload, KEY, "checks")
    count, result = len(checks), outcome(checks)
    if not result:
        return ""
    if result == "success":
        return f"✅ {plural(count, 'check')} passed"
    wanted = [key for key in checks if _counts(text(checks, key, "state"), result)]
    if result == "pending":
        some = plural(count, "check") if len(wanted) == count else f"{len(wanted):,} of {plural(count, 'check')}"
        return f"🟡 {some} {'is' if len(wanted) == 1 else 'are'} still running"
    named = listing((key for key in sorted(wanted)), lambda key: _named(mapping(checks, key)))
    if count == 1:
        return f"🔴 The check {named} failed"
    return f"🔴 {len(wanted)} of {plural(count, 'check')} failed: {named}"


def _counts(state: str, result: Outcome) -> bool:
    return state in _RED if result == "failure" else not _ended(state)


def _named(check: Payload) -> str:
    return linked(text(check, "url"), text(check, "name")[:40])
