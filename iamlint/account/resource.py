"""Which resource a policy stands on, and what two sources may say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.account.drafts import both, is_same
from iamlint.errors import UsageError
from iamlint.policy.arn import parse_arn
from iamlint.policy.grammar import Kind
from iamlint.policy.wildcard import is_wild

if TYPE_CHECKING:
    from iamlint.load.document import Document


def agreed(arn: str, known: Document | None, new: Document | None) -> Document | None:
    """Return the policy of a resource of which two sources tell; None for none."""
    if known is None or new is None:
        policy = known or new
        if policy is not None:
            raise UsageError(
                f'`[resources."{arn}"]` names no policy, and `{policy.path}` is one of it',
                help="name it there as the `policy`, or `exclude` its file",
            )
        return None
    if known.when or new.when:  # which of them holds is decided elsewhere
        return known if known.when else new
    if not is_same(known, new):
        raise UsageError(
            f"`{arn}` has two policies: {both(known, new)}",
            help="a resource has one: remove or `exclude` the other",
        )
    return known


def arn_of_one(arn: str) -> str:
    """Return the ARN of a declared resource, or raise where it may be that of several."""
    if parse_arn(arn) is None or is_wild(arn):
        raise UsageError(f'`[resources."{arn}"]` is not the ARN of one resource')
    return arn


def kind_at(arn: str) -> Kind:
    """Return the kind of the policy that a resource has of its own."""
    return Kind.ENDPOINT if ":vpc-endpoint/" in arn else Kind.RESOURCE


def whole(arn: str | None) -> str | None:
    """Return an ARN that is known as a whole."""
    return arn if arn and parse_arn(arn) and "${" not in arn else None


def resource_of(document: Document) -> str | None:
    """Return the one resource that a resource policy can stand on, as its statements name it."""
    arns = [e.known for s in document.policy.statements for e in s.resources]
    single = {arn for arn in arns if arn is not None and parse_arn(arn) and not is_wild(arn)}
    tops = {arn for arn in single if not any(arn != o and arn.startswith(f"{o}/") for o in single)}
    tops |= {
        arn.removesuffix("/*")
        for arn in arns
        if arn is not None and arn.endswith("/*") and not is_wild(arn.removesuffix("/*"))
    }
    tops = {arn for arn in tops if not any(arn != o and arn.startswith(f"{o}/") for o in tops)}
    return tops.pop() if len(tops) == 1 and parse_arn(min(tops)) else None
