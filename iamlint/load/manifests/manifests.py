"""Policies in manifests (Crossplane, ACK, eksctl), in Pulumi's programs in YAML and its stacks.

https://docs.crossplane.io/, https://aws-controllers-k8s.github.io/community/,
https://docs.aws.amazon.com/eks/latest/eksctl/iamserviceaccounts.html,
https://www.pulumi.com/docs/iac/languages-sdks/yaml/,
https://www.pulumi.com/docs/iac/cli/commands/pulumi_stack_export/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import replace
from iamlint.late_pattern import late_pattern
from iamlint.load import organization_types
from iamlint.load.document import Attachment, Cause, NotAnalysed
from iamlint.load.link import Held, shown
from iamlint.load.manifests import eksctl, kubernetes, pulumi
from iamlint.load.manifests.described import ManifestText
from iamlint.load.recognise.context import About, member, text_of
from iamlint.policy.grammar import Kind
from iamlint.text.source import Unknown

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from iamlint.load.document import Item
    from iamlint.load.link import Name
    from iamlint.load.manifests.described import Described
    from iamlint.load.manifests.spellings import Row
    from iamlint.text.source import Source, Value
    from iamlint.text.span import Pointer

_FORMAT: Final = late_pattern(r"%(?:\[[0-9]+\])?[sdv]|%%")
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
# Properties that name the resource of a policy, if the tables have none.
_TARGETS: Final = ("bucket", "bucketName", "queueUrl", "queues", "topics", "repositoryName")
# The keys above the resources of a stack: in an export, and in the file of a backend.
_DEPLOYED: Final = (("deployment", "resources"), ("checkpoint", "latest", "resources"))

_REPEATED: Final = "policies that the same export of Pulumi contains twice"


class Manifest:
    """The facts about policies and principals in a file of these formats."""

    def __init__(self, path: str, known_as: str, source: Source) -> None:
        self.file = ManifestText(path, known_as, source)
        self._programs: dict[Pointer, pulumi.Program] = {}

    def links(self) -> Iterator[Item]:
        """Yield the users, groups and roles that a file describes, and their links.

        Their policies with unknown texts are included.
        """
        several = self.file.source.value
        parts = enumerate(several) if isinstance(several, list) else [((), several)]
        for step, part in parts:
            at = step if isinstance(step, tuple) else (step,)
            if eksctl.is_cluster(part):
                yield from eksctl.links(self.file, at, part)
                continue
            for resource in self._resources(at, part):
                yield from resource.items()
                yield from _without_text(resource)

    def _resources(self, at: Pointer, value: Value) -> Iterator[Described]:
        if not isinstance(value, dict):
            return
        if "apiVersion" in value:
            yield from kubernetes.objects(self.file, at, value)
        elif isinstance(value.get("resources"), dict):
            yield from self._program(at, value).all()
        for way in _DEPLOYED:
            deployed: Value = value
            for step in way:
                deployed = member(deployed, step)
            for number, resource in enumerate(deployed if isinstance(deployed, list) else ()):
                if (found := _type_of(resource)) and isinstance(resource, dict):
                    place = (*at, *way, number)
                    yield pulumi.Deployed(self.file, place, resource, found)

    def _program(self, at: Pointer, value: dict[str, Value]) -> pulumi.Program:
        if at not in self._programs:
            self._programs[at] = pulumi.Program(self.file, at, value)
        return self._programs[at]

    def describe(self, pointer: Pointer, around: tuple[Value, ...]) -> About | None:
        """Return the facts about a policy by the resource around it."""
        for index in range(len(around) - 1, -1, -1):
            value = around[index]
            if not isinstance(value, dict):
                continue
            if pointer[-1] == "fmt" and value.get("kind") == "Composition":
                return About(split=_formatted)
            if "apiVersion" in value and kubernetes.GROUP.fullmatch(str(value["apiVersion"])):
                return self._kubernetes(pointer, around[: index + 1])
            if eksctl.is_cluster(value):
                return eksctl.describe(self.file, pointer[:index], pointer[index:], value)
            if (found := _type_of(value)) and "properties" in value and index > 1:
                return self._pulumi(pointer, around[: index + 1])
            if found and "urn" in value:
                if _is_repeated(pointer[: index + 2], around[: index + 1]):
                    return About(skip=_REPEATED, cause=Cause.REPEATED)
                one = pulumi.Deployed(self.file, pointer[:index], value, found)
                return _of_type(_about(one, shown(one.name())), pointer, one)
        return None

    def _kubernetes(self, pointer: Pointer, around: tuple[Value, ...]) -> About:
        value = around[-1] if isinstance(around[-1], dict) else {}
        above = next((v for v in reversed(around) if isinstance(v, dict) and "base" in v), None)
        at = pointer[: len(around) - 1]
        one = kubernetes.Manifested(self.file, at, value, above)
        named = text_of(member(value, "metadata"), "name")
        about = _about(one, shown(one.name()) if one.is_named else named)
        about = replace(about, address=f"{one.thing}/{named}" if named else one.thing)
        return _of_type(about, pointer, one)

    def _pulumi(self, pointer: Pointer, around: tuple[Value, ...]) -> About | None:
        index = len(around) - 1
        whole = around[index - 2]
        program = self._program(pointer[: index - 2], whole if isinstance(whole, dict) else {})
        one = program.resource(str(pointer[index - 1]))
        if one is None:
            return None
        return _of_type(replace(_about(one, one.label), split=program.pieces), pointer, one)


def _type_of(value: Value) -> re.Match[str] | None:
    type_ = value.get("type") if isinstance(value, dict) else None
    return pulumi.TYPE.fullmatch(type_) if isinstance(type_, str) else None


def _without_text(one: Described) -> Iterator[NotAnalysed]:
    """Yield the policies of a resource whose whole text is elsewhere."""
    for name, value in one.values.items():
        if not isinstance(value, str) or not isinstance(one.text(value), Unknown):
            continue
        about = _of_type(_about(one, one.label), (*one.at, name), one)
        if about.is_certain and about.kind is not None and about.skip is None:
            yield NotAnalysed(
                one.file.path,
                (*one.at, name),
                f"policy that `{value}` gives, which is not known",
                kind=about.kind,
                attachment=Attachment(
                    holders=tuple(map(Held, about.holders)),
                    resource_type=about.resource_type,
                    arn=about.arn,
                    address=about.address,
                    scope=about.scope,
                    policy_arn=about.policy_arn,
                ),
            )


def _about(one: Described, name: str | None) -> About:
    return About(
        name=name,
        holders=one.holders(),
        policy_arn=one.arn() if one.is_managed_policy else None,
        address=one.label,
        scope=one.scope,
    )


def _is_repeated(way: Pointer, around: tuple[Value, ...]) -> bool:
    """Return whether the outputs, which are in force, or the newer state have the same policy.

    `way` leads to a property of the resource that is the last of those around.
    """
    *before, part, name = way
    outputs = member(around[-1], "outputs")
    if part == "inputs" and isinstance(outputs, dict) and outputs.get(str(name)):
        return True
    return bool(before) and before[-1] == "oldState" and member(around[-2], "newState") is not None


def _of_type(about: About, pointer: Pointer, one: Described) -> About:
    """Return the facts, with those that the type of the resource adds for a property."""
    from iamlint.load.manifests import spellings  # noqa: PLC0415 - only manifests need the tables

    service, thing = one.service, one.thing
    if spellings.is_not_iam(service, thing, pointer):
        return replace(about, skip=f"policy of `{service}` `{thing}`, not an IAM policy")
    row = spellings.row_of(service, thing, pointer)
    resource_type = _resource_type(service, thing) or (row.attached if row else None)
    about = replace(about, resource_type=resource_type, is_certain=row is not None)
    if service == "organizations":
        about = replace(about, policy_arn=one.id_of_policy())
    if row is None or row.discriminator is None:
        kind = row.kind if row else _kind(pointer, service, thing)
        is_on_resource = kind in (Kind.RESOURCE, Kind.ENDPOINT)
        return replace(about, kind=kind, arn=_stands_on(one, row) if is_on_resource else None)
    chosen = text_of(dict(one.values), row.discriminator.capitalize()) or next(iter(row.kinds))
    if chosen in row.kinds or "$" in chosen:
        return replace(about, kind=row.kinds.get(chosen))
    return replace(about, skip=organization_types.reason(chosen))


def _stands_on(one: Described, row: Row | None) -> Name | None:
    """Return the ARN of the resource that has a policy: itself, or one that it names."""
    from iamlint.load.manifests import spellings  # noqa: PLC0415 - the same

    if not one.thing.endswith(("Policy", "Permission")):
        return one.arn()
    target = row.target if row else ""
    named = target[:1] if isinstance(target, tuple) else (target,)
    spelt = tuple(spellings.spelt(name[:1].lower() + name[1:]) for name in named if name)
    return one.target((*spelt, *_TARGETS))


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


def _formatted(text: str) -> Iterator[str | Unknown]:
    """Yield the parts of a format string of a Crossplane composition; verbs are unknown."""
    done = 0
    for verb in _FORMAT.finditer(text):
        if verb.start() > done:
            yield text[done : verb.start()]
        yield "%" if verb[0] == "%%" else Unknown(verb[0])
        done = verb.end()
    if done < len(text):
        yield text[done:]
