"""What actions have that a rule may report is an upper bound: without it, rules find the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from iamlint.catalog import Catalog
from iamlint.catalog.managed_policies import FILE
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.rule import Example
from iamlint.rules import BUILTIN, _traits
from iamlint.testing.examples import document

if TYPE_CHECKING:
    import pytest

_ODD = [
    *("*", "s3:", "S3:getobject", "s3*:GetObject", "*:Get*", "s3:GetObject,s3:PutObject"),
    *("iot1click:Any", "nope:Get", "s3:Nope", "s3:Nope*", "${x}:Get", "s3:${x}*", "iam:Pass?ole"),
    *("ec2:CreateVpc", "lambda:Create*", "ec2:RunInstances", "iotevents:CreateInput", "sts:*"),
]


def _policies() -> list[str]:
    lines = FILE.read_text(encoding="utf-8").splitlines()[1::25]
    own = [
        {"Effect": effect, "Action": action, "Resource": resource}
        for effect in ("Allow", "Deny")
        for action in (*_ODD, _ODD)
        for resource in ("*", "arn:aws:s3:::a/*")
    ]
    return [
        *(json.dumps(json.loads(line)["document"]) for line in lines),
        *(json.dumps({"Version": "2012-10-17", "Statement": one}) for one in own),
    ]


def _found() -> list[object]:
    settings = CheckOptions(rules=BUILTIN, catalog=Catalog.open())
    documents = [document(Example(str(at), text)) for at, text in enumerate(_policies())]
    return [item for one in documents for item in check_documents([one], settings)]


def test_rules_find_the_same_when_all_actions_may_have_all_that_they_look_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = _found()
    monkeypatch.setattr(_traits, "_traits_in", lambda *_: -1)
    assert found == _found()
