"""Flags resource control policies longer than AWS Organizations accepts.

All characters count, also white space, unless a tool removes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.quotas._limits import RESOURCE_CONTROL
from iamlint.rules.quotas._sizes import Maximum, maximum, sent_size, too_long

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Policy
    from iamlint.rule import Hit, RuleContext


def check_policy(policy: Policy, context: RuleContext) -> Iterator[Hit]:
    return too_long(sent_size(context), maximum(context, RESOURCE_CONTROL.characters), blanks=True)


RULE = Rule(
    name="oversized-rcp",
    family=Family.QUOTAS,
    module=__name__,
    summary="AWS rejects a resource control policy of this length",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("POLICY_SIZE_EXCEEDS_RCP_QUOTA",),
    kinds=frozenset({Kind.RCP}),
    options=Maximum,
    advice="remove white space, or split the policy",
    sources=(RESOURCE_CONTROL.source,),
    check_policy=check_policy,
    bad=(
        bad(
            "white space counts",
            """
{ //!
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"
  }
}""",
            kind=Kind.RCP,
            file="example.json",
            options={"maximum": 110},
        ),
        bad(
            "too long without white space, too",
            """
{ //!
"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}}""",
            kind=Kind.RCP,
            file="example.json",
            options={"maximum": 90},
        ),
    ),
    good=(
        good(
            "the same without white space",
            """
{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}}""",
            kind=Kind.RCP,
            file="example.json",
            options={"maximum": 110},
        ),
        good(
            "JSON5 is written anew before it is sent",
            """
            {
              Version: "2012-10-17", // nothing of this comment will be sent, whatever it says, however long
              Statement: {Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*"},
            }""",
            kind=Kind.RCP,
            options={"maximum": 110},
        ),
    ),
)
