"""What requests surely carry: by the principal that makes them, and by the resource they are about.

Only what AWS documents is said; of all other keys nothing is known.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.fast_dataclass import dataclass, replace
from iamlint.grants.audience import OF_CALLERS
from iamlint.grants.contradiction import contradicts
from iamlint.late_pattern import late_pattern
from iamlint.policy.arn import Arn, is_account_id, parse_arn
from iamlint.policy.arn_patterns import pad
from iamlint.policy.grammar import OPERATORS, OperatorFamily, PrincipalType, Quantifier
from iamlint.policy.model import Entry
from iamlint.policy.pattern import has_unknown, is_open
from iamlint.policy.wildcard import is_wild

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from iamlint.policy.model import Condition, Principal


@dataclass(frozen=True, slots=True)
class CarriedKey:
    """What is known of a key: each value that comes is one of these patterns.

    Without patterns no request carries the key. Unless it is `certain`, some may lack it.
    """

    patterns: tuple[str, ...] = ()
    certain: bool = True


Carried: TypeAlias = dict[str, CarriedKey]
"""What is known of requests, by the names of keys."""

ABSENT: Final = CarriedKey()
_NOTHING: Final[Carried] = {}


def carried_by(principal: Principal, organizations: Mapping[str, str]) -> Carried:
    """Return what all requests of a principal carry; nothing of one that is not known.

    `organizations` has the organizations of the accounts that are known to be in one.
    """
    if principal.type is PrincipalType.SERVICE:
        return _OF_SERVICES
    if principal.type is PrincipalType.FEDERATED:
        return _OF_FEDERATED
    if principal.type is PrincipalType.CANONICAL_USER:
        return _NOTHING
    text = principal.entry.pattern
    if is_account_id(text) or (is_open(text) and ":" not in text and not has_unknown(text)):
        return _of_account("*", text, organizations)
    arn = None if is_wild(text) else parse_arn(text)
    if arn is None or not _is_account(arn.account):
        return _NOTHING
    return _of_arn(arn, text, organizations)


def carried_with(
    resource: Entry, organizations: Mapping[str, str], owners: Sequence[str] = ()
) -> Carried:
    """Return what requests about a resource carry of its owner.

    `owners` are the accounts that may own a resource whose ARN does not name one, the most likely
    first; none where that is not known.
    """
    arn = parse_arn(resource.pattern)
    if arn is not None and arn.account:
        if arn.service in _OF_OTHERS or not _is_account(arn.account):
            return _NOTHING
        owners = (arn.account,)
    if not owners:
        return _NOTHING
    found = {"aws:resourceaccount": CarriedKey(tuple(owners))}
    return found | _memberships("resource", owners[0], organizations)


def rules_out(carried: Carried, condition: Condition) -> bool:
    """Return whether no request that carries this meets the condition.

    A value that no request at all could carry is another fault, and is not looked at.
    """
    known = carried.get(condition.name)
    if known is None or condition.operator is None:
        return False
    if not known.patterns:
        return condition.needs_key
    test = _of_possible_values(condition)
    if not test.values or not (known.certain or condition.needs_key):
        return False
    if any(rules_out(carried, part) for part in implied_by(test)):
        return True
    like = _LIKE.get(condition.operator.family)
    if like is None or (
        like.family is OperatorFamily.ARN and any(pad(p) is None for p in known.patterns)
    ):
        return False
    entries = tuple(Entry(pattern, condition.at) for pattern in known.patterns)
    return contradicts(replace(test, operator=like, if_exists=False, values=entries), test)


def _of_possible_values(condition: Condition) -> Condition:
    """Return a condition on one value of a key, without wanted values that no request has."""
    values = condition.values
    if not condition.negated and condition.family is not OperatorFamily.NULL:
        values = tuple(e for e in values if _may_occur(e, condition.name))
    return replace(condition, values=values, quantifier=Quantifier.NONE)


def implied_by(condition: Condition) -> Iterator[Condition]:
    """Yield tests of other keys that hold wherever a condition on an ARN or a path holds."""
    for name, part_of in _PARTS.get(condition.name, ()):
        if not condition.needs_key or condition.negated or not condition.values:
            return
        parts = [part_of(entry.pattern) for entry in condition.values]
        if condition.family in (OperatorFamily.STRING, OperatorFamily.ARN) and all(parts):
            values = tuple(
                Entry(part, entry.at)
                for part, entry in zip(parts, condition.values, strict=True)
                if part is not None
            )
            yield replace(
                condition,
                operator=OPERATORS["stringlike"],
                key=name,
                values=values,
                quantifier=Quantifier.NONE,
            )


def _of_arn(arn: Arn, text: str, organizations: Mapping[str, str]) -> Carried:
    type_, _, name = arn.resource.partition("/")
    found = _of_account(arn.partition, arn.account, organizations)
    if (arn.service, arn.resource) == ("iam", "root"):
        return found
    match arn.service, type_:
        case "iam", "role":
            return found | _of_role(text)
        case "iam", "user":
            return found | _of_user(arn, text)
        case "sts", "assumed-role":
            role = f"arn:{arn.partition}:iam::{arn.account}:role/"
            of_session = name.partition("/")[0]
            return found | _of_role(f"{role}{of_session}", f"{role}*/{of_session}")
        case "sts", "federated-user":
            arns, types = CarriedKey((text,)), CarriedKey(("FederatedUser",))
            return found | {
                "aws:principalarn": arns, "aws:principaltype": types, "aws:username": ABSENT,
            }  # fmt: skip
    return found if is_open(arn.resource) else _NOTHING


def _of_account(partition: str, account: str, organizations: Mapping[str, str]) -> Carried:
    of_account = CarriedKey((account,))
    arns = (f"arn:{partition}:iam::{account}:*", f"arn:{partition}:sts::{account}:*")
    return {
        "aws:principalarn": CarriedKey(arns),
        "aws:principalaccount": of_account,
        "kms:calleraccount": of_account,
        "aws:principaltype": CarriedKey(_TYPES),
        "aws:principalisawsservice": CarriedKey(("false",)),
        "aws:principalservicename": ABSENT,
        "aws:principalservicenameslist": ABSENT,
    } | _memberships("principal", account, organizations)


def _of_role(*arns: str) -> Carried:
    types = CarriedKey(("AssumedRole",))
    return {
        "aws:principalarn": CarriedKey(arns), "aws:principaltype": types, "aws:username": ABSENT,
    }  # fmt: skip


def _of_user(arn: Arn, text: str) -> Carried:
    """Return what a user's requests carry, also in sessions of `GetFederationToken`.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getfederationtoken.html
    """
    of_sessions = f"arn:{arn.partition}:sts::{arn.account}:federated-user/*"
    return {
        "aws:principalarn": CarriedKey((text, of_sessions)),
        "aws:principaltype": CarriedKey(("User", "FederatedUser")),
        "aws:username": CarriedKey((arn.resource_name,), certain=False),
    }


def _memberships(who: str, account: str, organizations: Mapping[str, str]) -> Carried:
    organization = organizations.get(account)
    if organization is None:
        return _NOTHING
    return {
        f"aws:{who}orgid": CarriedKey((organization,)),
        f"aws:{who}orgpaths": CarriedKey((f"{organization}/*",)),
    }


def _is_account(field: str) -> bool:
    """Return whether a field of an ARN is an account id, or is unknown."""
    return is_account_id(field) or is_open(field)


def _may_occur(entry: Entry, name: str) -> bool:
    """Return whether some request may carry a value: it has the form of the values of the key."""
    shape, text = _SHAPES.get(name), entry.pattern
    return shape is None or "${" in text or shape.fullmatch(text) is not None


def _account_in(arn: str) -> str | None:
    fields = pad(arn)
    return fields[4] if fields is not None else None


def _type_in(arn: str) -> str | None:
    fields = pad(arn)
    return None if fields is None else _TYPE_OF.get(fields[5].partition("/")[0])


def _organization_in(path: str) -> str | None:
    organization, slash, _ = path.partition("/")
    return organization if slash else None


_TYPES: Final = ("Account", "User", "FederatedUser", "AssumedRole")
_TYPE_OF: Final = {
    "root": "Account", "user": "User", "federated-user": "FederatedUser", "role": "AssumedRole",
}  # fmt: skip

# A service belongs to no account; neither does a token before its role is assumed. Whether
# requests carry aws:SourceArn is left open: event buses take it from accounts too.
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-example-policy-restrict-rule.html
_OF_SERVICES: Final[Carried] = dict.fromkeys(OF_CALLERS, ABSENT) | {
    "aws:principalisawsservice": CarriedKey(("true",))
}
_OF_FEDERATED: Final[Carried] = dict.fromkeys(OF_CALLERS, ABSENT) | {
    "aws:principalisawsservice": CarriedKey(("false",)),
    "aws:principalservicename": ABSENT,
    "aws:principalservicenameslist": ABSENT,
}

KEYS_OF_PRINCIPALS: Final = frozenset(
    [*OF_CALLERS, *_OF_FEDERATED, "aws:principaltype", "kms:calleraccount"]
)
"""The keys that something may be known of, by the principal."""

KEYS_OF_OWNERS: Final = frozenset(
    ["aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths"]
)
"""The keys that something may be known of, by the resource."""

# The ARN of an access point has the account of the access point, not that of the bucket.
_OF_OTHERS: Final = frozenset({"s3", "s3-object-lambda", "s3-outposts", "s3express"})

_LIKE: Final = {
    OperatorFamily.STRING: OPERATORS["stringlike"],
    OperatorFamily.NULL: OPERATORS["stringlike"],
    OperatorFamily.ARN: OPERATORS["arnlike"],
    OperatorFamily.BOOL: OPERATORS["bool"],
}

_ACCOUNTS: Final = late_pattern(r"[0-9]{12}|[0-9*?]*[*?][0-9*?]*")
_ORGANIZATIONS: Final = late_pattern(r"o-[a-z0-9*?]+|\*")
_PATHS: Final = late_pattern(r"(?:o-[a-z0-9*?]+|\*)/.*", re.DOTALL)
_SHAPES: Final = {
    "aws:principalarn": late_pattern(r"\*|arn:(?!.*:assumed-role/).*", re.DOTALL),
    "aws:principalaccount": _ACCOUNTS,
    "kms:calleraccount": _ACCOUNTS,
    "aws:resourceaccount": _ACCOUNTS,
    "aws:principalorgid": _ORGANIZATIONS,
    "aws:resourceorgid": _ORGANIZATIONS,
    "aws:principalorgpaths": _PATHS,
    "aws:resourceorgpaths": _PATHS,
    "aws:principaltype": late_pattern(f"{'|'.join(_TYPES)}|Anonymous|.*[*?].*", re.DOTALL),
}

_PARTS: Final = {
    "aws:principalarn": (
        ("aws:PrincipalAccount", _account_in),
        ("aws:PrincipalType", _type_in),
    ),
    "s3:dataaccesspointarn": (("s3:DataAccessPointAccount", _account_in),),
    "aws:principalorgpaths": (("aws:PrincipalOrgID", _organization_in),),
    "aws:sourceorgpaths": (("aws:SourceOrgID", _organization_in),),
    "aws:resourceorgpaths": (("aws:ResourceOrgID", _organization_in),),
    "aws:vpceorgpaths": (("aws:VpceOrgID", _organization_in),),
}
