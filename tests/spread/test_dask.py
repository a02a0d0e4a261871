"""The parts of a run on a cluster: the same bytes, and no part that is lost in silence."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections import Counter
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Self

import pytest

from iamlint.errors import UsageError
from iamlint.linter.parts import RunParts
from iamlint.spread import dask
from iamlint.spread.sending import Sending
from tests.support.organization import ACCOUNTS, allow, parts_of, policy, write_killer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from tests.support.program import Program

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="Dask is not installed"
)


def run(folder: Path, *words: str, code: int = 1) -> bytes:
    return ran(folder, *words, code=code)[0]


def ran(folder: Path, *words: str, code: int = 1) -> tuple[bytes, str]:
    command = [sys.executable, "-m", "iamlint", "check", ".", "--output-format", "json", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert done.returncode == code, done.stderr.decode()
    return done.stdout, done.stderr.decode()


def test_workers_give_the_same_bytes(organization: Path) -> None:
    assert run(organization, "--scheduler", "local:2") == run(organization, "--jobs", "1")


def test_part_that_kills_its_workers_is_named_and_the_rest_is_complete(
    organization: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_killer(organization, monkeypatch)
    words = ("--allow-plugins", "--scheduler", "local:2")
    whole = json.loads(run(organization, *words))
    file = organization / "accounts" / f"{ACCOUNTS[1]}.json"
    action = '"Action": "iam:PutRolePolicy"'
    file.write_text(file.read_text().replace(action, f'"Sid": "Deadly", {action}'))

    report = json.loads(run(organization, *words, code=3))

    dead = f"accounts/{ACCOUNTS[1]}.json"
    lost = [one["path"] for one in report["not_analysed"] if "KilledWorker" in one["reason"]]
    others = [one for one in whole["findings"] if one["path"] not in (dead, "iamlint.toml")]
    assert lost == [dead]
    assert [one for one in report["findings"] if one["path"] != "iamlint.toml"] == others


class Crowded:
    """A cluster as Dask's: each death of its worker counts against all parts on their way.

    Parts that end the worker do so first; those of `greedy` only while others are on their way.
    """

    def __init__(self, deadly: Sequence[int], greedy: Sequence[int], failing: int | None) -> None:
        self.deadly, self.greedy, self.failing = deadly, greedy, failing
        self.asked: Counter[int] = Counter()
        self.on_way: dict[Asked, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def nthreads(self) -> dict[str, int]:
        return {"tcp://worker:1": 1, "tcp://worker:2": 1}

    def run(self, function: Callable[..., object], *args: object) -> dict[str, object]:
        return {"tcp://worker:1": function(*args)}

    def submit(self, check: Callable[..., object], *args: Any, pure: bool, retries: int) -> Asked:
        assert (pure, retries) == (False, 2)
        self.asked[args[2]] += args[1] is None  # not if only the question is sent after it
        return Asked(args[2], partial(check, *args))

    def as_completed(self, futures: Iterable[Asked]) -> Crowded:
        self.update(futures)
        return self

    def update(self, futures: Iterable[Asked]) -> None:
        self.on_way |= dict.fromkeys(futures, 0)

    def __iter__(self) -> Iterator[Asked]:
        from distributed import KilledWorker  # noqa: PLC0415 - an extra

        while self.on_way:
            if any(map(self._kills, self.on_way)):
                self.on_way = {one: deaths + 1 for one, deaths in self.on_way.items()}
                done = [one for one, deaths in self.on_way.items() if deaths > 3]
                error: Exception | None = KilledWorker("check", WORKER, 3)
            else:
                done = [min(self.on_way, key=lambda one: one.number)]
                error = OSError("no space") if done[0].number == self.failing else None
            for one in done:
                del self.on_way[one]
                one.error = error
            yield from done

    def _kills(self, asked: Asked) -> bool:
        is_alone = len(self.on_way) == 1
        return asked.number in self.deadly or (asked.number in self.greedy and not is_alone)


class Asked:
    """What comes of a part that is asked for."""

    def __init__(self, number: int, result: Callable[[], object]) -> None:
        self.number, self.result = number, result
        self.error: Exception | None = None

    def exception(self) -> Exception | None:
        return self.error

    def release(self) -> None:
        pass


WORKER: Any = SimpleNamespace(address="tcp://worker:1")


@pytest.mark.parametrize(
    ("deadly", "greedy", "failing", "lost", "asked_again"),
    [
        ((), (), None, [], []),
        ((2,), (), None, [2], [0, 1, 2, 3]),
        ((0, 5), (), None, [0, 5], [0, 1, 2, 3, 4, 5]),
        ((5,), (), None, [5], [2, 3, 4, 5]),
        ((0, 1, 2, 3, 4, 5), (), None, [0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5]),
        ((), (1, 3), None, [], [0, 1, 2, 3]),
        ((2,), (5,), None, [2], [0, 1, 2, 3, 4, 5]),
        ((), (), 4, [4], []),
        ((2,), (), 1, [1, 2], [0, 1, 2, 3]),
    ],
)
def test_only_part_that_ends_its_workers_alone_is_lost(
    unchanged: Path,
    monkeypatch: pytest.MonkeyPatch,
    deadly: Sequence[int],
    greedy: Sequence[int],
    failing: int | None,
    lost: list[int],
    asked_again: list[int],
) -> None:
    parts = parts_of(unchanged)
    cluster = Crowded(deadly, greedy, failing)
    monkeypatch.setattr("distributed.Client", lambda *_, **__: cluster)
    monkeypatch.setattr("distributed.as_completed", cluster.as_completed)

    found = list(dask.spread(parts, "tcp://scheduler:1", None))

    results = dict(found)
    assert len(found) == len(results) == parts.count == 6
    assert lost == [n for n in range(6) if results[n].lines != parts.result(n).lines]
    for number in lost:
        said = "no space" if number == failing else "all those workers died while running it"
        assert all(said in hole.reason for hole in results[number].result.not_analysed)
    assert cluster.asked == {n: 1 + (n in asked_again) for n in range(6)}


def test_scheduler_that_cannot_be_reached_is_an_error(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text("{}")

    for address in ("local:many", "nowhere"):
        done = iamlint("check", ".", "--scheduler", address)
        assert (done.code, done.out) == (2, "")
        assert f"the scheduler `{address}` cannot be reached" in done.err


def test_cluster_without_its_library_is_an_error(
    iamlint: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "p.json").write_text("{}")
    monkeypatch.setitem(sys.modules, "distributed", None)

    done = iamlint("check", ".", "--scheduler", "local:2")

    assert (done.code, done.out) == (2, "")
    assert "pip install 'iamlint[dask]'" in done.err


ELSEWHERE = """
import multiprocessing, os
from iamlint.config import scopes
from iamlint.linter.parts import RunParts
from iamlint.load.find.tree import FileTree

