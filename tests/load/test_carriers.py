"""A policy means the same in every carrier: the examples of all rules, in all of them.

Each example is reported in a carrier as in plain JSON: by the same rule, with the same message, on
the same node, with its text at the place. Rules that count characters have tests of their own,
since carriers write white space of their own. `IAMLINT_EXAMPLES` checks all of them, as
`make nightly` does; without it, each carrier has a bad example of every third rule, its neighbours
have the others, and good ones. The page of formats says which carriers there are, and the tables of
types which shapes they have.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pytest

from iamlint.catalog import Catalog
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.load.cloudformation.table import table as cloudformation
from iamlint.load.permissions import forms
from iamlint.load.recognise import detect
from iamlint.load.terraform.aws.table import table as terraform
from iamlint.policy.grammar import STATEMENT_ELEMENTS
from iamlint.rule import Scope
from iamlint.rule.finding import Finding
from iamlint.rules import BUILTIN
from iamlint.testing.examples import ExampleCase, cases, document
from iamlint.text import read_text
from iamlint.text.source import Partial, SyntaxFault, Tagged, Unknown, nodes
from scripts import format_docs
from tests.load.carriers import modules, templates
from tests.load.carriers.all import WRITERS
from tests.load.carriers.carrier import HOMES, CannotSayError, Carrier, Item, Lack
from tests.load.carriers.reading import carried
from tests.support.examples import NIGHTLY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.load import Document
    from iamlint.policy.grammar import Kind

# Without a colon, `${x}` is a placeholder in JSON and a plain text elsewhere.
_PLACEHOLDER = re.compile(r"\$\{[^:}]*\}|%\{|\{\{|__|<\w+>")
_NOT_DATA = {SyntaxFault.UNREADABLE, SyntaxFault.DUPLICATE_KEY}

Said = tuple[tuple[object, ...], str]
Chosen = tuple[ExampleCase, "Document"]


@cache
def examples() -> tuple[tuple[ExampleCase, Document], ...]:
    """Return the examples that plain data can express, with their documents."""
    found = []
    for case in cases(BUILTIN):
        if case.rule.scope not in (Scope.STATEMENT, Scope.POLICY):
            continue
        if case.rule.name.startswith("oversized-") or "/" in case.example.file:
            continue  # the size of a text counts there, or the folder of its principal
        if case.example.file.startswith("template.") or case.example.file.endswith(".tf"):
            continue
        one = document(case.example)
        is_data = not {flaw.fault for flaw in one.source.flaws} & _NOT_DATA
        is_plain = _PLACEHOLDER.search(json.dumps(one.value, default=str)) is None
        is_policy = isinstance(one.value, dict) and not detect.is_stack_policy(one.value)
        if is_data and is_plain and is_policy and not _has_unknown(one):
            found.append((case, one))
    return tuple(found)


def _has_unknown(one: Document) -> bool:
    return any(isinstance(node, Partial | Tagged | Unknown) for node in nodes(one.value))


@pytest.mark.parametrize("carrier", WRITERS, ids=str)
def test_examples_of_every_rule_are_reported_as_in_json(carrier: Carrier) -> None:
    chosen = {f"p{number}x": one for number, one in enumerate(_chosen(carrier))}
    items = [Item(name, one.kind, one.value) for name, (_, one) in chosen.items()]
    found = {_name(one): one for one in carried(carrier, items)}

    wrong = [
        f"{case}: {problem}"
        for name, (case, one) in chosen.items()
        for problem in _differences(carrier, case, one, found.get(name))
    ]

    assert wrong == []
    assert chosen


def _chosen(carrier: Carrier) -> list[tuple[ExampleCase, Document]]:
    """Return a bad example of every third rule, and good ones; its neighbours have the others."""
    found = list(_in_turn(carrier))
    fitting = (one for one in examples() if lack(carrier, one[1]) is None)
    return found or [next(fitting)]


def _in_turn(carrier: Carrier) -> Iterator[tuple[ExampleCase, Document]]:
    turn = WRITERS.index(carrier)
    for number, of_rule in enumerate(_bad_and_good()):
        bad, good = ([one for one in some if lack(carrier, one[1]) is None] for some in of_rule)
        if NIGHTLY:
            yield from (*bad, *good)
            continue
        if bad and (turn + number) % 3 == 0:
            yield bad[turn // 3 % len(bad)]
        if good and (turn + number) % 6 == (1 if bad else 0):
            yield good[turn // 6 % len(good)]


@cache
def _bad_and_good() -> tuple[tuple[list[Chosen], list[Chosen]], ...]:
    """Return the examples of each rule: those with a mark, and those without."""
    of_rules = [[*some] for _, some in groupby(examples(), lambda one: one[0].rule.name)]
    return tuple(
        (
            [one for one in some if one[0].expected()],
            [one for one in some if not one[0].expected()],
        )
        for some in of_rules
    )


def test_free_carrier_carries_every_example_of_its_kinds() -> None:
    wrong = [
        f"{carrier}: {case}"
        for carrier in WRITERS
        if carrier.is_free
        for case, one in examples()
        if lack(carrier, one) not in (None, Lack.KIND)
    ]

    assert wrong == []


def test_every_way_of_the_page_has_a_carrier() -> None:
    ways = {(one.name, way) for one in format_docs.FORMATS for way in one.ways}

    assert {(carrier.format, carrier.way) for carrier in WRITERS} == ways


@pytest.mark.parametrize(
    ("format_", "rows"),
    [
        (templates.FORMAT, [*cloudformation().rows.values()]),
        (modules.FORMAT, [*terraform().resources.values(), *terraform().data.values()]),
    ],
)
def test_every_shape_of_a_table_has_a_carrier(format_: str, rows: list[tuple[Any, ...]]) -> None:
    """Separate properties and RAM permissions are left out: they cannot express every policy."""
    shapes = {row.shape for of_type in rows for row in of_type} - forms().keys() - {"ram_template"}

    assert {one.shape for one in WRITERS if one.format == format_} == shapes


def lack(carrier: Carrier, one: Document) -> Lack | None:
    """Return why a carrier cannot carry an example; None if it can."""
    policy: Any = one.value
    if one.kind not in carrier.kinds:
        return Lack.KIND
    if carrier.by_shape and not _is_found(policy, one.kind):
        return Lack.SHAPE
    if carrier.by_shape and carrier.is_bare and not detect.is_statement_list(policy["Statement"]):
        return Lack.SHAPE
    if carrier.is_bare and not _is_bare(policy):
        return Lack.ELEMENT
    try:
        if carrier.says:
            carrier.says(policy)
    except CannotSayError:
        return Lack.ELEMENT
    return None


def _is_found(policy: Any, kind: Kind) -> bool:
    """Return whether a policy and its kind are recognised by shape alone."""
    return detect.is_policy(policy) and detect.kind_of(policy, "p.json", ()) is kind


def _is_bare(policy: Mapping[str, object]) -> bool:
    """Return whether a policy has only a list of statements, without variables."""
    is_list = isinstance(policy.get("Statement"), list)
    says = policy.keys() == {"Version", "Statement"} and policy["Version"] == "2012-10-17"
    return says and is_list and "$" not in json.dumps(policy)


def _name(one: Document) -> str:
    whole = f"{one.pointer} {one.attachment.address} {one.name} {one.path} {one.attachment.arn}"
    found = re.search(r"p\d+x", whole)
    return found[0] if found else whole


def _differences(
    carrier: Carrier, case: ExampleCase, example: Document, carried: Document | None
) -> Iterator[str]:
    if carried is None:
        yield "not found"
        return
    if carried.kind is not example.kind:
        yield f"{carried.kind}, not {example.kind}"
        return
    policy = carrier.means(example.value)
    source = read_text(json.dumps(policy, indent=1, ensure_ascii=False), name="p.json")
    plain = replace(
        carried, source=source, pointer=(), root=(), elsewhere=(), problems=(), borrowed=False
    )
    expected, reported = _reported(case, plain), _reported(case, carried)
    places = {text for _, text in reported}
    if carrier.rewrites and len(places) == 1:
        expected, reported = _once(expected), _once(reported)
    if [one[0] for one in expected] != [one[0] for one in reported]:
        yield f"{reported} instead of {expected}"
    for (_, wanted), (_, text) in zip(expected, reported, strict=False):
        if not _is_at(carrier, wanted, text):
            yield f"stands at {text!r}, not at {wanted!r}"


def _once(found: list[Said]) -> list[Said]:
    """Return the findings without repetitions at the same place."""
    first: dict[object, Said] = {}
    for about, text in found:
        first.setdefault(about[:-1], (about, text))
    return list(first.values())


def _reported(case: ExampleCase, one: Document) -> list[Said]:
    rule, example = case.rule, case.example
    settings = CheckOptions(
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
        for item in check_documents([one], settings)
        if isinstance(item, Finding)
    ]


def _is_at(carrier: Carrier, wanted: str, text: str) -> bool:
    """Return whether a text is the wanted place, or has its texts where words are rewritten."""
    found = _letters(carrier.decodes(text))
    if not carrier.rewrites:
        return found == _letters(wanted)
    return all(_letters(one) in found for one in _texts(json.loads(wanted)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)
    elif value not in STATEMENT_ELEMENTS:
        yield value if isinstance(value, str) else json.dumps(value)


def _letters(text: str) -> str:
    """Return the letters of a text, the same in any syntax."""
    plain = re.sub(r"(^|\n) *- |\\n", " ", text)
    return re.sub(r"[^\w*:/.-]", "", plain)


@cache
def _catalog() -> Catalog:
    return Catalog.open()


def test_every_kind_with_a_property_has_a_home() -> None:
    kinds = {case.example.kind for case in cases(BUILTIN)}

    assert {str(kind) for kind in kinds - HOMES.keys()} <= {"boundary"}
