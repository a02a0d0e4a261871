"""The roles that Serverless Framework creates for functions, and their policies.

https://www.serverless.com/framework/docs/providers/aws/guide/iam
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import replace
from iamlint.load.cloudformation.refs import text_of
from iamlint.load.cloudformation.table import Reached, reach
from iamlint.load.cloudformation.template import Template
from iamlint.load.document import Attachment, Cause, NotAnalysed
from iamlint.load.link import Binding, Held, Link, LinkKind, Node, Ref, Thing, join_names
from iamlint.policy.grammar import Kind
from iamlint.text.source import Pseudo, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.cloudformation.table import Path
    from iamlint.load.link import Name
    from iamlint.text.span import Pointer

LOGICAL: Final = "IamRoleLambdaExecution"
"""The logical id of the role of the service in a template beside the functions."""

_GIVEN: Final = (("provider", "iam", "role", "name"),)
_LINKED: Final[tuple[tuple[LinkKind, Path], ...]] = (
    (LinkKind.ATTACHED, ("provider", "iam", "role", "managedPolicies", "*")),
    (LinkKind.ATTACHED, ("provider", "iamManagedPolicies", "*")),
    (LinkKind.BOUNDARY, ("provider", "iam", "role", "permissionsBoundary")),
    (LinkKind.BOUNDARY, ("provider", "iam", "role", "permissionBoundary")),
    (LinkKind.BOUNDARY, ("provider", "rolePermissionsBoundary")),
)
_OF_FUNCTIONS: Final[tuple[Path, ...]] = (
    ("functions", "*", "iamRoleStatements"),
    ("functions", "*", "iam", "role", "statements"),
)
# https://www.serverless.com/framework/docs/providers/aws/guide/resources
_CHANGED: Final[tuple[Path, ...]] = (
    ("Resources", LOGICAL, "Properties"),
    ("extensions", LOGICAL, "Properties"),
)
_PROPERTIES: Final[tuple[tuple[LinkKind, Path], ...]] = (
    (LinkKind.ATTACHED, ("ManagedPolicyArns", "*")),
    (LinkKind.BOUNDARY, ("PermissionsBoundary",)),
)
_LISTS: Final[tuple[Path, ...]] = (
    ("provider", "iam", "role", "managedPolicies"),
    ("provider", "iamManagedPolicies"),
)


def role_of(template: Template, function: str | None = None) -> Ref:
    """Return the role of a function, if it has its own, or that of the service."""
    name = _own_name(template, function)
    return Ref(Thing.ROLE, name, function or "provider", template.scope)


def _node(template: Template, at: Pointer, who: Ref, address: str) -> Node:
    return Node(template.path, at, who, addresses=(address,), source=template.source)


def roles(template: Template) -> Iterator[Node | Link | Binding | NotAnalysed]:
    """Yield the roles of functions, and that of the service with its links.

    A role that the service is given is created elsewhere. The role of a function may have the
    policies of that of the service.
    """
    start = Reached(template.root, dict(template.value), {})
    for of_function in _OF_FUNCTIONS:
        for one in reach(start, of_function):
            _, *names = one.at[len(template.root) :]
            if not names:  # which functions there are is not known
                continue
            function = str(names[0])
            whole = not one.parent.get("iamRoleStatementsInherit")
            who = role_of(template, function)
            yield replace(_node(template, one.at, who, f"functions.{function}"), whole=whole)
    if any(isinstance(one.value, str) for one in reach(start, ("provider", "iam", "role"))):
        return
    who = role_of(template)
    arn = join_names(
        "arn:",
        Unknown("${AWS::Partition}", Pseudo.PARTITION),
        ":iam::",
        Unknown("${AWS::AccountId}", Pseudo.ACCOUNT),
        ":role/",
        who.name,
    )
    yield replace(_node(template, (*template.root, "provider"), who, "provider"), arn=arn)
    templates = list(templates_of(template))
    yield from _held(template, (templates or [template])[0], who)
    for part in templates:
        yield from _changed(part, who)
        if part.resource_of(LOGICAL) is None:
            for name, value in ((LOGICAL, who.name), (f"{LOGICAL}.Arn", arn)):
                yield Binding(template.path, f"{part.scope}:{name}", value)


def _held(template: Template, beside: Template, who: Ref) -> Iterator[Link]:
    """Yield the links of the role of the service, with references to the template `beside` it."""
    start = Reached(template.root, dict(template.value), {})
    links: list[tuple[LinkKind, Reached, Name]] = [
        (kind, one, text_of(beside, one.value))
        for kind, path in _LINKED
        for one in reach(start, path)
    ]
    for in_list in _LISTS:
        links += [
            (LinkKind.ATTACHED, one, Unknown("list in another place"))
            for one in reach(start, in_list)
            if not isinstance(one.value, list)
        ]
    for kind, one, name in links:
        target = Ref(Thing.POLICY, name, scope=beside.scope)
        yield Link(template.path, one.at, kind, who, target, source=template.source)


def _changed(part: Template, who: Ref) -> Iterator[Link | NotAnalysed]:
    """Yield the changes that a part of `resources` makes to the role of the service.

    How the framework merges policies with its own is not documented.
    """
    start = Reached(part.root, dict(part.value), {})
    for way in _CHANGED:
        for kind, path in _PROPERTIES:
            for one in reach(start, (*way, *path)):
                target = Ref(Thing.POLICY, text_of(part, one.value), scope=part.scope)
                yield Link(part.path, one.at, kind, who, target, source=part.source)
        for one in reach(start, (*way, "Policies")):
            reason, held = "policies put together with those of the framework", (Held(who),)
            yield NotAnalysed(
                part.path,
                one.at,
                reason,
                kind=Kind.IDENTITY,
                attachment=Attachment(holders=held),
                cause=Cause.ELSEWHERE,
            )


def changed_elsewhere(template: Template, at: Pointer, named: str) -> Iterator[Link]:
    """Yield the links that a part of `resources` in another file may add to the service's role."""
    start = Reached(template.root, dict(template.value), {})
    if any(isinstance(one.value, str) for one in reach(start, ("provider", "iam", "role"))):
        return
    target = Ref(Thing.POLICY, Unknown(named), scope=template.scope)
    for kind in (LinkKind.ATTACHED, LinkKind.BOUNDARY):
        yield Link(template.path, at, kind, role_of(template), target, source=template.source)


