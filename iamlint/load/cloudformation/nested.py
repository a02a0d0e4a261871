"""Templates that belong together: a nested template is checked once for each nesting.

A nested template has the values that it is passed, a fragment the names of the template that
includes it. A fact that is true in several nestings is reported once. A template that no other one
nests is checked by itself.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.load.cloudformation.environments import environment_of
from iamlint.load.cloudformation.inclusions import (
    Inclusion,
    inclusions,
    is_native,
    linked_file,
    source_of,
)
from iamlint.load.cloudformation.outputs import MAX_CHAIN, Outputs
from iamlint.load.cloudformation.parameters import defaults_of, values_in_stack, values_of
from iamlint.load.cloudformation.readings import Spot, are_all_read, open_conditions
from iamlint.load.cloudformation.resolve import NoValue, Resolver
from iamlint.load.cloudformation.shape import is_fragment, is_template
from iamlint.load.cloudformation.template import Template
from iamlint.load.cloudformation.walk import TemplateWalk
from iamlint.load.defaults import different, may_decide
from iamlint.load.document import Default, Document, NotAnalysed
from iamlint.load.file_value import Cases, Reading, Subject
from iamlint.load.link import Binding, Link, Node, SourceCondition, key_of_name
from iamlint.load.workload import Workload
from iamlint.policy.pattern import pattern_of
from iamlint.text.source import Input, Unknown, Value, key_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.load.document import ByDefault, Item
    from iamlint.load.find.files import File
    from iamlint.text.source import Source

MAX_NESTINGS: Final = 64
"""Nestings of one template that are read."""

_SHARED: Final = ("AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::URLSuffix")
"""Pseudo parameters that a nested stack shares with the stack around it."""

_Given: TypeAlias = frozenset[SourceCondition]


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    """A template or fragment that has been read."""

    file: File
    source: Source
    value: dict[str, Value]

    @property
    def has_resources(self) -> bool:
        return is_template(self.value) or is_fragment(self.value)

    def template(self, instance: str = "", includer: Template | None = None) -> Template:
        return Template(
            self.source,
            (),
            self.value,
            is_native=is_native(self.source),
            is_fragment=not is_template(self.value),
            path=self.file.path,
            known_as=self.file.tree.known_as(self.file.path),
            instance=instance,
            includer=includer,
            outputs=Outputs(self.file),
        )


def _read(file: File) -> _Read | None:
    source = source_of(file)
    value = source.value if source else None
    return _Read(file, source, value) if source and isinstance(value, dict) else None


@dataclass(frozen=True, slots=True, eq=False)
class _Made:
    """A policy of one nesting, in one case of the conditions of the nesting."""

    document: Document
    given: _Given


@dataclass(eq=False)
class Nestings:
    """Files in which some nest others."""

    files: Mapping[str, File]
    nested: set[str] = field(default_factory=set)
    _roots: list[_Read] = field(default_factory=list)
    _read: dict[str, _Read | None] = field(default_factory=dict)
    _visits: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)
    _documents: dict[tuple[str, ...], Document] = field(default_factory=dict)
    _others: dict[tuple[object, ...], Item] = field(default_factory=dict)
    _linked: dict[tuple[str, ...], list[tuple[_Given, Link]]] = field(default_factory=dict)
    _bound: dict[str, list[Binding]] = field(default_factory=dict)
    _subjects: dict[tuple[str, ...], list[tuple[_Given, Subject]]] = field(default_factory=dict)
    _ways: dict[tuple[str, ...], set[_Given]] = field(default_factory=dict)

    @classmethod
    def of(cls, files: Sequence[File], nesting_files: Sequence[File]) -> Nestings:
        """Return the nestings of files; `nesting_files` seem to nest others, and are read now."""
        nestings = cls({file.place: file for file in files})
        nesting = [read for file in nesting_files if (read := nestings._reading(file))]
        nestings._find(nesting)
        nestings._roots = [read for read in nesting if read.file.place not in nestings.nested]
        return nestings

    def _reading(self, file: File) -> _Read | None:
        file = self.files.get(file.place, file)
        if file.place not in self._read:
            self._read[file.place] = _read(file)
        return self._read[file.place]

    def _target(self, read: _Read, inclusion: Inclusion) -> _Read | None:
        file = linked_file(read.file, inclusion.location)
        return self._reading(file) if file else None

    def _find(self, nesting: Sequence[_Read]) -> None:
        """Find the nested files, direct or not; a file is not nested if only itself nests it."""
        todo, met = list(nesting), {read.file.place for read in nesting}
        inside: dict[str, set[str]] = {}
        while todo:
            read = todo.pop()
            for inclusion in inclusions(read.template()):
                found = self._target(read, inclusion)
                if found is None or not found.has_resources:
                    continue
                inside.setdefault(read.file.place, set()).add(found.file.place)
                if found.file.place not in met:
                    met.add(found.file.place)
                    todo.append(found)
        called = {place for targets in inside.values() for place in targets}
        roots = [place for place in met if place not in called]
        while roots:
            for place in inside.get(roots.pop(), ()):
                if place not in self.nested:
                    self.nested.add(place)
                    roots.append(place)

    def items(self) -> Iterator[Item]:
        """Yield the items of nested templates and fragments, for each nesting."""
        for root in self._roots:
            said = self._said(root)
            for document in (one for several in said.values() for one in several):
                self._documents.setdefault(_key(document), document)
            yield from self._by_default(root, said)
        yield from self._documents.values()
        yield from self._others.values()
        for way, linked in self._linked.items():
            yield from _in_all(linked, len(self._ways.get(way, ())))
        for way, subjects in self._subjects.items():
            yield from _surely(subjects, self._ways.get(way[:2], set()))
        for bound in self._bound.values():
            if len({key_of_name(one.value) for one in bound}) == 1:
                yield bound[0]

    def _said(
        self, root: _Read, defaults: Mapping[str, Value] | None = None
    ) -> dict[tuple[str, ...], list[Document]]:
        """Return the policies of all templates that one nests, by a key for each policy."""
        template = root.template()
        template.environment = environment_of(root.file)
        given = values_of(template.section("Parameters"), root.file.given)
        template.take({**given, **(defaults or {})})
        found: dict[tuple[str, ...], list[_Made]] = {}
        for key, made in self._inside(root, template, (root,), frozenset()):
            found.setdefault(key, []).append(made)
        return {
            key: list(_in_cases(several, len(self._ways.get(key[:2], ()))))
            for key, several in found.items()
        }

    def _by_default(
        self, root: _Read, said: Mapping[tuple[str, ...], list[Document]]
    ) -> Iterator[ByDefault]:
        """Yield the policies of nested templates with the defaults of the root's parameters."""
        defaults = defaults_of(root.template().section("Parameters"), root.file.given)
        inputs = {Input(f"parameter {name}") for name in defaults}
        documents = (one for several in said.values() for one in several)
        if not defaults or not any(may_decide(inputs, d, d.readings) for d in documents):
            return
        again = Nestings(self.files, self.nested, _read=self._read)
        written = [Default(one, root.file.path) for one in sorted(inputs, key=lambda i: i.name)]
        for key, several in again._said(root, defaults).items():
            yield from different(several, said.get(key, ()), written)

    def _inside(
        self, read: _Read, template: Template, chain: tuple[_Read, ...], given: _Given
    ) -> Iterator[tuple[tuple[str, ...], _Made]]:
        """Yield the policies of all templates that one nests, each with its key."""
        for inclusion in inclusions(template):
            child = self._target(read, inclusion)
            if child is None:
                what = "nested template" if inclusion.resource else "fragment"
                self._leave_out(
                    read, inclusion, f"{what} `{inclusion.location}`, which cannot be read"
                )
            elif self._is_followed(child, chain):
                way = _way(template, inclusion)
                for under, made in _nestings(template, inclusion, child, way):
                    if self._is_new(chain, inclusion, child, made, given | under, way):
                        self._ways.setdefault((way, child.file.path), set()).add(given | under)
                        yield from self._of(child, made, (*chain, child), given | under, way)

    def _is_followed(self, child: _Read, chain: tuple[_Read, ...]) -> bool:
        """Return whether a child is read here; templates in a cycle are read alone."""
        is_alone = child.has_resources and child.file.place not in self.nested
        return not is_alone and child not in chain and len(chain) < MAX_CHAIN

    @staticmethod
    def _is_asked(child: _Read, chain: tuple[_Read, ...]) -> bool:
        """Return whether all policies of a template count, not only those that others change."""
        return child.file.named or (chain[0].file.named and chain[0].file.follows)

    def _of(
        self, child: _Read, template: Template, chain: tuple[_Read, ...], given: _Given, way: str
    ) -> Iterator[tuple[tuple[str, ...], _Made]]:
        if child.has_resources and any(read.file.named for read in chain):
            is_asked = self._is_asked(child, chain)
            unchanged = frozenset() if is_asked else _said_alone(child, template)
            for item in TemplateWalk(child.file, template).items():
                if isinstance(item, Document):
                    if _says(item) not in unchanged:
                        key = (way, child.file.path, *map(str, item.pointer), item.kind)
                        yield key, _Made(item, given)
                elif is_asked:
                    self._keep_other(item, given, (way, child.file.path))
        yield from self._inside(child, template, chain, given)

    def _keep_other(self, item: Item, given: _Given, way: tuple[str, ...]) -> None:
        """Keep an item other than a policy: not analysed, identities and their links, bindings."""
        if isinstance(item, Link):
            self._linked.setdefault(way, []).append((given, item))
        elif isinstance(item, Binding):
            self._bound.setdefault(item.identity, []).append(item)
        elif isinstance(item, Subject):
            key = (*way, *map(str, item.pointer))
            self._subjects.setdefault(key, []).append((given, item))
        elif isinstance(item, Node):
            self._others.setdefault((item.path, item.pointer, item.ref.scope, item.ref), item)
        elif isinstance(item, Workload):
            self._others.setdefault((item.path, item.pointer, item.scope, item.address), item)
        elif isinstance(item, NotAnalysed):
            self._others.setdefault((item, item.attachment.scope), item)

    def _is_new(
        self,
        chain: tuple[_Read, ...],
        inclusion: Inclusion,
        child: _Read,
        made: Template,
        given: _Given,
        way: str,
    ) -> bool:
        """Return whether this nesting is new, and the template is not nested too often."""
        met = self._visits.setdefault(child.file.place, set())
        includer = made.scope if made.includer else ""
        conditions = sorted(f"{condition.scope} {condition}" for condition in given)
        is_shown = any(read.file.named for read in (*chain, child))
        key = (way, repr(made.parameters), includer, str(is_shown), *conditions)
        if key in met:
            return False
        if len(met) >= MAX_NESTINGS:
            reason = f"nests `{inclusion.location}`, which is nested more than {MAX_NESTINGS} times"
            self._leave_out(chain[-1], inclusion, reason)
            return False
        met.add(key)
        return True

    def _leave_out(self, read: _Read, inclusion: Inclusion, reason: str) -> None:
        if read.file.named:
            found = NotAnalysed(read.file.path, inclusion.at, reason)
            self._others[found, ""] = found


