"""Flags a guardrail that also binds the administrator who is meant to get past it.

In an emergency someone must be able to undo what everyone else may not touch. A guardrail without
an exception for the role that `unlisted-administrator` allows stops that role too, and its owner
finds out in the emergency. The evaluator answers whether the role surely cannot use an action that
the guardrail denies. Without such a list, nothing is reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.errors import IamlintError
from iamlint.policy.at import At
from iamlint.policy.grammar import Kind
from iamlint.rule import (
    AccountHit,
    Confidence,
    Family,
    Hit,
    OwnAccounts,
    Rule,
    Severity,
    bad,
    good,
)
from iamlint.rules.breadth._reach import administrator
from iamlint.rules.hygiene._allowed import Allowed, is_listed
from iamlint.rules.hygiene.unlisted_administrator import NAME as OF_THE_LIST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.account.ask.account import Account
    from iamlint.account.ask.principal import Actor
    from iamlint.account.model import Identity
    from iamlint.load.document import Document
    from iamlint.policy.model import Entry, Policy, Statement
    from iamlint.rule import AccountContext

_FEW: Final = 8
"""Actions of a pattern that are asked about; one that the role can use is enough to be silent."""


def check_account(context: AccountContext) -> Iterator[AccountHit]:
    allowed = context.options.allowed if isinstance(context.options, Allowed) else ()
    if not allowed or not context.described.has_organization:
        return
    account = context.account
    for identity in account.accounts.identities.values():
        name = f"{identity.kind}/{identity.name}"
        if identity.is_named and is_listed(name, identity.arn, allowed) and _has_all(identity):
            yield from _locked_out(account, identity, name)


def _has_all(identity: Identity) -> bool:
    """Return whether an identity surely has all rights but for the organization."""
    is_limited = identity.boundary is not None or identity.limits or identity.unknown
    policies = [one for one in identity.policies if getattr(one.label, "why", None) is None]
    return not is_limited and any(_is_wide(one.source) for one in policies)


def _is_wide(policy: Policy) -> bool:
    return any(
        administrator(one, policy) and not one.conditions and not one.has_more_conditions
        for one in policy.statements
    )


def _locked_out(account: Account, identity: Identity, name: str) -> Iterator[AccountHit]:
    from iamlint.account.ask.principal import of_identity  # noqa: PLC0415 - few runs ask

    subject = of_identity(account.accounts, identity)
    seen: set[object] = set()
    for document in _guardrails(account, identity):
        for statement in document.policy.statements if id(document) not in seen else ():
            entry = _denied(account, subject, statement) if statement.denies else None
            if entry is not None:
                message = (
                    f"`{name}` is allowed as an administrator, and this denies it "
                    f"`{entry.text}` too"
                )
                yield AccountHit(document, statement, Hit(At(entry.at.pointer), message))
        seen.add(id(document))


def _guardrails(account: Account, identity: Identity) -> Iterator[Document]:
    """Yield the SCPs that surely limit an identity."""
    for level in account.accounts.limits_of(identity.account).scp or ():
        for policy in level:
            document = getattr(policy.label, "document", None)
            if document is not None and getattr(policy.label, "why", None) is None:
                yield document


def _denied(account: Account, subject: Actor, statement: Statement) -> Entry | None:
    """Return the first action of a Deny that a principal surely cannot use on what it names."""
    resources = [entry.text for entry in statement.resources]
    on = None if "*" in resources or not resources else tuple(resources)
    for entry in statement.actions:
        names = [one.full_name for one in account.catalog.expand(entry.text)[:_FEW]]
        try:
            if names and all(account.lacks(subject, name, on) for name in names):
                return entry
        except IamlintError:  # not a question that can be asked
            continue
    return None


_HOME = OwnAccounts(account="111122223333")
_ADMIN = (
    '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
)
_READER = _ADMIN.replace('"Action": "*"', '"Action": "s3:GetObject"')
_GUARDRAIL = """
{Version: "2012-10-17", Statement: [{
  Effect: "Deny",
  Action: "%s",%s
  Resource: "*",%s
}]}"""
_EXCEPT = """
  Condition: {ArnNotLike: {"aws:PrincipalArn": "arn:aws:iam::*:role/%s"}},"""
_FILE = "organization/111122223333/scp/guardrail.json5"
_LIST = {"allowed": ("role/break-glass",)}

RULE = Rule(
    name="locked-out-administrator",
    family=Family.HYGIENE,
    module=__name__,
    summary="a guardrail binds the administrator for emergencies too",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    kinds=frozenset({Kind.SCP}),
    options=Allowed,
    options_from=OF_THE_LIST,
    advice="except the role by `aws:PrincipalArn`, or take it off the list",
    sources=(
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples.html",
        "https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_permissions_emergency_process.html",
    ),
    check_account=check_account,
    bad=(
        bad(
            "a guardrail without an exception",
            _GUARDRAIL % ("cloudtrail:StopLogging", " //!", ""),
            kind=Kind.SCP,
            home=_HOME,
            file=_FILE,
            files={"roles/break-glass/all.json": _ADMIN},
            options=_LIST,
        ),
        bad(
            "a guardrail with an exception for another role",
            _GUARDRAIL % ("cloudtrail:StopLogging", " //!", _EXCEPT % "deployer"),
            kind=Kind.SCP,
            home=_HOME,
            file=_FILE,
            files={"roles/break-glass/all.json": _ADMIN},
            options=_LIST,
        ),
    ),
    good=(
        good(
            "a guardrail with an exception for the role",
            _GUARDRAIL % ("cloudtrail:StopLogging", "", _EXCEPT % "break-glass"),
            kind=Kind.SCP,
            home=_HOME,
            file=_FILE,
            files={"roles/break-glass/all.json": _ADMIN},
            options=_LIST,
        ),
        good(
            "the role on the list cannot use the action anyway",
            _GUARDRAIL % ("cloudtrail:StopLogging", "", ""),
            kind=Kind.SCP,
            home=_HOME,
            file=_FILE,
            files={"roles/break-glass/reads.json": _READER},
            options=_LIST,
        ),
        good(
            "no list of administrators",
            _GUARDRAIL % ("cloudtrail:StopLogging", "", ""),
            kind=Kind.SCP,
            home=_HOME,
            file=_FILE,
            files={"roles/break-glass/all.json": _ADMIN},
        ),
    ),
)
