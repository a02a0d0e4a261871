"""The policies of a module's folder as documents, each once."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.load import detect
from iamlint.load.document import Attachment, Certainty, Document, NotAnalysed
from iamlint.load.files import MAX_WALKED, repository_of
from iamlint.load.terraform import ENDS, attach
from iamlint.load.terraform.json_syntax import read_json_form
from iamlint.load.terraform.module import MARKS, Module, Part, text_of
from iamlint.load.terraform.walk import Found, Walk
from iamlint.load.terraform.write import written
from iamlint.policy.grammar import Kind
from iamlint.text.hcl import read_hcl

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iamlint.load.document import Item
    from iamlint.load.files import File
    from iamlint.load.terraform.node import Node, Text
    from iamlint.load.terraform.write import Written
    from iamlint.text.span import Pointer

_WHEN: Final = {True: "its conditions hold", False: "its conditions do not hold"}
_Key: TypeAlias = tuple[str, int, int, Kind, str]
"""Where a policy stands, of which kind it is, and of what type the resource is it is about."""

_CHOICES: Final = ("?", "dynamic")


def items(place: str, files: Sequence[File]) -> Iterator[Item]:
    """Yield the policies of the asked files of a folder, and what is left out."""
    texts: dict[str, Text] = {}
    for file in files:
        text = text_of(file.path, file.data)
        if text is None:
            yield NotAnalysed(file.path, (), "not UTF-8 text", unreadable=True)
        else:
            texts[os.path.basename(file.path)] = text
    if not any(mark in text.source.text for text in texts.values() for mark in MARKS):
        return
    asked = {text.path for text in texts.values()}
    folder = os.path.dirname(files[0].path)
    if any(file.content is None for file in files):
        texts = {**_beside(place, folder), **texts}
    module = Module(place, repository_of(place, os.getcwd()), _parts(texts), folder)
    yield from _Emit(module, asked).items()


def _beside(place: str, folder: str) -> dict[str, Text]:
    """Read the other files of the folder; links may lead out of the repository and are left."""
    found: dict[str, Text] = {}
    try:
        with os.scandir(place) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError:
        return found
    for entry in entries:
        if entry.name.lower().endswith(ENDS) and entry.is_file(follow_symlinks=False):
            try:
                with open(entry.path, "rb") as opened:
                    data = opened.read(MAX_WALKED + 1)
            except OSError:
                continue
            text = text_of(f"{folder}/{entry.name}" if folder else entry.name, data)
            if text is not None and len(data) <= MAX_WALKED:
                found[entry.name] = text
    return found


def _parts(texts: dict[str, Text]) -> list[Part]:
    """Return the files that count: `x.tofu` takes the place of `x.tf`."""
    names = {name for name in texts if ".tofu" in name}
    return [
        Part(text.path, text, read_json_form if name.lower().endswith(".json") else read_hcl)
        for name, text in sorted(texts.items())
        if name in names or name.replace(".tf", ".tofu") not in names
    ]


@dataclass(slots=True)
class _Emit:
    module: Module
    asked: set[str]
    documents: dict[_Key, list[tuple[bool, Document]]] = field(default_factory=dict)
    told: dict[NotAnalysed, None] = field(default_factory=dict)
    places: set[tuple[str, int, int, bool]] = field(default_factory=set)
    made: dict[Node, Written] = field(default_factory=dict)

    def items(self) -> Iterator[Item]:
        yield from self._broken()
        for holds in (True, False) if self._has_choices() else (True,):
            walk = Walk(self.module, holds)
            for found in walk.found():
                self._add(found, walk)
            self.told.update(dict.fromkeys(walk.left_out))
        for _, readings in sorted(self.documents.items(), key=lambda item: item[0][:3]):
            yield from _readings(readings)
        for part in self.module.marked:
            if part.path in self.asked:
                yield from attach.holders(self.module, part)
        yield from (item for item in self.told if item.path in self.asked)
        if self.module.is_spent:
            reason = "its expressions make too much: not all of them are worked out"
            yield NotAnalysed(min(self.asked), (), reason)

    def _has_choices(self) -> bool:
        return any(
            mark in part.text.source.text for part in self.module.marked for mark in _CHOICES
        )

    def _broken(self) -> Iterator[NotAnalysed]:
        for part in self.module.marked:
            for broken in part.hcl.broken if part.path in self.asked else ():
                at = part.text.source.lines.position(broken.flaw.span.start)
                reason = f"{broken.flaw.message} in line {at.line}, column {at.column}"
                yield NotAnalysed(part.path, broken.words, reason, unreadable=True)

    def _add(self, found: Found, walk: Walk) -> None:
        """Take a policy that was found, unless it is known from a better place."""
        text = found.node.spot.text
        span = found.node.spot.span
        place = (text.path, span.start, span.end)
        document = self._document(found, walk)
        if document is None:
            return
        key = (*place, document.kind, document.attachment.resource_type or "")
        if found.kind is None and (*place, walk.holds) in self.places:
            return
        self.places.add((*place, walk.holds))
        known = self.documents.setdefault(key, [])
        same = next((i for i, (holds, _) in enumerate(known) if holds is walk.holds), None)
        if same is None:
            known.append((walk.holds, document))
        else:
            known[same] = (walk.holds, _with_principals(known[same][1], document))

    def _document(self, found: Found, walk: Walk) -> Document | None:
        if found.decoded is not None and found.decoded.node is None:
            return self._unreadable(found)
        made = self.made.get(found.node) or written(found.node, self.module.spend)
        self.made[found.node] = made
        kind = found.kind or self._kind(found, made)
        if kind is None or detect.is_stack_policy(made.value):
            return None
        text = found.node.spot.text
        elsewhere = made.elsewhere(text)
        if not self.asked & {found.user, text.path, *(part.path for part in elsewhere)}:
            return None
        pointer = self._pointer(text, found.node)
        for at, hidden in made.hidden:
            if _is_statement(at):
                reason = hidden.reason or f"`{hidden.text}` is not known"
                walk.leave_out(text.path, (*pointer, *at), reason)
        attachment = found.attachment
        if kind is Kind.RESOURCE and found.kind is None:
            type_ = detect.resource_type_of(made.value)
            attachment = replace(attachment, resource_type=type_)
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
            borrowed=self._is_borrowed(found.node, made, pointer),
        )

    def _kind(self, found: Found, made: Written) -> Kind | None:
        """Infer the kind from the content, if it is that of a policy."""
        if not (detect.is_policy(made.value) or detect.is_misspelt_policy(made.value)):
            return None
        return detect.kind_of(made.value, found.node.spot.text.path, found.hint)

    def _is_borrowed(self, node: Node, made: Written, pointer: Pointer) -> bool:
        return (
            node.spot.text.path not in self.asked
            or pointer[:1] == ("locals",)
            or node in self.module.merged
            or not made.is_in_one_place()
        )

    def _unreadable(self, found: Found) -> Document | None:
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

    def _pointer(self, text: Text, node: Node) -> Pointer:
        part = next((part for part in self.module.parts if part.text is text), None)
        return part.pointer(node.spot.span) if part else ()


def _is_statement(at: Pointer) -> bool:
    """Tell a whole statement, or all of them."""
    match at:
        case () | ("Statement",) | ("Statement", int()):
            return True
    return False


def _readings(known: list[tuple[bool, Document]]) -> Iterator[Document]:
    """Yield a policy once, or in each reading if they differ."""
    documents = [document for _, document in known]
    if len(documents) > 1 and documents[0].value == documents[1].value:
        documents = documents[:1]
    if len(documents) == 1:
        yield documents[0]
        return
    for holds, document in known:
        yield replace(document, when=_WHEN[holds])


def _with_principals(document: Document, other: Document) -> Document:
    """Return a policy that several hold as theirs."""
    one, another = document.attachment, other.attachment
    holders = dict.fromkeys((*_holders(one), *_holders(another)))
    if len(holders) < 2:  # noqa: PLR2004 - several
        return document
    arn = one.arn if one.arn == another.arn else None
    return replace(document, attachment=replace(one, principals=tuple(holders), arn=arn))


def _holders(attachment: Attachment) -> tuple[str, ...]:
    single = (attachment.principal,) if attachment.principal else ()
    return attachment.principals or single
