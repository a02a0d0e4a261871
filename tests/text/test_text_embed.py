from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus, unquote, unquote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iamlint.text import Dialect, Source, Span, SyntaxFault, read_embedded, read_text
from tests.support.examples import examples

if TYPE_CHECKING:
    from iamlint.text.span import Pointer


def inside(text: str, dialect: Dialect, pointer: Pointer = ("p",)) -> Source:
    source = read_embedded(read_text(text, dialect), pointer)
    assert source is not None
    assert source.text == text
    return source


def at(source: Source, *pointer: str | int) -> str:
    span = source.locate(pointer)
    return source.text[span.start : span.end]


def test_places_lead_through_the_escapes_of_json() -> None:
    text = r'{"p": "{\"\u0061\": \"\ud83d\ude00\", \"b\":\t[1, \"\\u0041\"]}"}'
    source = inside(text, Dialect.JSON)
    assert source.value == {"a": "😀", "b": [1, "A"]}
    assert at(source) == r"{\"\u0061\": \"\ud83d\ude00\", \"b\":\t[1, \"\\u0041\"]}"
    assert at(source, "a") == r"\"\ud83d\ude00\""
    assert at(source, "b", 0) == "1"
    assert at(source, "b", 1) == r"\"\\u0041\""
    key = source.locate(("b",), key=True)
    assert text[key.start : key.end] == r"\"b\""


def test_places_lead_through_json5_strings() -> None:
    source = inside("{p: '{\"a\": \\\n [\\x31]}'}", Dialect.JSON5)
    assert source.value == {"a": [1]}
    assert at(source, "a", 0) == "\\x31"


@pytest.mark.parametrize(
    ("scalar", "place"),
    [
        ("'{\"a\":\n [1,\n\n  \"it''s\"\n]}'", "\"it''s\""),
        ("'{\"a\": [1, \"it''s\"]}'", "\"it''s\""),
        (r'"{\"a\": [1, \"\x41\"]}"', r"\"\x41\""),
        ("!Sub &x '{\"a\": [1, 2]}'", "2"),
        ('|\n  {"a":\n    [1,\n\n   2]}\n', "2"),
        ('|2-\r\n    {"a": [1,\r\n  2]}\r\n\r\n', "2"),
        ('|  # c\n\n  {"a": [1, 2]}\n', "2"),
        ('>\n  {"a":\n  [1, 2]}\n', "2"),
        ('>2-  # c\r\n    {"a":\r\n\r\n      [1,\r\n\r\n  "b  c"  ]\r\n  }\r\n', '"b  c"'),
        ('"{\\"a\\": [1,\n  \\"\\x41\\t\\\n  b\\"\n  ]}"', '\\"\\x41\\t\\\n  b\\"'),
        ('"{\\"a\\": [1,\n  \\n \\"b\\"]}"', None),
        ("'%7B%22a%22%3A%5B1%2C2%5D%7D'", "2"),
    ],
)
def test_places_in_yaml_are_exact_or_the_whole_scalar(scalar: str, place: str | None) -> None:
    text = f"o: 1\np: {scalar}\nq: 2\n"
    outer = read_text(text, Dialect.YAML)
    source = read_embedded(outer, ("p",))
    assert source is not None
    assert source.readable
    whole = outer.locate(("p",))
    assert at(source, "a", 1) == (place or text[whole.start : whole.end])


def test_flaws_lie_in_the_outer_text() -> None:
    text = r'["{\"a\": 1, \"a\": 2,}"]'
    source = inside(text, Dialect.JSON, (0,))
    assert [(f.fault, text[f.span.start : f.span.end]) for f in source.flaws] == [
        (SyntaxFault.DUPLICATE_KEY, r"\"a\""),
        (SyntaxFault.TRAILING_COMMA, ","),
    ]
    broken = inside(r'["{\"a\" 1}"]', Dialect.JSON, (0,))
    assert [(f.fault, f.span) for f in broken.flaws] == [(SyntaxFault.UNREADABLE, Span(9, 10))]


