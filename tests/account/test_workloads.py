"""The workloads of an account: what runs with which identity, through instance profiles too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.repository import find_repository

if TYPE_CHECKING:
    from pathlib import Path

    from iamlint.account.workload import DescribedWorkload

ROLE = """
resource "aws_iam_role" "ci" {
  name               = "ci-${var.env}"
  assume_role_policy = "{}"
}
"""


def found(folder: Path, *texts: str, asked: bool = True) -> tuple[DescribedWorkload, ...]:
    (folder / "main.tf").write_text("\n".join(texts), encoding="utf-8")
    return find_repository(folder, here=folder, workloads=asked).account.accounts.workloads


def shown(one: DescribedWorkload) -> list[tuple[str, tuple[str, ...], list[str]]]:
    return [(str(r.ref), r.titles, sorted(map(str, r.given))) for r in one.runs_as]


def test_role_with_an_unknown_name_is_the_one_that_the_file_describes(tmp_path: Path) -> None:
    function = 'resource "aws_lambda_function" "f" {\n  role = aws_iam_role.ci.arn\n}'

    (one,) = found(tmp_path, ROLE, function)

    assert (one.type, one.address, one.place) == (
        "lambda:function",
        "aws_lambda_function.f",
        "main.tf:7",
    )
    assert shown(one) == [("role/ci-${var.env}", ("role/ci-${var.env}",), [])]


def test_role_that_no_file_describes_stays_a_name(tmp_path: Path) -> None:
    arn = "arn:aws:iam::111122223333:role/jobs/nightly"
    function = f'resource "aws_lambda_function" "f" {{\n  role = "{arn}"\n}}'

    (one,) = found(tmp_path, ROLE, function)

    assert shown(one) == [("role/nightly", (), [])]
    assert one.runs_as[0].title is None


def test_conditions_choose_the_role(tmp_path: Path) -> None:
    role = 'var.own ? aws_iam_role.ci.arn : "arn:aws:iam::111122223333:role/other"'
    function = f'resource "aws_lambda_function" "f" {{\n  role = {role}\n}}'

    (one,) = found(tmp_path, ROLE, function)

    assert shown(one) == [
        ("role/ci-${var.env}", ("role/ci-${var.env}",), ["var.own"]),
        ("role/other", (), ["!(var.own)"]),
    ]


def test_workloads_are_not_read_unless_they_are_asked_for(tmp_path: Path) -> None:
    function = 'resource "aws_lambda_function" "f" {\n  role = aws_iam_role.ci.arn\n}'

    assert found(tmp_path, ROLE, function, asked=False) == ()
