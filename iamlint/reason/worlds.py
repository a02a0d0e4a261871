"""The policies that decide requests about the principals and resources of an account."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Final

from iamlint.account.ask.applicable import is_unread
from iamlint.account.ask.principal import Actor, of_identity
from iamlint.account.build.compile import perhaps
from iamlint.account.build.managed import full_access, unknown_policy
from iamlint.account.build.resources import kind_at
from iamlint.account.model import UNKNOWN_ACCOUNT, IdentityPolicies
from iamlint.account.origin import Origin, Why
from iamlint.evaluator.policy_set import PolicySet
from iamlint.evaluator.request import OWNED_BY_AWS, Request
from iamlint.evaluator.statement import compile_policy
from iamlint.fast_dataclass import replace
from iamlint.load.link import glob_of, shown
from iamlint.policy.arn import parse_arn
from iamlint.policy.arn_patterns import covers_arn
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy
from iamlint.policy.requested import EVERYTHING, RequestedResource
from iamlint.policy.wildcard import is_wild
from iamlint.reason.world import World
from iamlint.text.source import Input, Partial, Pseudo, Unknown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from iamlint.account.ask.account import Account
    from iamlint.account.model import Identity
    from iamlint.evaluator.context import ContextValue
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.text.source import Value

_OF_ANY: Final = "s3:ListAllMyBuckets"
ROLES: Final = "arn:*:iam::*:role/*"
EVERY: Final = "arn:*:*:*:*:*"
KEYS: Final = "arn:*:kms:*:*:key/*"
"""Only its own policy opens a role or a key, and no file has the policies of others."""


class Worlds:
    """Makes the worlds of the account that a repository describes."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self.accounts = account.accounts
        self._around = account.around
        self._settings = account.settings

    def of_principal(self, identity: Identity, only: Collection[str] | None = None) -> World:
        """Return the world of a principal; of resources with policies of their own `only` some."""
        return self.of_actor(of_identity(self.accounts, identity), only)

    def of_actor(
        self, actor: Actor, only: Collection[str] | None = None, *, may_be_named: bool = False
    ) -> World:
        """Return the world of whoever asks, with what its requests are known to carry.

        If it `may_be_named`, roles and keys that no file describes may let it in by its name.
        """
        special = self._special(actor, only)
        if may_be_named and only is None:
            for pattern, named in ((ROLES, _NAMING_TRUST), (KEYS, _NAMING_KEY)):
                held = special[pattern]
                special[pattern] = replace(held, resource=(*held.resource, _naming(*named)))
        return World(
            Kind.IDENTITY,
            self.around(actor),
            actor.caller,
            special=special,
            owners=self._owners,
            known=self._known(actor),
            settings=self._settings,
        )

    def _known(self, actor: Actor) -> dict[str, ContextValue]:
        """Return the keys that each request of a principal carries, as far as files say."""
        found: dict[str, ContextValue] = {}
        for name, value in (actor.tags or {}).items():
            found[f"aws:principaltag/{name.lower()}"] = value
        membership = self._account.membership(actor.account)
        if membership is not None:
            found["aws:principalorgid"] = membership.organization
        return found | dict(actor.context)

    def without_principal(self, identity: Identity, only: Collection[str] | None = None) -> World:
        """Return the world of a principal that no file here describes."""
        nothing = IdentityPolicies()
        return self.of_principal(replace(identity, find=lambda: nothing), only)

    def of_resource(
        self, policies: Iterable[CompiledPolicy], arn: str | None, owner: str | None
    ) -> World:
        """Return the world of a resource; of one whose ARN is not known that of anything."""
        rcp = self.accounts.limits_of(owner).rcp
        held = PolicySet(resource=tuple(policies), rcp=rcp)
        return World(Kind.RESOURCE, held, resource=arn, owner=owner, settings=self._settings)

    def without_resource(self, arn: str | None, owner: str | None) -> World:
        """Return the world of a resource whose policy no file here has, as far as that is sure."""
        found = self._around.placed(arn).policies if arn is not None else self._unread
        return self.of_resource(filter(is_unread, found), arn, owner)

    @cached_property
    def _unread(self) -> tuple[CompiledPolicy, ...]:
        gone = (str(p.unread) for p in self.accounts.open_policies if p.unread is not None)
        return tuple(unknown_policy(name, Kind.RESOURCE) for name in gone)

    def of_trust(self, identity: Identity) -> World:
        """Return the world of the trust policy of a role."""
        return self._trust(identity, identity.trust)

    def without_trust(self, identity: Identity) -> World:
        """Return the world of a role that no file here describes."""
        links = (link for link in self.accounts.open if link.may_be_of(identity))
        gone = {str(p.label): None for link in links for p in link.policies if is_unread(p)}
        return self._trust(identity, tuple(unknown_policy(name, Kind.TRUST) for name in gone))

    def _trust(self, identity: Identity, policies: tuple[CompiledPolicy, ...]) -> World:
        rcp = self.accounts.limits_of(identity.account).rcp
        return World(
            Kind.TRUST,
            PolicySet(resource=policies, rcp=rcp),
            resource=identity.arn,
            owner=identity.account,
            settings=self._settings,
        )

    def of_policies(self, policies: Iterable[CompiledPolicy], kind: Kind) -> World:
        """Return the world of policies alone; without any that of a kind that limits is open."""
        held = tuple(policies)
        if kind in (Kind.RESOURCE, Kind.TRUST):
            found = PolicySet(resource=held)
        else:
            found = PolicySet(identity=held or (() if kind.grants else (full_access(kind),)))
        return World(kind, found, settings=self._settings, is_bare=True)

    def around(self, actor: Actor) -> PolicySet:
        """Return the policies of a principal and those above it, without those of resources."""
        request = Request(actor.caller, _OF_ANY, EVERYTHING, actor.account)
        return self._around.find_policies(actor, request)

    @cached_property
    def _roles(self) -> Mapping[str, tuple[CompiledPolicy, ...]]:
        """The trust policies by the ARNs of their roles; of roles of one name each that may be it.

        A role of an account that no file names may be of any.
        """
        found: dict[str, list[Identity]] = {}
        for role in self.accounts.identities.values():
            if role.trust and role.is_named:
                arn = role.arn.replace(f"::{UNKNOWN_ACCOUNT}:", "::*:")
                found.setdefault(arn, []).append(role)
        return {arn: tuple(_trusts(arn, roles)) for arn, roles in found.items()}

    @cached_property
    def _resources(self) -> Mapping[str, tuple[CompiledPolicy, ...]]:
        """The policies of all other resources whose names are known, by their ARNs."""
        every = dict.fromkeys(self._around.special(_OF_ANY, EVERYTHING).values())
        placed = ((arn, self._around.placed(arn)) for arn in every if not _is_endpoint(arn))
        return {arn: found.policies for arn, found in placed if found.is_known}

    @cached_property
    def _nameless(self) -> Mapping[str, tuple[CompiledPolicy, ...]]:
        """Policies that may be on resources whose names are not known, by patterns of the names.

        It is taken to be the same on both sides: their policies are compared by themselves.
        """
        return {
            glob: (_of_a_key(None) if covers_arn(KEYS, glob) else _denying(shown(one.arn)),)
            for one in self.accounts.open_policies
            if (glob := glob_of(one.arn)) not in self._resources and not _is_endpoint(glob)
        }

    @cached_property
    def places(self) -> Mapping[str, str]:
        """Patterns of the resources with policies of their own, the innermost first.

        Each with the ARN of its resource. Nothing is inside a role.
        """
        others = (*self._resources, *self._nameless)
        inside = {f"{arn}{end}": arn for arn in others for end in ("", "/*", ":*")}
        own = {**{arn: arn for arn in self._roles}, **inside}
        return {pattern: own[pattern] for pattern in sorted(own, key=len, reverse=True)}

    @cached_property
    def on_resources(self) -> Mapping[str, tuple[CompiledPolicy, ...]]:
        """The policies of resources, by the ARN of the resource."""
        return {**self._roles, **self._resources}

    @cached_property
    def _owners(self) -> Mapping[str, str]:
        """The accounts of resources whose ARNs do not name one, such as buckets, if files do."""
        found: dict[str, str] = {}
        for pattern, arn in self.places.items():
            resource = self.accounts.resource_at(arn)
            if resource is not None and resource.account and not RequestedResource.of(arn).account:
                found[pattern] = resource.account
        return found

    def _special(self, actor: Actor, only: Collection[str] | None) -> dict[str, PolicySet]:
        base = cache(partial(self._base, actor))
        known: dict[str, PolicySet] = {}
        for pattern, arn in self.places.items() if only is None else self._places_in(only):
            policies = self._held[arn]
            resource, asked = self.accounts.resource_at(arn), RequestedResource.of(arn)
            owner = resource.account if resource is not None else None
            around = base(asked.region, owner)
            if asked.account and not actor.account_known:
                policies = (*policies, *_of_any_account(arn))
            known[pattern] = replace(around, resource=policies)
        return known if only is not None else known | self._elsewhere(actor)

    @cached_property
    def _held(self) -> Mapping[str, tuple[CompiledPolicy, ...]]:
        return {**self._nameless, **self._resources, **self._roles}

    def _places_in(self, only: Collection[str]) -> Iterable[tuple[str, str]]:
        """Return the patterns of the resources that begin with one of some texts, in order."""
        if any(map(is_wild, only)):
            return self.places.items()
        found: set[str] = set()
        for text in only:
            at = bisect_left(self._arns, text)
            while at < len(self._arns) and self._arns[at].startswith(text):
                found.add(self._arns[at])
                at += 1
        inside = (f"{arn}{end}" for arn in found for end in ("", "/*", ":*"))
        own = [one for one in inside if self.places.get(one) in found]
        return [(one, self.places[one]) for one in sorted(own, key=self._order.__getitem__)]

    @cached_property
    def _arns(self) -> Sequence[str]:
        return sorted(set(self.places.values()))

    @cached_property
    def _order(self) -> Mapping[str, int]:
        return {pattern: at for at, pattern in enumerate(self.places)}

    def _base(self, actor: Actor, region: str, owner: str | None) -> PolicySet:
        """Return the policies around a principal for resources in a region, and of an owner."""
        resource = RequestedResource.of(f"arn:aws:any:{region}::any") if region else EVERYTHING
        return self._around.find_policies(actor, Request(actor.caller, _OF_ANY, resource, owner))

    def _elsewhere(self, actor: Actor) -> dict[str, PolicySet]:
        """Return the policies around resources that no file describes, by patterns.

        Those of another account may leave the decision to the account of the principal.
        """
        base = self.around(actor)
        account = actor.account if actor.account_known else None
        more = _of_any_account(ROLES) if account is None else ()
        trust = _delegating(Kind.TRUST, "sts:*", account, _TRUST_POLICY)
        other = (_delegating(Kind.RESOURCE, "*", account, _OTHER_POLICY),)
        homes = (account or UNKNOWN_ACCOUNT, "", OWNED_BY_AWS)
        return {
            ROLES: replace(base, resource=(trust, *more)),
            KEYS: replace(base, resource=(_of_a_key(account),)),
            **{f"arn:*:*:*:{home}:*": base for home in homes},
            EVERY: replace(base, resource=other if account else _of_any_account(EVERY)),
        }


