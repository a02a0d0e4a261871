"""`[[never]]` in the configuration: what `iamlint check` reports about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.support.program import Program

    Files = Mapping[str, object]

NEVER = """
account = "111122223333"
trusted-accounts = ["444455556666"]

[[never]]
actions = ["s3:DeleteBucket"]
resources = ["arn:aws:s3:::prod-*"]
reason = "production data"
"""


def statement(effect: str, actions: str, resources: str = "*", **more: object) -> dict[str, object]:
    return {"Effect": effect, "Action": actions, "Resource": resources, **more}


def policy(*statements: object) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def found(iamlint: Program, folder: Path, files: Files, toml: str = NEVER) -> list[str]:
    """Return what is reported about forbidden access, and what is not analysed."""
    for name, content in {"iamlint.toml": toml, **files}.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content if isinstance(content, str) else json.dumps(content, indent=1))
    result = iamlint("check", "--select", "forbidden-access", "--output-format", "json")
    report = json.loads(result.out)
    lines = [
        f"{f['path']}:{f['range']['start']['line']}: {f['message']}" for f in report["findings"]
    ]
    return lines + [f"{item['path']}: {item['reason']}" for item in report["not_analysed"]]


ALL = policy(statement("Allow", "s3:*"))


@pytest.mark.parametrize(
    ("files", "lines"),
    [
        pytest.param(
            {"roles/app/p.json": ALL, "roles/ops/p.json": policy(statement("Allow", "s3:Get*"))},
            [
                ("roles/app/p.json:4: `role/app` may do `s3:DeleteBucket` on `arn:aws:s3:::prod-`: "
                "production data")
            ],
            id="a role",
        ),
        pytest.param(
            {"roles/app/p.json": ALL, "organization/scp/deny.json": policy(
                statement("Allow", "*"), statement("Deny", "s3:DeleteBucket")
            )},
            [],
            id="an SCP blocks it",
        ),
        pytest.param(
            {"roles/app/p.json": ALL, "roles/app/boundary.json": policy(
                statement("Allow", "s3:Get*")
            )},
            [],
            id="a boundary blocks it",
        ),
        pytest.param(
            {"managed-policies/all.json": ALL},
            [
                ("managed-policies/all.json:4: whoever has this policy may do `s3:DeleteBucket` "
                "on `arn:aws:s3:::prod-`: production data")
            ],
            id="a policy that nobody has",
        ),
        pytest.param(
            {"resources/prod.json": policy(statement(
                "Allow", "s3:*", "arn:aws:s3:::prod-1", Principal={"AWS": "444455556666"}
            ))},
            [
                ("resources/prod.json:4: `arn:aws:iam::444455556666:role/x` may do "
                "`s3:DeleteBucket` on `arn:aws:s3:::prod-1`: production data")
            ],
            id="another account, by the policy of a bucket",
        ),
        pytest.param(
            {"resources/prod.json": policy(statement(
                "Allow", "s3:*", "arn:aws:s3:::prod-1", Principal={"AWS": "111122223333"}
            ))},
            [],
            id="the own account, whose principals have no policies",
        ),
        pytest.param(
            {"roles/app/p.json": policy(statement("Allow", "s3:*", "arn:aws:s3:::${Bucket}"))},
            [
                ("roles/app/p.json: it is not known if `role/app` may do `s3:DeleteBucket`: "
                "`${Bucket}` may name the resource, for `s3:DeleteBucket`: "
                "not checked by `forbidden-access`")
            ],
            id="a value that is not known",
        ),
    ],
)  # fmt: skip
def test_what_the_whole_account_allows_is_reported(
    iamlint: Program, tmp_path: Path, files: Files, lines: list[str]
) -> None:
    assert found(iamlint, tmp_path, files) == lines


def test_policy_of_aws_is_reported_where_it_is_attached(iamlint: Program, tmp_path: Path) -> None:
    text = """
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy_attachment" "all" {
  role       = aws_iam_role.app.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
}
"""
    assert found(iamlint, tmp_path, {"main.tf": text}) == [
        "main.tf:8: `role/app` may do `s3:DeleteBucket` on `arn:aws:s3:::prod-`: production data"
    ]


def test_one_statement_of_several_principals_is_one_finding(
    iamlint: Program, tmp_path: Path
) -> None:
    toml = NEVER + "".join(
        f'\n[principals."role/{name}"]\npolicies = ["all.json"]\n' for name in ("a", "b", "c")
    )
    assert found(iamlint, tmp_path, {"all.json": ALL}, toml) == [
        (
            "all.json:4: `role/a` and 2 more may do `s3:DeleteBucket` on `arn:aws:s3:::prod-`: "
            "production data"
        )
    ]


@pytest.mark.parametrize(
    ("demand", "expected"),
    [
        pytest.param('principals = ["role/app"]', ["role/app"], id="a name"),
        pytest.param('principals = ["role/o*"]', ["role/ops"], id="a pattern"),
        pytest.param('except = ["role/app"]', ["role/ops"], id="all but one"),
        pytest.param('principals = ["outsiders"]', [], id="outsiders"),
        pytest.param('unless = { "aws:RequestedRegion" = "eu-west-1" }', ["role/app"], id="unless"),
    ],
)
def test_demand_is_about_its_principals(
    iamlint: Program, tmp_path: Path, demand: str, expected: list[str]
) -> None:
    condition = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
    files = {
        "roles/app/p.json": ALL,
        "roles/ops/p.json": policy(statement("Allow", "s3:*", Condition=condition)),
    }

    lines = found(iamlint, tmp_path, files, NEVER + demand)

    assert [line.split("`")[1] for line in lines] == expected


def test_two_rights_of_one_principal_are_reported_together(
    iamlint: Program, tmp_path: Path
) -> None:
    toml = """
