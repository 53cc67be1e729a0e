"""Which files a pattern means, and who owns them by a CODEOWNERS file. Pure.

Patterns are those of .gitignore that GitHub takes in CODEOWNERS, for both:
https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache

LOCATIONS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub looks for the file, the first that is there counts."""


@dataclass(frozen=True)
class Owned:
    """A line of CODEOWNERS: what fits the pattern belongs to these, in lower case; to nobody if there are none."""

    pattern: str
    owners: tuple[str, ...]


def any_of(paths: Iterable[str], patterns: Sequence[str]) -> bool:
    """Whether one of the files is meant: it fits a pattern, and none of those that begin with `!`."""
    wanted = [pattern for pattern in patterns if not pattern.startswith("!")]
    barred = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    return any(
        (not wanted or any(fits(path, pattern) for pattern in wanted))
        and not any(fits(path, pattern) for pattern in barred)
        for path in paths
    )


def fits(path: str, pattern: str) -> bool:
    """Whether a pattern means a file: `*.md` anywhere, `/README.md` and `docs/*.md` from the top, `src/` all beneath.

    `*` ends at a slash, `**` does not.
    """
    wanted = _parts(pattern)
    return bool(wanted) and _fits(path.split("/"), wanted)


@lru_cache(1024)
def _parts(pattern: str) -> tuple[str, ...]:
    """The pattern by its slashes; `**` among them stands for any number of directories, or none."""
    bare = pattern.strip("/")
    if not bare:
        return ()
    anchored = "/" in pattern.rstrip("/")
    parts = list[str]() if anchored else ["**"]
    for part in bare.split("/"):
        # `**.js` is `**/*.js`, as GitHub's workflows have it.
        parts += ["**", f"*{part.lstrip('*')}"] if part.startswith("**") and part.strip("*") else [part]
    if pattern.endswith("/") or parts[-1] == "**":
        return (*parts, "**", "*")
    # What has no wildcard may be a directory: then all beneath it is meant.
    return tuple(parts) if set("*?[") & set(parts[-1]) else (*parts, "**")


def _fits(path: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether the parts of a path fit; only the last `**` has to be tried anew, so it is never slow."""
    at = want = 0
    star, tried = -1, 0
    while at < len(path):
        if want < len(pattern) and pattern[want] == "**":
            star, tried = want, at
            want += 1
        elif want < len(pattern) and fnmatchcase(path[at], pattern[want]):
            at, want = at + 1, want + 1
        elif star >= 0:
            tried += 1
            at, want = tried, star + 1
        else:
            return False
    return all(part == "**" for part in pattern[want:])


def read_codeowners(text: str) -> list[Owned]:
    """The lines that GitHub understands, in their order."""
    found = list[Owned]()
    for line in text.splitlines():
        words = re.findall(r"(?:\\.|[^\s\\])+", re.sub(r"(?:^|\s)#.*", "", line))
        if words and not set("![") & set(words[0]):
            owners = [word.lower() for word in words[1:] if "@" in word]
            found.append(Owned(re.sub(r"\\(.)", r"\1", words[0]), tuple(owners)))
    return found


def owners_of(paths: Iterable[str], lines: Sequence[Owned]) -> frozenset[str]:
    """Everybody who owns one of the files; the last line that fits a file counts."""
    last = list(reversed(lines))
    owned = (next((line.owners for line in last if fits(path, line.pattern)), ()) for path in paths)
    return frozenset(owner for owners in owned for owner in owners)
