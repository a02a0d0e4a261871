"""STS: which principals may assume which role, under which limits, and their sessions.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, cast

from iamlint.account.ask.principal import Actor, of_identity, of_unknown_account
from iamlint.account.model import ONE_HOUR, UNKNOWN_ACCOUNT, Identity, IdentityKind
from iamlint.account.origin import Origin
from iamlint.errors import UsageError
from iamlint.evaluator.context import Missing
from iamlint.evaluator.request import CallerKind, caller_of
from iamlint.evaluator.statement import compile_policy
from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.late_pattern import late_pattern
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.account.ask.account import Account
    from iamlint.account.ask.answer import Answer
    from iamlint.evaluator.context import ContextValue
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.text.source import Value

_SHORTEST: Final = 900
_NAME: Final = late_pattern(r"[\w+=,.@-]{2,64}", re.ASCII)
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
_OF_TERMS: Final = ("aws:requesttag/", "aws:tagkeys", "sts:sourceidentity", "sts:transitivetagkeys")
# What a request carries because of where it comes from, not because of who makes it.
_OF_THE_WAY: Final = frozenset(
    f"aws:{name}"
    for name in (
        "currenttime", "epochtime", "requestedregion", "securetransport", "sourceip", "sourcevpc",
        "sourcevpce", "useragent", "vpcsourceip",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    """The parameters of `AssumeRole`; `duration` is in seconds, None for the default."""

    name: str = "session"
    tags: Mapping[str, str] = field(default_factory=dict)
    transitive: tuple[str, ...] = ()
    source_identity: str | None = None
    duration: int | None = None
    policies: tuple[CompiledPolicy, ...] = ()

    @property
    def context(self) -> dict[str, ContextValue]:
        """The keys that the request to STS carries because of them."""
        found: dict[str, ContextValue] = {"sts:rolesessionname": self.name}
        for key, value in self.tags.items():
            found[f"aws:requesttag/{key}".lower()] = value
        if self.tags:
            found["aws:tagkeys"] = tuple(self.tags)
        if self.transitive:
            found["sts:transitivetagkeys"] = self.transitive
        if self.source_identity is not None:
            found["sts:sourceidentity"] = self.source_identity
        return found


def session_policy(value: object, name: str = "session policy") -> CompiledPolicy:
    """Return a session policy that is given as plain data."""
    policy = parse_policy(cast("Value", value), Kind.SESSION)
    for problem in policy.problems:
        if not problem.is_accepted(Kind.SESSION):
            raise UsageError(f"{name}: {problem.message}")
    return compile_policy(policy, Origin(name))


def session_of(account: Account, subject: Actor, terms: Terms) -> Actor:
    """Return a session of a role, without asking who may assume it."""
    role = subject.identity
    if role is None or role.kind is not IdentityKind.ROLE:
        raise UsageError(f"`{subject.name}` is not a role, so it has no sessions")
    return _session(account, role, terms, subject)


def ask_to_assume(
    account: Account,
    subject: Actor,
    role: str,
    terms: Terms,
    context: Mapping[str, ContextValue] | None = None,
) -> Answer:
    """Return whether a principal may assume a role on these terms: trust and its own side.

    What a session hands on, it sets again, and needs the permission for it:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
    """
    _check_name(terms.name)
    handed_on = _source_identity(subject)
    actions = [_action(subject)]
    actions += ["sts:TagSession"] if terms.tags or subject.transitive else []
    actions += ["sts:SetSourceIdentity"] if terms.source_identity or handed_on else []
    sent = terms.context
    if subject.caller.kind.has_account and not subject.transitive and not handed_on:
        sent = {**_not_sent(account, subject, role), **sent}
    return account.ask(subject, actions, role, context={**sent, **(context or {})})


def _not_sent(account: Account, subject: Actor, role: str) -> dict[str, ContextValue]:
    """Return the keys about terms as absent: users and roles send only the given parameters.

    A provider's token may contain tags and a source identity that no file mentions.
    """
    identity = account.accounts.find(role)
    trust = identity.trust if identity else ()
    asked = {
        condition.name
        for policy in (*trust, *subject.policies)
        for statement in policy.source.statements
        for condition in statement.conditions
        if condition.name.startswith(_OF_TERMS)
    }
    return dict.fromkeys(sorted(asked), Missing.ABSENT)


def _source_identity(subject: Actor) -> str | None:
    """Return the source identity that a session hands on to the sessions it gets."""
    found = subject.context.get("aws:sourceidentity")
    return found if subject.caller.kind is CallerKind.ROLE and isinstance(found, str) else None


def _action(subject: Actor) -> str:
    caller = subject.caller
    if caller.kind is CallerKind.ROOT:
        raise UsageError("a root user cannot assume a role: STS refuses its credentials")
    if caller.kind is CallerKind.ANONYMOUS:
        raise UsageError("a caller without credentials cannot assume a role")
    if caller.kind is not CallerKind.FEDERATED:
        return "sts:AssumeRole"
    is_saml = ":saml-provider/" in caller.name
    return "sts:AssumeRoleWithSAML" if is_saml else "sts:AssumeRoleWithWebIdentity"


def assume_role(account: Account, subject: Actor, role: Identity, terms: Terms) -> Actor:
    """Return the session that a principal gets, or raise when the terms cannot be had."""
    is_chained = subject.caller.kind is CallerKind.ROLE
    _check_duration(role, terms.duration, is_chained=is_chained)
    inherited = {key: (subject.tags or {})[key] for key in subject.transitive}
    _check_tags(terms, inherited)
    source = _source_identity(subject)
    if source is not None and terms.source_identity not in (None, source):
        raise UsageError("the source identity of a session cannot be changed once it is set")
    given = replace(
        terms,
        tags={**inherited, **terms.tags},
        transitive=tuple(dict.fromkeys((*subject.transitive, *terms.transitive))),
        source_identity=terms.source_identity if source is None else source,
    )
    way = {key: value for key, value in subject.context.items() if key in _OF_THE_WAY}
    session = _session(account, role, given, replace(subject, context=way))
    notes = (*subject.assumed, *session.assumed)
    return replace(session, assumed=notes)


def _check_tags(terms: Terms, inherited: Mapping[str, str]) -> None:
    """Refuse transitive tags that are set again, or not at all; letter case is not a difference.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    """
    known = {key.lower() for key in inherited}
    clash = next((key for key in terms.tags if key.lower() in known), None)
    if clash is not None:
        raise UsageError(
            f"the session tag `{clash}` is transitive, so it cannot be set again",
            help="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html",
        )
    stray = next((key for key in terms.transitive if key not in terms.tags), None)
    if stray is not None:
        raise UsageError(
            f"`{stray}` is listed as transitive, but is not a tag of the session",
            help=f'give it a value: `tags={{"{stray}": …}}`',
        )


def _check_duration(role: Identity, duration: int | None, *, is_chained: bool) -> None:
    if duration is None:
        return
    longest = min(role.max_session, ONE_HOUR) if is_chained else role.max_session
    if not _SHORTEST <= duration <= longest:
        why = "when roles are chained" if is_chained and longest == ONE_HOUR else "for this role"
        raise UsageError(
            f"a session of `{role.kind}/{role.name}` cannot last {duration} seconds",
            help=f"from {_SHORTEST} to {longest} seconds {why}",
        )


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"`{name}` is not a valid session name", help="2 to 64 letters, digits and `+=,.@-_`"
        )


def _session(account: Account, role: Identity, terms: Terms, before: Actor) -> Actor:
    _check_name(terms.name)
    owner = role.account or UNKNOWN_ACCOUNT
    arn = f"arn:{role.partition}:sts::{owner}:assumed-role/{role.name}/{terms.name}"
    caller = caller_of(arn, role_path=role.path)
    if caller is None:  # pragma: no cover - built from checked parts
        raise UsageError(f"`{arn}` is not a principal")
    if role.account is None:
        caller = of_unknown_account(caller)
    context = dict(before.context)
    if terms.source_identity is not None:
        context["aws:sourceidentity"] = terms.source_identity
    base = of_identity(account.accounts, role)
    given = {key.lower() for key in terms.tags}
    tags = {**{k: v for k, v in role.tags.items() if k.lower() not in given}, **terms.tags}
    return replace(
        base,
        name=arn if role.account else base.name,
        caller=caller,
        session=terms.policies,
        context=context,
        tags=tags or None,
        has_no_other_tags=role.has_no_other_tags,
        transitive=terms.transitive,
    )
