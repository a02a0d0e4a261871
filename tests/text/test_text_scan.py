from __future__ import annotations

import json
import math

import json5
from hypothesis import given, settings
from hypothesis import strategies as st

from iamlint.text import Dialect, read_text
from iamlint.text.scan import ScanError, scan
from tests.support.examples import examples

# `{{` and `<%` in strings are placeholders, which are tested by example.
TEXTS = st.text().filter(lambda text: "{{" not in text and "<%" not in text)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=25,
)
SPACE = st.text(alphabet=" \t\n\r", max_size=3)


@settings(max_examples=examples(200), deadline=None)
@given(VALUES, st.none() | st.integers(0, 4) | SPACE, SPACE, SPACE, st.booleans())
def test_text_of_each_node_is_that_node(
    value: object,
    indent: int | str | None,
    before: str,
    after: str,
    ascii_only: bool,  # noqa: FBT001 - hypothesis fills it in
) -> None:
    if isinstance(value, float) and math.isinf(value):
        value = 0
    separators = (f"{before},{after}", f"{after}:{before}")
    text = before + json.dumps(
        value, indent=indent, ensure_ascii=ascii_only, separators=separators, allow_nan=True
    )
    source = read_text(text, Dialect.JSON)
    assert source.readable
    assert source.value == value
    for pointer, place in source.places.items():
        span = place.value
        assert json.loads(text[span.start : span.end]) == source.value_at(pointer)
        if place.key:
            assert json.loads(text[place.key.start : place.key.end]) == pointer[-1]


TOKENS = st.sampled_from(
    [
        *"{}[],:+-.01eExa$_\"'/*\\ \n\t\r",
        *("'a'", '"b"', "null", "true", "Infinity", "NaN", "0x1F", "1e5", ".5", "5.", "\u2028"),
        *(
            "// c\n",
            "/* c */",
            "\\u0061",
            "\\x41",
            "\\\n",
            "a: 1",
            "[1, 2]",
            "{a: 1,}",
            "\xa0",
            "é",
        ),
    ]
)
SCALARS5 = st.sampled_from(
    [
        *(
            "1",
            "+1",
            "-0x1F",
            ".5",
            "5.",
            "1e-3",
            "Infinity",
            "-NaN",
            "null",
            "true",
            "''",
            "'a\\x41'",
        ),
        *('"\\u0041"', "'\\0'", '"\\q"', "'a\\\nb'", "'\"'", '"\u2028"', "'\\ud83d\\ude00'"),
    ]
)
KEYS5 = st.sampled_from(["a", "$b", "_c1", "é", "\\u0061b", "'d'", '"e f"', "null", "a\u200d"])
BLANKS5 = st.sampled_from(
    ["", " ", "\n", "\xa0", "\ufeff", "// c\n", "/* * / */", "\v\f", "\u3000"]
)


@st.composite
def json5_texts(draw: st.DrawFn, depth: int = 3) -> str:
    pad = draw(BLANKS5)
    kind = draw(st.sampled_from("slo")) if depth else "s"
    if kind == "s":
        return pad + draw(SCALARS5) + draw(BLANKS5)
    inner = json5_texts(depth - 1)
    if kind == "o":
        inner = st.builds(lambda key, blank, item: f"{blank}{key}:{item}", KEYS5, BLANKS5, inner)
    items = draw(st.lists(inner, max_size=4))
    end = draw(st.sampled_from(["", "," + draw(BLANKS5)])) if items else draw(BLANKS5)
    body = ",".join(items) + end
    return pad + ("{%s}" if kind == "o" else "[%s]") % body + draw(BLANKS5)


def joined(value: object) -> object:
    """Return `value` as the text of its parts, surrogate pairs joined, NaN equal to itself."""
    return repr(value).replace("\\ud83d\\ude00", "😀")


@settings(max_examples=examples(200), deadline=None)
@given(json5_texts())
def test_json5_is_read_as_the_json5_package_does(text: str) -> None:
    source = read_text(text, Dialect.JSON5)
    text = text.removeprefix("\ufeff")
    assert source.readable
    assert joined(source.value) == joined(json5.loads(text))
    for pointer, place in source.places.items():
        part = text[place.value.start : place.value.end]
        assert joined(json5.loads(part)) == joined(source.value_at(pointer))


@settings(max_examples=examples(200), deadline=None)
@given(st.lists(TOKENS, min_size=1, max_size=8).map("".join))
def test_what_json5_accepts_is_accepted_and_only_that(text: str) -> None:
    try:
        expected = joined(json5.loads(text))
    except ValueError:
        expected = None
    try:
        found = scan(text)
    except ScanError:
        assert expected is None
        return
    if expected is None:  # more than JSON5 is allowed only where a flaw says so
        assert {flaw.fault.name for flaw in found.flaws} & {"CONTROL_CHARACTER", "PLACEHOLDER"}
    else:
        assert joined(read_text(text, Dialect.JSON5).value) == expected


@settings(max_examples=examples(200), deadline=None)
@given(st.text(alphabet="{}[]<>%$\"'\\:,/*01aeE.+- \n\t#&|!", max_size=60))
def test_no_text_raises_and_every_place_lies_in_it(text: str) -> None:
    for dialect in Dialect:
        source = read_text(text, dialect)
        spans = [place.value for place in source.places.values()] if source.readable else []
        for span in (*spans, *(flaw.span for flaw in source.flaws)):
            assert 0 <= span.start <= span.end <= len(source.text)
