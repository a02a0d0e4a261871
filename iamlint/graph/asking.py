"""What the account answers about one action of a step: surely, with some keys, perhaps, or not."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from iamlint.account.origin import Origin, inputs_of, statement_of, unknown_in
from iamlint.errors import UsageError
from iamlint.evaluator.context import Missing
from iamlint.evaluator.deciding import deciding as deciding_of
from iamlint.evaluator.request import CallerKind
from iamlint.fast_dataclass import replace
from iamlint.graph.answer import NeededKey, SetBy, StepLevel
from iamlint.graph.decided import Decided
from iamlint.graph.plain import PlainSteps
from iamlint.graph.retagging import Retagging
from iamlint.graph.unknown_text import has_unknown_text, unknown_texts
from iamlint.policy.grammar import Kind, OperatorFamily
from iamlint.policy.truth import Truth

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from iamlint.account.ask.answer import Answer
    from iamlint.evaluator.context import ContextValue
    from iamlint.evaluator.deciding import Deciding
    from iamlint.graph.world import Being, GraphWorld
    from iamlint.policy.model import Statement
    from iamlint.reason.some import SomeAnswer
    from iamlint.reason.worlds import Worlds

_BUDGET: Final = 20_000
"""Steps for one question about all requests."""

_OF_PRINCIPALS: Final = ("iam:", "sts:")
"""Services whose actions meet no other policy on the other side than that of the principal."""

_REGION: Final = 3
"""The place of the region in an ARN."""
_TAGS: Final = ("aws:principaltag/", "aws:resourcetag/", "iam:resourcetag/", "ec2:resourcetag/")
_OF_ORGANIZATION: Final = ("aws:principalorg", "aws:resourceorg", "aws:sourceorg")
_OF_TOKENS: Final = ("saml:", "accounts.google.com:", "cognito-identity.amazonaws.com:")


class StepAsking:
    """Asks the account about principals; remembers the answers.

    Each request of a principal has the keys of `context` that its action carries.
    """

    def __init__(
        self, world: GraphWorld, context: Mapping[str, ContextValue] | None = None
    ) -> None:
        self._world = world
        self._plain = PlainSteps(world)
        self._retagging = Retagging(self.decide)
        self._context = context or {}
        self._known: dict[tuple[object, ...], Decided | None] = {}
        self._strongest: dict[str, StepLevel] = {}

    def strongest(self, being: Being) -> StepLevel:
        """Return the level that no step of a principal exceeds.

        A policy of its own, or a limit, whose text is not known may deny each of its steps.
        """
        if being.id not in self._strongest:
            is_open = has_unknown_text(self._world.account, being.actor)
            self._strongest[being.id] = StepLevel.UNKNOWN if is_open else StepLevel.SURE
        return self._strongest[being.id]

    def decide(
        self,
        being: Being,
        action: str,
        on: str | None = None,
        context: Mapping[str, ContextValue] | None = None,
        *,
        of_every: bool = False,
    ) -> Decided | None:
        """Return whether a principal may use an action; None if it is denied.

        Of a pattern of resources, one must be allowed, or all with `of_every`.
        """
        given = {**self._carried(being, action), **(context or {})}
        key = (being.id, action, on, *sorted(given.items(), key=str), of_every)
        if key not in self._known:
            self._known[key] = self._decide(being, action, on, given, of_every=of_every)
        return self._known[key]

    def _carried(self, being: Being, action: str) -> Mapping[str, ContextValue]:
        is_service = being.actor.caller.kind is CallerKind.SERVICE
        has_some = bool(self._context) and not is_service
        fact = self._world.catalog.action(action) if has_some else None
        carries = self._world.catalog.may_carry
        return {
            key: value
            for key, value in self._context.items()
            if fact is not None and carries(fact, key)
        }

    def _decide(
        self,
        being: Being,
        action: str,
        on: str | None,
        context: Mapping[str, ContextValue],
        *,
        of_every: bool,
    ) -> Decided | None:
        plain = self._plain.allowing(being, action, on)
        if plain is not None:
            return Decided(StepLevel.SURE, (plain,))
        if on is not None and _has_open_region(on):
            return self._in_each_region(being, action, on, context)
        try:
            answer = self._world.account.ask(being.actor, (action,), on, context=context)
        except UsageError:
            return None
        sure = answer.every if of_every else answer.any
        if sure is Truth.YES:
            found = Decided(StepLevel.SURE, _allowing(answer), assumptions=answer.assumptions)
            return self._checked(found, being, action, on, context)
        if answer.any is Truth.NO:
            return self._otherwise(answer, being, action, on, context, of_every=of_every)
        if of_every and answer.any is Truth.YES:
            why = f"it may be another one than those that `{action}` is allowed on"
            return Decided(StepLevel.UNKNOWN, _allowing(answer), why=why)
        if unknown := tuple(dict.fromkeys(_unknown_trust(answer))):
            return self._unknown(unknown, "no file has the trust policy", _open(answer))
        if policies := unknown_texts(answer):
            why = f"it is not known what {' and '.join(f'`{one}`' for one in policies)} says"
            return self._unknown(_names(answer), why, _open(answer))
        some = self._ask_some(being, action, on, context)
        return self._of_some(some, answer, being, context)

    def _ask_some(
        self, being: Being, action: str, on: str | None, context: Mapping[str, ContextValue]
    ) -> SomeAnswer:
        """Return the answer about all requests."""
        # Most accounts do not need it, and to import it takes as long as the rest of the graph.
        from iamlint.reason.some import ask_some  # noqa: PLC0415

        return ask_some(
            self._world.account,
            being.actor,
            (action,),
            on,
            context=context,
            budget=_BUDGET,
            worlds=self._worlds,
            only=(on,) if on is not None and action.startswith(_OF_PRINCIPALS) else None,
        )

    @cached_property
    def _worlds(self) -> Worlds:
        from iamlint.reason.worlds import Worlds  # noqa: PLC0415 - as above

        return Worlds(self._world.account)

    def _otherwise(
        self,
        answer: Answer,
        being: Being,
        action: str,
        on: str | None,
        context: Mapping[str, ContextValue],
        *,
        of_every: bool,
    ) -> Decided | None:
        """Return what is so of an action that is denied, with other tags or values."""
        if _is_denied_by_name(answer):
            return None
        again = self._retagging.decide(being, action, on, context, of_every=of_every)
        return again or self._perhaps(being, action, on, context)

    def _in_each_region(
        self, being: Being, action: str, on: str, context: Mapping[str, ContextValue]
    ) -> Decided | None:
        """Return what is so in every region, of something whose region no file names."""
        wide = self._decide(being, action, _in_region(on, "*"), context, of_every=True)
        if wide is None or wide.level is StepLevel.SURE:
            return wide
        found: list[Decided] = []
        for number, region in enumerate(sorted(self._world.catalog.regions())):
            one = self._decide(being, action, _in_region(on, region), context, of_every=True)
            if one is not None:
                found.append(one)
            if 0 < len(found) <= number:
                return self._unknown(("the region",), "its region is not known", found[0].because)
        # Each answer takes its own region for granted.
        weakest = min(found, key=lambda one: one.level, default=None)
        return None if weakest is None else replace(weakest, assumptions=())

    def _of_some(
        self,
        some: SomeAnswer,
        answer: Answer,
        being: Being,
        context: Mapping[str, ContextValue],
    ) -> Decided | None:
        shown = some.shown
        if shown is None:
            if not some.comparison.open:  # denied, whatever the context is
                return None
            why = some.reason.removeprefix("because ")
            return self._unknown(_names(answer) or some.names, why, _open(answer))
        keys = tuple(
            _needed(key, shown.because, shown.witness.context)
            for key in shown.condition
            if key.lower() not in context
        )
        witness = {name.lower(): value for name, value in shown.witness.context.items()}
        absent = {k.key.lower(): Missing.ABSENT for k in keys if not k.values}
        carried = {**context, **witness, **absent}
        because = self._with_keys(some, being, carried) or shown.because
        level = StepLevel.CONDITIONAL if keys else StepLevel.SURE
        found = Decided(level, because, keys, assumptions=answer.assumptions)
        return self._checked(found, being, some.question.actions[0], _on(some), carried)

    def _with_keys(
        self, some: SomeAnswer, being: Being, context: Mapping[str, ContextValue]
    ) -> tuple[Deciding, ...]:
        """Return all statements that allow a request with some keys, on both sides of it."""
        action, on = some.question.actions[0], _on(some)
        try:
            return _allowing(self._world.account.ask(being.actor, (action,), on, context=context))
        except UsageError:  # it carries a key that questions about the action cannot give
            return ()

    def _checked(
        self,
        found: Decided,
        being: Being,
        action: str,
        on: str | None,
        context: Mapping[str, ContextValue],
    ) -> Decided:
        """Return an answer as it is, or as unknown if a Deny may be about an unknown value."""
        open_ = self._answer_in_files(being, action, on, context)
        if open_ is None or open_.any is Truth.YES:
            return found
        denies = [
            deciding_of(match)
            for decision in open_.decisions
            for match in decision.outcome.denies
            if match.statement.may_deny
        ]
        if not denies:
            return found
        names = tuple(dict.fromkeys(name for one in denies for name in _names_of(one)))
        return replace(
            self._unknown(names, "a Deny may be about it", found.because),
            conditions=found.conditions,
        )

    def _perhaps(
        self, being: Being, action: str, on: str | None, context: Mapping[str, ContextValue]
    ) -> Decided | None:
        """Return what is not known where the answer would be another with another value."""
        open_ = self._answer_in_files(being, action, on, context)
        if open_ is None or (open_.any is Truth.NO and not self._world.names(on or "")):
            return None
        if open_.any is Truth.NO and on is not None:
            open_ = self._answer_in_files(being, action, self._world.as_glob(on), context)
        if open_ is None or open_.any is Truth.NO:
            return None
        names = _names(open_) or self._world.names(on or "")
        return self._unknown(names, "a name is not known", _open(open_))

    def _answer_in_files(
        self, being: Being, action: str, on: str | None, context: Mapping[str, ContextValue]
    ) -> Answer | None:
        """Return the answer for the files as they are; None if they leave nothing open."""
        account = self._world.in_files
        if account is None or being.in_files is None:
            return None
        asked = None if on is None else self._world.in_files_arn(on)
        try:
            return account.ask(being.in_files, (action,), asked, context=context)
        except UsageError:
            return None

    def _unknown(self, names: Iterable[str], why: str, because: Sequence[Deciding] = ()) -> Decided:
        shown = tuple(dict.fromkeys(map(self._world.shown, names)))
        return Decided(StepLevel.UNKNOWN, tuple(because), (), shown, self._world.shown(why))


def _has_open_region(arn: str) -> bool:
    fields = arn.split(":", 4)
    return len(fields) > _REGION and "${" in fields[_REGION]


def _in_region(arn: str, region: str) -> str:
    fields = arn.split(":", 4)
    fields[_REGION] = region
    return ":".join(fields)


def _on(some: SomeAnswer) -> str | None:
    return None if some.question.on is None else some.question.on[0]


def _allowing(answer: Answer) -> tuple[Deciding, ...]:
    """Return the statements that allow, of the first part that is allowed."""
    for part in answer.parts:
        if part.answer.allowed is not None:
            return part.answer.allowed.deciding
    return ()


def _open(answer: Answer) -> tuple[Deciding, ...]:
    return tuple(one for decision in answer.decisions for one in decision.deciding)


def _unknown_trust(answer: Answer) -> Iterator[str]:
    """Yield the names of trust policies that no file has, where they decide."""
    for one in _open(answer):
        if one.kind is Kind.TRUST and isinstance(one.label, Origin) and one.label.document is None:
            yield one.label.name


def _is_denied_by_name(answer: Answer) -> bool:
    """Return whether Denies apply whatever the values are that files leave open.

    They name what they are about by the same references, or by the texts around them.
    """
    return bool(answer.decisions) and all(
        any(
            match.truth is Truth.YES and _is_about_names(match.statement.source)
            for match in decision.outcome.denies
        )
        for decision in answer.decisions
    )


def _is_about_names(statement: Statement) -> bool:
    """Return whether a statement that applies does so for each text in place of a stand-in."""
    but = statement.not_resource or statement.not_principal
    is_plain = not (but or statement.conditions or statement.opaque)
    # A `?` counts characters, and those of a stand-in are not those of the value.
    return is_plain and not any("?" in entry.pattern for entry in statement.resources)


def _names(answer: Answer) -> tuple[str, ...]:
    """Return what would decide an open answer, as files call it."""
    names = [one.name for one in answer.inputs]
    names += [str(held) for held in answer.question.subject.unknown]
    if not names:
        names = [name for one in _open(answer) for name in _names_of(one)]
    return tuple(dict.fromkeys(names))


def _names_of(deciding: Deciding) -> Iterator[str]:
    inputs = [one.name for one in inputs_of(deciding.label, deciding.statement)]
    yield from inputs or (one.text for one in unknown_in(deciding.label, deciding.statement))


def _needed(
    key: str, because: Sequence[Deciding], witness: Mapping[str, str | tuple[str, ...]]
) -> NeededKey:
    """Return a key with the values that a statement asks for, or else one that is allowed."""
    for one in because:
        found = statement_of(one)
        for condition in found[1].conditions if found is not None else ():
            is_plain = not condition.negated and condition.family is not OperatorFamily.NULL
            if condition.name == key.lower() and is_plain:
                values = tuple(entry.text for entry in condition.values)
                return NeededKey(condition.key, values, set_by(key))
    value = {name.lower(): text for name, text in witness.items()}.get(key.lower(), ())
    return NeededKey(key, (value,) if isinstance(value, str) else tuple(value), set_by(key))


def set_by(key: str) -> SetBy:
    """Return who gives a key its value.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
    """
    low = key.lower()
    if low.startswith(_TAGS):
        return SetBy.TAGGER
    if low.startswith(_OF_ORGANIZATION):
        return SetBy.ORGANIZATION
    is_of_provider = "." in low.partition(":")[0] or low.startswith(_OF_TOKENS)
    return SetBy.TOKEN if is_of_provider else SetBy.CALLER
