"""`path-to-admin`: the last step to all rights of an account, once for each statement."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.support.program import Program

    Files = Mapping[str, object]
    Check = Callable[..., dict[str, Any]]

CONFIG = 'account = "111122223333"\nselect = ["path-to-admin"]\n'


def policy(*statements: object) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: str, resource: str = "*", **more: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def trust(principal: object, action: str = "sts:AssumeRole", **more: object) -> dict[str, object]:
    return policy({"Effect": "Allow", "Principal": principal, "Action": action, **more})


def role(name: str) -> str:
    return f"arn:aws:iam::111122223333:role/{name}"


ALL = policy(allow("*"))
HOME = trust({"AWS": "111122223333"})
SERVICE = trust({"Service": "lambda.amazonaws.com"})
FOREIGN = "arn:aws:iam::444455556666:root"
GITHUB = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
BY_TOKEN = trust(
    {"Federated": GITHUB},
    "sts:AssumeRoleWithWebIdentity",
    Condition={
        "StringEquals": {"token.actions.githubusercontent.com:sub": "repo:acme/app:ref:main"}
    },
)
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
OPS = {"roles/ops/all.json": ALL, "roles/ops/trust.json": HOME}
ASSUMES_OPS = policy(allow("sts:AssumeRole", role("ops")))


@pytest.fixture
def check(iamlint: Program, tmp_path: Path) -> Check:
    """Return the report of all files below the configuration, or of some."""

    def call(files: Files, *args: str, config: str = CONFIG) -> dict[str, Any]:
        for name, content in {"iamlint.toml": config, **files}.items():
            place = tmp_path / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(content if isinstance(content, str) else json.dumps(content))
        out = iamlint("check", "--output-format", "json", *(args or (".",))).out
        report: dict[str, Any] = json.loads(out)
        return report

    return call


def found(report: dict[str, Any]) -> dict[str, tuple[float, str]]:
    return {
        f["path"]: (f["security_severity"], f["message"])
        for f in report["findings"]
        if f["rule"] == "path-to-admin"
    }


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {**OPS, "users/ana/p.json": ASSUMES_OPS},
            {
                "users/ana/p.json": (
                    9.0,
                    (
                        "`user/ana` can become an administrator; by this `user/ana` "
                        "assumes role/ops (admin)"
                    ),
                )
            },
            id="one step",
        ),
        pytest.param(
            {
                **OPS,
                "roles/ci/p.json": ASSUMES_OPS,
                "roles/ci/trust.json": trust({"AWS": [FOREIGN, "111122223333"]}),
                "users/ana/p.json": policy(allow("sts:AssumeRole", role("ci"))),
            },
            {
                "roles/ci/p.json": (
                    9.8,
                    (
                        f"3 principals can become an administrator: `{FOREIGN}` from outside, "
                        "`role/ci` and 1 more; by this `role/ci` assumes role/ops (admin)"
                    ),
                )
            },
            id="one finding for all starts, outsiders first",
        ),
        pytest.param(
            {
                **OPS,
                "users/ana/p.json": policy(allow("sts:AssumeRole", role("ops"), Condition=MFA)),
            },
            {
                "users/ana/p.json": (
                    7.5,
                    (
                        "`user/ana` can become an administrator if MFA; by this `user/ana` assumes "
                        "role/ops (admin)"
                    ),
                )
            },
            id="a condition",
        ),
        pytest.param(
            {"roles/ops/all.json": ALL, "roles/ops/trust.json": trust("*")},
            {
                "roles/ops/trust.json": (
                    9.8,
                    (
                        "`anonymous` from outside can become an administrator; by this `anonymous` "
                        "assumes role/ops (admin)"
                    ),
                )
            },
            id="anybody",
        ),
        pytest.param(
            {"roles/ops/all.json": ALL, "roles/ops/trust.json": BY_TOKEN},
            {
                "roles/ops/trust.json": (
                    7.5,
                    (
                        f"`{GITHUB}` from outside can become an administrator if "
                        "token.actions.githubusercontent.com:sub is repo:acme/app:ref:main; "
                        f"by this `{GITHUB}` assumes role/ops (admin) with a token"
                    ),
                )
            },
            id="a token",
        ),
        pytest.param({**OPS, "users/ana/p.json": ALL}, {}, id="administrators take no step"),
        pytest.param(
            {
                "roles/ops/all.json": ALL,
                "roles/ops/trust.json": SERVICE,
                "users/ana/p.json": ASSUMES_OPS,
            },
            {},
            id="no trust",
        ),
        pytest.param(
            {
                **OPS,
                "users/ana/p.json": policy(
                    allow("sts:AssumeRole", role("ops")),
                    {"Effect": "Deny", "Action": "sts:*", "Resource": "*"},
                ),
            },
            {},
            id="a Deny",
        ),
        pytest.param(
            {
                "roles/ops/all.json": ALL,
                "roles/ops/boundary.json": policy(allow("s3:*")),
                "roles/ops/trust.json": HOME,
                "users/ana/p.json": ASSUMES_OPS,
            },
            {},
            id="a boundary of the end",
        ),
    ],
)
def test_reports_the_statement_of_the_last_step(
    check: Check, files: Files, expected: dict[str, tuple[float, str]]
) -> None:
    report = check(files)

    assert (found(report), report["not_analysed"]) == (expected, [])


@pytest.mark.parametrize(
    ("allowed", "paths"),
    [
        ("[]", ["roles/ci/p.json"]),
        ('["user/*"]', ["roles/ci/p.json"]),
        ('["role/c*"]', ["users/ana/p.json"]),
        (f'["role/ci", "{"arn:aws:iam::111122223333:user/ana"}"]', []),
    ],
)
def test_chains_end_at_those_who_may_be_administrators(
    check: Check, allowed: str, paths: list[str]
) -> None:
    files = {
        **OPS,
        "roles/ci/p.json": ASSUMES_OPS,
        "roles/ci/trust.json": HOME,
        "users/ana/p.json": policy(allow("sts:AssumeRole", role("ci"))),
    }

    report = check(files, config=f"{CONFIG}[rules.path-to-admin]\nallowed = {allowed}\n")

    assert sorted(found(report)) == paths


def test_another_way_in_changes_no_fingerprint(check: Check) -> None:
    files = {**OPS, "roles/ci/p.json": ASSUMES_OPS, "roles/ci/trust.json": HOME}
    more = {"users/ana/p.json": policy(allow("sts:AssumeRole", role("ci")))}

    (before,) = check(files)["findings"]
    (after,) = check({**files, **more})["findings"]

    assert before["fingerprint"] == after["fingerprint"]
    assert (before["properties"]["principals"], after["properties"]["principals"]) == (
        ["role/ci"],
        ["role/ci", "user/ana"],
    )


def test_each_start_is_a_flow_with_a_place_for_each_step(check: Check) -> None:
    files = {
        **OPS,
        "roles/ci/p.json": ASSUMES_OPS,
        "roles/ci/trust.json": HOME,
        "users/ana/p.json": policy(allow("sts:AssumeRole", role("ci"))),
    }

    (finding,) = check(files)["findings"]

    flows = [
        (flow["start"], [(step.get("path"), step["message"]) for step in flow["steps"]])
        for flow in finding["flows"]
    ]
    last = (None, "`role/ci` assumes role/ops (admin)")
    assert flows == [
        ("role/ci", [last]),
        ("user/ana", [("users/ana/p.json", "`user/ana` assumes role/ci"), last]),
    ]
    assert [(one.get("path"), one["message"]) for one in finding["related"]] == [
        ("roles/ops/trust.json", "`role/ci` trusts it")
    ]


def test_sarif_has_a_thread_for_each_of_ten_starts(check: Check, iamlint: Program) -> None:
    users = {
        f"users/u{number:02}/p.json": policy(allow("sts:AssumeRole", role("ci")))
        for number in range(15)
    }
    check({**OPS, "roles/ci/p.json": ASSUMES_OPS, "roles/ci/trust.json": HOME, **users})

    log = json.loads(iamlint("check", ".", "--output-format", "sarif").out)

    (result,) = log["runs"][0]["results"]
    (flow,) = result["codeFlows"]
    threads = flow["threadFlows"]
    assert [len(one["locations"]) for one in threads] == [1, *[2] * 9]
    assert threads[1]["message"]["text"] == "From user/u00."
    assert [step["location"]["message"]["text"] for step in threads[1]["locations"]] == [
        "`user/u00` assumes role/ci.",
        "`role/ci` assumes role/ops (admin).",
    ]


def test_finding_of_the_same_step_has_the_chain(check: Check) -> None:
    files = {
        "roles/ci/p.json": policy(allow("iam:PutRolePolicy")),
        "roles/ci/trust.json": trust({"AWS": FOREIGN}),
    }

    report = check(files, config='account = "111122223333"\n')

    of_ci = {f["rule"]: f for f in report["findings"] if f["path"] == "roles/ci/p.json"}
    owner, chain = of_ci["self-escalation"], of_ci["path-to-admin"]
    assert (owner["suppressed"], owner["security_severity"], owner["flows"]) == (
        None,
        9.8,
        chain["flows"],
    )
    assert "path-to-admin" in owner["implied"]
    assert chain["suppressed"]["reason"] == "included in `self-escalation`"
    assert chain["message"] in [one["message"] for one in owner["related"]]


def test_what_is_not_known_is_not_analysed(check: Check) -> None:
    module = """
variable "who" {}
resource "aws_iam_role" "ops" {
  name = "ops"
  assume_role_policy = jsonencode({Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = {AWS = var.who}}]})
}
resource "aws_iam_role_policy_attachment" "all" {
  role       = aws_iam_role.ops.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
"""

    report = check({"main.tf": module})

    assert found(report) == {}
    assert [one["reason"] for one in report["not_analysed"]] == [
        (
            "it is not known whether `${var.who}` can become an administrator: it depends on "
            "`${var.who}`: not checked by `path-to-admin`"
        )
    ]


def test_files_that_are_named_are_not_an_account(check: Check) -> None:
    report = check({**OPS, "users/ana/p.json": ASSUMES_OPS}, "users/ana/p.json", "roles/ops")

    assert found(report) == {}
