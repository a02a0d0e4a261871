"""A principal as tests mention it; immutable, each `with_…` gives a new one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from iamlint.account.ask.sessions import (
    Terms,
    ask_to_assume,
    assume_role,
    session_of,
    session_policy,
)
from pytest_iam.becoming import AskBecoming
from pytest_iam.decision import Decision, Mode
from pytest_iam.errors import Asking, IamError
from pytest_iam.state import caller

if TYPE_CHECKING:
    from datetime import datetime

    from iamlint.account.ask.answer import Answer
    from iamlint.account.ask.principal import Actor
    from iamlint.account.model import Identity
    from iamlint.evaluator.statement import CompiledPolicy
    from pytest_iam.claim import Claim
    from pytest_iam.state import Scene

Context = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Ask:
    """`can`, `cannot`, `can_any` or `can_all` of a principal, waiting to be called."""

    principal: Principal
    mode: Mode

    def __call__(
        self,
        *actions: str | Iterable[str],
        on: str | Iterable[str] | None = None,
        context: Context | None = None,
        at: datetime | str | None = None,
    ) -> Decision:
        __tracebackhide__ = True
        answer = self.principal.ask(tuple(_flat(actions)), on, context, at)
        return Decision(answer, self.mode, self.principal.scene.ledger, caller())

    def __repr__(self) -> str:
        return f"{self.principal}.{self.mode}"

    def __bool__(self) -> bool:
        __tracebackhide__ = True
        raise IamError(f'`{self.mode}` was not called: write `{self.mode}("s3:GetObject", on=…)`')


@dataclass(frozen=True, slots=True)
class AskSome:
    """`can_some` or `can_never` of a principal, waiting to be called.

    The answer covers every resource and every context that `on` and `context` leave open.
    """

    principal: Principal
    wanted: bool

    def __call__(
        self,
        *actions: str | Iterable[str],
        on: str | Iterable[str] | None = None,
        context: Context | None = None,
        at: datetime | str | None = None,
    ) -> Claim:
        __tracebackhide__ = True
        from pytest_iam.all_requests import claim_of_some  # noqa: PLC0415 - few tests ask it

        scene, names = self.principal.scene, tuple(_flat(actions))
        at = scene.at if at is None else at
        with Asking():
            account = scene.repository.account
            given = {**account.context(scene.context), **self.principal.subject.context}
            subject = replace(self.principal.subject, context=given)
            asked = names, on, account.context(context or {}), at
            return claim_of_some(scene, caller(), subject, asked, wanted=self.wanted)

    def __repr__(self) -> str:
        return f"{self.principal}.{'can_some' if self.wanted else 'can_never'}"

    def __bool__(self) -> bool:
        __tracebackhide__ = True
        name = "can_some" if self.wanted else "can_never"
        raise IamError(f'`{name}` was not called: write `{name}("s3:*", on=…)`')


@dataclass(frozen=True, slots=True)
class Insist:
    """`assert_can` or `assert_cannot`, for modules that pytest does not rewrite and `python -O`."""

    ask: Ask

    def __call__(
        self,
        *actions: str | Iterable[str],
        on: str | Iterable[str] | None = None,
        context: Context | None = None,
        at: datetime | str | None = None,
    ) -> None:
        __tracebackhide__ = True
        decision = self.ask(*actions, on=on, context=context, at=at)
        if not decision:
            raise AssertionError(repr(decision))


def _flat(actions: Iterable[str | Iterable[str]]) -> Iterator[str]:
    for action in actions:
        if isinstance(action, str):
            yield action
        else:
            yield from action


@dataclass(frozen=True, slots=True)
class Principal:
    """A principal of a question."""

    scene: Scene
    subject: Actor

    def __repr__(self) -> str:
        return self.subject.name

    @property
    def can(self) -> Ask:
        """The question whether it can do all of the actions."""
        return Ask(self, Mode.CAN)

    @property
    def cannot(self) -> Ask:
        """The question whether it can do none of the actions."""
        return Ask(self, Mode.CANNOT)

    @property
    def can_any(self) -> Ask:
        """The question whether it can do one of the actions."""
        return Ask(self, Mode.CAN_ANY)

    @property
    def can_all(self) -> Ask:
        """The question whether it can do each of the actions; false if one is denied."""
        return Ask(self, Mode.CAN_ALL)

    @property
    def assert_can(self) -> Insist:
        """A check that fails unless it can do all of the actions."""
        return Insist(self.can)

    @property
    def assert_cannot(self) -> Insist:
        """A check that fails if it can do any of the actions."""
        return Insist(self.cannot)

    @property
    def can_some(self) -> AskSome:
        """The question whether it can do any of the actions, in any way."""
        return AskSome(self, wanted=True)

    @property
    def can_never(self) -> AskSome:
        """The question whether it can do none of the actions, in any way."""
        return AskSome(self, wanted=False)

    @property
    def can_become(self) -> AskBecoming:
        """The question whether it can become another principal, or `admin`, by any steps."""
        __tracebackhide__ = True
        return self._becoming(wanted=True)

    @property
    def cannot_become(self) -> AskBecoming:
        """The question whether no steps lead it to another principal, or `admin`."""
        __tracebackhide__ = True
        return self._becoming(wanted=False)

    def _becoming(self, *, wanted: bool) -> AskBecoming:
        __tracebackhide__ = True
        subject = self.subject
        if subject.session or subject.session_tags or subject.is_alone:
            raise IamError(
                f"it is not known who can become another principal as `{subject.name}`\n"
                "help: ask about the role or user itself"
            )
        name = subject.name if subject.identity is None else subject.identity.title
        return AskBecoming(self.scene, name, subject.context, wanted=wanted)

    def allows_no_more_than(self, other: Principal) -> Claim:
        """Return whether this policy allows nothing that another policy does not allow."""
        __tracebackhide__ = True
        return self._compare(other, same=False)

    def means_the_same_as(self, other: Principal) -> Claim:
        """Return whether this policy and another one allow the same requests."""
        __tracebackhide__ = True
        return self._compare(other, same=True)

    def _compare(self, other: Principal, *, same: bool) -> Claim:
        __tracebackhide__ = True
        from pytest_iam.all_requests import claim_of_policies  # noqa: PLC0415 - few tests ask it

        with Asking():
            return claim_of_policies(self.scene, caller(), self.subject, other.subject, same=same)

    def ask(
        self,
        actions: tuple[str, ...],
        on: str | Iterable[str] | None,
        context: Context | None,
        at: datetime | str | None,
    ) -> Answer:
        """Return the answer, with the context of the test's marker underneath."""
        __tracebackhide__ = True
        account = self.scene.repository.account
        at = self.scene.at if at is None else at
        with Asking():
            marked = account.context(self.scene.context)
            subject = replace(self.subject, context={**marked, **self.subject.context})
            return account.ask(subject, actions, on, context=account.context(context or {}), at=at)

    def with_context(self, context: Context) -> Principal:
        """Return it with requests that carry these keys; None is a key that is absent."""
        __tracebackhide__ = True
        with Asking():
            read = self.scene.repository.account.context(context)
        return replace(self, subject=self.subject.with_context(read))

    def with_mfa(self, present: bool = True) -> Principal:  # noqa: FBT001, FBT002 - reads well in tests
        return self.with_context({"aws:MultiFactorAuthPresent": present})

    def with_tags(self, **tags: str | None) -> Principal:
        return self.with_context({f"aws:PrincipalTag/{key}": tag for key, tag in tags.items()})

    def from_ip(self, address: str) -> Principal:
        return self.with_context({"aws:SourceIp": address})

    def in_region(self, region: str) -> Principal:
        return self.with_context({"aws:RequestedRegion": region})

    def through_vpc_endpoint(self, endpoint: str) -> Principal:
        """Return it with requests that pass a VPC endpoint, under its policy if that is known."""
        return self.with_context({"aws:SourceVpce": endpoint})

    def session(
        self,
        name: str = "session",
        tags: Mapping[str, str] | None = None,
        policy: str | Context | None = None,
    ) -> Principal:
        """Return a session of this role, under a session policy: a file or plain data."""
        __tracebackhide__ = True
        terms = Terms(name=name, tags=tags or {}, policies=self._session_policies(policy))
        with Asking():
            session = session_of(self.scene.repository.account, self.subject, terms)
        return replace(self, subject=session)

    def _session_policies(self, policy: str | Context | None) -> tuple[CompiledPolicy, ...]:
        if policy is None:
            return ()
        __tracebackhide__ = True
        with Asking():
            if isinstance(policy, str):
                return (self.scene.repository.session_policy(policy),)
            return (session_policy(policy),)

    def assume(
        self,
        role: Principal | str,
        name: str = "session",
        *,
        tags: Mapping[str, str] | None = None,
        transitive: Iterable[str] = (),
        source_identity: str | None = None,
        duration: int | None = None,
        policy: str | Context | None = None,
        context: Context | None = None,
    ) -> Principal:
        """Return the session it gets of a role; fail unless trust and its own side allow it."""
        __tracebackhide__ = True
        terms = Terms(
            name=name,
            tags=tags or {},
            transitive=tuple(transitive),
            source_identity=source_identity,
            duration=duration,
            policies=self._session_policies(policy),
        )
        target = self._other(role)
        decision = self._ask_to_assume(self.subject, target, terms, context)
        if not decision:
            raise AssertionError(repr(decision))
        account = self.scene.repository.account
        with Asking():
            session = assume_role(account, self.subject, _identity(target), terms)
        return replace(self, subject=session)

    def can_be_assumed_by(
        self, who: Principal | str, *, name: str = "session", context: Context | None = None
    ) -> Decision:
        """Return whether a principal can assume this role."""
        __tracebackhide__ = True
        return self._ask_to_assume(self._other(who), self.subject, Terms(name=name), context)

    def _other(self, who: Principal | str) -> Actor:
        __tracebackhide__ = True
        if isinstance(who, Principal):
            return who.subject
        with Asking():
            return self.scene.repository.subject(who)

    def _ask_to_assume(
        self, who: Actor, role: Actor, terms: Terms, context: Context | None
    ) -> Decision:
        __tracebackhide__ = True
        account = self.scene.repository.account
        with Asking():
            given = account.context({**self.scene.context, **(context or {})})
            answer = ask_to_assume(account, who, _identity(role).arn, terms, given)
        return Decision(answer, Mode.CAN, self.scene.ledger, caller())


def _identity(subject: Actor) -> Identity:
    if subject.identity is None:
        raise IamError(f"`{subject.name}` is not a role of this repository")
    return subject.identity
