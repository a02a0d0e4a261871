"""The benchmark makes the same files each time, and its table follows from the figures."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("resource", reason="processes are measured on Unix")

from benchmarks.compare.measure import Command, Sample, of_tree, run
from benchmarks.compare.peers import PEERS, Installed, Peer, PeerRuns
from benchmarks.compare.rows import (
    ROWS,
    Figure,
    Limit,
    MemoryLimit,
    Row,
    chosen,
)
from benchmarks.compare.table import (
    Measured,
    as_data,
    median,
    peer_table,
    reached,
    table,
)
from benchmarks.compare.workloads.__main__ import WORKLOADS
from benchmarks.compare.workloads.scenarios import made

ROOT = Path(__file__).parent.parent.parent
MADE = ("template", "terraform-300", "templates-300", "dump-1000", "plan-2000", "pytest-repository")
WORK = Row(
    "work",
    "some work",
    ("-c", "pass"),
    "policy",
    Limit(0.5),
    Limit(0.3),
    MemoryLimit(90),
    MemoryLimit(60),
)


def samples(*seconds: float, megabytes: int = 50, digest: str = "a") -> list[Sample]:
    return [Sample(one, megabytes * 1_000_000, 0, digest) for one in seconds]


def written(folder: Path, seed: str, *names: str) -> dict[str, bytes]:
    making = [sys.executable, "-m", "benchmarks.compare.workloads", str(folder), *names]
    subprocess.run(making, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, check=True)
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_workloads_are_the_same_in_each_process(tmp_path: Path) -> None:
    first = written(tmp_path / "first", "1", *MADE)

    assert first == written(tmp_path / "second", "2", *MADE)
    assert {name.split("/")[0].removesuffix(".sha256") for name in first} == {*MADE}
    assert len([name for name in first if name.startswith("terraform-300/")]) == 300
    assert len([name for name in first if name.startswith("templates-300/")]) == 300


def test_workload_that_is_there_is_not_written_again(tmp_path: Path) -> None:
    written(tmp_path, "1", "template")
    changed = tmp_path / "template" / "template.yaml"
    changed.write_text("", encoding="utf-8")

    assert written(tmp_path, "1", "template")["template/template.yaml"] == b""
    (tmp_path / "template.sha256").write_text("of older code", encoding="utf-8")
    assert written(tmp_path, "1", "template")["template/template.yaml"] != b""


def test_scenarios_repeat_policies_only_where_they_shall() -> None:
    def policies(*, repeat: bool) -> list[object]:
        scenarios = list(made(300, repeat=repeat))
        assert scenarios == list(itertools.islice(made(400, repeat=repeat), 300))
        return [str(one["policies"]["identity"]) for one in scenarios]

    assert len(set(policies(repeat=True))) == 3
    assert len(set(policies(repeat=False))) > 290


def test_each_row_has_a_workload_and_a_name_of_its_own() -> None:
    names = [row.name for row in ROWS]

    assert {row.workload for row in ROWS} | {name for peer in PEERS for name in peer.needs} == {
        *WORKLOADS
    }
    assert {name for peer in PEERS for name in peer.commands} <= {*names}
    assert len(set(names)) == len(names)
    assert {limit.of for row in ROWS for limit in (row.required, row.goal) if limit} <= {
        *names,
        "before",
    }


def test_no_goal_is_easier_than_what_is_required() -> None:
    easier = [
        row.name
        for row in ROWS
        if row.required
        and row.goal
        and (row.goal.ratio, row.goal.plus) > (row.required.ratio, row.required.plus)
    ]

    assert easier == []


def test_rows_come_with_those_that_they_are_compared_with() -> None:
    def names(*patterns: str, large: bool = False) -> list[str]:
        return [row.name for row in chosen(patterns, large=large)]

    assert names("pytest-dump") == ["pytest-empty", "pytest-dump"]
    assert names("dump-") == ["dump-1000", "dump-5000"]
    assert names("dump-20", large=True) == ["dump-20000"]
    assert len(names()) == len(ROWS) - 1


def test_ratio_is_that_of_runs_that_followed_each_other() -> None:
    one = Measured(WORK, 1, samples(1, 4, 3), samples(2, 10, 4))

    assert (one.seconds, one.ratio, one.ratio_of_minima) == (3, 0.5, 0.5)
    assert median([4, 1, 3, 2]) == 2.5


def test_row_reaches_what_both_its_time_and_its_memory_reach() -> None:
    def grade(ratio: float, megabytes: int) -> str:
        now = samples(ratio, megabytes=megabytes)
        return reached(Measured(WORK, 1, now, samples(1)), {})

    assert grade(0.3, 60) == "goal"
    assert grade(0.4, 60) == "required"
    assert grade(0.3, 80) == "required"
    assert grade(0.3, 91) == "no"
    assert grade(0.51, 60) == "no"


def test_row_is_held_against_another_row() -> None:
    limits = (Limit(1.5, "empty", 1.0), Limit(1.5, "empty", 0.5))
    row = Row("tests", "tests", (), "policy", *limits)
    empty = Measured(WORK, 1, samples(0.2))

    def grade(seconds: float) -> str:
        return reached(Measured(row, 1, samples(seconds)), {"empty": empty})

    assert [grade(seconds) for seconds in (0.8, 1.3, 1.31)] == ["goal", "required", "no"]


def test_table_shows_figures_limits_and_whether_outputs_are_equal() -> None:
    rate = Row("rate", "decisions", (), "policy", figure=Figure.RATE, same=False)
    fast = [Sample(0.5, 10_000_000, 0, "", count=1_000)]
    found = [
        Measured(WORK, 1, samples(0.4), samples(1, megabytes=80, digest="b")),
        Measured(rate, 1, fast, fast),
    ]

    assert table(found).splitlines()[2:] == [
        (
            "| some work | 1.000 s | 0.400 s | 0.40 × | 0.40 × | 0.5 × | 0.3 × | required "
            "| 80 | 50 | 90 MB / 60 MB | **differs** |"
        ),
        "| decisions | 2,000 /s | 2,000 /s | 1.00 × | 1.00 × |  |  |  | 10 | 10 |  |  |",
    ]
    assert [(one["row"], one["reached"], one["same_output"]) for one in as_data(found)] == [
        ("work", "required", False),
        ("rate", None, None),
    ]


def test_table_of_one_tree_has_its_figures_only() -> None:
    shown = table([Measured(WORK, 1, samples(0.4))])

    assert shown.splitlines() == [
        "| work | now | MB |",
        "| --- | --- | --- |",
        "| some work | 0.400 s | 50 |",
    ]


def test_table_of_peers_shows_how_much_more_they_take_or_why_they_were_not_measured() -> None:
    peer = Peer("peer", {})
    installed = Installed(peer, Path("/peers/peer"), "1.2")
    absent = Installed(peer, Path("/peers/peer"), "", "cannot be installed: no release")
    runs = [
        PeerRuns(installed, samples(2, 1, 3, megabytes=75)),
        PeerRuns(installed, reason="over 300 s"),
        PeerRuns(absent),
    ]
    found = Measured(WORK, 1, samples(0.5), (), runs)

    assert peer_table([found]).splitlines()[2:] == [
        "| some work | 0.50 s | 50 | peer 1.2 | 2.00 s | 4.0 × | 75 | 1.5 × |",
        "| some work | 0.50 s | 50 | peer 1.2 | over 300 s |  |  |  |",
        "| some work | 0.50 s | 50 | peer | cannot be installed: no release |  |  |  |",
    ]
    assert [one["reason"] for one in as_data([found])[0]["peers"]] == [
        None,
        "over 300 s",
        "cannot be installed: no release",
    ]


def test_peer_is_measured_until_it_fails(tmp_path: Path) -> None:
    (tmp_path / "policy").mkdir()

    def once_more(code: str) -> PeerRuns:
        peer = Peer("peer", {"work": f"{sys.executable} -c {code}"}, exits=(0, 2))
        first = PeerRuns(Installed(peer, tmp_path, "1")).measured_once_more(WORK, tmp_path)
        return first.measured_once_more(WORK, tmp_path)

    assert [one.exit for one in once_more("raise(SystemExit(2))").samples] == [2, 2]
    assert once_more("raise(SystemExit(3))").reason == "exit code 3"
    assert once_more("raise(SystemExit(3))").samples == ()


def test_run_reports_exit_code_output_and_figures(tmp_path: Path) -> None:
    code = "import os; print(os.environ.get('PYTHONDONTWRITEBYTECODE')); raise SystemExit(4)"
    sample = run(Command([sys.executable, "-c", code], tmp_path))

    assert (sample.exit, sample.head, sample.stderr) == (4, "None\n", "")
    assert sample.seconds > 0
    assert sample.peak > 1_000_000


def test_command_of_a_row_uses_the_packages_of_its_tree() -> None:
    command = of_tree(ROWS[0], Path("/tree"), Path("/data"))

    assert command.words == [sys.executable, "-P", "-c", "pass"]
    assert command.env == {"PYTHONPATH": "/tree"}
    assert command.folder == Path("/data/policy")
