"""Jira's two kinds of rich text to and from a `Document`: ADF (Cloud) and wiki text (Data Center, and webhooks).

What a reader cannot understand it reads through, and never raises; what a writer makes of foreign text stays plain.
"""

from collections.abc import Mapping
from typing import Any, cast

from adapters.document import Document
from adapters.jira.adf import read_adf
from adapters.jira.adf_writer import Live, write_adf
from adapters.jira.wiki import read_wiki
from adapters.jira.wiki_writer import write_wiki

__all__ = ["Live", "read_adf", "read_body", "read_wiki", "write_adf", "write_wiki"]


def read_body(body: object) -> Document:
    """Read a description or a comment's body as Jira sends it: ADF (an object), wiki text (a string) or nothing."""
    if isinstance(body, str):
        return read_wiki(body)
    return read_adf(cast("Mapping[str, Any]", body)) if isinstance(body, Mapping) else Document(())
