"""The page on time and memory lists each series of `benchmarks/growth.py`; figures are not held."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytest.importorskip("fcntl", reason="growth is measured on Linux")

from benchmarks import growth  # noqa: E402 - see above
from benchmarks.growth_series import SERIES  # noqa: E402


def test_page_and_chart_are_those_of_the_figures() -> None:
    kept = growth.kept()

    assert growth.PAGE.read_text(encoding="utf-8") == growth.page(kept)
    assert growth.CHART.read_text(encoding="utf-8") == growth.chart(kept)


def test_page_lists_each_series_once() -> None:
    page = growth.PAGE.read_text(encoding="utf-8")
    rows = [line.split(" | ")[0] for line in page.splitlines() if line.startswith("| ")]

    assert rows[1:] == [f"| {series.name}" for series in SERIES]
    assert len(set(rows)) == len(rows)


def test_each_series_is_as_large_as_it_is_asked_to_be() -> None:
    sizes = {
        series.name: sum(len(text.encode()) for text in series.files(20_000).values())
        for series in SERIES
    }

    assert {name: size for name, size in sizes.items() if not 16_000 < size < 24_000} == {}


def test_exponent_is_the_slope_of_the_points_that_hit_no_limit() -> None:
    def exponent(*points: growth.Point) -> float | None:
        return growth.Grown(SERIES[0], points).exponent

    linear = [growth.Point(size, size / 1e6) for size in (10, 200, 4000)]
    square = [growth.Point(size, size**2 / 1e6) for size in (10, 200, 4000)]

    assert exponent(*linear) == pytest.approx(1)
    assert exponent(*square) == pytest.approx(2)
    assert exponent(*square[:2], growth.Point(4000, 0.1, 0, limited=True)) == pytest.approx(2)
    assert exponent(*linear[:2], growth.Point(4000, None)) is None
