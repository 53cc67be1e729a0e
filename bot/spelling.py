"""How people spell: the marks that phones and macOS put in place of plain ones, and the word that was nearly typed.

Only words that connect itself knows are guessed at; what somebody has written themselves is left as it is. Pure.
"""

import re
from collections.abc import Iterable
from difflib import get_close_matches

INVISIBLE = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
"""What comes along with copied text and is not seen; a regular expression may hold it as a set."""
DOUBLE, SINGLE = "“”„‟«»", "‘’‚‛"
DASHES = "‐‑‒–—−"
QUOTED = (
    rf'"((?:[^"\\]|\\.)*)"|[{DOUBLE}]([^{DOUBLE}"]*)[{DOUBLE}"]|'
    rf"(?<!\w)['{SINGLE}]([^\n]*?\S)['{SINGLE}](?=[\s,}}{INVISIBLE}]|$)"
)
"""A regular expression for something in quotes of any kind: one of its three groups is what stands between them.

An apostrophe is a quote only where a word begins, and ends.
"""
_QUOTED = re.compile(QUOTED, re.DOTALL)
_WORDS = re.compile(rf"(?:{QUOTED}|[^\s{INVISIBLE}])+", re.DOTALL)
_PLAIN = str.maketrans({
    **dict.fromkeys(DOUBLE, '"'), **dict.fromkeys(SINGLE, "'"), **dict.fromkeys(DASHES, "-"),
    **dict.fromkeys("\u00a0\u2007\u2009\u202f", " "), **dict.fromkeys(INVISIBLE, ""),
})  # fmt: skip
_SPACES = str.maketrans({**dict.fromkeys("\u00a0\u2007\u2009\u202f", " "), **dict.fromkeys(INVISIBLE, "")})
_NEAR = 0.7
"""How like another a word has to be, from 0 to 1: `pul` and `pulls` are .75, `acme` and `me` .67."""


def plain(text: str) -> str:
    """The text with plain quotes, dashes and spaces."""
    return text if text.isascii() else text.translate(_PLAIN)


def same(name: str) -> str:
    """What a name is compared by: without case, and with plain marks."""
    return plain(name).lower()


def query(text: str) -> str:
    """A query for Jira or GitHub, which know plain quotes only; others that stand beside plain ones are text."""
    said = text.translate(_SPACES)
    for marks, mark in ((DOUBLE, '"'), (SINGLE, "'")):
        if mark not in said:
            said = said.translate(dict.fromkeys(map(ord, marks), mark))
    return said


def words(text: str) -> list[str]:
    """The words of a text, where `status:"In Progress"` is one; without the quotation marks."""
    return [unquoted(found[0]) for found in _WORDS.finditer(text)]


def unquoted(text: str) -> str:
    """The text without the quotes in it, of any kind."""
    return re.sub(rf'["{DOUBLE}]', "", _QUOTED.sub(_within, text))


def _within(found: re.Match[str]) -> str:
    return next((part for part in found.groups() if part), "")


def signed(word: str) -> str:
    """The word with a plain minus where it begins with a dash, or with two."""
    return re.sub(rf"^[-{DASHES}]+", "-", word)


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was nearly typed; empty if there is none."""
    return next(iter(near(word, known, 1)), "")


def near(word: str, known: Iterable[str], most: int, like: float = _NEAR) -> list[str]:
    """The known words that are like another, the nearest first, as they are spelled; without itself."""
    names = {same(name): name for name in known}
    return [names[each] for each in get_close_matches(same(word), names, most, like) if each != same(word)]


def meant(word: str, known: Iterable[str], form: str = "{}") -> str:
    """A question that is put behind a sentence: whether the nearest word was meant; empty if there is none."""
    found = nearest(word, known)
    return f" Did you mean {form.format(found)}?" if found else ""
