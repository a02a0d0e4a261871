from __future__ import annotations

import pytest

from iamlint.text import Dialect, Span, SyntaxFault, SyntaxFlaw, read_bytes, read_text
from iamlint.text import read as reading
from iamlint.text.source import NO_VALUE


def reason(data: bytes, name: str = "a.json") -> tuple[str, Span]:
    source = read_bytes(data, name=name)
    (flaw,) = source.flaws
    assert flaw.fault in NO_VALUE
    assert flaw.span.end <= len(source.text)
    return flaw.message, flaw.span


def test_byte_order_mark_is_noted_and_dropped() -> None:
    source = read_bytes('\ufeff{"é": 1}'.encode(), name="a.json")
    assert source.text == '{"é": 1}'
    assert source.value == {"é": 1}
    message = "byte order mark before the text"
    assert source.flaws == (SyntaxFlaw(SyntaxFault.BYTE_ORDER_MARK, message, Span(0, 0)),)
    assert source.locate(("é",)) == Span(6, 7)


def test_byte_order_mark_before_yaml_shifts_nothing() -> None:
    source = read_bytes("\ufeffa: [1]".encode(), name="a.yaml")
    assert [f.fault for f in source.flaws] == [SyntaxFault.BYTE_ORDER_MARK]
    assert source.locate(("a",)) == Span(3, 6)


@pytest.mark.parametrize("order", ["le", "be"])
def test_utf_16_is_read(order: str) -> None:
    source = read_bytes('\ufeff{"😀": 1}'.encode(f"utf-16-{order}"), name="a.json")
    assert source.value == {"😀": 1}
    assert [f.fault for f in source.flaws] == [SyntaxFault.BYTE_ORDER_MARK]


@pytest.mark.parametrize("data", [b"", b" \r\n\t ", b"\xef\xbb\xbf"])
def test_empty_file_is_unreadable(data: bytes) -> None:
    source = read_bytes(data, name="a.json")
    assert not source.readable
    assert source.flaws[-1].message == "empty"


def test_bytes_that_are_no_text_are_named() -> None:
    assert reason("é".encode() + b'"\xff\xfe') == ("not UTF-8", Span(2, 3))
    assert reason(b'{"a": "\x00"}') == ("contains a NUL character: not a text", Span(7, 8))
    assert reason(b"\x89PNG\r\n\x1a\n\x00") == ("not UTF-8", Span(0, 1))
    assert reason(b"\xff\xfe{\0[") == ("not UTF-16-LE", Span(1, 2))


def test_large_file_is_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 10)
    assert reason(b"[" + b" " * 9 + b"]") == ("larger than 10 bytes", Span(0, 0))
    assert read_bytes(b"[" + b" " * 8 + b"]").value == []


def test_large_yaml_is_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_YAML", 3)
    assert reason(b"a: 1", "a.yaml") == ("more than 3 characters of yaml", Span(0, 1))


@pytest.mark.parametrize(
    ("name", "text", "dialect"),
    [
        ("a.json", "{}", Dialect.JSON),
        ("A.JSON5", "{}", Dialect.JSON5),
        ("a.jsonc", "{}", Dialect.RELAXED_JSON),
        ("a.json5", "{}", Dialect.JSON5),
        ("a.yaml", "a: 1", Dialect.YAML),
        ("a.yml", "a: 1", Dialect.YAML),
        ("a.template", "a: 1", Dialect.YAML),
        ("a.template", '\n {"a": 1}', Dialect.JSON),
        ("a.template", '{"a": 1,} // c', Dialect.RELAXED_JSON),
        ("a.yaml", "{a: b}", Dialect.YAML),
        ("a.yaml", "[a: b] # c", Dialect.YAML),
        ("a.txt", " [1]", Dialect.JSON),
        ("", "{}", Dialect.JSON),
        ("", "// c\n{}", Dialect.RELAXED_JSON),
        ("", "a: 1", Dialect.YAML),
        ("dir.json/policy", "a: 1", Dialect.YAML),
    ],
)
def test_extension_then_first_character_choose_the_dialect(
    name: str, text: str, dialect: Dialect
) -> None:
    source = read_bytes(text.encode(), name=name)
    assert source.readable
    assert source.dialect is dialect


def test_given_dialect_wins_over_the_name() -> None:
    assert read_bytes(b"{a: 1,}", name="a.json", dialect=Dialect.JSON5).flaws == ()


def test_json_file_is_never_read_as_yaml() -> None:
    assert not read_text("a: 1", name="a.json").readable
    assert not read_text('{"a": 1\n "b": 2}', name="a.json").readable


def test_lost_comma_in_a_yaml_file_is_the_error_of_json() -> None:
    assert reason(b'{"a": 1\n "b": 2}', "a.yaml") == ('expected `,` or `}`, found `"`', Span(9, 10))
    assert reason(b'{"a": [x\n "b"]}', "a.yaml")[0] == "expected a value, found `x`"


def test_json_in_a_yaml_file_may_have_trailing_commas() -> None:
    source = read_text('{"a": [1,],}', name="a.yaml")
    assert source.value == {"a": [1]}
    assert source.flaws == ()


def test_string_over_two_lines_in_a_yaml_file_is_folded() -> None:
    assert read_text('{"a": "b\\\n  \\ c"}', name="a.yaml").value == {"a": "b c"}
    assert read_text('{"a": "b\n  c"}', name="a.yaml").value == {"a": "b c"}


def test_templated_yaml_says_so() -> None:
    (flaw,) = read_text("{{- if x }}\na: 1\n{{- end }}", name="a.yaml").flaws
    assert flaw.fault in NO_VALUE
    assert flaw.message.startswith("templated: ")
