"""A property: a value that is given, in any way, counts as if it were written in the file."""

from __future__ import annotations

import json
import random
import re
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

import pytest

from iamlint.catalog import Catalog
from iamlint.linter.check import CheckOptions, apply_rules, apply_rules_by_default, deduplicate
from iamlint.load import LoadOptions, Var, VarFile, load
from iamlint.load.given import TakerKind
from iamlint.rule.finding import Finding
from iamlint.rules import BUILTIN
from tests.load.test_given import SOURCES, give

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

SETTINGS = CheckOptions(rules=BUILTIN, catalog=Catalog.open())
DEFAULT = "default"
_CASE = re.compile(r", (with the default|when) .*")
ACTIONS = ("s3:GetObject", "s3:GetObjekt", "s3:*", "*", "sns:Publish", "iam:PassRole")
NUMBERS = (300, 0, -1, 3.5)

READS = """
resource "aws_iam_policy" "p" {
  COUNT
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = STATEMENTS
  })
}
"""
MODULE = """
data "aws_iam_policy_document" "d" {
  statement {
    actions   = ACTIONS
    resources = ["arn:aws:s3:::shelf/*"]
    condition {
      test     = "NumericLessThan"
      variable = "aws:MultiFactorAuthAge"
      values   = [NUMBER]
    }
  }
}
resource "aws_iam_policy" "d" {
  policy = data.aws_iam_policy_document.d.json
}
"""


def statements(actions: str, condition: str = "") -> str:
    """Return a policy of one statement."""
    inner = f'Effect = "Allow", Action = {actions}, Resource = "*"{condition}'
    return READS.replace("STATEMENTS", f"[{{ {inner} }}]")


def document(actions: str = '["s3:GetObject"]', number: str = "300") -> str:
    return MODULE.replace("ACTIONS", actions).replace("NUMBER", number)


AGE = ', Condition = { NumericLessThan = { "aws:MultiFactorAuthAge" = X.age } }'
OBJECT = (
    "object({ actions = optional(list(string), FALLBACK), age = optional(number, 60),"
    " more = optional(string) })"
)
LATER = '[for it in X : { Effect = "Allow", Action = it.actions, Resource = "*", Sid = it.sid }]'


def some(chance: random.Random) -> list[str]:
    return chance.sample(ACTIONS, chance.randrange(1, 3))


def same(value: object) -> tuple[object, object]:
    return value, value


def flag(chance: random.Random) -> tuple[object, object]:
    return same(chance.random() < 0.5)


def texted(value: object) -> tuple[object, object]:
    return (json.dumps(value), value)


def doubled(items: list[str]) -> tuple[object, object]:
    return [*items, *items], items


def optional(chance: random.Random) -> tuple[object, object]:
    """Return an object that leaves attributes out, and one with the defaults of its type."""
    given = {} if chance.random() < 0.3 else {"actions": some(chance)}
    if given and chance.random() < 0.5:
        given["age"] = "-5"  # type: ignore[assignment] # it becomes a number
    return given, {"actions": ["s3:GetObjekt"], "age": 60, "more": None, **given}


def inner(actions: list[str]) -> tuple[object, object]:
    return [{"actions": actions}], [{"actions": actions, "sid": "A b"}]


Draw: TypeAlias = "Callable[[random.Random], tuple[object, object]]"
KINDS: dict[str, tuple[str, str, Draw]] = {
    "string": ("string", statements("X"), lambda r: same(r.choice(ACTIONS))),
    "untyped": ("", statements("X"), lambda r: same(r.choice(ACTIONS))),
    "list": ("list(string)", document("X"), lambda r: same(some(r))),
    "list of statements": ("list(string)", statements("X"), lambda r: same(some(r))),
    "set": ("set(string)", statements("X"), lambda r: doubled(some(r))),
    "number": ("number", document(number="X"), lambda r: same(r.choice(NUMBERS))),
    "number as text": ("number", document(number="X"), lambda r: texted(r.choice(NUMBERS))),
    "text as number": ("string", document(number="X"), lambda _: (5, "5")),
    "bool": ("bool", statements('X ? "s3:GetObjekt" : "s3:GetObject"'), flag),
    "bool as text": (
        "bool",
        statements('X ? "s3:GetObjekt" : "s3:GetObject"'),
        lambda r: texted(r.random() < 0.5),
    ),
    "count": (
        "bool",
        statements('"s3:GetObjekt"').replace("COUNT", "count = X ? 1 : 0"),
        flag,
    ),
    "map": ("map(list(string))", statements("flatten(values(X))"), lambda r: same({"a": some(r)})),
    "any": ("any", statements("X.actions"), lambda r: same({"actions": some(r)})),
    "list of any": (
        "list(any)",
        document("X"),
        lambda _: (["s3:GetObject", 5], ["s3:GetObject", "5"]),
    ),
    "tuple": ("tuple([string, number])", statements("X[0]"), lambda _: (["*", "5"], ["*", 5])),
    "optional": (OBJECT, statements("X.actions", AGE), optional),
    "optional in a list": (
        'list(object({ actions = list(string), sid = optional(string, "A b") }))',
        READS.replace("STATEMENTS", LATER),
        lambda r: inner(some(r)),
    ),
}
"""Of each kind, its type, a policy that takes `X`, and what draws a value: as given, as taken."""