def _in_cases(several: list[_Made], every: int) -> Iterator[Document]:
    """Yield the documents of one policy in the cases of the conditions of its nesting."""
    if not any(made.given for made in several):
        yield from (made.document for made in several)
        return
    said: dict[tuple[str, ...], list[_Made]] = {}
    for made in several:
        said.setdefault(_key(made.document), []).append(made)
    readings = {key: tuple(r for m in alike for r in _under(m)) for key, alike in said.items()}
    is_always = len({made.given for made in several}) == every
    inner = [made.document.cases for made in several]
    is_always &= all(cases is None or cases.is_always for cases in inner)
    cases = Cases(tuple(r for alike in readings.values() for r in alike), is_always)
    for key, alike in said.items():
        document = alike[0].document
        if len(said) == 1 and is_always:
            yield document
        else:
            yield replace(document, readings=readings[key], cases=cases)


def _in_all(linked: Sequence[tuple[_Given, Link]], every: int) -> Iterator[Link]:
    """Yield the links of one nesting; those of only some cases depend on their conditions."""
    found: dict[Link, dict[_Given, None]] = {}
    for given, one in linked:
        found.setdefault(one, {})[given] = None
    for one, several in found.items():
        if len(several) >= every:
            yield one
        else:
            yield from (replace(one, given=one.given | given) for given in several)


