"""Who asks: a user, a role, a session, a service, anybody; with what its requests carry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.account.build.managed import full_access, may_limit
from iamlint.account.model import UNKNOWN_ACCOUNT, IdentityKind
from iamlint.account.origin import Origin, Why
from iamlint.errors import UsageError
from iamlint.evaluator.context import Gap, Missing, Partly, Same
from iamlint.evaluator.request import CallerKind, caller_at, caller_of
from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.load.link import parts_of
from iamlint.policy.arn import is_account_id, parse_arn
from iamlint.policy.grammar import Kind
from iamlint.policy.pattern import pattern_of
from iamlint.text.source import Pseudo, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from iamlint.account.model import Accounts, Identity, OpenLink
    from iamlint.evaluator.context import ContextValue
    from iamlint.evaluator.policy_set import Levels
    from iamlint.evaluator.request import Caller
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.load.link import Held

_ACCOUNT_KEYS: Final = (
    "aws:principalaccount", "aws:resourceaccount", "kms:calleraccount", "s3:resourceaccount"
)  # fmt: skip
_ANY_ACCOUNT: Final = pattern_of(Unknown("the account", means=Pseudo.ACCOUNT))


@dataclass(frozen=True, slots=True)
class Actor:
    """A principal before its requests. `name` is what people call it, `context` what they gave.

    `scp` overrides what the organization lays on its account. `unknown` names its policies whose
    documents are not known, `assumed` what was taken for granted about it. `tags` are those that
    are known, and all if it `has_no_other_tags`: a session of a role may have tags of its own. One
    that `is_alone` is that of a file, and what is not sure of other files does not count.
    """

    name: str
    caller: Caller
    policies: tuple[CompiledPolicy, ...] = ()
    boundary: tuple[CompiledPolicy, ...] = ()
    session: tuple[CompiledPolicy, ...] = ()
    scp: Levels | None = None
    identity: Identity | None = None
    context: Mapping[str, ContextValue] = field(default_factory=dict)
    tags: Mapping[str, str] | None = None
    has_no_other_tags: bool = False
    account_known: bool = True
    transitive: tuple[str, ...] = ()
    unknown: tuple[Held, ...] = ()
    assumed: tuple[str, ...] = ()
    is_alone: bool = False

    @property
    def account(self) -> str | None:
        return self.caller.account

    @property
    def session_tags(self) -> dict[str, str]:
        """The tags that a session has beside, or instead of, those of its role."""
        own = self.identity.tags if self.identity else {}
        tags = (self.tags or {}).items()
        return {f"aws:principaltag/{k}": v for k, v in tags if own.get(k) != v}

    def with_context(self, context: Mapping[str, ContextValue]) -> Actor:
        """Return the same principal whose requests carry these keys too."""
        return replace(self, context={**self.context, **context})


def of_identity(accounts: Accounts, identity: Identity) -> Actor:
    """Return a user, a role, or any member of a group."""
    name = identity.title or accounts.name_of(identity.kind, identity.name, identity.account)
    if identity.kind is IdentityKind.GROUP:
        subject = nameless(name, identity.account, identity.partition, IdentityKind.USER)
        links = [link for link in accounts.open if link.may_be_of(identity)]
        return replace(
            subject,
            policies=(*identity.policies, *(policy for link in links for policy in link.policies)),
            identity=identity,
            unknown=(*identity.unknown, *_unknown(links)),
            assumed=identity.assumed,
        )
    caller = caller_at(identity.as_arn)
    if caller is None:  # pragma: no cover - a holder's ARN names a caller
        raise UsageError(f"`{identity.arn}` is not a principal")
    if identity.account is None:
        caller = of_unknown_account(caller)
    groups = [accounts.identities[group] for group in identity.member_of]
    every = (identity, *groups)
    links = [link for link in accounts.open if any(map(link.may_be_of, every))]
    held = [policy for link in links if not link.is_limit for policy in link.policies]
    limits = [policy for link in links if link.is_limit for policy in link.policies]
    bound = (identity.boundary,) if identity.boundary else _limits(name, identity, limits)
    return Actor(
        name,
        caller,
        (*(policy for one in every for policy in one.policies), *held),
        bound,
        identity=identity,
        context={} if identity.is_named else _of_an_unknown_name(identity),
        tags=identity.tags or None,
        has_no_other_tags=identity.has_no_other_tags and identity.kind is IdentityKind.USER,
        account_known=identity.account is not None,
        unknown=(*(one for each in every for one in each.unknown), *_unknown(links)),
        assumed=tuple(note for one in every for note in one.assumed),
    )


def _limits(
    name: str, identity: Identity, more: Sequence[CompiledPolicy]
) -> tuple[CompiledPolicy, ...]:
    """Return the permissions boundaries that a principal may have."""
    every = (*identity.limits, *more)
    reasons = [p.label.why for p in every if isinstance(p.label, Origin) and p.label.why]
    text = f"which permissions boundary `{name}` has"
    text += f": {reasons[0].text}" if reasons else ""
    why = Why(text, tuple(one for reason in reasons for one in reason.inputs))
    return may_limit(every, why, is_one=identity.is_limited)


def _unknown(links: Iterable[OpenLink]) -> Iterator[Held]:
    return (held for link in links for held in link.unknown)


def _of_an_unknown_name(identity: Identity) -> dict[str, ContextValue]:
    """Return the keys that identify the caller, as far as its name is known."""
    parts = parts_of(identity.name if identity.named is None else identity.named)
    name = tuple(p if isinstance(p, str) else Same(pattern_of(p), Gap.NAME) for p in parts)
    start = f":{identity.kind}{identity.path}"
    found: dict[str, ContextValue] = {
        "aws:principalarn": principal_arn(identity.partition, identity.account, start, *name),
        "aws:userid": Missing.UNKNOWN,
    }
    return found | {"aws:username": Partly(name)} if identity.kind is IdentityKind.USER else found


def principal_arn(partition: str, account: str | None, *rest: str | Gap | Same) -> Partly:
    return Partly((f"arn:{partition}:iam::", account or Gap.ACCOUNT, *rest))


def nameless(
    name: str, account: str | None, partition: str = "aws", kind: IdentityKind | None = None
) -> Actor:
    """Return a principal whose account alone is known, and its kind if that is given.

    Only users have the keys of a user's name.
    """
    caller = caller_of(f"arn:{partition}:iam::{account or UNKNOWN_ACCOUNT}:user/nameless")
    if caller is None:
        raise UsageError(f"`{account}` is not an account id")
    # Policies can name only the account of this user, never the user itself.
    names = {k: v for k, v in caller.names.items() if k != caller.arn}
    caller = replace(caller, names=names)
    caller = caller if account else of_unknown_account(caller)
    is_user = kind is IdentityKind.USER
    context: dict[str, ContextValue] = {
        # Names have no colon, paths may: https://docs.aws.amazon.com/IAM/latest/APIReference/API_User.html
        "aws:principalarn": principal_arn(
            partition, account, ":", kind or Gap.NAME, Gap.PATH, Gap.NAME
        ),
        "aws:username": Partly((Gap.NAME,)) if is_user else Missing.UNKNOWN,
        "aws:userid": Missing.UNKNOWN,
        "aws:principaltype": "User" if is_user else Missing.UNKNOWN,
    }
    return Actor(name, caller, context=context, account_known=account is not None)


def of_unknown_account(caller: Caller) -> Caller:
    """Return a caller that policies which name an account may name."""
    names = {key.replace(UNKNOWN_ACCOUNT, _ANY_ACCOUNT): by for key, by in caller.names.items()}
    return replace(caller, names=names, is_vague=True)


def of_policy(accounts: Accounts, name: str, policy: CompiledPolicy) -> Actor:
    """Return a nameless principal that one policy is attached to.

    A policy that only limits is asked what it lets through: the principal may do everything else.
    """
    subject = replace(nameless(name, accounts.account, accounts.partition), is_alone=True)
    everything = (full_access(Kind.IDENTITY),)
    if policy.kind is Kind.SCP:
        level: tuple[CompiledPolicy, ...] = (policy,)
        if not any(statement.may_allow for statement in policy.statements):
            level = (full_access(Kind.SCP), policy)
        return replace(subject, policies=everything, scp=(level,))
    if policy.kind is Kind.BOUNDARY:
        return replace(subject, policies=everything, boundary=(policy,))
    if policy.kind is Kind.SESSION:
        return replace(subject, policies=everything, session=(policy,))
    if policy.kind is not Kind.IDENTITY:
        raise UsageError(
            f"`{name}` is a {policy.kind} policy, which cannot be attached to a principal",
            help="declare what it is attached to in `[principals]` or `[resources]`",
        )
    return replace(subject, policies=(policy,))


def of_account(subject: Actor, account: str) -> Actor:
    """Return a principal of an unknown account as one of this account."""
    moved = at_home(subject, account)
    context = {
        key: _in_account(value, account) if isinstance(value, Partly) else value
        for key, value in moved.context.items()
    }
    return replace(moved, context=context, account_known=True)


def _in_account(value: Partly, account: str) -> Partly:
    return Partly(tuple(account if part is Gap.ACCOUNT else part for part in value.parts))


def at_home(subject: Actor, account: str) -> Actor:
    """Return a principal of an unknown account as one of the resource's account."""
    if subject.account_known or not is_account_id(account):
        return subject
    caller = subject.caller
    moved = caller_of(caller.arn.replace(UNKNOWN_ACCOUNT, account) or _arn(caller, account))
    if moved is None:
        return subject
    hidden = subject.identity is None or subject.identity.kind is IdentityKind.GROUP
    names = {k: v for k, v in moved.names.items() if not (hidden and k == moved.arn)}
    return replace(subject, caller=replace(moved, names=names))


