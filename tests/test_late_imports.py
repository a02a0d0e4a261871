"""What most runs do not use is not imported or compiled: each start would pay for it."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

from iamlint.late_pattern import late_pattern
from iamlint.lazy_names import LazyModule

if TYPE_CHECKING:
    from pathlib import Path

POLICY: Final = """{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "*", "Resource": "*"}]}"""
SECURE: Final = """{"Version": "2012-10-17", "Statement": [{
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shelf/*",
  "Condition": {"Bool": {"aws:SecureTransport": "true"}}}]}"""
ROLE: Final = """
resource "aws_iam_role" "r" {
  assume_role_policy = jsonencode({Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = {Service = "ec2.amazonaws.com"}}]})
}
resource "aws_iam_role_policy" "p" {
  role = aws_iam_role.r.id
  policy = jsonencode({Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::shelf/*"}]})
}
"""
TEMPLATE: Final = """{"Resources": {"Policy": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {
  "PolicyDocument": %s}}}}"""
MODULE: Final = 'resource "aws_iam_policy" "p" {\n  policy = jsonencode(%s)\n}\n'
FOR_FEW: Final = (
    *("click", "dataclasses", "inspect", "hashlib", "tomllib", "importlib.resources", "pluggy"),
    *("yaml", "multiprocessing", "tree_sitter_toml", "iamlint.load.dumps.iam_collect"),
)


@pytest.mark.parametrize(
    ("name", "text", "more"),
    [
        ("a.json", POLICY, ("tree_sitter", "iamlint.load.cloudformation", "iamlint.evaluator")),
        (
            "s.json",
            SECURE,
            ("iamlint.account.model", "iamlint.catalog.values", "iamlint.rules.trust"),
        ),
        ("t.json", TEMPLATE % POLICY, ("tree_sitter",)),
        ("main.tf", MODULE % POLICY, ("iamlint.load.cloudformation",)),
        ("role.tf", ROLE, ("csv", "iamlint.account.build.managed", "iamlint.evaluator")),
    ],
)
def test_a_check_does_not_import_what_few_runs_use(
    name: str, text: str, more: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text)
    code = (
        "import sys\nfrom iamlint.cli.plain import main\n"
        "try: main()\nexcept SystemExit as e: print(e)\n"
        f"print([one for one in {FOR_FEW + more!r} if one in sys.modules])"
    )
    words = ["check", name, "--exit-zero", "--output-format", "concise"]
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.splitlines()[-2:] == ["0", "[]"]


def test_a_late_pattern_is_the_pattern() -> None:
    late, now = late_pattern("a(b)?", re.IGNORECASE), re.compile("a(b)?", re.IGNORECASE)

    for text in ("AB", "a", "x"):
        for one, other in (
            (late.match(text), now.match(text)),
            (late.search(text), now.search(text)),
        ):
            assert (one and one.groups()) == (other and other.groups())
    assert late_pattern(b"x").sub(b"y", b"xx") == b"yy"
    assert late.pattern == "a(b)?"


def test_a_lazy_module_has_the_names_of_the_module() -> None:
    assert LazyModule("json").loads("1") == 1  # type: ignore[operator] # any name
    with pytest.raises(AttributeError):
        _ = LazyModule("json").nothing
