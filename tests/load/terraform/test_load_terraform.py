from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.load import Document, Loaded, LoadOptions, load
from iamlint.load.link import depending
from iamlint.load.link import shown as text_of
from iamlint.policy.at import At
from iamlint.text.source import Partial, Unknown

if TYPE_CHECKING:
    import pytest

    from iamlint.load.link import Link, Node

HERE = Path(__file__).parent


def listing(loaded: Loaded) -> str:
    """Return all that is known of every policy, and the items not analysed."""
    lines = [part for document in loaded.documents for part in described(document)]
    lines += [_node(node) for node in loaded.nodes]
    lines += [_link(link) for link in loaded.links]
    lines += [
        f"{n.path} {'/'.join(map(str, n.pointer)) or '.'}"
        f"\n    {'UNREADABLE' if n.unreadable else 'left out'}: {n.reason}"
        for n in loaded.not_analysed
    ]
    return "".join(f"{line}\n" for line in lines)


def _node(node: Node) -> str:
    arn = None if node.arn is None else text_of(node.arn)
    return f"{node.path} {'/'.join(map(str, node.pointer))}\n    {node.ref} {arn}"


def _link(link: Link) -> str:
    given = depending(link.given)
    ends = f"{link.holder} {link.kind}: {link.target}{given}"
    return f"{link.path} {'/'.join(map(str, link.pointer))}\n    {ends}"


def described(document: Document) -> list[str]:
    span, about = document.span(At(())), document.attachment
    start, end = (document.source.lines.position(at) for at in (span.start, span.end))
    facts = {
        "name": document.name,
        "principals": ",".join(map(str, about.holders)),
        "type": about.resource_type,
        "arn": about.arn and text_of(about.arn),
        "given": depending(about.given).removeprefix(", "),
        "address": about.address,
        "policy": about.policy_arn and text_of(about.policy_arn),
        "when": document.when,
        "with": ",".join(part.path for part in document.elsewhere),
    }
    known = [f"{name}={value}" for name, value in facts.items() if value]
    lines = [
        f"{document.path} {'/'.join(map(str, document.pointer)) or '.'}",
        f"    {document.kind} {document.certainty}"
        f" {start.line}:{start.column}-{end.line}:{end.column} {' '.join(known)}".rstrip(),
    ]
    if not document.source.readable:
        return [*lines, f"    broken: {document.policy.problems[0].message}"]
    lines.append(f"    {json.dumps(document.value, default=shown, ensure_ascii=False)}")
    return [*lines, *(f"    problem: {problem.message}" for problem in document.problems)]


def shown(value: object) -> str:
    if isinstance(value, Partial):
        return "".join(f"«{p.text}»" if isinstance(p, Unknown) else p for p in value.parts)
    assert isinstance(value, Unknown)
    return f"«{value.text}»"


def test_policies_of_a_folder_are_found_as_the_listing_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(HERE / "inputs")

    loaded = load(["."], LoadOptions())

    assert listing(loaded) == (HERE / "inputs.txt").read_text(encoding="utf-8")
