"""What connect says about repositories and organizations themselves: their names, who may see them, and who is in."""

from collections.abc import Callable
from functools import partial

from bot.message import code, link, one_line, strong
from bot.payload import Payload, mapping, text
from bot.renderers.github_parts import actor, facts, in_repository, message, offer, repository_link
from bot.renderers.news import News, Renderer
from bot.renderers.parts import phrase, who

type Said = Callable[[Payload], str]
"""The sentence after who did it; empty if there is nothing to tell."""


# --- repositories ----------------------------------------------------------------------------------------------------


def _did(words: str) -> Said:
    return lambda payload: words.format(repository_link(payload))


def renamed(payload: Payload) -> str:
    """It has another name, under which it is found as under the old one."""
    before = code(text(payload, "changes", "repository", "name", "from"), 100)
    return f"renamed {before or 'the repository'} to {repository_link(payload)}"


def transferred(payload: Payload) -> str:
    """It has another owner."""
    owner = mapping(payload, "changes", "owner", "from")
    before = text(owner, "user", "login") or text(owner, "organization", "login")
    return phrase("moved the repository to", repository_link(payload)) + phrase(", from", code(before))


def edited(payload: Payload) -> str:
    """Another default branch, which pushes and filters are measured by; the rest is no news."""
    before, now = text(payload, "changes", "default_branch", "from"), text(payload, "repository", "default_branch")
    if not before or not now:
        return ""
    return f"changed the default branch from {code(before)} to {code(now)}{in_repository(payload)}"


def repository(said: Said, emoji: str, payload: Payload) -> News | None:
    """What became of a repository."""
    words = said(payload) if text(payload, "repository", "full_name") else ""
    return message(payload, "repository", f"{emoji} {actor(payload)} {words}") if words else None


def forked(payload: Payload) -> News | None:
    """A copy of the repository."""
    fork = mapping(payload, "forkee")
    name, here = link(text(fork, "html_url"), text(fork, "full_name"), 140), repository_link(payload)
    given = facts(payload, payload, "sender", action="forked")
    return message(payload, "forks", f"🍴 {actor(payload)} forked {here} to {name}", given) if name and here else None


def starred(payload: Payload) -> News | None:
    """Somebody likes the repository."""
    said = phrase(f"⭐ {actor(payload)} starred", repository_link(payload))
    return message(payload, "stars", said, facts(payload, payload, "sender")) if said else None


# --- people ----------------------------------------------------------------------------------------------------------


def _member(payload: Payload) -> str:
    return text(payload, "member", "login") or text(payload, "membership", "user", "login")


def _came_or_went(payload: Payload, did: str, where: str) -> str:
    member, came = _member(payload), did == "added"
    if member and member == text(payload, "sender", "login"):
        return f"{'joined' if came else 'left'} {where}"
    return f"{did} {who(member)} {'to' if came else 'from'} {where}"


def _team(payload: Payload) -> str:
    name = text(payload, "team", "name")
    return offer(text(payload, "team", "html_url"), name) or strong(name, 60) if name else ""


def _organization(payload: Payload) -> str:
    return strong(text(payload, "organization", "login"), 60)


def collaborator(did: str, payload: Payload) -> str:
    """Somebody may work in the repository, or may not any more."""
    return _came_or_went(payload, did, repository_link(payload))


def permission(payload: Payload) -> str:
    """Somebody may do more in the repository, or less."""
    now = one_line(text(payload, "changes", "permission", "to"), 40)
    return f"changed what {who(_member(payload))} may do in {repository_link(payload)}" + (
        f" to {code(now)}" if now else ""
    )


def in_team(did: str, payload: Payload) -> str:
    """Somebody is in a team, or not any more."""
    return _came_or_went(payload, did, f"the team {_team(payload)}")


def in_organization(did: str, payload: Payload) -> str:
    """Somebody is in the organization, or not any more."""
    return _came_or_went(payload, did, _organization(payload))


def invited(payload: Payload) -> str:
    """Somebody is asked to join; an address is nobody else's business."""
    login = text(payload, "user", "login") or text(payload, "invitation", "login")
    return f"invited {who(login)} to {_organization(payload)}"


def team_changed(did: str, payload: Payload) -> str:
    """A team that came, or went."""
    return f"{did} the team {_team(payload)}" + phrase(" in", _organization(payload))


def team_renamed(payload: Payload) -> str:
    """A team under another name; its other settings are no news."""
    before = text(payload, "changes", "name", "from")
    return f"renamed the team {strong(before, 60)} to {_team(payload)}" if before else ""


def team_in_repository(did: str, payload: Payload) -> str:
    """A team may work in the repository, or may not any more."""
    return f"{did} the team {_team(payload)} {'to' if did == 'added' else 'from'} {repository_link(payload)}"


def organization_renamed(payload: Payload) -> str:
    """An organization under another name."""
    before = strong(text(payload, "changes", "login", "from"), 60)
    return f"renamed the organization {before} to {_organization(payload)}" if before else ""


def people(said: Said, needs: tuple[str, ...], payload: Payload) -> News | None:
    """Who is in, and who is not. A secret team is known to its members only, and so to private channels only."""
    if not all(mapping(payload, need) for need in needs):
        return None
    words, secret = said(payload), text(payload, "team", "privacy") == "secret"
    return message(payload, "members", f"👥 {actor(payload)} {words}", private=secret) if words else None


_REPOSITORY: dict[str, tuple[Said, str]] = {
    "created": (_did("created the repository {}"), "📁"),
    "deleted": (_did("deleted the repository {}"), "🗑️"),
    "archived": (_did("archived {}"), "🗄️"),
    "unarchived": (_did("brought {} back from the archive"), "📁"),
    "renamed": (renamed, "✏️"),
    "transferred": (transferred, "🚚"),
    "privatized": (_did("made {} private"), "🔒"),
    "publicized": (_did("made {} public"), "🌍"),
    "edited": (edited, "✏️"),
}
_PEOPLE: dict[str, tuple[Said, tuple[str, ...]]] = {
    "member.added": (partial(collaborator, "added"), ("member", "repository")),
    "member.removed": (partial(collaborator, "removed"), ("member", "repository")),
    "member.edited": (permission, ("member", "repository")),
    "membership.added": (partial(in_team, "added"), ("member", "team")),
    "membership.removed": (partial(in_team, "removed"), ("member", "team")),
    "organization.member_added": (partial(in_organization, "added"), ("membership", "organization")),
    "organization.member_removed": (partial(in_organization, "removed"), ("membership", "organization")),
    "organization.member_invited": (invited, ("invitation", "organization")),
    "organization.renamed": (organization_renamed, ("organization",)),
    "team.created": (partial(team_changed, "created"), ("team",)),
    "team.deleted": (partial(team_changed, "deleted"), ("team",)),
    "team.edited": (team_renamed, ("team",)),
    "team.added_to_repository": (partial(team_in_repository, "added"), ("team", "repository")),
    "team.removed_from_repository": (partial(team_in_repository, "removed"), ("team", "repository")),
}

EVENTS: dict[str, Renderer] = {
    **{f"repository.{action}": partial(repository, *said) for action, said in _REPOSITORY.items()},
    "fork": forked,
    "star.created": starred,
    **{event: partial(people, *said) for event, said in _PEOPLE.items()},
}
