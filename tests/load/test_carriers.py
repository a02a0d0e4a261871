"""A policy means the same in every carrier: the examples of all rules, in all of them.

Each example is reported in a carrier as in plain JSON: by the same rule, with the same message, on
the same node, whose text stands at the place. What counts characters is left to tests of its own,
since carriers write white space of their own. `IAMLINT_EXAMPLES` checks all of them; without it,
each carrier has every fourth example, and each example is in some carriers.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iamlint.catalog import Catalog
from iamlint.finding import Finding
from iamlint.load import BUILTIN as LOADERS
from iamlint.load import Document, File, detect, read
from iamlint.rule import Scope
from iamlint.rules import BUILTIN
from iamlint.run import Settings, check
from iamlint.testing import Case, cases, document
from iamlint.text import read_text
from iamlint.text.source import Fault, Partial, Tagged, Unknown, nodes
from tests.load.carriers import HOMES, WRITERS, Carrier, Item

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PAGE = Path(__file__).parent.parent.parent / "docs" / "formats.md"
SHARE = 1 if "IAMLINT_EXAMPLES" in os.environ else 4
_UNKNOWN = (Partial, Tagged, Unknown)
_NOT_DATA = {Fault.UNREADABLE, Fault.DUPLICATE_KEY}


@cache
def examples() -> tuple[tuple[Case, Document], ...]:
    """Return examples that plain data says, with their documents."""
    found = []
    for case in cases(BUILTIN):
        if case.rule.scope is Scope.RUN or case.rule.name.startswith("oversized-"):
            continue
        if case.example.file.startswith("template.") or case.example.file.endswith(".tf"):
            continue
        one = document(case.example)
        is_data = not {flaw.fault for flaw in one.source.flaws} & _NOT_DATA
        if is_data and not any(isinstance(node, _UNKNOWN) for node in nodes(one.value)):
            found.append((case, one))
    return tuple(found)


@pytest.mark.parametrize("carrier", WRITERS, ids=str)
def test_examples_of_every_rule_are_reported_as_in_json(carrier: Carrier) -> None:
    fitting = [case for case in examples() if _fits(carrier, case[1])]
    offset = WRITERS.index(carrier)
    chosen = {
        f"p{number}x": case for number, case in enumerate(fitting) if (number + offset) % SHARE == 0
    }
    items = [Item(name, one.kind, one.value) for name, (_, one) in chosen.items()]
    text = carrier.write(items)
    found = {_name(one): one for one in _documents(carrier.file, text)}

    wrong = [
        f"{case}: {problem}"
        for name, (case, one) in chosen.items()
        for problem in _differences(case, one, found.get(name))
    ]

    assert wrong == []
    assert len(chosen) > 10


def test_every_format_of_the_page_has_carriers() -> None:
    table = PAGE.read_text(encoding="utf-8").split("|---|---|---|\n")[1].split("\n\n")[0]
    formats = [line.split("|")[1].strip() for line in table.splitlines()]

    assert sorted(formats) == sorted({carrier.format for carrier in WRITERS})


def _fits(carrier: Carrier, one: Document) -> bool:
    if one.kind not in carrier.kinds or (carrier.by_shape and not detect.is_policy(one.value)):
        return False
    if carrier.by_shape and detect.kind_of(one.value, "p.json", ()) is not one.kind:
        return False
    if detect.is_stack_policy(one.value) or not isinstance(one.value, dict):
        return False
    if carrier.is_bare and not _is_bare(one.value):
        return False
    # Without a colon, `${x}` is a placeholder in JSON and a plain text elsewhere.
    return re.search(r"\$\{[^:}]*\}|%\{|\{\{|__|<\w+>", json.dumps(one.value)) is None


def _is_bare(policy: Mapping[str, object]) -> bool:
    """Tell a policy that says no more than its statements do."""
    is_list = isinstance(policy["Statement"], list)
    says = policy.keys() == {"Version", "Statement"} and policy["Version"] == "2012-10-17"
    return says and is_list and "$" not in json.dumps(policy)


def _documents(name: str, text: str) -> Iterator[Document]:
    for item in read(File(name, name, content=text.encode()), LOADERS):
        if isinstance(item, Document):
            yield item


def _name(one: Document) -> str:
    whole = f"{one.pointer} {one.attachment.address} {one.name}"
    found = re.search(r"p\d+x", whole)
    return found[0] if found else whole


def _differences(case: Case, example: Document, carried: Document | None) -> Iterator[str]:
    if carried is None:
        yield "not found"
        return
    if carried.kind is not example.kind:
        yield f"{carried.kind}, not {example.kind}"
        return
    source = read_text(json.dumps(example.value, indent=1, ensure_ascii=False), name="p.json")
    plain = replace(
        carried, source=source, pointer=(), root=(), elsewhere=(), problems=(), borrowed=False
    )
    expected, reported = _reported(case, plain), _reported(case, carried)
    if [one[0] for one in expected] != [one[0] for one in reported]:
        yield f"{reported} instead of {expected}"
    for (_, wanted), (_, text) in zip(expected, reported, strict=False):
        if _letters(wanted) != _letters(text):
            yield f"stands at {text!r}, not at {wanted!r}"


def _reported(case: Case, one: Document) -> list[tuple[object, str]]:
    rule, example = case.rule, case.example
    settings = Settings(
        rules=(rule,),
        catalog=_catalog(),
        home=example.home,
        options={rule.name: rule.options(**example.options) if rule.options else None},
    )
    return [
        (
            (item.rule, item.severity, item.message, item.pointer),
            one.source.text[item.range.start.offset : item.range.end.offset],
        )
        for item in check([one], settings)
        if isinstance(item, Finding)
    ]


def _letters(text: str) -> str:
    """Return what a text says in any syntax."""
    plain = re.sub(r"(^|\n) *- |\\n", " ", text)
    return re.sub(r"[^\w*:/.-]", "", plain)


@cache
def _catalog() -> Catalog:
    return Catalog.open()


def test_every_kind_with_a_property_has_a_home() -> None:
    kinds = {case.example.kind for case in cases(BUILTIN)}

    assert {str(kind) for kind in kinds - HOMES.keys()} <= {"boundary"}