def _arn(caller: Caller, account: str) -> str:
    return f"arn:{caller.partition}:iam::{account}:role{caller.path}{caller.name}"


def unsure_keys(subject: Actor) -> dict[str, ContextValue]:
    """Return the keys that are known in part, which would be guessed otherwise."""
    user_id = _user_id(subject.caller)
    found: dict[str, ContextValue] = {} if user_id is None else {"aws:userid": user_id}
    return found if subject.account_known else found | _of_an_unknown_account(subject)


def _user_id(caller: Caller) -> Partly | None:
    """Return the form of `aws:userid` of a user or session; the id itself is unknown.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
    """
    if caller.kind is CallerKind.USER:
        return Partly(("AIDA", Gap.NAME))
    if caller.kind is CallerKind.ROLE:
        return Partly(("AROA", Gap.NAME, ":", caller.session or Gap.NAME))
    return None


def _of_an_unknown_account(subject: Actor) -> dict[str, ContextValue]:
    of_account: dict[str, ContextValue] = dict.fromkeys(_ACCOUNT_KEYS, Partly((Gap.ACCOUNT,)))
    arn = parse_arn(subject.caller.principal_arn or "")
    if arn is None:  # pragma: no cover - who has an account has an ARN
        return of_account
    return of_account | {"aws:principalarn": principal_arn(arn.partition, None, f":{arn.resource}")}