IS_WORKER = multiprocessing.parent_process() is not None
WAY = os.environ.get("WAY")

def refuse(*_, **__):
    raise AssertionError("a file is read here")

read = FileTree.read

def read_another(tree, place, limit):
    if not place.endswith("111122220003.json"):
        return read(tree, place, limit)
    if WAY == "gone":
        raise FileNotFoundError(2, "gone", place)
    return read(tree, place, limit).replace(b"GetObjcet", b"GetObject")

if WAY == "sent" and IS_WORKER:
    scopes.nearest = refuse
    for name in ("place", "repository", "exists", "is_folder", "is_file", "is_pipe", "size"):
        setattr(FileTree, name, refuse)
    FileTree.read = FileTree.children = refuse
elif WAY == "sent":
    RunParts._account = refuse
elif IS_WORKER:
    FileTree.read = read_another
"""


@pytest.fixture
def elsewhere(organization: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let workers have other files than the process that asks them, as `WAY` says."""
    (organization / "site").mkdir()
    (organization / "site" / "elsewhere.py").write_text(ELSEWHERE)
    config = organization / "iamlint.toml"
    config.write_text('plugins = ["elsewhere"]\n' + config.read_text())
    monkeypatch.setenv("PYTHONPATH", str(organization / "site"))
    return organization


