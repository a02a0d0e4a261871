"""Flags instances whose user data takes an access key, and that have no role.

All that runs on an instance can read its user data, and so can who may describe the instance. A key
in it lasts until it is deactivated. An instance profile gives the instance a role, whose credentials
AWS changes by itself. A key that is written in the user data itself is `secret-in-the-open`.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from iamlint.load.file_value import SubjectKind
from iamlint.policy.at import At
from iamlint.rule import Confidence, Controls, Family, Hit, Rule, Severity, bad, good
from iamlint.rules.hygiene._user_data import key_within, without_role
from iamlint.text.source import Partial, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.file_value import Subject
    from iamlint.rule import SubjectContext
    from iamlint.text.source import Value

# The words of a shell before a value: `AWS_SECRET_ACCESS_KEY="`, `set aws_secret_access_key `.
_ASSIGNED: Final = re.compile(r"aws_secret_access_key[\"']?\s*[=: ]\s*[\"']?$", re.IGNORECASE)


MESSAGE: Final = "and is in the user data of an instance, in place of a role"


def check(subject: Subject, context: SubjectContext) -> Iterator[Hit]:
    for at in map(At, without_role(subject)):
        if _takes_key(subject.node(at.pointer)) and key_within(subject, at) is None:
            yield Hit(at, f"an access key comes from outside {MESSAGE}")


def _takes_key(value: Value) -> bool:
    """Return whether a text assigns a key that it takes from elsewhere."""
    parts = value.parts if isinstance(value, Partial) else ()
    return any(
        isinstance(before, str) and isinstance(part, Unknown) and _ASSIGNED.search(before)
        for before, part in pairwise(parts)
    )


_MODULE = """
resource "aws_instance" "web" {
  ami       = "ami-0123456789abcdef0"%s
  user_data = <<-EOT%s
    #!/bin/sh
    export AWS_SECRET_ACCESS_KEY=%s
    ./start
  EOT
}
"""
_TEMPLATE = """
Parameters:
  Secret: {Type: String, NoEcho: true}
Resources:
  Web:
    Type: AWS::EC2::Instance
    Properties:%s
      UserData:
        Fn::Base64: !Sub |%s
          #!/bin/sh
          aws configure set aws_secret_access_key ${Secret}
"""

RULE = Rule(
    name="instance-key-instead-of-role",
    family=Family.HYGIENE,
    module=__name__,
    summary="an instance without a role has an access key in its user data",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=6.5,
    cwe=522,
    controls=Controls(cis=("1.18",), cis_7=("2.16",)),
    advice="give the instance a role, with an instance profile, and deactivate the key",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2.html",
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html",
    ),
    check_subject=check,
    subjects=frozenset({SubjectKind.RESOURCE}),
    bad=(
        bad("a variable has the key", _MODULE % ("", " //!", "${var.secret}"), file="main.tf"),
        bad("a parameter has the key", _TEMPLATE % ("", " #//!"), file="template.yaml"),
    ),
    good=(
        good(
            "the instance has a role",
            _MODULE % ('\n  iam_instance_profile = "web"', "", "${var.secret}"),
            file="main.tf",
        ),
        good("a variable of the shell", _MODULE % ("", "", "$SECRET"), file="main.tf"),
        good(
            "a launch template may give it a role",
            _TEMPLATE % ("\n      LaunchTemplate: {LaunchTemplateName: web, Version: 1}", ""),
            file="template.yaml",
        ),
    ),
)
