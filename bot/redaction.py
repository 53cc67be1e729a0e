"""Taking secrets out of text: by their shape, and by the name before them.

Each pattern takes time linear in the text, whatever that holds: what repeats is bounded, or never given back. Text in
JSON stays JSON: nothing is taken but what stands within the quotes.
"""

import re

# Slack, GitHub and Atlassian tokens, what Fernet encrypted, what OAuth hands over in a URL, JSON web tokens, and
# signatures and credentials in a header or in a URL.
_SHAPES = re.compile(
    r"""
      xox[abeposr]-[\w-]+ | xapp-[\w-]+ | gh[pousr]_\w+ | github_pat_\w+ | ATATT[\w=-]+ | ATOA[\w=-]{16,}
    | gAAAAA[\w-]{40,}={0,2} | (?<=ticket=)[\w-]{20,} | (?<=[?&]code=)[\w.~%-]{20,} | (?<=[?&]state=)[\w.~%-]{20,}
    | (?<![\w-])eyJ[\w-]*+\.[\w-]++(?:\.[\w-]*+)?
    | (?<=sha256=)[0-9a-f]{64} | (?<=v0=)[0-9a-f]{64}
    | (?<=Bearer\ )[^\s"'\\,]+ | (?<=Basic\ )[A-Za-z0-9+/]{8,}=*
    | (?<=hooks\.slack\.com/)[^\s"'\\<>|]+
    | (?<=://)[^/\s@:"\\<>|]+(?::[^/\s"\\<>|]*)?(?=@)
    """,
    re.VERBOSE,
)
_KEY = re.compile(
    r"(-----BEGIN [A-Z ]{0,40}PRIVATE KEY[A-Z ]{0,40}-----)(?:(?!-----END)[^\"'])*+(?:-----END [A-Z ]{0,60}-----)?"
)


def _named(names: str, plain: str) -> re.Pattern[str]:
    """`name=value` and what is like it; `plain` is a value without quotes, which only a name without quotes has."""
    return re.compile(
        rf"""
        ( (?:{names})s?(?:[_-][\w-]{{0,24}})?+ (?P<quote>\\{{0,3}}["'])?+
          [ \t]{{0,4}} (?: => | [=:] | (?<='), ) [ \t]{{0,4}} b? )
        (?: (") (?:[^"\\\r\n]|\\.)*+ | (') (?:[^'\\\r\n]|\\.)*+
          | (\\{{1,3}}["']) (?:[^"'\\\r\n]|\\++[^"'\\\r\n])*+
          | (?(quote)(?!)|{plain}) )
        """,
        re.VERBOSE | re.IGNORECASE,
    )


_WORDS = _named(
    r"token|passw(?:or)?d|passphrase|secret|api[_-]?key|private[_-]?key|(?:hub|slack)-signature",
    r"""(?:[^\s"'\\,;&<>(){}\[\]|]|\[redacted\])++""",
)
# Of several words, up to the end of the line: `Authorization: Basic …`, `Cookie: a=b; c=d`.
_HEADERS = _named(r"authorization|cookie", r"""[^"'\\\r\n]++""")
# With what every name has a part of: most text has none, and is spared the search.
_NAMED = (
    (_WORDS, ("token", "pass", "secret", "key", "signature")),
    (_HEADERS, ("authorization", "cookie")),
)


def redact(text: str) -> str:
    """The text with every secret replaced."""
    text = _SHAPES.sub("[redacted]", text)
    lower = text.lower()
    if "private key" in lower:
        text = _KEY.sub(r"\1[redacted]", text)
    for pattern, hints in _NAMED:
        if any(hint in lower for hint in hints):
            text = pattern.sub(_without_value, text)
    return text


def _without_value(found: re.Match[str]) -> str:
    opened = found[3] or found[4] or found[5] or ""
    return f"{found[1]}{opened}[redacted]"
