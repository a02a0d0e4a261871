"""Serverless Framework: statement lists for the functions' roles, and a template beside them.

https://www.serverless.com/framework/docs/providers/aws/guide/iam
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.late_pattern import late_pattern
from iamlint.load.cloudformation import documents
from iamlint.load.cloudformation.readings import Spot
from iamlint.load.cloudformation.shape import is_template
from iamlint.load.cloudformation.table import Reached, reach
from iamlint.load.cloudformation.template import Template
from iamlint.load.cloudformation.walk import Found, TemplateWalk
from iamlint.load.document import Attachment, Certainty, NotAnalysed
from iamlint.load.link import Held
from iamlint.load.recognise import detect
from iamlint.load.serverless.roles import LOGICAL, changed_elsewhere, role_of, roles
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iamlint.load.document import Item
    from iamlint.load.find.files import File
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

_FILE: Final = late_pattern(r"\$\{file\(([^()$]++)\)(?::[\w.]++)?\}")
_MOST: Final = 5_000_000
"""Bytes of a file named in `resources` that are read."""


def is_service(value: dict[str, Value]) -> bool:
    """Return whether a value is a `serverless.yml`, by its required members."""
    provider = value.get("provider")
    named = provider.get("name") if isinstance(provider, dict) else provider
    return "service" in value and named == "aws"


def items(
    file: File,
    source: Source,
    at: Pointer,
    value: dict[str, Value],
    search: Callable[[Pointer], Iterator[Item]],
) -> Iterator[Item]:
    """Yield the statement lists as policies, then the items of the template beside them.

    `search` searches the places in which neither the framework nor AWS has policies.
    """
    template = Template(
        source, at, value, is_native=False, path=file.path, known_as=file.tree.known_as(file.path)
    )
    walk = TemplateWalk(file, template)
    start = Reached(at, value, {})
    for paths, kind in ((_STATEMENTS, Kind.IDENTITY), (_RESOURCE_POLICIES, Kind.RESOURCE)):
        for path in paths:
            for node in reach(start, path):
                if isinstance(node.value, list):
                    yield from walk.documents(_found(node, walk.template, kind))
                else:
                    yield _elsewhere(node, walk.template, kind)
    for function in reach(start, ("functions", "*")):
        if isinstance(function.value, str):
            yield walk.left_out(function.at, "function in another place")
    yield from roles(walk.template)
    if file.workloads:
        from iamlint.load.serverless.functions import functions  # noqa: PLC0415 - few runs ask for it

        yield from functions(walk.template)
    for place in _rest(at, value):
        yield from search(place)
    yield from _beside(walk, at, value, search)


def _beside(
    walk: TemplateWalk,
    at: Pointer,
    value: dict[str, Value],
    search: Callable[[Pointer], Iterator[Item]],
) -> Iterator[Item]:
    """Yield the items of the templates beside the functions."""
    for place, part in _parts((*at, "resources"), value.get("resources")):
        if isinstance(part, str) and part.startswith("$"):
            yield walk.left_out(place, "resources in another place")
            if _may_change_role(walk.file, part):
                yield from changed_elsewhere(walk.template, place, part)
        elif isinstance(part, dict):
            yield from _resources(walk, place, part)
            members = part if not is_template(part) else {"extensions"} & part.keys()
            for name in members:
                yield from search((*place, name))


def _may_change_role(file: File, named: str) -> bool:
    """Return whether a part of `resources` in another file may change the role.

    https://www.serverless.com/framework/docs/guides/variables/file-properties
    """
    found = _FILE.fullmatch(named)
    place = file.tree.beside(file.place, found[1]) if found else None
    if place is None:
        return True
    try:
        data = file.tree.read(place, _MOST)
    except OSError:
        return True
    return any(word in data for word in (LOGICAL.encode(), b"extensions", b"${file("))


def _rest(at: Pointer, value: dict[str, Value]) -> Iterator[Pointer]:
    """Yield the places in which the framework has no policies."""
    claimed = {path for paths in (_STATEMENTS, _RESOURCE_POLICIES) for path in paths}
    for name in value:
        if name not in ("provider", "functions", "resources"):
            yield (*at, name)
    for way in (("provider",), ("functions", "*")):
        known = {path[len(way)] for path in claimed if path[: len(way)] == way}
        for node in reach(Reached(at, value, {}), way):
            members = node.value if isinstance(node.value, dict) else {}
            yield from ((*node.at, name) for name in members if name not in known)


def _resources(walk: TemplateWalk, at: Pointer, part: dict[str, Value]) -> Iterator[Item]:
    """Yield the items of a template, and notes for its resources in other files."""
    if is_template(part):
        source = walk.template.source
        yield from documents.items(walk.file, source, at, part, is_native=False)
    for resource in reach(Reached(at, part, {}), ("Resources", "*")):
        if isinstance(resource.value, str):
            yield walk.left_out(resource.at, "resource in another place")


def statements(
    file: File, source: Source, at: Pointer, value: list[Value], *, is_native: bool
) -> Iterator[Item]:
    """Yield the policy of bare statements, as in files that a service includes."""
    walk = TemplateWalk(file, Template(source, at, {}, is_native=is_native))
    kind = file.kind or detect.kind_of({"Statement": value}, file.path, at)
    certainty = Certainty.DECLARED if file.kind else Certainty.SHAPE
    yield from walk.documents(
        Found(Spot(at, value, {}), kind, None, certainty, shape="statement_list")
    )


def _elsewhere(node: Reached, template: Template, kind: Kind) -> NotAnalysed:
    """Return a note for statements in another file, with their holders."""
    reason, attachment = (
        "list of statements in another place",
        _attachment(node, template, kind),
    )
    return NotAnalysed(template.path, node.at, reason, kind=kind, attachment=attachment)


def _attachment(node: Reached, template: Template, kind: Kind) -> Attachment:
    way = node.at[len(template.root) :]
    function = _function(node, template)
    return Attachment(
        holders=() if kind is Kind.RESOURCE else (Held(role_of(template, function)),),
        resource_type="AWS::ApiGateway::RestApi" if kind is Kind.RESOURCE else None,
        address=".".join(str(step) for step in way[:2]),
        scope=template.scope,
    )


def _function(node: Reached, template: Template) -> str | None:
    """Return the function that has the statements; None if it is not a known one."""
    match node.at[len(template.root) :]:
        case ("functions", name, *_):
            return str(name)
    return None


def _found(node: Reached, template: Template, kind: Kind) -> Found:
    return Found(
        Spot(node.at, node.value, node.given),
        kind,
        _function(node, template),
        attachment=_attachment(node, template, kind),
        shape="statement_list",
    )


def _parts(at: Pointer, value: Value) -> Iterator[tuple[Pointer, Value]]:
    """Yield the templates under `resources`: one, or a list of parts."""
    if isinstance(value, list):
        yield from (((*at, index), part) for index, part in enumerate(value))
    else:
        yield at, value
