"""The examples of `docs/api.md` have correct types; `tests/test_blocks.py` runs them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import iamlint

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
SCRIPTS: list[tuple[str, str]] = re.findall(
    r'^```python title="(\w+\.py)"\n(.*?)^```', PAGE, re.DOTALL | re.MULTILINE
)


def test_examples_of_the_page_have_correct_types(tmp_path: Path) -> None:
    for name, text in SCRIPTS:
        (tmp_path / name).write_text(text, encoding="utf-8")
    cache = ("--cache-dir", str(ROOT / ".mypy_cache"))

    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", *cache, *(name for name, _ in SCRIPTS)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert PAGE.count("```python") == len(SCRIPTS)
    assert done.stdout == f"Success: no issues found in {len(SCRIPTS)} source files\n"


def test_each_plugin_of_the_page_is_in_its_configuration() -> None:
    plugins = {name.removesuffix(".py") for name, text in SCRIPTS if "@hookimpl" in text}

    assert plugins
    assert all(f'"{name}"' in PAGE.partition("plugins.toml")[2] for name in plugins)


def test_page_lists_the_public_names() -> None:
    table = PAGE.partition("| for |")[2].partition("\n\n")[0]

    assert sorted(re.findall(r"`(\w+)`", table)) == vars(iamlint)["__all__"]
