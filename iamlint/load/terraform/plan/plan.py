"""Plans and states in the output of `terraform show -json`, and the state file itself.

https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, NamedTuple

from iamlint.fast_dataclass import dataclass, replace
from iamlint.load import organization_types
from iamlint.load.document import Attachment, Certainty, Document, NotAnalysed
from iamlint.load.permissions import forms
from iamlint.load.recognise import detect
from iamlint.load.terraform.aws import cloudformation_stacks
from iamlint.load.terraform.aws.openapi import OF_AN_API, unwrap
from iamlint.load.terraform.aws.permissions import assemble_policy, gather
from iamlint.load.terraform.aws.policy_document import TYPE, policy_document
from iamlint.load.terraform.aws.table import not_iam, rows_of
from iamlint.load.terraform.language.node import Text
from iamlint.load.terraform.language.write import written
from iamlint.load.terraform.plan.body import PlanBody, node_of, part
from iamlint.load.terraform.plan.linked import Linked
from iamlint.load.terraform.plan.subjects import subjects_of
from iamlint.load.unread import signs
from iamlint.text.embed import embedded_yaml, read_embedded
from iamlint.text.source import value_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.load.document import Item
    from iamlint.load.find.files import File
    from iamlint.load.permissions import ElementNames
    from iamlint.load.terraform.aws.row import AttributeRow
    from iamlint.load.terraform.language.block import Path
    from iamlint.load.terraform.plan.instances import Instance
    from iamlint.policy.grammar import Kind
    from iamlint.text.source import Source, Value
    from iamlint.text.span import Pointer


def is_plan(value: dict[str, Value]) -> bool:
    """Return whether a value is a plan or a state, by its members."""
    is_shown = "format_version" in value and bool(_SHOWN & value.keys())
    return is_shown or ("lineage" in value and isinstance(value.get("resources"), list))


_SHOWN: Final = frozenset({"planned_values", "resource_changes", "values"})


def items(file: File, source: Source, at: Pointer, value: dict[str, Value]) -> Iterator[Item]:
    """Yield each policy once, after the changes of a plan or in a state, and all links."""
    text = Text(file.path, source)
    linked = Linked(text, at, value, os.path.dirname(file.tree.known_as(file.path)) or os.curdir)
    plan = _Plan(file, source, text, _uses(value), linked, _takers(linked))
    for instance in linked.instances:
        yield from plan.of_resource(instance)
        yield from linked.items(instance)
        yield from subjects_of(file.path, source, instance)
        if file.workloads:
            from iamlint.load.terraform.plan.workloads import workloads_of  # noqa: PLC0415 - few runs ask for it

            yield from workloads_of(text, linked.names, instance)
    yield from linked.targets.not_described()


@dataclass(frozen=True, slots=True)
class _Use:
    """The use of the policy of a data source; `kind` is None if an unknown value decides it."""

    row: AttributeRow
    kind: Kind | None


def _uses(value: dict[str, Value]) -> dict[str, _Use]:
    """Return the uses of the policies of data sources, by address."""
    found: dict[str, _Use] = {}
    match value.get("configuration"):
        case {"root_module": {"resources": list(resources)}}:
            for resource in resources:
                match resource:
                    case {"type": str(type_), "expressions": dict(expressions)}:
                        for row in rows_of(type_):
                            use = _Use(row, _kind(row, _constants(expressions)))
                            steps = (expressions.get(step) for step in row.path[:1])
                            for name in (n for step in steps for n in _references(step)):
                                found.setdefault(name, use)
    return found


@dataclass(frozen=True, slots=True)
class _Taker:
    """An instance whose policy is the JSON of a document that is known after apply."""

    instance: Instance
    row: AttributeRow
    kind: Kind

    @property
    def at(self) -> Pointer:
        return (*self.instance.at, *self.row.path)


class _Taken(NamedTuple):
    """A use of a document as a policy: its place, kind and attachments."""

    at: Pointer
    kind: Kind | None
    about: Attachment


def _takers(linked: Linked) -> dict[Instance, list[_Taker]]:
    """Return the instances that use the JSON of each document."""
    found: dict[Instance, list[_Taker]] = {}
    for instance in linked.instances if linked.is_plan else ():
        for row in rows_of(instance.type) if not instance.is_data else ():
            kind = _kind(row, instance.values)
            document = linked.document(instance, row.path[0]) if len(row.path) == 1 else None
            if document is not None and kind is not None:
                found.setdefault(document, []).append(_Taker(instance, row, kind))
    return found


def _constants(expressions: dict[str, Value]) -> dict[str, Value]:
    """Return the constant attributes of a configuration; those with references are `…`."""
    return {
        name: value.get("constant_value", "…")
        for name, value in expressions.items()
        if isinstance(value, dict)
    }


def _references(expression: Value) -> Iterator[str]:
    match expression:
        case {"references": list(names)}:
            yield from (name for name in names if isinstance(name, str))


@dataclass(frozen=True, slots=True)
class _Plan:
    file: File
    source: Source
    text: Text
    uses: Mapping[str, _Use]
    linked: Linked
    takers: Mapping[Instance, list[_Taker]]

    def of_resource(self, resource: Instance) -> Iterator[Item]:
        if resource.is_data and resource.type == TYPE:
            yield from self._document(resource)
            return
        claimed: set[Pointer] = set()
        for row in rows_of(resource.type, data=resource.is_data):
            if row.discriminator and part(resource.unknown, row.discriminator) is True:
                at = (*resource.at, row.discriminator)
                reason = f"`{resource.address}.{row.discriminator}` is known after apply"
                yield NotAnalysed(self.file.path, at, reason)
                claimed.update(at for at, _, _ in _reach(resource, row.path))
                continue
            kind = _kind(row, resource.values)
            if form := forms().get(row.shape):
                yield from self._assembled(resource, row, form)
                continue
            yield from self._hidden_blocks(resource, row, kind)
            at, type_ = (*resource.at, *row.path), resource.values.get(row.discriminator or "")
            yield from organization_types.not_judged(type_, self.file.path, at)
            is_current = kind is not None and not self.linked.is_apart(resource, row)
            for at, value, is_unknown in _reach(resource, row.path):
                claimed.add(at)
                if kind is not None and is_current and not self._is_gone(resource, at):
                    yield from self._policy(resource, row, kind, at, value, is_unknown=is_unknown)
        for at, source in self._template(resource):
            claimed.add(at)
            type_ = resource.text(cloudformation_stacks.TYPE)
            yield from cloudformation_stacks.items(
                self.file.path, source, at, type_, resource.address
            )
        for path in not_iam(resource.type):
            claimed.update(at for at, _, _ in _reach(resource, path))
        if not resource.is_data:
            yield from self._elsewhere(resource, claimed)

    def _template(self, resource: Instance) -> Iterator[tuple[Pointer, Source]]:
        """Yield the CloudFormation template, or the properties, in a string."""
        name = cloudformation_stacks.ATTRIBUTES.get(resource.type, "")
        at = (*resource.at, name)
        if isinstance(resource.values.get(name), str):
            found = read_embedded(self.source, at) or embedded_yaml(self.source, at)
            if found is not None and found.readable:
                yield at, found

    def _policy(
        self,
        resource: Instance,
        row: AttributeRow,
        kind: Kind,
        at: Pointer,
        value: Value,
        *,
        is_unknown: bool,
    ) -> Iterator[Item]:
        is_left = self.linked.follower.is_left_to_aws(resource, row.path[0])
        if is_unknown and not is_left and not self._is_taken(resource, row):
            reason = f"`{resource.address}.{row.path[-1]}` is known after apply"
            for about in self.linked.attachments(resource, row):
                yield NotAnalysed(self.file.path, at, reason, kind=kind, attachment=about)
        inner = self._inside(row, at, value) if isinstance(value, str) else None
        if inner is not None and row.shape == "openapi" and not inner.readable:
            yield NotAnalysed(self.file.path, at, "neither JSON nor YAML")
        elif inner is not None:
            for attachment in self.linked.attachments(resource, row):
                yield Document(
                    self.file.path,
                    inner,
                    at,
                    (),
                    kind,
                    name=resource.text("name"),
                    certainty=Certainty.TABLE,
                    attachment=attachment,
                )
        elif signs.are_in_text(value):
            yield self._stray(resource, at)

    def _hidden_blocks(
        self, resource: Instance, row: AttributeRow, kind: Kind | None
    ) -> Iterator[NotAnalysed]:
        """Yield the policies in blocks whose number is known after apply."""
        name, *rest = row.path
        is_open = bool(rest) and part(resource.unknown, name) is True
        if is_open and kind is not None and self.linked.follower.has(resource, name):
            reason = f"`{resource.address}.{name}` is known after apply"
            for about in self.linked.attachments(resource, row):
                at = (*resource.at, name)
                yield NotAnalysed(self.file.path, at, reason, kind=kind, attachment=about)

    def _is_gone(self, resource: Instance, at: Pointer) -> bool:
        """Return whether a policy is an old one that the plan removes."""
        inside = at[len(resource.at) : -1]
        value = value_at(dict(resource.values), inside)
        name = value.get("name") if inside and isinstance(value, dict) else None
        return isinstance(name, str) and self.linked.names.is_gone(resource, str(inside[0]), name)

    def _is_taken(self, resource: Instance, row: AttributeRow) -> bool:
        """Return whether a policy that is known after apply is the JSON of a document."""
        document = self.linked.document(resource, row.path[0]) if len(row.path) == 1 else None
        return document in self.takers

    def _stray(self, resource: Instance, at: Pointer) -> NotAnalysed:
        about = Attachment(address=resource.address)
        return NotAnalysed(self.file.path, at, signs.TEXT, attachment=about)

    def _assembled(
        self, resource: Instance, row: AttributeRow, form: ElementNames
    ) -> Iterator[Item]:
        """Yield the policy that attributes describe."""
        body = PlanBody(self.text, resource.at, resource.values, resource.unknown)
        for about in self.linked.attachments(resource, row):
            made, to = assemble_policy(written(gather(body, form), lambda _: True), form, about.arn)
            if made.value is not None:
                yield Document(
                    self.file.path,
                    made.source(self.text),
                    resource.at,
                    (),
                    row.kind,
                    certainty=Certainty.TABLE,
                    attachment=replace(about, arn=to),
                    problems=tuple(made.problems),
                    borrowed=True,
                    joins=True,
                )

    def _inside(self, row: AttributeRow, at: Pointer, value: str) -> Source | None:
        """Return the policy in a string."""
        inner = read_embedded(self.source, at)
        if row.shape == "openapi" and OF_AN_API not in value:
            return None
        if row.shape == "openapi" and (inner is None or not inner.readable):
            inner = embedded_yaml(self.source, at)
        if inner is None or not inner.readable or row.shape == "document":
            return inner
        text = Text(self.file.path, inner)
        policy = unwrap(node_of(text, inner.value, None, ()), row.shape)
        return written(policy, lambda _: True).source(text) if policy else None

    def _document(self, resource: Instance) -> Iterator[Item]:
        """Yield the policy of a data source that is read during apply."""
        if not resource.unknown or isinstance(resource.values.get("json"), str):
            return  # the resource that uses it has the complete policy
        node = policy_document(PlanBody(self.text, resource.at, resource.values, resource.unknown))
        made = written(node, lambda _: True)
        takers = self.takers.get(resource, [])
        use = self.uses.get(resource.address)
        type_ = use.row.attached if use else None
        alone = Attachment(resource_type=type_, address=resource.address)
        of_itself = _Taken(resource.at, use.kind if use else None, alone)
        every = [
            _Taken(taker.at, taker.kind, about)
            for taker in takers
            for about in self.linked.attachments(taker.instance, taker.row)
        ]
        for at, kind, about in every or [of_itself]:
            yield Document(
                self.file.path,
                made.source(self.text),
                at,
                (),
                kind or detect.kind_of(made.value, self.file.path, ()),
                certainty=Certainty.TABLE if kind else Certainty.SHAPE,
                attachment=about,
                problems=tuple(made.problems),
            )

    def _elsewhere(self, resource: Instance, claimed: set[Pointer]) -> Iterator[Item]:
        """Yield the policies by shape in attributes that are not in the table."""
        todo: list[tuple[Pointer, Value]] = [(resource.at, dict(resource.values))]
        while todo:
            at, value = todo.pop()
            if at in claimed:
                continue
            if isinstance(value, dict):
                todo += [((*at, name), child) for name, child in reversed(value.items())]
            elif isinstance(value, list):
                todo += [((*at, index), child) for index, child in enumerate(value)][::-1]
            elif detect.is_promising(value) or signs.are_in_text(value):
                inner = read_embedded(self.source, at)
                if inner is not None and inner.readable and detect.is_policy(inner.value):
                    kind = detect.kind_of(inner.value, self.file.path, at)
                    address = Attachment(address=resource.address)
                    found = Document(self.file.path, inner, at, (), kind, attachment=address)
                    yield replace(found, name=resource.text("name"))
                elif signs.are_in_text(value):
                    yield self._stray(resource, at)


def _kind(row: AttributeRow, values: Mapping[str, Value]) -> Kind | None:
    if row.discriminator is None:
        return row.kind
    value = values.get(row.discriminator)
    return row.kinds.get(value if isinstance(value, str) and value else row.default)


def _reach(resource: Instance, path: Path) -> Iterator[tuple[Pointer, Value, bool]]:
    """Yield the attributes at a path; blocks are lists of objects."""
    nodes: list[tuple[Pointer, Value, Value]] = [
        (resource.at, dict(resource.values), resource.unknown)
    ]
    for name in path:
        nodes = [
            ((*at, name), value.get(name), part(unknown, name))
            for parent, parents, hidden in nodes
            for at, value, unknown in _opened(parent, parents, hidden)
            if isinstance(value, dict)
        ]
    for at, value, unknown in nodes:
        yield at, value, unknown is True


def _opened(at: Pointer, value: Value, unknown: Value) -> list[tuple[Pointer, Value, Value]]:
    if isinstance(value, list):
        return [((*at, i), item, part(unknown, i)) for i, item in enumerate(value)]
    return [(at, value, unknown)]
