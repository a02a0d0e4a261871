"""`iamlint simulate`: one answer a scenario, in order; wrong ones do not stop the others."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program


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

WRONG: dict[str, object] = {
    "id": None,
    "decision": None,
    "decided_by": [],
    "blocked_by": [],
    "missing_context": [],
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
    assert answers[1]["errors"] == [
        "line 2 is not valid JSON: expecting property name enclosed in double quotes at column 2"
    ]
    assert result.err == (
        "error: could not decide 3 of the scenarios\n"
        "help: put each scenario on its own line, or all of them in one JSON array\n"
    )


def test_standard_input_is_read_as_a_file_is(
    iamlint: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(json.dumps(scenario("one")).encode()))
    monkeypatch.setattr("sys.stdin", stdin)
    result = iamlint("simulate", "-")

    assert result.out == "one              allowed            identity policy 0 statement 0\n"


def answers_to(iamlint: Program, folder: Path, data: bytes) -> list[dict[str, object]]:
    (folder / "s.jsonl").write_bytes(data)
    result = iamlint("simulate", "s.jsonl", "--output-format", "json")
    return [json.loads(line) for line in result.out.splitlines()]


@pytest.mark.parametrize(
    "form",
    [b"\xef\xbb\xbf%s\n", b"\xef\xbb\xbf\n%s\n", b"\r\n%s\r\n\r\n", b" %s ", b"\xef\xbb\xbf\n[%s]"],
)
def test_byte_order_marks_blank_lines_and_line_ends_do_not_matter(
    iamlint: Program, tmp_path: Path, form: bytes
) -> None:
    data = form % json.dumps(scenario("one")).encode()

    assert answers_to(iamlint, tmp_path, data) == [ALLOWED]


@pytest.mark.parametrize("form", ["%s\n%s", "[%s,%s]"])
def test_a_member_that_stands_twice_is_an_error_of_its_scenario_alone(
    iamlint: Program, tmp_path: Path, form: str
) -> None:
    twice = json.dumps(scenario("two")).replace('"Effect"', '"Action": "s3:*", "Effect"')
    data = form % (twice, json.dumps(scenario("one")))

    assert answers_to(iamlint, tmp_path, data.encode()) == [
        {**WRONG, "id": "two", "errors": ["`Action` appears twice in one object"]},
        ALLOWED,
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": NaN}', "`NaN` is not a JSON number"),
        (b"[" * 100_000, "it is nested too deep"),
        (b'{"id": "\xe9"}', "byte 9 is not UTF-8"),
        (b'{"id": 1} {}', "extra data at column 11"),
        (b"{", "expecting property name enclosed in double quotes at column 2"),
    ],
)
def test_a_line_that_is_no_json_is_named_and_the_rest_run(
    iamlint: Program, tmp_path: Path, line: bytes, reason: str
) -> None:
    one = json.dumps(scenario("one")).encode()

    assert answers_to(iamlint, tmp_path, one + b"\n\n" + line + b"\n" + one) == [
        ALLOWED,
        {**WRONG, "errors": [f"line 3 is not valid JSON: {reason}"]},
        ALLOWED,
    ]


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (b"", "expecting `,` or `]` at column 300"),
        (b"] x", "extra data at column 302"),
        (b",]", "expecting value at column 301"),
        (b"}", "expecting `,` or `]` at column 300"),
    ],
)
def test_an_array_that_breaks_off_exits_2_after_what_could_be_read(
    iamlint: Program, tmp_path: Path, end: bytes, reason: str
) -> None:
    one = json.dumps(scenario("one")).encode()
    (tmp_path / "s.jsonl").write_bytes(b"[" + one.ljust(298) + end)
    result = iamlint("simulate", "s.jsonl", "--output-format", "json")

    assert [json.loads(line) for line in result.out.splitlines()] == [ALLOWED]
    assert (result.code, result.err) == (2, f"error: the file is not valid JSON: {reason}\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [("[{]", "the file is not valid JSON"), (None, "`s.jsonl` cannot be read")],
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
