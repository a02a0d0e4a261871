"""`iamlint simulate`: one answer a scenario, in order; wrong ones do not stop the others."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Result

    Program = Callable[..., Result]


def scenario(id_: str, action: str = "s3:GetObject") -> dict[str, object]:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    return {
        "id": id_,
        "request": {
            "principal": "arn:aws:iam::111122223333:user/u",
            "action": action,
            "resource": "arn:aws:s3:::b/k",
        },
        "policies": {"identity": [{"Version": "2012-10-17", "Statement": [statement]}]},
    }


ALLOWED = {
    "id": "one",
    "decision": "allowed",
    "decided_by": [
        {"policy": "identity", "index": 0, "statement": 0, "sid": None, "effect": "Allow"}
    ],
    "blocked_by": [],
    "missing_context": [],
    "errors": [],
}


@pytest.mark.parametrize("form", ["lines", "array", "indented array"])
def test_lines_and_arrays_are_answered_in_order(
    iamlint: Program, tmp_path: Path, form: str
) -> None:
    scenarios = [scenario("one"), scenario("two", "s3:PutObject")]
    lines = "\n\n".join(map(json.dumps, scenarios)) + "\n"
    array = json.dumps(scenarios, indent=1 if "indented" in form else None)
    (tmp_path / "s.jsonl").write_text(lines if form == "lines" else array)
    result = iamlint("simulate", "s.jsonl", "--output-format", "json")
    answers = [json.loads(line) for line in result.out.splitlines()]

    assert (result.code, result.err) == (0, "")
    assert answers[0] == ALLOWED
    assert (answers[1]["id"], answers[1]["decision"]) == ("two", "implicitly_denied")


def test_wrong_scenarios_get_their_errors_and_the_rest_run(
    iamlint: Program, tmp_path: Path
) -> None:
    wrong = scenario("wrong") | {"polices": {}}
    lines = [json.dumps(wrong), "{no json", "[1]", json.dumps(scenario("one"))]
    (tmp_path / "s.jsonl").write_text("\n".join(lines))
    result = iamlint("simulate", "s.jsonl", "--output-format", "json")
    answers = [json.loads(line) for line in result.out.splitlines()]

    assert result.code == 2
    assert answers[-1] == ALLOWED
    assert [(a["id"], a["decision"], bool(a["errors"])) for a in answers] == [
        ("wrong", None, True),
        (None, None, True),
        (None, None, True),
        ("one", "allowed", False),
    ]
    assert result.err == "error: 3 of the scenarios could not be decided\n"


def test_standard_input_is_read_as_a_file_is(
    iamlint: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(json.dumps(scenario("one")).encode()))
    monkeypatch.setattr("sys.stdin", stdin)
    result = iamlint("simulate", "-")

    assert result.out == "one              allowed            identity policy 0 statement 0\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [("[{]", "the scenarios are no JSON"), (None, "`s.jsonl` cannot be read")],
)
def test_file_that_cannot_be_read_exits_2(
    iamlint: Program, tmp_path: Path, text: str | None, message: str
) -> None:
    if text is not None:
        (tmp_path / "s.jsonl").write_text(text)
    result = iamlint("simulate", "s.jsonl")

    assert result.code == 2
    assert result.err.startswith(f"error: {message}")


def test_empty_file_has_no_answers(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "s.jsonl").write_text("")

    assert iamlint("simulate", "s.jsonl").out == ""
