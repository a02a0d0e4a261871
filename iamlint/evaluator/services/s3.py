"""S3: Block Public Access cuts a public bucket policy off from strangers; owners keep the policy.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.evaluator.request import CallerKind
from iamlint.policy.grammar import OperatorFamily, PrincipalType, Quantifier
from iamlint.policy.values import is_narrow, parse_network
from iamlint.policy.wildcard import is_wild

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iamlint.evaluator.request import Request
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.policy.model import Condition, Statement

_FIXING_KEYS: Final = frozenset(
    {
        "aws:sourcearn",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:sourceowner",
        "aws:sourceaccount",
        "aws:userid",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principalaccount",
        "aws:principalarn",
        "s3:dataaccesspointarn",
        "s3:dataaccesspointaccount",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
    }
)


_OF_OWNERS: Final = frozenset({"s3:deletebucketpolicy", "s3:getbucketpolicy", "s3:putbucketpolicy"})


def is_beyond_bucket_policy(request: Request) -> bool:
    """Return whether no bucket policy can deny: the owner's root user can always change it.

    Policies of the organization and of VPC endpoints can deny it:
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html
    """
    is_owner = request.caller.kind is CallerKind.ROOT and not request.crosses_accounts
    return is_owner and request.action.lower() in _OF_OWNERS


def is_cut_off(request: Request, policies: Iterable[CompiledPolicy]) -> bool:
    """Return whether RestrictPublicBuckets keeps the bucket policy from speaking for the caller.

    A public bucket policy speaks only for principals of the bucket's account and for services.
    """
    if request.service not in ("s3", "s3express") or request.caller.kind is CallerKind.SERVICE:
        return False
    if request.caller.kind.has_account and not request.crosses_accounts:
        return False
    return any(
        _is_public(statement.source) for policy in policies for statement in policy.statements
    )


def _is_public(statement: Statement) -> bool:
    """Return whether S3 calls an Allow public: open to all, and no condition with a fixed value."""
    if not statement.allows:
        return False
    if statement.not_principal is None and not any(
        p.type in (PrincipalType.AWS, PrincipalType.SERVICE) and is_wild(p.text)
        for p in statement.principals
    ):
        return False
    return not any(map(_fixes, statement.conditions))


def _fixes(condition: Condition) -> bool:
    if condition.negated or condition.if_exists or condition.quantifier is Quantifier.ALL:
        return False
    if not condition.values:
        return False
    if condition.name == "aws:sourceip" and condition.family is OperatorFamily.IP:
        return all(_is_narrow(entry.text) for entry in condition.values)
    fixed = not any(_varies(condition, entry.text) for entry in condition.values)
    return condition.name in _FIXING_KEYS and fixed and condition.family in _COMPARING


_COMPARING: Final = frozenset({OperatorFamily.STRING, OperatorFamily.ARN})


def _varies(condition: Condition, value: str) -> bool:
    """Return whether a value is not fixed in S3's sense; unknown parts count as fixed."""
    if condition.name == "aws:userid":
        value = value.removesuffix(":*")
    if condition.name == "s3:dataaccesspointarn":
        value = ":".join(value.split(":", 5)[:5])
    return "${" in value or is_wild(value)


def _is_narrow(value: str) -> bool:
    try:
        return is_narrow(parse_network(value))
    except ValueError:
        return False
