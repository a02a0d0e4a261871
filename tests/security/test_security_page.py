"""`docs/security.md` says what is so: its limits, options and tests are those of the program."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
import pytest

from iamlint.cli.app import cli
from iamlint.load.cloudformation.nested import MAX_NESTINGS
from iamlint.load.find.files import MAX_SEARCHED
from iamlint.load.find.sizes import MAX_WALKED
from iamlint.load.json_yaml import MAX_NESTED
from iamlint.pytest_guard import _OPTIONS
from iamlint.text.hcl.parse import MAX_BLOCKS
from iamlint.text.read import MAX_BYTES, MAX_YAML
from iamlint.text.source import MAX_DEPTH
from iamlint.text.yaml import MAX_REPEATED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.program import Program


ROOT: Final = Path(__file__).parent.parent.parent
SERVER: Final = ROOT / "iamlint" / "server" / "session.py"
PAGE: Final = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
TESTS: Final = re.findall(r"\| `(tests/[\w/]+\.py)::(\w+)` \|", PAGE)
LIMITS: Final = {
    "bytes of a file that is found in a folder": MAX_WALKED,
    "bytes of a dump that is found in a folder, and of a file that is named": MAX_BYTES,
    "characters of YAML": MAX_YAML,
    "nodes that aliases of YAML repeat": MAX_REPEATED,
    "values within values": MAX_DEPTH,
    "JSON in strings, one in another": MAX_NESTED,
    "blocks of HCL within blocks": MAX_BLOCKS,
    "nestings of one template": MAX_NESTINGS,
    "files and folders that are searched for callers of a module": MAX_SEARCHED,
}
_NETWORK: Final = {"socket", "ssl", "http", "urllib.request", "ftplib", "smtplib", "asyncio"}


@pytest.mark.parametrize(("path", "name"), TESTS)
def test_each_test_of_the_page_is_there(path: str, name: str) -> None:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))

    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_each_claim_names_a_test() -> None:
    rows = PAGE.partition("| claim | test |\n|---|---|\n")[2].splitlines()

    assert len(TESTS) == len(rows) > 0


def test_limits_of_the_page_are_those_of_the_program() -> None:
    written = dict(re.findall(r"^\| ([^|`]+) \| ([\d,]+) \|$", PAGE, re.MULTILINE))

    assert written == {what: f"{limit:,}" for what, limit in LIMITS.items()}


def test_options_of_the_page_are_those_of_the_program() -> None:
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", PAGE))

    assert named - set(_options(cli)) - _OPTIONS.keys() == set()


def _options(command: click.Command) -> Iterator[str]:
    for param in command.params:
        yield from param.opts
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            yield from _options(found) if found else ()


def test_one_module_alone_can_open_a_connection() -> None:
    importing = {
        path.relative_to(ROOT).as_posix()
        for path in (*ROOT.glob("iamlint/**/*.py"), *ROOT.glob("pytest_iam/**/*.py"))
        if _imported(path) & (_NETWORK - ({"asyncio"} if path == SERVER else set()))
    }

    assert importing == {"iamlint/catalog/build/service_reference.py"}


def test_server_of_editors_uses_its_standard_input_and_output_alone() -> None:
    named = {
        node.attr
        for path in SERVER.parent.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
    }

    assert not named & {"start_tcp", "start_ws", "open_connection", "start_server", "create_server"}


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, node.module.partition(".")[0]}
    return names


BAD: Final = (
    '{"Version": "2012-10-17",\n "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
)
BASELINE: Final = "iamlint-baseline.json"
WAYS: Final = {
    "configuration": {"iamlint.toml": 'ignore = ["all"]\nfail-on = "error"'},
    "configuration below": {"p/iamlint.toml": 'select = []\nexclude = ["**"]'},
    "kind": {"iamlint.toml": '[kinds]\n"**" = "scp"'},
    "severity": {"p/pyproject.toml": '[tool.iamlint.severity]\nwildcard-admin = "note"'},
    "exclude": {"iamlint.toml": 'exclude = ["p/**"]'},
    "git": {".gitignore": "*.json\n"},
    "ignore": {
        "iamlint.toml": '[[ignore-finding]]\nrule = "wildcard-admin"\nfile = "**"\nreason = "x"'
    },
    "comment": {
        "p/a.json": f"// iamlint: ignore[wildcard-admin] fine\n{BAD}",
    },
    "baseline": {BASELINE: '{"version": 1, "findings": []}'},
    "broken": {"p/a.json": BAD.replace("}}", "}")},
    "templated": {"p/a.json": BAD.replace('"*"', "{% x %}")},
    "plugin": {"iamlint.toml": 'plugins = ["plugin"]', "plugin.py": "raise SystemExit(0)"},
}


@pytest.mark.parametrize("way", WAYS)
def test_gate_of_the_page_fails_whatever_a_change_does_to_pass_it(
    way: str, iamlint: Program, tmp_path: Path
) -> None:
    [command] = re.findall(r"^\$ iamlint (--config .*)$", PAGE, re.MULTILINE)
    files = {"gate/iamlint.toml": "", "p/a.json": BAD, ".git/HEAD": "", **WAYS[way]}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")

    assert iamlint(*command.split()).code in (1, 2)
