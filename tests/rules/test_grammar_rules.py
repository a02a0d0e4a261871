from __future__ import annotations

import pytest

from iamlint.catalog import Catalog
from iamlint.policy.at import At
from iamlint.policy.grammar import Kind
from iamlint.policy.model import Policy
from iamlint.policy.problem import GrammarFault, Problem
from iamlint.rule import BesideContent, OwnAccounts, RuleContext
from iamlint.rules import BUILTIN

AT = At(("Statement", 0, "Condition", "StringEquals", "aws:TagKeys"))


@pytest.mark.parametrize("fault", GrammarFault)
def test_every_fault_of_the_grammar_is_reported_by_one_rule(fault: GrammarFault) -> None:
    problem = Problem(fault, AT, "what is wrong", help="what to do")
    policy = Policy(Kind.IDENTITY, (), problems=(problem,))
    ask = RuleContext(
        policy, Catalog.open(), OwnAccounts(), value={}, beside=BesideContent(lambda: "{}")
    )

    hits = [hit for rule in BUILTIN if rule.check_policy for hit in rule.check_policy(policy, ask)]

    assert [hit.at for hit in hits] == [AT]
