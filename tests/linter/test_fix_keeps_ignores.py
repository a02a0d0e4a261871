"""A fix removes no comment, and the same findings are ignored after it as before."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from random import Random
from typing import TYPE_CHECKING

import pytest

from iamlint.config import Config
from iamlint.linter.apply_fixes import fix
from iamlint.linter.lint_options import LintOptions
from iamlint.linter.pipeline import lint
from iamlint.plugins.extensions import load_extensions
from tests.support.examples import seeds

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from iamlint.rule.run import Run
    from tests.support.program import Program


RULES = [
    "redundant-action",
    "redundant-resource",
    "redundant-statement",
    "missing-version",
    "duplicate-condition-value",
    "empty-condition",
    "wildcard-service",
    "wildcard-admin",
    "duplicate-sid",
    "invalid-effect",
]
VALUES: dict[str, list[str | None]] = {
    "Effect": ['"Allow"', '"allow"'],
    "Action": ['["s3:Get*", "s3:GetObject"]', '"s3:*"', '["sqs:*", "s3:*", "s3:PutObject"]', '"*"'],
    "Resource": ['"*"', '["*", "arn:aws:s3:::b/*"]'],
    "Condition": ["{}", '{"StringEquals": {"aws:RequestedRegion": ["a", "b", "a"]}}', None, None],
}


def statement(draw: Random, number: int) -> list[tuple[str, str]]:
    """Return the members of a statement; each has a Sid of its own, so it is known again."""
    members = [("Sid", f'"S{number}"')]
    members += [(name, value) for name, of in VALUES.items() if (value := draw.choice(of))]
    draw.shuffle(members)
    return members


def comment(draw: Random, mark: str, number: int) -> str:
    """Return a comment, perhaps one that ignores something."""
    if draw.random() < 0.5:
        return f"{mark} note {number}"
    rules = draw.sample(RULES, draw.randint(1, 3))
    return f"{mark} iamlint: ignore[{', '.join(rules)}] SEC-{number}"


def braced(draw: Random, mark: str, colon: str, indent: str) -> str:
    """Return a policy in JSON5 or HCL, with comments and ends of lines anywhere."""
    counter = iter(range(10_000))

    def gap(before: str = "") -> str:
        """Return the text between two parts: a blank, or an end of line and comments."""
        text = before
        if draw.random() < 0.3:
            text += " " + comment(draw, mark, next(counter))
        elif draw.random() < 0.6:
            return text + " "
        text += "\n" + indent
        while draw.random() < 0.25:
            text += comment(draw, mark, next(counter)) + "\n" + indent
        return text

    def key(name: str) -> str:
        return name if colon == " =" else f'"{name}"'

    def object_of(members: list[tuple[str, str]]) -> str:
        inner = gap(",").join(f"{key(name)}{colon} {value}" for name, value in members)
        return "{" + gap() + inner + gap() + "}"

    def plain(value: str) -> str:
        return value.replace('":', '" =') if colon == " =" else value

    statements = [
        object_of([(name, plain(value)) for name, value in statement(draw, number)])
        for number in range(draw.randint(1, 4))
    ]
    members = [("Statement", "[" + gap() + gap(",").join(statements) + gap() + "]")]
    if draw.random() < 0.5:
        members.insert(draw.randrange(2), ("Version", '"2012-10-17"'))
    return object_of(members)


def blocked(draw: Random) -> str:
    """Return a policy in YAML, with comments on lines of their own and behind values."""
    counter = iter(range(10_000))
    lines = ["Version: '2012-10-17'"] if draw.random() < 0.5 else []
    lines.append("Statement:")
    for number in range(draw.randint(1, 4)):
        start = "- "
        if draw.random() < 0.2:
            inner = ", ".join(f"{name}: {value}" for name, value in statement(draw, number))
            lines.append(f"- {{{inner}}}")
            continue
        for name, value in statement(draw, number):
            if value.startswith("[") and draw.random() < 0.6:
                lines.append(f"{start}{name}:")
                lines += [f"    - {json.dumps(item)}" for item in json.loads(value)]
            else:
                lines.append(f"{start}{name}: {value}")
            start = "  "
    text = ""
    for line in lines:
        while draw.random() < 0.15:
            text += " " * draw.choice([0, 2, 4]) + comment(draw, "#", next(counter)) + "\n"
        text += (
            line + (" " + comment(draw, "#", next(counter)) if draw.random() < 0.3 else "") + "\n"
        )
    return text


FORMS: dict[str, Callable[[Random], str]] = {
    "p.json5": lambda draw: braced(draw, "//", ":", "  ") + "\n",
    "p.json": lambda draw: braced(draw, "//", ":", "  ") + "\n",
    "flow.yaml": lambda draw: braced(draw, "#", ":", "  ") + "\n",
    "p.yaml": blocked,
    "main.tf": lambda draw: (
        'resource "aws_iam_policy" "p" {\n  policy = jsonencode('
        + braced(draw, draw.choice(["#", "//"]), " =", "    ")
        + ")\n}\n"
    ),
}


def comments_of(text: str) -> Counter[str]:
    """Return the comments; the texts of these tests have their marks nowhere else."""
    found = (line.partition("note")[1:] for line in text.splitlines() if "note" in line)
    ignores = (
        line[line.index("iamlint:") :].strip() for line in text.splitlines() if "iamlint:" in line
    )
    return Counter([*(" ".join(part).strip() for part in found), *ignores])


def known(run: Run) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Return the ignored and the open findings, by rule and statement."""
    ignored: set[tuple[str, str]] = set()
    open_: set[tuple[str, str]] = set()
    for f in run.findings:
        if f.statement is not None and not f.implied_by:
            key = f.rule, f.statement.sid or ""
            (ignored if f.suppressed else open_).add(key)
    return ignored, open_


