"""Policies in manifests (Crossplane, ACK, eksctl), in Pulumi's programs in YAML and its stacks.

https://docs.crossplane.io/, https://aws-controllers-k8s.github.io/community/,
https://docs.aws.amazon.com/eks/latest/eksctl/iamserviceaccounts.html,
https://www.pulumi.com/docs/iac/languages-sdks/yaml/,
https://www.pulumi.com/docs/iac/cli/commands/pulumi_stack_export/
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from iamlint.load.about import About, member, text_of
from iamlint.load.document import Cause
from iamlint.load.link import Ref, Thing
from iamlint.policy.grammar import Kind
from iamlint.text.placeholder import placeholder_end
from iamlint.text.source import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.text.source import Value
    from iamlint.text.span import Pointer

_GROUP: Final = re.compile(
    r"([a-z0-9-]+)\.(?:services\.k8s\.aws|aws\.(?:m\.)?(?:crossplane|upbound)\.io)/.*"
)
_EKSCTL: Final = re.compile(r"eksctl\.io/.*")
_OF_EKSCTL: Final = frozenset({"attachPolicy", "permissionPolicy"})
_PULUMI: Final = re.compile(r"aws(?:-native)?:([a-z0-9-]+)(?:/[A-Za-z0-9]+)?:([A-Za-z0-9]+)")
_REFERENCE: Final = re.compile(r"\$\{([\w-]++)(?:\.(?:name|id))?\}")
_FORMAT: Final = re.compile(r"%(?:\[[0-9]+\])?[sdv]|%%")
_TYPES: Final = {
    "s3": {"Bucket": "AWS::S3::Bucket", "BucketV2": "AWS::S3::Bucket"},
    "sqs": {"Queue": "AWS::SQS::Queue"},
    "sns": {"Topic": "AWS::SNS::Topic"},
    "kms": {"Key": "AWS::KMS::Key"},
    "ecr": {"Repository": "AWS::ECR::Repository"},
    "dynamodb": {"Table": "AWS::DynamoDB::Table"},
    "secretsmanager": {"Secret": "AWS::SecretsManager::Secret"},
    "lambda": {"Function": "AWS::Lambda::Function"},
    "efs": {"FileSystem": "AWS::EFS::FileSystem"},
}
_HOLDERS: Final = {"Role": "role", "User": "user", "Group": "group"}

_MARKS: Final = (b"apiVersion", b"properties", b"urn:pulumi")

_REPEATED: Final = "policies that the same export of Pulumi says twice"


def may_be_one(data: bytes) -> bool:
    """Tell in microseconds that nothing in a file is a resource of these formats."""
    return any(mark in data for mark in _MARKS)


def describe(pointer: Pointer, around: tuple[Value, ...]) -> About | None:
    """Tell what the resource around a policy says of it."""
    for index in range(len(around) - 1, -1, -1):
        value = around[index]
        if not isinstance(value, dict):
            continue
        if pointer[-1] == "fmt" and value.get("kind") == "Composition":
            return About(split=_formatted)
        if pointer[-1] in _OF_EKSCTL and _matched(_EKSCTL, value.get("apiVersion")):
            return _eksctl(around[index:])
        if "apiVersion" in value and (group := _matched(_GROUP, value["apiVersion"])):
            return _kubernetes(pointer, value, group[1], text_of(value, "kind") or "")
        found = _matched(_PULUMI, value.get("type"))
        if found and "properties" in value:
            address = pointer[index - 1] if index else None
            return _pulumi(pointer, around[: index + 1], (found[1], found[2]), str(address))
        if found and "urn" in value:
            if _is_repeated(pointer[: index + 2], around[: index + 1]):
                return About(skip=_REPEATED, cause=Cause.REPEATED)
            return _in_stack(pointer, value, (found[1], found[2]), str(pointer[index]))
    return None


def _matched(pattern: re.Pattern[str], value: Value) -> re.Match[str] | None:
    return pattern.fullmatch(value) if isinstance(value, str) else None


def _eksctl(around: tuple[Value, ...]) -> About:
    """Tell of the policy of a role that eksctl makes for an account, an add-on or nodes."""
    named = (
        text_of(member(value, "metadata"), "name") or text_of(value, "serviceAccountName", "name")
        for value in reversed(around)
    )
    name = next(filter(None, named), None)
    return About(Kind.IDENTITY, name, address=name, is_certain=True)


def _kubernetes(pointer: Pointer, value: dict[str, Value], service: str, thing: str) -> About:
    metadata = member(value, "metadata")
    address = text_of(metadata, "name")
    external = text_of(member(metadata, "annotations"), "crossplane.io/external-name")
    spec = member(value, "spec")
    provided = member(spec, "forProvider") or spec
    name = external or text_of(provided, "name") or address
    holder = _HOLDERS.get(thing)
    principal = f"{holder}/{name}" if holder and service == "iam" else _held_by(provided)
    about = About(
        name=name,
        holder=_ref(principal) if service == "iam" else None,
        address=f"{thing}/{address}" if address else thing,
    )
    return _of_type(about, pointer, (service, thing), provided)


def _ref(principal: str | None) -> Ref | None:
    kind, _, name = (principal or "").partition("/")
    return Ref(Thing(kind), name) if name else None


def _held_by(provided: Value) -> str | None:
    for thing, kind in _HOLDERS.items():
        name = thing.lower()
        named = text_of(provided, name, f"{name}Name") or text_of(
            member(provided, f"{name}Ref") or member(provided, f"{name}NameRef"), "name"
        )
        if named:
            return f"{kind}/{named}"
    return None


def _pulumi(
    pointer: Pointer, around: tuple[Value, ...], type_: tuple[str, str], address: str
) -> About:
    service, thing = type_
    properties = member(around[-1], "properties")
    holder = _HOLDERS.get(thing)
    principal = f"{holder}/{text_of(properties, f'{holder}Name', 'name') or address}"
    if holder is None:
        resources = around[-2] if len(around) > 1 else None
        principal = _held_in_pulumi(properties, resources) or ""
    about = About(
        name=address,
        holder=_ref(principal) if service == "iam" else None,
        address=address,
        split=_interpolated,
    )
    return _of_type(about, pointer, type_, properties)


def _in_stack(
    pointer: Pointer, resource: dict[str, Value], type_: tuple[str, str], part: str
) -> About:
    """Tell of a policy in a stack's state, whose values are final."""
    service, thing = type_
    values = resource.get(part)
    name = (text_of(resource, "urn") or "").rpartition("::")[2]
    holder = _HOLDERS.get(thing)
    principal = f"{holder}/{text_of(values, 'name', f'{holder}Name') or name}"
    if holder is None:
        principal = _held_in_pulumi(values, None) or ""
    about = About(
        name=text_of(values, "name") or name,
        holder=_ref(principal) if service == "iam" else None,
        address=name,
    )
    return _of_type(about, pointer, type_, values)


