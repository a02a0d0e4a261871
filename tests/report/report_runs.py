"""A small run with everything that is hard to print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iamlint.errors import BrokenPart, InternalError
from iamlint.load.document import NotAnalysed
from iamlint.policy.grammar import Kind
from iamlint.rule import Example, Rule
from iamlint.rule.finding import (
    Confidence,
    Edit,
    Family,
    Finding,
    Patch,
    PolicyRef,
    Range,
    Related,
    Severity,
    StatementRef,
    Suppression,
)
from iamlint.rule.run import Run
from iamlint.text.span import Lines

if TYPE_CHECKING:
    from collections.abc import Mapping


ODD_PATH = "pol\x1bicies/über uns.json5"
ODD = Lines(
    '{\r\n\tVersion: "2012-10-17",\r\n'
    '\tStatement: [{Sid: "😀", Effect: "Allow", Action: "日本", Resource: [\r\n\t\t"*"]}]\r\n}\r\n'
)
LONG_PATH = "min.json"
LONG = Lines(
    '{"Version":"2012-10-17","Statement":['
    + '{"Effect":"Deny","Action":"s3:*","Resource":"*"},' * 40
    + '{"Effect":"Allow","Action":"iam:PassRole","Resource":"*"},'
    + ",".join(['{"Effect":"Deny","Action":"s3:*","Resource":"*"}'] * 40)
    + "]}"
)


@dataclass(frozen=True, slots=True)
class Limit:
    """How much is enough."""

    most_of_it: int = 7


def rule(name: str, **others: object) -> Rule:
    fields: Mapping[str, object] = {
        "name": name,
        "family": Family.BREADTH,
        "summary": "it is too wide",
        "severity": Severity.WARNING,
        "confidence": Confidence.HIGH,
        "advice": "make it narrow",
        "sources": ("https://docs.aws.amazon.com/IAM/",),
        "bad": (),
        "good": (),
        "module": __name__,
    }
    return Rule(**{**fields, **others})  # type: ignore[arg-type]


WIDE = rule(
    "too-wide",
    security_severity=8.1,
    cwe=269,
    access_analyzer=("ONE", "TWO"),
    kinds=frozenset({Kind.TRUST, Kind.IDENTITY}),
    options=Limit,
    check=lambda statement, ask: iter(()),  # noqa: ARG005 - never called
    bad=(
        Example("all of it", '\n    {Action: "*", //!\n      Resource: "*"}'),
        Example(
            "`Deny` at last",
            "Effect: Deny //!",
            kind=Kind.TRUST,
            file="trust.yaml",
            options={"most_of_it": 3},
        ),
    ),
    good=(Example("little of it", '{Action: "s3:GetObject"}'),),
)
PLAIN = rule("plain-rule", severity=Severity.ERROR, family=Family.SYNTAX, advice="")


def place(lines: Lines, start: str, end: str = "") -> Range:
    """Return the range of a text that occurs once, or from one text through another."""
    assert lines.whole.count(start) == 1
    first = lines.whole.index(start)
    last = lines.whole.index(end or start, first) + len(end or start)
    return Range(lines.position(first), lines.position(last))


def finding(rule: Rule, path: str, range_: Range, message: str, **others: object) -> Finding:
    fields: Mapping[str, object] = {
        "rule": rule.name,
        "family": rule.family,
        "severity": rule.severity,
        "confidence": rule.confidence,
        "profile": rule.profile,
        "security_severity": rule.security_severity,
        "access_analyzer": None,
        "message": message,
        "help": rule.advice or None,
        "path": path,
        "policy": PolicyRef(Kind.IDENTITY, None, ()),
        "statement": None,
        "pointer": (),
        "range": range_,
        "fingerprint": f"print of {message.split(maxsplit=1)[0]}",
    }
    return Finding(**{**fields, **others})  # type: ignore[arg-type]


STAR = place(ODD, '"*"')
FINDINGS = (
    finding(
        PLAIN,
        "iamlint.toml",
        Range(ODD.position(0), ODD.position(30)),
        "a [link](1) in a file without text",
        policy=PolicyRef(None, None, ()),
    ),
    finding(
        WIDE,
        LONG_PATH,
        place(LONG, '"iam:PassRole"'),
        "`iam:PassRole` on all roles",
        statement=StatementRef(40, None),
        pointer=("Statement", 40, "Action"),
        access_analyzer="ONE",
        properties={"actions": ("iam:PassRole",)},
        fix=Patch(
            safe=True,
            description="say which",
            edits=(Edit(place(LONG, '"iam:PassRole"'), '"iam:Pass"'),),
        ),
    ),
    finding(
        PLAIN,
        ODD_PATH,
        place(ODD, '"日本"'),
        "the action \x1b[31m`日本`\x1b[0m is none",
        statement=StatementRef(0, "😀"),
        pointer=("Statement", 0, "Action"),
    ),
    finding(
        WIDE,
        ODD_PATH,
        place(ODD, "[\r\n\t\t", "]"),
        "every resource",
        severity=Severity.NOTE,
        help="name them\nall",
        policy=PolicyRef(Kind.TRUST, "Röle", ("Resources", 1, "Policy")),
        statement=StatementRef(0, "😀"),
        pointer=("Statement", 0, "Resource"),
        related=(Related(("Statement", 0, "Resource", 0), STAR, "this one"),),
    ),
    finding(
        WIDE,
        ODD_PATH,
        STAR,
        "ignored",
        statement=StatementRef(0, "😀"),
        pointer=("Statement", 0, "Resource", 0),
        suppressed=Suppression("SEC-12", "iamlint.toml:3"),
    ),
)
EMPTY = Run((), (), (), 2, 1, {}, (), "2026-09-26")
RUN = Run(
    findings=FINDINGS,
    not_analysed=(
        NotAnalysed("a\nb.yaml", ("Resources", 0), "too deep"),
        NotAnalysed("c.json", (), "not UTF-8", unreadable=True),
    ),
    broken=(
        InternalError(BrokenPart.RULE, "plain-rule", LONG_PATH, "KeyError: 'x'"),
        InternalError(BrokenPart.RULE, "plain-rule", ODD_PATH, "KeyError: 'x'"),
    ),
    files=4,
    policies=2,
    lines={ODD_PATH: ODD, LONG_PATH: LONG},
    rules=(WIDE, PLAIN),
    catalog_date="2026-09-26",
)
