"""What filters look at and every event of GitHub's tells in the same place. Pure."""

from dataclasses import replace

from bot.payload import Payload, mapping, objects, strings, text
from bot.renderers.github_parts import names_of, team_name
from bot.renderers.news import News


def completed(news: News, payload: Payload) -> News:
    """The news with what is known of its repository, of who did it, and of the pull request that it is about."""
    repository, pull = mapping(payload, "repository"), mapping(payload, "pull_request")
    facts = news.facts
    known = replace(
        facts,
        actors=facts.actors or _actors(payload),
        repository=text(repository, "full_name"),
        topics=frozenset(strings(repository, "topics")) if isinstance(repository.get("topics"), list) else None,
        pull=bool(pull) or bool(mapping(payload, "issue", "pull_request")),
        action=facts.action or _action(payload),
        base=facts.base or text(pull, "base", "ref"),
        head=facts.head or text(pull, "head", "ref"),
        label=facts.label or (text(payload, "label", "name") if text(payload, "action") == "labeled" else ""),
        joined=facts.joined or _joined(payload),
        paths=facts.paths if facts.paths is not None else _paths(payload),
    )
    return replace(news, facts=known)


def _actors(payload: Payload) -> frozenset[str]:
    sender = mapping(payload, "sender")
    names = {text(sender, "login"), "bots" if text(sender, "type") == "Bot" else ""}
    return frozenset(names - {""})


def _joined(payload: Payload) -> frozenset[str]:
    """Whom an assignment or a request for a review is about, also one that is taken back."""
    team = team_name(payload, mapping(payload, "requested_team"))
    return names_of(mapping(payload, "assignee"), mapping(payload, "requested_reviewer")) | frozenset({team} - {""})


def _action(payload: Payload) -> str:
    merged = text(payload, "action") == "closed" and mapping(payload, "pull_request").get("merged") is True
    return "merged" if merged else text(payload, "action")


def _paths(payload: Payload) -> frozenset[str] | None:
    """The files of a push, which its commits name; a forced one back to an older commit names none."""
    commits = objects(payload, "commits")
    if not commits:
        return None
    kinds = ("added", "removed", "modified")
    return frozenset(path for commit in commits for kind in kinds for path in strings(commit, kind))
