"""The policies of a module's folder as documents, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.load import clouds
from iamlint.load.defaults import different
from iamlint.load.document import Attachment, ByDefault, Cause, Certainty, Document, NotAnalysed
from iamlint.load.file_value import Cases
from iamlint.load.given import Taker
from iamlint.load.link import Node
from iamlint.load.permissions import forms
from iamlint.load.recognise import detect
from iamlint.load.terraform.alike import (
    add_document,
    add_linked,
    as_one,
    by_key,
    held_by_all,
    key_of_resource,
    places_elsewhere,
)
from iamlint.load.terraform.aws import attach, cloudformation_stacks, permission_sets, targets
from iamlint.load.terraform.aws.found import FoundPolicy, Readings
from iamlint.load.terraform.aws.identities import holders
from iamlint.load.terraform.aws.lookup import bindings
from iamlint.load.terraform.aws.permissions import assemble_policy
from iamlint.load.terraform.aws.provider import AWS
from iamlint.load.terraform.aws.subjects import subjects_of
from iamlint.load.terraform.defaults import with_defaults
from iamlint.load.terraform.language.filenames import is_module_file
from iamlint.load.terraform.language.groups import ModuleGroup, NamedFiles, asked_for, groups
from iamlint.load.terraform.language.limits import limits
from iamlint.load.terraform.language.shown import shown_by
from iamlint.load.terraform.language.write import written
from iamlint.load.terraform.own_values import own_values
from iamlint.load.terraform.walk import found_in
from iamlint.policy.grammar import Kind
from iamlint.text.source import key_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.load.document import Item
    from iamlint.load.file_value import Reading
    from iamlint.load.find.files import File
    from iamlint.load.terraform.aws.found import BlockPlace
    from iamlint.load.terraform.language.folder import Folder, ModuleFile
    from iamlint.load.terraform.language.module import Module
    from iamlint.load.terraform.language.node import Node as Found_
    from iamlint.load.terraform.language.node import Text
    from iamlint.load.terraform.language.write import Written
    from iamlint.text.source import Value
    from iamlint.text.span import Pointer

_Key: TypeAlias = tuple[str, int, int, Kind, str]
"""The place of a policy, its kind, and the type of its resource."""
_Place: TypeAlias = tuple[object, ...]
_PLACE: Final = 4  # of a key: the place and the kind
_BLOCK: Final = 3  # of a pointer: the type and the labels of a resource
_Case: TypeAlias = "tuple[Hashable, str, Hashable]"
"""The content of a policy, its resource or that it has holders, and its place."""


def items(files: Sequence[File]) -> Iterator[Item]:
    """Yield the policies of the asked files, and the items that are not analysed."""
    folders: list[NamedFiles] = []
    beside = {file.path for file in files if not is_module_file(file.path)}
    for asked in asked_for([file for file in files if file.path not in beside]):
        if isinstance(asked, NamedFiles):
            folders.append(asked)
            yield from asked.overridden()
        else:
            yield NotAnalysed(asked.path, (), "not UTF-8 text", unreadable=True)
    nodes: list[Node] = []
    looked_up: set[str] = set()
    for group in groups(folders):
        if group.asked[0].given:
            for root in group.roots(AWS):
                yield from root.inputs.takers() if root.inputs else ()
        if group.is_read:
            emit = _Emit(group.named | beside)
            yield from emit.items(group)
            nodes += (item for item in emit.linked.values() if isinstance(item, Node))
            looked_up |= emit.looked_up
    yield from bindings(nodes, looked_up)


@dataclass(frozen=True, slots=True)
class _Said:
    """A policy in one reading of its conditions."""

    document: Document
    policy: Readings
    reading: Reading


@dataclass(slots=True)
class _Emit:
    asked: set[str]
    documents: dict[_Key, dict[_Case, list[_Said]]] = field(default_factory=dict)
    empty: dict[Readings, set[Reading]] = field(default_factory=dict)
    cases: dict[Readings, Cases] = field(default_factory=dict)
    told: dict[NotAnalysed, None] = field(default_factory=dict)
    linked: dict[Hashable, Item] = field(default_factory=dict)
    looked_up: set[str] = field(default_factory=set)
    places: dict[tuple[str, int, int], Readings | None] = field(default_factory=dict)
    nested: dict[Hashable, Document] = field(default_factory=dict)
    made: dict[Found_, Written] = field(default_factory=dict)
    parts: dict[Text, ModuleFile] = field(default_factory=dict)
    open: set[BlockPlace] = field(default_factory=set)  # with policies that are not added
    again: list[tuple[_Emit, Module]] = field(default_factory=list)

    def items(self, group: ModuleGroup) -> Iterator[Item]:
        broken: dict[NotAnalysed, None] = {}
        named = self.asked
        for root in group.roots(AWS):
            modules = list(root.tree())
            self.asked = named | group.followed(root, modules)
            for module in modules:
                broken.update(dict.fromkeys(self._broken(module.folder)))
            left_out: dict[NotAnalysed, None] = {}
            said = self._take(root, modules, left_out)
            self._link(modules)
            if group.has_workloads:
                from iamlint.load.terraform.aws.workloads import workloads_of  # noqa: PLC0415 - few runs ask for it

                add_linked(self.linked, *workloads_of(modules, self.asked))
            left_out.update(dict.fromkeys(limits(root, self.parts, self.asked)))
            self.told.update((item, None) for item in left_out if item.path in self.asked)
            broken.update(dict.fromkeys(root.inputs.broken if root.inputs else ()))
            self.looked_up |= root.work.looked_up
            self.open.update((item.path, item.pointer[:_BLOCK]) for item in left_out)
            if again := with_defaults(root, said, self.open):
                emit = _Emit(self.asked)
                emit._take(again.root, list(again.root.tree()), {}, again.settled)
                self.again.append((emit, again.root))
        yield from broken
        for _, documents in self._in_order():
            yield from documents
        yield from self._by_default()
        yield from self.nested.values()
        yield from self.linked.values()
        yield from self.told

    def _in_order(self) -> Iterator[tuple[_Key, list[Document]]]:
        for key, cases in sorted(self.documents.items(), key=lambda item: item[0][:3]):
            yield key, list(self._in_cases(cases))

    def _by_default(self) -> Iterator[ByDefault]:
        """Yield the policies with the defaults of root modules, and note the limits on the way."""
        without: dict[_Place, list[Document]] = {}
        for key, documents in self._in_order() if self.again else ():
            own = (document for document in documents if not document.shown_by)
            without.setdefault(key[:_PLACE], []).extend(own)
        for emit, root in self.again:
            self.told.update(dict.fromkeys(limits(root, emit.parts, emit.asked)))
            defaults = root.inputs.defaults.values() if root.inputs else ()
            for key, documents in emit._in_order():  # noqa: SLF001 - the same
                yield from different(documents, without.get(key[:_PLACE], ()), defaults)

    def _take(
        self,
        root: Module,
        modules: Sequence[Module],
        left_out: dict[NotAnalysed, None],
        settled: AbstractSet[BlockPlace] = frozenset(),
    ) -> list[tuple[FoundPolicy, Document | None]]:
        """Add the policies of a module and of those that it calls; return what is added for each.

        Blocks that are `settled` are not looked at.
        """
        for module in modules:
            self.parts.update((part.text, part) for part in module.folder.parts)
            for part in module.folder.marked:
                attach.know(module, part)
                targets.know(module, part)
                permission_sets.know(module, part)
        left_out.update(dict.fromkeys(targets.unknown(root.work)))
        every = found_in(modules, left_out, settled)
        return [(found, self._add(found, root, left_out)) for found in every]

    def _link(self, modules: Sequence[Module]) -> None:
        """Add the identities of modules, with their links, and the stacks in them."""
        for module in modules:
            for part in module.folder.marked:
                if part.path in self.asked:
                    add_linked(self.linked, *holders(module, part), *subjects_of(module, part))
                    self._add_stacks(module, part)

    def _add_stacks(self, module: Module, part: ModuleFile) -> None:
        for item in cloudformation_stacks.of_part(module, part):
            if isinstance(item, Taker | ByDefault):
                continue
            if isinstance(item, Document):
                add_document(self.nested, item)
            elif isinstance(item, NotAnalysed):
                self.told[item] = None
            else:
                add_linked(self.linked, item)

    def _broken(self, folder: Folder) -> Iterator[NotAnalysed]:
        for part in folder.marked:
            for broken in part.hcl.broken if part.path in self.asked else ():
                at = part.text.source.lines.position(broken.flaw.span.start)
                reason = f"{broken.flaw.message} in line {at.line}, column {at.column}"
                yield NotAnalysed(part.path, broken.words, reason, unreadable=True)

    def _add(
        self, found: FoundPolicy, root: Module, left_out: dict[NotAnalysed, None]
    ) -> Document | None:
        """Return the added policy; None if it is left out, or known from a better place."""
        is_within = root.takes(found.node.spot)
        if found.kind is None and self.places.get(found.place, found.policy) is not found.policy:
            return None
        document = self._document(found, root, left_out) if is_within else None
        if document is None:
            self.open.add(found.block)
            return None
        if found.kind is not None or found.certainty is not Certainty.TABLE:
            self.places[found.place] = found.policy
        about = document.attachment
        if call := shown_by(root, found.node.spot.text, about.address):
            document = replace(document, shown_by=call)
        key = (*found.place, document.kind, about.resource_type or "")
        says = key_of(document.value) if document.source.readable else None
        policy = found.policy or Readings((found.reading,), is_always=True)
        case = says, key_of_resource(about), places_elsewhere(document)
        said = _Said(document, policy, found.reading)
        self.documents.setdefault(key, {}).setdefault(case, []).append(said)
        if isinstance(document.value, dict) and document.value.get("Statement") == []:
            self.empty.setdefault(policy, set()).add(found.reading)
        return document

    def _in_cases(self, cases: Mapping[_Case, Sequence[_Said]]) -> Iterator[Document]:
        """Yield a policy once, or once for each different content."""
        several = len({value for value, *_ in cases}) > 1
        for said in cases.values():
            always: list[Document] = []
            for policy, of_policy in _by_policy(said).items():
                document = _of_readings(of_policy)
                readings = tuple(dict.fromkeys(one.reading for one in of_policy))
                every = self._cases(policy)
                if not set(readings) & set(every.readings):
                    continue  # nothing is made where nothing is to be said
                if every.is_always and set(readings) >= set(every.readings):
                    always.append(document)
                    continue
                yield replace(document, readings=readings, cases=every, borrowed=True)
            if always:
                document = held_by_all(always)
                yield replace(document, borrowed=document.borrowed or several)

    def _cases(self, policy: Readings) -> Cases:
        """Return the readings of a policy in which it has a content."""
        if policy not in self.cases:
            empty = self.empty.get(policy, set())
            readings = [r for r in policy.readings if r not in empty] or policy.readings
            self.cases[policy] = Cases(tuple(readings), policy.is_always)
        return self.cases[policy]

    def _document(
        self, found: FoundPolicy, root: Module, left_out: dict[NotAnalysed, None]
    ) -> Document | None:
        if found.decoded is not None and found.decoded.node is None:
            return self._unreadable(found)
        made, attachment = self._made(found, root)
        kind = found.kind or self._kind(found, made)
        if made.value is None or kind is None or detect.is_stack_policy(made.value):
            return None
        text = found.node.spot.text
        if found.kind is None and clouds.is_other(found.type, made.value):
            left_out[self._of_another_cloud(found)] = None
            return None
        if not kind.has_principal:
            made = made.without_open_principals()
        elsewhere = made.elsewhere(text)
        involved = {found.user, text.path, *(part.path for part in elsewhere), *found.uses}
        if not self.asked & involved:
            return None
        pointer = self._pointer(text, found.node)
        for at, hidden in made.hidden:
            if _is_statement(at) and not hidden.seen:
                reason = hidden.reason or f"`{hidden.text}` is not known"
                left_out[NotAnalysed(text.path, (*pointer, *at), reason)] = None
        if kind is Kind.RESOURCE:
            attachment = _with_type(found, attachment, made.value)
        return Document(
            text.path,
            made.source(text, found.decoded.flaws if found.decoded else ()),
            pointer,
            (),
            kind,
            name=found.name,
            certainty=found.certainty if found.kind else Certainty.SHAPE,
            attachment=attachment,
            problems=tuple(made.problems),
            elsewhere=elsewhere,
            borrowed=self._is_borrowed(found, made, pointer, root),
            joins=found.joins or found.shape in forms(),
        )

    def _of_another_cloud(self, found: FoundPolicy) -> NotAnalysed:
        pointer = self._pointer(found.node.spot.text, found.node)
        return NotAnalysed(found.place[0], pointer, clouds.REASON, cause=Cause.OTHER_CLOUD)

    def _made(self, found: FoundPolicy, root: Module) -> tuple[Written, Attachment]:
        """Return a policy as plain data, and its attachment."""
        own = own_values(found.attachment, self.parts)
        made = self.made.get(found.node) or written(found.node, root.spend, own)
        self.made[found.node] = made
        form = forms().get(found.shape)
        if form is None:
            return made, found.attachment
        made, arn = assemble_policy(made, form, found.attachment.arn)
        return made, replace(found.attachment, arn=arn)

    def _kind(self, found: FoundPolicy, made: Written) -> Kind | None:
        """Return the kind by the content; None if it is not that of a policy."""
        if not (detect.is_policy(made.value) or detect.is_misspelt_policy(made.value)):
            return None
        return detect.kind_of(made.value, found.node.spot.text.path, found.hint)

    def _is_borrowed(
        self, found: FoundPolicy, made: Written, pointer: Pointer, root: Module
    ) -> bool:
        node = found.node
        return (
            found.shape in forms()
            or node.spot.text.path not in self.asked
            or pointer[:1] == ("locals",)
            or node in root.merged
            or not made.is_in_one_place()
        )

    def _unreadable(self, found: FoundPolicy) -> Document | None:
        text = found.node.spot.text
        source = found.decoded.source if found.decoded else text.source
        pointer = self._pointer(text, found.node)
        return Document(
            text.path,
            source,
            pointer,
            (),
            found.kind or Kind.IDENTITY,
            name=found.name,
            certainty=found.certainty,
            attachment=found.attachment,
            borrowed=text.path not in self.asked,
        )

    def _pointer(self, text: Text, node: Found_) -> Pointer:
        part = self.parts.get(text)
        return part.pointer(node.spot.span) if part else ()


def _with_type(found: FoundPolicy, about: Attachment, value: Value) -> Attachment:
    """Return the attachment with the type of resource in the statements.

    For a bucket with an unknown name, the statements decide whether it is a directory bucket.
    """
    if found.kind is None:
        return replace(about, resource_type=detect.resource_type_of(value))
    is_directory = found.may_be is not None and detect.resource_type_of(value) == found.may_be
    return replace(about, resource_type=found.may_be) if is_directory else about


def _is_statement(at: Pointer) -> bool:
    """Return whether a pointer leads to a whole statement, or to all of them."""
    return not at or (at[0] == "Statement" and all(isinstance(step, int) for step in at[1:]))


def _by_policy(said: Iterable[_Said]) -> Mapping[Readings, list[_Said]]:
    found: dict[Readings, list[_Said]] = {}
    for one in said:
        found.setdefault(one.policy, []).append(one)
    return found


def _of_readings(said: Sequence[_Said]) -> Document:
    """Return a policy that is the same in several readings, with the holders of all of them."""
    document = as_one([one.document for one in said])
    every = [one.document.attachment.holders for one in said]
    if all(holders == every[0] for holders in every):
        return document
    held = [
        replace(held, given=held.given | one.reading.given)
        for one in said
        for held in one.document.attachment.holders
    ]
    return replace(
        document, attachment=replace(document.attachment, holders=tuple(by_key(held).values()))
    )
