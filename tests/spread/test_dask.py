"""The parts of a run on a cluster: the same bytes, and no part that is lost in silence."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from iamlint.errors import UsageError
from iamlint.spread import dask
from tests.support.organization import ACCOUNTS, parts_of, write_killer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="Dask is not installed"
)


def run(folder: Path, *words: str, code: int = 1) -> bytes:
    command = [sys.executable, "-m", "iamlint", "check", ".", "--output-format", "json", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert done.returncode == code, done.stderr.decode()
    return done.stdout


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


class OneWorker:
    """A client whose only worker answers as given."""

    def __init__(self, *answer: str) -> None:
        self.answer = answer

    def run(self, *_: object) -> dict[str, tuple[str, ...]]:
        return {"tcp://worker:1": self.answer}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({0: "0.0.1"}, "the worker `tcp://worker:1` has other iamlint: 0.0.1 in place of "),
        ({1: "2001-01-01"}, "the worker `tcp://worker:1` has other AWS data: 2001-01-01 in place"),
        ({2: "x"}, "the worker `tcp://worker:1` has other files"),
    ],
)
def test_worker_that_would_find_something_else_is_refused(
    organization: Path,
    changed: dict[int, str],
    message: str,
) -> None:
    parts = parts_of(organization)
    same = dask.question("key", parts.request)
    dask.refuse_others(OneWorker(*same), "key", parts)
    other = [changed.get(at, one) for at, one in enumerate(same)]

    with pytest.raises(UsageError) as raised:
        dask.refuse_others(OneWorker(*other), "key", parts)

    assert raised.value.message.startswith(message)
