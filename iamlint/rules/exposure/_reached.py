"""What strangers reach through a public policy, and who they are, by the service exposed."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

from iamlint.catalog import AccessLevel
from iamlint.grants.anonymous import admits_anonymous
from iamlint.grants.audience import is_by_service
from iamlint.policy.action import parse_action
from iamlint.policy.network import Network

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.catalog import Catalog
    from iamlint.policy.model import Policy, Statement


class ReachedAccess(IntEnum):
    """The gravest that the actions of a statement allow."""

    METADATA = 1
    DATA = 2
    CHANGE = 3


_REACHED: Final = {
    AccessLevel.LIST: ReachedAccess.METADATA,
    AccessLevel.READ: ReachedAccess.DATA,
    AccessLevel.TAGGING: ReachedAccess.CHANGE,
    AccessLevel.WRITE: ReachedAccess.CHANGE,
    AccessLevel.PERMISSIONS: ReachedAccess.CHANGE,
}
WORDS: Final = {
    ReachedAccess.METADATA: "list this resource",
    ReachedAccess.DATA: "read this resource",
    ReachedAccess.CHANGE: "change or use this resource",
}

_ANONYMOUS: Final = "anyone on the internet, without signing in,"
_CLIENT: Final = "any client that reaches a mount target"
_SIGNED: Final = "every AWS account"
_INSIDE: Final = "every AWS account that can reach it"
_THROUGH_SERVICE: Final = "every AWS account, through a service of AWS,"

# Who `*` is, by service. Where nothing is listed callers must sign in: KMS, Secrets Manager, ECR,
# Lambda, Glue, EventBridge, Logs, Kinesis, DynamoDB, CodeArtifact, Backup, S3 tables and directory
# buckets, and what AWS adds later.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
# https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
_STRANGERS: Final = {
    "s3": _ANONYMOUS,
    "sqs": _ANONYMOUS,
    "sns": _ANONYMOUS,
    "es": _ANONYMOUS,
    "mediastore": _ANONYMOUS,
    "execute-api": _ANONYMOUS,
    "vpc-lattice-svcs": "anyone inside the service network",
    "elasticfilesystem": _CLIENT,
}

# Actions that are commonly public on purpose, so that a `*` is only a note.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies.html
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-layers.html
# https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html
_MEANT: Final = frozenset(
    {
        "execute-api:invoke",
        "execute-api:*",
        "lambda:getlayerversion",
        "serverlessrepo:deploy",
        "vpc-lattice-svcs:invoke",
        "vpc-lattice-svcs:*",
    }
)


# https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-create.html
_REACHING: Final = {
    Network.VPC: "anyone inside its VPC, without signing in,",
    Network.ENDPOINTS: "every VPC endpoint of the region, of any AWS account,",
    Network.SIGNED_IN: "anyone who signs in to the domain, as far as its own roles allow,",
    Network.UNKNOWN: "anyone who can reach it, without signing in,",
}


def strangers(statement: Statement, policy: Policy, network: Network = Network.INTERNET) -> str:
    """Return who `*` is for the service the statement is about, after its conditions."""
    is_anonymous = admits_anonymous(statement, policy)
    if network in _REACHING:
        is_claimed = network in (Network.VPC, Network.UNKNOWN)
        return _INSIDE if is_claimed and not is_anonymous else _REACHING[network]
    if any(map(is_by_service, statement.conditions)):
        return _THROUGH_SERVICE
    if not is_anonymous:
        return _SIGNED
    services = {pattern.partition(":")[0] for pattern in _patterns(statement)}
    function_url = any(
        c.name == "lambda:functionurlauthtype" and any(e.text == "NONE" for e in c.values)
        for c in statement.conditions
    )
    if function_url:
        return _ANONYMOUS
    return next((_STRANGERS[s] for s in sorted(services) if s in _STRANGERS), _SIGNED)


def is_meant(statement: Statement) -> bool:
    """Return whether all that is allowed is of the sort that is often public on purpose."""
    patterns = list(_patterns(statement))
    return bool(patterns) and all(pattern in _MEANT for pattern in patterns)


def find_reached(statement: Statement, catalog: Catalog) -> ReachedAccess:
    """Return the gravest access that the statement gives; unknown actions count as grave."""
    if not statement.actions:
        return ReachedAccess.CHANGE
    return max(_reached(pattern, catalog) for pattern in _patterns(statement))


def allows_nothing(statement: Statement) -> bool:
    """Return whether none of the actions is one: an empty text matches no request."""
    return statement.action is not None and all(
        entry.known is not None and parse_action(entry.known) is None for entry in statement.actions
    )


def gives_control(statement: Statement, catalog: Catalog) -> bool:
    """Return whether the statement lets others pass on what it gives: policies, grants, shares."""
    return any(
        action.access_level is AccessLevel.PERMISSIONS
        for pattern in _patterns(statement)
        if not pattern.startswith("*")
        for action in catalog.expand(pattern)
    )


def _reached(pattern: str, catalog: Catalog) -> ReachedAccess:
    parsed = parse_action(pattern)
    if parsed is None or parsed.service == "*" or parsed.name == "*":
        return ReachedAccess.CHANGE
    levels = [_REACHED[action.access_level] for action in catalog.expand(pattern)]
    return max(levels, default=ReachedAccess.CHANGE)


def _patterns(statement: Statement) -> Iterator[str]:
    for entry in statement.actions:
        yield entry.text.lower()
