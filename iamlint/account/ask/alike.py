"""Actions that no policy distinguishes: what is decided for one of them holds for the others.

A pattern of actions names thousands, and policies mention few. Two actions of a service are alike
if they act on the same resources, carry the same keys, and the same statements name them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.fast_dataclass import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from iamlint.account.ask.answer import PartialAnswer
    from iamlint.account.ask.applicable import ApplicablePolicies
    from iamlint.catalog import Catalog
    from iamlint.evaluator.decision import Decision
    from iamlint.evaluator.statement import CompiledPolicy

Decided: TypeAlias = "list[tuple[PartialAnswer, list[str]]]"
"""The decisions on an action for each resource, and the assumptions."""

WITH_EXCEPTIONS: Final = frozenset({"kms", "s3", "sts"})
"""Services with rules for single actions: one module of `evaluator/services` each."""


class Alike:
    """The decisions of one question, by the facts in which actions may differ."""

    def __init__(self, catalog: Catalog, around: ApplicablePolicies) -> None:
        self._catalog = catalog
        self._around = around
        self._policies: dict[object, tuple[CompiledPolicy, ...]] = {}
        self._decided: dict[object, Decided] = {}

    def parts(self, action: str, decide: Callable[[], Decided]) -> Decided:
        """Return the decision on an action; `decide` is called if no action before is like it."""
        facts = self._facts(action)
        if facts is None:
            return decide()
        policies = self._policies.get(facts)
        if policies is not None:
            known = self._decided.get(self._mark(facts, policies, action))
            if known is not None:
                return [(_of_action(part, action), notes) for part, notes in known]
        with self._around.noted() as used:
            decided = decide()
        every = {id(p): p for policy_set in used.values() for p in policy_set.every()}
        policies = self._policies.setdefault(facts, tuple(every.values()))
        self._decided[self._mark(facts, policies, action)] = decided
        return decided

    def _facts(self, action: str) -> object:
        """Return what decides which policies are asked; None for an action of its own kind."""
        known = self._catalog.action(action)
        if known is None or known.service in WITH_EXCEPTIONS:
            return None
        return known.service, frozenset(use.name.lower() for use in known.resource_types)

    def _mark(self, facts: object, policies: Iterable[CompiledPolicy], action: str) -> object:
        """Return all that a decision depends on: which statements name an action, how surely.

        Only if some do, the keys that a request for it carries matter too.
        """
        said = tuple(policy.about(action.lower()) for policy in policies)
        known = self._catalog.action(action) if any(said) else None
        return facts, said, known and self._catalog.keys_of(known)


def _of_action(part: PartialAnswer, action: str) -> PartialAnswer:
    answer = part.answer
    answer = replace(
        answer,
        allowed=_about(answer.allowed, action),
        denied=_about(answer.denied, action),
        undetermined=_about(answer.undetermined, action),
    )
    return replace(part, action=action, answer=answer)


def _about(decision: Decision | None, action: str) -> Decision | None:
    if decision is None:
        return None
    return replace(decision, request=replace(decision.request, action=action))
