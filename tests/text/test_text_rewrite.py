"""Changes of a text at the nodes of its value: exactly these, or none at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.text import Dialect, read_embedded, read_text
from iamlint.text.rewrite import InexactError, insert, remove, reword, strictly

if TYPE_CHECKING:
    from iamlint.text.rewrite import Rewrite
    from iamlint.text.span import Pointer


def changed(text: str, rewrites: list[Rewrite]) -> str:
    for change in sorted(rewrites, reverse=True):
        text = text[: change.span.start] + change.text + text[change.span.end :]
    return text


@pytest.mark.parametrize(
    ("name", "before", "gone", "after"),
    [
        ("x.json", '["a", "b", "c"]', [0], '["b", "c"]'),
        ("x.json", '["a", "b", "c"]', [1], '["a", "c"]'),
        ("x.json", '["a", "b", "c"]', [2], '["a", "b"]'),
        ("x.json", '["a", "b", "c"]', [1, 2], '["a"]'),
        ("x.json", '["a", "b", "c"]', [0, 2], '["b"]'),
        ("x.json", '[\n  "a",\n  "b"\n]', [0], '[\n  "b"\n]'),
        ("x.json", '[\n  "a",\n  "b"\n]', [1], '[\n  "a"\n]'),
        ("x.json", '[\r\n  "a",\r\n  "b",\r\n  "c"\r\n]', [1], '[\r\n  "a",\r\n  "c"\r\n]'),
        ("x.json", '[\n  "a", "b",\n  "c"\n]', [1], '[\n  "a",\n  "c"\n]'),
        ("x.json", '[ "a"\n, "b"\n, "c"\n]', [1], '[ "a"\n, "c"\n]'),
        ("x.json", '[{\n  "a": 1\n}, {\n  "a": 2\n}]', [1], '[{\n  "a": 1\n}]'),
        ("x.json5", "[\n  'a', // one\n  'b', // two\n]", [1], "[\n  'a', // one\n  // two\n]"),
        ("x.json5", "[\n  'a',\n  // of b\n  'b'\n]", [1], "[\n  'a'\n  // of b\n]"),
        ("x.json5", "[\n  'a',\n  'b',\n]", [1], "[\n  'a',\n]"),
        ("x.yaml", "- a\n- b # two\n- c\n", [1], "- a\n# two\n- c\n"),
        ("x.yaml", "- a\n- b\n- c", [2], "- a\n- b\n"),
        ("x.yaml", "- a\r\n- b\r\n- c\r\n", [1], "- a\r\n- c\r\n"),
        ("x.yaml", "-\n  - a\n- b\n", [0], "- b\n"),
        ("x.yaml", "[a, b, c]\n", [1], "[a, c]\n"),
        ("x.yaml", "[a, # of a\n b]\n", [0], "[ # of a\n b]\n"),
        ("x.yaml", "[\n  a, # one\n  b,\n]\n", [1], "[\n  a, # one\n]\n"),
    ],
)
def test_removed_entry_takes_its_comma_and_its_line_and_leaves_comments(
    name: str, before: str, gone: list[str | int], after: str
) -> None:
    source = read_text(before, name=name)

    assert changed(before, remove(source, (), gone)) == after
    kept = [item for at, item in enumerate(source.value) if at not in gone]  # type: ignore[arg-type]
    assert read_text(after, name=name).value == kept


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("x.json", '{"a": 1, "b": {}}', '{"a": 1}'),
        ("x.json", '{\n  "b": {},\n  "a": 1\n}', '{\n  "a": 1\n}'),
        ("x.yaml", "a: 1\nb: {}\n", "a: 1\n"),
        ("x.yaml", "b:\n  {}\na: 1\n", "a: 1\n"),
        ("x.yaml", "b: |\n  text\n\na: 1\n", "\na: 1\n"),
    ],
)
def test_removed_member_takes_its_key(name: str, before: str, after: str) -> None:
    assert changed(before, remove(read_text(before, name=name), (), ["b"])) == after


def test_first_member_of_an_item_in_yaml_gives_its_place_to_the_second() -> None:
    before = "- Sid: ''\n  Effect: Allow\n"

    assert changed(before, remove(read_text(before, name="x.yaml"), (0,), ["Sid"])) == (
        "- Effect: Allow\n"
    )


@pytest.mark.parametrize(
    ("name", "before"),
    [
        ("x.json", '["a"]'),
        ("x.json5", "['a' /* one */, 'b']"),
        ("x.json", '{"a": 1, "a": 2}'),
        ("x.json", '{"a": 1, "a": 2, "b": 3}'),
        ("x.json", '{"a": 1, "a": 2, "a": 3, "b": 4}'),
        ("x.json5", "{a: 1, 'a': 2, b: 3}"),
        ("x.yaml", "{a: 1, a: 2, b: 3}"),
        ("x.yaml", "- &x a\n- b\n"),
        ("x.yaml", "- # of a\n  a\n- b\n"),
        ("x.yaml", "- - a\n  - b\n"),
        ("x.yaml", "!Sub [a, b]\n"),
        ("x.yaml", "a\n"),
    ],
)
def test_entry_whose_removal_is_not_exact_is_not_removed(name: str, before: str) -> None:
    source = read_text(before, name=name)
    first: str | int = "a" if before.startswith("{") else 0
    above: Pointer = (0,) if before.startswith("- -") else ()
    if above:
        first = 1

    with pytest.raises(InexactError):
        remove(source, above, [first, *([0] if above else [])])


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("x.json", '{"a": "b"}', '{"a": "new"}'),
        ("x.json5", "{a: 'b'}", "{a: 'new'}"),
        ("x.yaml", "a: b # why\n", "a: new # why\n"),
        ("x.yaml", 'a: "b"\n', 'a: "new"\n'),
        ("x.yaml", "a: 'b'\n", "a: 'new'\n"),
    ],
)
def test_string_is_reworded_inside_of_its_quotes(name: str, before: str, after: str) -> None:
    assert changed(before, reword(read_text(before, name=name), ("a",), "new")) == after


@pytest.mark.parametrize(
    ("name", "text", "new"),
    [
        ("x.json", r'{"a": "\u0062"}', "new"),
        ("x.json", '{"a": 1}', "new"),
        ("x.json", '{"a": "b"}', 'say "new"'),
        ("x.json", '{"a": "b"}', "a\\b"),
        ("x.yaml", "a: b\n", "*"),
        ("x.yaml", "a: b\n", "x: y"),
        ("x.yaml", "a: b\n", "true"),
        ("x.yaml", "a: b\n", "12"),
        ("x.yaml", "a: >\n  b\n", "new"),
        ("x.yaml", "a: !Ref b\n", "new"),
        ("x.yaml", "c: &c b\na: *c\n", "new"),
    ],
)
def test_string_that_is_not_written_as_it_is_read_is_not_reworded(
    name: str, text: str, new: str
) -> None:
    with pytest.raises(InexactError):
        reword(read_text(text, name=name), ("a",), new)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("x.json", '{"a": 1}', '{"new": 1}'),
        ("x.json5", "{a: 1}", "{new: 1}"),
        ("x.yaml", "a: 1\n", "new: 1\n"),
        ("x.yaml", "'a': 1\n", "'new': 1\n"),
    ],
)
def test_key_is_renamed_inside_of_its_quotes(name: str, before: str, after: str) -> None:
    source = read_text(before, name=name)

    assert changed(before, reword(source, ("a",), "new", key=True)) == after


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.json", '{"a": 1, "a": 2}'),
        ("x.json", '{"b": 1, "a": 2, "a": 3, "a": 4}'),
        ("x.json5", "{a: 1, 'a': 2}"),
        ("x.yaml", "a: 1\na: 2\n"),
    ],
)
def test_key_that_stands_twice_is_neither_renamed_nor_removed(name: str, text: str) -> None:
    source = read_text(text, name=name)

    with pytest.raises(InexactError):
        reword(source, ("a",), "new", key=True)
    with pytest.raises(InexactError):
        remove(source, (), ["a"])


def test_key_that_stands_twice_in_json_of_a_string_is_not_renamed() -> None:
    outer = read_text(r'{"x": "{\"a\": 1, \"a\": 2}"}', name="x.json")
    source = read_embedded(outer, ("x",))

    assert source is not None
    with pytest.raises(InexactError):
        reword(source, ("a",), "new", key=True)


def test_bare_key_does_not_become_one_that_needs_quotes() -> None:
    with pytest.raises(InexactError):
        reword(read_text("{a: 1}", name="x.json5"), ("a",), "new:key", key=True)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("x.json", '{"a": 1}', '{"V": "1", "a": 1}'),
        ("x.json", '{"a":1}', '{"V":"1","a":1}'),
        ("x.json", '{\r\n\t"a": 1\r\n}', '{\r\n\t"V": "1",\r\n\t"a": 1\r\n}'),
        ("x.json5", "{\n  // of a\n  a: 1,\n}", '{\n  // of a\n  V: "1",\n  a: 1,\n}'),
        ("x.json5", "{'a': 1}", "{'V': '1', 'a': 1}"),
        ("x.yaml", "a:\n- 1\n", 'V: "1"\na:\n- 1\n'),
        ("x.yaml", "{a: 1}\n", '{V: "1", a: 1}\n'),
        ("x.yaml", "# of a\r\na: 1\r\n", '# of a\r\nV: "1"\r\na: 1\r\n'),
    ],
)
def test_inserted_member_is_written_as_its_neighbour(name: str, before: str, after: str) -> None:
    source = read_text(before, name=name)

    assert changed(before, insert(source, (), "V", "1")) == after
    assert read_text(after, name=name).value == {"V": "1", **source.value}  # type: ignore[dict-item]


def test_json_inside_of_a_json_string_keeps_its_escapes() -> None:
    text = r'{"p": "{\n  \"a\": [\"x\", \"y\"]\n}"}'
    inner = read_embedded(read_text(text, name="x.json"), ("p",))
    assert inner

    assert changed(text, remove(inner, ("a",), [0])) == r'{"p": "{\n  \"a\": [\"y\"]\n}"}'
    assert changed(text, reword(inner, ("a",), "b", key=True)) == (
        r'{"p": "{\n  \"b\": [\"x\", \"y\"]\n}"}'
    )
    assert changed(text, insert(inner, (), "V", "1")) == (
        r'{"p": "{\n  \"V\": \"1\",\n  \"a\": [\"x\", \"y\"]\n}"}'
    )


def test_json_in_a_block_of_yaml_keeps_the_indentation_of_the_block() -> None:
    text = 'p: |\n  {\n    "a": [\n      "x",\n      "y"\n    ]\n  }\n'
    inner = read_embedded(read_text(text, name="x.yaml"), ("p",))
    assert inner

    assert changed(text, remove(inner, ("a",), [1])) == text.replace(',\n      "y"', "")
    assert changed(text, insert(inner, (), "V", "1")) == (
        text.replace('    "a"', '    "V": "1",\n    "a"')
    )


def test_json_in_folded_lines_of_yaml_keeps_the_other_lines() -> None:
    text = 'p: >\n  {"a":\n\n  ["x",\n    "y"]}\n'
    inner = read_embedded(read_text(text, name="x.yaml"), ("p",))
    assert inner

    assert changed(text, remove(inner, ("a",), [1])) == text.replace(',\n    "y"', "")


def test_json_whose_characters_have_no_places_is_left_alone() -> None:
    text = 'p: "{\\"a\\":\n  \\n [\\"x\\", \\"y\\"]}"\n'
    inner = read_embedded(read_text(text, name="x.yaml"), ("p",))
    assert inner
    assert inner.value == {"a": ["x", "y"]}

    with pytest.raises(InexactError):
        remove(inner, ("a",), [0])


def test_comments_and_trailing_commas_become_plain_json() -> None:
    text = '{ // one\n  /* two */\n  "a": 1, /* three */\n}\n'
    source = read_text(text, Dialect.JSON)

    after = changed(text, [r for flaw in source.flaws for r in strictly(source, flaw.span)])

    assert after == '{\n  "a": 1\n}\n'
