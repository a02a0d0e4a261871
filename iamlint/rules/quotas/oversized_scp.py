"""Flags service control policies longer than AWS Organizations accepts.

All characters count, also white space, unless a tool removes it. AWS doubled the quota in May 2026;
set `maximum` to 5120 if you need the old one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.quotas._limits import SERVICE_CONTROL
from iamlint.rules.quotas._sizes import Maximum, maximum, sent_size, too_long

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Policy
    from iamlint.rule import Hit, RuleContext


def check_policy(policy: Policy, context: RuleContext) -> Iterator[Hit]:
    return too_long(sent_size(context), maximum(context, SERVICE_CONTROL.characters), blanks=True)


RULE = Rule(
    name="oversized-scp",
    family=Family.QUOTAS,
    module=__name__,
    summary="AWS rejects a service control policy of this length",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("POLICY_SIZE_EXCEEDS_SCP_QUOTA",),
    kinds=frozenset({Kind.SCP}),
    options=Maximum,
    advice="remove white space, or split the policy",
    sources=(SERVICE_CONTROL.source,),
    check_policy=check_policy,
    bad=(
        bad(
            "white space counts",
            """
{ //!
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Deny", "Action": "s3:*", "Resource": "*"
  }
}""",
            kind=Kind.SCP,
            file="example.json",
            options={"maximum": 100},
        ),
        bad(
            "too long without white space, too",
            """
{ //!
"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}}""",
            kind=Kind.SCP,
            file="example.json",
            options={"maximum": 80},
        ),
    ),
    good=(
        good(
            "the same without white space",
            """
{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}}""",
            kind=Kind.SCP,
            file="example.json",
            options={"maximum": 100},
        ),
        good(
            "JSON5 is written anew before it is sent",
            """
            {
              Version: "2012-10-17", // nothing of this comment will be sent, whatever it says, however long
              Statement: {Effect: "Deny", Action: "s3:*", Resource: "*"},
            }""",
            kind=Kind.SCP,
            options={"maximum": 100},
        ),
    ),
)
