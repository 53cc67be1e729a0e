"""Markdown as the HTML that GitHub would show of it; tags of the text's own stay text, its comments are not seen."""

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

BOXES = {"[ ] ": "☐ ", "[x] ": "☑ "}
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@lru_cache(maxsize=2000)
def html_of(markdown: str) -> str:
    """Safe to be put into a page: no tag of the text's own, no address but http, https and mailto."""
    return _MARKDOWN.render(markdown)


def _as_text(_renderer: Any, tokens: Sequence[Token], at: int, *_rest: Any) -> str:
    """Raw HTML: a comment is seen by nobody, which is where connect's marker is; a tag is shown as it was typed."""
    return escape(_COMMENT.sub("", tokens[at].content).strip("\n"))


def _tick(state: StateCore) -> None:
    """`[x]` at the start of a list's item is a box, as GitHub has it."""
    for before, token in pairwise(state.tokens[1:]):
        item = before.type == "paragraph_open" and before.level > 1
        words = token.children[0] if item and token.children else None
        if words is not None and words.type == "text" and words.content[:4].lower() in BOXES:
            words.content = BOXES[words.content[:4].lower()] + words.content[4:]


_MARKDOWN = MarkdownIt("commonmark", {"html": True, "breaks": True}).enable(["table", "strikethrough"])
_MARKDOWN.core.ruler.push("tick", _tick)
for _kind in ("html_block", "html_inline"):
    _MARKDOWN.add_render_rule(_kind, _as_text)
