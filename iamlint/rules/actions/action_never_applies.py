"""Flags actions that cannot apply to any of the statement's resources.

`s3:GetObject` applies to objects, so it never applies to the ARN of a bucket; `s3:ListBucket`
applies to buckets, so it never applies to `bucket/*`. The entry does nothing: an `Allow` does not
grant it, and a `Deny` does not block it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.actions._named import REFERENCE, named_actions
from iamlint.rules.resources._judgement import arns_of
from iamlint.rules.resources._templates import ArnTemplate, fits, templates_of_action

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iamlint.catalog import Catalog
    from iamlint.policy.model import Statement
    from iamlint.rules.resources._templates import PreparedArn

    _Templates: TypeAlias = tuple[ArnTemplate, ...]


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    arns = arns_of(statement, context.catalog) if statement.action else ()
    if not arns:
        return
    services = {arn.service for arn in arns}
    fit: dict[_Templates, bool] = {}
    for entry, pattern in named_actions(statement):
        every = _templates_of(context.catalog, str(pattern))
        if every and not _fits_some(every, arns, fit):
            wanted = {one for made in every for one in made}
            formats = sorted({one.text for one in wanted}, key=lambda text: (len(text), text))
            # Among ARNs of other services the reference may lack a type that the action takes.
            certain = any(one.service in services for one in wanted)
            yield Hit(
                entry.at,
                f"`{entry.text}` never applies to the resources of this statement, so this entry has no effect",
                help="it applies to "
                + " or ".join(f"`{text}`" for text in formats[:_MOST_FORMATS]),
                severity=None if certain else Severity.NOTE,
            )


_MOST_FORMATS = 3


@lru_cache(maxsize=8192)
def _templates_of(catalog: Catalog, name: str) -> tuple[_Templates, ...]:
    """Return the templates of each action that a pattern names, or nothing if some are unknown."""
    every = [templates_of_action(catalog, action.full_name) for action in catalog.expand(name)]
    return tuple(dict.fromkeys(every)) if all(every) else ()


def _fits_some(
    every: tuple[_Templates, ...], arns: Sequence[PreparedArn], fit: dict[_Templates, bool]
) -> bool:
    """Return whether some ARN fits one of the templates.

    `fit` remembers which of them some ARN fits, for many actions have the same.
    """
    for made in every:
        known = fit.get(made)
        if known is None:
            known = fit[made] = any(fits(one, arn) for one in made for arn in arns)
        if known:
            return True
    return False


RULE = Rule(
    name="action-never-applies",
    family=Family.ACTIONS,
    module=__name__,
    summary="the action does not apply to any resource of the statement, so the entry does nothing",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    advice="add a resource that the action applies to, or remove the action",
    sources=(
        REFERENCE,
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html",
    ),
    when=("Action", "listed resources"),
    check=check,
    bad=(
        bad(
            "objects are read on the ARN of a bucket",
            """
            {Effect: "Allow", Resource: "arn:aws:s3:::reports", Action: [
              "s3:GetObject", //!
              "s3:ListBucket",
            ]}""",
        ),
        bad(
            "a bucket is listed on the ARN of its objects",
            """
            {Effect: "Allow", Resource: "arn:aws:s3:::reports/*", Action: [
              "s3:GetObject",
              "s3:ListBucket", //!
            ]}""",
        ),
        bad(
            "a pattern whose actions all never apply, in a Deny",
            """
            {Effect: "Deny", Resource: ["arn:aws:s3:::a", "arn:aws:s3:::b"], Action: [
              "s3:DeleteBucket*",
              "s3:DeleteObject*", //!
            ]}""",
        ),
        bad(
            "a role is passed as an instance profile",
            """
            {Effect: "Allow", Resource: "arn:aws:iam::123456789012:instance-profile/app",
              Action: "iam:PassRole", //!
            }""",
        ),
    ),
    good=(
        good(
            "the bucket and its objects",
            """
            {Effect: "Allow", Action: ["s3:GetObject", "s3:ListBucket"],
              Resource: ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"]}""",
        ),
        good(
            "a wildcard that matches both",
            """
            {Effect: "Allow", Action: ["s3:GetObject", "s3:ListBucket"],
              Resource: "arn:*:s3:::reports*"}""",
        ),
        good(
            "a variable may be anything",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::${aws:username}"}""",
        ),
        good(
            "one of several resource types is enough",
            """
            {Effect: "Allow", Action: "ec2:RunInstances",
              Resource: "arn:aws:ec2:*:*:instance/*"}""",
        ),
        good(
            "an action without resources is not checked",
            """
            {Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "arn:aws:s3:::reports"}""",
        ),
        good(
            "a document of AWS has no account",
            """
            {Effect: "Allow", Action: "ssm:SendCommand",
              Resource: "arn:aws:ssm:us-east-1::document/AWS-RunShellScript"}""",
        ),
        good(
            "`*` is every resource",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: ["arn:aws:s3:::b", "*"]}""",
        ),
    ),
)
