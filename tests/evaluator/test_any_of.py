from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from iamlint.evaluator.any_of import any_of
from iamlint.evaluator.match import glob_test, read_glob

PATTERNS = st.lists(st.text("ab*?", max_size=6), min_size=1, max_size=40)


@given(patterns=PATTERNS, text=st.text("ab*", max_size=4))
def test_many_patterns_match_what_one_of_them_does(patterns: list[str], text: str) -> None:
    globs = [read_glob(pattern) for pattern in patterns]
    tests = [glob_test(glob) for glob in globs]

    assert any_of(globs, tests)(text) == any(test(text) for test in tests)


def test_of_many_patterns_few_are_tried() -> None:
    tried: list[str] = []

    def counted(pattern: str, text: str) -> bool:
        tried.append(pattern)
        return glob_test(read_glob(pattern))(text)

    patterns = [f"*name-{number:03}?" for number in range(500)]
    tests = [lambda text, pattern=pattern: counted(pattern, text) for pattern in patterns]
    found = any_of([read_glob(pattern) for pattern in patterns], tests)

    assert found("a-name-123b")
    assert tried == ["*name-000?", "*name-123?"]
