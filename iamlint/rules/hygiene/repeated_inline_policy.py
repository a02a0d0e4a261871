"""Flags an inline policy that another user, group or role has word for word.

Who changes one of them may forget the other, and a fault has to be fixed twice. AWS advises inline
policies for what one principal has alone, and a managed policy for what several share. Policies are
compared within one template, one root module or one dump, in any order of keys and lists.
A text that makes several is not reported, nor are policies that SAM or CDK write.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iamlint.late_pattern import late_pattern
from iamlint.load.link import key_of_name
from iamlint.policy.at import At
from iamlint.policy.grammar import Kind
from iamlint.rule import (
    AccountContext,
    AccountHit,
    Confidence,
    Family,
    Hit,
    Note,
    Rule,
    Severity,
    bad,
    good,
)
from iamlint.rules.escalation._principals import who_have
from iamlint.rules.hygiene._same_text import place_of, text_of, unit_of
from iamlint.text.source import Partial

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from iamlint.load.document import Document
    from iamlint.load.link import Ref
    from iamlint.text.span import Pointer

_OF_AWS: Final = "AWSReservedSSO_"
_NAME: Final = late_pattern(r"[\w+=,.@-]*", re.ASCII)
_SEVERAL: Final = 2


def check_account(context: AccountContext) -> Iterator[AccountHit]:
    alike: dict[Hashable, list[Document]] = {}
    for document in context.described.read.documents:
        if _is_own(document):
            try:
                key = unit_of(document), text_of(document.value)
            except LookupError:
                continue
            alike.setdefault(key, []).append(document)
    for documents in alike.values():
        if len(documents) >= _SEVERAL:
            yield from _repeated(documents)


def _is_own(document: Document) -> bool:
    """Return whether a person wrote a policy for principals that surely have it."""
    about = document.attachment
    return (
        document.kind is Kind.IDENTITY
        and about.policy_arn is None
        and about.construct is None
        and document.generated is None
        and document.shown_by is None
        and not document.readings
        and document.source.readable
        and bool(about.holders)
        and all(not held.given and _is_named_by_people(held.ref) for held in about.holders)
    )


def _is_named_by_people(holder: Ref) -> bool:
    """Return whether a name may be one of IAM, and not of a role that IAM Identity Center writes.

    Recorded outputs have words such as `<role-name:1>` in place of names, which may differ.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names
    """
    parts = holder.name.parts if isinstance(holder.name, Partial) else (holder.name,)
    known = [part for part in parts if isinstance(part, str)]
    is_of_aws = isinstance(parts[0], str) and parts[0].startswith(_OF_AWS)
    return not is_of_aws and all(map(_NAME.fullmatch, known))


def _repeated(documents: Iterable[Document]) -> Iterator[AccountHit]:
    """Yield what other principals have too, each text once."""
    first, *others = _by_text(documents)
    known = set(_holders(first))
    who = who_have([held.ref for held in first.attachment.holders])
    note = Note(At(()), f"{who} it first")
    for document in others:
        if not known.issuperset(holders := _holders(document)):
            known.update(holders)
            one = who_have([held.ref for held in document.attachment.holders])
            hit = Hit(At(()), f"{one} the same inline policy that {who} in `{place_of(first)}`")
            yield AccountHit(document, None, hit, ((first, note),))


def _by_text(documents: Iterable[Document]) -> list[Document]:
    """Return the first policy of each text, in the order of the files."""
    found: dict[tuple[str, Pointer], Document] = {}
    for document in documents:
        found.setdefault((document.path, document.pointer), document)
    return list(found.values())


def _holders(document: Document) -> list[Hashable]:
    return [(held.ref.thing, key_of_name(held.ref.name)) for held in document.attachment.holders]


_ROLE = """
  %s:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: reads
          PolicyDocument:
            %s
"""
_READS = """Version: "2012-10-17"%s
            Statement:
              - Effect: Allow
                Action: [s3:GetObject, s3:ListBucket]
                Resource: %s"""
_SAME = """Statement:%s
              - {Action: [s3:ListBucket, s3:GetObject], Resource: "*", Effect: Allow}
            Version: "2012-10-17\""""
_MODULE = """
data "aws_iam_policy_document" "reads" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}
resource "aws_iam_role_policy" "one" {
  role   = "one"
  policy = data.aws_iam_policy_document.reads.json
}
resource "aws_iam_role_policy" "two" {
  role   = "two"
  policy = data.aws_iam_policy_document.reads.json
}
"""
_TWICE = """
resource "aws_iam_role_policy" "one" {
  role   = "one"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "s3:GetObject", Resource = "*" },
  ] })
}
resource "aws_iam_%s_policy" "two" {
  %s = "%s"
  policy = jsonencode({ Version = "2012-10-17", Statement = {%s
    Action = ["s3:GetObject"], Effect = "Allow", Resource = "*"
  } })
}
"""

RULE = Rule(
    name="repeated-inline-policy",
    family=Family.HYGIENE,
    module=__name__,
    summary="two principals have the same inline policy",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    kinds=frozenset({Kind.IDENTITY}),
    of_part=True,
    advice="make it a managed policy, and attach that to both",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html",
    ),
    check_account=check_account,
    bad=(
        bad(
            "two roles of a template, with the keys in another order",
            "Resources:" + _ROLE % ("One", _READS % ("", '"*"')) + _ROLE % ("Two", _SAME % " //!"),
            file="template.yaml",
        ),
        bad(
            "a role and a group of a module",
            _TWICE % ("group", "group ", "two", " //!"),
            file="main.tf",
        ),
    ),
    good=(
        good(
            "two roles that read different buckets",
            "Resources:"
            + _ROLE % ("One", _READS % ("", "arn:aws:s3:::one/*"))
            + _ROLE % ("Two", _READS % ("", "arn:aws:s3:::two/*")),
            file="template.yaml",
        ),
        good("one text for both", _MODULE, file="main.tf"),
    ),
)
