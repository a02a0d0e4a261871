from __future__ import annotations

import random

import pytest

from iamlint.load.find.gitignore import Globs, Ignores, Rules, after, pattern, patterns
from tests.support.examples import seeds


def says(lines: list[str], path: str) -> bool | None:
    """Return whether patterns ignore a path; that of a folder ends with a slash."""
    rules = Rules(patterns(lines))
    state = rules.start
    for name in path.rstrip("/").split("/"):
        state = after(state, name)
    return rules.says(state, is_folder=path.endswith("/"))


def covers(lines: list[str], parts: tuple[str, ...]) -> bool:
    return Rules(patterns(lines)).cover(parts)


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
        ("x/***/a", "x/y/z/a", True),
        ("x/***", "x/y/z", True),
        ("x/a***", "x/a/z", False),
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
        ("[[:foo:]x]", "x", False),
        ("[![:foo:]]", "a", False),
        ("[[:DIGIT:]]", "7", False),
        ("[[::]x]", "x", False),
        ("[[:]", ":", True),
        ("[[:digit]", "[", True),
        ("[[:digit", "d", False),
        ("[[:punct:][:blank:]]", "~", True),
        ("[![:punct:]]", "~", False),
        ("[[:punct:]]", "a", False),
        ("[a-[:digit:]]", "7", False),
        ("[a-[:digit:]]", "t]", True),
        ("[[:digit:]-a]", "-", True),
        ("[a\\-c]", "b", False),
        ("[z-a]", "b", False),
        ("[!/]", "a", True),
        ("[x/]/a", "x/a", True),
        ("x\\/a", "x/a", True),
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
    assert says([line], path) is (expected or None)


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
    assert says([line], name) in (True, None)


def test_a_glob_covers_what_lies_in_a_folder_it_matches() -> None:
    rules = ["build/", "/x/*.json"]

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


@pytest.mark.parametrize("seed", seeds(20))
def test_globs_find_what_each_pattern_covers_alone(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - repeatable
    words = ["a", "b", "ab", "*", "**", "a*", "*b", "?", "[ab]", "a*b", ""]
    lines = ["/".join(draw.choices(words, k=draw.randint(1, 4))) for _ in range(40)]
    lines = [draw.choice(["", "", "", "!", "/"]) + line for line in lines]
    globs = Globs(lines)

    for _ in range(60):
        parts = tuple(draw.choices(["a", "b", "ab", "ba", "abb"], k=draw.randint(1, 4)))
        alone = [n for n, line in enumerate(lines) if covers([line], parts)]
        assert globs.covering(parts) == alone, parts


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("[" * 300_000, "[", False),
        ("[" + "[:" * 150_000 + "]", ":", False),
        ("[" + "a" * 300_000 + "]", "a", True),
    ],
)
def test_brackets_of_any_length_are_read(text: str, path: str, expected: bool) -> None:  # noqa: FBT001
    assert covers([text], (path,)) is expected


@pytest.mark.parametrize("seed", seeds(20))
def test_of_many_patterns_the_last_that_matches_alone_decides(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - repeatable
    words = ["a", "b", "ab", "*", "**", "a*", "*b", "?", "[ab]", "a*b", r"a\b*", "*a?"]
    lines = ["/".join(draw.choices(words, k=draw.randint(1, 4))) for _ in range(40)]
    lines = [draw.choice(["", "", "!", "/"]) + line + draw.choice(["", "/"]) for line in lines]

    for _ in range(60):
        path = "/".join(draw.choices(["a", "b", "ab", "ba", "abb", "aab"], k=draw.randint(1, 4)))
        path += draw.choice(["", "/"])
        alone = [line for line in lines if says([line.removeprefix("!")], path)]
        expected = not alone[-1].startswith("!") if alone else None
        assert says(lines, path) is expected, path
