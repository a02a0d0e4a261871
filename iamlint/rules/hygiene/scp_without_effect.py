"""Flags an SCP that changes nothing.

AWS attaches `FullAWSAccess` everywhere, so a second policy that allows everything and denies
nothing limits nothing. And where a list of allowed actions is in place of `FullAWSAccess`, a Deny
of actions that the list does not have denies what is denied already: either the list lacks
something, or the Deny can go. Such a Deny is reported only if files show all SCPs of its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.at import At
from iamlint.policy.grammar import Kind
from iamlint.policy.wildcard import overlaps
from iamlint.rule import AccountHit, Confidence, Family, Hit, OwnAccounts, Rule, Severity, bad, good
from iamlint.rules.hygiene._levels import AttachedLimit, by_target, known_levels

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iamlint.load.document import Document
    from iamlint.policy.model import Statement
    from iamlint.rule import AccountContext

_FULL = "allows everything and denies nothing, as `FullAWSAccess`, which AWS attaches everywhere"


def check_account(context: AccountContext) -> Iterator[AccountHit]:
    seen: set[object] = set()
    for hit in _every(context):
        place = hit.document.path, hit.document.pointer, hit.hit.at
        if place not in seen:
            seen.add(place)
            yield hit


def _every(context: AccountContext) -> Iterator[AccountHit]:
    for (kind, _), policies in by_target(context.described).items():
        for document in policies.values() if kind is Kind.SCP else ():
            yield from _full([AttachedLimit(document.policy, document)])
    for one in known_levels(context):
        for level in one.levels if one.kind is Kind.SCP else ():
            full = [policy for policy in level if policy.is_full]
            if any(policy.is_full_access for policy in full):
                yield from _full(full)
            elif not full and context.described.is_whole:  # another file may allow more
                yield from _denied_already(level)


def _full(policies: Sequence[AttachedLimit]) -> Iterator[AccountHit]:
    for one in policies:
        if one.document is not None and one.is_full and not one.is_full_access:
            yield _hit(one.document, At(()), f"the SCP {_FULL}")


def _denied_already(level: Sequence[AttachedLimit]) -> Iterator[AccountHit]:
    """Yield the Denies of a level whose actions no Allow of the level has."""
    statements = [statement for one in level for statement in one.policy.statements]
    allows = [one for one in statements if one.allows]
    if not allows or any(not one.actions or not _are_known(one) for one in allows):
        return
    allowed = [entry.text.lower() for one in allows for entry in one.actions]
    for one in level:
        for statement in one.policy.statements if one.document is not None else ():
            if not statement.denies or not statement.actions or not _are_known(statement):
                continue
            denied = [entry.text.lower() for entry in statement.actions]
            if not any(overlaps(left, right) for left in denied for right in allowed):
                message = "the Deny has no effect: no SCP at its place allows any of its actions"
                assert one.document is not None  # noqa: S101 - see the loop
                yield _hit(one.document, statement.actions[0].at, message, statement)


def _are_known(statement: Statement) -> bool:
    return all(entry.known for entry in statement.actions)


def _hit(
    document: Document, at: At, message: str, statement: Statement | None = None
) -> AccountHit:
    return AccountHit(document, statement, Hit(at, message))


_EVERYTHING = """
{Version: "2012-10-17", Statement: {Effect: "Allow", Action: "*", Resource: "*"}}"""
_LIST = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["s3:*", "ec2:*"], "Resource": "*"}}'
_DENY = """
{Version: "2012-10-17", Statement: [{
  Effect: "Deny",
  Action: "%s",%s
  Resource: "*",
}]}"""
_MODULE = """
resource "aws_organizations_policy" "all" {
  name    = "%s"
  content = jsonencode({%s
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
  })
}
resource "aws_organizations_policy_attachment" "all" {
  policy_id = aws_organizations_policy.all.id
  target_id = "ou-abcd-12345678"
}
"""
_HOME = OwnAccounts(account="111122223333")

RULE = Rule(
    name="scp-without-effect",
    family=Family.HYGIENE,
    module=__name__,
    summary="an SCP limits nothing beside the others at its place",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    kinds=frozenset({Kind.SCP}),
    of_part=True,
    advice="remove it, or add what it is meant to limit",
    sources=(
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html",
    ),
    check_account=check_account,
    bad=(
        bad("a unit of a module", _MODULE % ("everything", " //!"), file="main.tf"),
        bad(
            "a Deny of what a list beside it does not have",
            _DENY % ("iam:CreateUser", " //!"),
            kind=Kind.SCP,
            home=_HOME,
            file="organization/111122223333/scp/no-users.json5",
            files={"organization/111122223333/scp/list.json": _LIST},
        ),
    ),
    good=(
        good(
            "a copy of `FullAWSAccess` by its name",
            _MODULE % ("FullAWSAccess", ""),
            file="main.tf",
        ),
        good(
            "a Deny of what a list beside it has",
            _DENY % ("ec2:RunInstances", ""),
            kind=Kind.SCP,
            home=_HOME,
            file="organization/111122223333/scp/no-instances.json5",
            files={"organization/111122223333/scp/list.json": _LIST},
        ),
        good(
            "a Deny beside `FullAWSAccess`, which is still attached",
            _DENY % ("iam:CreateUser", ""),
            kind=Kind.SCP,
            home=_HOME,
            file="organization/111122223333/scp/no-users.json5",
        ),
    ),
)