def test_workers_without_files_give_the_same_bytes_if_these_are_sent(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (elsewhere / "accounts" / "iamlint.toml").write_text('[severity]\nunknown-action = "note"\n')
    (elsewhere / ".gitignore").write_text(f"{ACCOUNTS[4]}.json\n")
    (elsewhere / "scp.json").write_text(json.dumps(policy({**allow("iam:*"), "Effect": "Deny"})))
    serial = run(elsewhere, "--allow-plugins", "--jobs", "1")
    monkeypatch.setenv("WAY", "sent")

    sent, said = ran(elsewhere, "--allow-plugins", "--scheduler", "local:2", "--send")

    assert sent == serial
    dumps = sum((elsewhere / "accounts" / f"{one}.json").stat().st_size for one in ACCOUNTS[:4])
    assert f"note: {dumps:,} bytes of dumps are sent to the workers, and " in said
    assert "bytes of other files to each of 2" in said


@pytest.mark.parametrize(("way", "what"), [("gone", "cannot read"), ("other", "has another")])
def test_worker_with_other_files_ends_the_run_and_is_named(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, way: str, what: str
) -> None:
    monkeypatch.setenv("WAY", way)

    out, said = ran(elsewhere, "--allow-plugins", "--scheduler", "local:2", code=2)

    assert out == b""
    assert re.search(rf"error: the worker `tcp://[^`]+` {what} `accounts/111122220003.json`", said)
    assert "help: `--send` sends the files" in said


def test_send_needs_a_cluster_and_files_here(
    iamlint: Program, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (tmp_path / "p.json").write_text("{}")
    kept = str(tmp_path_factory.mktemp("kept"))

    for words, message in (
        ((), "`--send` needs `--scheduler` or `--scheduler-file`"),
        (("--scheduler", "local:1", "--resume", kept), "`--send` and `--resume` cannot be used"),
    ):
        done = iamlint("check", ".", "--send", *words)
        assert (done.code, done.out) == (2, "")
        assert message in done.err


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="there are no links")
def test_link_is_not_sent(organization: Path) -> None:
    (organization / "linked").symlink_to(organization / "accounts")
    sending = Sending(lambda _: None)
    parts = parts_of(organization, "linked")
    parts = RunParts(sending.noted(parts.request), parts.plugged)

    with pytest.raises(UsageError) as raised:
        sending.request(parts)

    named = f"`linked/{ACCOUNTS[0]}.json`"
    assert raised.value.message == f"{named} is behind a link, and links are not sent"


class OneWorker:
    """A client whose only worker answers as given."""

    def __init__(self, answer: Sequence[str], files: dict[str, str] | None = None) -> None:
        self.answer = answer
        self.files = files

    def run(
        self, function: object, *_: object, workers: list[str] | None = None
    ) -> dict[str, object]:
        assert workers in (None, ["tcp://worker:1"])
        return {"tcp://worker:1": self.files if function is dask.listed else self.answer}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({0: "0.0.1"}, "the worker `tcp://worker:1` has other iamlint: 0.0.1 in place of "),
        ({1: "2001-01-01"}, "the worker `tcp://worker:1` has other AWS data: 2001-01-01 in place"),
        ({2: "x"}, "the worker `tcp://worker:1` has another `bucket.json`"),
        ({1: "", 3: "`x` is gone"}, "the worker `tcp://worker:1` cannot read the files: `x` is"),
    ],
)
def test_worker_that_would_find_something_else_is_refused(
    organization: Path,
    changed: dict[int, str],
    message: str,
) -> None:
    parts = parts_of(organization)
    same = dask.question("key", parts.request)
    dask.refuse_others(OneWorker(same), "key", parts, parts.request)
    other = [changed.get(at, one) for at, one in enumerate(same)]
    files = {**dask.listed("key", parts.request), "bucket.json": "x"}

    with pytest.raises(UsageError) as raised:
        dask.refuse_others(OneWorker(other, files), "key", parts, parts.request)

    assert raised.value.message.startswith(message)


def test_worker_without_a_file_is_refused_by_its_name(organization: Path) -> None:
    parts = parts_of(organization)
    version, catalog, *_ = dask.question("key", parts.request)
    files = dask.listed("key", parts.request)
    del files[f"accounts/{ACCOUNTS[2]}.json"]

    worker = OneWorker((version, catalog, "x", ""), files)
    with pytest.raises(UsageError) as raised:
        dask.refuse_others(worker, "key", parts, parts.request)

    named = f"the worker `tcp://worker:1` cannot read `accounts/{ACCOUNTS[2]}.json`"
    assert raised.value.message == named
