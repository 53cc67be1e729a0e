"""The quick reader of JSON takes and refuses what the standard one does, and reads the same."""

import json
from typing import Any, cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.webhook import Malformed, parse_object

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=True)
    | st.text(st.characters(categories=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def slowly(body: bytes | str) -> Any:
    """What the standard library makes of it; None if it is no object."""

    def refuse(name: str) -> Any:
        raise ValueError(name)

    try:
        read: object = json.loads(body, parse_constant=refuse)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", read) if isinstance(read, dict) else None


def quickly(body: bytes | str) -> Any:
    try:
        return parse_object(body)
    except Malformed:
        return None


@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=4), st.booleans())
def test_any_object_reads_the_same(content: dict[str, Any], ascii_only: bool) -> None:  # noqa: FBT001
    text = json.dumps(content, ensure_ascii=ascii_only)
    body = text.encode("utf-8", "surrogatepass")
    assert repr(quickly(body)) == repr(slowly(body))
    assert repr(quickly(text)) == repr(slowly(text))


@given(st.binary(max_size=12))
@example(b"")
def test_any_bytes_in_place_of_a_value_are_taken_or_refused_alike(junk: bytes) -> None:
    body = b'{"a":' + junk + b"}"
    assert repr(quickly(body)) == repr(slowly(body))


@given(st.text("0123456789.eE+-", max_size=12))
def test_anything_like_a_number_reads_the_same(number: str) -> None:
    body = f'{{"a":{number}}}'
    assert repr(quickly(body)) == repr(slowly(body))


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":NaN}', b'{"a":-Infinity}', b'{"a":1e400}', b'{"a":-0}', b'{"a":01}', b'{"a":1,}', b'{"a":1,"a":2}',
        b'{"a":"\\ud800"}', b'{"a":"\xed\xa0\x80"}', b'{"a":"\xff"}', b'{"a":"\\u0000\x7f"}', b'{"a":"\x01"}', b"[]",
        b'\xef\xbb\xbf{"a":1}', '{"a":1}'.encode("utf-16"), '{"a":1}'.encode("utf-32-be"), b'{"a":1}\x00', b"{}{}",
        b'{"a":' + b"9" * 5000 + b"}", b'{"a":' + b"9" * 400 + b"}", b'{"a":' + b"[" * 1100 + b"]" * 1100 + b"}",
        b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "\ufeff{}", '{"a":"\ud800"}',
    ],
)  # fmt: skip
def test_what_the_two_might_judge_differently_they_do_not(body: bytes | str) -> None:
    assert repr(quickly(body)) == repr(slowly(body))


@pytest.mark.parametrize("number", [2**64, -(2**63) - 1, 10**300])
def test_a_whole_number_beyond_64_bits_is_nearly_the_same(number: int) -> None:
    assert parse_object(b'{"a":%d}' % number)["a"] == pytest.approx(number)
