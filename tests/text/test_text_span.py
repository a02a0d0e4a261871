from __future__ import annotations

from iamlint.text import Lines, Position


def test_lines_end_with_lf_crlf_or_cr() -> None:
    lines = Lines("a\n😀b\r\n\rc\u2028d")
    assert [lines.text(number) for number in range(7)] == ["", "a", "😀b", "", "c\u2028d", "", ""]
    assert len(lines) == 4
    assert lines.position(0) == Position(1, 1, 0)
    assert lines.position(3) == Position(2, 2, 3)
    assert lines.position(5) == Position(2, 4, 5)
    assert lines.position(6) == Position(3, 1, 6)
    assert lines.position(10) == Position(4, 4, 10)
