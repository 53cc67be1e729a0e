"""What connect says about a repository's code: pushes, branches, tags and releases."""

from functools import partial
from typing import cast

from bot.message import clean, code, link, one_line
from bot.payload import Payload, find, flag, mapping, objects, text
from bot.renderers.github_parts import actor, body, facts, in_repository, message
from bot.renderers.news import News, Renderer
from bot.renderers.parts import plural

COMMITS_SHOWN = 5


def push(payload: Payload) -> News | None:
    """Commits on a branch; tags, deleted branches and new branches without commits of their own are no news."""
    ref = text(payload, "ref")
    commits = objects(payload, "commits")
    forced = flag(payload, "forced")
    if not ref.startswith("refs/heads/") or flag(payload, "deleted") or not (commits or forced):
        return None
    branch = ref.removeprefix("refs/heads/")
    said = "\n".join([_push_sentence(payload, branch, len(commits)), *_commit_lines(commits)])
    action = "forced" if forced else "pushed"
    given = facts(payload, payload, "sender", base=branch, action=action, paths=_paths(commits))
    return message(payload, "commits", said, given)


def ref_event(did: str, payload: Payload) -> News | None:
    """A branch or a tag that came or went."""
    ref, kind = text(payload, "ref"), text(payload, "ref_type")
    if not ref or kind not in ("branch", "tag") or not text(payload, "repository", "full_name"):
        return None
    emoji = "🏷️" if kind == "tag" else "🌿"
    page = f"{text(payload, 'repository', 'html_url')}/tree/{ref}" if did == "created" else ""
    shown = link(page, code(ref, 100).strip("`"), 100)
    said = f"{emoji} {actor(payload)} {did} the {kind} {shown if shown.startswith('<') else code(ref, 100)}"
    given = facts(payload, payload, "sender", action=did, base=ref if kind == "branch" else "")
    return message(payload, "tags" if kind == "tag" else "branches", said + in_repository(payload), given)


def release(did: str, payload: Payload) -> News | None:
    """What became of a release; it has no state to follow, so there is no card. The notes come with a new one.

    A release is `published` and `released`, a pre-release that becomes one is `released` alone: that it is out is told
    once, by whichever comes first.
    """
    given = mapping(payload, "release")
    tag = text(given, "tag_name")
    if not tag:
        return None
    named = text(given, "name")
    label = f"{tag}: {named}" if named and named != tag else tag
    verb = "published the pre-release" if did == "released" and flag(given, "prerelease") else did
    said = f"📦 {actor(payload)} {verb} {link(text(given, 'html_url'), label)}{in_repository(payload)}"
    notes = body(given) if did == "released" else ""
    action = "published" if did == "released" else text(payload, "action")
    known = facts(payload, given, "author", base=text(given, "target_commitish"), action=action)
    ident = f"release/{text(given, 'id')}"
    out = did == "released" and not flag(given, "prerelease")
    occasion = f"{ident}:{text(given, 'published_at')}:out" if out else ""
    return message(payload, "releases", f"{said}\n{notes}" if notes else said, known, uid=ident, occasion=occasion)


def _push_sentence(payload: Payload, branch: str, count: int) -> str:
    pushed = "force-pushed" if flag(payload, "forced") else "pushed"
    where = code(branch) + in_repository(payload)
    if not count:
        return f"{actor(payload)} {pushed} {where} back to {code(text(payload, 'after')[:7])}"
    commits = link(text(payload, "compare"), plural(count, "commit"))
    to = "to the new branch" if flag(payload, "created") else "to"
    return f"{actor(payload)} {pushed} {commits} {to} {where}"


def _commit_lines(commits: list[Payload]) -> list[str]:
    lines = [_commit_line(commit) for commit in commits[:COMMITS_SHOWN]]
    more = len(commits) - COMMITS_SHOWN
    return [*lines, f"and {more:,} more"] if more > 0 else lines


def _commit_line(commit: Payload) -> str:
    sha = link(text(commit, "url"), text(commit, "id")[:7].replace("`", "'"))
    subject = one_line(text(commit, "message").strip().partition("\n")[0], 100) or "(no message)"
    author = one_line(text(commit, "author", "username") or text(commit, "author", "name"), 40)
    return " ".join(part for part in ("•", f"`{sha}`" if sha else "", subject, f"– {author}" if author else "") if part)


def _paths(commits: list[Payload]) -> frozenset[str] | None:
    """The files that the commits change; None if there are no commits to tell of them."""
    lists = [find(commit, key) for commit in commits for key in ("added", "removed", "modified")]
    named = [path for given in lists if isinstance(given, list) for path in cast("list[object]", given)]
    return frozenset(clean(path) for path in named if isinstance(path, str)) if commits else None


EVENTS: dict[str, Renderer] = {
    "push": push,
    "create": partial(ref_event, "created"),
    "delete": partial(ref_event, "deleted"),
    "release.published": partial(release, "released"),
    "release.released": partial(release, "released"),
    "release.unpublished": partial(release, "took back the release"),
    "release.deleted": partial(release, "deleted the release"),
}
