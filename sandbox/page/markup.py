"""Markdown as the HTML that GitHub would show of it; what is HTML already stays text."""

from functools import lru_cache

from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


@lru_cache(maxsize=2000)
def html_of(markdown: str) -> str:
    """Safe to be put into a page: no tag of the text's own, no address but http, https and mailto."""
    return _MARKDOWN.render(markdown)