account = "111122223333"
[[never]]
actions = ["s3:PutObject", "sqs:SendMessage"]
together = true
reason = "four eyes"
"""
    files = {
        "roles/both/p.json": policy(statement("Allow", "s3:Put*"), statement("Allow", "sqs:*")),
        "roles/one/p.json": policy(statement("Allow", "s3:*")),
    }

    (line,) = found(iamlint, tmp_path, files, toml)

    assert line == (
        "roles/both/p.json:4: `role/both` may do `s3:PutObject` and `sqs:SendMessage`, "
        "which must be apart: four eyes"
    )


def test_unknown_answer_fails_a_run_that_must_know(iamlint: Program, tmp_path: Path) -> None:
    files = {"roles/app/p.json": policy(statement("Allow", "s3:*", "arn:aws:s3:::${Bucket}"))}
    found(iamlint, tmp_path, files)

    assert iamlint("check", "--select", "forbidden-access").code == 0
    assert iamlint("check", "--select", "forbidden-access", "--fail-on-not-analysed").code == 2


def test_request_that_shows_it_is_in_the_properties(iamlint: Program, tmp_path: Path) -> None:
    found(iamlint, tmp_path, {"roles/app/p.json": ALL})
    report = json.loads(iamlint("check", "--output-format", "json").out)
    (one,) = (f for f in report["findings"] if f["rule"] == "forbidden-access")

    assert one["properties"] == {
        "reason": "production data",
        "principals": ["role/app"],
        "actions": ["s3:DeleteBucket"],
        "witness": {
            "principal": "arn:aws:iam::111122223333:role/app",
            "action": "s3:DeleteBucket",
            "resource": "arn:aws:s3:::prod-",
            "context": {},
        },
    }


@pytest.mark.parametrize(
    ("toml", "error"),
    [
        ('[[never]]\nactions = ["s3:*"]', "`never` needs `reason`"),
        ('[[never]]\nreason = "x"', "`never` needs `actions`"),
        (
            '[[never]]\nactions = ["s3:*"]\nreason = "x"\nresorces = ["*"]',
            "unknown key `resorces` in `never`",
        ),
        ('[[never]]\nactions = []\nreason = "x"', "`actions` is an empty list"),
        (
            '[[never]]\nactions = ["s3:*"]\nreason = "x"\nthrough = "roles"\ntogether = true',
            "`through` and `together` cannot be used together",
        ),
        ('[[never]]\nactions = ["s3:*"]\nreason = "x"\nthrough = "users"', "`users`"),
    ],
)
def test_wrong_demand_is_an_error(iamlint: Program, tmp_path: Path, toml: str, error: str) -> None:
    (tmp_path / "iamlint.toml").write_text(toml)
    (tmp_path / "p.json").write_text(json.dumps(ALL))
    result = iamlint("check")

    assert result.code == 2
    assert error in result.err


def test_misspelt_action_of_a_demand_is_not_passed_over(iamlint: Program, tmp_path: Path) -> None:
    (line,) = found(
        iamlint, tmp_path, {"roles/app/p.json": ALL}, NEVER.replace("DeleteBucket", "DeletBucket")
    )

    assert "there is no action `s3:DeletBucket`" in line


THROUGH = """
account = "111122223333"
[resources."arn:aws:s3:::prod-data"]

