"""Measures what one rule adds to the time of `iamlint check`.

    python -m benchmarks.rule_cost [FOLDER…] [--rule path-to-admin] [--runs 5] [--tree TREE]

Folders are checked as they are; without any, those that `benchmarks.compare` generates. Runs with
the rule and without it take turns, with byte code on disk. Figures are medians of CPU seconds, and
the cost is the median over the turns.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.compare.__main__ import HERE, make_workloads, prepare
from benchmarks.compare.measure import Command, run

GENERATED = ("templates-300", "terraform-300", "dump-1000", "managed")
MOST = 0.2
"""What `path-to-admin` may add."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", type=Path, nargs="*", metavar="FOLDER")
    parser.add_argument("--rule", default="path-to-admin")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--tree", type=Path, default=HERE)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir(), "iamlint-rule"))
    options = parser.parse_args()
    prepare(options.tree.resolve())
    if not options.folders:
        make_workloads(options.work, GENERATED)
    print("| folder | with s | without s | added |\n|---|---|---|---|")
    for folder in options.folders or [options.work / name for name in GENERATED]:
        turns = [
            (seconds(folder, options.tree), seconds(folder, options.tree, "--ignore", options.rule))
            for _ in range(options.runs)
        ]
        on, off = (median(each) for each in zip(*turns, strict=True))
        added = median(one / other for one, other in turns) - 1
        print(f"| {folder.name} | {on:.2f} | {off:.2f} | {added:+.0%} |", flush=True)
    print(f"\npath-to-admin may add {MOST:.0%}")


def seconds(folder: Path, tree: Path, *more: str) -> float:
    """Return the CPU seconds of one check of a folder."""
    words = ["check", ".", "--jobs", "1", "--output-format", "json", "--exit-zero", *more]
    python = [sys.executable, "-P", "-m", "iamlint"]
    sample = run(Command([*python, *words], folder.resolve(), {"PYTHONPATH": str(tree.resolve())}))
    if sample.exit not in (0, 2):
        raise SystemExit(f"{folder}: exit code {sample.exit}\n{sample.head}{sample.stderr}")
    return sample.seconds


if __name__ == "__main__":
    main()