def test_json_inside_of_embedded_json_has_places() -> None:
    text = json.dumps({"p": json.dumps({"q": json.dumps({"a": [1, "é"]})})})
    source = read_embedded(inside(text, Dialect.JSON), ("q",))
    assert source is not None
    assert source.value == {"a": [1, "é"]}
    assert at(source, "a", 0) == "1"
    assert at(source, "a", 1) == r"\\\"\\\\u00e9\\\""


def test_pointer_to_nothing_is_nothing() -> None:
    for outer in (read_text('{"p": "[1]"}'), read_text("p: '[1]'")):
        assert read_embedded(outer, ("q",)) is None
        assert read_embedded(outer, ("p", 0)) is None
        assert outer.characters(("p",)) is not None
        assert outer.characters(("q",)) is None
        assert outer.characters(()) is None


def test_given_text_has_the_place_of_the_whole_string() -> None:
    outer = read_text('["{\\"a\\": \\"${x}\\"}"]', Dialect.JSON)
    source = read_embedded(outer, (0,), '{"a": "y"}')
    assert source is not None
    assert source.value == {"a": "y"}
    assert source.locate(("a",)) == outer.locate((0,)) == Span(1, 20)
    as_long = read_embedded(outer, (0,), '{"a": "wxyz"}')
    assert as_long is not None
    assert as_long.locate(("a",)) == Span(1, 20)


def test_given_text_that_is_the_string_has_exact_places() -> None:
    outer = read_text('["[1]"]', Dialect.JSON)
    source = read_embedded(outer, (0,), "[1]")
    assert source is not None
    assert source.locate((0,)) == Span(3, 4)


@pytest.mark.parametrize("text", ['["x"]', "[1]", "[[]]", '[""]', "[]", '[" arn:{"]'])
def test_what_does_not_look_like_json_is_nothing(text: str) -> None:
    assert read_embedded(read_text(text, Dialect.JSON), (0,)) is None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@settings(max_examples=examples(100), deadline=None)
@given(
    value=st.lists(VALUES, min_size=1),
    ascii_only=st.booleans(),
    indent=st.none() | st.integers(0, 3),
)
def test_text_of_each_embedded_node_is_that_node(
    value: list[object], *, ascii_only: bool, indent: int | None
) -> None:
    inner = json.dumps(value, indent=indent, ensure_ascii=not ascii_only)
    text = json.dumps({"p": inner}, ensure_ascii=ascii_only)
    source = inside(text, Dialect.JSON)
    for pointer in source.places:
        literal = json.loads(f'"{at(source, *pointer)}"')
        assert json.loads(literal) == source.value_at(pointer)


@settings(max_examples=examples(50), deadline=None)
@given(value=st.lists(VALUES, min_size=1), form=st.booleans(), safe=st.sampled_from(["", "/:,"]))
def test_text_of_each_url_encoded_node_is_that_node(
    value: list[object], *, form: bool, safe: str
) -> None:
    encode, decode = (quote_plus, unquote_plus) if form else (quote, unquote)
    text = json.dumps({"p": encode(json.dumps(value, ensure_ascii=False), safe=safe)})
    source = inside(text, Dialect.JSON)

    for pointer in source.places:
        assert json.loads(decode(at(source, *pointer))) == source.value_at(pointer)


@pytest.mark.parametrize("encoded", ["%5B%22%FF%FE%22%2C1%5D", "%5B%22%E2%82%22%2C1%5D"])
def test_bytes_that_are_no_text_move_no_place_out_of_the_string(encoded: str) -> None:
    source = inside(json.dumps({"p": encoded}), Dialect.JSON)

    assert at(source) == encoded
    assert at(source, 1) == "1"


def test_plus_is_itself_where_spaces_are_encoded() -> None:
    source = inside(json.dumps({"p": "%5B%22a+b%20c%22%5D"}), Dialect.JSON)

    assert source.value == ["a+b c"]


def test_string_without_its_quotes_is_read_with_its_places() -> None:
    text = json.dumps({"p": json.dumps('{"a": [1, "x"]}')[1:-1]})
    outer = inside(text, Dialect.JSON)
    source = read_embedded(outer, ())

    assert source is not None
    assert source.value == {"a": [1, "x"]}
    assert at(source, "a", 0) == "1"
    assert at(source, "a", 1) == r"\\\"x\\\""
