from __future__ import annotations

import subprocess
import sys

import pytest

from iamlint.text import Dialect, Partial, Source, SyntaxFault, Unknown, read_text
from iamlint.text.json import MAX_JSON5
from iamlint.text.source import MAX_DEPTH, NO_VALUE


def marked(source: Source) -> list[tuple[SyntaxFault, str]]:
    return [(f.fault, source.text[f.span.start : f.span.end]) for f in source.flaws]


def read(text: str, dialect: Dialect = Dialect.JSON) -> Source:
    return read_text(text, dialect)


def reason(text: str, dialect: Dialect = Dialect.JSON) -> tuple[str, int, int]:
    source = read(text, dialect)
    (flaw,) = source.flaws
    assert flaw.fault in NO_VALUE
    assert not source.readable
    return flaw.message, flaw.span.start, flaw.span.end


def at(source: Source, *pointer: str | int) -> str:
    span = source.locate(pointer)
    return source.text[span.start : span.end]


def test_plain_json_has_no_flaws() -> None:
    source = read('{"a": [1, 2.5e3, true, null, "x"]}')
    assert source.value == {"a": [1, 2500.0, True, None, "x"]}
    assert source.flaws == ()
    assert source.dialect is Dialect.JSON


def test_key_and_value_have_places() -> None:
    source = read('{"a": {"b": [10, 20]}}')
    assert at(source, "a", "b") == "[10, 20]"
    assert at(source, "a", "b", 1) == "20"
    span = source.locate(("a", "b"), key=True)
    assert source.text[span.start : span.end] == '"b"'


def test_pointer_to_nothing_gives_the_node_above() -> None:
    source = read('{"a": {"b": 1}}')
    assert at(source, "a", "x", 3) == '{"b": 1}'
    assert source.locate(("a", "x"), key=True) == source.locate(("a",))


def test_last_duplicate_key_counts_and_the_repeat_is_marked() -> None:
    source = read('{"a": {"x": 1}, "b": 2, "a": {"y": 3}}')
    assert source.value == {"a": {"y": 3}, "b": 2}
    assert [(f.fault, f.span.start) for f in source.flaws] == [(SyntaxFault.DUPLICATE_KEY, 24)]
    assert at(source, "a") == '{"y": 3}'
    assert set(source.places) == {(), ("a",), ("a", "y"), ("b",)}


def test_duplicate_keys_inside_a_duplicate_leave_no_places() -> None:
    source = read('{"a": {"x": 1, "x": [2]}, "a": {"x": 3}}')
    assert source.value == {"a": {"x": 3}}
    assert set(source.places) == {(), ("a",), ("a", "x")}
    assert at(source, "a", "x") == "3"


def test_keys_that_differ_only_in_escapes_are_duplicates() -> None:
    source = read('{"a": 1, "\\u0061": 2}')
    assert source.value == {"a": 2}
    assert marked(source) == [(SyntaxFault.DUPLICATE_KEY, '"\\u0061"')]
    assert at(source, "a") == "2"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_are_kept_and_counted(end: str) -> None:
    source = read(f'{{{end}"a":{end}\t[1]{end}}}')
    assert at(source, "a") == "[1]"
    assert source.lines.position(source.locate(("a",)).start).line == 3
    assert source.lines.position(source.locate(("a",)).start).column == 2


def test_astral_characters_count_as_one() -> None:
    source = read('{"😀": "😀", "b": 1}')
    assert source.locate(("b",)).start == 16
    assert at(source, "😀") == '"😀"'


def test_escaped_surrogate_pair_is_one_character() -> None:
    assert read('"\\ud83d\\ude00"').value == "😀"
    assert read('["\\ud83d\\ude00", "\\\\ud83d\\\\ude00",]').value == ["😀", "\\ud83d\\ude00"]
    assert read("['\\ud83d\\ude00', '\\\\ud83d\\ude00']").value == ["😀", "\\ud83d\ude00"]


def test_lone_surrogate_is_kept() -> None:
    source = read('{"\\ud800": "\\udc00"}')
    assert source.value == {"\ud800": "\udc00"}
    assert source.flaws == ()
    assert at(source, "\ud800") == '"\\udc00"'


