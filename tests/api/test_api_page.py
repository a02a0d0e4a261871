"""The examples of `docs/api.md` do what the page says, and have correct types."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import iamlint

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
FILES: dict[str, str] = dict(re.findall(r"`([\w/]+\.\w+)`:\n\n```\w+\n(.*?)```", PAGE, re.DOTALL))
CONSOLES: list[tuple[str, str]] = re.findall(r"```console\n\$ (.+)\n((?s:.*?))```", PAGE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the page, with all of its files."""
    folder = tmp_path_factory.mktemp("page")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def run(folder: Path, *command: str) -> tuple[int, str, str]:
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": programs},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_page_has_a_name_for_each_file_and_runs_each_script() -> None:
    blocks = re.findall(r"^```(\w+)\n", PAGE, re.MULTILINE)
    plugins = {name for name, text in FILES.items() if "@hookimpl" in text}
    scripts = {name for name in FILES if name.endswith(".py")} - plugins
    words = {word for command, _ in CONSOLES for word in command.split()}

    assert len(FILES) == len([language for language in blocks if language != "console"])
    assert scripts <= words
    assert all(f'"{name.removesuffix(".py")}"' in FILES["plugins.toml"] for name in plugins)


@pytest.mark.parametrize(("command", "out"), CONSOLES)
def test_command_of_the_page_prints_what_it_shows(folder: Path, command: str, out: str) -> None:
    code, printed, err = run(folder, "sh", "-c", command)

    assert (printed if out else "", err) == (out, "")
    assert code == (1 if "acme-nameless" in out else 0)


def test_examples_of_the_page_have_correct_types(folder: Path) -> None:
    cache = ("--cache-dir", str(ROOT / ".mypy_cache"))
    scripts = [name for name in FILES if name.endswith(".py")]

    assert run(folder, sys.executable, "-m", "mypy", "--strict", *cache, *scripts)[:2] == (
        0,
        f"Success: no issues found in {len(scripts)} source files\n",
    )


def test_page_lists_the_public_names() -> None:
    table = PAGE.partition("| for |")[2].partition("\n\n")[0]

    assert sorted(re.findall(r"`(\w+)`", table)) == vars(iamlint)["__all__"]
