"""What came out of a question: allowed, denied, mixed, or open; and through which statements."""

from __future__ import annotations

import shlex
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from iamlint.account.ask.doubted import help_for, reason_for
from iamlint.account.build.managed import where_to_keep
from iamlint.account.origin import Origin, briefly, describe, how_to_give, inputs_of, left_open
from iamlint.errors import UsageError
from iamlint.evaluator.context import Gap, Missing, Partly
from iamlint.evaluator.deciding import deciding as deciding_of
from iamlint.evaluator.verdict import Verdict
from iamlint.fast_dataclass import dataclass
from iamlint.load.link import inputs_in
from iamlint.policy.grammar import Kind
from iamlint.policy.spelling import did_you_mean
from iamlint.policy.truth import Truth

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.account.ask.principal import Actor
    from iamlint.account.origin import Unread
    from iamlint.evaluator.context import ContextValue
    from iamlint.evaluator.deciding import Deciding
    from iamlint.evaluator.decision import Decision
    from iamlint.evaluator.doubts import Doubt
    from iamlint.evaluator.patterns.question import PatternAnswer
    from iamlint.evaluator.reasons import Reason
    from iamlint.text.source import Input

NO, MAYBE, YES = Truth.NO, Truth.MAYBE, Truth.YES

LONGEST_LINE: Final = 230
"""Characters of the one line; pytest cuts what is longer than 240."""
_LEAST: Final = 60


class Ruling(StrEnum):
    """How a whole question comes out."""

    ALLOWED = "allowed"
    DENIED = "denied"
    MIXED = "mixed"  # a part of the question is allowed, a part is not
    DEPENDS = "depends"  # on facts that the question does not give


