"""No file, however odd the values in it, breaks a loader: unreadable files are listed."""

from __future__ import annotations

import json
import re
import zlib
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml

from iamlint.load import LoadOptions, load
from iamlint.policy.grammar import Kind
from tests.load.carriers.all import WRITERS
from tests.load.carriers.carrier import AT_HOME, Carrier, Item

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iamlint.text.source import Value

ODD_VALUES: Final[tuple[Any, ...]] = (
    *(None, True, 0, -1, 1.5, "", "*", ":", "${", "${a}", "\ud800", "\0", "AWS::IAM::Role"),
    *([], {}, [[]], [None], [{}], {"a": {"b": [1]}}),
    *({"Ref": "X"}, {"Ref": ["X"]}, {"Fn::GetAtt": []}, {"Fn::GetAtt": "A.B.C"}, {"Fn::If": []}),
    *({"Fn::Sub": ["${a}", {"a": []}]}, {"Fn::ImportValue": {"Ref": "X"}}, {"Fn::Transform": 1}),
)
ODD_CODE: Final = (
    *("null", "true", "1", '""', "[]", "{}", "[null]", "var.x[*].y", "each.value.x", "self.x"),
    *("1/0", "data.a.b.c", "module.m.x", "[for a in var.x : a]", "{for k, v in var.x : k => v...}"),
    *(
        "merge(null)",
        "jsonencode()",
        "element([], 0)",
        'file("a\\ud800.json")',
        '"\\u0000"',
        '"${"',
    ),
    "<<E\nE\n",
)
_TOKEN: Final = re.compile(r'"[^"\n]*"|[\w.-]+|[{}\[\]=(),]')
_TRIES: Final = 12
_GRANTS: Final = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:Put*"], "Resource": "*"}
_ADMITS: Final = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}


def items(kinds: Iterable[Kind]) -> list[Item]:
    statements = dict.fromkeys(kinds, _GRANTS) | {Kind.TRUST: _ADMITS}
    return [
        Item(f"x{number}", kind, {"Version": "2012-10-17", "Statement": [statements[kind]]})
        for number, kind in enumerate(sorted(kinds))
    ]


def odd(value: Value, random: Random) -> Value:
    """Return a value with something odd at one of its nodes, or without it."""
    if not isinstance(value, dict | list) or not value or random.random() < 0.1:
        chosen: Value = random.choice(ODD_VALUES)
        return chosen
    if isinstance(value, list):
        index = random.randrange(len(value))
        return [*value[:index], odd(value[index], random), *value[index + 1 :]]
    name = random.choice(list(value))
    if random.random() < 0.05:
        return {key: inner for key, inner in value.items() if key != name}
    return {**value, name: odd(value[name], random)}


def odd_code(text: str, random: Random) -> str:
    """Return code with something odd in place of one of its words, or without it."""
    token = random.choice(list(_TOKEN.finditer(text)))
    by = "" if random.random() < 0.3 else random.choice(ODD_CODE)
    return text[: token.start()] + by + text[token.end() :]


def odd_text(name: str, text: str, random: Random) -> str:
    if name.endswith(".json"):
        return json.dumps(odd(json.loads(text), random))
    if name.endswith((".yaml", ".yml")) and "!" not in text:
        return yaml.safe_dump_all([odd(one, random) for one in yaml.safe_load_all(text)])
    return odd_code(text, random)


@pytest.mark.parametrize("carrier", WRITERS, ids=str)
def test_no_odd_value_breaks_a_loader(carrier: Carrier) -> None:
    carried = items(carrier.kinds & AT_HOME)
    files = {**(carrier.beside(carried) if carrier.beside else {}), **carrier.files(carried)}
    random = Random(zlib.crc32(carrier.name.encode()))  # noqa: S311 - no secret

    for _ in range(_TRIES):
        path = random.choice(list(files))
        texts = {**files, path: odd_text(path, files[path], random)}
        contents = {f"/nowhere/{n}": t.encode("utf-8", "surrogatepass") for n, t in texts.items()}
        loaded = load(["."], LoadOptions(root="/nowhere", here="/nowhere", contents=contents))

        assert loaded.broken == (), texts


SAM = "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: %s\n    Properties: %s\n"
SERVERLESS = """
service: shop
provider: {name: aws, iam: {role: {statements: [{Effect: Allow, Action: "*", Resource: "*"}]}}}
functions: {Fn::ImportValue: {Ref: X}}
resources:
  Resources:
    P:
      Type: AWS::IAM::Policy
      Properties: {PolicyName: p, Roles: [{Ref: IamRoleLambdaExecution}], PolicyDocument: %s}
"""
FUNCTION = "AWS::Serverless::Function"
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [_GRANTS]})
ATTACHED = 'resource "aws_iam_policy" "x" {\n  policy = %s\n}\n'


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "a.yaml",
            SAM % (FUNCTION, "{Events: {E: {Type: {Ref: T}}}}"),
        ),
        ("a.yaml", SAM % ("{Ref: T}", "{}") + f"  G:\n    Type: {FUNCTION}\n"),
        ("a.json", json.dumps({"Version": ["2012-10-17"], "Statement": [_GRANTS]})),
        ("serverless.yml", SERVERLESS % POLICY),
        ("main.tf", ATTACHED % 'file("a\\ud800.json")'),
        ("main.tf", ATTACHED % 'templatefile("a\\ud800.json", {})'),
        ("main.tf.json", json.dumps({"module": {"m": {"source": "./a\ud800"}}, "x": "aws_iam_"})),
    ],
)
def test_value_that_no_reader_expects_breaks_no_loader(name: str, text: str) -> None:
    contents = {f"/nowhere/{name}": text.encode()}
    loaded = load(["."], LoadOptions(root="/nowhere", here="/nowhere", contents=contents))

    assert loaded.broken == ()


@pytest.mark.parametrize(
    ("block", "needed"),
    [
        ("resource {}", "`resource` needs a type and a name"),
        ('resource "aws_iam_policy" {}', "`resource` needs a type and a name"),
        ('data "aws_iam_policy_document" "a" "b" {}', "`data` needs a type and a name"),
        ("module {}", "`module` needs a name"),
        ('variable "a" "b" {}', "`variable` needs a name"),
    ],
)
def test_block_with_another_number_of_labels_is_listed(block: str, needed: str) -> None:
    text = f"{block}\n{ATTACHED % f'jsonencode({POLICY})'}".replace('": ', '" = ')
    contents = {"/nowhere/main.tf": text.encode()}
    loaded = load(["."], LoadOptions(root="/nowhere", here="/nowhere", contents=contents))

    assert [one.reason for one in loaded.not_analysed] == [
        f"{needed}, and nothing else, before its brace in line 1, column 1"
    ]
    assert len(loaded.documents) == 1
