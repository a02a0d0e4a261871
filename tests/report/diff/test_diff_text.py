"""What people read about a change: gains, losses, what is unknown, and the last line."""

from __future__ import annotations

import re

import pytest

from iamlint.fast_dataclass import replace
from iamlint.load.document import NotAnalysed
from iamlint.policy.grammar import Kind
from iamlint.reason.answer import (
    Comparison,
    Difference,
    KeyState,
    KeyTest,
    Open,
    UnitStatus,
    ValueTest,
)
from iamlint.report.diff.formats import DIFF_FORMATS
from tests.report.diff.diffs import (
    DEPLOY,
    DIFF,
    GAIN,
    OUTPUT,
    deciding,
    diff,
    difference,
    unit,
    unless,
    witness,
)

ABSENT, PRESENT = KeyState

report = DIFF_FORMATS["text"]
TEXT = r"""
role/deployer gains                                                                   deploy.json:10
  *  on *
  for example: {"request": {"principal": "arn:aws:iam::111122223333:role/deployer", "action": "iam:CreateUser", "resource": "arn:aws:iam::111122223333:user/x", "resource_account": "111122223333", "context": {"x:y": "1"}}}
  s3:DeleteObject, s3:PutObject*  on arn:aws:s3:::prod/*  unless aws:MultiFactorAuthPresent is true
  granted at deploy.json:5
  for example: iamlint can role/deployer s3:DeleteObject --on arn:aws:s3:::prod/x --absent aws:MultiFactorAuthPresent
role/deployer loses                                                                    deploy.json:5
  s3:PutBucketPolicy  on *
  ec2:RunInstances  on *
  sqs:SendMessage  on *
  and 1 more
bucket artifacts allows more                                                           deploy.json:5
  part of  arn:aws:iam::444455556666:root:  s3:GetObject  on arn:aws:s3:::artifacts/* except arn:aws:s3:::artifacts/public/*  if aws:SourceIp is in 192.0.2.0/24, 198.51.100.0/24 and aws:SourceVpce is absent  unless aws:SourceIp is in 192.0.2.7/32
  for example: {"request": {"principal": "arn:aws:iam::444455556666:role/a", "action": "s3:GetObject", "resource": "arn:aws:s3:::artifacts/x", "resource_account": "111122223333", "context": {"aws:SourceIp": "192.0.2.1", "aws:TagKeys": ["a", "b"]}}}
  note: AWS does not list `aws:TagKeys` for `s3:GetObject`
bucket artifacts: unknown, because `${var.partner}` may be the account of `arn:aws:iam::111122223333:root`  deploy.json:5
  help: give `--var partner=VALUE --var Env=VALUE`; it depends on `local.x`
role/old (gone) loses                                                                  deploy.json:5
  s3:GetObject  on arn:aws:s3:::prod/*
role/old (gone): unknown whether it loses access, because the budget is spent
same meaning: role/reader (a Sid is renamed), bucket logs
not analysed: a\nb.yaml: `Resources.0`: too deep
2 gained, 2 lost, 2 same meaning, 2 unknown; 30 unchanged; 1 place not analysed
""".lstrip()  # noqa: E501 - as it is printed


def gained(one: Difference, **others: object) -> list[str]:
    """Return the lines about a gain, without the last line."""
    return report(diff(unit("role/a", Comparison((one,)), **others)), OUTPUT).splitlines()[:-1]


def example(one: Difference, **others: object) -> str:
    """Return the example of a gain."""
    found = [line for line in gained(one, **others) if line.startswith("  for example: ")]
    return found[0].removeprefix("  for example: ")


def test_report_lists_the_strongest_first_and_counts_everything() -> None:
    assert report(DIFF, OUTPUT) == TEXT


def test_colors_change_nothing_else() -> None:
    colored = report(DIFF, replace(OUTPUT, color=True))

    assert "\x1b[31m*  on *\x1b[0m" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == TEXT


def test_change_without_gain_says_that_no_principal_gains() -> None:
    lost = unit("role/a", Comparison(lost=(GAIN,)))
    same = unit("role/b", Comparison())

    assert report(diff(lost, same), OUTPUT).splitlines()[-1] == (
        "no principal gains access: 1 lost, 1 same meaning"
    )
    assert report(diff(unchanged=3), OUTPUT) == "no principal gains access; 3 unchanged\n"