def _is_repeated(way: Pointer, around: tuple[Value, ...]) -> bool:
    """Tell what is also among the outputs, which are what is in force, or in the newer state.

    `way` leads to a property of the resource that is the last of those around.
    """
    *before, part, name = way
    outputs = member(around[-1], "outputs")
    if part == "inputs" and isinstance(outputs, dict) and outputs.get(str(name)):
        return True
    return bool(before) and before[-1] == "oldState" and member(around[-2], "newState") is not None


def _held_in_pulumi(properties: Value, resources: Value) -> str | None:
    """Return whom a policy names as its holder: by name, or by the resource that describes it."""
    for thing, kind in _HOLDERS.items():
        named = text_of(properties, thing.lower())
        if named is None:
            continue
        if found := _REFERENCE.fullmatch(named):
            described = resources.get(found[1]) if isinstance(resources, dict) else None
            own = text_of(member(described, "properties"), "name", f"{kind}Name")
            named = own or found[1]
        return f"{kind}/{named}"
    return None


def _of_type(about: About, pointer: Pointer, type_: tuple[str, str], properties: Value) -> About:
    """Add what the type of the resource tells of a property."""
    from iamlint.load import spellings  # noqa: PLC0415 - only manifests need the tables

    service, thing = type_
    if spellings.is_not_iam(service, thing, pointer):
        return replace(about, skip=f"policy of `{service}` `{thing}`, which is none of IAM's")
    row = spellings.row_of(service, thing, pointer)
    resource_type = _resource_type(service, thing) or (row.attached if row else None)
    about = replace(about, resource_type=resource_type, is_certain=row is not None)
    if row is None or row.discriminator is None:
        return replace(about, kind=row.kind if row else _kind(pointer, service, thing))
    chosen = text_of(properties, row.discriminator.capitalize()) or next(iter(row.kinds))
    if chosen in row.kinds or "$" in chosen:
        return replace(about, kind=row.kinds.get(chosen))
    return replace(about, skip=f"policy of type `{chosen}`, which is none of IAM's")


def _kind(pointer: Pointer, service: str, thing: str) -> Kind | None:
    if any(str(step).lower().startswith("assumerole") for step in pointer):
        return Kind.TRUST
    if service in ("iam", "ssoadmin", "iot"):
        return Kind.IDENTITY
    if thing.lower().startswith("vpcendpoint"):
        return Kind.ENDPOINT
    return None if service == "organizations" else Kind.RESOURCE


def _resource_type(service: str, thing: str) -> str | None:
    types = _TYPES.get(service, {})
    return types.get(thing) or types.get(thing.removesuffix("Policy"))


def _interpolated(text: str) -> Iterator[str | Unknown]:
    """Part a string of Pulumi at `${…}`; `$${` is a plain `${`."""
    done = 0
    while (start := text.find("${", done)) >= 0:
        if start and text[start - 1] == "$":
            yield text[done : start - 1] + "${"
            done = start + 2
            continue
        end = placeholder_end(text, start)
        if end is None:
            break
        if start > done:
            yield text[done:start]
        yield Unknown(text[start:end])
        done = end
    if done < len(text):
        yield text[done:]


def _formatted(text: str) -> Iterator[str | Unknown]:
    """Part a format string of a Crossplane composition at its verbs."""
    done = 0
    for verb in _FORMAT.finditer(text):
        if verb.start() > done:
            yield text[done : verb.start()]
        yield "%" if verb[0] == "%%" else Unknown(verb[0])
        done = verb.end()
    if done < len(text):
        yield text[done:]
