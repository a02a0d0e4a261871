"""Manifests of Kubernetes and programs of Pulumi."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from tests.account.matrix.carrier import (
    KNOWN,
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
from tests.account.matrix.model import (
    BASE,
    EC2,
    ELSEWHERE,
    GUARD,
    Cell,
    Linked,
    Open,
    Policy,
    with_principal,
)
from tests.account.matrix.plans import applied
from tests.account.matrix.terraform import references
from tests.account.matrix.terraform_blocks import SAYS, SAYS_AFTER, blocks

if TYPE_CHECKING:
    from tests.account.matrix.carrier import Value

FORMAT: Final = "Crossplane, ACK, eksctl, Pulumi, Kubernetes"
_PROPERTIES: Final = ((FORMAT, "policies in their properties, as objects or JSON in strings"),)


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name)


def _kind(type_: str) -> tuple[str, str]:
    """Return the service and the kind of a type of Terraform."""
    _, service, name = type_.split("_", 2)
    return service, _camel(f"_{name}")


def _pulumi(cell: Cell) -> Files:
    some = blocks(cell)

    def reference(one: Ref | Unknown) -> str:
        way = one.name if isinstance(one, Unknown) else f"{one.label}.{one.attribute}"
        return f"${{{way}}}"

    def give(one: Ref | Unknown | Text) -> Value:
        if not isinstance(one, Text):
            return reference(one)
        who = one.principal
        return {"fn::toJSON": with_principal(one.policy, reference(who)) if who else one.policy}

    resources = {}
    for block in some:
        service, kind = _kind(block.type)
        given = {_camel(name): value for name, value in block.attributes.items()}
        resources[block.label] = {
            "type": f"aws:{service}:{kind}",
            "properties": mapped(given, give),
        }
    asked = {one.name: {"type": "string"} for one in references(some) if isinstance(one, Unknown)}
    program = {"name": "shop", "runtime": "yaml", **({"config": asked} if asked else {})}
    return {"Pulumi.yaml": dumped(program | {"resources": resources})}


def _export(cell: Cell) -> Files:
    resources = []
    for block, values in applied(cell):
        service, kind = _kind(block.type)
        type_ = f"aws:{service}/{kind[0].lower()}{kind[1:]}:{kind}"
        outputs = {_camel(name): value for name, value in values.items()}
        inputs = {_camel(name): outputs[_camel(name)] for name in block.attributes}
        resources.append(
            {
                "urn": f"urn:pulumi:prod::shop::{type_}::{block.label}",
                "custom": True,
                "id": values["id"],
                "type": type_,
                "inputs": inputs,
                "outputs": outputs,
            }
        )
    return {"stack.json": text({"version": 3, "deployment": {"resources": resources}})}


# Names of objects are those of what they describe.
_CROSSPLANE: Final = {
    **dict.fromkeys((Linked.INLINE, Linked.BUCKET, Linked.QUEUE), opens(Open.HOLDER)),
    Linked.ATTACHED: opens(Open.HOLDER, Open.TARGET),
    Linked.BOUNDARY: opens(Open.TARGET),
    Linked.MEMBER: opens(Open.HOLDER, Open.TARGET),
    Linked.TRUST: KNOWN,
    Linked.SCP: opens(Open.HOLDER, Open.TARGET),
    Linked.RCP: opens(Open.HOLDER, Open.TARGET),
}
_NAMES: Final = ("name", "bucket")
_UNNAMED: Final = ("aws_organizations_policy", "aws_sqs_queue")


def _crossplane(cell: Cell) -> Files:
    objects = {}
    for number, block in enumerate(blocks(cell)):
        service, kind = _kind(block.type)
        given: dict[str, Value] = {}
        for name, value in block.attributes.items():
            if name in _NAMES and isinstance(value, str) and block.type not in _UNNAMED:
                continue
            given |= _field(_camel(name), value)
        object_ = {
            "apiVersion": f"{service}.aws.upbound.io/v1beta1",
            "kind": kind,
            "metadata": {"name": block.label},
            "spec": {"forProvider": given},
        }
        objects[f"m/{number:02}-{kind.lower()}.yaml"] = dumped(object_)
    return objects


def _field(name: str, value: Value) -> dict[str, Value]:
    """Return a field as a reference to an object, or as a selector of one."""
    if isinstance(value, Text):
        return {name: json.dumps(value.policy)}
    if name == "permissionsBoundary":  # the provider has no reference for it
        return {name: ELSEWHERE if isinstance(value, Unknown) else GUARD}
    one = value[0] if isinstance(value, list) else value
    single = name.removesuffix("s") if isinstance(value, list) else name
    if isinstance(one, Unknown):
        return {f"{single}Selector": {"matchLabels": {"team": one.name}}}
    if isinstance(one, Ref):
        ref = {"name": one.label}
        return {f"{single}Refs": [ref]} if isinstance(value, list) else {f"{single}Ref": ref}
    return {name: value}


_ACK: Final = {
    Linked.INLINE: KNOWN,
    Linked.ATTACHED: opens(Open.TARGET),
    Linked.BOUNDARY: opens(Open.TARGET),
    Linked.TRUST: KNOWN,
    Linked.BUCKET: KNOWN,
    Linked.QUEUE: KNOWN,
}


def _ack(cell: Cell) -> Files:
    inline = {"base": json.dumps(BASE)}
    role: dict[str, Value] = {"name": "app", "assumeRolePolicyDocument": json.dumps(EC2)}
    others: list[tuple[str, str, dict[str, Value]]] = []
    guard = {"from": {"name": "elsewhere" if cell.open is Open.TARGET else "guard"}}
    match cell.linked:
        case Linked.INLINE:
            inline["guard"] = json.dumps(cell.text)
        case Linked.ATTACHED:
            role["policyRefs"] = [guard]
        case Linked.BOUNDARY:
            role["permissionsBoundaryRef"] = guard
        case Linked.TRUST:
            vault = {"name": "vault", "assumeRolePolicyDocument": json.dumps(cell.text)}
            others.append(("iam", "Role", vault))
        case Linked.BUCKET:
            depot = {"name": "depot", "policy": json.dumps(cell.text)}
            others.append(("s3", "Bucket", depot))
        case _:
            jobs = {"queueName": "jobs", "policy": json.dumps(cell.text)}
            others.append(("sqs", "Queue", jobs))
    if cell.linked in (Linked.ATTACHED, Linked.BOUNDARY):
        document = {"name": "guard", "policyDocument": json.dumps(cell.text)}
        others.append(("iam", "Policy", document))
    return {
        f"m/{number:02}-{kind.lower()}.yaml": dumped(
            {
                "apiVersion": f"{service}.services.k8s.aws/v1alpha1",
                "kind": kind,
                "metadata": {"name": spec.get("name", "jobs")},
                "spec": spec,
            }
        )
        for number, (service, kind, spec) in enumerate(
            [("iam", "Role", role | {"inlinePolicies": inline}), *others]
        )
    }


def policies_file(policy: Policy) -> str:
    """Return the policies of an account in the format of `get-account-authorization-details`."""
    version = {"VersionId": "v1", "IsDefaultVersion": True, "Document": policy}
    one = {"PolicyName": "guard", "Arn": GUARD, "Path": "/", "PolicyVersionList": [version]}
    return text({"Policies": [one | {"DefaultVersionId": "v1"}]})


_ACCOUNTS: Final = {
    Linked.INLINE: KNOWN,
    Linked.ATTACHED: opens(Open.TARGET),
    Linked.BOUNDARY: opens(Open.TARGET),
}


def _eksctl(cell: Cell) -> Files:
    statements = list(BASE["Statement"])
    if cell.linked is Linked.INLINE:
        statements += cell.text["Statement"]
    one: dict[str, Value] = {
        "metadata": {"name": "s"},
        "roleName": "app",
        "attachPolicy": {"Version": "2012-10-17", "Statement": statements},
    }
    what = ELSEWHERE if cell.open is Open.TARGET else GUARD
    if cell.linked is Linked.ATTACHED:
        one["attachPolicyARNs"] = [what]
    if cell.linked is Linked.BOUNDARY:
        one["permissionsBoundary"] = what
    cluster = {
        "apiVersion": "eksctl.io/v1alpha5",
        "kind": "ClusterConfig",
        "metadata": {"name": "c", "region": "eu-west-1"},
        "iam": {"withOIDC": True, "serviceAccounts": [one]},
    }
    beside = {} if cell.linked is Linked.INLINE else {"policies.json": policies_file(cell.text)}
    return {"cluster.yaml": dumped(cluster), **beside}


CARRIERS: Final = (
    Carrier("Pulumi", _PROPERTIES, SAYS, _pulumi),
    Carrier(
        "export of Pulumi",
        ((FORMAT, "the state that `pulumi stack export` writes"),),
        SAYS_AFTER,
        _export,
    ),
    Carrier("Crossplane", _PROPERTIES, _CROSSPLANE, _crossplane),
    Carrier("ACK", _PROPERTIES, _ACK, _ack),
    Carrier("eksctl", _PROPERTIES, _ACCOUNTS, _eksctl),
)