@pytest.mark.parametrize(
    ("open_", "last"),
    [
        (Open("x"), "1 unknown"),
        (Open("x", of_gains=False), "no principal gains access: 1 unknown"),
    ],
)
def test_no_principal_gains_only_if_no_gain_is_unknown(open_: Open, last: str) -> None:
    found = diff(unit("role/a", Comparison(open=(open_,))))

    assert report(found, OUTPUT).splitlines()[-1] == last


def test_reason_why_gains_and_losses_are_unknown_is_given_once() -> None:
    both = tuple(Open("x", ("var.a",), of_gains=of_gains) for of_gains in (False, True))
    found = diff(unit("role/a", Comparison(open=both)))

    assert report(found, OUTPUT).splitlines() == [
        "role/a: unknown, because x",
        "  help: give `--var a=VALUE`",
        "1 unknown",
    ]


def test_no_principal_gains_only_if_everything_was_compared() -> None:
    gap = NotAnalysed("a.yaml", (), "too deep")

    assert report(diff(not_analysed=(gap,)), OUTPUT).splitlines() == [
        "not analysed: a.yaml: too deep",
        "nothing changed; 1 place not analysed",
    ]


def test_strongest_actions_of_a_long_list_are_shown() -> None:
    reads = tuple(f"s3:GetObject{number}" for number in range(9))

    access = gained(difference(*reads, "s3:PutBucketPolicy", "iam:PassRole"))[1]

    assert access.startswith("  iam:PassRole, s3:PutBucketPolicy, s3:GetObject0, ")


def test_long_lists_are_folded() -> None:
    names = tuple(f"s3:Get{number}" for number in range(20))
    buckets = tuple(f"arn:aws:s3:::b{number}" for number in range(5))

    access = gained(difference(*names, resources=buckets))[1]

    assert access == (
        "  s3:Get0, s3:Get1, s3:Get2, s3:Get3, s3:Get4, s3:Get5, s3:Get6, s3:Get7 and 12 more"
        "  on arn:aws:s3:::b0, arn:aws:s3:::b1, arn:aws:s3:::b2, arn:aws:s3:::b3, arn:aws:s3:::b4"
    )


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"a:k": (ABSENT,)}, "if a:k is absent"),
        ({"a:k": (PRESENT,)}, "if a:k is present"),
        ({"a:k": (ValueTest("Bool", ("true",)),)}, "if a:k is true"),
        ({"a:k": (unless("Bool", "true"),)}, "unless a:k is true"),
        ({"a:k": (ValueTest("StringLike", ("a", "b")),)}, "if a:k is like a, b"),
        (
            {"a:k": (ValueTest("ForAnyValue:StringEquals", ("a",)),)},
            "if a:k ForAnyValue:StringEquals a",
        ),
        ({"a:k": (ValueTest("BoolIfExists", ("true",)),)}, "if a:k BoolIfExists true"),
        (
            {"a:k": (ValueTest("StringEquals", ("salt and unless Bool true",)),)},
            "if a:k is salt and unless Bool true",
        ),
        (
            {
                "a:k": (
                    ValueTest("DateGreaterThan", ("2027",)),
                    ValueTest("DateLessThan", ("2028",)),
                )
            },
            "if a:k is after 2027 and a:k is before 2028",
        ),
        (
            {
                "a:k": (unless("Bool", "true"),),
                "a:l": (unless("NotIpAddress", "::1/128"),),
                "a:m": (PRESENT,),
            },
            "if a:m is present  unless a:k is true or a:l is not in ::1/128",
        ),
    ],
)
def test_condition_is_in_words(condition: dict[str, tuple[KeyTest, ...]], words: str) -> None:
    access = gained(difference(condition=condition))[1]

    assert access == f"  s3:DeleteObject  on arn:aws:s3:::prod/*  {words}"


@pytest.mark.parametrize(
    ("status", "title"),
    [
        (UnitStatus.CHANGED, "role/a"),
        (UnitStatus.NEW, "role/a (new)"),
        (UnitStatus.MOVED, "role/a (moved)"),
    ],
)
def test_title_says_what_became_of_the_unit(status: UnitStatus, title: str) -> None:
    assert gained(GAIN, status=status)[0].startswith(f"{title} gains  ")


