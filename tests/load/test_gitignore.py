from __future__ import annotations

import pytest

from iamlint.load.gitignore import Ignores, covers, pattern, patterns


@pytest.mark.parametrize(
    ("line", "path", "expected"),
    [
        # a name at any depth, or only where the pattern says
        ("a.json", "a.json", True),
        ("a.json", "x/y/a.json", True),
        ("a.json", "a.json.bak", False),
        ("/a.json", "a.json", True),
        ("/a.json", "x/a.json", False),
        ("x/a.json", "x/a.json", True),
        ("x/a.json", "y/x/a.json", False),
        ("x/", "x", False),
        ("x/", "x/", True),
        ("x/", "y/x/", True),
        ("x/y/", "z/x/y/", False),
        ("x", "x/", True),
        # stars
        ("*.json", "x/a.json", True),
        ("*.json", "a.yaml", False),
        ("x/*.json", "x/a.json", True),
        ("x/*.json", "x/y/a.json", False),
        ("a*b*c", "a-b-b-c", True),
        ("a*b*c", "a-c-b", False),
        ("*a", "a", True),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("*", "x/y", True),
        (".*", ".env", True),
        ("a**b", "axxb", True),
        # two stars
        ("**/a", "a", True),
        ("**/a", "x/y/a", True),
        ("**/x/a", "z/x/a", True),
        ("x/**", "x/", False),
        ("x/**", "x/y/z", True),
        ("x/**/a", "x/a", True),
        ("x/**/a", "x/y/z/a", True),
        ("x/**/a", "y/a", False),
        ("**/x/**/y/*", "1/x/2/3/y/4", True),
        ("**/x/**/y/*", "1/y/2/3/x/4", False),
        # brackets
        ("[ab].json", "b.json", True),
        ("[!ab].json", "b.json", False),
        ("[^ab].json", "c.json", True),
        ("[a-c]", "b", True),
        ("[]]", "]", True),
        ("[a-]", "-", True),
        ("[[:digit:]x]", "7", True),
        ("[[:digit:]]", "a", False),
        ("[[:nonsense:]]", "a", False),
        ("[z-a]", "b", False),
        ("[ab", "[ab", False),
        ("[&&~~||]", "&", True),
        # escapes and blanks
        (r"\#a", "#a", True),
        (r"\!a", "!a", True),
        (r"\*", "*", True),
        (r"\*", "a", False),
        (r"a\ ", "a ", True),
        ("a  ", "a", True),
        ("a\r", "a", True),
        ("a\\", "a\\", False),
        (r"[\]]", "]", True),
        ("a.c", "abc", False),
        ("(a+", "(a+", True),
    ],
)
def test_pattern(line: str, path: str, expected: bool) -> None:  # noqa: FBT001 - a column of the table
    rule = pattern(line)
    parts = tuple(path.rstrip("/").split("/"))

    assert rule is not None
    assert rule.matches(parts, is_folder=path.endswith("/")) is expected


@pytest.mark.parametrize("line", ["", "   ", "# comment", "/", "!", "\r"])
def test_a_line_without_pattern(line: str) -> None:
    assert pattern(line) is None


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("*a" * 2000 + "b", "a" * 100_000),
        ("[a][b]" * 20_000, "ab" * 100),
        ("[" * 100_000, "["),
        ("[[:alpha:]" * 10_000, "a"),
        ("**/a/" * 200 + "b", "/".join("a" * 2000)),
        ("?*" * 2000, "a" * 50_000),
    ],
    ids=range(6),
)
def test_a_hostile_pattern_is_answered(line: str, name: str) -> None:
    rule = pattern(line)

    assert rule is not None
    assert rule.matches(tuple(name.split("/")), is_folder=False) in (True, False)


def test_a_glob_covers_what_lies_in_a_folder_it_matches() -> None:
    rules = patterns(["build/", "/x/*.json"])

    assert covers(rules, ("a", "build", "c", "d.json"))
    assert covers(rules, ("x", "a.json"))
    assert not covers(rules, ("a", "build"))
    assert not covers(rules, ("y", "x", "a.json"))


def test_the_last_pattern_decides_and_deeper_files_decide_first() -> None:
    top = Ignores().plus("*.json\n!keep.json\n/sub/only-top.yaml\n")
    sub = top.below("sub").plus("!a.json\nkeep.json\n/own.yaml\n")
    deep = sub.below("deep")

    assert [top.cover(name, is_folder=False) for name in ("a.json", "keep.json", "x.yaml")] == [
        True,
        False,
        False,
    ]
    names = ("a.json", "keep.json", "b.json", "only-top.yaml", "own.yaml")
    assert [sub.cover(name, is_folder=False) for name in names] == [False, True, True, True, True]
    assert [deep.cover(name, is_folder=False) for name in names] == [
        False,
        True,
        True,
        False,
        False,
    ]
