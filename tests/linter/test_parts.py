"""A part of a run is let go of once it is checked: memory does not grow with their number."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING

from iamlint.linter import parts
from iamlint.linter.part import PartResult, check_part
from tests.support.organization import ACCOUNTS, parts_of

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from iamlint.load import Loaded
    from iamlint.load.document import Document


def test_no_policy_of_an_account_outlives_its_part(
    organization: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[weakref.ref[Document]] = []
    alive: list[int] = []

    def noted(loads: list[Loaded], *rest: object) -> PartResult:
        alive.append(sum(one() is not None for one in seen))
        result = check_part(loads, *rest)  # type: ignore[arg-type]
        seen.extend(weakref.ref(one) for loaded in loads for one in loaded.documents)
        return result

    monkeypatch.setattr(parts, "check_part", noted)
    run = parts_of(organization)
    monkeypatch.setattr(run, "_jobs", 1, raising=False)
    gc.disable()
    try:
        results = [part.facts for _, part in run.results()]
    finally:
        gc.enable()
        gc.unfreeze()

    of_others = len(run.loads()[0].documents) - sum(one.policies for one in results[1:])
    assert len(seen) > len(ACCOUNTS)
    assert set(alive[1:]) == {of_others}
