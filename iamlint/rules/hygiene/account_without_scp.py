"""Flags an account of an organization that no SCP limits.

Every user and role of such an account, and its root user, may do all that policies of the account
grant: nothing above it says what must never happen. `FullAWSAccess`, which AWS attaches
everywhere, limits nothing. The management account cannot be limited. The CIS benchmark asks for
SCPs since version 7. Where files may not show all SCPs above the account, nothing is reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.at import At
from iamlint.policy.grammar import Kind
from iamlint.rule import (
    AccountHit,
    Confidence,
    Controls,
    Family,
    Hit,
    OwnAccounts,
    Profile,
    Rule,
    Severity,
    bad,
    good,
)
from iamlint.rules.hygiene._levels import known_levels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.rule import AccountContext
    from iamlint.rules.hygiene._levels import AccountLevels


def check_account(context: AccountContext) -> Iterator[AccountHit]:
    for one in known_levels(context):
        if one.kind is Kind.SCP and all(policy.is_full for level in one.levels for policy in level):
            yield from _at_last(one)


def _at_last(account: AccountLevels) -> Iterator[AccountHit]:
    """Yield a finding at the policy that is nearest to the account."""
    written = [one.document for level in account.levels for one in level if one.document]
    if written:
        name = f"account `{account.account}`" if account.account else "the account"
        message = f"{name} has only SCPs that allow everything: nothing limits it"
        yield AccountHit(written[-1], None, Hit(At(()), message))


_FULL = (
    '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
)
_DENY = (
    '{"Version": "2012-10-17", "Statement": '
    '{"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}}'
)
_HOME = OwnAccounts(account="111122223333")

RULE = Rule(
    name="account-without-scp",
    family=Family.HYGIENE,
    module=__name__,
    summary="no SCP limits an account of the organization",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    profile=Profile.STRICT,
    kinds=frozenset({Kind.SCP}),
    controls=Controls(cis_7=("2.1.2",)),
    advice="attach an SCP that denies what must never happen in the account",
    sources=(
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html",
    ),
    check_account=check_account,
    bad=(
        bad(
            "an account with AWS's policy alone",
            _FULL + " //!",
            kind=Kind.SCP,
            home=_HOME,
            file="organization/111122223333/scp/FullAWSAccess.json5",
        ),
        bad(
            "the root and the account have it",
            _FULL + " //!",
            kind=Kind.SCP,
            home=_HOME,
            file="organization/111122223333/scp/everything.json5",
            files={"organization/scp/FullAWSAccess.json": _FULL},
        ),
    ),
    good=(
        good(
            "the root has a guardrail",
            _FULL,
            kind=Kind.SCP,
            home=_HOME,
            file="organization/111122223333/scp/FullAWSAccess.json5",
            files={"organization/scp/stay.json": _DENY},
        ),
        good(
            "an SCP of the account itself",
            _DENY,
            kind=Kind.SCP,
            home=_HOME,
            file="organization/111122223333/scp/stay.json5",
        ),
    ),
)