@pytest.mark.parametrize("seed", seeds(12))
@pytest.mark.parametrize("name", FORMS)
def test_fixes_keep_comments_and_what_is_ignored(tmp_path: Path, name: str, seed: int) -> None:
    text = FORMS[name](Random(f"{name} {seed}"))  # noqa: S311 - repeatable
    (tmp_path / name).write_text(text)
    config = Config(root=tmp_path, here=tmp_path)
    request = LintOptions((name,), date(2026, 11, 1), config=config, here=tmp_path, jobs=1)
    everything = load_extensions(config)

    before = lint(request, everything)
    fixed = fix(request, everything, unsafe=True)

    after = {file.path: file.after for file in fixed.files}.get(name, text)
    assert comments_of(after) == comments_of(text), after
    ignored, open_ = known(before)
    ignored_then, open_then = known(fixed.run)
    assert ignored_then - ignored <= open_ - open_, (text, after)
    # What was ignored and open at once is not told apart by rule and statement.
    assert (open_then - open_) & ignored == set(), (text, after)


ABOVE = """Version: "2012-10-17"
Statement:
  - Sid: A
    Effect: Allow
    Action:
      - s3:Get*
      # iamlint: ignore[wildcard-service] SEC-1
      - s3:GetObject
      - sqs:*
    Resource: "*"
"""


def test_fix_that_would_move_an_ignore_is_refused(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(ABOVE)
    args = ("check", "p.yaml", "--select", "redundant-action,wildcard-service")

    result = iamlint(*args, "--fix", "--fail-on", "note")

    assert (tmp_path / "p.yaml").read_text() == ABOVE
    assert result.err == (
        "warning: p.yaml:6 is not fixed: another finding would be ignored (`redundant-action`)\n"
    )
    assert result.code == 1


def test_other_fixes_of_the_file_are_made(iamlint: Program, tmp_path: Path) -> None:
    more = ABOVE + '  - {Sid: B, Effect: Deny, Action: ["s3:*", "s3:GetObject"], Resource: "*"}\n'
    (tmp_path / "p.yaml").write_text(more)

    iamlint("check", "p.yaml", "--select", "redundant-action,wildcard-service", "--fix")

    assert (tmp_path / "p.yaml").read_text() == more.replace('["s3:*", "s3:GetObject"]', '["s3:*"]')


@pytest.mark.parametrize("narrow", ["statement = 1", 'sid = "C"'])
def test_fix_that_takes_the_place_of_an_ignored_statement_is_refused(
    iamlint: Program, tmp_path: Path, narrow: str
) -> None:
    one = {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}
    wide = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    statements = [{"Sid": "A", **one}, {"Sid": "B", **one}, {"Sid": "C", **wide}]
    text = json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=1)
    (tmp_path / "p.json").write_text(text)
    ignore = f'rule = "wildcard-admin"\nfile = "p.json"\nreason = "SEC-1"\n{narrow}\n'
    (tmp_path / "iamlint.toml").write_text(f"[[ignore-finding]]\n{ignore}")
    args = ("check", "p.json", "--select", "redundant-statement,wildcard-admin")

    result = iamlint(*args, "--fix", "--unsafe-fixes")

    is_fixed = (tmp_path / "p.json").read_text() != text
    assert is_fixed is (narrow.startswith("sid"))
    assert ("is not fixed: another finding would be ignored" in result.err) is not is_fixed


def test_no_fix_is_offered_that_takes_a_comment_away(iamlint: Program, tmp_path: Path) -> None:
    text = '{"Statement": [ // why\n {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*",}]}\n'
    (tmp_path / "p.json").write_text(text)

    iamlint("check", "p.json", "--fix", "--select", "relaxed-json")

    assert (tmp_path / "p.json").read_text() == text.replace('"*",}', '"*"}')