def reported(folder: Path, given: Iterable[Var | VarFile] = ()) -> list[tuple[str, str]]:
    """Return the findings in a folder, without places."""
    loaded = load([folder], LoadOptions(root=folder, here=folder, given=tuple(given)))
    assert [item.reason for item in loaded.not_analysed] == []
    assert loaded.broken == ()
    assert [taker.problem for taker in loaded.takers if taker.problem] == []
    found = deduplicate(
        chain(
            apply_rules(loaded.documents, SETTINGS, frozenset()),
            apply_rules_by_default(loaded.by_default, SETTINGS),
        )
    )
    findings = [item for item in found if isinstance(item, Finding)]
    return sorted((one.rule, _CASE.sub("", one.message)) for one in findings)


def assert_counts(given: list[tuple[str, str]], plain: list[tuple[str, str]], source: str) -> None:
    """Check that a value counts; beside a default, what other values make is reported too."""
    assert (set(plain) - set(given) if source == DEFAULT else given) == (
        set() if source == DEFAULT else plain
    )


def written(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    (folder / ".git").mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("source", [*SOURCES, DEFAULT])
@pytest.mark.parametrize("kind", KINDS)
def test_variable_that_is_given_counts_as_if_its_value_were_written(
    kind: str, source: str, tmp_path: Path
) -> None:
    type_, policy, draw = KINDS[kind]
    chance = random.Random(kind)  # noqa: S311 - no secret
    for number in range(4):
        value, taken = draw(chance)
        text = policy.replace("COUNT", "").replace("FALLBACK", '["s3:GetObjekt"]')
        fixed = f"locals {{\n  x = {json.dumps(taken)}\n}}\n" + text.replace("X", "local.x")
        plain = written(tmp_path / f"plain{number}", {"main.tf": fixed})
        type_line = f"  type = {type_}\n".replace("FALLBACK", '["s3:GetObjekt"]') if type_ else ""
        default = f"  default = {json.dumps(value)}\n" if source == DEFAULT else ""
        variable = f'variable "x" {{\n{type_line}{default}}}\n' + text.replace("X", "var.x")
        folder = written(tmp_path / f"given{number}", {"main.tf": variable})
        said = value if isinstance(value, str) else json.dumps(value)
        given = [] if source == DEFAULT else give(folder, source, value, said)

        assert_counts(reported(folder, given), reported(plain), source)


TEMPLATE = """
Parameters:
  X: {Type: TYPE}
Conditions:
  Is: !Equals [VALUE, "yes"]
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          Effect: Allow
          Action: ACTION
          Resource: "arn:aws:s3:::shelf/*"
          Condition: {NumericLessThan: {"aws:MultiFactorAuthAge": NUMBER}}
"""
TYPES: dict[str, tuple[str, str, Draw]] = {
    "text": ("String", "ACTION", lambda r: same(r.choice(ACTIONS))),
    "number": ("Number", "NUMBER", lambda r: same(r.choice(NUMBERS))),
    "list": ("CommaDelimitedList", "ACTION", lambda r: same(some(r))),
    "list of numbers": ("List<Number>", "NUMBER", lambda r: same(r.sample(NUMBERS, 2))),
    "condition": ("String", "VALUE", lambda r: same(r.choice(("yes", "no")))),
}
"""Of each kind, the type of the parameter, what it stands for, and what draws its value."""
WAYS = (
    "[cloudformation] parameters",
    "--var",
    "list of parameters",
    "object of parameters",
    DEFAULT,
)


def parameter(folder: Path, way: str, value: object) -> list[Var | VarFile]:
    """Give a parameter its value."""
    text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    if way == "[cloudformation] parameters":
        return [Var("X", value, "iamlint.toml:1", (TakerKind.PARAMETER,))]
    if way == "--var":
        return [Var("X", text, "--var")]
    file = folder.parent / f"{folder.name}.json"
    entries = [{"ParameterKey": "X", "ParameterValue": text}]
    file.write_text(json.dumps(entries if way.startswith("list") else {"Parameters": {"X": value}}))
    return [VarFile(str(file), "--var-file")]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", TYPES)
def test_parameter_that_is_given_counts_as_if_its_value_were_written(
    kind: str, way: str, tmp_path: Path
) -> None:
    type_, place, draw = TYPES[kind]
    chance = random.Random(kind)  # noqa: S311 - no secret
    for number in range(4):
        value, _ = draw(chance)
        texts = [str(one) for one in value] if isinstance(value, list) else str(value)
        default = json.dumps(",".join(texts) if isinstance(texts, list) else texts)
        action = '!If [Is, "s3:GetObjekt", "s3:GetObject"]'
        rest = {"ACTION": action, "NUMBER": "300", "VALUE": '"yes"'}

        def filled(text: str, of: str, rest: dict[str, str] = rest, place: str = place) -> str:
            for name, by in {**rest, place: of}.items():
                text = text.replace(name, by)
            return text

        plain = written(
            tmp_path / f"plain{number}",
            {"t.yaml": filled(TEMPLATE.replace("TYPE", "String"), json.dumps(texts))},
        )
        declared = f"{type_}, Default: {default}" if way == DEFAULT else type_
        folder = written(
            tmp_path / f"given{number}",
            {"t.yaml": filled(TEMPLATE.replace("TYPE", declared), "!Ref X")},
        )
        given = [] if way == DEFAULT else parameter(folder, way, value)

        assert_counts(reported(folder, given), reported(plain), way)
