"""Visits the resources of a template and finds all policies in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.load import organization_types
from iamlint.load.cloudformation import attach, holders, inclusions, sam, stack_sets
from iamlint.load.cloudformation.exports import bindings
from iamlint.load.cloudformation.promising import (
    children,
    is_policy,
    is_text,
    is_yaml_of_policies,
    may_be_policy,
)
from iamlint.load.cloudformation.readings import (
    Resolved,
    Spot,
    are_all_read,
    assemble_policy,
    complete,
    in_one_case,
    open_conditions,
    readings,
    wrap_statements,
)
from iamlint.load.cloudformation.resolve import Resolver
from iamlint.load.cloudformation.subjects import subjects_of
from iamlint.load.cloudformation.table import Reached, Row, reach, table
from iamlint.load.cloudformation.template import MAX_MADE, Template
from iamlint.load.document import Attachment, Cause, Certainty, Document, NotAnalysed
from iamlint.load.file_value import Subject
from iamlint.load.link import Link, Node
from iamlint.load.permissions import forms
from iamlint.load.recognise import detect, hints
from iamlint.load.unread import signs
from iamlint.load.workload import Workload
from iamlint.policy.grammar import Kind
from iamlint.text.source import Partial, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from iamlint.load.cloudformation.resources import Resource
    from iamlint.load.document import Item
    from iamlint.load.find.files import File
    from iamlint.text.source import Value
    from iamlint.text.span import Pointer


@dataclass(frozen=True, slots=True)
class Found:
    """A policy that was found: its place, kind and attachment.

    Its holder or resource exists on the `own` condition only.
    """

    spot: Spot
    kind: Kind
    name: str | None = None
    certainty: Certainty = Certainty.TABLE
    attachment: Attachment = Attachment()
    shape: str = "document"
    own: str | None = None


@dataclass(slots=True)
class TemplateWalk:
    """One walk through one template.

    `found` has the items at each place. A walk through `only` some places finds policies alone.
    """

    file: File
    template: Template
    only: Mapping[Pointer, AbstractSet[Pointer]] | None = None
    found: dict[Pointer, dict[Pointer, list[Item]]] = field(default_factory=dict)
    seen: set[tuple[NotAnalysed, Kind | None, Attachment]] = field(default_factory=set)

    def items(self) -> Iterator[Item]:
        """Yield the policies, resource by resource, and the items not analysed, each once."""
        for item in self._all():
            if isinstance(item, NotAnalysed):
                known = item, item.kind, item.attachment
                if known in self.seen:
                    continue
                self.seen.add(known)
            yield item
        if self.template.made > MAX_MADE:
            reason = f"its functions make more than {MAX_MADE:,} characters"
            yield NotAnalysed(self.file.path, self.template.root, reason)

    def _all(self) -> Iterator[Item]:
        transform = self.template.members().get(inclusions.TRANSFORM)
        if transform is not None and inclusions.find_included(transform) is None:
            place = (*self.template.root, "Resources", inclusions.TRANSFORM)
            yield self.left_out(place, f"resources that `{inclusions.TRANSFORM}` brings in")
        connectors = list(sam.connectors(self.template))
        self.template.connected = frozenset(name for one in connectors for name in one.roles)
        for one in connectors:
            yield self.left_out(one.at, "policies that SAM makes for a connector")
        yield from holders.of_connectors(self.file.path, self.template)
        for resource in (*sam.globals_of(self.template), *self.template.resources()):
            if self.only is None or self.only.get(resource.at):
                found = self.found.setdefault(resource.at, {})
                items = self._of_resource(resource)
                for at, item in attach.with_metadata(self.template, resource, items):
                    found.setdefault(at, []).append(item)
                    yield item
        if self.only is None:
            yield from bindings(self.template)

    def _of_resource(self, resource: Resource) -> Iterator[tuple[Pointer, Item]]:
        """Yield the items at each place of a resource."""
        claimed: set[Pointer] = set()
        only = None if self.only is None else self.only[resource.at]
        given = {**self.template.decided, **resource.given}
        start = Reached((*resource.at, "Properties"), dict(resource.properties), given)
        if resource.is_global:
            start = replace(start, at=resource.at)
        if inclusions.TRANSFORM in resource.properties and len(resource.properties) > 1:
            at = (*start.at, inclusions.TRANSFORM)
            yield from ((at, item) for item in self._brought_in(resource, at))
        for row in table().rows.get(resource.type, ()):
            for reached in reach(start, row.path):
                if reached.at not in claimed:
                    claimed.add(reached.at)
                    if only is None or reached.at in only:
                        yield from ((reached.at, i) for i in self._of_row(resource, row, reached))
        is_set = resource.type == stack_sets.STACK_SET
        for at, inner in stack_sets.inner_templates(self.template, resource) if is_set else ():
            claimed.add(at)
            if only is None or at in only:
                items = TemplateWalk(self.file, inner).items()
                yield from ((at, _within(at, item)) for item in items)
        for path in table().not_iam.get(resource.type, ()):
            claimed.update(reached.at for reached in reach(start, path))
        if only is None or start.at in only:
            yield from ((start.at, i) for i in self._elsewhere(resource, start, claimed))
        if only is None:
            of = self.file.path, self.template, resource
            every: list[Item] = [*holders.items(*of, start), *subjects_of(*of)]
            if self.file.workloads:
                from iamlint.load.cloudformation.workloads import workloads_of  # noqa: PLC0415 - few runs ask for it

                every += workloads_of(*of, start)
            yield from ((start.at, item) for item in every)

    def _brought_in(self, resource: Resource, at: Pointer) -> Iterator[NotAnalysed]:
        """Yield the policies that a resource may have from a macro."""
        brought_in = self.left_out(at, f"properties that `{inclusions.TRANSFORM}` brings in")
        found = [
            replace(brought_in, kind=row.kind, attachment=about)
            for row in table().rows.get(resource.type, ())
            if row.kind in (Kind.RESOURCE, Kind.TRUST) and row.discriminator is None
            if row.path and row.path[0] not in resource.properties
            for about in attach.attachments(self.template, resource, row, row.kind)
        ]
        yield from found or [brought_in]

    def _of_row(self, resource: Resource, row: Row, reached: Reached) -> Iterator[Item]:
        """Yield the policies of the node that a row of the table leads to."""
        kind = self.kind(row, resource)
        if reached.blocked:
            left_out = self.left_out(reached.at, f"`{reached.blocked}` is not known")
            if isinstance(kind, Kind):
                for about in attach.attachments(self.template, resource, row, kind):
                    yield replace(left_out, kind=kind, attachment=about)
            else:
                yield left_out
            return
        if isinstance(kind, Unknown):
            yield self.left_out(reached.at, f"`{row.discriminator}` is not known: `{kind.text}`")
        if not isinstance(kind, Kind):
            yield from organization_types.not_judged(kind, self.file.path, reached.at)
            return
        first, *others = attach.attachments(self.template, resource, row, kind)
        items = list(self._of_kind(resource, row, reached, kind, first))
        yield from items
        for about in others:
            for item in items:
                if isinstance(item, Document) or item.kind is not None:
                    yield replace(item, attachment=about)

    def _of_kind(
        self, resource: Resource, row: Row, reached: Reached, kind: Kind, attachment: Attachment
    ) -> Iterator[Document | NotAnalysed]:
        name = attach.name(self.template, resource, row, reached.parent)
        if row.shape == "sam_policies":
            yield from self._sam(resource, reached, name, attachment)
            return
        value = reached.value
        if (form := forms().get(row.shape)) and isinstance(value, dict):
            value = {name_: part for name_, part in value.items() if name_ in form.elements}
        spot = Spot(reached.at, value, reached.given, resource.loops)
        own, shape = resource.condition, row.shape
        yield from self.documents(
            Found(spot, kind, name, attachment=attachment, shape=shape, own=own)
        )

    def kind(self, row: Row, resource: Resource) -> Kind | Unknown | str | None:
        """Return the kind of the policy of a row; its type, as text, if it is not an IAM policy."""
        if row.discriminator is None:
            return row.kind
        value: Value = dict(resource.properties)
        for step in row.discriminator.split("/"):
            value = value.get(step) if isinstance(value, dict) else None
        text = Resolver(self.template, loops=resource.loops).text(value)
        if isinstance(text, str):
            return row.kinds.get(text, text)
        return text if isinstance(text, Unknown) else Unknown(str(text))

    def _sam(
        self, resource: Resource, reached: Reached, name: str | None, attachment: Attachment
    ) -> Iterator[Document | NotAnalysed]:
        spot = Spot(reached.at, reached.value, reached.given, resource.loops)
        found = Found(spot, Kind.IDENTITY, name, attachment=attachment, own=resource.condition)
        for node in sam.policies(reached):
            if node.blocked or isinstance(node.value, str | Partial):
                if sam.speaks_of_a_policy(node.value):
                    yield self.left_out(node.at, sam.NO_NAME)
                continue  # the name of a managed policy
            spot = Spot(node.at, node.value, node.given, resource.loops)
            made = sam.expand_template(self.template, spot)
            if isinstance(made, Resolved):
                made = in_one_case(self.template, spot, made, found.own)
                document = self._document(found, made)
                of_sam = self._document(found, sam.generate_policy(self.template, spot))
                if isinstance(document, Document) and isinstance(of_sam, Document):
                    document = replace(document, generated=of_sam)
                yield document
            elif made is not None:
                yield self.left_out(node.at, made)
            else:
                yield from self.documents(replace(found, spot=spot))

    def documents(self, found: Found) -> Iterator[Document | NotAnalysed]:
        """Yield a policy in each of its readings."""
        if location := inclusions.find_included(found.spot.value):
            yield from self._included(found, location)
            return
        if path := detect.path_of_another(found.spot.value):
            reason = f"another tool inserts the text of `{path}` here"
            yield self._whole(found, found.spot.at, reason)
            return
        names = open_conditions(found.spot)
        if not are_all_read(names):
            reason = "depends on many conditions: not every combination is evaluated"
            yield self.left_out(found.spot.at, reason)
        for bare in readings(self.template, found.spot, names, found.own):
            if found.shape in forms():
                yield from self._assembled(found, bare)
                continue
            reading = _shaped(bare, found.shape)
            hidden = list(reading.unknown())
            for to, text in hidden:
                place = (*bare.at, *(to if reading is bare else to[1:]))
                reason = f"`{text}` is not known"
                yield self.left_out(place, reason) if to else self._whole(found, place, reason)
            if () not in dict(hidden):
                yield self._document(found, reading)

    def _included(self, found: Found, location: str) -> Iterator[Document | NotAnalysed]:
        """Yield a policy in a file that the template includes."""
        file = inclusions.linked_file(self.file, location)
        source = inclusions.source_of(file) if file else None
        if file is None or source is None or inclusions.find_included(source.value) is not None:
            problem = "cannot be read" if source is None else "includes another"
            yield self._whole(found, found.spot.at, f"fragment `{location}`, which {problem}")
            return
        template = Template(source, (), {}, is_native=inclusions.is_native(source))
        template.path, template.known_as = file.path, file.tree.known_as(file.path)
        template.includer = self.template
        template.parameters, template.decided = self.template.parameters, self.template.decided
        spot = replace(found.spot, at=(), value=source.value)
        yield from TemplateWalk(file, template).documents(replace(found, spot=spot))

    def _assembled(self, found: Found, bare: Resolved) -> Iterator[Document | NotAnalysed]:
        """Yield the policy that the properties of a resource describe."""
        made = assemble_policy(bare, forms()[found.shape], found.attachment.arn)
        if made is not None:
            attachment = replace(found.attachment, arn=made[1])
            document = self._document(replace(found, attachment=attachment), made[0])
            if isinstance(document, Document):
                document = replace(document, borrowed=True, joins=True)
            yield document

    def _document(self, found: Found, reading: Resolved) -> Document | NotAnalysed:
        value = reading.source.value
        if reading.source.readable and detect.is_stack_policy(value):
            reason = "CloudFormation stack policy, not an IAM policy"
            return replace(self.left_out(reading.at, reason), cause=Cause.NOT_IAM)
        return Document(
            self.file.path,
            reading.source,
            reading.at,
            (),
            found.kind,
            name=found.name,
            certainty=found.certainty,
            attachment=found.attachment,
            readings=reading.readings,
            cases=reading.cases,
            problems=reading.problems,
            joins=found.shape == "statement",
        )

    def _elsewhere(
        self, resource: Resource, start: Reached, claimed: set[Pointer]
    ) -> Iterator[Item]:
        """Yield the policies by shape in properties that are not in the table."""
        todo: list[tuple[Pointer, Value]] = [(start.at, start.value)]
        while todo:
            at, value = todo.pop()
            if at in claimed:
                continue
            if at[-1] == stack_sets.BODY and is_yaml_of_policies(value):
                yield self.left_out(at, "template in a string")
            if (*at, "Statement") not in claimed and may_be_policy(value, at):
                items = list(self._generic(resource, start, at, value))
                if items:
                    yield from items
                    continue
            if isinstance(value, dict) and signs.are_in_object(value):
                yield self.left_out(at, signs.STATEMENT)
                continue
            if signs.are_in_text(value):
                yield self.left_out(at, signs.TEXT)
            todo += reversed(children(value, at))

    def _generic(
        self, resource: Resource, start: Reached, at: Pointer, value: Value
    ) -> Iterator[Item]:
        spot = Spot(at, value, start.given, resource.loops)
        for bare in readings(self.template, spot):
            reading = complete(bare) if resource.is_custom else bare
            inner = reading.source.value
            if not reading.source.readable and not hints.is_in_table(at):
                yield self.left_out(at, "contains statements, but is not JSON")
            elif not reading.source.readable or is_policy(inner, at):
                yield self._document(self._inferred(resource, spot, inner), reading)
            elif is_text(value, at):
                yield from self._inside(resource, spot, reading)

    def _inferred(self, resource: Resource, spot: Spot, value: Value, at: Pointer = ()) -> Found:
        """Return a policy by shape, with kind and type by its content and its place."""
        kind = detect.kind_of(value, self.file.path, (*spot.at, *at))
        type_ = detect.resource_type_of(value) if kind is Kind.RESOURCE else None
        attachment = Attachment(address=resource.logical or None, resource_type=type_)
        return Found(spot, kind, None, Certainty.SHAPE, attachment)

    def _inside(self, resource: Resource, spot: Spot, reading: Resolved) -> Iterator[Item]:
        """Yield the policies in a JSON string that is more than a policy."""
        todo: list[tuple[Pointer, Value]] = [((), reading.source.value)]
        while todo:
            at, value = todo.pop()
            if not isinstance(value, dict) or not detect.is_policy(value):
                todo += reversed(children(value, at))
            elif detect.has_functions(value):
                yield self.left_out((*spot.at, *at), "policy of a template in a string")
            else:
                found = self._document(self._inferred(resource, spot, value, at), reading)
                if isinstance(found, Document):
                    found = replace(found, pointer=(*reading.at, *at), root=at)
                yield found

    def _whole(self, found: Found, at: Pointer, reason: str) -> NotAnalysed:
        return replace(self.left_out(at, reason), kind=found.kind, attachment=found.attachment)

    def left_out(self, at: Pointer, reason: str) -> NotAnalysed:
        return NotAnalysed(self.file.path, at, reason)


def _within(at: Pointer, item: Item) -> Item:
    """Return an item of a template in a string; no fix edits a text inside of another."""
    if not isinstance(item, Document | Subject | NotAnalysed | Node | Link | Workload):
        return item
    moved = replace(item, pointer=(*at, *item.pointer))
    return replace(moved, borrowed=True) if isinstance(moved, Document) else moved


def _shaped(reading: Resolved, shape: str) -> Resolved:
    """Return a policy of bare statements."""
    value = reading.source.value
    if shape == "document" or not reading.source.readable:
        return reading
    if not isinstance(value, dict | list) or "Statement" in value:
        return reading
    if shape == "ram_template" and isinstance(value, dict):
        # https://docs.aws.amazon.com/ram/latest/userguide/create-customer-managed-permissions.html
        value = {**value, "Principal": Unknown("…"), "Resource": Unknown("…")}
    return wrap_statements(reading, value)
