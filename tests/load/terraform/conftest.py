"""Fewer steps, for tests of what happens when none is left."""

from __future__ import annotations

import pytest

from iamlint.load.terraform.language import work


@pytest.fixture
def few_steps(monkeypatch: pytest.MonkeyPatch) -> int:
    """Give modules a tenth of their steps, and return the number."""
    few = work.STEPS // 10
    monkeypatch.setattr(work, "STEPS", few)
    return few