def test_place_is_that_of_the_unit_if_no_file_has_the_statement() -> None:
    assert gained(difference(because=()))[0].endswith("  infra/deploy.tf:14")
    managed = replace(DEPLOY, label="AdministratorAccess")
    assert gained(difference(because=(managed,)))[0].endswith("  AdministratorAccess")


def test_units_of_one_name_are_told_apart() -> None:
    one, other = (unit("role/a", Comparison((GAIN,)), account=account) for account in ("1", "2"))

    lines = report(diff(one, other), OUTPUT).splitlines()

    assert [line.split("  ")[0] for line in lines if "gains" in line] == [
        "role/a of 1 gains",
        "role/a of 2 gains",
    ]


def test_policy_without_a_name_is_its_file() -> None:
    for kind in (Kind.IDENTITY, Kind.SCP):
        bare = unit(None, Comparison((GAIN,)), kind=kind, path="p.json")

        assert report(diff(bare), OUTPUT).startswith("p.json allows more  ")


def test_example_gives_the_context_and_the_keys_that_are_absent() -> None:
    request = witness(
        "ec2:RunInstances",
        resource="arn:aws:ec2:eu-west-1:111122223333:instance/i-1",
        context={"aws:RequestTag/team": "a b", "aws:TagKeys": ("team", "x")},
    )
    one = difference("ec2:RunInstances", witness=request, condition={"aws:SourceVpce": (ABSENT,)})

    assert example(one) == (
        "iamlint can role/a ec2:RunInstances "
        "--on arn:aws:ec2:eu-west-1:111122223333:instance/i-1 "
        "--context 'aws:RequestTag/team=a b' --context aws:TagKeys=team --context aws:TagKeys=x "
        "--absent aws:SourceVpce"
    )


def test_example_assumes_values_of_what_files_leave_open() -> None:
    given = {"var.b": "prod", "parameter Key": "x", "${AWS::Region}": "us-east-1"}
    one = difference(witness=witness(given=given))

    assert (
        "  for example, if var.b is prod and parameter Key is x and ${AWS::Region} is us-east-1: "
        "iamlint can role/a s3:DeleteObject --on arn:aws:s3:::prod/x --var b=prod --var Key=x"
    ) in gained(one)


def test_key_that_aws_derives_is_not_given() -> None:
    keys = ("aws:PrincipalArn", "aws:PrincipalType", "aws:username", "aws:ResourceAccount")
    one = difference(condition=dict.fromkeys(keys, (unless("StringLike", "a"),)))

    assert example(one) == "iamlint can role/a s3:DeleteObject --on arn:aws:s3:::prod/x"


def test_action_without_resources_is_asked_without_one() -> None:
    one = difference("s3:ListAllMyBuckets", witness=witness("s3:ListAllMyBuckets", resource="*"))

    assert example(one) == "iamlint can role/a s3:ListAllMyBuckets"


@pytest.mark.parametrize(
    ("change", "others"),
    [
        ({"context": {"s3:NoSuchKey": "1"}}, {}),
        ({"context": {"ec2:Region": "eu-west-1"}}, {}),
        ({"resource": "arn:aws:s3:::prod"}, {}),
        ({"resource_account": "444455556666"}, {}),
        ({}, {"kind": Kind.TRUST}),
        ({}, {"status": UnitStatus.GONE}),
    ],
)
def test_example_is_a_request_where_can_would_refuse_it(
    change: dict[str, object], others: dict[str, object]
) -> None:
    one = difference(witness=witness(**change))  # type: ignore[arg-type]

    assert example(one, **others).startswith('{"request": {"principal": "arn:aws:iam::')


def test_text_of_others_controls_no_terminal_and_shows_no_key() -> None:
    odd = "role/a\x1b[31m\n::error::x"
    key = "AKIA" + "Q3EGRN5XYLABCDEF"
    statement = deciding(
        '{"Statement": {"Sid": "A", "Effect": "Allow", "Action": "s3:*"}}', "p\x1b.json"
    )
    one = difference(
        f"s3:\x1b{key}",
        resources=("arn:aws:s3:::\u202e",),
        condition={"a:k": (ValueTest("StringEquals", ("\x07",)),)},
        because=(statement,),
    )

    text = report(diff(unit(odd, Comparison((one,), open=(Open("\x1b[2J"),)))), OUTPUT)

    assert "\x1b" not in text
    assert "\u202e" not in text
    assert key not in text
    assert text.startswith(r"role/a\x1b[31m\n::error::x gains")
