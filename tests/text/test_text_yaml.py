from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.text import Dialect, Partial, Source, Span, SyntaxFault, Tagged, Unknown, read_text
from iamlint.text.source import MAX_DEPTH, NO_VALUE

if TYPE_CHECKING:
    from iamlint.text.span import Pointer


def read(text: str) -> Source:
    return read_text(text, Dialect.YAML)


def at(source: Source, *pointer: str | int) -> str:
    span = source.locate(pointer)
    return source.text[span.start : span.end]


def reason(text: str) -> tuple[str, int, int]:
    source = read(text)
    (flaw,) = source.flaws
    assert flaw.fault in NO_VALUE
    return flaw.message, flaw.span.start, flaw.span.end


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2012-10-17", "2012-10-17"),
        ("012345678901", "012345678901"),
        ("123456789012", 123456789012),
        ("-1", -1),
        ("0", 0),
        ("1.5", 1.5),
        ("1.5e+3", 1500.0),
        *(
            (word, word)
            for word in ("1e3", "0x1f", "0o17", "1_000", "12:30:45", "+1", ".5", ".inf")
        ),
        *((word, word) for word in ("yes", "no", "on", "off", "y", "N", "tRue", "NuLL")),
        *((word, True) for word in ("true", "True", "TRUE")),
        *((word, False) for word in ("false", "False", "FALSE")),
        *((word, None) for word in ("null", "Null", "NULL", "~", "")),
        ("'true'", "true"),
        ('"1"', "1"),
        ("!!str 1", "1"),
        ("! 1", "1"),
        ("!!int '3'", 3),
        ("!!timestamp 2012-10-17", "2012-10-17"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_scalar_is_typed_only_where_yaml_leaves_no_doubt(text: str, value: object) -> None:
    found = read(f"a: {text}").value
    assert found == {"a": value}
    assert isinstance(found, dict)
    assert type(found["a"]) is type(value)


def test_keys_are_text() -> None:
    value = read("true: 1\n012: 2\n2012-10-17: 3\n~: 4\n'x': 5").value
    assert value == {"true": 1, "012": 2, "2012-10-17": 3, "~": 4, "x": 5}


def test_local_tags_stay_and_pointers_pass_them() -> None:
    source = read("a: !Sub '${x}'\nb: !If\n  - c\n  - k: !GetAtt d.e\nf: !Ref 1\ng: !T {h: 2}")
    assert source.value == {
        "a": Tagged("!Sub", "${x}"),
        "b": Tagged("!If", ["c", {"k": Tagged("!GetAtt", "d.e")}]),
        "f": Tagged("!Ref", "1"),
        "g": Tagged("!T", {"h": 2}),
    }
    assert at(source, "a") == "!Sub '${x}'"
    assert at(source, "b", 1, "k") == "!GetAtt d.e"
    assert source.value_at(("b", 1, "k")) == Tagged("!GetAtt", "d.e")
    assert at(source, "g", "h") == "2"


def test_aliases_repeat_the_value_and_stand_where_they_are_used() -> None:
    source = read("a: &x {k: [1]}\nb: *x\nc: &s t\nd: *s")
    assert source.value == {"a": {"k": [1]}, "b": {"k": [1]}, "c": "t", "d": "t"}
    assert at(source, "b") == "*x"
    assert at(source, "d") == "*s"
    assert source.locate(("b", "k", 0)) == source.locate(("a", "k", 0)) == Span(11, 12)


def test_characters_of_strings_are_found_where_they_are_written_plainly() -> None:
    source = read("a: &s b''c\nd: *s\nl: |\n  x\n  y\nf: >\n  x\n  y\ne: !T ''\nn: 1\nm: x\n  y")
    assert source.characters(("a",)) == [6, 7, 8, 9, 10]
    assert source.characters(("d",)) is None
    assert source.characters(("l",)) == [24, 25, 28, 29, 30]
    assert source.characters(("f",)) == [37, 38, 41, 42, 42]
    assert source.characters(("e",)) == [50]
    assert source.characters(("m",)) == [60, 61, 64, 65]


def test_merge_keys_are_merged() -> None:
    source = read(
        "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\n"
        "one: {<<: *x, a: 3}\ntwo: {a: 4, <<: [*y, *x]}\nno: {'<<': *x}\nstays: {<<: text}"
    )
    assert isinstance(source.value, dict)
    assert source.value["one"] == {"a": 3, "b": 1}
    assert source.value["two"] == {"a": 4, "b": 2, "c": 2}
    assert source.value["no"] == {"<<": {"a": 1, "b": 1}}
    assert source.value["stays"] == {"<<": "text"}
    assert at(source, "one", "a") == "3"
    assert source.locate(("two", "c"), key=True) == source.locate(("y", "c"), key=True)
    assert source.flaws == ()


def test_alias_bomb_is_a_reason() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    assert reason("\n".join(lines))[0] == "aliases repeat more than 200,000 nodes"


def test_merge_bomb_is_a_reason() -> None:
    keys = ", ".join(f"k{i}: {i}" for i in range(1000))
    lines = "".join(f"m{i}: {{<<: *x}}\n" for i in range(300))
    message = reason(f"x: &x {{{keys}}}\n{lines}")[0]
    assert message == "aliases repeat more than 200,000 nodes"


def test_alias_inside_its_anchor_and_without_anchor_are_reasons() -> None:
    assert reason("a: &x [*x]") == ("alias `*x` is inside its own anchor", 7, 9)
    assert reason("a: *x") == ("alias `*x` has no anchor", 3, 5)
    assert reason("--- &x a\n--- *x")[0] == "alias `*x` has no anchor"


def test_nesting_is_limited_also_through_aliases() -> None:
    message = f"nested deeper than {MAX_DEPTH} levels"
    assert read("a: " + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)).readable
    assert reason("a: " + "[" * MAX_DEPTH + "]" * MAX_DEPTH)[0] == message
    assert reason("a: " + "[" * 100_000)[0] == message
    assert reason("- " * 100_000)[0] == message
    half = "[" * 120 + "%s" + "]" * 120
    assert reason(f"a: &x {half % ''}\nb: {half % '*x'}")[0] == message


