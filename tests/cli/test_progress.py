"""Progress is for a terminal, comes late, and leaves nothing behind."""

from __future__ import annotations

import io

import pytest

from iamlint.cli.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Set the clock by hand: its last item is now."""
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[-1])
    return now


def test_long_run_is_counted_and_wiped(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> None:
    monkeypatch.setattr("sys.stderr", screen := Terminal())
    progress = Progress(wanted=True)
    for at, done in ((0.4, 25), (0.5, 25), (0.55, 25), (0.7, 5)):
        clock.append(at)
        progress(80, done)
    progress.end()

    assert screen.getvalue() == (
        "\r\x1b[Klooked at 50 of 80 policies\r\x1b[Klooked at 80 of 80 policies\r\x1b[K"
    )


def test_short_run_says_nothing(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> None:
    monkeypatch.setattr("sys.stderr", screen := Terminal())
    progress = Progress(wanted=True)
    clock.append(0.49)
    progress(80, 80)
    progress.end()

    assert screen.getvalue() == ""


@pytest.mark.parametrize(("screen", "wanted"), [(io.StringIO(), True), (Terminal(), False)])
def test_nothing_is_written_where_nobody_looks(
    monkeypatch: pytest.MonkeyPatch,
    clock: list[float],
    screen: io.StringIO,
    wanted: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    monkeypatch.setattr("sys.stderr", screen)
    progress = Progress(wanted=wanted)
    clock.append(9.0)
    progress(80, 40)
    progress.end()

    assert screen.getvalue() == ""
