"""What tests of several parts share: the program, called in process."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

import pytest

from iamlint.cli.app import main
from iamlint.config import nearest
from tests.support.program import Result

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.program import Program


# The program does not look for garbage either; here it would take a seventh of the time.
gc.set_threshold(50_000, 20, 50)

# For tests of the pytest plugin; only the topmost conftest may name plugins.
pytest_plugins = ["pytester", "tests.support.organization"]


@pytest.fixture
def iamlint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Program]:
    """Call the program in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "IAMLINT_CONFIG", "IAMLINT_SELECT", "IAMLINT_FAIL_ON"):
        monkeypatch.delenv(name, raising=False)

    def call(*args: str) -> Result:
        nearest.cache_clear()
        with pytest.raises(SystemExit) as ended:
            main(list(args))
        out, err = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Result(ended.value.code, out, err)

    yield call
    nearest.cache_clear()


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep results of runs away from those of the user."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("user-cache"))
