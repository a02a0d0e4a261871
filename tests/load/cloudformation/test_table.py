"""Every row of the table finds a policy, at its place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.load import Certainty, Document, LoadOptions, load
from iamlint.load.cloudformation.table import Row, table

if TYPE_CHECKING:
    from iamlint.text.source import Value

STATEMENT: dict[str, Value] = {
    "Effect": "Allow",
    "Principal": {"AWS": "111122223333"},
    "Action": "s3:GetObject",
    "Resource": "*",
}
POLICY: Value = {"Version": "2012-10-17", "Statement": [STATEMENT]}
SHAPES: dict[str, Value] = {
    "document": POLICY,
    "sam_policies": POLICY,
    "statement": STATEMENT,
    "statement_list": [STATEMENT],
    "ram_template": {"Effect": "Allow", "Action": "s3:GetObject"},
}
ROWS = [
    (type_, row)
    for type_, rows in table().rows.items()
    for row in rows
    if row.path and row.shape in SHAPES
]
IDS = [f"{type_} {'/'.join(row.path)}" for type_, row in ROWS]


def found_in(type_: str, properties: Value) -> list[Document]:
    template = {"Resources": {"Thing": {"Type": type_, "Properties": properties}}}
    text = json.dumps(template).encode()
    return list(load(["-"], LoadOptions(stdin=text, stdin_name="template.json")).documents)


def nested(path: tuple[str, ...], value: Value) -> dict[str, Value]:
    """Return a value at a path; `*` is a list of one, or the member `any` of `Events`."""
    for step, above in zip(reversed(path), (*reversed(path[:-1]), ""), strict=True):
        member = {"any" if step == "*" else step: value}
        value = [value] if step == "*" and above != "Events" else member
    assert isinstance(value, dict)
    return value


@pytest.mark.parametrize(("type_", "row"), ROWS, ids=IDS)
def test_row_finds_the_policy_at_its_path(type_: str, row: Row) -> None:
    properties = nested(row.path, SHAPES[row.shape])
    kind = row.kind
    if row.discriminator:
        value, kind = next(iter(row.kinds.items()))
        properties[row.discriminator] = value

    (document,) = found_in(type_, properties)

    steps = [step for step in document.pointer[3:] if isinstance(step, str) and step != "any"]
    assert steps == [step for step in row.path if step != "*"]
    assert (document.kind, document.certainty) == (kind, Certainty.TABLE)
    assert [s.actions[0].text for s in document.policy.statements] == ["s3:GetObject"]
    assert document.attachment.address == "Thing"


@pytest.mark.parametrize(("type_", "row"), ROWS, ids=IDS)
def test_row_finds_a_policy_that_is_a_string(type_: str, row: Row) -> None:
    if row.shape == "sam_policies" or row.discriminator:
        pytest.skip("takes objects, or needs a type")
    properties = nested(row.path, json.dumps(SHAPES[row.shape]))

    (document,) = found_in(type_, properties)

    (statement,) = document.policy.statements
    place = document.span(statement.actions[0].at)
    assert document.source.text[place.start : place.end] == '\\"s3:GetObject\\"'


LOOK_ALIKES = [(type_, path) for type_, paths in table().not_iam.items() for path in paths]


@pytest.mark.parametrize(
    ("type_", "path"), LOOK_ALIKES, ids=[f"{type_} {'/'.join(path)}" for type_, path in LOOK_ALIKES]
)
def test_what_only_looks_like_a_policy_is_left_alone(type_: str, path: tuple[str, ...]) -> None:
    assert found_in(type_, nested(path if path != ("*",) else ("Any",), POLICY)) == []
