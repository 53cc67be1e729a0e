"""What a link to GitHub's pages leads to. Pure; whatever is no page that can be shown leads to nothing.

Pages of github.com and of Enterprise Server look alike; the host is that which the address of the API belongs to.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, urlsplit

from adapters.github.session import is_repository

type Kind = Literal[
    "ticket", "comment", "review_comment", "review", "commit", "lines", "release", "run", "repository", "account"
]
"""`ticket` is an issue or a pull request: each is shown under the other's address too."""

LONGEST = 2000
_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_NUMBER = re.compile(r"[1-9][0-9]{0,14}")
_SHA = re.compile(r"[0-9a-fA-F]{7,64}")
_LINES = re.compile(r"L([1-9][0-9]{0,6})(?:C[0-9]+)?(?:-L?([1-9][0-9]{0,6})(?:C[0-9]+)?)?")
_REVIEW_COMMENT = re.compile(r"(?:discussion_)?r([1-9][0-9]{0,14})")
_OWN = frozenset(
    {
        "about", "account", "apps", "codespaces", "collections", "contact", "customer-stories", "dashboard",
        "discussions", "enterprise", "enterprises", "events", "explore", "features", "gist", "issues", "join", "login",
        "logout", "marketplace", "new", "notifications", "organizations", "orgs", "pricing", "pulls", "readme",
        "search", "security", "sessions", "settings", "signup", "site", "sponsors", "stars", "team", "topics",
        "trending", "users", "watching",
    }
)  # fmt: skip
"""Pages of GitHub's own that stand where an account's name would."""


@dataclass(frozen=True)
class Linked:
    """A thing on GitHub. `repository` (`octo/app`) is empty for an account, which `ref` names then.

    `number` is the issue's or pull request's, `ident` the id of the comment, review or run. `ref` is a release's tag,
    a commit's id, or for lines of code (`first` to `last`) the branch and the path, which only GitHub can tell apart.
    """

    kind: Kind
    repository: str = ""
    number: int = 0
    ident: int = 0
    ref: str = ""
    first: int = 0
    last: int = 0

    @property
    def resource(self) -> str:
        """What it is called among all things: an issue or a pull request as everywhere (`octo/app#7`)."""
        if self.kind == "account":
            return self.ref
        name = f"{self.repository}#{self.number}" if self.number else self.repository
        rest = [str(part) for part in (self.ident, self.ref, self.first and f"L{self.first}-{self.last}") if part]
        return "@".join([name, *([self.kind] if rest else []), *rest])


def host_of(api_url: str) -> str:
    """The host (and port) of GitHub's pages, by the address of its API."""
    return urlsplit(api_url).netloc.lower().removeprefix("api.")


def linked(url: str, host: str) -> Linked | None:
    """What a link shows; None unless it is something on the GitHub at this host."""
    if len(url) > LONGEST or not url.isprintable() or any(each in url for each in ' \\<>|"'):
        return None
    try:
        given = urlsplit(url)
        segments = [unquote(part, errors="strict") for part in given.path.strip("/").split("/")]
    except ValueError:
        return None
    same = given.scheme in ("http", "https") and given.netloc.lower().removeprefix("www.") == host
    if not same or not host or not all(map(_sound, segments)):
        return None
    return _page(segments, given.fragment)


def _sound(segment: str) -> bool:
    return segment not in ("", ".", "..") and segment.isprintable()


def _page(segments: Sequence[str], fragment: str) -> Linked | None:
    if len(segments) == 2 and segments[0] == "orgs":
        segments = segments[1:]
    owner, *rest = segments
    if not _LOGIN.fullmatch(owner) or owner.lower() in _OWN:
        return None
    if not rest:
        return Linked("account", ref=owner)
    repository = f"{owner}/{rest[0].removesuffix('.git')}"
    if not is_repository(repository):
        return None
    if len(rest) == 1:
        return Linked("repository", repository)
    read = _PAGES.get(rest[1])
    return read(repository, rest[2:], fragment) if read and rest[2:] else None


def _issue(repository: str, rest: Sequence[str], fragment: str) -> Linked | None:
    return _ticket(repository, rest[0], fragment) if len(rest) == 1 else None


def _pull(repository: str, rest: Sequence[str], fragment: str) -> Linked | None:
    number, *tab = rest
    if tab[:1] == ["commits"] and len(tab) == 2:
        return _commit(repository, tab[1:], "")
    return _ticket(repository, number, fragment) if tab[:1] in ([], *_TABS) else None


def _ticket(repository: str, given: str, fragment: str) -> Linked | None:
    if not _NUMBER.fullmatch(given):
        return None
    number, (name, _, ident) = int(given), fragment.partition("-")
    if name in _WITHIN and _NUMBER.fullmatch(ident):
        return Linked(_WITHIN[name], repository, number, int(ident))
    if found := _REVIEW_COMMENT.fullmatch(fragment):
        return Linked("review_comment", repository, number, int(found[1]))
    return Linked("ticket", repository, number)


def _commit(repository: str, rest: Sequence[str], _: str) -> Linked | None:
    if len(rest) > 1 or not _SHA.fullmatch(rest[0]):
        return None
    return Linked("commit", repository, ref=rest[0].lower())


def _blob(repository: str, rest: Sequence[str], fragment: str) -> Linked | None:
    found = _LINES.fullmatch(fragment)
    if found is None or len(rest) < 2:
        return None
    ends = int(found[1]), int(found[2] or found[1])
    return Linked("lines", repository, ref="/".join(rest), first=min(ends), last=max(ends))


def _release(repository: str, rest: Sequence[str], _: str) -> Linked | None:
    return Linked("release", repository, ref="/".join(rest[1:])) if rest[0] == "tag" and rest[1:] else None


def _run(repository: str, rest: Sequence[str], _: str) -> Linked | None:
    known = rest[0] == "runs" and len(rest) > 1 and _NUMBER.fullmatch(rest[1])
    return Linked("run", repository, ident=int(rest[1])) if known else None


type _Reader = Callable[[str, Sequence[str], str], Linked | None]

_WITHIN: dict[str, Kind] = {"issuecomment": "comment", "pullrequestreview": "review"}
_TABS = (["files"], ["changes"], ["commits"], ["checks"])
_PAGES: dict[str, _Reader] = {
    "issues": _issue, "pull": _pull, "commit": _commit, "blob": _blob, "releases": _release, "actions": _run,
}  # fmt: skip
