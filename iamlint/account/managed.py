"""Managed policies by ARN: those of the repository, then those of AWS as of the catalog's day.

What is not known here is not guessed: such a policy may allow and deny anything, so it leaves
every answer open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.account.origin import Origin
from iamlint.account.read import compiled
from iamlint.catalog.managed_policies import HOME, managed_policy, names, path_of
from iamlint.evaluate.statement import compile_policy
from iamlint.load.document import Held
from iamlint.policy.arn import parse_arn
from iamlint.policy.model import Policy
from iamlint.policy.parse import parse_policy
from iamlint.policy.spelling import slip_of
from iamlint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.evaluate.statement import CompiledPolicy
    from iamlint.load.document import Document
    from iamlint.policy.grammar import Kind
    from iamlint.text.source import Value

FOLDER: Final = "managed-policies"

_EVERYTHING: Final[Value] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}
# Organizations attaches it, and its like for resources, to everything:
# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
FULL_ACCESS: Final = "FullAWSAccess"


@dataclass(frozen=True, slots=True)
class Managed:
    """A managed policy that somebody holds; `known` is false when its document is not.

    `assumed` says what was taken for granted about it.
    """

    held: Held
    policy: CompiledPolicy
    known: bool = True
    assumed: str | None = None


def managed(
    arn: str, documents: Mapping[str, Document], kind: Kind, partition: str
) -> Managed | None:
    """Return the policy of an ARN, or of a name; None for one of the customer's that is nowhere."""
    if arn in documents:
        return Managed(Held(arn), compiled(documents[arn], kind))
    parsed = parse_arn(arn)
    if parsed is None:
        return _by_name(arn, documents, kind, partition)
    if parsed.service != "iam" or not parsed.resource.startswith("policy/"):
        return None
    own = documents.get(parsed.resource_name)
    if own is not None:
        return Managed(Held(arn), compiled(own, kind))
    if parsed.account != "aws":
        return None
    return _of_aws(arn, parsed.resource.removeprefix("policy/"), parsed.partition, kind)


def _by_name(
    name: str, documents: Mapping[str, Document], kind: Kind, partition: str
) -> Managed | None:
    """Return the one policy of a name, which the customer's and AWS's may share."""
    own = [arn for arn in documents if ":policy/" in arn and arn.endswith(f"/{name}")]
    path = path_of(name)
    if path is None or own:
        return Managed(Held(own[0]), compiled(documents[own[0]], kind)) if len(own) == 1 else None
    return _of_aws(f"arn:{partition}:iam::aws:policy/{path}", path, partition, kind)


def _of_aws(arn: str, name: str, partition: str, kind: Kind) -> Managed:
    found = managed_policy(name, partition)
    if found is None:
        return unknown(Held(arn), kind)
    label = f"{arn} {found.version} of {found.changed}"
    assumed = None
    if partition != HOME:
        assumed = f"`{arn}` is taken to say what that of partition `{HOME}` says"
    policy = parse_policy(found.value, kind)
    return Managed(Held(arn), compile_policy(policy, Origin(label)), assumed=assumed)


def where_to_keep(held: Held) -> str:
    """Return what makes a policy known: its right name, its document, or what it depends on."""
    if held.given:
        return "say in the files what it depends on, or ask about a dump of the account"
    arn = held.ref
    parsed = parse_arn(arn)
    name = arn.rpartition("/")[2]
    of_aws = parsed is not None and parsed.account == "aws"
    known = path_of(name) if of_aws else None
    if known is not None:
        return f"AWS has it as `{arn.partition(':policy/')[0]}:policy/{known}`"
    meant = slip_of(arn.partition(":policy/")[2], names()) if of_aws else None
    keep = f"keep its document as `{FOLDER}/{name}.json`"
    return f"did you mean `{meant}`? if not, {keep}" if meant else keep


def unknown(held: Held, kind: Kind) -> Managed:
    """Return a policy whose text, or whether it is held, is not known."""
    return Managed(held, unknown_policy(str(held), kind), known=False)


def unknown_policy(name: str, kind: Kind) -> CompiledPolicy:
    """Return a policy of which nothing is known: it may allow and deny anything."""
    policy = Policy(kind, (), opaque=frozenset({"Statement"}))
    return compile_policy(policy, Origin(name))


def full_access(kind: Kind) -> CompiledPolicy:
    return compile_policy(parse_policy(_EVERYTHING, kind), Origin(FULL_ACCESS))
