"""Where the keys of a TOML file are."""

from __future__ import annotations

import tomllib

import pytest

from iamlint.text.toml import Toml

TEXT = """\
a = 1
"b.c".d = {x = [{y = 1}, 2], "z" = 3}
e = [
  "one", # a comment
  {two = 2},
]

[p."role/app2"]
path = "/"
[p.'role/app']
path = '''
[p.not-a-table]
path = 1
'''
tags.owner = "me"

[[q]]
rule = 1
[q.inner]
k = 1
[[q.list]]
n = 1
[[q.list]]
n = 2

[[q]] # rule = 0
rule = 2
[q."inner"]
k = 2
[[q.list]]
n = 3
"""


@pytest.mark.parametrize(
    ("pointer", "line"),
    [
        (("a",), 1),
        (("b.c",), 2),
        (("b.c", "d"), 2),
        (("b.c", "d", "x", 0, "y"), 2),
        (("b.c", "d", "z"), 2),
        (("e",), 3),
        (("e", 0), 4),
        (("e", 1, "two"), 5),
        (("p",), 8),
        (("p", "role/app2"), 8),
        (("p", "role/app2", "path"), 9),
        (("p", "role/app"), 10),
        (("p", "role/app", "path"), 11),
        (("p", "role/app", "tags"), 15),
        (("p", "role/app", "tags", "owner"), 15),
        (("q",), 17),
        (("q", 0), 17),
        (("q", 0, "rule"), 18),
        (("q", 0, "inner", "k"), 20),
        (("q", 0, "list", 0, "n"), 22),
        (("q", 0, "list", 1, "n"), 24),
        (("q", 1), 26),
        (("q", 1, "rule"), 27),
        (("q", 1, "inner", "k"), 29),
        (("q", 1, "list", 0, "n"), 31),
        (("q", 1, "list", 0, "missing"), 30),
        (("q", 7), 17),
        (("missing",), 1),
        ((), 1),
    ],
)
def test_key_is_on_its_line(pointer: tuple[str | int, ...], line: int) -> None:
    assert Toml(TEXT).line(pointer) == line


def test_every_value_of_the_standard_reader_has_a_line_of_its_own() -> None:
    toml = Toml(TEXT)
    todo: list[tuple[tuple[str | int, ...], object]] = [((), toml.members)]
    while todo:
        at, value = todo.pop()
        if isinstance(value, dict):
            todo += [((*at, key), member) for key, member in value.items()]
        elif isinstance(value, list):
            todo += [((*at, index), member) for index, member in enumerate(value)]
        assert at == () or at in toml.places


def test_what_is_nested_too_deep_is_not_toml() -> None:
    with pytest.raises(tomllib.TOMLDecodeError, match="nested too deep"):
        Toml(f"a = {'[' * 20_000}{']' * 20_000}").members  # noqa: B018 - read for its error


def test_key_of_very_many_parts_has_the_line_of_its_first() -> None:
    parts = ("a",) * 3_000
    assert Toml(f"b = 1\n{'.'.join(parts)} = 1").line(parts) == 2
