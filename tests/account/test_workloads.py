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


PROFILE = """
resource "aws_iam_instance_profile" "web" {
  role = aws_iam_role.ci.name
}
"""


def test_instance_profile_without_a_name_leads_to_its_role(tmp_path: Path) -> None:
    text = 'resource "aws_instance" "i" {\n  iam_instance_profile = %s\n}'

    for attribute in ("name", "id", "arn"):
        reference = f"aws_iam_instance_profile.web.{attribute}"
        (one,) = found(tmp_path, ROLE, PROFILE, text % reference)
        assert shown(one) == [("role/ci-${var.env}", ("role/ci-${var.env}",), [])]


def test_instance_profile_that_no_file_describes_stays_a_name(tmp_path: Path) -> None:
    (one,) = found(
        tmp_path, ROLE, 'resource "aws_instance" "i" {\n  iam_instance_profile = "web"\n}'
    )

    assert shown(one) == [("instance-profile/web", (), [])]


def test_conditions_of_a_profile_and_of_what_uses_it_count(tmp_path: Path) -> None:
    profile = PROFILE.replace("= aws", "= var.a ? aws").replace("name", 'name : "x"')
    used = 'var.b ? aws_iam_instance_profile.web.name : ""'

    (one,) = found(
        tmp_path,
        ROLE,
        profile,
        f'resource "aws_instance" "i" {{\n  iam_instance_profile = {used}\n}}',
    )

    assert shown(one) == [
        ("role/ci-${var.env}", ("role/ci-${var.env}",), ["var.a", "var.b"]),
        ("role/x", ("role/x",), ["!(var.a)", "var.b"]),
    ]


def test_what_a_template_starts_runs_with_the_role_of_the_template(tmp_path: Path) -> None:
    template = """
resource "aws_launch_template" "web" {
  name = "web"
  iam_instance_profile {
    arn = aws_iam_instance_profile.web.arn
  }
}
"""
    for used in ("id = aws_launch_template.web.id", 'name = "web"'):
        instance = f'resource "aws_instance" "i" {{\n  launch_template {{\n    {used}\n  }}\n}}'
        *_, one = found(tmp_path, ROLE, PROFILE, template, instance)
        assert one.address == "aws_instance.i"
        assert shown(one) == [("role/ci-${var.env}", ("role/ci-${var.env}",), [])]


def test_template_that_no_file_describes_stays_a_name(tmp_path: Path) -> None:
    service = 'resource "aws_ecs_service" "s" {\n  task_definition = var.task\n}'

    (one,) = found(tmp_path, ROLE, service)

    assert shown(one) == [("${var.task}", (), [])]


def test_profiles_of_two_modules_without_names_are_two(tmp_path: Path) -> None:
    used = "aws_iam_instance_profile.web.name"
    instance = f'resource "aws_instance" "i" {{\n  iam_instance_profile = {used}\n}}'
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        role = ROLE.replace("ci-${var.env}", name)
        text = f"{role}\n{PROFILE}\n{instance}"
        (tmp_path / name / "main.tf").write_text(text, encoding="utf-8")

    first, second = find_repository(
        tmp_path, here=tmp_path, workloads=True
    ).account.accounts.workloads

    assert shown(first) == [("role/one", ("role/one",), [])]
    assert shown(second) == [("role/two", ("role/two",), [])]


def test_name_that_two_modules_give_leads_to_both_roles(tmp_path: Path) -> None:
    (tmp_path / "iamlint.toml").write_text('account = "111122223333"\n', encoding="utf-8")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        role = ROLE.replace("ci-${var.env}", "ci")
        (tmp_path / name / "main.tf").write_text(role, encoding="utf-8")
    arn = "arn:aws:iam::111122223333:role/ci"

    (one,) = found(tmp_path, f'resource "aws_lambda_function" "f" {{\n  role = "{arn}"\n}}')

    assert shown(one) == [("role/ci", ("one#role/ci", "two#role/ci"), [])]
    assert one.runs_as[0].title is None


def test_arn_is_in_the_account_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "iamlint.toml").write_text('account = "111122223333"\n', encoding="utf-8")
    role = "arn:aws:iam::111122223333:role/ci"
    text = ROLE.replace("ci-${var.env}", "ci")

    (one,) = found(
        tmp_path,
        text,
        f'resource "aws_lambda_function" "f" {{\n  function_name = "f"\n  role = "{role}"\n}}',
    )

    assert one.account == "111122223333"
    assert one.arn is not None
    assert one.arn.startswith("arn:aws:lambda:")
    assert one.arn.endswith(":111122223333:function:f")
    assert shown(one) == [("role/ci", ("role/ci",), [])]


def test_export_of_another_template_gives_the_role(tmp_path: Path) -> None:
    roles = """
Resources:
  App:
    Type: AWS::IAM::Role
    Properties: {RoleName: app, AssumeRolePolicyDocument: {Statement: []}}
Outputs:
  Arn:
    Value: !GetAtt App.Arn
    Export: {Name: app-arn}
"""
    functions = """
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties: {Role: !ImportValue app-arn}
"""
    (tmp_path / "roles.yaml").write_text(roles, encoding="utf-8")
    (tmp_path / "functions.yaml").write_text(functions, encoding="utf-8")

    (one,) = found(tmp_path)

    assert shown(one) == [("role/app", ("role/app",), [])]


def test_template_that_two_modules_have_leaves_the_role_open(tmp_path: Path) -> None:
    template = """
resource "aws_launch_template" "web" {
  name = "web"
  iam_instance_profile {
    arn = %s
  }
}
"""
    for name, profile in (("one", "aws_iam_instance_profile.web.arn"), ("two", "var.profile")):
        (tmp_path / name).mkdir()
        text = "\n".join((ROLE.replace("ci-${var.env}", name), PROFILE, template % profile))
        (tmp_path / name / "main.tf").write_text(text, encoding="utf-8")
    instance = 'resource "aws_instance" "i" {\n  launch_template {\n    name = "web"\n  }\n}'

    one, *_ = found(tmp_path, instance)

    assert one.address == "aws_instance.i"
    assert shown(one) == [("web", ("role/one",), [])]
    assert one.runs_as[0].title is None
