"""Turns what the parser found wrong into hits: one rule for each fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import replace
from iamlint.rule import Hit, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iamlint.policy.at import At
    from iamlint.policy.model import Policy
    from iamlint.policy.problem import GrammarFault
    from iamlint.rule import PolicyCheck, RuleContext
    from iamlint.rule.fix import Fix


def hits_of(policy: Policy, fault: GrammarFault, *, code: str | None = None) -> Iterator[Hit]:
    """Yield the problems of that fault; `code` chooses among the issue codes of the rule.

    One that AWS may accept is a note.
    """
    for problem in policy.problems:
        if problem.fault is fault:
            severity = Severity.NOTE if problem.may_pass else None
            yield Hit(
                problem.at, problem.message, problem.help, access_analyzer=code, severity=severity
            )


def reports(
    fault: GrammarFault, fix: Callable[[RuleContext, At], Fix | None] | None = None
) -> PolicyCheck:
    """Return a check that yields the problems of that fault, and how to fix each."""

    def check_policy(policy: Policy, context: RuleContext) -> Iterator[Hit]:
        for hit in hits_of(policy, fault):
            yield replace(hit, fix=fix(context, hit.at)) if fix else hit

    return check_policy
