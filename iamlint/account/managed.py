"""Managed policies by ARN: those of the repository, and the few of AWS that are known.

AWS publishes its documents through its API only, and changes them. What is not known here is not
guessed: such a policy may allow and deny anything, so it leaves every answer open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from iamlint.account.origin import Origin
from iamlint.account.read import compiled
from iamlint.evaluate.statement import compile_policy
from iamlint.policy.arn import parse_arn
from iamlint.policy.model import Policy
from iamlint.policy.parse import parse_policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.evaluate.statement import CompiledPolicy
    from iamlint.load.document import Document
    from iamlint.policy.grammar import Kind
    from iamlint.text.source import Value

FOLDER: Final = "managed-policies"

# As of 2026-11: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AdministratorAccess.html
_EVERYTHING: Final[Value] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}
_OF_AWS: Final[dict[str, Value]] = {"AdministratorAccess": _EVERYTHING}
# Organizations attaches it, and its like for resources, to everything:
# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
FULL_ACCESS: Final = "FullAWSAccess"


@dataclass(frozen=True, slots=True)
class Managed:
    """A managed policy that somebody holds; `known` is false when its document is not."""

    policy: CompiledPolicy
    known: bool = True


def managed(arn: str, documents: Mapping[str, Document], kind: Kind) -> Managed | None:
    """Return the policy of an ARN; None for a policy of the customer's that is nowhere."""
    if arn in documents:
        return Managed(compiled(documents[arn], kind))
    parsed = parse_arn(arn)
    if parsed is None or parsed.service != "iam" or not parsed.resource.startswith("policy/"):
        return None
    own = documents.get(parsed.resource_name)
    if own is not None:
        return Managed(compiled(own, kind))
    if parsed.account != "aws":
        return None
    value = _OF_AWS.get(parsed.resource_name)
    if value is None:
        return Managed(unknown_policy(arn, kind), known=False)
    return Managed(compile_policy(parse_policy(value, kind), Origin(arn)))


def unknown_policy(name: str, kind: Kind) -> CompiledPolicy:
    """Return a policy of which nothing is known: it may allow and deny anything."""
    policy = Policy(kind, (), opaque=frozenset({"Statement"}))
    return compile_policy(policy, Origin(name))


def full_access(kind: Kind) -> CompiledPolicy:
    return compile_policy(parse_policy(_EVERYTHING, kind), Origin(FULL_ACCESS))
