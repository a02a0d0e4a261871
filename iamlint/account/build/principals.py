"""Which principal a file means: drafts of all users, groups and roles, by what files call them.

Two files mean one principal only if an ARN or an address says so: equal names in two templates, or
in two root modules, are two principals.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from iamlint.account.build.identity_builder import IdentityBuilder
from iamlint.account.model import ONE_HOUR, IdentityKind
from iamlint.errors import UsageError
from iamlint.fast_dataclass import dataclass
from iamlint.late_pattern import late_pattern
from iamlint.load.link import Ref, key_of_name, shown
from iamlint.policy.arn import is_account_id, parse_arn
from iamlint.policy.pattern import pattern_of
from iamlint.policy.wildcard import is_wild

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.account.model import Accounts
    from iamlint.load.link import Name

    PrincipalKey = tuple[str, str, str | None]


# The instance keys of an address: `job[0]`, `app["eu"]`.
_INSTANCE: Final = late_pattern(r"\[[^\]]*+\]")
_FORMS: Final = ("role/NAME", "user/NAME", "group/NAME", "or an ARN of one")


@dataclass(frozen=True, slots=True)
class Meant:
    """Who a name may mean: the one that it surely means, or all that it may mean."""

    sure: IdentityBuilder | None = None
    maybe: tuple[IdentityBuilder, ...] = ()


@dataclass(frozen=True, slots=True)
class Titled:
    """All drafts, each with a title of its own, and the names that fit several, or a longer one."""

    all: tuple[IdentityBuilder, ...]
    several: Mapping[str, tuple[str, ...]]


class IdentityBuilders:
    """All drafts; `names` says how a principal of an account is called."""

    def __init__(self, names: Accounts) -> None:
        self.names = names
        self.home = names.account
        self.partition = names.partition
        self.drafts: list[IdentityBuilder] = []
        self._by_key: dict[PrincipalKey, list[IdentityBuilder]] = {}

    def described(self, ref: Ref, account: str | None) -> IdentityBuilder:
        """Return the draft of a principal that a file describes, a new one where there is none."""
        kind, key = IdentityKind(ref.thing), self.key(ref, account)
        found = self._by_key.get(key, []) if key else []
        for draft in found:
            if draft.scope == ref.scope or not (draft.scope and ref.scope):
                draft.scope = draft.scope or ref.scope
                return draft
        return self._add(
            IdentityBuilder(
                kind=kind,
                named=ref.name,
                account=self._owner(ref, account),
                partition=self.partition,
                title=self.title(ref, account),
                name=ref.shown,
                scope=ref.scope,
            ),
            key,
        )

    def named(self, ref: Ref, account: str | None) -> Meant:
        """Return the principal that a file means, if it only names it."""
        known = self.known(ref, account)
        if known.sure or known.maybe:
            return known
        if isinstance(ref.name, str) and isinstance(ref.account, str | None):
            return Meant(
                self.described(Ref(ref.thing, ref.name, ref.label, "", ref.account), account)
            )
        return Meant()

    def known(self, ref: Ref, account: str | None) -> Meant:
        """Return the same for a principal that others describe or name."""
        key = self.key(ref, account)
        found = self._by_key.get(key, []) if key else []
        own = [draft for draft in found if draft.scope == ref.scope]
        if own or len(found) == 1:
            return Meant(own[0] if own else found[0])
        return Meant(maybe=tuple(found))

    def _add(self, draft: IdentityBuilder, key: PrincipalKey | None) -> IdentityBuilder:
        self.drafts.append(draft)
        if key:
            self._by_key.setdefault(key, []).append(draft)
        return draft

    def key(self, ref: Ref, account: str | None) -> PrincipalKey | None:
        """Return a key of a principal or an instance profile; None where its name has none."""
        key = key_of_name(ref.name)
        return None if key is None else (ref.thing.value, key, self._account(ref, account))

    def _account(self, ref: Ref, account: str | None) -> str | None:
        """Return the key of the account: its id, or its name in the file."""
        if ref.account is None or isinstance(ref.account, str):
            return ref.account or account or self.home
        return key_of_name(ref.account) or shown(ref.account)

    def _owner(self, ref: Ref, account: str | None) -> str | None:
        known = ref.account is None or isinstance(ref.account, str)
        return self._account(ref, account) if known else None

    def titled(self) -> Titled:
        """Return each draft with a title of its own; names that fit several lead to all of them."""
        by_title: dict[str, list[IdentityBuilder]] = {}
        for draft in self.drafts:
            by_title.setdefault(draft.title, []).append(draft)
        several: dict[str, tuple[str, ...]] = {}
        for title, drafts in by_title.items():
            if len(drafts) > 1:
                for draft in drafts:
                    draft.title = f"{_where(draft)}#{title}"
                several[title] = tuple(draft.title for draft in drafts)
        names = {draft.title for draft in self.drafts}
        for title, drafts in by_title.items():
            short = _INSTANCE.sub("", title)
            if short not in names and len(drafts) == 1:
                several[short] = (*several.get(short, ()), title)
        for draft in self.drafts:
            if not isinstance(draft.named, str):
                name = self.names.name_of(draft.kind, pattern_of(draft.named), draft.account)
                several[name] = (*several.get(name, ()), draft.title)
        elsewhere = [d for d in self.drafts if self.home is None or d.account is None]
        for draft in elsewhere:
            short = f"{draft.kind}/{draft.name}"
            known = several.get(short, ())
            if short not in names and draft.title not in known:
                several[short] = (*known, draft.title)
        return Titled(tuple(self.drafts), several)

    def title(self, ref: Ref, account: str | None) -> str:
        if ref.account is not None and not isinstance(ref.account, str):
            return f"{ref} of account {shown(ref.account)}"
        return self.names.name_of(ref.thing.value, ref.shown, self._account(ref, account))


def _where(draft: IdentityBuilder) -> str:
    """Return where a principal is made: its template, the folder of its module, or its file."""
    is_folder = draft.scope not in ("", os.curdir)
    return draft.scope.rstrip("#") if is_folder else draft.at


def path_in(arn: Name, ref: Ref) -> str | None:
    """Return the path that the ARN of a user, group or role gives; None where it is not known.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    """
    text, name = pattern_of(arn), pattern_of(ref.name)
    read = parse_arn(text)
    if read is None or not text.endswith(f"/{name}") or read.service != "iam":
        return None
    path = read.resource.removeprefix(ref.thing.value).removesuffix(name)
    return path if path.startswith("/") and path.isascii() else None


def read_name(name: str) -> tuple[IdentityKind, str, str | None, str]:
    """Return the kind, name, account and path of `role/deployer` or an ARN."""
    arn = parse_arn(name)
    if arn is not None and (arn.service != "iam" or not is_account_id(arn.account)):
        raise _wrong_name(name)
    kind, slash, rest = (arn.resource if arn else name).partition("/")
    if kind not in tuple(IdentityKind) or not slash or not rest or is_wild(rest):
        raise _wrong_name(name)
    path, _, last = rest.rpartition("/")
    return IdentityKind(kind), last, arn.account if arn else None, f"/{path}/" if path else "/"


def _wrong_name(name: str) -> UsageError:
    return UsageError(
        f'`[principals."{name}"]` is not the name of a principal',
        help=f"write {', '.join(_FORMS)}",
    )


def checked_duration(seconds: int, who: str) -> int:
    """Return how long sessions of a role may last, or raise where AWS would not take it.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html
    """
    if not ONE_HOUR <= seconds <= 12 * ONE_HOUR:
        raise UsageError(
            f"{who}: sessions cannot be limited to {seconds} seconds",
            help=f"a role's maximum is from {ONE_HOUR} to {12 * ONE_HOUR} seconds",
        )
    return seconds
