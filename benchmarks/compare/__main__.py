"""Measures iamlint's commands: CPU seconds and peak memory, against another tree and against peers.

    python -m benchmarks.compare [--rows NAME…] [--runs 5] [--against TREE] [--peers] [--large]

The files that are read are made once, in a folder outside of the repository. Runs of both trees
and peers take turns; figures are medians, a ratio is the median over these turns. Byte code is on
disk. With `--peers`, the peers are installed with pip into environments in the same folder; a run
of a peer is stopped after 300 CPU seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.compare.measure import Command, environment, measured, of_tree, run
from benchmarks.compare.peers import PEERS, Installed, PeerRuns, install
from benchmarks.compare.rows import RUNS, Row, chosen
from benchmarks.compare.table import Measured, as_data, peer_table, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HERE = Path(__file__).resolve().parents[2]


def main() -> None:
    options = _options()
    rows = chosen(options.rows, large=options.large)
    if options.list:
        for row in rows:
            print(f"{row.name:20} {row.work}")
        return
    trees = [tree.resolve() for tree in (options.tree, options.against) if tree]
    for tree in trees:
        prepare(tree)
    data = options.work.resolve() / "data"
    installed = install_peers(options.work.resolve(), rows) if options.peers else []
    more = {name for one in installed for name in one.peer.needs}
    make_workloads(data, {row.workload for row in rows} | more)
    found: list[Measured] = []
    failed = 0
    for row in rows:
        try:
            found.append(compare(row, trees, installed, data, options.runs))
        except RuntimeError as error:
            print(error, file=sys.stderr)
            failed = 1
        if options.json:
            text = json.dumps(as_data(found), indent=2) + "\n"
            options.json.write_text(text, encoding="utf-8")
    print(table(found))
    if options.peers:
        print(peer_table(found))
    raise SystemExit(failed)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.compare",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    folder = Path(os.environ.get("XDG_CACHE_HOME") or tempfile.gettempdir())
    parser.add_argument("--work", type=Path, default=folder / "iamlint-benchmarks", metavar="DIR")
    parser.add_argument("--runs", type=int, default=RUNS, metavar="N")
    parser.add_argument(
        "--rows", nargs="+", default=[], metavar="NAME", help="a part of it will do"
    )
    parser.add_argument("--tree", type=Path, default=HERE, help="the checkout that is measured")
    parser.add_argument("--against", type=Path, metavar="TREE", help="another checkout of iamlint")
    parser.add_argument("--peers", action="store_true", help="also install and measure peers")
    parser.add_argument("--large", action="store_true", help="also measure what takes a minute")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--list", action="store_true", help="list the rows, and exit")
    return parser.parse_args()


def prepare(tree: Path) -> None:
    """Write the byte code of a tree, and make sure that it is this tree that Python imports."""
    compiling = [sys.executable, "-m", "compileall", "-q", "iamlint", "pytest_iam"]
    subprocess.run(compiling, cwd=tree, env=environment(), check=True)
    asking = [sys.executable, "-P", "-c", "import iamlint; print(iamlint.__file__)"]
    sample = run(Command(asking, tree, {"PYTHONPATH": str(tree)}))
    if Path(sample.head.strip()).parent.parent != tree:
        raise SystemExit(f"Python imports `{sample.head.strip()}`, not that of `{tree}`")


def install_peers(work: Path, rows: Sequence[Row]) -> list[Installed]:
    """Return the peers that have a command for one of the rows; report those that are skipped."""
    names = {row.name for row in rows}
    installed = [install(peer, work) for peer in PEERS if names & {*peer.commands}]
    for one in installed:
        if one.reason:
            print(f"skipped {one.peer.name}: {one.reason}", file=sys.stderr)
    return installed


def make_workloads(data: Path, names: Iterable[str]) -> None:
    """Write the files of the rows in a process of its own: this one shall stay small."""
    making = [sys.executable, "-m", "benchmarks.compare.workloads", str(data), *sorted(names)]
    subprocess.run(making, cwd=HERE, check=True)


def compare(
    row: Row, trees: Sequence[Path], installed: Sequence[Installed], data: Path, runs: int
) -> Measured:
    """Measure a row in each tree and with each of its peers in turn."""
    samples = []
    of_peers = [PeerRuns(one) for one in installed if row.name in one.peer.commands]
    for _ in range(runs):
        samples.append([measured(row, of_tree(row, tree, data)) for tree in trees])
        of_peers = [one.measured_once_more(row, data) for one in of_peers]
    print(f"measured {row.name}", file=sys.stderr)
    size = sum(path.stat().st_size for path in (data / row.workload).rglob("*") if path.is_file())
    now, *before = zip(*samples, strict=True)
    return Measured(row, size, now, before[0] if before else (), of_peers)


if __name__ == "__main__":
    main()
