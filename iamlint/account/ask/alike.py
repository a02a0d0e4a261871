"""Actions that no policy distinguishes: what is decided for one of them holds for the others.

A pattern of actions names thousands, and policies mention few. Two actions of a service are alike
if they act on the same resources, carry the same keys, and the same statements name them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from iamlint.account.ask.answer import PartialAnswer
    from iamlint.account.ask.applicable import ApplicablePolicies
    from iamlint.catalog import Catalog
    from iamlint.evaluator.decision import Decision
    from iamlint.evaluator.statement import CompiledPolicy

Decided: TypeAlias = "list[tuple[PartialAnswer, list[str]]]"
"""What an action comes to on each resource, and what was taken for granted."""

WITH_EXCEPTIONS: Final = frozenset({"kms", "s3", "sts"})
"""Services with rules for single actions: one module of `evaluator/services` each."""


class Alike:
    """What was decided in one question, by what may tell actions apart."""

    def __init__(self, catalog: Catalog, around: ApplicablePolicies) -> None:
        self._catalog = catalog
        self._around = around
        self._policies: dict[object, tuple[CompiledPolicy, ...]] = {}
        self._decided: dict[object, Decided] = {}

    def parts(self, action: str, decide: Callable[[], Decided]) -> Decided:
        """Return what an action comes to; `decide` is asked if no action before it is like it."""
        facts = self._facts(action)
        if facts is None:
            return decide()
        policies = self._policies.get(facts)
        if policies is not None:
            known = self._decided.get((facts, _said(policies, action)))
            if known is not None:
                return [(_of_action(part, action), notes) for part, notes in known]
        with self._around.noted() as used:
            decided = decide()
        every = {id(p): p for policy_set in used.values() for p in policy_set.every()}
        policies = self._policies.setdefault(facts, tuple(every.values()))
        self._decided[facts, _said(policies, action)] = decided
        return decided

    def _facts(self, action: str) -> object:
        """Return what AWS says of an action but its name; None if it is of its own kind."""
        known = self._catalog.action(action)
        if known is None or known.service in WITH_EXCEPTIONS:
            return None
        types = frozenset(use.name.lower() for use in known.resource_types)
        return known.service, types, self._catalog.keys_of(known)


def _said(policies: Iterable[CompiledPolicy], action: str) -> object:
    """Return which statements name an action, and how surely."""
    return tuple(policy.about(action.lower()) for policy in policies)


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
