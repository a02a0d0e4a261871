"""`iamlint config show`: what is in force, and where it comes from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Result

    Program = Callable[..., Result]


def test_each_value_names_its_source(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "iamlint.toml").write_text('fail-on = "error"\n')

    shown = json.loads(iamlint("config", "show", "--output-format", "json").out)

    assert shown["fail-on"] == {"value": "error", "source": "iamlint.toml"}
    assert shown["account"] == {"value": None, "source": "default"}


def test_wrong_configuration_exits_2(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "iamlint.toml").write_text("fial-on = 1\n")

    result = iamlint("config", "show")

    assert result.code == 2
    assert result.err == (
        "error: iamlint.toml:1: unknown key `fial-on`\nhelp: did you mean `fail-on`?\n"
    )
