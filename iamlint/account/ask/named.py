"""The principals of a question: a name of the repository, an ARN, a host, or a word for all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.account.ask.principal import (
    Actor,
    nameless,
    of_account,
    of_identity,
    principal_arn,
)
from iamlint.account.build.compile import perhaps
from iamlint.account.build.managed import full_access
from iamlint.account.model import IdentityKind
from iamlint.account.origin import Why
from iamlint.errors import UsageError
from iamlint.evaluator.context import Gap
from iamlint.evaluator.request import (
    EVERYONE,
    CallerKind,
    anonymous,
    caller_at,
    caller_of,
    canonical_user,
    federated,
    service,
)
from iamlint.fast_dataclass import replace
from iamlint.policy.arn import is_account_id, parse_arn
from iamlint.policy.grammar import Kind, PrincipalType

if TYPE_CHECKING:
    from iamlint.account.model import Accounts
    from iamlint.evaluator.context import ContextValue
    from iamlint.evaluator.request import Caller
    from iamlint.policy.arn import Arn

ANONYMOUS: Final = "anonymous"
_STRANGE_ACCOUNT: Final = "700000000007"  # means accounts that no file mentions
_MAKERS: Final = {
    PrincipalType.SERVICE.value: service,
    PrincipalType.FEDERATED.value: federated,
    PrincipalType.CANONICAL_USER.value: canonical_user,
}


def subject_of(accounts: Accounts, name: str) -> Actor:
    """Return a principal by name, ARN, host or canonical id, `anonymous`, or `*` for anyone signed.

    A type and a colon before the name, as in `Federated:example.com`, say which kind is meant.
    """
    if name == ANONYMOUS:
        return Actor(ANONYMOUS, anonymous())
    if name == EVERYONE:
        return stranger(accounts)
    type_, colon, rest = name.partition(":")
    if colon and rest and type_ in _MAKERS:
        return Actor(name, _MAKERS[type_](rest))
    if name in accounts.identities:
        return of_identity(accounts, accounts.identities[name])
    kind, slash, _ = name.partition("/")
    if slash and kind in tuple(IdentityKind) and not name.startswith("arn:"):
        return of_identity(accounts, accounts.identity(name))
    if not name.startswith("arn:") and not is_account_id(name):
        return _without_account(accounts, name)
    return _by_arn(accounts, name)


def _without_account(accounts: Accounts, host: str) -> Actor:
    caller = caller_of(host)
    if caller is None:
        known = accounts.find(f"role/{host}") or accounts.find(f"user/{host}")
        kind = known.kind if known else "role"
        raise UsageError(
            f"`{host}` is not a principal",
            help=f"write `{kind}/{host}`, an ARN, or a service such as `lambda.amazonaws.com`",
        )
    return Actor(host, caller)


def _by_arn(accounts: Accounts, name: str) -> Actor:
    arn = parse_arn(name)
    if arn is None:
        return _of_caller(accounts, name, caller_of(name))
    if arn.service == "sts" and arn.resource.startswith("assumed-role/"):
        return _session(accounts, name, arn)
    identity = accounts.at(arn)
    if identity is not None:
        return of_identity(accounts, identity)
    return _of_caller(accounts, name, caller_at(arn))


def _of_caller(accounts: Accounts, name: str, caller: Caller | None) -> Actor:
    if caller is None:
        raise UsageError(f"`{name}` is not a principal", help="check that the ARN is complete")
    if caller.kind in (CallerKind.ROOT, CallerKind.FEDERATED):
        return Actor(name, caller)
    is_described = caller.account in accounts_of(accounts)
    if caller.kind is CallerKind.FEDERATED_USER:
        return _federated_user(accounts, name, caller) if is_described else foreign(name, caller)
    kind = IdentityKind.USER if caller.kind is CallerKind.USER else IdentityKind.ROLE
    here = _by_its_own_account(accounts, name, kind, caller)
    if here is not None:
        return here
    return of_identity(accounts, accounts.identity(name)) if is_described else foreign(name, caller)


def _by_its_own_account(
    accounts: Accounts, name: str, kind: IdentityKind, caller: Caller
) -> Actor | None:
    """Return a principal whose account no file says, as one of the account that the ARN names."""
    short = f"{kind}/{caller.name}"
    identity = accounts.identities.get(short)
    account = str(caller.account)
    if identity is None or identity.account is not None or identity.path not in ("/", caller.path):
        return None
    if accounts.possible_accounts and account not in accounts.possible_accounts:
        return None
    note = f"`{short}` is in account `{account}`, though no file shows its account"
    found = of_account(of_identity(accounts, identity), account)
    return replace(found, name=name, caller=caller, assumed=(*found.assumed, note))


def _session(accounts: Accounts, name: str, arn: Arn) -> Actor:
    account, role = arn.account, arn.resource.split("/")[1]
    key = accounts.name_of(IdentityKind.ROLE, role, account)
    identity = accounts.identity(key) if account in accounts_of(accounts) else accounts.find(key)
    caller = caller_at(arn, role_path=identity.path if identity else "/")
    if caller is None:
        raise UsageError(f"`{name}` is not a principal", help="check that the ARN is complete")
    if identity is not None:
        return replace(of_identity(accounts, identity), name=name, caller=caller)
    unsaid = accounts.identities.get(f"{IdentityKind.ROLE}/{role}")
    if unsaid is not None:
        caller = caller_at(arn, role_path=unsaid.path) or caller
    here = _by_its_own_account(accounts, name, IdentityKind.ROLE, caller)
    if here is not None:
        return here
    return replace(foreign(name, caller), context=_of_an_unknown_path(caller))


def _of_an_unknown_path(caller: Caller) -> dict[str, ContextValue]:
    """Return the keys that a session's ARN does not give: it leaves out the path of its role.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
    """
    role = (":role", Gap.PATH, caller.name)
    return {"aws:principalarn": principal_arn(caller.partition, caller.account, *role)}


def accounts_of(accounts: Accounts) -> set[str | None]:
    """Return the accounts whose principals are known."""
    return {identity.account for identity in accounts.identities.values()}


def foreign(name: str, caller: Caller) -> Actor:
    """Return a principal of an account that no file describes."""
    unknown = f"policies of account `{caller.account}`, which iamlint does not know"
    note = f"{unknown}, allow `{name}` to do it"
    is_federated = caller.kind is CallerKind.FEDERATED_USER
    session = (full_access(Kind.SESSION),) if is_federated else ()
    return Actor(name, caller, (full_access(Kind.IDENTITY),), session=session, assumed=(note,))


def member_of(name: str, account: str, partition: str) -> Actor:
    """Return any principal of an account that no file describes, as the account is named."""
    unknown = f"policies of account `{account}`, which iamlint does not know"
    note = f"{unknown}, allow its principals to do it"
    one = nameless(name, account, partition)
    return replace(one, policies=(full_access(Kind.IDENTITY),), assumed=(note,))


def stranger(accounts: Accounts) -> Actor:
    """Return a principal of an account that no file mentions: `*` includes it, if it signs."""
    note = (
        "policies of other accounts, which iamlint does not know, allow their principals to do it"
    )
    one = nameless(EVERYONE, _STRANGE_ACCOUNT, accounts.partition)
    return replace(one, policies=(full_access(Kind.IDENTITY),), assumed=(note,))


def _federated_user(accounts: Accounts, name: str, caller: Caller) -> Actor:
    """Return the session that a user got by `GetFederationToken`; which user is not known.

    It may do what both its user and its session policy allow:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getfederationtoken.html
    """
    users = (h for h in accounts.identities.values() if h.kind is IdentityKind.USER)
    mine = (of_identity(accounts, user) for user in users if user.account == caller.account)
    why = Why(f"which user `{name}` is a session of")
    policies = {id(policy): policy for user in mine for policy in user.policies}
    of_users = (perhaps(policy, why) for policy in policies.values())
    others = perhaps(full_access(Kind.IDENTITY), why)
    session = perhaps(full_access(Kind.SESSION), Why(f"which session policy `{name}` has"))
    note = f"the user and the session policy of `{name}` deny nothing except the known denials"
    return Actor(name, caller, (*of_users, others), session=(session,), assumed=(note,))
