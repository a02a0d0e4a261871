"""CloudFormation: a template, several, and other formats with the resources of templates."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from tests.account.matrix.carrier import (
    Block,
    Carrier,
    Files,
    Ref,
    Text,
    Unknown,
    dumped,
    mapped,
    opens,
    text,
)
from tests.account.matrix.model import BASE, EC2, HOME, Cell, Linked, Open, with_principal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tests.account.matrix.carrier import Value

FORMAT: Final = "CloudFormation, SAM, CDK"
_PLACE: Final = ((FORMAT, "the properties below"),)
# A policy is an object: no parameter can give its text.
SAYS: Final = {
    Linked.INLINE: opens(Open.HOLDER),
    Linked.ATTACHED: opens(Open.HOLDER, Open.TARGET),
    Linked.BOUNDARY: opens(Open.TARGET),
    Linked.MEMBER: opens(Open.HOLDER, Open.TARGET),
    Linked.TRUST: opens(Open.HOLDER),
    Linked.BUCKET: opens(Open.HOLDER),
    Linked.QUEUE: opens(Open.HOLDER),
    Linked.SCP: opens(Open.HOLDER),
    Linked.RCP: opens(Open.HOLDER),
}
_TYPES: Final = {Linked.SCP: "SERVICE_CONTROL_POLICY", Linked.RCP: "RESOURCE_CONTROL_POLICY"}


def blocks(cell: Cell) -> list[Block]:
    """Return the resources of a cell, those of the link apart."""
    return [*_own(cell), *_linked(cell)]


def _own(cell: Cell) -> Iterator[Block]:
    base = [{"PolicyName": "base", "PolicyDocument": Text(BASE)}]
    if cell.linked is Linked.MEMBER:
        yield Block("AWS::IAM::User", "Kim", {"UserName": "kim", "Policies": base})
        return
    more: dict[str, Value] = {"Policies": base}
    if cell.linked is Linked.BOUNDARY:
        more["PermissionsBoundary"] = _policy(cell)
    if cell.linked is Linked.ATTACHED and cell.open is Open.TARGET:
        more["ManagedPolicyArns"] = [_policy(cell)]
    role = {"RoleName": "app", "AssumeRolePolicyDocument": Text(EC2), **more}
    yield Block("AWS::IAM::Role", "App", role)
    if cell.linked is Linked.BUCKET:
        yield Block("AWS::S3::Bucket", "Depot", {"BucketName": "depot"})
    if cell.linked is Linked.QUEUE:
        yield Block("AWS::SQS::Queue", "Jobs", {"QueueName": "jobs"})


def _linked(cell: Cell) -> Iterator[Block]:
    document: dict[str, Value] = {"PolicyDocument": Text(cell.text)}
    named = {"PolicyName": "guard", **document}
    match cell.linked:
        case Linked.INLINE:
            more = named | {"Roles": [_identity(cell, Ref("App"))]}
            yield Block("AWS::IAM::Policy", "Guard", more, apart=True)
        case Linked.ATTACHED if cell.open is not Open.TARGET:
            more = document | {"Roles": [_identity(cell, Ref("App"))]}
            yield Block("AWS::IAM::ManagedPolicy", "Guard", more, apart=True)
        case Linked.ATTACHED | Linked.BOUNDARY:
            yield Block("AWS::IAM::ManagedPolicy", "Guard", document, apart=True)
        case Linked.MEMBER:
            group = Unknown("What") if cell.open is Open.TARGET else Ref("Ops")
            more = {"GroupName": "ops", "Policies": [named]}
            yield Block("AWS::IAM::Group", "Ops", more, apart=True)
            link = {"GroupName": group, "Users": [_identity(cell, Ref("Kim"))]}
            yield Block("AWS::IAM::UserToGroupAddition", "Link", link, apart=True)
        case Linked.TRUST:
            who = _identity(cell, Ref("App", "Arn"))
            more = {"RoleName": "vault", "AssumeRolePolicyDocument": Text(cell.text, who)}
            yield Block("AWS::IAM::Role", "Vault", more, apart=True)
        case Linked.QUEUE:
            more = document | {"Queues": [_identity(cell, Ref("Jobs"))]}
            yield Block("AWS::SQS::QueuePolicy", "Guard", more, apart=True)
        case Linked.BUCKET:
            more = document | {"Bucket": _identity(cell, Ref("Depot"))}
            yield Block("AWS::S3::BucketPolicy", "Guard", more, apart=True)
        case Linked.SCP | Linked.RCP:
            more = {"Name": "guard", "Type": _TYPES[cell.linked], "Content": Text(cell.text)}
            more["TargetIds"] = [_identity(cell, HOME)]
            yield Block("AWS::Organizations::Policy", "Guard", more, apart=True)


def _identity(cell: Cell, identity: Value) -> Value:
    return Unknown("Who") if cell.open is Open.HOLDER else identity


def _policy(cell: Cell) -> Ref | Unknown:
    return Unknown("What") if cell.open is Open.TARGET else Ref("Guard")


def intrinsic(one: Ref | Unknown) -> Value:
    """Return a reference, or a parameter, in the notation of templates."""
    if isinstance(one, Unknown):
        return {"Ref": one.name}
    if one.attribute is None:
        return {"Ref": one.label}
    return {"Fn::GetAtt": [one.label, one.attribute]}


def resources(
    some: Iterable[Block], write: Callable[[Ref | Unknown], Value] = intrinsic
) -> dict[str, Value]:
    """Return blocks as the `Resources` of a template."""

    def give(one: Ref | Unknown | Text) -> Value:
        if not isinstance(one, Text):
            return write(one)
        return _with(one.policy, write(one.principal)) if one.principal else one.policy

    return {
        block.label: {"Type": block.type, "Properties": mapped(dict(block.attributes), give)}
        for block in some
    }


def _with(policy: Value, principal: Value) -> Value:
    return with_principal(policy, principal)


def references(some: Iterable[Block]) -> list[Ref | Unknown]:
    """Return all references in blocks."""
    found: list[Ref | Unknown] = []

    def note(one: Ref | Unknown) -> Value:
        found.append(one)
        return None

    resources(some, note)
    return list(dict.fromkeys(found))


def template(some: list[Block]) -> dict[str, Value]:
    names = [one.name for one in references(some) if isinstance(one, Unknown)]
    return whole(resources(some), names)


def whole(
    own: dict[str, Value], parameters: Iterable[str] = (), outputs: dict[str, Value] | None = None
) -> dict[str, Value]:
    """Return a template."""
    asked = {name: {"Type": "String"} for name in parameters}
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        **({"Parameters": asked} if asked else {}),
        "Resources": own,
        **({"Outputs": outputs} if outputs else {}),
    }


def _nested(cell: Cell) -> Files:
    """Return the link in a nested template: its names are parameters, its resources are outputs."""
    here, apart, inside = _parted(cell)
    inner = {_name(one): one for one in references(apart) if not _is_in(one, inside)}
    outer = {_name(one): one for one in references(here) if _is_in(one, inside)}

    def in_child(one: Ref | Unknown) -> Value:
        return intrinsic(one) if _is_in(one, inside) else {"Ref": _name(one)}

    def in_parent(one: Ref | Unknown) -> Value:
        if _is_in(one, inside):
            return {"Fn::GetAtt": ["Child", f"Outputs.{_name(one)}"]}
        return intrinsic(one)

    given = {name: intrinsic(one) for name, one in inner.items()}
    stack = {"TemplateURL": "child.json", "Parameters": given}
    child = {"Child": {"Type": "AWS::CloudFormation::Stack", "Properties": stack}}
    outputs = {name: {"Value": intrinsic(one)} for name, one in outer.items()}
    names = [one.name for one in references([*here, *apart]) if isinstance(one, Unknown)]
    return {
        "parent.json": text(whole(resources(here, in_parent) | child, names)),
        "child.json": text(whole(resources(apart, in_child), inner, outputs)),
    }


def _imported(cell: Cell) -> Files:
    """Return the link in a separate template; each template imports exports of the other one."""
    here, apart, inside = _parted(cell)
    inner = {_name(one): one for one in references(apart) if not _is_in(one, inside)}
    outer = {_name(one): one for one in references(here) if _is_in(one, inside)}

    def write(one: Ref | Unknown, *, is_own: bool) -> Value:
        if is_own:
            return intrinsic(one)
        return {"Fn::ImportValue": f"shop-{_name(one)}"}

    def in_base(one: Ref | Unknown) -> Value:
        return write(one, is_own=isinstance(one, Ref) and not _is_in(one, inside))

    def in_link(one: Ref | Unknown) -> Value:
        return write(one, is_own=_is_in(one, inside))

    return {
        "base.json": text(whole(resources(here, in_base), outputs=_exports(inner))),
        "link.json": text(whole(resources(apart, in_link), outputs=_exports(outer))),
    }


def _exports(some: dict[str, Ref | Unknown]) -> dict[str, Value]:
    """Return the outputs of a template; unknown values are not exported."""
    return {
        name: {"Value": intrinsic(one), "Export": {"Name": f"shop-{name}"}}
        for name, one in some.items()
        if isinstance(one, Ref)
    }


def _parted(cell: Cell) -> tuple[list[Block], list[Block], set[str]]:
    some = blocks(cell)
    apart = [block for block in some if block.apart]
    return [block for block in some if not block.apart], apart, {block.label for block in apart}


def _name(one: Ref | Unknown) -> str:
    return one.name if isinstance(one, Unknown) else f"{one.label}{one.attribute or 'Ref'}"


def _is_in(one: Ref | Unknown, labels: set[str]) -> bool:
    return isinstance(one, Ref) and one.label in labels


def _stack_set(cell: Cell) -> Files:
    targets = {"DeploymentTargets": {"Accounts": [HOME]}, "Regions": ["eu-west-1"]}
    properties: dict[str, Value] = {
        "StackSetName": "shop",
        "PermissionModel": "SELF_MANAGED",
        "TemplateBody": json.dumps(template(blocks(cell))),
        "StackInstancesGroup": [targets],
    }
    one = {"Type": "AWS::CloudFormation::StackSet", "Properties": properties}
    return {"main.json": text(whole({"Set": one}))}


def _assembly(cell: Cell) -> Files:
    """Return an assembly of CDK: the manifest has the account and the region."""
    stack: dict[str, Value] = {
        "type": "aws:cloudformation:stack",
        "environment": f"aws://{HOME}/eu-west-1",
        "properties": {"templateFile": "Shop.template.json"},
        "displayName": "Shop",
    }
    return {
        "cdk.out/manifest.json": text({"version": "36.0.0", "artifacts": {"Shop": stack}}),
        "cdk.out/Shop.template.json": text(template(blocks(cell))),
    }


def _function(cell: Cell) -> Files:
    """Return a function of SAM, whose role SAM creates."""
    properties: dict[str, Value] = {
        "Handler": "a.b",
        "Runtime": "python3.13",
        "CodeUri": "src",
        "Policies": [BASE],
    }
    what: Value = {"Ref": "What"} if cell.open is Open.TARGET else {"Ref": "Guard"}
    others: dict[str, Value] = {}
    if cell.linked in (Linked.ATTACHED, Linked.BOUNDARY):
        guard = {"PolicyDocument": cell.text}
        others["Guard"] = {"Type": "AWS::IAM::ManagedPolicy", "Properties": guard}
    match cell.linked:
        case Linked.INLINE if cell.open is Open.NOTHING:
            properties["Policies"] = [BASE, cell.text]
        case Linked.INLINE:
            held = {"PolicyName": "g", "PolicyDocument": cell.text, "Roles": [{"Ref": "Who"}]}
            others["Guard"] = {"Type": "AWS::IAM::Policy", "Properties": held}
        case Linked.ATTACHED:
            properties["Policies"] = [BASE, what]
        case _:
            properties["PermissionsBoundary"] = what
    function = {"Type": "AWS::Serverless::Function", "Properties": properties}
    names = {Open.TARGET: ["What"], Open.HOLDER: ["Who"]}.get(cell.open, [])
    one = whole({"Fn": function, **others}, names)
    return {"template.yaml": dumped({"Transform": "AWS::Serverless-2016-10-31"} | one)}


CARRIERS: Final = (
    Carrier(
        "template in JSON",
        _PLACE,
        SAYS,
        lambda cell: {"template.json": text(template(blocks(cell)))},
    ),
    Carrier(
        "template in YAML",
        _PLACE,
        SAYS,
        lambda cell: {"template.yaml": dumped(template(blocks(cell)))},
    ),
    Carrier(
        "nested stack",
        ((FORMAT, "files that `AWS::Include` and nested stacks name"),),
        SAYS,
        _nested,
    ),
    Carrier("imports of templates", _PLACE, SAYS, _imported),
    Carrier(
        "stack set",
        ((FORMAT, "templates in the `TemplateBody` of stack sets"),),
        SAYS,
        _stack_set,
    ),
    Carrier("assembly of CDK", ((FORMAT, "output of CDK"),), SAYS, _assembly),
    Carrier(
        "function of SAM",
        ((FORMAT, "`Policies` of SAM, with its policy templates"),),
        {
            Linked.INLINE: opens(Open.HOLDER),
            Linked.ATTACHED: opens(Open.TARGET),
            Linked.BOUNDARY: opens(Open.TARGET),
        },
        _function,
        subject="role/FnRole",
    ),
)
