"""Objects of stores that a user names on the command line, in a store of `fsspec` in memory."""

from __future__ import annotations

import gzip
import json
import sys
from typing import TYPE_CHECKING

import pytest
import zstandard
from fsspec.implementations.memory import MemoryFileSystem

from iamlint.errors import ReadError
from iamlint.load import LoadOptions, list_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tests.support.program import Program

ADMIN = b"""{"Version": "2012-10-17",
"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"""
FOUND = "warning[wildcard-admin] "
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".zst": zstandard.ZstdCompressor().compress,
}


def dump(account: str) -> bytes:
    """Return a dump that is large enough to be a part of its own."""
    policies = [{"PolicyName": "any", "PolicyDocument": json.loads(ADMIN)}]
    roles = [
        {
            "RoleName": f"r{number}",
            "Arn": f"arn:aws:iam::{account}:role/r{number}",
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []},
            "RolePolicyList": policies,
        }
        for number in range(60)
    ]
    return json.dumps({"RoleDetailList": roles}).encode()


@pytest.fixture
def put() -> Iterator[Callable[[Mapping[str, bytes]], None]]:
    """Put objects into the store, which is empty before and after."""
    store = MemoryFileSystem()
    MemoryFileSystem.store.clear()

    def put(objects: Mapping[str, bytes]) -> None:
        for name, data in objects.items():
            store.pipe_file(f"/{name}", data)

    yield put
    MemoryFileSystem.store.clear()
    MemoryFileSystem.pseudo_dirs[:] = [""]


def concise(iamlint: Program, *words: str) -> tuple[int, str, str]:
    result = iamlint("check", *words, "--output-format", "concise", "--select", "wildcard-admin")
    return result.code, result.out, result.err


@pytest.mark.parametrize("ending", PACKED)
def test_object_has_the_findings_of_the_same_file_under_its_full_name(
    ending: str, put: Callable[..., None], iamlint: Program, tmp_path: Path
) -> None:
    (tmp_path / "p.json").write_bytes(ADMIN)
    put({f"audit/p.json{ending}": PACKED[ending](ADMIN)})

    code, out, err = concise(iamlint, "p.json")

    there = f"memory:///audit/p.json{ending}"
    assert (code, out.startswith("p.json:2:")) == (1, True)
    assert concise(iamlint, f"memory://audit/p.json{ending}") == (
        code,
        out.replace("p.json:", f"{there}:"),
        err,
    )


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("memory://audit", ["b/c.json", "p.json", "z.json.gz"]),
        ("memory://audit/", ["b/c.json", "p.json", "z.json.gz"]),
        ("memory://audit/*.json*", ["p.json", "z.json.gz"]),
        ("memory://audit/*", ["b/c.json", "notes.txt", "p.json", "z.json.gz"]),
        ("memory://audit/**/c.json", ["b/c.json"]),
        ("memory://audit/notes.txt", ["notes.txt"]),
    ],
)
def test_folders_and_globs_are_listed_in_order(
    name: str, listed: list[str], put: Callable[..., None], iamlint: Program
) -> None:
    put({f"audit/{each}": b"{}" for each in ("z.json.gz", "p.json", "notes.txt", "b/c.json")})

    result = iamlint("check", name, "--show-files")

    assert result.out.splitlines() == [f"memory:///audit/{each}" for each in listed]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_dumps_of_accounts_have_the_findings_of_files(
    jobs: str, put: Callable[..., None], iamlint: Program, tmp_path: Path
) -> None:
    dumps = {f"{name}.json": dump(name * 12) for name in "12"}
    (tmp_path / "dumps").mkdir()
    for name, data in dumps.items():
        (tmp_path / "dumps" / name).write_bytes(data)
    put({f"dumps/{name}.gz": gzip.compress(data, 0) for name, data in dumps.items()})

    select = "--select", "wildcard-admin"
    on_disk = iamlint("check", "dumps", *select)
    stored = iamlint("check", "memory://dumps", *select, "--jobs", jobs)

    named = on_disk.out.replace("dumps/", "memory:///dumps/").replace(".json:", ".json.gz:")
    assert on_disk.out.count(FOUND.strip()[:-1]) == 120
    assert (stored.code, stored.out, stored.err) == (on_disk.code, named, on_disk.err)


