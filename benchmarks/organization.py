"""Measures runs over many accounts: growth, memory, several processes, a cluster, a second night.

    python -m benchmarks.organization [--roles 300] [--accounts 1 10 100] [--tiny 100 1000 10000]
                                      [--work DIR]

Each account is a dump of its own; a tiny one has one role. CPU is that of all processes of a run,
memory that of the largest. `merge` is what the first process has to do when others check the parts.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.compare.measure import Command, Sample, run
from benchmarks.compare.workloads.dumps import account
from benchmarks.compare.workloads.policies import ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--roles", type=int, default=300)
    parser.add_argument("--accounts", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--tiny", type=int, nargs="*", default=[])
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir(), "iamlint-org"))
    options = parser.parse_args()
    print(
        "| run | CPU s | per account | wall s | peak MB | × one dump |\n|---|---|---|---|---|---|"
    )
    for number in options.accounts:
        folder = made(options.work / f"{number}", number, options.roles)
        size = max(file.stat().st_size for file in folder.iterdir())
        for name, words in ways(number > 1):
            sample, wall = timed(folder, words)
            print(row(f"{number} × {size / 1e6:.1f} MB, {name}", sample, wall, number, size))
        sample, wall = merged(folder)
        print(row(f"{number} × {size / 1e6:.1f} MB, merge", sample, wall, number, size))
    nights(folder, number)
    for number in options.tiny:
        folder = made_tiny(options.work / f"tiny-{number}", number)
        sample, wall = timed(folder, ["--jobs", "1", "--no-cache"])
        print(row(f"{number} tiny accounts", sample, wall, number, 10**6))
        shutil.rmtree(folder)


def ways(is_several: bool) -> Iterator[tuple[str, Sequence[str]]]:  # noqa: FBT001 - one question
    yield "one process", ["--no-cache", "--jobs", "1"]
    if is_several:
        yield "two processes", ["--no-cache", "--jobs", "2"]
    if is_several and importlib.util.find_spec("distributed"):
        yield "Dask, two workers", ["--no-cache", "--scheduler", "local:2"]


def made(folder: Path, number: int, roles: int) -> Path:
    """Return a folder with so many accounts, each with a number of its own in all its ARNs."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(account(roles), indent=1)
    for at in range(number):
        own = str(200_000_000_000 + at)
        (folder / f"{own}.json").write_text(text.replace(ACCOUNT, own))
    return folder


def made_tiny(folder: Path, number: int) -> Path:
    """Return a folder with so many accounts, each as small as a part can be."""
    folder.mkdir(parents=True, exist_ok=True)
    statement = {"Effect": "Allow", "Action": ["s3:GetObjcet", "iam:PutRolePolicy"]}
    policy = {"Version": "2012-10-17", "Statement": [{**statement, "Resource": "*"}]}
    role = {
        "RoleName": "app",
        "Arn": f"arn:aws:iam::{ACCOUNT}:role/app",
        "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": policy}],
    }
    text = json.dumps({"RoleDetailList": [role]}, indent=1) + " " * 8_300
    for at in range(number):
        own = str(200_000_000_000 + at)
        (folder / f"{own}.json").write_text(text.replace(ACCOUNT, own))
    return folder


def merged(folder: Path) -> tuple[Sample, float]:
    """Return what it takes to put the parts of a folder together."""
    with tempfile.TemporaryDirectory() as kept:
        share = str(Path(kept, "part.jsonl"))
        timed(folder, ["--no-cache", "--part", "1/1", "-o", share])
        return timed(folder, [share], "merge")


def timed(folder: Path, words: Sequence[str], command: str = "check .") -> tuple[Sample, float]:
    program = [sys.executable, "-P", "-m", "iamlint", *command.split()]
    report = ["--output-format", "jsonl"]
    start = time.monotonic()
    sample = run(Command([*program, *words, *report], folder, {"PYTHONPATH": str(ROOT)}))
    if sample.exit not in (0, 1):
        raise SystemExit(sample.stderr)
    return sample, time.monotonic() - start


def row(name: str, sample: Sample, wall: float, number: int, size: int) -> str:
    cells = (
        f"{sample.seconds:.2f}",
        f"{sample.seconds / number:.3f}",
        f"{wall:.2f}",
        f"{sample.peak / 1e6:.0f}",
        f"{(sample.peak - 40e6) / size:.1f}",
    )
    return f"| {name} | {' | '.join(cells)} |"


def nights(folder: Path, number: int) -> None:
    """Measure a first night, and a second one for which one account in a hundred has changed."""
    with tempfile.TemporaryDirectory() as kept:
        words = ["--jobs", "1", "--resume", kept]
        first, wall = timed(folder, words)
        print(row("first night", first, wall, number, 10**6))
        changed = sorted(folder.iterdir())[: max(number // 100, 1)]
        for file in changed:
            file.write_text(file.read_text().replace("s3:GetObject", "s3:GetObjectVersion", 1))
        second, wall = timed(folder, words)
        print(row(f"second night, {len(changed)} changed", second, wall, number, 10**6))
        print(f"\nThe second night took {second.seconds / first.seconds:.1%} of the first.")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
