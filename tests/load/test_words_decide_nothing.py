"""Messages are for people: no decision of the loaders depends on their words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from iamlint.load import LoadOptions, dumps, load
from iamlint.load.document import Cause
from iamlint.text.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STATEMENT = '{"Effect": "Allow", "Action": "*", "Resource": "*"}'
POLICY = f'{{"Version": "2012-10-17", "Statement": [{STATEMENT}]}}'
VERSION = {"Document": json.loads(POLICY), "VersionId": "v1"}
MANAGED = {
    "PolicyName": "p",
    "Arn": "arn:aws:iam::111122223333:policy/p",
    "PolicyVersionList": [
        {**VERSION, "IsDefaultVersion": True},
        {**VERSION, "IsDefaultVersion": False},
        {**VERSION, "IsDefaultVersion": False},
    ],
}
FILES = {
    "nul.json": POLICY.encode() + b"\0",
    "latin.json": POLICY.encode() + b"\xff",
    "deep.json": POLICY.replace("*", "[" * 300, 1).encode(),
    "deep.yaml": b"Statement: " + b"[" * 300,
    "templated.yaml": b"Version: 2012-10-17\n{{ if .x }}\nStatement: []\n{{ end }}\n",
    "broken.json": POLICY.replace(",", "", 1).encode(),
    "broken.yaml": b"Version: 2012-10-17\nStatement: [Effect: {Allow\n",
    "dump.json": json.dumps({"Policies": [MANAGED]}).encode(),
}


def outcomes(folder: Path) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Return what became of each file, without any words."""
    loaded = load([str(folder)], LoadOptions())
    documents = [(d.path, d.pointer, d.kind, d.source.readable) for d in loaded.documents]
    left_out = [(n.path, n.pointer, n.cause, n.unreadable) for n in loaded.not_analysed]
    return documents, left_out


def test_rewording_changes_no_decision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    before = outcomes(tmp_path)
    unreadable: Callable[..., Source] = Source.unreadable
    monkeypatch.setattr(
        Source,
        "unreadable",
        lambda text, dialect, _, *rest: unreadable(text, dialect, "reworded", *rest),
    )
    for name in ("_OLD", "_AGAIN", "_STANDARD"):
        monkeypatch.setattr(dumps, name, "reworded")

    assert outcomes(tmp_path) == before


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("nul.json", Cause.NOT_TEXT),
        ("latin.json", Cause.NOT_TEXT),
        ("deep.yaml", Cause.LIMIT),
        ("templated.yaml", Cause.TEMPLATED),
        ("dump.json", Cause.REPEATED),
    ],
)
def test_what_is_left_out_has_a_cause(name: str, cause: Cause, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(FILES[name])

    (left_out,) = load([str(tmp_path)], LoadOptions()).not_analysed

    assert left_out.cause is cause
