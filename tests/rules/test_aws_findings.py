"""AWS's own validator and iamlint agree on AWS's own policies: the same findings at the same nodes.

Each line of `aws_findings.jsonl` is a managed policy that AWS's `ValidatePolicy` checked in March
2026, with the issue codes that it returned and the places of each: a value, or the key before it.
Most have none.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from iamlint.catalog import Catalog
from iamlint.catalog.managed_policies import managed_policy
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.load.document import Certainty, Document
from iamlint.policy.grammar import Kind
from iamlint.rule.finding import Finding
from iamlint.rules import BUILTIN
from iamlint.text import Dialect, read_text

if TYPE_CHECKING:
    from iamlint.rule.finding import Range
    from iamlint.text.source import Source, Value
    from iamlint.text.span import Pointer

TABLE = Path(__file__).with_name("aws_findings.jsonl")


def rows() -> dict[str, Any]:
    """Return what AWS found in each policy whose bundled document is still the one it checked."""
    lines = map(json.loads, TABLE.read_text(encoding="utf-8").splitlines())
    return {
        line["policy"]: line["findings"]
        for line in lines
        if (policy := managed_policy(line["policy"])) and policy.version == line["version"]
    }


def document(name: str, value: Value) -> Document:
    source = read_text(json.dumps(value), Dialect.JSON)
    return Document(name, source, (), (), Kind.IDENTITY, certainty=Certainty.DECLARED)


def place(source: Source, pointer: Pointer, at: Range) -> list[object]:
    """Return whether the text at a place is the value of a node or its key, and the node."""
    said = json.loads(source.text[at.start.offset : at.end.offset])
    is_value = said == source.value_at(pointer)
    assert is_value or said == pointer[-1]
    return ["value" if is_value else "key", *pointer]


def found(names: list[str]) -> dict[str, Any]:
    """Return the findings with an issue code of AWS, in the form of the table."""
    options = {rule.name: rule.options() for rule in BUILTIN if rule.options}
    settings = CheckOptions(rules=BUILTIN, catalog=Catalog.open(), options=options)
    policies = {name: policy.value for name in names if (policy := managed_policy(name))}
    documents = [document(name, value) for name, value in policies.items()]
    sources = {one.path: one.source for one in documents}
    by_policy: dict[str, list[Any]] = {name: [] for name in names}
    for one in check_documents(documents, settings):
        if isinstance(one, Finding) and one.access_analyzer:
            source = sources[one.path]
            places = [place(source, one.pointer, one.range)]
            places += [place(source, at.pointer, at.range) for at in one.related]
            by_policy[one.path].append([one.access_analyzer, *places])
    return {name: sorted(items, key=json.dumps) for name, items in by_policy.items()}


def test_every_finding_of_aws_is_found_and_nothing_else() -> None:
    wanted = rows()

    assert found(list(wanted)) == wanted
    assert len(wanted) > 300, "most documents have changed: check them with AWS again"
    assert sum(map(len, wanted.values())) > 40
