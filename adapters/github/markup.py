"""GitHub's Markdown to and from a `Document`.

What the reader cannot understand it reads as text, and never raises; what the writer makes of foreign text is inert.
"""

from adapters.github.markdown import read_markdown
from adapters.github.markdown_writer import Live, quieted, unordered, write_markdown

__all__ = ["Live", "quieted", "read_markdown", "unordered", "write_markdown"]