[[never]]
actions = ["s3:DeleteBucket"]
resources = ["arn:aws:s3:::prod-*"]
except = ["role/break-glass"]
through = "roles"
reason = "production data"
"""


def trust(**who: str) -> dict[str, object]:
    return policy({"Effect": "Allow", "Principal": who, "Action": "sts:AssumeRole"})


GLASS = "arn:aws:iam::111122223333:role/break-glass"
HOME_ROOT = "arn:aws:iam::111122223333:root"
GUARDED: Files = {
    "roles/break-glass/p.json": ALL,
    "roles/break-glass/trust.json": trust(AWS=HOME_ROOT),
    "users/kim/p.json": policy(statement("Allow", "sts:AssumeRole", GLASS)),
    "users/lee/p.json": policy(statement("Allow", "s3:Get*")),
}
BY_KIM = (
    "users/kim/p.json:6: `user/kim` can become `role/break-glass`, which may do "
    "`s3:DeleteBucket`: production data (user/kim > role/break-glass)"
)


NOT_KNOWN = (
    "roles/break-glass/p.json: it is not known whether `user/kim` can become `role/break-glass`, "
    "which may do `s3:DeleteBucket`: not checked by `forbidden-access`"
)
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


@pytest.mark.parametrize(
    ("toml", "files", "lines"),
    [
        pytest.param(THROUGH, {}, [BY_KIM], id="a user becomes the role"),
        pytest.param(THROUGH.replace('through = "roles"\n', ""), {}, [], id="without `through`"),
        pytest.param(
            THROUGH.replace('"role/break-glass"', '"role/break-glass", "user/k*"'),
            {},
            [],
            id="a user that is spared",
        ),
        pytest.param(
            THROUGH.replace("reason", 'principals = ["user/lee"]\nreason'),
            {},
            [],
            id="about another one",
        ),
        pytest.param(
            THROUGH,
            {"roles/break-glass/trust.json": trust(Service="ec2.amazonaws.com")},
            [],
            id="nobody becomes the role",
        ),
        pytest.param(
            THROUGH.replace("reason", 'principals = ["outsiders"]\nreason'),
            {"roles/break-glass/trust.json": trust(AWS="444455556666")},
            [
                (
                    "roles/break-glass/trust.json:9: `arn:aws:iam::444455556666:root` can become "
                    "`role/break-glass`, which may do `s3:DeleteBucket`: production data "
                    "(arn:aws:iam::444455556666:root > role/break-glass)"
                )
            ],
            id="an outsider",
        ),
        pytest.param(
            THROUGH.replace("reason", 'unless = { "aws:MultiFactorAuthPresent" = "true" }\nreason'),
            {
                "users/kim/p.json": policy(
                    statement("Allow", "sts:AssumeRole", GLASS, Condition=MFA)
                )
            },
            [NOT_KNOWN],
            id="only with what may be",
        ),
        pytest.param(
            THROUGH,
            {"users/kim/p.json": policy(statement("Allow", "iam:SetDefaultPolicyVersion"))},
            [NOT_KNOWN],
            id="unknown is listed",
        ),
    ],
)
def test_access_through_others_is_forbidden_too(
    iamlint: Program, tmp_path: Path, toml: str, files: Files, lines: list[str]
) -> None:
    assert found(iamlint, tmp_path, {**GUARDED, **files}, toml) == lines


def test_chain_is_related_to_the_finding(iamlint: Program, tmp_path: Path) -> None:
    found(iamlint, tmp_path, GUARDED, THROUGH)
    result = iamlint("check", "--select", "forbidden-access", "--output-format", "json")

    [finding] = json.loads(result.out)["findings"]
    assert finding["properties"]["chain"] == ["user/kim assume-role role/break-glass"]
    assert [(one["path"], one["message"]) for one in finding["related"]] == [
        ("roles/break-glass/trust.json", "`user/kim` assume-role `role/break-glass`: trusts it")
    ]
