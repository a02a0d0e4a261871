"""`iamlint catalog`: the date of the data, and the one command that may use the network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.catalog import Catalog, managed_policies
from iamlint.catalog.build import service_reference
from iamlint.errors import ReadError

if TYPE_CHECKING:
    import pytest

    from tests.support.program import Program


REFERENCE = Path(__file__).parent.parent / "catalog" / "reference"


def test_show_tells_date_source_and_counts(iamlint: Program) -> None:
    shown = json.loads(iamlint("catalog", "show", "--output-format", "json").out)

    assert shown["date"] == Catalog.open().date
    assert shown["source"] == Catalog.open().source
    assert shown["actions"] > 20_000
    assert shown["retired_services"] >= 2
    assert shown["origins"][0]["date"] == Catalog.open().date
    assert shown["managed_policies"] == managed_policies.about()
    assert set(shown) == {
        *("date", "source", "services", "actions", "condition_keys", "managed_policies"),
        *("origins", "retired_services"),
    }


def test_show_names_the_day_of_the_managed_policies(iamlint: Program) -> None:
    about = managed_policies.about()
    line = f"managed policies  {about['policies']} of {about['date']}, {about['source']}\n"

    assert iamlint("catalog", "show").out.endswith(line)


def test_update_fetches_what_later_runs_use(
    iamlint: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = json.dumps(
        {
            "Name": "s3",
            "Actions": [{"Name": "GetObjectFromTheFuture"}],
            "ConditionKeys": [],
            "Resources": [],
        }
    )
    answers = {
        service_reference.REFERENCE: json.dumps(
            [{"service": "s3", "url": service_reference.REFERENCE + "v1/s3/s3.json"}]
        ),
        service_reference.REFERENCE + "v1/s3/s3.json": document,
    }
    monkeypatch.setenv("IAMLINT_CATALOG", str(tmp_path / "catalog"))
    monkeypatch.setattr(service_reference, "fetch_reference", lambda url: answers[url].encode())

    result = iamlint("catalog", "update")

    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("1 services of ")
    assert "s3:GetObjectFromTheFuture" in iamlint("expand", "s3:*Future").out


def test_update_without_a_network_says_so_and_exits_2(
    iamlint: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(url: str) -> bytes:
        raise ReadError(f"no network for {url}")

    monkeypatch.setenv("IAMLINT_CATALOG", str(tmp_path / "catalog"))
    monkeypatch.setattr(service_reference, "fetch_reference", unreachable)

    result = iamlint("catalog", "update")

    assert (result.code, result.out) == (2, "")
    assert "no network" in result.err
    assert not (tmp_path / "catalog").exists()
