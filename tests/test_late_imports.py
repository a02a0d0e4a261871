"""What most runs do not use is not imported or compiled: each start would pay for it."""

from __future__ import annotations

import compileall
import importlib
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.machinery import PathFinder
from importlib.util import cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

import iamlint.cli.plain
import iamlint.rules.table
import iamlint.text.hcl.parse
from iamlint.late_pattern import compiled_late, late_pattern
from iamlint.lazy_names import LazyModule
from iamlint.own_modules import find_quickly

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

POLICY: Final = """{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "*", "Resource": "*"}]}"""
SECURE: Final = """{"Version": "2012-10-17", "Statement": [{
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shelf/*",
  "Condition": {"Bool": {"aws:SecureTransport": "true"}}}]}"""
ROLE: Final = """
resource "aws_iam_role" "r" {
  assume_role_policy = jsonencode({Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = {Service = "ec2.amazonaws.com"}}]})
}
resource "aws_iam_role_policy" "p" {
  role = aws_iam_role.r.id
  policy = jsonencode({Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::shelf/*"}]})
}
"""
TEMPLATE: Final = """{"Resources": {"Policy": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {
  "PolicyDocument": %s}}}}"""
MODULE: Final = 'resource "aws_iam_policy" "p" {\n  policy = jsonencode(%s)\n}\n'
FOR_FEW: Final = (
    *("click", "dataclasses", "inspect", "hashlib", "tomllib", "importlib.resources", "pluggy"),
    *("yaml", "multiprocessing", "tree_sitter_toml", "iamlint.load.dumps.iam_collect"),
)


@pytest.mark.parametrize(
    ("name", "text", "more"),
    [
        (
            "a.json",
            POLICY,
            ("tree_sitter", "iamlint.load.cloudformation", "iamlint.evaluator", "iamlint.reason"),
        ),
        (
            "s.json",
            SECURE,
            ("iamlint.account.model", "iamlint.catalog.values", "iamlint.rules.trust"),
        ),
        ("t.json", TEMPLATE % POLICY, ("tree_sitter",)),
        ("main.tf", MODULE % POLICY, ("iamlint.load.cloudformation",)),
        (
            "role.tf",
            ROLE,
            ("csv", "iamlint.account.build.managed", "iamlint.evaluator", "iamlint.reason"),
        ),
    ],
)
def test_a_check_does_not_import_what_few_runs_use(
    name: str, text: str, more: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text)
    code = (
        "import sys\nfrom iamlint.cli.plain import main\n"
        "try: main()\nexcept SystemExit as e: print(e)\n"
        f"print([one for one in {FOR_FEW + more!r} if one in sys.modules])"
    )
    words = ["check", name, "--exit-zero", "--output-format", "concise"]
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.splitlines()[-2:] == ["0", "[]"]


def test_a_late_pattern_is_the_pattern() -> None:
    late, now = late_pattern("a(b)?", re.IGNORECASE), re.compile("a(b)?", re.IGNORECASE)

    for text in ("AB", "a", "x"):
        for one, other in (
            (late.match(text), now.match(text)),
            (late.search(text), now.search(text)),
        ):
            assert (one and one.groups()) == (other and other.groups())
    assert late_pattern(b"x").sub(b"y", b"xx") == b"yy"
    assert late.pattern == "a(b)?"


def test_what_the_program_imports_compiles_its_patterns_late_and_nothing_else_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = re.compile
    monkeypatch.setattr("iamlint.late_pattern._Process.is_own", False)
    with compiled_late():
        assert re.compile is before
    monkeypatch.setattr("iamlint.late_pattern._Process.is_own", True)
    with compiled_late(), ThreadPoolExecutor(1) as other:
        late, flagged, again = re.compile("a+"), re.compile(b"A", re.IGNORECASE), before("x")
        elsewhere = other.submit(re.compile, "a+").result()
        assert re.compile(again) is again

    assert [type(one) is re.Pattern for one in (late, elsewhere)] == [False, True]
    assert late.fullmatch("aa")
    assert flagged.match(b"a")
    assert re.compile is before


def test_a_lazy_module_has_the_names_of_the_module() -> None:
    assert LazyModule("json").loads("1") == 1  # type: ignore[operator] # any name
    with pytest.raises(AttributeError):
        _ = LazyModule("json").nothing


@pytest.fixture
def _restored() -> Iterator[None]:
    path, finders = [*sys.path], [*sys.meta_path]
    yield
    sys.path[:], sys.meta_path[:] = path, finders


@pytest.fixture
def package(tmp_path: Path, _restored: None) -> ModuleType:
    """A package with byte code, which was written at another place."""
    folder = tmp_path / f"quick_{tmp_path.name}"
    (folder / "inner").mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "inner" / "__init__.py").write_text("def read():\n    return 0\n")
    (folder / "one.py").write_text("def read():\n    return 1\n")
    compileall.compile_dir(folder, quiet=1, stripdir=str(tmp_path))
    sys.path.insert(0, str(tmp_path))
    made = importlib.import_module(folder.name)
    find_quickly(made)
    return made


@pytest.mark.usefixtures("_restored")
def test_own_modules_are_found_as_python_finds_them() -> None:
    find_quickly(iamlint)
    quick = sys.meta_path[0]
    found = [iamlint.rules, iamlint.rules.table, iamlint.text.hcl.parse, iamlint.cli.plain]
    for module in found:
        above = sys.modules[module.__name__.rpartition(".")[0]].__path__
        quickly, slowly = (
            finder.find_spec(module.__name__, above) for finder in (quick, PathFinder)
        )
        assert quickly
        assert slowly
        for name in ("name", "origin", "cached", "has_location", "submodule_search_locations"):
            assert getattr(quickly, name) == getattr(slowly, name)


@pytest.mark.parametrize(("name", "value"), [("one", 1), ("inner", 0)])
def test_byte_code_of_the_source_is_read_with_its_present_place(
    name: str, value: int, package: ModuleType
) -> None:
    module = importlib.import_module(f"{package.__name__}.{name}")

    assert module.read() == value
    assert module.read.__code__.co_filename == module.__file__


@pytest.mark.parametrize("change", ["size", "time", "no byte code"])
def test_byte_code_of_another_source_is_not_read(change: str, package: ModuleType) -> None:
    source = Path(package.__path__[0], "one.py")
    before = source.stat().st_mtime
    source.write_text(f"def read():\n    return 2{' ' * (change == 'size')}\n")
    later = before + (9 if change == "time" else 0)
    os.utime(source, (later, later))
    if change == "no byte code":
        Path(cache_from_source(str(source))).unlink()

    assert importlib.import_module(f"{package.__name__}.one").read() == 2


def test_a_module_that_is_not_there_is_reported_as_ever(package: ModuleType) -> None:
    with pytest.raises(ModuleNotFoundError, match="No module named"):
        importlib.import_module(f"{package.__name__}.two")