def test_raw_control_character_is_marked() -> None:
    source = read('{"a": "x\ty\tz", "b": 1}')
    assert source.value == {"a": "x\ty\tz", "b": 1}
    assert marked(source) == [(SyntaxFault.CONTROL_CHARACTER, "\t")]
    assert at(source, "b") == "1"


def test_string_over_two_lines_is_marked() -> None:
    source = read("{a: 'x\ny'}", Dialect.JSON5)
    assert source.value == {"a": "x\ny"}
    assert marked(source) == [(SyntaxFault.CONTROL_CHARACTER, "\n")]


@pytest.mark.parametrize("text", ["9" * 5000, "-" + "9" * 5000, "0x" + "f" * 5000])
def test_huge_integer_stays_text(text: str) -> None:
    assert read(f"[{text}]").value == [text]


def test_nesting_is_limited_and_the_bracket_too_many_is_named() -> None:
    deepest = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert read(deepest).readable
    assert read("[" + "[]," * 300 + "[]]").readable
    message = f"nested deeper than {MAX_DEPTH} levels"
    assert reason(f"[{deepest}]") == (message, MAX_DEPTH, MAX_DEPTH + 1)
    assert reason("[" * 100_000) == (message, MAX_DEPTH, MAX_DEPTH + 1)
    assert reason('{"a":' * 100_000) == (message, MAX_DEPTH * 5, MAX_DEPTH * 5 + 1)


def test_nesting_too_deep_for_json5_is_a_reason() -> None:
    assert reason("[" * 199 + "+1" + "]" * 199)[0] == "nested too deep for json5"


def test_comments_and_trailing_commas_are_marked_in_json() -> None:
    text = '/* a */ {"a": [1, 2,], // "b"\n "c": "// no", /* , */ }'
    source = read(text)
    assert source.value == {"a": [1, 2], "c": "// no"}
    assert marked(source) == [
        (SyntaxFault.COMMENT, "/* a */"),
        (SyntaxFault.TRAILING_COMMA, ","),
        (SyntaxFault.COMMENT, '// "b"'),
        (SyntaxFault.TRAILING_COMMA, ","),
        (SyntaxFault.COMMENT, "/* , */"),
    ]
    assert [f.span.start for f in source.flaws] == [
        *(0, text.index(",]"), text.index("//"), text.index(", /*"), text.index("/* ,"))
    ]
    assert at(source, "c") == '"// no"'


@pytest.mark.parametrize("dialect", [Dialect.RELAXED_JSON, Dialect.JSON5])
def test_other_dialects_allow_comments_and_json5(dialect: Dialect) -> None:
    source = read("{a: [1, /* x */ +2,],}", dialect)
    assert source.value == {"a": [1, 2]}
    assert source.flaws == ()
    assert source.dialect is dialect


@pytest.mark.parametrize(
    ("text", "value", "odd"),
    [
        ("{a_$1: 1}", {"a_$1": 1}, "a_$1"),
        ("{\\u0061: 1}", {"a": 1}, "\\u0061"),
        ("{a\u200c: 1}", {"a\u200c": 1}, "a\u200c"),
        ("{a\ufeff: 1}", {"a": 1}, "a"),
        ("['it']", ["it"], "'it'"),
        ("{'a': 0x1F}", {"a": 31}, "'a'"),
        ("[+1, .5, 5.]", [1, 0.5, 5.0], "+1"),
        ("[-Infinity]", [float("-inf")], "-Infinity"),
        ('["a\\\nb"]', ["ab"], "\\\n"),
        ('["\\x41\\q"]', ["Aq"], "\\x41"),
        ("[\xa01]", [1], "\xa0"),
    ],
)
def test_first_thing_that_is_no_json_is_marked(text: str, value: object, odd: str) -> None:
    source = read(text)
    assert source.value == value
    assert marked(source) == [(SyntaxFault.JSON5_SYNTAX, odd)]


def test_key_of_several_lines_has_a_place() -> None:
    source = read("{'a\\\nb': [1]}", Dialect.JSON5)
    assert source.value == {"ab": [1]}
    assert at(source, "ab", 0) == "1"


