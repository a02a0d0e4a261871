"""Every rule proves itself by its examples; every rule file is complete and registered."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iamlint.rule import MARK
from iamlint.rules import BUILTIN
from iamlint.testing.examples import ExampleCase, cases

if TYPE_CHECKING:
    from iamlint.rule import Rule

FOLDER = Path(__file__).parents[2] / "iamlint" / "rules"
RULES = pytest.mark.parametrize("rule", BUILTIN, ids=lambda rule: rule.name)


@pytest.mark.parametrize("case", cases(BUILTIN), ids=str)
def test_example_is_reported_exactly_where_it_is_marked(case: ExampleCase) -> None:
    assert case.reported() == case.expected()


@RULES
def test_bad_examples_are_marked_and_good_ones_are_not(rule: Rule) -> None:
    assert all(MARK in example.text for example in rule.bad)
    assert not any(MARK in example.text for example in rule.good)


@RULES
def test_rule_has_two_examples_of_each_sort_with_reasons_of_their_own(rule: Rule) -> None:
    assert len(rule.bad) >= 2
    assert len(rule.good) >= 2
    reasons = [example.reason for example in (*rule.bad, *rule.good)]
    assert len(set(reasons)) == len(reasons)


@RULES
def test_file_and_folder_carry_the_name_and_family_of_the_rule(rule: Rule) -> None:
    path = Path(import_module(rule.module).__file__ or "")

    assert path == FOLDER / rule.family / f"{rule.name.replace('-', '_')}.py"


@RULES
def test_rule_says_why_and_how_to_mend_it_and_names_its_source(rule: Rule) -> None:
    assert len(rule.why.splitlines()[0]) > 20
    assert rule.advice
    assert rule.sources
    assert all(source.startswith("https://") for source in rule.sources)


@RULES
def test_texts_are_lower_case_without_a_full_stop(rule: Rule) -> None:
    for text in (rule.summary, rule.advice):
        assert not text.endswith(".")
        assert text[0] == "`" or not text[0].isupper() or text.split()[0].isupper()


def test_every_rule_file_is_registered() -> None:
    files = {p for p in FOLDER.glob("*/*.py") if not p.name.startswith("_")}

    assert {Path(import_module(rule.module).__file__ or "") for rule in BUILTIN} == files


def test_names_of_rules_are_unique() -> None:
    names = [rule.name for rule in BUILTIN]
    assert len(set(names)) == len(names)