def test_last_duplicate_key_counts_and_the_repeat_is_marked() -> None:
    source = read("a: {x: 1}\nb: 2\na: {y: 3}")
    assert source.value == {"a": {"y": 3}, "b": 2}
    assert [(f.fault, f.span) for f in source.flaws] == [(SyntaxFault.DUPLICATE_KEY, Span(15, 16))]
    assert set(source.places) == {(), ("a",), ("a", "y"), ("b",)}


def test_documents_are_counted_only_where_there_are_several() -> None:
    several = read("a: 1\n---\n---\nb: [2]\n")
    assert several.value == [{"a": 1}, None, {"b": [2]}]
    assert at(several, 2, "b", 0) == "2"
    assert read("---\na: 1\n...\n").value == {"a": 1}
    assert read("# nothing\n").value is None


def test_block_collections_end_with_their_last_child() -> None:
    text = "a:\n  - b: 1\n    c:\n  -  # empty\n\n# after\nd:\n- x\n\n"
    source = read(text)
    assert at(source) == text.rstrip()
    assert at(source, "a") == "- b: 1\n    c:\n  -"
    assert at(source, "a", 0) == "b: 1\n    c:"
    assert at(source, "a", 0, "c") == ""
    assert at(source, "d") == "- x"


def test_scalars_have_exact_places() -> None:
    text = (
        "p: plain text  # c\n's': 'it''s'\nd: \"x\\u0041\"\nl: |-\n  one\n\n  two\n\n"
        "f: >\n  one\n  two\n# c\nm: one\n  two\nt: !Sub &x 'y'\n"
    )
    source = read(text)
    assert at(source, "p") == "plain text"
    assert at(source, "s") == "'it''s'"
    assert at(source, "d") == '"x\\u0041"'
    assert at(source, "l") == "|-\n  one\n\n  two"
    assert at(source, "f") == ">\n  one\n  two"
    assert at(source, "m") == "one\n  two"
    assert at(source, "t") == "!Sub &x 'y'"
    span = source.locate(("s",), key=True)
    assert text[span.start : span.end] == "'s'"


def test_offsets_count_code_points_over_tabs_and_line_ends() -> None:
    source = read("😀:\t'😀'\r\nb:\t1\r\nc: [\r\n\t2 ]\r\n")
    assert source.value == {"😀": "😀", "b": 1, "c": [2]}
    assert at(source, "😀") == "'😀'"
    assert at(source, "b") == "1"
    assert at(source, "c", 0) == "2"


def test_placeholders_in_strings_make_them_partial() -> None:
    source = read("a: 'x{{ y }}'\nb: ${aws:username}\nc: <% d %>")
    assert source.value == {
        "a": Partial(("x", Unknown("{{ y }}"))),
        "b": "${aws:username}",
        "c": Partial((Unknown("<% d %>"),)),
    }


@pytest.mark.parametrize(
    ("text", "message", "start", "end"),
    [
        ("a: {{ x }}", "templated: mapping as a key", 4, 9),
        ("? [a]\n: b", "list as a key", 2, 5),
        ("a: {b: 1\n  'c': 2 }", "did not find expected ',' or '}'", 14, 15),
        ('a: [b\n "c"]', "quote inside of a plain scalar: a comma is missing", 4, 10),
        ("a\n b: c", "mapping values are not allowed in this context", 4, 5),
        ("😀: [", "did not find expected node content", 4, 4),
        ("😀\x01", "character U+0001 is not allowed in yaml", 1, 2),
        ("a: \ud800", "character U+D800 is not allowed in yaml", 3, 4),
        ('a: "\\ud83d\\ude00"', "found invalid Unicode character escape code", 6, 7),
        ("{% if x %}\na: 1", "templated: found character that cannot start any token", 1, 2),
    ],
)
def test_error_names_its_place(text: str, message: str, start: int, end: int) -> None:
    assert reason(text) == (message, start, end)


def test_quote_after_a_word_is_fine_outside_of_flow_collections() -> None:
    assert read('a: b "c"').value == {"a": 'b "c"'}


def test_a_single_place_is_the_one_among_all_places() -> None:
    text = "a: &x\n  - {b: 1, c: !Sub d}\n  - e\nf: *x\n<<: {g: 2}\nh: |\n  i\n"
    every = dict(read(text).places)

    for known, place in every.items():
        assert read(text).place(known) == place
        assert read(text).locate(known) == place.value
        assert read(text).locate(known, key=True) == (place.key or place.value)
    beyond: dict[Pointer, Pointer] = {("a", 2): ("a",), ("a", "b"): ("a",), (0,): ()}
    for gone, above in beyond.items():
        assert read(text).place(gone) is None
        assert read(text).locate(gone, key=True) == every[above].value
