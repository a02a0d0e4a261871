"""The answer to `can` and `cannot`, which is true or false, or refuses to be either."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from iamlint.account.ask.answer import Ruling
from iamlint.account.ask.explain import explain
from iamlint.account.coverage.coverage import assertion_of
from iamlint.text.masked import mask
from pytest_iam.errors import Asking, IamError

if TYPE_CHECKING:
    from iamlint.account.ask.account import Account
    from iamlint.account.ask.answer import Answer
    from pytest_iam.state import Ledger


class Mode(StrEnum):
    """How it was asked."""

    CAN = "can"
    CANNOT = "cannot"
    CAN_ANY = "can_any"
    CAN_ALL = "can_all"


def truth_of(answer: Answer, mode: Mode) -> bool | None:
    """Return whether it is as was asked; None where the answer refuses to be true or false."""
    settled = {Ruling.ALLOWED: True, Ruling.DENIED: False}.get(answer.ruling)
    if mode is Mode.CAN:
        return settled
    if mode is Mode.CANNOT:
        return None if settled is None else not settled
    extreme = answer.any if mode is Mode.CAN_ANY else answer.every
    return {0: False, 2: True}.get(extreme)


class Decision:
    """What AWS would answer. Mixed and open answers raise where a truth is wanted."""

    __slots__ = ("_answer", "_ledger", "_mode", "is_used", "where")

    def __init__(self, answer: Answer, mode: Mode, ledger: Ledger, where: str) -> None:
        self._answer = answer
        self._mode = mode
        self._ledger = ledger
        self.where = where
        self.is_used = False
        ledger.note(self)

    def __bool__(self) -> bool:
        __tracebackhide__ = True
        self._use()
        truth = truth_of(self._answer, self._mode)
        if truth is None:
            self._ledger.note_wrong(self)
            raise IamError(self._refusal())
        self._refuse_assumptions()
        if not truth:
            self._ledger.note_wrong(self)
        return truth

    def __repr__(self) -> str:
        return mask(self._answer.line)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Decision):
            return self is other
        __tracebackhide__ = True
        raise IamError("a decision is not compared: write `assert role.can(…)`, or `.allowed`")

    __hash__ = object.__hash__

    def _refuse_assumptions(self) -> None:
        __tracebackhide__ = True
        if self._ledger.strict and self._answer.assumptions:
            self._ledger.note_wrong(self)
            raise IamError.of_assumptions(repr(self), self._answer.assumptions)

    def _look(self) -> None:
        __tracebackhide__ = True
        self._use()
        self._refuse_assumptions()

    def _use(self) -> None:
        """Note that the answer was looked at, and keep it to ask again."""
        if self.is_used:
            return
        self.is_used = True
        question, mode = self._answer.question, self._mode

        def again(account: Account) -> object:
            asked = account.ask(
                question.subject, question.actions, question.on, context=question.context
            )
            return truth_of(asked, mode)

        self._ledger.note_check(assertion_of(self._answer, again, truth_of(self._answer, mode)))

    def _refusal(self) -> str:
        if self._answer.ruling is Ruling.MIXED:
            return f"{self!r}\nhelp: ask `can_any` or `can_all`, or ask about less"
        keys = self._answer.missing_keys
        if any(key.lower() in ("aws:currenttime", "aws:epochtime") for key in keys):
            return f'{self!r}\nhelp: give the time: `at="2027-03-31T12:00:00Z"`'
        if keys:
            given = ", ".join(f'"{key}": …' for key in keys)
            return f"{self!r}\nhelp: pass `context={{{given}}}`; `None` for a key that is absent"
        return f"{self!r}\nhelp: {self._answer.help}"

    @property
    def allowed(self) -> bool:
        """Whether all that was asked about is allowed."""
        __tracebackhide__ = True
        return self._settled(Ruling.ALLOWED)

    @property
    def denied(self) -> bool:
        """Whether nothing of what was asked about is allowed."""
        __tracebackhide__ = True
        return self._settled(Ruling.DENIED)

    def _settled(self, wanted: Ruling) -> bool:
        __tracebackhide__ = True
        self._use()
        if self._answer.ruling not in (Ruling.ALLOWED, Ruling.DENIED):
            self._ledger.note_wrong(self)
            raise IamError(self._refusal())
        self._refuse_assumptions()
        if self._answer.ruling is not wanted:
            self._ledger.note_wrong(self)
        return self._answer.ruling is wanted

    @property
    def verdict(self) -> str:
        """`allowed`, `denied`, `mixed` or `depends`."""
        __tracebackhide__ = True
        self._look()
        return self._answer.ruling.value

    @property
    def decided_by(self) -> tuple[str, ...]:
        """The Sids of the deciding statements, or their indexes where they have none."""
        __tracebackhide__ = True
        self._look()
        return tuple(d.sid or str(d.statement) for d in self._answer.deciding)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The assumptions of the answer."""
        return self._answer.assumptions

    @property
    def trace(self) -> str:
        """The answer at length: policies consulted, deciding text, how to ask again."""
        return explain(self._answer)

    def because(self, sid: str) -> bool:
        """Return whether a statement with this Sid decides; raise if no policy has it."""
        __tracebackhide__ = True
        self._look()
        with Asking():
            return self._answer.rests_on(sid)

    @property
    def answer(self) -> Answer:
        return self._answer
