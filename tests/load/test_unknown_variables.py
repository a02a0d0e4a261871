"""A property: findings about a module with unknown variables stay under every assignment.

Except findings that name the values, or the defaults, under which they are true.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from tests.load.twins import Reported, findings
from tests.support.examples import seeds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.support.program import Program

TYPES = {"a": "bool", "b": "bool", "name": "string", "list": "list(string)", "map": "map(any)"}
DEFAULTS = {
    "a": ("true", "false"),
    "b": ("true", "null"),
    "name": ('"x"', '"*"', '""'),
    "list": ("[]", '["*"]', '["s3:GetObjekt"]'),
    "map": ("{}", '{ one = ["*"] }'),
}
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
    "map": ("{}", '{ one = ["s3:GetObject"] }', '{ one = ["sns:Publish"], two = ["*"] }'),
}


PARAMETERS = {
    "Env": ("prod", "test"),
    "Who": ("*", "arn:aws:iam::111122223333:root"),
    "Deed": ("s3:*", "s3:GetObject", "s3:GetObjekt", "*"),
    "Name": ("books", "*"),
}
SAYS = (
    "IsProd: !Equals [!Ref Env, prod]",
    "IsBooks: !Equals [!Ref Name, books]",
    "IsBoth: !And [!Condition IsProd, !Condition IsBooks]",
    "IsNot: !Not [!Condition IsProd]",
)
NAMES = ("IsProd", "IsBooks", "IsBoth", "IsNot")


def variables(chance: random.Random) -> str:
    """Return variables, some with a default."""
    lines = []
    for name, type_ in TYPES.items():
        has_default = chance.random() < 0.6
        default = f"  default = {chance.choice(DEFAULTS[name])}\n" if has_default else ""
        lines.append(f'variable "{name}" {{\n  type = {type_}\n{default}}}\n')
    return "".join(lines)


def draw_template(chance: random.Random) -> str:
    """Return a template whose policy depends on parameters in several ways."""

    def parameter(name: str) -> str:
        default = f', Default: "{chance.choice(PARAMETERS[name])}"'
        return f"  {name}: {{Type: String{default if chance.random() < 0.6 else ''}}}\n"

    def either(*values: str) -> str:
        if chance.random() < 0.5:
            return chance.choice(values)
        two = f"{chance.choice(values)}, {chance.choice(values)}"
        return f"!If [{chance.choice(NAMES)}, {two}]"

    def statement() -> str:
        action = either('"*"', '"s3:*"', '"s3:GetObject"', "!Ref Deed")
        resource = either('"*"', '"arn:aws:s3:::books/*"', '!Sub "arn:aws:s3:::${Name}/*"')
        who = either("!Ref Who", '"*"', '"arn:aws:iam::111122223333:root"')
        inside = f"Effect: Allow, Principal: {{AWS: {who}}}, Action: {action}"
        text = f"{{{inside}, Resource: {resource}}}"
        choice = f"!If [{chance.choice(NAMES)}, {text}, !Ref AWS::NoValue]"
        return f"          - {choice if chance.random() < 0.4 else text}\n"

    on = f"    Condition: {chance.choice(NAMES)}\n" if chance.random() < 0.3 else ""
    statements = "".join(statement() for _ in range(chance.randrange(1, 4)))
    return (
        f"Parameters:\n{''.join(map(parameter, PARAMETERS))}"
        f"Conditions:\n{''.join(f'  {one}{chr(10)}' for one in SAYS)}"
        f"Resources:\n  It:\n    Type: AWS::S3::BucketPolicy\n{on}    Properties:\n"
        "      Bucket: books\n      PolicyDocument:\n"
        f'        Version: "2012-10-17"\n        Statement:\n{statements}'
    )


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
    if chance.random() < 0.4:
        actions = f"content {{\n actions = statement.value\n resources = {either(RESOURCES)}\n}}\n"
        parts.append(f'dynamic "statement" {{\n for_each = var.map\n{actions}}}\n')
    count = f"count = {chance.choice(CONDITIONS)} ? 1 : 0\n" if chance.random() < 0.3 else ""
    return (
        f"{variables(chance)}\nlocals {{\n both = var.a && var.b\n}}\n"
        f'data "aws_iam_policy_document" "it" {{\n{"".join(parts)}}}\n'
        f'resource "aws_iam_policy" "it" {{\n{count}'
        " policy = data.aws_iam_policy_document.it.json\n}\n"
    )


def key(found: Reported) -> tuple[str, int]:
    return found.rule, found.line


def facts(found: list[Reported]) -> set[tuple[str, int]]:
    """Return the findings under all values."""
    said = (", when ", ", with the default")
    return {key(one) for one in found if not any(words in one.message for words in said)}


def assigned(
    chance: random.Random, values: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, str], list[str]]:
    given = {name: chance.choice(several) for name, several in values.items()}
    return given, [part for name, value in given.items() for part in ("--var", f"{name}={value}")]


@pytest.mark.parametrize("seed", seeds(10))
def test_finding_on_unknown_variables_stays_under_every_assignment(
    seed: int, iamlint: Program, tmp_path: Path
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a draw of tests
    text = draw(chance)
    always = facts(findings({"main.tf": text}, iamlint, tmp_path / "unknown"))
    for number in range(6):
        given, args = assigned(chance, VALUES)
        found = findings({"main.tf": text}, iamlint, tmp_path / f"{number}", *args, included=True)
        is_made = found or "count" not in text
        missing = always - {key(one) for one in found}

        assert not is_made or not missing, f"{missing}\n{given}\n{text}"


@pytest.mark.parametrize("seed", seeds(10))
def test_finding_on_unknown_parameters_stays_under_every_assignment(
    seed: int, iamlint: Program, tmp_path: Path
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a draw of tests
    text = draw_template(chance)
    always = facts(findings({"it.yaml": text}, iamlint, tmp_path / "unknown"))
    for number in range(6):
        given, args = assigned(chance, PARAMETERS)
        found = findings({"it.yaml": text}, iamlint, tmp_path / f"{number}", *args, included=True)
        is_made = found or "Condition: " not in text
        missing = always - {key(one) for one in found}

        assert not is_made or not missing, f"{missing}\n{given}\n{text}"