def test_json5_beyond_the_limit_is_a_reason() -> None:
    padding = " " * MAX_JSON5
    assert reason(f"[+1{padding}]")[0] == "more than 250,000 characters of json5"
    assert read(f"[1,{padding}]").value == [1]


@pytest.mark.parametrize(
    "holder", ["${ACCEL::a}", "${f({a = 1})}", "{{ name }}", "{{{x}}}", "<%= a %>"]
)
def test_placeholder_outside_of_a_string_is_unknown(holder: str) -> None:
    source = read(f'{{"a": [{holder}, 1], "b": {holder}}}')
    assert source.value == {"a": [Unknown(holder), 1], "b": Unknown(holder)}
    assert marked(source) == [(SyntaxFault.PLACEHOLDER, holder)] * 2
    assert at(source, "b") == holder
    assert at(source, "a", 1) == "1"


def test_placeholder_that_a_later_key_overrules_is_gone() -> None:
    source = read('{"a": ${x}, "a": 1}')
    assert source.value == {"a": 1}
    assert [f.fault for f in source.flaws] == [SyntaxFault.PLACEHOLDER, SyntaxFault.DUPLICATE_KEY]


def test_placeholder_can_be_a_key() -> None:
    source = read("{${k}: 1}")
    assert source.value == {"${k}": 1}
    assert marked(source) == [(SyntaxFault.PLACEHOLDER, "${k}")]


def test_placeholders_in_strings_make_them_partial_but_policy_variables_do_not() -> None:
    source = read('["a{{ b }}c", "<%x%>", "${aws:username}", "{{ open", "{{}}"]')
    assert source.value == [
        Partial(("a", Unknown("{{ b }}"), "c")),
        Partial((Unknown("<%x%>"),)),
        "${aws:username}",
        "{{ open",
        Partial((Unknown("{{}}"),)),
    ]
    assert source.flaws == ()


@pytest.mark.parametrize(
    ("text", "message", "start", "end"),
    [
        ('{"a": 1 "b": 2}', 'expected `,` or `}`, found `"`', 8, 9),
        ('{"a" 1}', "expected `:`, found `1`", 5, 6),
        ('{"a": }', "expected a value, found `}`", 6, 7),
        ("[,]", "expected a value, found `,`", 1, 2),
        ("[1,,2]", "expected a value, found `,`", 3, 4),
        ("{,}", "expected a key, found `,`", 1, 2),
        ("{\\x41: 1}", "expected a key, found `\\`", 1, 2),
        ("{a\\u006: 1}", "expected a key, found `a`", 1, 2),
        ("{\u200ca: 1}", "expected a key, found `\u200c`", 1, 2),
        ("[1", "expected `,` or `]`, found the end of the text", 2, 2),
        ("{} {}", "expected nothing more, found `{`", 3, 4),
        ("[01]", "expected a value, found `01`", 1, 3),
        ("[True]", "expected a value, found `True`", 1, 5),
        ('["a]', "string without end", 1, 2),
        ('{"a": "b,\n "c": 1}', "string without end on its line", 6, 9),
        ('["\\u12"]', "unknown escape in a string", 2, 4),
        ("[1] /*", "comment without end", 4, 6),
        ("[1] # x", "expected nothing more, found `#`", 4, 5),
        ('{{\n"a": 1}}', "expected a key, found `{`", 1, 2),
        ("[${x]", "expected a value, found `$`", 1, 2),
    ],
)
def test_error_names_its_place(text: str, message: str, start: int, end: int) -> None:
    assert reason(text) == (message, start, end)


def test_strict_json_needs_no_slow_import() -> None:
    program = (
        "import sys; before = set(sys.modules); from iamlint.text import read_bytes;"
        'source = read_bytes(b\'{"a": 1}\', name="a.json");'
        'assert "iamlint.text.scan" not in sys.modules; assert source.locate(("a",)).start == 6;'
        "slow = {'json5', 'yaml', 'urllib.parse', 'hypothesis'};"
        "print(sorted(slow & (sys.modules.keys() - before)))"  # coverage imports some itself
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert done.stdout == "[]\n"