def _surely(
    subjects: Sequence[tuple[_Given, Subject]], every: AbstractSet[_Given]
) -> Iterator[Subject]:
    """Yield a resource of one nesting if it is the same in all cases of the nesting."""
    alike = len({(key_of(one.value), one.readings) for _, one in subjects}) == 1
    if frozenset() in every or (alike and {given for given, _ in subjects} == every):
        yield from (one for _, one in (subjects[:1] if alike else subjects))


def _under(made: _Made) -> Iterator[Reading]:
    for reading in made.document.readings or (Reading(),):
        yield Reading(reading.given | made.given)


def _way(template: Template, inclusion: Inclusion) -> str:
    turns = (
        [f"{name}={item}" for name, item in inclusion.resource.loops.items()]
        if inclusion.resource
        else []
    )
    return "/".join((template.scope.replace("@", "/"), *map(str, inclusion.at), *turns))


def _nestings(
    template: Template, inclusion: Inclusion, child: _Read, way: str
) -> Iterator[tuple[_Given, Template]]:
    """Yield a template with the values of one nesting, in each case of their conditions."""
    if inclusion.resource is None:
        made = child.template(includer=template)
        made.parameters, made.decided = template.parameters, template.decided
        made.given, made.unnamed = template.given, template.unnamed
        yield frozenset(), made
        return
    loops = inclusion.resource.loops
    given = {**template.decided, **inclusion.resource.given}
    names = open_conditions(Spot(inclusion.at, inclusion.parameters, given))
    names = names if are_all_read(names) else []
    for values in product((True, False), repeat=len(names)):
        chosen = dict(zip(names, values, strict=True))
        if not template.conditions.are_consistent({**given, **chosen}):
            continue
        passed = Resolver(template, {**given, **chosen}, loops).resolve(inclusion.parameters, ())
        made = child.template(instance=f"@{way}")
        value = None if isinstance(passed, NoValue) else passed
        made.take(values_in_stack(made.section("Parameters"), value))
        made.unnamed = template.unnamed
        made.given = template.given | _conditions(template, inclusion.resource.given)
        made.environment = {n: template.unknown(n) for n in _SHARED if template.environment}
        yield _conditions(template, chosen), made


def _conditions(template: Template, given: Mapping[str, bool]) -> _Given:
    return frozenset(template.conditions.condition(n, holds=h) for n, h in given.items())


def _said_alone(child: _Read, template: Template) -> frozenset[tuple[str, ...]]:
    """Return the policies of a template without the values that it is passed, as texts."""
    alone = child.template(instance=template.instance)
    alone.take({name: Unknown(f"${{{name}}}") for name in template.section("Parameters")})
    items = TemplateWalk(child.file, alone).items()
    return frozenset(_says(item) for item in items if isinstance(item, Document))


def _says(document: Document) -> tuple[str, ...]:
    """Return a key that is the same for equal policies in the same place."""
    about = document.attachment
    value = repr(document.value) if document.source.readable else ""
    place = map(str, document.pointer)
    return (document.path, *place, document.kind, about.resource_type or "", document.when, value)


def _key(document: Document) -> tuple[str, ...]:
    """Return a key that is the same for equal policies in the same place of one stack."""
    about = document.attachment
    arn = "" if about.arn is None else pattern_of(about.arn)
    return (*_says(document), about.scope, arn, *(pattern_of(h.ref.name) for h in about.holders))
