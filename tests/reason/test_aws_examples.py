"""AWS's own examples of custom policy checks, with the results that its pages show.

`API_*` are pages of the IAM Access Analyzer API reference, whose examples the references of the
SDKs show: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/. The others are in the
reference of the AWS CLI: https://docs.aws.amazon.com/cli/latest/reference/accessanalyzer/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from iamlint.catalog import Catalog
from iamlint.policy.grammar import Kind
from iamlint.reason.compare import compare_gains
from iamlint.reason.forbid import ANONYMOUS, RequestSet, forbidden
from iamlint.reason.world import bare
from tests.reason.random_policies import compiled, policy_of

if TYPE_CHECKING:
    from iamlint.reason.answer import Comparison
    from iamlint.text.source import Value

CATALOG = Catalog.open()
BUCKET = "arn:aws:s3:::amzn-s3-demo-bucket"
JOHN: Value = {"AWS": "arn:aws:iam::123456789012:user/JohnDoe"}


def allow(actions: str, *resources: str, to: Value = None) -> dict[str, Value]:
    found: dict[str, Value] = {"Effect": "Allow", "Action": [*actions.split()]}
    if resources:
        found["Resource"] = list(resources)
    return found if to is None else {**found, "Principal": to}


READER = allow("s3:GetObject s3:ListBucket", BUCKET, f"{BUCKET}/*")


class NotGranted(NamedTuple):
    """An example of CheckAccessNotGranted. A check that passes shows no gain."""

    page: str
    kind: Kind
    statement: dict[str, Value]
    asked: RequestSet
    passes: bool


NOT_GRANTED = (
    NotGranted(
        "check-access-not-granted",
        Kind.IDENTITY,
        READER,
        RequestSet(("s3:DeleteBucket", "s3:GetBucketLocation")),
        passes=True,
    ),
    NotGranted(
        "API_CheckAccessNotGranted",
        Kind.RESOURCE,
        allow("s3:GetObject", "*", to=JOHN),
        RequestSet(("s3:PutObject",)),
        passes=True,
    ),
    NotGranted(
        "API_CheckAccessNotGranted",
        Kind.RESOURCE,
        allow("s3:PutObject", "arn:aws:s3:::non-sensitive-bucket/*", to=JOHN),
        RequestSet(("*",), ("arn:aws:s3:::sensitive-bucket/*",)),
        passes=True,
    ),
    NotGranted(
        "API_CheckAccessNotGranted",
        Kind.RESOURCE,
        allow("s3:PutObject", "arn:aws:s3:::my-bucket/*", to=JOHN),
        RequestSet(("*",), ("arn:aws:s3:::my-bucket/*",)),
        passes=False,
    ),
)
PUBLIC = (
    ("API_CheckNoPublicAccess", {"AWS": "arn:aws:iam::111122223333:user/JohnDoe"}, True),
    ("check-no-public-access", {"AWS": "arn:aws:iam::111122223333:user/JohnDoe"}, True),
    ("API_CheckNoPublicAccess", "*", False),
)


def passes(comparison: Comparison) -> bool:
    assert not comparison.open
    return not comparison.gained


def test_check_no_new_access_fails_for_one_more_action() -> None:
    """The CLI reference, check-no-new-access: the check fails at statement 0."""
    more = allow("s3:GetObject s3:GetObjectAcl s3:ListBucket", BUCKET, f"{BUCKET}/*")
    old, new = (compiled(policy_of([one]), Kind.IDENTITY) for one in (READER, more))

    found = compare_gains(bare(old, Kind.IDENTITY), bare(new, Kind.IDENTITY), CATALOG)

    gained = [(one.actions, one.resources, one.because[0].index) for one in found.gained]
    assert (gained, found.open) == ([(("s3:GetObjectAcl",), (f"{BUCKET}/*",), 0)], ())


@pytest.mark.parametrize("case", NOT_GRANTED, ids=lambda case: case.page)
def test_check_access_not_granted(case: NotGranted) -> None:
    policy = compiled(policy_of([case.statement]), case.kind)
    assert passes(forbidden(bare(policy, case.kind), case.asked, CATALOG)) is case.passes


@pytest.mark.parametrize(("page", "principal", "is_private"), PUBLIC)
def test_check_no_public_access(page: str, principal: Value, is_private: bool) -> None:  # noqa: FBT001
    # The examples have no Resource, which a bucket policy needs.
    policy = policy_of([allow("s3:GetObject", f"{BUCKET}/*", to=principal)])
    asked = RequestSet(("*",), principals=(ANONYMOUS,))
    found = forbidden(bare(compiled(policy, Kind.RESOURCE), Kind.RESOURCE), asked, CATALOG)
    assert passes(found) is is_private, page
