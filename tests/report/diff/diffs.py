"""A comparison by hand with everything that is hard to print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.account.origin import of_document
from iamlint.catalog import Catalog
from iamlint.evaluator.deciding import Deciding
from iamlint.load.document import Cause, NotAnalysed
from iamlint.policy.grammar import Effect, Kind
from iamlint.reason.answer import (
    Comparison,
    Diff,
    Difference,
    KeyState,
    Open,
    UnitChange,
    UnitStatus,
    ValueTest,
    Witness,
)
from iamlint.report.diff.units import DiffOutput
from tests.support.loading import load_text

if TYPE_CHECKING:
    from collections.abc import Mapping

ACCOUNT = "111122223333"
OUTPUT = DiffOutput(Catalog.open(), Path())
POLICY = """\
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Deploy",
      "Effect": "Allow",
      "Action": ["s3:GetObject", "s3:PutObject*", "s3:Delete*"],
      "Resource": "arn:aws:s3:::prod/*"
    },
    {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
  ]
}
"""
ROLE = f"arn:aws:iam::{ACCOUNT}:role/deployer"
MFA = "aws:MultiFactorAuthPresent"


def deciding(text: str = POLICY, name: str = "deploy.json", statement: int = 0) -> Deciding:
    """Return a statement of a policy file, as one that decides."""
    (document,) = load_text(text, name).documents
    found = document.policy.statements[statement]
    sid = found.sid.text if found.sid else None
    label = of_document(document)
    return Deciding(document.kind, 0, statement, sid, Effect.ALLOW, label)


DEPLOY, ANYTHING = deciding(), deciding(statement=1)


def witness(action: str = "s3:DeleteObject", **others: object) -> Witness:
    fields: Mapping[str, object] = {
        "principal": ROLE,
        "resource": "arn:aws:s3:::prod/x",
        "resource_account": ACCOUNT,
    }
    return Witness(action=action, **{**fields, **others})  # type: ignore[arg-type]


def difference(*actions: str, **others: object) -> Difference:
    fields: Mapping[str, object] = {
        "resources": ("arn:aws:s3:::prod/*",),
        "witness": witness(),
        "because": (DEPLOY,),
    }
    return Difference(actions or ("s3:DeleteObject",), **{**fields, **others})  # type: ignore[arg-type]


def unless(operator: str, *values: str) -> ValueTest:
    return ValueTest(operator, values, is_exception=True)


def unit(subject: str | None, comparison: Comparison, **others: object) -> UnitChange:
    fields: Mapping[str, object] = {
        "kind": Kind.IDENTITY,
        "status": UnitStatus.CHANGED,
        "account": ACCOUNT,
        "path": "infra/deploy.tf",
        "line": 14,
    }
    return UnitChange(subject=subject, comparison=comparison, **{**fields, **others})  # type: ignore[arg-type]


def diff(*changes: UnitChange, **others: object) -> Diff:
    fields: Mapping[str, object] = {"old": "main", "new": "working tree"}
    return Diff(changes=changes, **{**fields, **others})  # type: ignore[arg-type]


GAIN = difference("s3:DeleteObject", "s3:PutObject*", condition={MFA: (unless("Bool", "true"),)})
EVERYTHING = difference(
    "*",
    resources=("*",),
    witness=witness(
        "iam:CreateUser", resource=f"arn:aws:iam::{ACCOUNT}:user/x", context={"x:y": "1"}
    ),
    because=(ANYTHING,),
)
PARTNER = difference(
    "s3:GetObject",
    resources=("arn:aws:s3:::artifacts/*",),
    besides=("arn:aws:s3:::artifacts/public/*",),
    principals=("arn:aws:iam::444455556666:root",),
    condition={
        "aws:SourceIp": (
            ValueTest("IpAddress", ("192.0.2.0/24", "198.51.100.0/24")),
            unless("IpAddress", "192.0.2.7/32"),
        ),
        "aws:SourceVpce": (KeyState.ABSENT,),
    },
    witness=witness(
        "s3:GetObject",
        principal="arn:aws:iam::444455556666:role/a",
        resource="arn:aws:s3:::artifacts/x",
        context={"aws:SourceIp": "192.0.2.1", "aws:TagKeys": ("a", "b")},
        unlisted=("aws:TagKeys",),
    ),
    is_part=True,
)
UNKNOWN = Open(
    "`${var.partner}` may be the account of `arn:aws:iam::111122223333:root`",
    ("var.partner", "parameter Env", "local.x"),
    (DEPLOY,),
)
CHANGES = (
    unit("role/reader", Comparison(), text="a Sid is renamed", path="reader.json", line=None),
    unit(
        "role/deployer",
        Comparison(
            gained=(GAIN, EVERYTHING),
            lost=tuple(
                difference(action, resources=("*",))
                for action in (
                    "s3:ListBucket",
                    "s3:PutBucketPolicy",
                    "sqs:SendMessage",
                    "ec2:RunInstances",
                )
            ),
        ),
        address="aws_iam_role.deployer",
    ),
    unit("bucket logs", Comparison(), kind=Kind.RESOURCE, status=UnitStatus.MOVED),
    unit(
        "bucket artifacts",
        Comparison(gained=(PARTNER,), open=(UNKNOWN,)),
        kind=Kind.RESOURCE,
        account=None,
    ),
    unit(
        "role/old",
        Comparison(
            lost=(difference("s3:GetObject"),), open=(Open("the budget is spent", of_gains=False),)
        ),
        status=UnitStatus.GONE,
        path="old.json",
        line=None,
    ),
)
DIFF = diff(
    *CHANGES,
    unchanged=30,
    not_analysed=(
        NotAnalysed("a\nb.yaml", ("Resources", 0), "too deep", unreadable=True),
        NotAnalysed("other.tf", (), "a policy of Google Cloud", cause=Cause.OTHER_CLOUD),
    ),
)
