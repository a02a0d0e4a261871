"""Who holds what in one or several accounts: users, groups, roles, resources, organizations."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from iamlint.errors import UsageError
from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.load.link import glob_of, is_known_but_for_surroundings, may_be
from iamlint.policy.arn import Arn, above_in_arn, parse_arn
from iamlint.policy.pattern import pattern_of
from iamlint.policy.spelling import did_you_mean
from iamlint.text.source import Partial

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from iamlint.account.origin import Unread
    from iamlint.account.workload import DescribedWorkload
    from iamlint.evaluator.policy_set import Levels
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.load.document import Document
    from iamlint.load.link import Held, Name, Node, Ref

ONE_HOUR: Final = 3600
PROFILE: Final = "instance-profile"
_SHOWN: Final = 12


class IdentityKind(StrEnum):
    USER = "user"
    GROUP = "group"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class IdentityPolicies:
    """The policies of a user, group or role, its limits, and the groups that it is in.

    `member_of` are the titles of its `groups`. `limits` are permissions boundaries that it may
    have, one of them surely if it `is_limited`. `unknown` names what it holds, or is in, and what
    is not known; `assumed` says what was taken for granted about others.
    """

    policies: tuple[CompiledPolicy, ...] = ()
    boundary: CompiledPolicy | None = None
    limits: tuple[CompiledPolicy, ...] = ()
    is_limited: bool = False
    trust: tuple[CompiledPolicy, ...] = ()
    groups: tuple[str, ...] = ()
    member_of: tuple[str, ...] = ()
    unknown: tuple[Held, ...] = ()
    assumed: tuple[str, ...] = ()

    @property
    def every(self) -> tuple[CompiledPolicy, ...]:
        """All of them, of every kind."""
        bound = (self.boundary,) if self.boundary is not None else ()
        return (*self.policies, *bound, *self.limits, *self.trust)


@dataclass(frozen=True, slots=True, eq=False)
class Identity:
    """A user, group or role. `account` is None where no file says which is this repository's.

    `name` is what people read, `named` the name as far as files give it, within its `scope`.
    `title` is what questions call it. One that is not `is_described` is only named, so it may hold
    more. `find` returns what it has, and returns the same again. If it surely holds no statement
    about an action and a resource, `limits_of_silent` may return its boundaries, without `find`.
    `node` is the first block of a file that describes it, `file` the path of that block or of its
    first policy, and `addresses` are what files call the blocks, within its `scope`.
    """

    kind: IdentityKind
    name: str
    find: Callable[[], IdentityPolicies]
    account: str | None = None
    partition: str = "aws"
    path: str = "/"
    tags: Mapping[str, str] = field(default_factory=dict)
    has_no_other_tags: bool = False
    max_session: int = ONE_HOUR
    named: Name | None = None
    title: str = ""
    scope: str = ""
    is_described: bool = True
    addresses: tuple[str, ...] = ()
    file: str | None = None
    node: Node | None = None
    limits_of_silent: Callable[[str, str | None], tuple[str, ...] | None] = lambda _, __: None

    @property
    def policies(self) -> tuple[CompiledPolicy, ...]:
        return self.find().policies

    @property
    def boundary(self) -> CompiledPolicy | None:
        return self.find().boundary

    @property
    def limits(self) -> tuple[CompiledPolicy, ...]:
        return self.find().limits

    @property
    def is_limited(self) -> bool:
        return self.find().is_limited

    @property
    def trust(self) -> tuple[CompiledPolicy, ...]:
        return self.find().trust

    @property
    def groups(self) -> tuple[str, ...]:
        return self.find().groups

    @property
    def member_of(self) -> tuple[str, ...]:
        return self.find().member_of

    @property
    def unknown(self) -> tuple[Held, ...]:
        return self.find().unknown

    @property
    def assumed(self) -> tuple[str, ...]:
        return self.find().assumed

    @property
    def is_named(self) -> bool:
        """Whether its name is known; if not, `name` is what its file calls it."""
        return self.named is None or isinstance(self.named, str)

    @property
    def arn(self) -> str:
        """Its ARN, as a pattern with a variable for each part of the name that is not known."""
        return str(self.as_arn)

    @property
    def as_arn(self) -> Arn:
        """The same in its fields."""
        account = self.account or UNKNOWN_ACCOUNT
        name = self.name if self.named is None else pattern_of(self.named)
        return Arn(self.partition, "iam", "", account, f"{self.kind}{self.path}{name}")

    @property
    def arn_glob(self) -> str:
        """A pattern of all that its ARN may be."""
        name = self.name if self.named is None else glob_of(self.named)
        return self.arn.rpartition("/")[0] + f"/{name}" if not self.is_named else self.arn


UNKNOWN_ACCOUNT: Final = "000000000000"
"""The id in place of the account of a repository that does not name one."""


@dataclass(frozen=True, slots=True)
class DescribedResource:
    """A resource whose policy is known; without `policies` it is known to have none.

    Several are parts of one, such as statements that are added one by one: it is `open`, as others
    may add theirs. `account` owns it, also where its ARN does not say so.
    """

    arn: str
    policies: tuple[CompiledPolicy, ...] = ()
    account: str | None = None
    open: bool = False


@dataclass(frozen=True, slots=True)
class OpenLink:
    """The policies or limits of an identity when it is not known which identity that is.

    `policies` are open, since they may not apply; limits are as they are.
    """

    identity: Ref
    account: str | None
    is_limit: bool
    policies: tuple[CompiledPolicy, ...]
    unknown: tuple[Held, ...] = ()

    @property
    def is_of_any_account(self) -> bool:
        """Whether not even the account is known, as of a stack set for a unit."""
        return not isinstance(self.identity.account, str | None)

    def may_be_of(self, identity: Identity) -> bool:
        """Return whether a holder may be the one."""
        named = identity.name if identity.named is None else identity.named
        return (
            self.identity.thing.value == identity.kind.value
            and (self.account == identity.account or self.is_of_any_account)
            and not (self.is_limit and identity.boundary is not None)
            and may_be(self.identity.name, named)
        )


@dataclass(frozen=True, slots=True)
class OpenPolicy:
    """The policy of a resource that is not known as a whole; `documents` are its parts, or cases.

    No file says that one that is not `is_placed` is in force. An `unread` file may hold it.
    """

    arn: Name
    documents: tuple[Document, ...]
    account: str | None
    place: str
    is_placed: bool = True
    unread: Unread | None = None

    @property
    def is_as_asked(self) -> bool:
        """Whether only account, partition and region are unknown."""
        return self.is_placed and is_known_but_for_surroundings(self.arn)


@dataclass(frozen=True, slots=True)
class Limits:
    """What the organization lays on one account; None for no policies of the kind.

    None binds the management account.
    """

    scp: Levels | None = None
    rcp: Levels | None = None
    is_management: bool = False


@dataclass(frozen=True, slots=True)
class Accounts:
    """The facts about accounts in a repository.

    `identities` is keyed by names such as `role/deployer` for the home account, and by ARN for
    others; `profiles` has the roles of instance profiles, named alike; `limits` is by account.
    If no configuration names the account, `account_said` is the place that does, or
    `possible_accounts` are those that files may mean, each with the place that names it. `several`
    has names that fit several identities, or are known in part, with the names of each. `open` and
    `open_policies` are links whose identity, or resource, is unknown. `apart` has the folders with
    a configuration of their own that may be of the same account, and how many policies they
    contain: those count for another one. `workloads` are what runs with roles, if they were read.
    """

    account: str | None = None
    account_said: str | None = None
    possible_accounts: Mapping[str, str] = field(default_factory=dict)
    partition: str = "aws"
    organization: str | None = None
    identities: Mapping[str, Identity] = field(default_factory=dict)
    resources: Mapping[str, DescribedResource] = field(default_factory=dict)
    limits: Mapping[str | None, Limits] = field(default_factory=dict)
    profiles: Mapping[str, str] = field(default_factory=dict)
    several: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    open: tuple[OpenLink, ...] = ()
    open_policies: tuple[OpenPolicy, ...] = ()
    unread: tuple[Unread, ...] = ()
    apart: Mapping[str, int] = field(default_factory=dict)
    workloads: tuple[DescribedWorkload, ...] = ()

    def name_of(self, kind: str, name: str, account: str | None) -> str:
        """Return how a holder is called: shortly in the home account, by its ARN elsewhere."""
        if account in (None, self.account):
            return f"{kind}/{name}"
        return f"arn:{self.partition}:iam::{account}:{kind}/{name}"

    def identity(self, name: str) -> Identity:
        """Return the holder of that name or ARN, or raise with the names there are."""
        found = self.find(name)
        if found is not None:
            return found
        several = self.several.get(name, ())
        like = () if len(several) > 1 else self._like(name)
        if len(like) == 1:
            return like[0]
        if several := several or tuple(one.title for one in like):
            raise UsageError(
                f"`{name}` matches several principals: "
                + " and ".join(f"`{one}`" for one in several),
                help="ask about each by its own name",
            )
        called = self._called(name)
        kind = called.partition("/")[0]
        names = [known for known in self.identities if known.startswith(f"{kind}/")]
        names = names or list(self.identities)
        raise UsageError(f"there is no `{name}`", help=_help(called, names))

    def _called(self, name: str) -> str:
        """Return how the principal of a name or ARN would be called here."""
        arn = parse_arn(name)
        if arn is None:
            return name
        kind, _, rest = arn.resource.partition("/")
        return self.name_of(kind, rest.rpartition("/")[2], arn.account)

    def _like(self, asked: Arn | str) -> tuple[Identity, ...]:
        """Return the identities whose name is known in part, and fits.

        The answer names as an assumption that it is one of them.
        """
        arn = asked if isinstance(asked, Arn) else parse_arn(asked)
        kind, _, rest = (arn.resource if arn else str(asked)).partition("/")
        last = rest.rpartition("/")[2]
        account = (arn.account or None) if arn else self.account
        return tuple(
            _assumed(one, last, f"`{asked}` is assumed to be `{one.title}`")
            for one in self.identities.values()
            if (one.kind, one.account) == (kind, account)
            and isinstance(one.named, Partial)
            and may_be(last, one.named)
        )

    def find(self, name: str) -> Identity | None:
        arn = parse_arn(name)
        if arn is None:
            names = self.several.get(name, (name,))
            return self.identities.get(names[0]) if len(names) == 1 else None
        return self.at(arn)

    def at(self, arn: Arn) -> Identity | None:
        """Return the identity that an ARN names, if the files describe it."""
        key = self._key(arn)
        titles = self.several.get(key, ())
        found = self.identities.get(titles[0] if len(titles) == 1 else key)
        return found if found is not None and self._is_at(found, arn) else None

    def _is_at(self, identity: Identity, arn: Arn) -> bool:
        """Return whether the account, the path and the name in an ARN are those of a holder."""
        own = identity.as_arn
        return own.resource == arn.resource and self._key(own) == self._key(arn)

    def roles_at(self, arn: Arn, scope: str | None = None) -> tuple[Identity, ...]:
        """Return the role of an ARN, or all that it may be, as far as their names are known.

        Of roles of one name the one that is made together with the principal that asks, in the same
        `scope`, is meant: there is one of that name in an account.
        """
        if (found := self.at(arn)) is not None:
            return (found,)
        titles = self.several.get(self._key(arn), ())
        several = tuple(one for t in titles if self._is_at(one := self.identities[t], arn))
        own = tuple(one for one in several if one.scope == scope)
        return own if len(own) == 1 else several or self._like(arn)

    def _key(self, arn: Arn) -> str:
        """Return how the holder of an ARN is called."""
        kind, _, rest = arn.resource.partition("/")
        is_home = arn.account in ("", self.account, UNKNOWN_ACCOUNT)
        account = None if is_home else arn.account
        short = f"{kind}/{rest.rpartition('/')[2]}"
        return short if account is None else f"arn:{arn.partition}:iam::{account}:{short}"

    def profile(self, name: str) -> Identity:
        """Return the role of an instance profile, or raise with the profiles there are."""
        key = f"{PROFILE}/{name}"
        if key not in self.profiles:
            names = list(self.profiles)
            none = "no instance profiles are known here"
            raise UsageError(f"there is no `{key}`", help=_help(key, names) if names else none)
        return self.identity(self.profiles[key])

    def resource_at(self, arn: str) -> DescribedResource | None:
        """Return the resource that an ARN is, or that it is in, such as an object's bucket."""
        found = self.resources.get(arn)
        if found is not None or not self.resources:
            return found
        return next(
            (self.resources[one] for one in above_in_arn(arn) if one in self.resources), None
        )

    def limits_of(self, account: str | None) -> Limits:
        """Return what limits an account; where no file says which is home, others may be it."""
        key = None if account in (self.account, None) else account
        if key not in self.limits and self.account is None:
            key = None
        return self.limits.get(key, Limits())


def _assumed(identity: Identity, name: str, note: str) -> Identity:
    """Return an identity as the one of a name, which is assumed."""
    has = replace(identity.find(), assumed=(*identity.assumed, note))
    return replace(identity, name=name, named=None, find=lambda: has)


def _help(name: str, names: list[str]) -> str:
    if names:
        return known_names(name, names, "known")
    return (
        'no principals are known here: declare `[principals."role/NAME"]` in iamlint.toml, '
        "or keep policies in `roles/NAME/`, `users/NAME/`, `groups/NAME/`"
    )


def known_names(name: str, names: list[str], what: str) -> str:
    """Return a line of help with the names there are, and the one that was probably meant."""
    shown = ", ".join(f"`{known}`" for known in sorted(names)[:_SHOWN])
    more = ", …" if len(names) > _SHOWN else ""
    guess = did_you_mean(name, names)
    return f"{guess} {what}: {shown}{more}" if guess else f"{what}: {shown}{more}"