def _trusts(arn: str, roles: list[Identity]) -> Iterator[CompiledPolicy]:
    """Yield the trust policies of a role; of several that it may be each that may apply."""
    for role in roles:
        if len(roles) == 1:
            yield from role.trust
        else:
            why = Why(f"`{arn}` may be any of {', '.join(f'`{one.title}`' for one in roles)}")
            yield from (perhaps(policy, why) for policy in role.trust)


def is_closed(arn: str) -> bool:
    """Return whether only its own policy lets anyone use a resource: a role or a key."""
    return covers_arn(ROLES, arn) or covers_arn(KEYS, arn)


def align(old: World, new: World) -> tuple[World, World]:
    """Return two worlds that know the same resources, each with its own policies around them.

    A role, a key or a resource without a known name that one side alone describes is taken to be
    on both, so that a principal gains nothing by it: its own policy is compared by itself.
    """
    patterns = [*old.special]
    for pattern in new.special:
        if pattern not in old.special:
            at = next((n for n, one in enumerate(patterns) if covers_arn(one, pattern)), None)
            patterns.insert(len(patterns) if at is None else at, pattern)
    sides = []
    for this, other in ((old, new), (new, old)):
        special = {pattern: _policies_at(pattern, this, other) for pattern in patterns}
        owners = {**other.owners, **this.owners}
        sides.append(replace(this, special=special, owners=owners))
    return sides[0], sides[1]


