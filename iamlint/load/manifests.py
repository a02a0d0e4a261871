"""Policies in Kubernetes manifests (Crossplane, ACK), Pulumi programs in YAML, and Serverless.

https://docs.crossplane.io/, https://aws-controllers-k8s.github.io/community/,
https://www.pulumi.com/docs/iac/languages-sdks/yaml/
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iamlint.load.about import About, member, text_of
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


def describe(pointer: Pointer, around: tuple[Value, ...]) -> About | None:
    """Tell what the resource around a policy says of it."""
    for index in range(len(around) - 1, -1, -1):
        value = around[index]
        if not isinstance(value, dict):
            continue
        if pointer[-1] == "fmt" and value.get("kind") == "Composition":
            return About(split=_formatted)
        if "apiVersion" in value and (group := _matched(_GROUP, value["apiVersion"])):
            return _kubernetes(pointer, value, group[1], text_of(value, "kind") or "")
        if "properties" in value and (found := _matched(_PULUMI, value.get("type"))):
            address = pointer[index - 1] if index else None
            return _pulumi(pointer, around[: index + 1], (found[1], found[2]), str(address))
    return None


def _matched(pattern: re.Pattern[str], value: Value) -> re.Match[str] | None:
    return pattern.fullmatch(value) if isinstance(value, str) else None


def _kubernetes(pointer: Pointer, value: dict[str, Value], service: str, thing: str) -> About:
    metadata = member(value, "metadata")
    address = text_of(metadata, "name")
    external = text_of(member(metadata, "annotations"), "crossplane.io/external-name")
    spec = member(value, "spec")
    provided = member(spec, "forProvider") or spec
    name = external or text_of(provided, "name") or address
    holder = _HOLDERS.get(thing)
    principal = f"{holder}/{name}" if holder and service == "iam" else _held_by(provided)
    return About(
        _kind(pointer, service, thing),
        name,
        principal=principal if service == "iam" else None,
        resource_type=_resource_type(service, thing),
        address=f"{thing}/{address}" if address else thing,
    )


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
    return About(
        _kind(pointer, service, thing),
        address,
        principal=(principal or None) if service == "iam" else None,
        resource_type=_resource_type(service, thing),
        address=address,
        split=_interpolated,
    )


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
