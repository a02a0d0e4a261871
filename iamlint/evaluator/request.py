"""Who asks for what: the caller, the action, the resource, the context.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Final

from iamlint.evaluator.context import NO_CONTEXT, Context
from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.late_pattern import late_pattern
from iamlint.policy.arn import Arn, is_account_id, parse_arn
from iamlint.policy.arn_patterns import FIELDS
from iamlint.policy.grammar import PrincipalType
from iamlint.policy.pattern import is_open, pattern_of
from iamlint.policy.requested import EVERYTHING, RequestedResource
from iamlint.text.source import Partial, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.policy.truth import Truth


class CallerKind(StrEnum):
    """What a caller is: that decides which policies apply to it."""

    USER = "user"
    ROLE = "role session"
    FEDERATED_USER = "federated user session"
    ROOT = "root user"
    SERVICE = "service"
    FEDERATED = "federated identity"  # before it has assumed a role
    CANONICAL_USER = "canonical user"
    ANONYMOUS = "anonymous"

    @property
    def has_account(self) -> bool:
        """Whether policies of its own account apply to it."""
        return self in _WITH_ACCOUNT


_WITH_ACCOUNT: Final = frozenset(
    {CallerKind.USER, CallerKind.ROLE, CallerKind.FEDERATED_USER, CallerKind.ROOT}
)


class PrincipalMatch(IntEnum):
    """How a statement names a caller; the higher, the fewer limits of its own account remain.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
    """

    NONE = 0
    ACCOUNT = 1  # the whole account: its own policies must allow as well
    ROLE = 2  # the role of a session, or the user who federated
    DIRECT = 3  # the user, the session, the service itself
    EVERYONE = 4  # `*`


# Providers that need no entry in IAM:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-federated-web-identity
WEB_IDENTITIES: Final = frozenset(
    {
        "accounts.google.com", "cognito-identity.amazonaws.com",
        "cognito-identity-us-gov.amazonaws.com", "graph.facebook.com", "www.amazon.com",
    }
)  # fmt: skip
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/finding-canonical-user-id.html
_CANONICAL_ID: Final = late_pattern(r"[0-9a-f]{64}")

_SESSION: Final = Unknown("${session}")
EVERYONE: Final = "*"
OWNED_BY_AWS: Final = "aws"
"""What means the account in ARNs such as those of managed policies."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A principal as it makes a request.

    `arn` is empty for callers that have none; `name` is the user, role or federated name, the
    service host, the provider or the canonical id. A role without `session` is a session whose
    name is not known. `path` is the path of the user or role. `names` says how each way of
    writing a principal names this caller; it `is_vague` if one of them is known only in part.
    """

    kind: CallerKind
    arn: str = ""
    account: str | None = None
    partition: str = "aws"
    name: str = ""
    session: str | None = None
    path: str = "/"
    names: Mapping[str, PrincipalMatch] = field(default_factory=dict, compare=False, repr=False)
    is_vague: bool = field(default=False, compare=False, repr=False)

    @property
    def principal_arn(self) -> str | None:
        """The value of `aws:PrincipalArn`: for a session the ARN of its role, with path."""
        if self.kind is CallerKind.ROLE:
            return f"arn:{self.partition}:iam::{self.account}:role{self.path}{self.name}"
        return self.arn or None if self.kind.has_account else None

    @property
    def lowest(self) -> PrincipalMatch:
        """The match of this very caller: a root user has no other name than its account."""
        return PrincipalMatch.ACCOUNT if self.kind is CallerKind.ROOT else PrincipalMatch.DIRECT

    @property
    def is_service_linked(self) -> bool:
        """Whether it is a session of a service-linked role, by its path, not by its name."""
        return self.kind is CallerKind.ROLE and self.path.startswith("/aws-service-role/")


def caller_of(
    principal: str, *, role_path: str = "/", federated_by: str | None = None
) -> Caller | None:
    """Return the caller of an ARN, account id, service host, web identity provider, canonical id.

    None for anything else.

    `role_path` is what the ARN of a role session leaves out; `federated_by` is the ARN of the user
    who asked for a federated session.
    """
    if is_account_id(principal):
        return caller_of(f"arn:aws:iam::{principal}:root")
    if principal in WEB_IDENTITIES:
        return federated(principal)
    if _is_host(principal):
        return service(principal)
    arn = parse_arn(principal)
    if arn is None:
        return canonical_user(principal) if _CANONICAL_ID.fullmatch(principal) else None
    return caller_at(arn, role_path=role_path, federated_by=federated_by)


def caller_at(arn: Arn, *, role_path: str = "/", federated_by: str | None = None) -> Caller | None:
    """Return the principal that an ARN names; None where it names none. See `caller_of`."""
    principal = str(arn)
    if not is_account_id(arn.account) or arn.region:
        return None
    type_, _, rest = arn.resource.partition("/")
    if arn.service == "iam":
        return _iam_caller(principal, arn, type_, rest)
    if arn.service != "sts":
        return None
    role, _, session = rest.partition("/")
    if type_ == "assumed-role" and role and session and "/" not in session:
        return _role(principal, arn, role, session, role_path)
    if type_ == "federated-user" and rest:
        return _federated_user(principal, arn, rest, federated_by)
    return None


def service(host: str) -> Caller:
    """Return a service that calls for itself, such as `sns.amazonaws.com`."""
    return Caller(CallerKind.SERVICE, name=host, names=_of_type(PrincipalType.SERVICE, host))


def federated(provider: str) -> Caller:
    """Return an identity of a SAML or OIDC provider, about to assume a role."""
    names = _of_type(PrincipalType.FEDERATED, provider)
    return Caller(CallerKind.FEDERATED, name=provider, names=names)


def canonical_user(identifier: str) -> Caller:
    """Return an account that only S3's own id names."""
    names = _of_type(PrincipalType.CANONICAL_USER, identifier)
    return Caller(CallerKind.CANONICAL_USER, name=identifier, names=names)


