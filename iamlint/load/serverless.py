"""Serverless Framework: bare statement lists for the functions' roles, and a template beside them.

https://www.serverless.com/framework/docs/providers/aws/guide/iam
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load import cloudformation
from iamlint.load.cloudformation.readings import Spot
from iamlint.load.cloudformation.table import Reached, reach
from iamlint.load.cloudformation.template import Template
from iamlint.load.cloudformation.walk import Found, Walk
from iamlint.load.document import Attachment
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.document import Item
    from iamlint.load.files import File
    from iamlint.text.source import Source, Value
    from iamlint.text.span import Pointer

_STATEMENTS: Final = (
    ("provider", "iam", "role", "statements"),
    ("provider", "iamRoleStatements"),
    ("functions", "*", "iamRoleStatements"),
    ("functions", "*", "iam", "role", "statements"),
)
_RESOURCE_POLICIES: Final = (
    ("provider", "apiGateway", "resourcePolicy"),
    ("provider", "resourcePolicy"),
)


def is_service(value: dict[str, Value]) -> bool:
    """Tell a `serverless.yml` by what it must have."""
    provider = value.get("provider")
    named = provider.get("name") if isinstance(provider, dict) else provider
    return "service" in value and named == "aws"


def items(file: File, source: Source, at: Pointer, value: dict[str, Value]) -> Iterator[Item]:
    """Yield the statement lists as policies, then what the template beside them holds."""
    walk = Walk(file, Template(source, at, value, is_native=False))
    start = Reached(at, value, {})
    for paths, kind in ((_STATEMENTS, Kind.IDENTITY), (_RESOURCE_POLICIES, Kind.RESOURCE)):
        for path in paths:
            for node in reach(start, path):
                if isinstance(node.value, list):
                    yield from walk.documents(_found(node, at, kind))
                else:
                    yield walk.left_out(node.at, "list of statements that stands elsewhere")
    for place, part in _parts((*at, "resources"), value.get("resources")):
        if isinstance(part, dict) and cloudformation.is_template(part):
            yield from cloudformation.items(file, source, place, part, is_native=False)
        elif isinstance(part, str) and part.startswith("$"):
            yield walk.left_out(place, "resources that stand elsewhere")


def _found(node: Reached, at: Pointer, kind: Kind) -> Found:
    way = node.at[len(at) :]
    function = way[1] if way[0] == "functions" else None
    role = None if kind is Kind.RESOURCE else f"role/{function or 'provider'}"
    return Found(
        Spot(node.at, node.value, node.given),
        kind,
        str(function) if function else None,
        attachment=Attachment(
            principal=role,
            resource_type="AWS::ApiGateway::RestApi" if kind is Kind.RESOURCE else None,
            address=".".join(str(step) for step in way[:2]),
        ),
        shape="statement_list",
    )


def _parts(at: Pointer, value: Value) -> Iterator[tuple[Pointer, Value]]:
    """Yield the templates under `resources`: one, or a list of parts."""
    if isinstance(value, list):
        yield from (((*at, index), part) for index, part in enumerate(value))
    else:
        yield at, value