def templates_of(template: Template) -> Iterator[Template]:
    """Yield the templates beside the functions."""
    found = template.value.get("resources")
    at = (*template.root, "resources")
    several = enumerate(found) if isinstance(found, list) else [(None, found)]
    for number, part in several:
        if isinstance(part, dict):
            place = at if number is None else (*at, number)
            yield Template(
                template.source,
                place,
                part,
                is_native=False,
                path=template.path,
                known_as=template.known_as,
            )


def _own_name(template: Template, function: str | None) -> Name:
    """Return the name of the role in the file, or the one that the framework generates.

    Options of the command line decide the stage and the region.
    https://www.serverless.com/framework/docs/providers/aws/guide/iam#custom-naming-for-default-role
    """
    start = Reached(template.root, dict(template.value), {})
    if function is not None:
        identity = f"{template.scope} role of {function}"
        for one in reach(start, ("functions", function, "iamRoleStatementsName")):
            if isinstance(one.value, str) and "${" not in one.value:
                return one.value
        return Unknown("…", identity=identity)
    for path in _GIVEN:
        for one in reach(start, path):
            if isinstance(one.value, str) and "${" not in one.value:
                return one.value
            return Unknown("…", identity=f"{template.scope} role of the service")
    region = Unknown("${region}", identity=f"{template.scope} region")
    return join_names(start_of_names(template), region, "-lambdaRole")


def start_of_names(template: Template) -> Name:
    """Return the service and the stage, with which the names begin that the framework generates."""
    service = template.value.get("service")
    name = service.get("name") if isinstance(service, dict) else service
    is_known = isinstance(name, str) and "${" not in name
    first = str(name) if is_known else Unknown("${service}", identity=f"{template.scope} service")
    stage = Unknown("${stage}", identity=f"{template.scope} stage")
    return join_names(first, "-", stage, "-")
