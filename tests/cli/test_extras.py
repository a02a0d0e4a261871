"""Each optional part of iamlint is an extra, and says how to install it where it is missing."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.program import Program

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
OF_THE_PROJECT = {"dev", "fuzz"}
MISSING = {
    "dask": ("dask", ("check", ".", "--scheduler", "local:1")),
    "lsp": ("pygls", ("server",)),
    "stores": ("fsspec", ("check", "memory://audit/iam")),
}
"""By extra: what is missing, and a command that needs it."""


def test_each_extra_for_users_has_a_command_that_needs_it() -> None:
    assert MISSING.keys() == EXTRAS.keys() - OF_THE_PROJECT


@pytest.mark.parametrize("extra", MISSING)
def test_command_without_its_extra_says_how_to_install_it(
    extra: str, iamlint: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, command = MISSING[extra]
    parts = (module, "iamlint.server", "iamlint.spread.dask")
    for name in [name for name in sys.modules if name.startswith(parts)]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)

    result = iamlint(*command)

    assert (result.code, result.out) == (2, "")
    assert result.err.endswith(f"\nhelp: `pip install 'iamlint[{extra}]'` installs it\n")
