"""Flags policies that allow more than the policy that `[[reference]]` in the configuration names.

The reference says what policies may allow at most, whatever else is attached beside them. Each
policy is compared alone with it, for all requests: any action, resource and context. A finding shows
one request that the policy allows and the reference does not allow. If a value decides that iamlint
does not know, the policy is listed as not analysed, which `fail-on-not-analysed` counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.account.build.compile import by_place, compiled_cases
from iamlint.account.origin import statement_of
from iamlint.errors import UsageError
from iamlint.evaluator.policy_set import PolicySet
from iamlint.load.document import Cause, NotAnalysed
from iamlint.load.find.gitignore import Globs
from iamlint.policy.at import At
from iamlint.policy.grammar import Kind
from iamlint.reason.compare import compare_gains
from iamlint.reason.world import World
from iamlint.rule import (
    AccountContext,
    AccountHit,
    Confidence,
    Family,
    Hit,
    OwnAccounts,
    ReferencePolicy,
    Rule,
    Severity,
    bad,
    good,
)
from iamlint.rules.breadth._witness import carried_by, plain_witness

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iamlint.load.document import Document
    from iamlint.reason.answer import Difference


def check_account(context: AccountContext) -> Iterator[AccountHit | NotAnalysed]:
    for reference in context.home.references:
        yield from _limited(reference, context)


def _limited(
    reference: ReferencePolicy, context: AccountContext
) -> Iterator[AccountHit | NotAnalysed]:
    """Yield what policies allow beyond a reference."""
    below = context.described.below
    limits = [d for d in context.described.read.documents if below(d) == reference.policy]
    if not limits:
        raise UsageError(
            f"the reference `{reference.policy}` is not among the files that were read"
        )
    most = _world(limits, reference.kind)
    files = Globs(reference.files)
    for cases in by_place(context.described.read.documents):
        path = below(cases[0])
        is_limited = path != reference.policy and bool(files.covering(tuple(path.split("/"))))
        if is_limited and cases[0].kind is reference.kind:
            yield from _beyond(cases, most, reference, context)


def _world(cases: Sequence[Document], kind: Kind) -> World:
    policies = tuple(compiled_cases(cases, kind))
    has_principal = kind.has_principal
    held = PolicySet(resource=policies) if has_principal else PolicySet(identity=policies)
    return World(kind, held, is_bare=True)


def _beyond(
    cases: Sequence[Document], most: World, reference: ReferencePolicy, context: AccountContext
) -> Iterator[AccountHit | NotAnalysed]:
    found = compare_gains(most, _world(cases, reference.kind), context.catalog)
    shown: dict[object, AccountHit] = {}
    for one in found.gained:
        hit = _hit(cases[0], one, reference)
        shown.setdefault(hit.hit.at, hit)
    yield from shown.values()
    for unknown in found.open[:1]:
        first = cases[0]
        reason = f"it is not known if it allows more than `{reference.policy}`: {unknown.reason}"
        yield NotAnalysed(
            first.path,
            first.pointer,
            f"{reason}: not checked by `{RULE.name}`",
            cause=Cause.OTHER,
        )


def _hit(document: Document, found: Difference, reference: ReferencePolicy) -> AccountHit:
    witness = found.witness
    message = (
        f"`{witness.action}` on `{witness.resource}`{carried_by(found)} is allowed, "
        f"but not by `{reference.policy}`"
    )
    properties = {
        "reference": reference.policy,
        "actions": list(found.actions),
        "witness": plain_witness(witness),
    }
    for deciding in found.because:
        if (granting := statement_of(deciding)) is not None:
            hit = Hit(granting[1].at, message, properties=properties)
            return AccountHit(*granting, hit)
    return AccountHit(document, None, Hit(At(()), message, properties=properties))


_HOME = OwnAccounts(references=(ReferencePolicy("most.json", Kind.IDENTITY, ("example.json5",)),))
_MOST = {
    "most.json": """
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"},
      {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*", "Condition": {
        "Bool": {"aws:SecureTransport": "true"}}}
    ]}"""
}

RULE = Rule(
    name="wider-than-reference",
    family=Family.BREADTH,
    module=__name__,
    summary="a policy allows more than its reference",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    security_severity=7.0,
    cwe=863,
    advice="allow less, or extend the policy that `[[reference]]` in the configuration names",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html",
    ),
    when=("own references",),
    check_account=check_account,
    bad=(
        bad(
            "an action that the reference does not allow",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "s3:GetObject", Resource: "*"},
              {Effect: "Allow", Action: "s3:DeleteObject", Resource: "*"}, //!
            ]}""",
            home=_HOME,
            files=_MOST,
        ),
        bad(
            "the reference has a condition",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "s3:PutObject", Resource: "*"}, //!
            ]}""",
            home=_HOME,
            files=_MOST,
        ),
    ),
    good=(
        good(
            "less than the reference, in other words",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "s3:G*", Resource: "arn:aws:s3:::shelf/*"},
              {Effect: "Allow", Action: "s3:Put*", Resource: "arn:aws:s3:::shelf/*"},
              {Effect: "Deny", NotAction: ["s3:Get*", "s3:PutObject"], Resource: "*"},
              {Effect: "Deny", Action: "*", Resource: "*", Condition: {
                Bool: {"aws:SecureTransport": "false"},
              }},
            ]}""",
            home=_HOME,
            files=_MOST,
        ),
        good(
            "without `[[reference]]` nothing is too wide",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "s3:DeleteObject", Resource: "*"},
            ]}""",
        ),
    ),
)
