"""Documents for the property tests of the five formats: canonical ones, as readers return them."""

from itertools import pairwise

from hypothesis import strategies as st

from adapters.document import (
    Block,
    Break,
    CodeBlock,
    Document,
    Heading,
    Inline,
    ItemList,
    Link,
    ListItem,
    Mark,
    Paragraph,
    Quote,
    Rule,
    Table,
    Text,
    tidy,
)

MARKUP = "*_-+^~`|{}[]()<>&#!?@:;.,=\\/'\"1a bé☃"
words = st.text(st.sampled_from(MARKUP), min_size=1, max_size=8).map(str.strip).filter(bool)
plain_words = st.sampled_from(["one", "two", "x1", "é☃", "snake_case", "well-known", "5"])
urls = st.sampled_from(["https://example.com/a_b-c/?d=e&f=g#h", "http://localhost:80/(x)", "mailto:a@example.com"])
hostile = st.sampled_from(
    [
        "<!channel>",
        "<@U1>",
        "<!subteam^S1>",
        "[~accountid:x]",
        "[~bob]",
        "{html}",
        "{code}",
        "{noformat}",
        "{quote}",
        "@team",
        "@octo/team",
        "closes #1",
        "fixes octo/app#1",
        "GH-1",
        "<http://evil|good>",
        "[good|http://evil]",
        "[good](http://evil)",
        "![x](http://evil)",
        "!http://evil/x.png!",
        "<!-- connect:1 -->",
        "<script>",
        "https://github.com/octo/app/issues/1",
        "www.github.com/octo/app/pull/1",
        "```",
        "`",
        "|",
        "\n",
        "\n\n",
        "> ",
        "# ",
        "* ",
        "\\",
        "&lt;!channel&gt;",
        "&#91;",
        "\u2028h1. ",
    ]
)
hostile_text = st.lists(hostile | words, min_size=1, max_size=5).map("".join)
MARKS: tuple[tuple[Mark, ...], ...] = ((), ("strong",), ("em",), ("strike",), ("strong", "em"), ("code",))
marks = st.sampled_from([frozenset[Mark](names) for names in MARKS])
languages = st.sampled_from(["", "python", "c++"])
codes = st.text(st.sampled_from("ab {}<>&*`|\\\n#"), max_size=20)


def lines(texts: st.SearchStrategy[str], *, breaks: bool = True) -> st.SearchStrategy[tuple[Inline, ...]]:
    """Words with their marks and links, blanks or line breaks between them."""
    pieces = st.builds(Text, texts, marks) | st.builds(Link, urls, texts) | st.builds(Text, texts)
    gaps: st.SearchStrategy[Inline] = st.sampled_from([Text(" "), Text(" "), Break()] if breaks else [Text(" ")])
    pairs = st.lists(st.tuples(pieces, gaps), min_size=1, max_size=4)
    content = pairs.map(lambda found: tidy(inline for pair in found for inline in pair))
    return content.filter(bool)


def prose(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Block]:
    return st.builds(Paragraph, lines(texts))


def lists(texts: st.SearchStrategy[str], depth: int = 2) -> st.SearchStrategy[Block]:
    """Lists with nested ones of the other kind below their items."""
    inner = st.lists(lists(texts, depth - 1), max_size=1) if depth else st.just(list[Block]())
    items = st.builds(_item, prose(texts), inner)
    return st.builds(ItemList, st.booleans(), st.lists(items, min_size=1, max_size=3).map(tuple))


def _item(first: Block, rest: list[Block]) -> ListItem:
    return ListItem((first, *rest))


def documents(
    texts: st.SearchStrategy[str], *extra: st.SearchStrategy[Block], code: st.SearchStrategy[str] = codes
) -> st.SearchStrategy[Document]:
    """Documents of paragraphs, lists, code and quotes, and of what else the format can say."""
    simple = prose(texts) | lists(texts) | st.builds(CodeBlock, code, languages)
    quotes = st.builds(Quote, _runs(simple, 1, 2))
    return st.builds(Document, _runs(st.one_of(simple, quotes, *extra), 0, 4))


def headings(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Block]:
    return st.builds(Heading, st.integers(1, 6), lines(texts, breaks=False))


def tables(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Block]:
    cell = lines(texts, breaks=False)
    rows = st.integers(1, 3).flatmap(
        lambda width: st.lists(st.tuples(*[cell] * width), min_size=1, max_size=3).map(tuple),
    )
    return st.builds(Table, rows)


rules: st.SearchStrategy[Block] = st.just(Rule())


def _runs(blocks: st.SearchStrategy[Block], least: int, most: int) -> st.SearchStrategy[tuple[Block, ...]]:
    return st.lists(blocks, min_size=least, max_size=most).filter(_is_clear).map(tuple)


def _is_clear(blocks: list[Block]) -> bool:
    """Whether no two neighbours are of a kind that some formats take for one."""
    return all(type(one) is not type(two) or not isinstance(one, ItemList | Quote) for one, two in pairwise(blocks))