@dataclass(frozen=True, slots=True)
class Where:
    """The folder and account that a command needs to ask the same; empty if the defaults do.

    `account` is one that is not in a configuration, `values` are the options that give values.
    """

    folder: str | None = None
    account: str | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the user asked it; `on` is None for everything the actions act on."""

    subject: Actor
    actions: tuple[str, ...]
    on: tuple[str, ...] | None
    context: Mapping[str, ContextValue]
    where: Where = Where()

    def __str__(self) -> str:
        resources = f" on {', '.join(self.on)}" if self.on else ""
        return f"{self.subject.name} {', '.join(self.actions)}{resources}"

    @property
    def command(self) -> str:
        """The command that asks the same."""
        words = ["iamlint", "can", self.subject.name, *self.actions]
        for resource in self.on or ():
            words += ["--on", resource]
        for key, value in {
            **self.subject.session_tags,
            **self.subject.context,
            **self.context,
        }.items():
            if value is Missing.ABSENT:
                words += ["--absent", key]
            elif isinstance(value, str | tuple):
                for text in (value,) if isinstance(value, str) else value:
                    words += ["--context", f"{key}={text}"]
        words += self.where.values
        folder = self.where.folder
        start = f"cd {shlex.quote(folder)} && " if folder else ""
        return start + shlex.join(words) + "".join(f"  # {note}" for note in self._left_out)

    @property
    def _left_out(self) -> Iterator[str]:
        """The parts of the question that the command line has no option for."""
        if self.subject.session and self.subject.identity is not None:
            yield "without the session policy"
        if self.where.account is not None:
            yield f'with account = "{self.where.account}" in iamlint.toml'


@dataclass(frozen=True, slots=True)
class PartialAnswer:
    """The answer for one action on one resource or pattern.

    One that `is_of_several` depends on which of several accounts the principal is of.
    """

    action: str
    resource: str
    answer: PatternAnswer
    is_of_several: bool = False

    @property
    def ruling(self) -> Ruling:
        return _ruling(self.answer.any, self.answer.every)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a whole question; `assumptions` are the facts it assumes."""

    question: Question
    parts: tuple[PartialAnswer, ...]
    assumptions: tuple[str, ...] = ()

    @property
    def any(self) -> Truth:
        return max(part.answer.any for part in self.parts)

    @property
    def every(self) -> Truth:
        return min(part.answer.every for part in self.parts)

    @property
    def ruling(self) -> Ruling:
        return _ruling(self.any, self.every)

    @property
    def missing_keys(self) -> tuple[str, ...]:
        """The condition keys whose values would decide the open parts."""
        # An open element of a policy is not a key: elements have no colon.
        found = (k for part in self.parts for k in part.answer.missing_keys if ":" in k)
        return tuple(dict.fromkeys(found))

    @property
    def is_on_account(self) -> bool:
        """Whether all that is open follows from an account that no file names."""
        decision = self.first(Ruling.DEPENDS)
        if decision is None or not self.missing_keys or self.question.subject.account_known:
            return False
        values = [decision.request.context.get(key.lower()) for key in self.missing_keys]
        return all(isinstance(v, Partly) and Gap.ACCOUNT in v.parts for v in values)

    @property
    def is_incomplete(self) -> bool:
        """Whether the answer is open because the question lacks a fact, or a file is broken.

        The fact may be a key of the request or of the session. It does not count here if only files
        could give it, unless a file cannot be read.
        """
        if self.ruling is not Ruling.DEPENDS:
            return False
        if self.unread or self.doubts or any(part.is_of_several for part in self.parts):
            return True
        return bool(self.missing_keys) and not self.is_on_account

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """The reasons why it is unknown which principals a statement names."""
        from iamlint.evaluator.doubts import doubts  # noqa: PLC0415 - only an open answer pays

        decision = self.first(Ruling.DEPENDS)
        return tuple(doubts(decision)) if decision else ()

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The variables and parameters whose values would decide the open parts."""
        decision = self.first(Ruling.DEPENDS)
        found = _open_statements(decision) if decision else ()
        inputs = [i for d in found for i in inputs_of(d.label, d.statement)]
        inputs += [i for held in self.question.subject.unknown for i in inputs_in(held.ref.name)]
        return tuple(dict.fromkeys(inputs))

    @property
    def unread(self) -> tuple[Unread, ...]:
        """The files that could not be read and leave the answer open."""
        decision = self.first(Ruling.DEPENDS)
        labels = [one.label for one in _open_statements(decision)] if decision else []
        found = (label.unread for label in labels if isinstance(label, Origin) and label.unread)
        return tuple(dict.fromkeys(found))

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """One decision of each kind that occurred, for each part."""
        return tuple(
            decision
            for part in self.parts
            for decision in (part.answer.allowed, part.answer.denied, part.answer.undetermined)
            if decision is not None
        )

    @property
    def deciding(self) -> tuple[Deciding, ...]:
        """The statements that decide, each once."""
        found = (deciding for decision in self.decisions for deciding in decision.deciding)
        return tuple(dict.fromkeys(found))

    def rests_on(self, sid: str) -> bool:
        """Return whether a statement with this Sid decides; raise if no policy has it."""
        if any(deciding.sid == sid for deciding in self.deciding):
            return True
        said = {
            statement.sid.text
            for decision in self.decisions
            for policy in decision.policies.every()
            for statement in policy.source.statements
            if statement.sid
        }
        if sid not in said:
            raise UsageError(
                f"no policy that applies here has a statement `{sid}`", help=did_you_mean(sid, said)
            )
        return False

    def first(self, ruling: Ruling) -> Decision | None:
        """Return a decision that came out this way."""
        for part in self.parts:
            found = {
                Ruling.ALLOWED: part.answer.allowed,
                Ruling.DENIED: part.answer.denied,
            }.get(ruling, part.answer.undetermined)
            if found is not None:
                return found
        return None

    @property
    def line(self) -> str:
        """The principal, actions, resource, ruling and deciding statement, in one line."""
        tail = f": {self.ruling}" + (f", {self.reason}" if self.reason else "")
        # The test shows the question, so the question is cut; the reason is at the end.
        tail = _cut(tail, LONGEST_LINE - _LEAST)
        return _cut(str(self.question), LONGEST_LINE - len(tail)) + tail

    @property
    def reason(self) -> str:
        """The reason of the ruling, in short."""
        match self.ruling:
            case Ruling.ALLOWED | Ruling.DENIED:
                return self._reason(self.ruling)
            case Ruling.MIXED:
                return "; ".join(self._examples())
            case _:
                return self._open_reason()

    @property
    def help(self) -> str | None:
        """How to decide a mixed or open answer; None for the others."""
        if self.ruling is Ruling.MIXED:
            return "ask whether any or all of it is allowed, or ask about less"
        if self.ruling is not Ruling.DEPENDS:
            return None
        if self.unread:
            return "fix the file, or `exclude` it"
        if self.doubts:
            return help_for(self.doubts[0])
        keys = self.missing_keys
        if any(part.is_of_several for part in self.parts):
            return "set the account: `account` in iamlint.toml, or ask about an ARN"
        if self.is_on_account:
            return "set the account: `account` in iamlint.toml, or `--context`"
        if any(key.lower() in ("aws:currenttime", "aws:epochtime") for key in keys):
            return "give the time of the request"
        if keys:
            listed = ", ".join(f"`{key}`" for key in keys)
            return f"pass a value for {listed}, or mark it absent"
        if self.inputs:
            return how_to_give(self.inputs)
        if self.question.subject.unknown:
            return where_to_keep(self.question.subject.unknown[0])
        return "iamlint does not know the value that decides, and does not guess"

    def _reason(self, ruling: Ruling) -> str:
        decision = self.first(ruling)
        return reason_of(decision) if decision else ""

    def _examples(self) -> Iterator[str]:
        for ruling in (Ruling.ALLOWED, Ruling.DENIED):
            decision = self.first(ruling)
            if decision is not None:
                yield f"{ruling}: `{decision.request.action}` on `{decision.request.resource}`"

    def _open_reason(self) -> str:
        if self.unread:
            return f"on the content of `{self.unread[0].place}`: {self.unread[0].reason}"
        unknown = self.question.subject.unknown
        keys = self.missing_keys
        decision = self.first(Ruling.DEPENDS)
        deciding = _open_statements(decision) if decision else ()
        if (link := next(filter(None, map(_link, deciding)), None)) is not None:
            return f"on {link}"
        if self.doubts:
            return reason_for(self.doubts[0], self.question.subject.name)
        if keys:
            asking = f", for {briefly(deciding[0])}" if deciding else ""
            listed = ", ".join(f"`{key}`" for key in keys)
            account = f"the account of `{self.question.subject.name}`: on "
            return f"on {account if self.is_on_account else ''}{listed}{asking}"
        if unknown:
            rest = "" if all(held.given for held in unknown) else ", whose text is not known"
            return "on " + ", ".join(dict.fromkeys(f"`{held}`" for held in unknown)) + rest
        why = next((part.answer.why for part in self.parts if part.answer.why), None)
        if why is not None:
            return f"because {why}"
        if not deciding:
            return "on something that is not known here"
        if self.inputs:
            listed = ", ".join(f"`{one.name}`" for one in self.inputs)
            return f"on {listed}, for {briefly(deciding[0])}"
        label = deciding[0].label
        if isinstance(label, Origin) and label.document is None:
            return f"on `{label}`, which is not known here"
        return f"on {left_open(deciding[0])}"


def _open_statements(decision: Decision) -> tuple[Deciding, ...]:
    """Return the statements that leave a decision open, limits last; else all."""
    return tuple(map(deciding_of, decision.open)) or decision.deciding


def _link(deciding: Deciding) -> str | None:
    """Return why it may be that a statement has no say: "whether `role/x` holds …"."""
    label = deciding.label
    if not isinstance(label, Origin) or label.why is None:
        return None
    if deciding.statement < 0:  # not in a policy: the case without a limit
        return label.why.text
    return f"whether the {describe(deciding)} applies: {label.why.text}"


def reason_of(decision: Decision) -> str:
    """Return the reason of a decision in a few words."""
    if decision.outcome.is_refused:
        return f"STS refuses the call from a {decision.request.caller.kind}"
    if decision.verdict is Verdict.IMPLICITLY_DENIED:
        kinds = " or the ".join(_SILENT[kind] for kind in decision.blocked_by)
        said = f"nothing in the {kinds} allows it" if kinds else "nothing allows it"
        near = nearest_miss(decision)
        if near is None or near.statement is None:
            return said
        return f"{said}; nearest: {briefly(near.statement)}"
    if decision.deciding:
        return f"by {describe(decision.deciding[0])}"
    return "because it is allowed for everyone"


_SILENT: Final = {
    Kind.IDENTITY: "identity policies",
    Kind.RESOURCE: "resource policy",
    Kind.TRUST: "trust policy",
    Kind.SCP: "SCPs",
    Kind.RCP: "RCPs",
    Kind.ENDPOINT: "endpoint policy",
    Kind.BOUNDARY: "permissions boundary",
    Kind.SESSION: "session policies",
}


def nearest_miss(decision: Decision) -> Reason | None:
    """Return the statement that came closest in the policies whose silence denies."""
    from iamlint.evaluator.reasons import ReasonKind, explain  # noqa: PLC0415 - only a denial pays

    todo = [explain(decision)]
    while todo:
        reason = todo.pop(0)
        miss = reason.statement if reason.kind is ReasonKind.NEAREST_MISS else None
        if miss is not None and miss.kind in decision.blocked_by:
            return reason
        todo += reason.because
    return None


def _ruling(any_: Truth, every: Truth) -> Ruling:
    if every is YES:
        return Ruling.ALLOWED
    if any_ is NO:
        return Ruling.DENIED
    return Ruling.MIXED if any_ is YES and every is NO else Ruling.DEPENDS


def _cut(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    half = (length - 1) // 2
    return f"{text[:half]}…{text[-half:]}"