def _policies_at(pattern: str, this: World, other: World) -> PolicySet:
    """Return the policies of one side around the resources of a pattern."""
    if pattern in this.special:
        return this.special[pattern]
    if is_closed(pattern) or _is_nameless(pattern):
        return replace(this.policies, resource=other.special[pattern].resource)
    around = (policies for one, policies in this.special.items() if covers_arn(one, pattern))
    return next(around, this.policies)


def _of_any_account(arn: str) -> tuple[CompiledPolicy, ...]:
    """Return what may let in a principal whose account is not known: it may be of that account."""
    kind, actions = (Kind.TRUST, "iam:*") if covers_arn(ROLES, arn) else (Kind.RESOURCE, "*")
    return (_delegating(kind, actions, None, _ACCOUNT),)


def _of_a_key(account: str | None) -> CompiledPolicy:
    return _delegating(Kind.RESOURCE, "kms:*", account, _KEY_POLICY)


def _is_endpoint(arn: str) -> bool:
    return kind_at(arn) is Kind.ENDPOINT


def _is_nameless(pattern: str) -> bool:
    """Return whether a pattern is that of a resource whose name is not known."""
    arn = parse_arn(pattern.removesuffix("/*").removesuffix(":*"))
    return arn is None or is_wild(arn.resource)


