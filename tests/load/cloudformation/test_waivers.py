"""Suppressions in the metadata of a resource."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.config import Config
from iamlint.linter.lint_options import LintOptions
from iamlint.linter.pipeline import lint
from iamlint.plugins.extensions import load_extensions

if TYPE_CHECKING:
    from iamlint.rule.run import Run

TEMPLATE = """\
Resources:
  A:
    Type: AWS::IAM::ManagedPolicy
    Metadata: {iamlint: {ignore: %s}}
    Properties:
      PolicyDocument:
        {Version: 2012-10-17, Statement: [{Effect: Allow, Action: "s3:Foo", Resource: "*"}]}
  B:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        {Version: 2012-10-17, Statement: [{Effect: Allow, Action: "s3:Foo", Resource: "*"}]}
"""


KEYS = """\
Resources:
  A:
    Type: AWS::IAM::AccessKey
    Metadata: {iamlint: {ignore: %s}}
  B:
    Type: AWS::IAM::AccessKey
"""


def run(ignore: str, template: str = TEMPLATE) -> Run:
    text = (template % ignore).encode()
    config = Config(Path())
    request = LintOptions(("-",), date(2026, 1, 1), config, stdin=text, stdin_name="a.yaml")
    return lint(request, load_extensions(config))


def test_a_finding_that_the_resource_waives_is_suppressed_there_and_nowhere_else() -> None:
    found = run("[{rule: unknown-action, reason: brand new}]").findings

    told = [(f.rule, f.range.start.line, f.suppressed and f.suppressed.reason) for f in found]
    assert told == [("unknown-action", 7, "brand new"), ("unknown-action", 12, None)]


def test_a_resource_without_a_policy_waives_a_finding_about_itself() -> None:
    found = run("[{rule: key-from-template, reason: mail}]", KEYS).findings

    told = [(f.rule, f.range.start.line, f.suppressed and f.suppressed.reason) for f in found]
    assert told == [("key-from-template", 2, "mail"), ("key-from-template", 5, None)]


def test_a_waiver_without_reason_or_use_or_rule_is_a_finding() -> None:
    found = run("[{rule: unknown-action}, {rule: empty-sid, reason: x}, {reason: odd}, 7]").open

    assert [(f.rule, f.range.start.line, f.message) for f in found if not f.statement] == [
        (
            "unexplained-ignore",
            4,
            "`unknown-action` is ignored without a reason, so the ignore has no effect",
        ),
        ("unused-ignore", 4, "no finding of `empty-sid` matches this ignore, so it has no effect"),
        ("unused-ignore", 4, "an ignore without the name of a rule has no effect"),
        ("unexplained-ignore", 4, "`7` is ignored without a reason, so the ignore has no effect"),
    ]
    assert [(f.rule, f.range.start.line) for f in found if f.statement] == [
        ("unknown-action", 7),
        ("unknown-action", 12),
    ]
