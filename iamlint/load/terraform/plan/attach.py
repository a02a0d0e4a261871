"""The attachments of a policy of a plan or a state."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import replace
from iamlint.load.document import Attachment
from iamlint.load.link import Held
from iamlint.load.manifests.queue_url import queue_arn
from iamlint.load.permissions import forms
from iamlint.load.terraform.aws.linking import HELD_BY, MANAGED, PRINCIPALS
from iamlint.load.terraform.aws.network import network_of
from iamlint.load.terraform.aws.table import rows_of, shape_of, table
from iamlint.load.terraform.plan.body import PlanBody

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iamlint.load.link import Name
    from iamlint.load.terraform.aws.row import AttributeRow
    from iamlint.load.terraform.language.node import Text
    from iamlint.load.terraform.plan.identity_center import PermissionSets
    from iamlint.load.terraform.plan.instances import Instance
    from iamlint.load.terraform.plan.names import Candidate, InstanceNames
    from iamlint.load.terraform.plan.targets import Targets
    from iamlint.policy.network import Network

_INSTANCES: Final = 64
_BUCKET: Final = "AWS::S3::Bucket"
_DIRECTORY_BUCKET: Final = "AWS::S3Express::DirectoryBucket"
# Resources that have two types of the same name.
_SAME: Final = {"AWS::Elasticsearch::Domain": "AWS::OpenSearchService::Domain"}


class Attachments:
    """The attachments of the policies of one plan or state."""

    def __init__(
        self,
        text: Text,
        names: InstanceNames,
        targets: Targets,
        sets: PermissionSets,
        instances: Sequence[Instance],
    ) -> None:
        self.text = text
        self.names = names
        self.targets = targets
        self.sets = sets
        self._all = instances
        self._named: dict[tuple[str, str], list[Instance]] | None = None

    def of(self, instance: Instance, row: AttributeRow) -> list[Attachment]:
        """Return the attachments of the policy of a row: one for each possible resource."""
        one = Attachment(
            holders=tuple(self._holders(instance)),
            resource_type=row.attached,
            address=instance.address,
            scope=self.names.scope,
            policy_arn=self.names.arn(instance) if instance.type in MANAGED else None,
            targets=self.targets.of(instance),
        )
        if instance.type in PRINCIPALS and not instance.is_data:
            return [replace(one, arn=self.names.arn(instance))]
        if row.target == "@":
            network = self._network(instance, row)
            return [replace(one, arn=self.names.arn(instance), network=network)]
        if not row.target:
            return [one]
        found = [self._on(one, each, instance, row) for each in self._resources(instance, row)]
        return found or [one]

    @cached_property
    def apart(self) -> frozenset[Instance]:
        """The instances whose policy is a separate resource."""
        return frozenset(
            one.owner
            for instance in self._all
            for row in rows_of(instance.type, data=instance.is_data)
            if row.target not in ("", "@") and row.shape not in forms()
            for one in self._resources(instance, row)
            if one.owner is not None and not one.given
        )

    def _on(
        self, one: Attachment, each: Candidate, instance: Instance, row: AttributeRow
    ) -> Attachment:
        type_ = row.attached
        if each.owner is not None:
            network = self._network(each.owner, row)
            is_directory = _resource(each.owner) == _DIRECTORY_BUCKET
            return replace(
                one,
                arn=self.names.arn(each.owner),
                given=each.given,
                network=network,
                resource_type=_DIRECTORY_BUCKET if is_directory else type_,
            )
        is_directory = isinstance(each.name, str) and each.name.endswith("--x-s3")
        if is_directory and type_ == _BUCKET:
            type_ = _DIRECTORY_BUCKET
        arn = self._arn(each.name, instance, row, type_ or "")
        return replace(one, arn=arn, given=each.given, resource_type=type_)

    def _network(self, instance: Instance, row: AttributeRow) -> Network:
        body = PlanBody(self.text, instance.at, instance.values, instance.unknown)
        return network_of(body, row.attached)

    def _holders(self, instance: Instance) -> Iterator[Held]:
        """Yield the principal of an instance, or the holders of its policy, with conditions."""
        if instance.is_data:
            return
        if instance.type in PRINCIPALS:
            yield Held(self.names.ref(instance))
        for attribute, thing in HELD_BY.get(instance.type, {}).items():
            for who, given in self.names.refs(instance, attribute, thing):
                yield Held(who, given)
        yield from self.sets.holders(instance)

    def _resources(self, instance: Instance, row: AttributeRow) -> Iterator[Candidate]:
        """Yield the resources that an attribute names, with the instances described in the file."""

        def pick(of: Instance) -> Name | None:
            return self.names.arn(of) if _is_of(of, row) else None

        for one in self.names.named(instance, row.target, pick):
            if one.owner is not None or not isinstance(one.name, str):
                yield one
                continue
            found = self._of_name(row.attached or "", one.name)
            key = self.names.providers.key(instance)
            found = [of for of in found if self.names.providers.key(of) == key] or found
            if not found or len(found) > _INSTANCES:
                yield one
                continue
            for of in found:
                more = {self.names.condition(instance, str(self.names.arn(of)), None)}
                yield replace(
                    one, owner=of, given=one.given | more if len(found) > 1 else one.given
                )

    def _of_name(self, type_: str, name: str) -> list[Instance]:
        """Return the instances of a type by a name, an id, an ARN or a URL."""
        if self._named is None:
            self._named = {}
            for instance in self._all:
                resource = None if instance.is_data else _resource(instance)
                every = {instance.text(attribute) for attribute in _naming(instance)}
                for text in filter(None, every if resource else ()):
                    self._named.setdefault((resource or "", text), []).append(instance)
        return self._named.get((type_, name), [])

    def _arn(self, name: Name, instance: Instance, row: AttributeRow, type_: str) -> Name | None:
        """Return the ARN of a resource that a policy names and the file does not describe."""
        if not isinstance(name, str):
            return name
        if name.startswith("arn:"):
            return name
        if row.target == "queue_url" or "://" in name:
            return queue_arn(name)
        shape = table().by_resource.get(type_)
        if shape is None or ":" in name:
            return None
        return self.names.built(shape, instance, name)


def _naming(instance: Instance) -> tuple[str, ...]:
    shape = shape_of(instance.type)
    if shape is None:
        return ()
    return tuple(filter(None, (shape.name, *shape.same, shape.get, "arn", "id", "url")))


def _resource(instance: Instance) -> str | None:
    shape = shape_of(instance.type)
    return None if shape is None else _SAME.get(shape.resource, shape.resource)


def _is_of(instance: Instance, row: AttributeRow) -> bool:
    resource = _resource(instance)
    is_bucket = row.attached == _BUCKET and resource == _DIRECTORY_BUCKET
    return resource is not None and (resource == row.attached or is_bucket)