def test_name_of_nothing_is_an_error(put: Callable[..., None], iamlint: Program) -> None:
    put({"audit/p.json": ADMIN})

    for name in ("memory://audit/q.json", "memory://audit/*.yaml", "memory://nowhere"):
        assert iamlint("check", name).err == f"error: `{name}` does not exist\n"


@pytest.mark.parametrize("more", [b" ", b""])
def test_object_that_changes_after_it_was_listed_is_an_error(
    more: bytes, put: Callable[..., None], iamlint: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    put({"audit/p.json": ADMIN, "audit/q.json": ADMIN})
    read = MemoryFileSystem.cat_file

    def changing(store: MemoryFileSystem, path: str, start: int, end: int) -> bytes:
        data: bytes = read(store, path, start, end)
        if path.endswith("p.json"):
            put({path.lstrip("/"): ADMIN + more})
        return data

    monkeypatch.setattr(MemoryFileSystem, "cat_file", changing)

    code, out, err = concise(iamlint, "memory://audit")

    assert (code, out.count(FOUND)) == (2, 1)
    reason = "cannot be read: the object changed after it was listed"
    assert err == f"error: memory:///audit/p.json: {reason}\n"


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_object_that_ends_too_early_is_an_error(
    ending: str, put: Callable[..., None], iamlint: Program
) -> None:
    put({f"audit/p.json{ending}": PACKED[ending](ADMIN)[:-9]})

    code, _, err = concise(iamlint, "memory://audit")

    assert code == 2
    assert f"p.json{ending}: cannot be read: " in err


def test_several_frames_are_one_text(put: Callable[..., None], iamlint: Program) -> None:
    halves = ADMIN[:40], ADMIN[40:]
    for ending in (".gz", ".zst"):
        put({f"audit/p.json{ending}": b"".join(map(PACKED[ending], halves))})

    assert concise(iamlint, "memory://audit")[1].count(FOUND) == 2


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_object_that_expands_over_the_limit_is_not_analysed(
    ending: str, put: Callable[..., None], iamlint: Program
) -> None:
    put({f"audit/p.json{ending}": PACKED[ending](ADMIN + b" " * 5_000_000)})

    out = iamlint("check", "memory://audit").out

    assert "larger than 5,000,000 bytes" in out


def test_configuration_is_that_of_the_current_folder(
    put: Callable[..., None], iamlint: Program, tmp_path: Path
) -> None:
    put({"audit/p.json": ADMIN, "audit/old/q.json": ADMIN, "audit/iamlint.toml": b"nonsense"})
    (tmp_path / "iamlint.toml").write_text('exclude = ["old"]\n')

    result = iamlint("check", "memory://audit", "--show-files")

    assert result.out == "memory:///audit/p.json\n"


def test_store_is_as_before_and_takes_no_fix(put: Callable[..., None], iamlint: Program) -> None:
    put({"audit/p.json": ADMIN})
    before = {name: file.getvalue() for name, file in MemoryFileSystem.store.items()}

    assert concise(iamlint, "memory://audit")[0] == 1
    for flag in ("--fix", "--diff", "--fix-only"):
        assert iamlint("check", "memory://audit", flag).err == (
            "error: objects of stores cannot be fixed\nhelp: copy them to a folder first\n"
        )
    assert {name: file.getvalue() for name, file in MemoryFileSystem.store.items()} == before


def test_run_over_objects_cannot_be_resumed(iamlint: Program) -> None:
    result = iamlint("check", "memory://audit", "--resume", "kept")

    assert result.code == 2
    assert result.err == "error: `--resume` keeps no results of objects of stores\n"


def test_missing_library_is_named(
    put: Callable[..., None], iamlint: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    put({"audit/p.json.zst": PACKED[".zst"](ADMIN)})
    monkeypatch.setitem(sys.modules, "zstandard", None)

    assert iamlint("check", "memory://audit").err == (
        "error: objects with the ending `.zst` need the library `zstandard`\n"
        "help: `pip install 'iamlint[stores]'` installs it\n"
    )

    monkeypatch.setitem(sys.modules, "fsspec.core", None)

    result = iamlint("check", "memory://audit")
    assert result.code == 2
    assert result.err == (
        "error: `memory://audit` is in a store, for which a library is missing\n"
        "help: `pip install 'iamlint[stores]'` installs it\n"
    )


def test_unknown_store_is_an_error(iamlint: Program) -> None:
    result = iamlint("check", "nowhere://audit")

    assert result.code == 2
    assert result.err == (
        "error: `nowhere://audit` cannot be opened: protocol not known: nowhere\n"
    )


def test_file_that_names_an_object_asks_no_store(
    put: Callable[..., None], iamlint: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put({"audit/m/main.tf": b"", "audit/p.json": ADMIN})
    template = {
        "Resources": {
            "Nested": {
                "Type": "AWS::CloudFormation::Stack",
                "Properties": {"TemplateURL": "memory://audit/p.json"},
            }
        }
    }
    (tmp_path / "t.json").write_text(json.dumps(template))
    (tmp_path / "main.tf").write_text(
        'module "m" {\n  source = "memory://audit/m"\n}\n'
        'resource "aws_iam_policy" "p" {\n  name = "p"\n  policy = file("memory://audit/p.json")\n}\n'
    )
    (tmp_path / "a.iamtest.toml").write_text(
        '[[test]]\nname = "n"\nas = "memory://audit/p.json"\ncan = "s3:GetObject"\n'
    )

    asked: list[str] = []

    def note(_: object, path: str, *_others: object, **_named: object) -> bytes:
        asked.append(path)
        raise FileNotFoundError(path)

    monkeypatch.setattr(MemoryFileSystem, "info", note)
    monkeypatch.setattr(MemoryFileSystem, "cat_file", note)

    iamlint("check", ".")
    iamlint("test", ".")

    assert asked == []


def test_link_in_a_folder_on_disk_is_not_followed(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "p.json").write_bytes(ADMIN)
    (tmp_path / "q.json").write_bytes(ADMIN)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "r.json").write_bytes(ADMIN)
    (tmp_path / "in" / "q.json").symlink_to(tmp_path / "q.json")
    (tmp_path / "in" / "out").symlink_to(tmp_path / "out")

    for name in (
        f"file://{tmp_path}/in",
        f"file://{tmp_path}/in/*",
        f"file://{tmp_path}/in/**/*.json",
    ):
        assert iamlint("check", name, "--show-files").out == f"file://{tmp_path}/in/p.json\n"


def test_sarif_names_an_object_by_its_address(put: Callable[..., None], iamlint: Program) -> None:
    put({"audit/a b.json": ADMIN})

    text = iamlint("check", "memory://audit", "--output-format", "sarif").out

    (run,) = json.loads(text)["runs"]
    places = [
        location["physicalLocation"]["artifactLocation"]
        for result in run["results"]
        for location in result["locations"]
    ]
    assert {json.dumps(place) for place in places} == {'{"uri": "memory:///audit/a%20b.json"}'}


def test_name_of_an_object_is_a_path_on_disk_unless_stores_are_asked_for(
    put: Callable[..., None],
) -> None:
    put({"audit/p.json": ADMIN})
    found = list_files(["memory://audit/p.json"], LoadOptions(stores=True))

    assert [file.path for file in found.files] == ["memory:///audit/p.json"]
    with pytest.raises(ReadError, match="does not exist"):
        list_files(["memory://audit/p.json"], LoadOptions())
