"""One target under atheris; `python -m tests.fuzz` starts this once for each target."""

from __future__ import annotations

import hashlib
import sys
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Final

import atheris

from tests.fuzz.__main__ import MODULES

FOLDER: Final = Path(".fuzz")
SLOWER: Final = 3.0
"""How much longer code takes that counts its branches."""


def main(name: str, options: list[str]) -> None:
    with atheris.instrument_imports(include=["iamlint"]):
        from tests.fuzz.mutate import Mutator  # noqa: PLC0415 - counted from here on
        from tests.fuzz.watch import fault_of  # noqa: PLC0415 - the same

        module = import_module(f"tests.fuzz.{MODULES[name]}")
        target = module.TARGETS[name]
        begin = [seed for seed in target.seeds() if len(seed) <= target.longest]
        for seed in begin:
            fault_of(target, seed)  # imports, and so counts, what is imported when it is used
    corpus, found = FOLDER / "corpus" / name, FOLDER / "found" / name
    corpus.mkdir(parents=True, exist_ok=True)
    found.mkdir(parents=True, exist_ok=True)
    for seed in begin:
        (corpus / hashlib.sha1(seed, usedforsecurity=False).hexdigest()).write_bytes(seed)
    mutator = Mutator.of(begin)
    kinds: set[str] = set()

    def look(data: bytes) -> None:
        fault = fault_of(target, data, SLOWER)
        if fault is not None and fault.kind not in kinds:
            kinds.add(fault.kind)
            path = found / hashlib.sha1(fault.kind.encode(), usedforsecurity=False).hexdigest()[:12]
            path.write_bytes(data)
            path.with_suffix(".txt").write_text(f"{fault.kind}\n{fault.text}", errors="replace")
            sys.stdout.write(f"{name}: {fault.kind} ({path})\n")
            sys.stdout.flush()

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        return mutator.mutate(data, Random(seed))[:most]  # noqa: S311 - no secret

    def cross(one: bytes, other: bytes, most: int, seed: int) -> bytes:
        return mutator.cross(one, other, Random(seed))[:most]  # noqa: S311 - no secret

    arguments = [sys.argv[0], f"-max_len={target.longest}", "-timeout=120", "-rss_limit_mb=3000"]
    arguments += ["-print_final_stats=1", "-len_control=0", f"-artifact_prefix={found}/"]
    atheris.Setup(
        [*arguments, *options, str(corpus)],
        look,
        custom_mutator=mutate,
        custom_crossover=cross,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
