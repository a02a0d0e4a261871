"""A property: what is reported of a module with unknown variables stays under every assignment.

Unless the finding says under which values it holds.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from tests.load.twins import Reported, findings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

VARIABLES = """
variable "a" { type = bool }
variable "b" { type = bool }
variable "name" { type = string }
variable "list" { type = list(string) }
"""
CONDITIONS = (
    *("var.a", "var.b", "!var.a", "var.a && var.b", "var.a || var.b", "!(var.a && !var.b)"),
    *('var.name == "x"', 'var.name != "x"', "length(var.list) > 0", "local.both"),
)
ACTIONS = ('["*"]', '["s3:*"]', '["s3:GetObject"]', '["s3:GetObjekt"]', "var.list", '["iam:*"]')
RESOURCES = ('["*"]', '["arn:aws:s3:::books/*"]', '["arn:aws:s3:::${var.name}/*"]')
VALUES = {
    "a": ("true", "false"),
    "b": ("true", "false"),
    "name": ("x", "books"),
    "list": ("[]", '["s3:GetObject"]', '["sqs:SendMessage", "sns:Publish"]'),
}


def draw(chance: random.Random) -> str:
    """Return a module whose policy depends on variables in several ways."""

    def choose(values: tuple[str, ...]) -> str:
        value = chance.choice(values)
        return f"{chance.choice(CONDITIONS)} ? {value} : {chance.choice(values)}"

    def either(values: tuple[str, ...]) -> str:
        return chance.choice(values) if chance.random() < 0.6 else choose(values)

    def statement(name: str, inner: str = "") -> str:
        actions, resources = either(ACTIONS), either(RESOURCES)
        return f"{name} {{\n actions = {actions}\n resources = {resources}\n{inner}}}\n"

    secure = 'test = "Bool"\n variable = "aws:SecureTransport"\n values = ["true"]\n'
    parts = [statement("statement")]
    for _ in range(chance.randrange(3)):
        each = chance.choice((f"{chance.choice(CONDITIONS)} ? [1] : []", "var.list"))
        parts.append(f'dynamic "statement" {{\n for_each = {each}\n{statement("content")}}}\n')
    if chance.random() < 0.4:
        each = f"{chance.choice(CONDITIONS)} ? [1] : []"
        condition = f'dynamic "condition" {{\n for_each = {each}\n content {{\n {secure}}}\n}}\n'
        parts.append(statement("statement", condition))
    count = f"count = {chance.choice(CONDITIONS)} ? 1 : 0\n" if chance.random() < 0.3 else ""
    return (
        f"{VARIABLES}\nlocals {{\n both = var.a && var.b\n}}\n"
        f'data "aws_iam_policy_document" "it" {{\n{"".join(parts)}}}\n'
        f'resource "aws_iam_policy" "it" {{\n{count}'
        " policy = data.aws_iam_policy_document.it.json\n}\n"
    )


def key(found: Reported) -> tuple[str, int]:
    return found.rule, found.line


@pytest.mark.parametrize("seed", range(25))
def test_finding_on_unknown_variables_stays_under_every_assignment(
    seed: int, iamlint: Callable[..., object], tmp_path: Path
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a draw of tests
    text = draw(chance)
    facts = {
        key(one)
        for one in findings({"main.tf": text}, iamlint, tmp_path / "unknown")
        if ", when " not in one.message
    }
    for number in range(6):
        given = {name: chance.choice(values) for name, values in VALUES.items()}
        args = [part for name, value in given.items() for part in ("--var", f"{name}={value}")]
        found = findings({"main.tf": text}, iamlint, tmp_path / f"{number}", *args)
        is_made = found or "count" not in text
        missing = facts - {key(one) for one in found}

        assert not is_made or not missing, f"{given}\n{text}"