@cache
def _denying(name: str) -> CompiledPolicy:
    """Return the policy of a resource that may be about another one, and may deny all."""
    statement: Value = {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}
    value: Value = {"Version": "2012-10-17", "Statement": [statement]}
    policy = compile_policy(parse_policy(value, Kind.RESOURCE), Origin(f"policy of `{name}`"))
    return perhaps(policy, Why(f"the policy of `{name}` may be about the resource"))


@cache
def _naming(kind: Kind, actions: str, why: Why) -> CompiledPolicy:
    """Return the policy of a resource that may name anyone."""
    statement: Value = {"Effect": "Allow", "Principal": "*", "Action": actions, "Resource": "*"}
    value: Value = {"Version": "2012-10-17", "Statement": [statement]}
    name = why.inputs[0].name
    return perhaps(compile_policy(parse_policy(value, kind), Origin(name)), why)


@cache
def _delegating(kind: Kind, actions: str, account: str | None, why: Why) -> CompiledPolicy:
    """Return the policy of a resource that may leave the decision to an account."""
    root: Value = account or Partial(
        ("arn:aws:iam::", Unknown("${account}", means=Pseudo.ACCOUNT), ":root")
    )
    statement: Value = {
        "Effect": "Allow",
        "Principal": {"AWS": root},
        "Action": actions,
        "Resource": "*",
    }
    value: Value = {"Version": "2012-10-17", "Statement": [statement]}
    name = why.inputs[0].name if why.inputs else why.text
    return perhaps(compile_policy(parse_policy(value, kind), Origin(name)), why)


# https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
_KEY_POLICY: Final = Why(
    "only the key policy decides, and no file contains it", (Input("key policy"),)
)
_TRUST_POLICY: Final = Why("no file contains its trust policy", (Input("trust policy"),))
_NAMING_KEY: Final = (Kind.RESOURCE, "kms:*", _KEY_POLICY)
_NAMING_TRUST: Final = (Kind.TRUST, "sts:*", _TRUST_POLICY)
_OTHER_POLICY: Final = Why(
    "no file contains the policy of the resource, which is of another account",
    (Input("policy of the resource"),),
)
_ACCOUNT: Final = Why("no `account` is configured: it may be another one")
