"""`iamlint rule`: the page of a rule, or a list of them all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.rule.page import as_json, as_markdown, as_text
from iamlint.rules import BUILTIN

if TYPE_CHECKING:
    from iamlint.rule import Rule
    from tests.support.program import Program


ONE, TWO = BUILTIN[:2]


def test_list_has_a_line_for_each_rule(iamlint: Program) -> None:
    result = iamlint("rule")

    lines = [line.split(maxsplit=2) for line in result.out.splitlines()]
    assert lines == [[rule.name, rule.severity, rule.summary] for rule in BUILTIN]
    assert (result.code, result.err) == (0, "")


@pytest.mark.parametrize(
    ("args", "text"),
    [
        ((ONE.name,), as_text(ONE)),
        ((TWO.name, ONE.name), f"{as_text(TWO)}\n\n{as_text(ONE)}"),
        ((ONE.name, "--output-format", "markdown"), as_markdown(ONE)),
        (("--all",), "\n\n".join(map(as_text, BUILTIN))),
        (("--output-format", "markdown"), "\n\n".join(map(as_markdown, BUILTIN))),
    ],
)
def test_pages_of_the_named_rules_are_shown(
    args: tuple[str, ...], text: str, iamlint: Program
) -> None:
    assert iamlint("rule", *args).out == f"{text}\n"


@pytest.mark.parametrize(
    ("args", "rules"),
    [((ONE.name,), [ONE]), ((), BUILTIN), (("--all",), BUILTIN)],
)
def test_json_has_the_same_facts(
    args: tuple[str, ...], rules: list[Rule], iamlint: Program
) -> None:
    result = iamlint("rule", *args, "--output-format", "json")

    assert json.loads(result.out) == [json.loads(json.dumps(as_json(rule))) for rule in rules]


def test_name_of_no_rule_is_wrong_use(iamlint: Program) -> None:
    assert iamlint("rule", "unknown-acton").err == (
        "error: there is no rule `unknown-acton`\nhelp: did you mean `unknown-action`?\n"
    )


def test_id_of_a_check_of_another_tool_names_our_rules(iamlint: Program) -> None:
    (admin,) = (rule for rule in BUILTIN if rule.name == "wildcard-admin")

    assert iamlint("rule", "CKV_AWS_1").out == f"{as_text(admin)}\n"
