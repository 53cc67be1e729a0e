"""Atlassian Document Format, as far as the stand-in needs it: what Jira refuses, and the words and wiki text of it.

https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
"""

from typing import Any, cast

INLINE = {"text", "hardBreak", "mention", "emoji", "inlineCard", "date", "status"}
LISTS = {"bulletList", "orderedList"}
CHILDREN: dict[str, set[str]] = {
    "doc": {"paragraph", "heading", "blockquote", "codeBlock", "rule", "table", "panel"} | LISTS,
    "paragraph": INLINE,
    "heading": INLINE,
    "bulletList": {"listItem"},
    "orderedList": {"listItem"},
    "listItem": {"paragraph", "codeBlock"} | LISTS,
    "blockquote": {"paragraph", "codeBlock"} | LISTS,
    "codeBlock": {"text"},
    "panel": {"paragraph", "heading", "rule"} | LISTS,
    "table": {"tableRow"},
    "tableRow": {"tableCell", "tableHeader"},
    "tableCell": {"paragraph", "heading", "blockquote", "codeBlock", "rule", "panel"} | LISTS,
    "tableHeader": {"paragraph", "heading", "blockquote", "codeBlock", "rule", "panel"} | LISTS,
}
MAY_BE_EMPTY = {"doc", "paragraph", "heading", "codeBlock"}
REQUIRED: dict[str, str] = {"heading": "level", "mention": "id", "emoji": "shortName", "inlineCard": "url"}
MARKS = {"strong", "em", "strike", "code", "underline", "subsup", "textColor", "link"}


def is_document(body: object) -> bool:
    """Whether Jira would take it as a document."""
    root = _node(body)
    return root.get("type") == "doc" and root.get("version") == 1 and _sound(root)


def plain_text(body: object) -> str:
    """The words of ADF, block by block; a string stays as it is."""
    if isinstance(body, str):
        return body
    return "\n\n".join(filter(None, (_words(_node(block)) for block in _content(_node(body)))))


def wiki_text(body: object) -> str:
    """ADF as the wiki text that Jira puts into webhooks; good enough for what people write in comments."""
    if isinstance(body, str):
        return body
    return "\n\n".join(_wiki(_node(block)) for block in _content(_node(body)))


def document(text: str) -> dict[str, Any]:
    """Plain text as ADF, a paragraph for each blank line."""
    paragraphs: list[dict[str, Any]] = []
    for chunk in filter(None, text.split("\n\n")):
        content: list[dict[str, Any]] = []
        for number, line in enumerate(chunk.split("\n")):
            content += [{"type": "hardBreak"}] if number else []
            content += [{"type": "text", "text": line}] if line else []
        paragraphs.append({"type": "paragraph", "content": content})
    return {"type": "doc", "version": 1, "content": paragraphs}


def _sound(node: dict[str, Any]) -> bool:
    kind = str(node.get("type"))
    attrs = _node(node.get("attrs"))
    if kind == "text":
        return _sound_text(node)
    if kind in REQUIRED and attrs.get(REQUIRED[kind]) in (None, ""):
        return False
    if kind == "heading" and attrs.get("level") not in range(1, 7):
        return False
    if kind not in CHILDREN:
        return kind in INLINE | {"rule"}
    children = [_node(child) for child in _content(node)]
    if not children and kind not in MAY_BE_EMPTY:
        return False
    if kind == "codeBlock" and any(child.get("marks") for child in children):
        return False
    return all(child.get("type") in CHILDREN[kind] and _sound(child) for child in children)


def _sound_text(node: dict[str, Any]) -> bool:
    text = node.get("text")
    marks = [_node(mark) for mark in cast("list[object]", node.get("marks") or [])]
    kinds = {mark.get("type") for mark in marks}
    linked = all(_node(mark.get("attrs")).get("href") for mark in marks if mark.get("type") == "link")
    alone = "code" not in kinds or kinds <= {"code", "link"}
    return isinstance(text, str) and text != "" and kinds <= MARKS and len(kinds) == len(marks) and linked and alone


def _words(node: dict[str, Any]) -> str:
    kind = node.get("type")
    attrs = _node(node.get("attrs"))
    if kind == "text":
        return str(node.get("text"))
    if kind == "hardBreak":
        return "\n"
    if kind in ("mention", "emoji"):
        return str(attrs.get("text") or attrs.get("shortName") or attrs.get("id"))
    joint = "" if CHILDREN.get(str(kind), set()) <= INLINE else "\n"
    return joint.join(_words(_node(child)) for child in _content(node))


def _wiki(node: dict[str, Any]) -> str:
    kind = node.get("type")
    inner = "".join(_wiki_inline(_node(child)) for child in _content(node))
    if kind == "heading":
        return f"h{_node(node.get('attrs')).get('level')}. {inner}"
    if kind == "codeBlock":
        return "{code}" + _words(node) + "{code}"
    if kind == "blockquote":
        return "{quote}" + "\n\n".join(_wiki(_node(child)) for child in _content(node)) + "{quote}"
    if kind in LISTS:
        sign = "#" if kind == "orderedList" else "*"
        return "\n".join(f"{sign} {_words(_node(item))}" for item in _content(node))
    return "----" if kind == "rule" else inner if kind == "paragraph" else _words(node)


def _wiki_inline(node: dict[str, Any]) -> str:
    if node.get("type") == "mention":
        return f"[~accountid:{_node(node.get('attrs')).get('id')}]"
    text = _words(node)
    for mark in (_node(each) for each in cast("list[object]", node.get("marks") or [])):
        kind = mark.get("type")
        if kind == "link":
            text = f"[{text}|{_node(mark.get('attrs')).get('href')}]"
        elif kind in ("strong", "em", "strike", "code"):
            before, after = {"strong": "**", "em": "__", "strike": "--", "code": ("{{", "}}")}[str(kind)]
            text = before + text + after
    return text


def _node(raw: object) -> dict[str, Any]:
    return cast("dict[str, Any]", raw) if isinstance(raw, dict) else {}


def _content(node: dict[str, Any]) -> list[object]:
    content = node.get("content")
    return cast("list[object]", content) if isinstance(content, list) else []
