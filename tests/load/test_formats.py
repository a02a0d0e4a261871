"""Policies in each format, with kind, attachment and place, and the items not analysed."""

from __future__ import annotations

from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from iamlint.catalog import Catalog
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.load import Document, Loaded, LoadOptions, load
from iamlint.load.link import LinkKind, depending, shown
from iamlint.rule.finding import Family, Finding, Severity
from iamlint.rules import BUILTIN
from iamlint.rules.actions import unknown_action

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iamlint.load.link import Link, Node

HERE = Path(__file__).parent
FORMATS = ("cloudformation", "dumps", "manifests")
PLANTED = "s3:GetObjekt"
MISTAKES = (Family.SYNTAX, Family.ACTIONS, Family.RESOURCES, Family.CONDITIONS, Family.PRINCIPALS)


def loaded(format_: str, monkeypatch: pytest.MonkeyPatch) -> Loaded:
    monkeypatch.chdir(HERE / format_ / "inputs")
    return load(["."], LoadOptions())


def listing(found: Loaded) -> str:
    lines = [_policy(document) for document in found.documents]
    lines += [
        f"{n.path} {'/'.join(map(str, n.pointer))}\n    left out: {n.reason}\n"
        for n in found.not_analysed
    ]
    lines += map(_node, found.nodes, repeat(found.links))
    described = {(node.path, node.ref) for node in found.nodes}
    for link in found.links:
        if (link.path, link.holder) not in described:
            lines.append(f"{link.path} {'/'.join(map(str, link.pointer))}\n")
            lines.append(f"    {link.holder} {link.kind}: {_target(link)}\n")
    lines += [f"{b.path}\n    {b.identity} = {shown(b.value)}\n" for b in found.bindings]
    return "".join(lines)


def _node(node: Node, links: Sequence[Link]) -> str:
    own = [link for link in links if (link.path, link.holder) == (node.path, node.ref)]

    def of(kind: LinkKind) -> list[str]:
        return [_target(link) for link in own if link.kind is kind]

    arn = None if node.arn is None else shown(node.arn)
    boundary = ", ".join(of(LinkKind.BOUNDARY)) or None
    roles = tuple(of(LinkKind.PROFILE))
    more = {"tags": dict(node.tags), "session": node.max_session, "roles": roles}
    facts = "".join(f"    {name}={fact}\n" for name, fact in more.items() if fact)
    return (
        f"{node.path} {'/'.join(map(str, node.pointer))}\n"
        f"    {node.ref} {arn} boundary={boundary}\n"
        f"    managed={of(LinkKind.ATTACHED)} groups={of(LinkKind.MEMBER)}\n{facts}"
    )


def _target(link: Link) -> str:
    return f"{link.target.shown}{depending(link.given)}"


def _policy(document: Document) -> str:
    span = document.source.locate(document.root)
    start, end = (document.source.lines.position(at) for at in (span.start, span.end))
    facts = {
        "name": document.name,
        "when": document.when or None,
        "principal": ",".join(map(str, document.attachment.holders)),
        "type": document.attachment.resource_type,
        "arn": document.attachment.arn and shown(document.attachment.arn),
        "given": depending(document.attachment.given).removeprefix(", "),
        "policy": document.attachment.policy_arn and shown(document.attachment.policy_arn),
        "address": document.attachment.address,
        "targets": ",".join(map(str, document.attachment.targets)),
    }
    known = "".join(f" {name}={fact}" for name, fact in facts.items() if fact)
    return (
        f"{document.path} {'/'.join(map(str, document.pointer))}\n"
        f"    {start.line}:{start.column}-{end.line}:{end.column} {document.kind}"
        f" {document.certainty}{'' if document.source.readable else ' unreadable'}{known}\n"
    )


@pytest.mark.parametrize("format_", FORMATS)
def test_policies_of_a_format_are_found_as_its_listing_says(
    format_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = (HERE / format_ / "listing.txt").read_text(encoding="utf-8")

    assert listing(loaded(format_, monkeypatch)) == expected


@pytest.mark.parametrize("format_", FORMATS)
def test_a_planted_fault_is_found_on_its_very_characters(
    format_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for document in loaded(format_, monkeypatch).documents:
        text = document.source.text
        for finding in _unknown_actions(document):
            written = text[finding.range.start.offset : finding.range.end.offset]
            assert unquote(written).strip("\\\"'") == PLANTED
            assert finding.message.startswith(f"`{PLANTED}` matches no action")


@pytest.mark.parametrize("format_", FORMATS)
def test_a_fault_is_planted_and_found_in_most_files(
    format_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = loaded(format_, monkeypatch).documents
    found = {finding.path for finding in _unknown_actions(*documents)}
    folder = HERE / format_ / "inputs"
    planted = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and PLANTED in unquote(path.read_text(encoding="utf-8"))
    }

    assert found == planted
    assert len(planted) > 2


@pytest.mark.parametrize("format_", ["dumps", "manifests"])
def test_nothing_but_the_planted_faults_is_taken_for_a_mistake(
    format_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = tuple(rule for rule in BUILTIN if rule.family in MISTAKES)
    settings = CheckOptions(rules=rules, catalog=Catalog.open())
    found = check_documents(loaded(format_, monkeypatch).documents, settings)

    assert [
        (item.path, item.range.start.line, item.message)
        for item in found
        if isinstance(item, Finding)
        and item.severity is Severity.ERROR
        and PLANTED not in item.message
    ] == []


def _unknown_actions(*documents: Document) -> list[Finding]:
    settings = CheckOptions(rules=(unknown_action.RULE,), catalog=Catalog.open())
    return [item for item in check_documents(documents, settings) if isinstance(item, Finding)]
