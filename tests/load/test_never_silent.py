"""A policy in a shape that no loader knows is reported or listed, never passed over in silence.

Each carrier has one policy, and one thing about its structure is changed: it is in an unknown
function, property or list, or its keys, or those of its statements, are in another case.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from iamlint.load import Document, NotAnalysed
from iamlint.policy.grammar import Kind
from tests.load.carriers import documents
from tests.load.carriers.all import WRITERS
from tests.load.carriers.carrier import CannotSayError, Carrier, Item
from tests.load.carriers.reading import found_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

CANARY = "s3:GetObjectCanary"


def policy(kind: Kind) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": "Allow", "Action": [CANARY]}
    if kind.has_principal:
        statement["Principal"] = {"AWS": "arn:aws:iam::111122223333:root"}
    if kind is not Kind.TRUST:
        statement["Resource"] = "arn:aws:s3:::shelf/*"
    return {"Version": "2012-10-17", "Statement": [statement]}


def _statements(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda policy: {**policy, "Statement": change(policy["Statement"])}


def _cased(change: Callable[[str], str]) -> Callable[[Any], Any]:
    def cased(value: Any) -> Any:
        if isinstance(value, dict):
            return {change(name): cased(item) for name, item in value.items()}
        return [cased(item) for item in value] if isinstance(value, list) else value

    return cased


CHANGES: dict[str, Callable[[Any], Any]] = {
    "function": lambda policy: {"Fn::Mystery": policy},
    "function of a list": lambda policy: {"Fn::Mystery": ["x", policy]},
    "object": lambda policy: {"mystery": policy},
    "list": lambda policy: [policy],
    "list in a list": lambda policy: [[policy]],
    "object in a list in an object": lambda policy: {"mystery": [{"inner": policy}]},
    "statements in a function": _statements(lambda found: {"Fn::Mystery": found}),
    "statements in a list": _statements(lambda found: [found]),
    "statement in a function": _statements(lambda found: [{"Fn::Mystery": found[0]}]),
    "statement in an object": _statements(lambda found: {"Reader": found[0]}),
    "keys in lower case": _cased(str.lower),
    "keys in camel case": _cased(lambda name: name[:1].lower() + name[1:]),
    "keys in upper case": _cased(str.upper),
    "misspelt statement": lambda policy: {"Version": "2012-10-17", "Statment": policy["Statement"]},
    "no version, misspelt": lambda policy: {"Statements": policy["Statement"]},
    "bare statements": lambda policy: policy["Statement"],
    "bare statement": lambda policy: policy["Statement"][0],
    "text": json.dumps,
    "text in a text": lambda policy: json.dumps(json.dumps(policy)),
    "text in a list": lambda policy: [json.dumps(policy)],
    "text after a word": lambda policy: f"policy: {json.dumps(policy)}",
    "text in yaml": yaml.safe_dump,
    "broken text": lambda policy: json.dumps(policy)[:-1],
}

_PROPERTIES = (
    "PolicyDocument|policyDocument|AssumeRolePolicyDocument|assumeRolePolicyDocument"
    "|assume_role_policy|assumeRolePolicy|RolePolicyList|iamRoleStatements|Content|content"
    "|Policy|policy|body"
)
_MEMBER = rf"(?m)^(\W*)(?:{_PROPERTIES})\b(?=\"?\s*[:=])"
_TYPES = r"AWS::\w+::\w+|aws_\w+|aws:\w+/\w+:\w+|[\w.]+\.(?:aws\.upbound\.io|k8s\.aws)"


def _nested(text: str) -> str:
    return json.dumps([[json.loads(text)]])


FILES: dict[str, tuple[str, Callable[[str], str]]] = {
    "unknown property": (
        "",
        lambda text: re.sub(
            rf"(?m)^(\W*)(?:{_PROPERTIES})\b(?=\"?\s*[:=] *\S*)", r"\1mystery", text
        ),
    ),
    "unknown type": ("", lambda text: re.sub(_TYPES, "mystery_thing", text)),
    "list in a list": (".json", _nested),
    "object": (".json", lambda text: json.dumps({"mystery": json.loads(text)})),
    "second document": (".yaml", lambda text: f"a: 1\n---\n{text}"),
    "unknown function": (".tf", lambda text: re.sub("jsonencode\\(", "mystery(", text)),
    "function of a function": (".tf", lambda text: re.sub("jsonencode\\(", "mystery(0, ", text)),
}

# Terraform itself refuses a file that has these.
_NO_MODULE = {"list in a list"}
# Only the type of the data source tells that its blocks are statements.
_OF_BLOCKS = {"unknown type", "object"}


def is_said(files: Mapping[str, str], beside: Mapping[str, str]) -> bool:
    for item in found_in(files, beside):
        if isinstance(item, NotAnalysed) or CANARY in _whole(item):
            return True
    return False


def _whole(item: Document) -> str:
    return item.source.text if not item.source.readable else repr(item.value)


def silent(carrier: Carrier) -> Iterator[str]:
    for kind in sorted(carrier.kinds):
        for name, change in CHANGES.items():
            items = [Item("p1x", kind, change(policy(kind)))]
            try:
                files = carrier.files(items)
            except (TypeError, KeyError, AttributeError, CannotSayError):
                continue
            if not is_said(files, beside(carrier, items)):
                yield f"{kind}: {name}"


def silent_files(carrier: Carrier) -> Iterator[str]:
    for kind in sorted(carrier.kinds):
        items = [Item("p1x", kind, policy(kind))]
        ((file, whole),) = carrier.files(items).items()
        for name, (suffix, change) in FILES.items():
            fits = file.endswith(suffix) and not (file == "main.tf.json" and name in _NO_MODULE)
            if carrier.says is documents.says and name in _OF_BLOCKS:
                continue
            if fits and not is_said({file: change(whole)}, beside(carrier, items)):
                yield f"{kind}: {name}"


def beside(carrier: Carrier, items: Sequence[Item]) -> Mapping[str, str]:
    return carrier.beside(items) if carrier.beside else {}


@pytest.mark.parametrize("carrier", WRITERS, ids=str)
def test_policy_in_a_changed_file_is_reported_or_listed(carrier: Carrier) -> None:
    assert list(silent_files(carrier)) == []


@pytest.mark.parametrize("carrier", WRITERS, ids=str)
def test_changed_policy_is_reported_or_listed(carrier: Carrier) -> None:
    assert list(silent(carrier)) == []
