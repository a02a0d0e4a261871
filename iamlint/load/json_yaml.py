"""Finds policies at any depth of JSON and YAML, and in strings of JSON there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass
from iamlint.lazy_names import LazyModule
from iamlint.load import clouds
from iamlint.load.document import (
    Attachment,
    Cause,
    Certainty,
    Document,
    NotAnalysed,
    common_pointer,
)
from iamlint.load.dumps.outputs import may_link
from iamlint.load.given import Taker
from iamlint.load.interpolation import split_interpolation
from iamlint.load.link import Held
from iamlint.load.manifests.marks import may_be_manifest, may_describe_principals
from iamlint.load.recognise import detect, formats, hints
from iamlint.load.recognise.around import holders_of, name_of
from iamlint.load.recognise.context import About
from iamlint.load.recognise.marks import is_collected, may_hold_policy, may_run
from iamlint.load.reports.marks import may_hold_report, starts_as_json
from iamlint.load.unread import copies, signs
from iamlint.load.unread.copies import is_copy
from iamlint.load.unread.overlooked import find_overlooked
from iamlint.policy.grammar import Kind
from iamlint.text.embed import alone, read_embedded
from iamlint.text.read import read_bytes
from iamlint.text.source import Partial, Source, Tagged, without_tag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from iamlint.load.document import Item
    from iamlint.load.dumps import details, dumps, iam_collect, postpone
    from iamlint.load.find.files import File, FoundFiles
    from iamlint.load.manifests import manifests
    from iamlint.load.manifests.manifests import Manifest
    from iamlint.load.reports import outputs as reports
    from iamlint.load.unread import broken, encoded
    from iamlint.text.source import Value
    from iamlint.text.span import Pointer
else:  # which most files do not need
    details, dumps, iam_collect, postpone = (
        LazyModule(f"iamlint.load.dumps.{name}")
        for name in ("details", "dumps", "iam_collect", "postpone")
    )
    broken = LazyModule("iamlint.load.unread.broken")
    encoded = LazyModule("iamlint.load.unread.encoded")
    manifests = LazyModule("iamlint.load.manifests.manifests")
    reports = LazyModule("iamlint.load.reports.outputs")

SUFFIXES = frozenset({".json", ".json5", ".jsonc", ".yaml", ".yml", ".template", ".tfstate"})

_PROSE = frozenset({".md", ".markdown", ".mdx"})

MAX_NESTED = 3
"""Levels of JSON in strings of JSON that are read."""

NESTING = (b"AWS::CloudFormation::Stack", b"AWS::Serverless::Application", b"AWS::Include")
"""Texts in a template that nests or includes other files."""


def claims(file: File) -> bool:
    return file.asked or file.suffix in SUFFIXES or _may_lack_suffix(file) or is_copy(file)


def read(file: File) -> Iterator[Item]:
    """Yield the policies of a file in the order of its text."""
    if not _is_worth_reading(file):
        if file.given and b"Parameters" in file.data:
            yield from _takers(file)
        return
    if file.suffix in _PROSE:
        reason = "Markdown, whose policies iamlint does not read"
        yield NotAnalysed(file.path, (), reason, unreadable=True)
        return
    if not file.asked and _may_lack_suffix(file) and not file.data.lstrip().startswith(b"{"):
        return
    source = read_bytes(file.data, name=file.path)
    if not source.readable:
        yield from broken.items(file, source)
        return
    if not detect.is_policy(source.value) and _may_hold_report(file):
        yield from reports.items(file.path, source)
    has_marks = may_be_manifest(file.data) and not details.is_details(source.value)
    manifest = (
        manifests.Manifest(file.path, file.tree.known_as(file.path), source) if has_marks else None
    )
    text = _Text(file, source, manifest=manifest)
    repeated: dict[str, list[Pointer]] = {}
    documents: list[Document] = []
    for item in _found(text):
        if isinstance(item, NotAnalysed) and item.cause is Cause.REPEATED:
            repeated.setdefault(item.reason, []).append(item.pointer)
            continue
        yield item
        if isinstance(item, Document) and item.path == file.path:
            documents.append(item)
    yield from find_overlooked(file.path, source, documents)
    if manifest is not None:
        yield from manifest.links()
    for reason, pointers in repeated.items():
        count = f" ({len(pointers)})" if len(pointers) > 1 else ""
        yield NotAnalysed(file.path, common_pointer(pointers), reason + count, cause=Cause.REPEATED)


def _is_worth_reading(file: File) -> bool:
    """Return whether marks in its bytes, or its path, show that a file may say something."""
    return (
        may_hold_policy(file.data)
        or (is_collected(file.path) and iam_collect.is_fact(file.path))
        or may_describe_principals(file.data)
        or may_link(file.data)
        or _may_hold_report(file)
        or (file.workloads and may_run(file.data))
    )


def _may_hold_report(file: File) -> bool:
    """Return whether a file may contain a report: a program that names one does not."""
    is_data = file.suffix in SUFFIXES or starts_as_json(file.data)
    is_asked = file.by_path and file.suffix not in _PROSE
    return (is_data or is_asked) and may_hold_report(file.data)


def _found(text: _Text) -> Iterator[Item]:
    """Yield the items of a file by its format."""
    if text.file.postpones and text.manifest is None and postpone.can_wait(text.file, text.source):
        return postpone.items(text.file, text.source, partial(_search, text))
    source = text.source
    return formats.items(text.file, source, lambda at: _search(text, at, source.value_at(at)))


def read_all(files: Sequence[File]) -> Iterator[Item]:
    """Yield the policies of files; templates that belong together are read together."""
    for copy in filter(is_copy, files):
        yield from copies.items(copy)
    files = [file for file in files if not is_copy(file)]
    yield from _read_all(files)
    if any(b"ImportValue" in file.data for file in files):
        from iamlint.load.cloudformation.exports import find_exports  # noqa: PLC0415 - few files import

        others = [file for file in files if file.named and not may_hold_policy(file.data)]
        yield from find_exports(others, [file.data for file in files])


def _read_all(files: Sequence[File]) -> Iterator[Item]:
    nesting = [file for file in files if any(mark in file.data for mark in NESTING)]
    if not nesting:
        for file in files:
            yield from read(file) if file.named else ()
        return
    from iamlint.load.cloudformation.nested import Nestings  # noqa: PLC0415 - few files nest others

    nestings = Nestings.of(files, nesting)
    named = {file.path for file in files if file.named}
    for file in files:
        if file.place not in nestings.nested:
            for item in read(file):
                if file.named or item.path in named or isinstance(item, Taker):
                    yield item
    yield from nestings.items()


def related(
    files: Sequence[File], search: Callable[[str, tuple[str, ...]], FoundFiles]
) -> Iterator[File | NotAnalysed]:
    """Yield the templates that nest or include these, and the files that were not searched."""
    templates = [file for file in files if file.suffix in SUFFIXES and _is_of_template(file)]
    if templates:
        from iamlint.load.cloudformation.relatives import related_to  # noqa: PLC0415 - the same

        yield from related_to(templates, search)


def links(files: Sequence[File]) -> Iterator[tuple[str, str]]:
    """Yield pairs of places where one file nests or includes the other."""
    from iamlint.load.cloudformation.relatives import find_linked  # noqa: PLC0415 - the same

    yield from ((file.place, place) for file, place in find_linked(files))


def _is_of_template(file: File) -> bool:
    try:
        return file.content is None and b"AWS::" in file.data
    except OSError:
        return False


def _takers(file: File) -> Iterator[Item]:
    """Yield the parameters of a template without policies; it may pass them to nested ones."""
    from iamlint.load.cloudformation import documents, shape  # noqa: PLC0415 - few runs are given values

    source = read_bytes(file.data, name=file.path)
    if isinstance(source.value, dict) and shape.is_template(source.value):
        yield from documents.takers(file, source, (), source.value)


def _may_lack_suffix(file: File) -> bool:
    """Return whether a file has the name of its policy alone, as in published collections."""
    folder, _, name = file.path.rpartition("/")
    return "." not in name and folder.rpartition("/")[2] == "policies"


@dataclass(frozen=True, slots=True)
class _Text:
    """A text to search: that of the file, or JSON in a string of it at `pointer`."""

    file: File
    source: Source
    pointer: Pointer = ()
    around: tuple[Value, ...] = ()  # the values that contain the string, outermost first
    depth: int = 0
    manifest: Manifest | None = None  # of a file that may be one

    def above(self, pointer: Pointer) -> tuple[Value, ...]:
        """Return the values that contain a node, outermost first."""
        return (*self.around, *_ancestors(self.source.value, pointer))

    def sign(self, pointer: Pointer, reason: str) -> NotAnalysed:
        """Return a note that a node, which seems to be a policy, is not analysed."""
        return NotAnalysed(self.file.path, (*self.pointer, *pointer), reason, cause=Cause.SIGN)


def _search(text: _Text, start: Pointer, value: Value) -> Iterator[Item]:
    """Yield the policies in a value, without recursion; a policy is not searched for others."""
    todo: list[tuple[Pointer, Value]] = [(start, value)]
    while todo:
        pointer, value = todo.pop()
        if isinstance(value, Tagged):
            if detect.is_promising(value.value) or signs.are_in_text(value.value):
                yield text.sign(pointer, f"string under `{value.tag}`, which is not resolved")
            value = without_tag(value)
        elif isinstance(value, str | Partial):
            yield from _inside(text, pointer)
        if isinstance(value, dict):
            if detect.is_of_another_tool(value):
                yield text.sign(
                    pointer, "policy in the format of another tool, which iamlint does not read"
                )
                continue
            if detect.is_policy(value) or _is_meant(text, pointer, value):
                yield from _documents(text, pointer, value)
                continue
            if signs.are_in_object(value):
                yield text.sign(pointer, signs.STATEMENT)
                continue
            if any(len(name) >= detect.SHORTEST and signs.are_in_text(name) for name in value):
                yield text.sign(
                    pointer, "policy in the name of a member, which iamlint does not read"
                )
            steps: Iterator[tuple[str | int, Value]] = iter(value.items())
        elif isinstance(value, list):
            if not text.depth and detect.is_statement_list(value):
                yield from formats.statements(text.file, text.source, pointer, value)
                continue
            steps = iter(enumerate(value))
        else:
            continue
        children = [((*pointer, step), one) for step, one in steps if _is_worth_a_look(step, one)]
        todo.extend(reversed(children))


def _is_worth_a_look(step: str | int, value: Value) -> bool:
    if isinstance(value, Tagged | dict | list):
        return True
    if detect.is_promising(value) or signs.are_in_text(value):
        return True
    return encoded.is_in(step, value)


def _is_meant(text: _Text, pointer: Pointer, value: Value) -> bool:
    """Return whether a value is meant as a policy, by its version or its place."""
    if detect.is_misspelt_policy(value):
        return True
    if not (text.pointer or pointer):
        is_declared = text.file.kind is not None and detect.may_be_meant(value)
        return is_declared or detect.is_meant_as_policy(value)
    return _holds_policies(text, pointer) and (
        detect.is_meant_as_policy(value) or detect.is_statement(value)
    )


def _holds_policies(text: _Text, pointer: Pointer) -> bool:
    """Return whether a place is for policies, by its name or as a property of its resource."""
    whole = (*text.pointer, *pointer)
    if hints.is_in_table(whole):
        return True
    about = text.manifest.describe(whole, text.above(pointer)) if text.manifest else None
    return about is not None and about.is_certain


def _inside(text: _Text, pointer: Pointer) -> Iterator[Item]:
    """Yield the policies in a JSON string; broken JSON counts only in places for policies."""
    if text.depth >= MAX_NESTED:
        yield text.sign(pointer, f"json in more than {MAX_NESTED} strings, one in another")
        return
    source = read_embedded(text.source, pointer)
    whole = (*text.pointer, *pointer)
    if source is None:
        value = text.source.value_at(pointer)
        if encoded.is_in(pointer[-1] if pointer else 0, value):
            yield text.sign(pointer, encoded.REASON)
        elif signs.are_in_text(value):
            yield text.sign(pointer, signs.TEXT)
        return
    inner = _Text(text.file, source, whole, text.above(pointer), text.depth + 1, text.manifest)
    if source.readable:
        yield from _search(inner, (), source.value)
    elif _holds_policies(inner, ()):
        yield _document(inner, (), None)
    elif signs.may_be_in_broken(alone(source).text):
        yield text.sign(pointer, signs.TEXT)


def _documents(text: _Text, pointer: Pointer, value: Value) -> Iterator[Item]:
    """Yield a policy, once for each of its readings if it uses functions of CloudFormation."""
    found = _document(text, pointer, value)
    if isinstance(found, NotAnalysed) or not detect.has_functions(value):
        yield found
        return
    from iamlint.load.cloudformation import documents  # noqa: PLC0415 - most files use none

    yield from documents.resolve_alone(
        found, text.file.tree.known_as(text.file.path), text.source, pointer, value
    )


def _document(text: _Text, pointer: Pointer, value: Value) -> Document | NotAnalysed:
    whole = (*text.pointer, *pointer)
    path = text.file.path
    if detect.is_stack_policy(value) or hints.names_stack_policy(whole):
        reason = "CloudFormation stack policy, not an IAM policy"
        return NotAnalysed(path, whole, reason, cause=Cause.NOT_IAM)
    if clouds.is_of_another_cloud(value):
        cause = Cause.OTHER_CLOUD if clouds.is_named_in(value) else Cause.SIGN
        return NotAnalysed(path, whole, clouds.REASON, cause=cause)
    around = text.above(pointer)
    about = (
        (iam_collect.describe(text.file) if is_collected(path) else None)
        or (text.manifest.describe(whole, around) if text.manifest else None)
        or (dumps.describe(whole, around) if around else None)
        or About()
    )
    if about.skip:
        return NotAnalysed(path, whole, about.skip, cause=about.cause)
    kind = text.file.kind or about.kind or detect.kind_of(value, path, whole)
    source = text.source.once(split_interpolation, about.split) if about.split else text.source
    certainty = Certainty.TABLE if about.kind or hints.is_in_table(whole) else Certainty.SHAPE
    return Document(
        path,
        source,
        whole,
        pointer,
        kind,
        name=name_of(around, kind) or about.name,
        certainty=Certainty.DECLARED if text.file.kind else certainty,
        attachment=_attachment(about, around, value, kind),
    )


def _attachment(about: About, around: tuple[Value, ...], value: Value, kind: Kind) -> Attachment:
    inferred = detect.resource_type_of(value) if kind is Kind.RESOURCE else None
    holders = () if about.is_past else about.holders or holders_of(around)
    return Attachment(
        holders=tuple(map(Held, holders)),
        resource_type=about.resource_type or inferred,
        arn=about.arn,
        address=about.address,
        scope=about.scope,
        targets=about.targets,
        policy_arn=about.policy_arn,
    )


def _ancestors(value: Value, pointer: Pointer) -> Iterator[Value]:
    """Yield the values that contain a node, outermost first."""
    for step in pointer:
        value = without_tag(value)
        yield value
        value = value[step]  # type: ignore[index]  # the walk came this way
