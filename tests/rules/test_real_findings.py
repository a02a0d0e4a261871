"""AWS's own validator and iamlint agree on AWS's own policies, to the character."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from iamlint.catalog import Catalog
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.load.document import Certainty, Document
from iamlint.policy.grammar import Kind
from iamlint.rule.finding import Finding
from iamlint.rules import BUILTIN
from iamlint.text import Dialect, read_text

CASES = Path(__file__).parents[3] / "shared" / "cases" / "access_analyzer"

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="needs the findings beside the project")


@dataclass(frozen=True)
class Place:
    """A finding, reduced to what AWS says of it."""

    policy: str
    code: str
    spans: tuple[tuple[int, int], ...]


def expected() -> list[dict[str, Any]]:
    lines = (CASES / "expected.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def findings() -> list[Finding]:
    documents = [
        Document(
            path.stem,
            read_text(path.read_text(encoding="utf-8"), Dialect.JSON),
            (),
            (),
            Kind.IDENTITY,
            certainty=Certainty.DECLARED,
        )
        for path in sorted((CASES / "policies").glob("*.json"))
    ]
    options = {rule.name: rule.options() for rule in BUILTIN if rule.options}
    settings = CheckOptions(rules=BUILTIN, catalog=Catalog.open(), options=options)
    return [item for item in check_documents(documents, settings) if isinstance(item, Finding)]


def place(finding: Finding) -> Place:
    ranges = [finding.range, *(related.range for related in finding.related)]
    spans = tuple((r.start.offset, r.end.offset) for r in ranges)
    return Place(finding.path, finding.access_analyzer or "", spans)


def settled(code: str, text: str) -> bool:
    """Tell whether the case decides anything; the rest differs by the age of AWS's tables."""
    unsettled = json.loads((CASES / "unsettled.json").read_text(encoding="utf-8"))
    return not any(
        re.fullmatch(case["code"], code)
        and "text" in case
        and re.search(case["text"], text, re.IGNORECASE)
        for case in unsettled
    )


def test_every_finding_of_aws_is_found_and_nothing_else() -> None:
    wanted = Counter(
        Place(e["policy"], e["code"], tuple((at["start"], at["end"]) for at in e["locations"]))
        for e in expected()
        if "unsettled" not in e
    )
    found = Counter(
        place(f) for f in findings() if f.access_analyzer and settled(f.access_analyzer, f.message)
    )

    assert found == wanted