def _of_type(type_: PrincipalType, name: str) -> dict[str, PrincipalMatch]:
    """Return how a principal of a type is known: by its name, or as one of all of the type."""
    return {
        typed_key(type_, name): PrincipalMatch.DIRECT,
        typed_key(type_, EVERYONE): PrincipalMatch.DIRECT,
        EVERYONE: PrincipalMatch.EVERYONE,
    }


def anonymous() -> Caller:
    """Return a caller without credentials."""
    return Caller(CallerKind.ANONYMOUS, names={EVERYONE: PrincipalMatch.EVERYONE})


def _is_host(text: str) -> bool:
    return text.endswith((".amazonaws.com", ".amazonaws.com.cn", ".amazon.com")) and not any(
        c.isspace() or c in ":/*" for c in text
    )


def _iam_caller(principal: str, arn: Arn, type_: str, rest: str) -> Caller | None:
    if arn.resource == "root":
        return _with_account(Caller(CallerKind.ROOT, principal, arn.account, arn.partition), {})
    if type_ in ("saml-provider", "oidc-provider") and rest:
        return federated(principal)
    if type_ not in ("user", "role") or not arn.resource_name:
        return None
    path = "/" + rest.removesuffix(arn.resource_name)
    if type_ == "role":
        return _role("", arn, arn.resource_name, None, path)
    user = Caller(
        CallerKind.USER, principal, arn.account, arn.partition, arn.resource_name, path=path
    )
    return _with_account(user, {principal: PrincipalMatch.DIRECT})


def _role(principal: str, arn: Arn, role: str, session: str | None, path: str) -> Caller:
    own = {role_key(arn.partition, arn.account, role): PrincipalMatch.ROLE}
    own[principal or _any_session(arn, role)] = PrincipalMatch.DIRECT
    caller = Caller(CallerKind.ROLE, principal, arn.account, arn.partition, role, session, path)
    return _with_account(caller, own)


def _any_session(arn: Arn, role: str) -> str:
    """Return the ARN of a session whose role alone is known."""
    named = f"arn:{arn.partition}:sts::{arn.account}:assumed-role/{role}/"
    return pattern_of(Partial((named, _SESSION)))


def _federated_user(principal: str, arn: Arn, name: str, by: str | None) -> Caller:
    own = {principal: PrincipalMatch.DIRECT} | ({by: PrincipalMatch.ROLE} if by else {})
    caller = Caller(CallerKind.FEDERATED_USER, principal, arn.account, arn.partition, name)
    return _with_account(caller, own)


def _with_account(caller: Caller, own: dict[str, PrincipalMatch]) -> Caller:
    root = f"arn:{caller.partition}:iam::{caller.account}:root"
    names = {
        str(caller.account): PrincipalMatch.ACCOUNT,
        root: PrincipalMatch.ACCOUNT,
        EVERYONE: PrincipalMatch.EVERYONE,
        **own,
    }
    return replace(caller, names=names, is_vague=any(map(is_open, own)))


def typed_key(type_: PrincipalType, name: str) -> str:
    """Return how a principal of another type than `AWS` is known."""
    return f"{type_}:{name}"


def role_key(partition: str, account: str, name: str) -> str:
    """Return how a role is known without its path, which the ARN of a session drops."""
    return f"role:{partition}:{account}:{name}"


@dataclass(frozen=True, slots=True)
class Request:
    """One action on one resource: an ARN or, for actions without resource types, `*`.

    `resource_account` is the account that owns the resource; by default the one its ARN names or,
    where it names none, the caller's, as in AWS's policy simulator. Where it is not known whether a
    statement applies, `taken` says by its id how it is taken.
    """

    caller: Caller
    action: str
    resource: RequestedResource = EVERYTHING
    resource_account: str | None = None
    context: Context = NO_CONTEXT
    taken: Mapping[int, Truth] | None = None

    @property
    def owner(self) -> str | None:
        if self.resource_account is not None:
            return self.resource_account
        return self.resource.account or self.caller.account

    @property
    def service(self) -> str:
        """The part of the action before its colon, in lower case."""
        return self.action.partition(":")[0].lower()

    @property
    def crosses_accounts(self) -> bool:
        """Whether another account must let the caller in.

        What AWS shares with every account does not have to, nor the account whose root user an
        administrator of the organization assumes; that the caller is one is taken as given.
        https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
        https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html
        """
        owner = self.resource_account or self.owner
        if owner in (self.caller.account, OWNED_BY_AWS):
            return False
        return self.action.lower() != "sts:assumeroot"


class StatementRequest:
    """A request as statements see it; `names` is how principal elements know the caller.

    It `is_open` if a part of its resource is not known.
    """

    __slots__ = (
        "_fields",
        "action",
        "caller",
        "context",
        "is_open",
        "names",
        "resource",
        "taken",
    )

    def __init__(self, request: Request) -> None:
        self.action = request.action.lower()
        self.resource = request.resource.text
        self.is_open = is_open(self.resource)
        self._fields: list[str] | None = None
        self.context = request.context
        self.caller = caller = request.caller
        self.names = caller.names
        self.taken = request.taken

    @property
    def fields(self) -> list[str] | None:
        """The fields of the resource's ARN; None for a bare `*`."""
        if self._fields is None:
            self._fields = self.resource.split(":", FIELDS - 1)
        return self._fields if len(self._fields) == FIELDS else None
