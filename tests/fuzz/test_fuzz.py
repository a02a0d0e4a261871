"""Inputs that once found something find nothing now, and the search itself works."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

import pytest

from tests.fuzz import __main__ as program
from tests.fuzz import reading, running
from tests.fuzz.archive import pack, unpack
from tests.fuzz.mutate import Mutator
from tests.fuzz.target import Target, Wrong
from tests.fuzz.watch import fault_of

if TYPE_CHECKING:
    from collections.abc import Mapping

FOUND: Final = sorted((Path(__file__).parent / "found").glob("*/*"))
TARGETS: Final = reading.TARGETS | running.TARGETS
_FEW: Final = 3


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_input_that_found_something_finds_nothing_now(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_search_begins_with_inputs_that_have_no_fault(name: str) -> None:
    target = TARGETS[name]
    mutator, random = Mutator.of(target.seeds()), Random(1)  # noqa: S311 - no secret

    for seed in islice(target.seeds(), _FEW):
        target(seed)
        target(mutator.mutate(seed, random))


def test_every_target_is_searched() -> None:
    modules = {"reading": reading, "running": running}

    assert {name: modules[module].TARGETS[name] for name, module in program.MODULES.items()} == (
        TARGETS
    )


def test_search_without_atheris_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(program, "find_spec", lambda _: None)

    assert program.main([]) == 0
    assert capsys.readouterr().out == (
        "skipped: atheris is missing, install it by `pip install --editable '.[fuzz]'`\n"
    )


@pytest.mark.parametrize(
    ("files", "again"),
    [
        ({"a.json": b"{}", "b/c.tf": b"x\n"}, {"a.json": b"{}", "b/c.tf": b"x\n"}),
        ({"/a": b"", "../../b": b"\n=", "c/../d": b"\xff"}, {"a": b"", "b": b"\n=", "d": b"\xff"}),
    ],
)
def test_archive_keeps_files_inside_of_its_folder(
    files: Mapping[str, bytes], again: Mapping[str, bytes]
) -> None:
    assert unpack(pack(files)) == again


def test_mutation_by_the_same_chance_is_the_same() -> None:
    seeds = [*islice(TARGETS["load-templates"].seeds(), 10)]
    mutator = Mutator.of(seeds)

    def mutated() -> list[bytes]:
        random = Random(7)  # noqa: S311 - no secret
        changed = [mutator.mutate(seed, random) for seed in seeds * 20]
        return [mutator.cross(one, seeds[0], random) for one in changed]

    assert mutated() == mutated()
    assert sum(one not in seeds for one in mutated()) > len(seeds) * 15


def _breaks(_: Mapping[str, bytes]) -> None:
    raise KeyError("x")


def _is_wrong(_: Mapping[str, bytes]) -> None:
    raise Wrong("reading twice differs", "1 and 2")


def _never_ends(_: Mapping[str, bytes]) -> None:
    while True:
        try:
            sum(range(1000))
        except Exception:  # noqa: BLE001 - as the boundaries of the program do
            return


@pytest.mark.parametrize(
    ("run", "kind"),
    [
        (_breaks, "KeyError: test_fuzz.py"),
        (_is_wrong, "reading twice differs"),
        (_never_ends, "too slow: test_fuzz.py"),
    ],
)
def test_fault_of_each_sort_is_seen(run: object, kind: str) -> None:
    target = Target("x", run, tuple)  # type: ignore[arg-type]

    fault = fault_of(target, pack({"a": b""}), 0.01)

    assert fault is not None
    assert fault.kind.startswith(kind)


def test_input_without_fault_has_none() -> None:
    assert fault_of(Target("x", lambda _: None, tuple), pack({"a": b""})) is None
