"""The source of a policy, and the places of its statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass, field
from iamlint.policy.at import At
from iamlint.policy.grammar import Kind
from iamlint.text.source import Partial, Pseudo, Unknown, nodes, value_at, without_tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iamlint.evaluator.deciding import Deciding
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.load.document import Document
    from iamlint.load.link import SourceCondition
    from iamlint.policy.model import Statement
    from iamlint.text.source import Input
    from iamlint.text.span import Pointer

PolicyKey = tuple[str, "Pointer", Kind, str]
"""A document, what it is used as, and in which of its cases."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why it may be that a policy has no say; `inputs` are the variables that decide that."""

    text: str
    inputs: tuple[Input, ...] = ()


def on_conditions(given: frozenset[SourceCondition]) -> Why:
    """Return the reason that a policy is held, or is on a resource, under conditions."""
    inputs = (one for condition in sorted(given) for one in condition.inputs)
    words = " and ".join(sorted(map(str, given)))
    return Why(f"it depends on {words}", tuple(dict.fromkeys(inputs)))


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be read, or a policy that AWS refuses; `place` is its file and line.

    `document` is the policy; None for what may be any policy.
    """

    place: str
    reason: str
    document: Document | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Origin:
    """The label of a compiled policy: a document of the repository, or a name alone.

    AWS's own policies have a name alone. `why` is set where it is not known whether the policy has
    a say, `unread` where it could not be read.
    """

    name: str
    document: Document | None = None
    why: Why | None = None
    unread: Unread | None = None

    def __str__(self) -> str:
        return self.name

    def statement(self, index: int) -> Statement | None:
        if self.document is None:
            return None
        found = (s for s in self.document.policy.statements if s.index == index)
        return next(found, None)

    def place(self, index: int) -> str:
        """Return the file and line of a statement, or the policy's name."""
        statement = self.statement(index)
        if statement is None or self.document is None:
            return self.name
        return place(self.document, statement.sid.at if statement.sid else statement.at)


def statement_of(deciding: Deciding) -> tuple[Document, Statement] | None:
    """Return the statement that decides, with its document; None if no file contains it."""
    label = deciding.label
    if not isinstance(label, Origin) or label.document is None:
        return None
    statement = label.statement(deciding.statement)
    return None if statement is None else (label.document, statement)


def inputs_of(label: object, index: int) -> Iterator[Input]:
    """Yield the variables and parameters that a statement leaves open, and its conditions do."""
    if isinstance(label, Origin) and label.why is not None:
        yield from label.why.inputs
    for part in unknown_in(label, index):
        yield from part.inputs
    document = label.document if isinstance(label, Origin) else None
    for reading in document.readings if document is not None else ():
        for condition in sorted(reading.given):
            yield from condition.inputs


def unknown_in(label: object, index: int) -> Iterator[Unknown]:
    """Yield what a statement leaves open itself."""
    document = label.document if isinstance(label, Origin) else None
    statement = label.statement(index) if isinstance(label, Origin) else None
    if document is None or statement is None:
        return
    for node in nodes(without_tag(value_at(document.value, statement.at.pointer))):
        for part in node.parts if isinstance(node, Partial) else (node,):
            if isinstance(part, Unknown):
                yield part


def how_to_give(inputs: Sequence[Input]) -> str:
    """Return how the user gives the values of variables and parameters."""
    first = next((one for one in inputs if one.flag), None)
    if first is None or first.flag is None:
        return f"fill in `{inputs[0].name}` before iamlint reads the file"
    key = "[terraform] vars" if first.name.startswith("var.") else "[cloudformation] parameters"
    return (
        f"give the value: `{first.flag}` (in pytest `--iam{first.flag[1:]}`), "
        f"or `{key}` in the configuration"
    )


def of_document(document: Document) -> Origin:
    return Origin(document.path, document)


def place(document: Document, at: At) -> str:
    """Return the file and line of a node."""
    start = document.span(at).start
    path, source = document.file_of(at)
    return f"{path}:{source.lines.position(start).line}"


def place_of(deciding: Deciding) -> str:
    """Return the place of a deciding statement."""
    label = deciding.label
    return label.place(deciding.statement) if isinstance(label, Origin) else str(label or "?")


def plain_deciding(deciding: Deciding) -> dict[str, object]:
    """Return a deciding statement as outputs for programs have it."""
    return {
        "policy": str(deciding.kind),
        "place": place_of(deciding),
        "statement": deciding.statement,
        "sid": deciding.sid,
        "effect": str(deciding.effect) if deciding.effect else None,
    }


def key_of(policy: CompiledPolicy) -> PolicyKey | None:
    """Return what names a policy of the repository; None for AWS's own."""
    origin = policy.label
    if not isinstance(origin, Origin) or origin.document is None:
        return None
    document = origin.document
    return document.path, document.pointer, policy.kind, document.when


def describe(deciding: Deciding) -> str:
    """Return what a deciding statement is, and where."""
    effect = f"{deciding.effect} " if deciding.effect else ""
    policy = _CALLED.get(deciding.kind, f"{deciding.kind} policy")
    return f"{effect}statement {_name(deciding)} of the {policy} at {place_of(deciding)}"


def briefly(deciding: Deciding) -> str:
    """Return the name and the place of a statement."""
    name = _name(deciding) if deciding.sid else f"statement {_name(deciding)}"
    return f"{name} at {place_of(deciding)}"


def left_open(deciding: Deciding) -> str:
    """Return what a statement leaves open: `${aws_kms_key.k.arn}`, for statement 0 at …"""
    parts = [*unknown_in(deciding.label, deciding.statement)]
    texts = dict.fromkeys(part.text for part in parts if part.means not in _TAKEN)
    if not texts:
        return f"something unknown in the {describe(deciding)}"
    shown = ", ".join(f"`{text}`" for text in [*texts][:_SHOWN])
    more = ", …" if len(texts) > _SHOWN else ""
    return f"{shown}{more}, for {briefly(deciding)}"


def _name(deciding: Deciding) -> str:
    return f"`{deciding.sid}`" if deciding.sid else str(deciding.statement)


_SHOWN: Final = 3
_TAKEN: Final = (Pseudo.PARTITION, Pseudo.REGION)  # for those of the resource
_CALLED: Final = {Kind.SCP: "SCP", Kind.RCP: "RCP", Kind.BOUNDARY: "permissions boundary"}


WHOLE = At(())
