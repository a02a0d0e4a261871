"""The findings of a policy that is different in different cases.

A finding of every case is a fact. A finding of some cases is reported only if variables of the
file alone decide it and its cause is written out; the message then names the case.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.load.link import SourceCondition
from iamlint.text.source import Partial, Unknown, nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from iamlint.load.document import ByDefault, Document
    from iamlint.load.file_value import FileValue, Reading
    from iamlint.policy.model import Statement
    from iamlint.rule.finding import Finding
    from iamlint.text.source import Input, Value
    from iamlint.text.span import Pointer

_Key: TypeAlias = "tuple[object, ...]"
Place: TypeAlias = "tuple[str, int, int]"
_Value = TypeVar("_Value", bound="FileValue")

# The values of a branch without a real value: in whole, as a part of an ARN or of an action, or as
# a word of such a part.
_WORDS: Final = frozenset({"changeme", "dummy", "fixme", "placeholder", "tbd", "todo", "unused"})
_PARTS: Final = _WORDS | {
    *("000000000000", "change-me", "disabled", "empty", "fake", "nil", "none", "noop", "nothing"),
    *("null", "undefined", "unset", "unspecified"),
}
_PLACEHOLDERS: Final = _PARTS | {"", "-", "example", "n/a", "na"}
_ELEMENTS: Final = frozenset(
    {
        *("Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal"),
        *("Condition", "Effect"),
    }
)


@dataclass(frozen=True, slots=True)
class Hold:
    """A finding in one of the documents of a policy, and the statement that it is about."""

    document: FileValue
    statement: Statement | None
    finding: Finding

    @property
    def keys(self) -> tuple[_Key, _Key]:
        """Return what the same finding has in common in other cases.

        It is at the same place, or at the same element of the same statement.
        """
        found, document = self.finding, self.document
        of = self.statement.at.pointer if self.statement else ()
        inside = [step for step in found.pointer[len(of) :] if isinstance(step, str)]
        if inside[:1] in (["Principal"], ["NotPrincipal"]):
            del inside[1:]  # `"*"` is `{"AWS": "*"}`
        return (found.rule, found.path, found.range), (found.rule, place(document, of), *inside)


def by_policy(documents: Iterable[_Value]) -> list[list[_Value]]:
    """Return documents grouped by policy, in the order of the first of each."""
    found: dict[int, list[_Value]] = {}
    for number, document in enumerate(documents):
        key = -1 - number if document.cases is None else id(document.cases)
        found.setdefault(key, []).append(document)
    return list(found.values())


def report_cases(documents: Sequence[FileValue], holds: Sequence[Hold]) -> Iterator[Finding]:
    """Yield what is reported of one policy, of what was found in each of its documents."""
    for hold, finding in _reported(documents, holds):
        yield _in_call(hold, _with_inputs(hold) if finding is hold.finding else finding)


def _in_call(hold: Hold, finding: Finding) -> Finding:
    """Return a finding that names the example or the test whose values it needs.

    A fault in the file of the call itself is a fact of that file.
    """
    call = hold.document.shown_by
    if call is None or finding.path == call.path:
        return finding
    return replace(
        finding,
        message=f"{finding.message}, with the values of {call}",
        properties={**finding.properties, "call": str(call)},
        fix=None,
    )


def _with_inputs(hold: Hold) -> Finding:
    """Return a finding that says how to give the variables in the text that it is about."""
    finding = hold.finding
    node = hold.document.node(finding.pointer) if hold.document.source.readable else None
    inputs = dict.fromkeys(_unknown_inputs(node)) if isinstance(node, Partial | Unknown) else None
    return replace(finding, help=_with_help(finding.help, inputs)) if inputs else finding


def _reported(
    documents: Sequence[FileValue], holds: Sequence[Hold]
) -> Iterator[tuple[Hold, Finding]]:
    if documents[0].cases is None:
        yield from ((hold, hold.finding) for hold in holds)
        return
    cases = documents[0].cases
    every = frozenset(cases.readings)
    where: dict[_Key, set[Reading]] = {}
    rules: dict[str, set[Reading]] = {}
    for hold in holds:
        for key in hold.keys:
            where.setdefault(key, set()).update(hold.document.readings)
        rules.setdefault(hold.finding.rule, set()).update(hold.document.readings)
    told: dict[_Key, FileValue] = {}
    writings = _Writings()
    for hold in holds:
        keys = hold.keys
        first = [told.setdefault(key, hold.document) for key in keys]
        if any(document is not hold.document for document in first):
            continue
        held = where[keys[0]] | where[keys[1]]
        if held >= every:
            yield hold, hold.finding
        elif given := _decisive(held, every):
            is_covered = rules[hold.finding.rule] >= every and _is_stated(hold)
            others = [d for d in documents if not any(given <= r.given for r in d.readings)]
            if is_covered or (all(c.inputs for c in given) and writings.are_new(hold, others)):
                yield hold, when(hold.finding, given)


def reported_by_default(
    policy: ByDefault, documents: Sequence[Document], holds: Sequence[Hold], without: Iterable[Hold]
) -> Iterator[Finding]:
    """Yield what is reported of a policy only where variables have their defaults.

    `documents` are what it says then, and `holds` what was found in them. Something is reported
    only if it is written out in a default, or where a default decides.
    """
    known: dict[int, list[Hold]] = {}
    for hold in without:
        known.setdefault(id(hold.document), []).append(hold)
    told = {
        key
        for several in by_policy(policy.without)
        for hold, _ in _reported(several, [h for one in several for h in known.get(id(one), ())])
        for key in hold.keys
    }
    writings = _Writings()
    new = [h for h in holds if told.isdisjoint(h.keys) and writings.are_new(h, policy.without)]
    for hold, finding in _reported(documents, new):
        yield _in_call(hold, with_defaults(finding, _inputs(hold, policy)))


def _inputs(hold: Hold, policy: ByDefault) -> list[Input]:
    """Return the variables with whose defaults a finding holds: those that say its statement.

    Where a default says nothing itself, it decides: then all are named that may.
    """
    document, statement = hold.document, hold.statement
    taken = {default.input: default for default in policy.defaults}
    found: dict[Input, None] = {}
    at = statement.at.pointer if statement else ()
    for pointer, _ in _leaves(document.node(at), at):
        path, start, end = place(document, pointer)
        for default in policy.defaults:
            span = default.span
            if span and path == default.path and span.start <= start and end <= span.end:
                found[default.input] = None
    own = place(document, at)
    conditions: dict[Input, None] = {}
    for other in policy.without:
        conditions.update((i, None) for r in other.readings for c in r.given for i in c.inputs)
        for one in other.policy.statements:
            if place(other, one.at.pointer) == own:
                found.update(dict.fromkeys(_unknown_inputs(other.node(one.at.pointer))))
    names = [one for one in found if one in taken] or [one for one in conditions if one in taken]
    return sorted(names or taken, key=lambda one: one.name)


def _unknown_inputs(value: Value) -> Iterator[Input]:
    for node in nodes(value):
        for part in node.parts if isinstance(node, Partial) else (node,):
            if isinstance(part, Unknown):
                yield from part.inputs


def _decisive(held: set[Reading], every: Iterable[Reading]) -> frozenset[SourceCondition]:
    """Return the conditions under which all readings are among those that hold; none if unclear."""
    always = frozenset[SourceCondition].intersection(*(reading.given for reading in every))
    common = frozenset[SourceCondition].intersection(*(reading.given for reading in held)) - always
    single = {condition for reading in held for condition in reading.given - always}
    for given in (common, *(frozenset({one}) for one in sorted(single))):
        if given and all(reading in held for reading in every if given <= reading.given):
            return given
    return frozenset()


@dataclass(eq=False, slots=True)
class _Writings:
    """The texts of documents, collected once for all findings in them."""

    _texts: dict[int, Mapping[Place, set[str]]] = field(default_factory=dict)
    _limited: dict[int, set[Place]] = field(default_factory=dict)
    _new: dict[tuple[int, Pointer, int], bool] = field(default_factory=dict)

    def are_new(self, hold: Hold, others: Sequence[FileValue]) -> bool:
        """Return whether what is at fault is written out, and in none of the other cases.

        A text that is there only because there must be one, or the lack of one, is not at fault.
        """
        if hold.statement is None or self._lost_condition(hold.statement, hold.document, others):
            return False
        if not _is_stated(hold):
            return False
        at = hold.finding.pointer
        own = list(_written(hold.document, at, hold.document.node(at)))
        if not own and next(_of_statement(hold.document, hold.statement), None) is None:
            return False
        return all(
            _is_new(own, self.texts(other)) or self._is_new(hold.document, hold.statement, other)
            for other in others
        )

    def texts(self, document: FileValue) -> Mapping[Place, set[str]]:
        if id(document) not in self._texts:
            found: dict[Place, set[str]] = {}
            for pointer, value in _leaves(document.value, ()):
                found.setdefault(place(document, pointer), set()).add(_text(value))
            self._texts[id(document)] = found
        return self._texts[id(document)]

    def _is_new(self, document: FileValue, statement: Statement, other: FileValue) -> bool:
        """Return whether another case lacks some of the texts of a statement."""
        key = id(document), statement.at.pointer, id(other)
        if key not in self._new:
            self._new[key] = _is_new(_of_statement(document, statement), self.texts(other))
        return self._new[key]

    def _lost_condition(
        self, statement: Statement, document: FileValue, others: Iterable[FileValue]
    ) -> bool:
        """Return whether a statement has a condition in another case, and none in this one."""
        if _is_limited(statement):
            return False
        own = place(document, statement.at.pointer)
        return any(own in self._limits(other) for other in others)

    def _limits(self, document: FileValue) -> set[Place]:
        """Return where its statements with a condition are."""
        if id(document) not in self._limited:
            statements = filter(_is_limited, document.statements)
            self._limited[id(document)] = {place(document, one.at.pointer) for one in statements}
        return self._limited[id(document)]


def _is_limited(statement: Statement) -> bool:
    return bool(statement.conditions) or "Condition" in statement.opaque


def _of_statement(document: FileValue, statement: Statement) -> Iterator[tuple[Place, str]]:
    """Yield the texts that a statement may be at fault for, with their places."""
    node = document.node(statement.at.pointer)
    for name, value in node.items() if isinstance(node, dict) else ():
        if name in _ELEMENTS:
            yield from _written(document, (*statement.at.pointer, name), value)


def _written(document: FileValue, at: Pointer, node: Value) -> Iterator[tuple[Place, str]]:
    for leaf, value in _leaves(node, at):
        if not isinstance(value, Unknown) and not _is_placeholder(value):
            yield place(document, leaf), _text(value)


def _is_new(written: Iterable[tuple[Place, str]], texts: Mapping[Place, set[str]]) -> bool:
    """Return whether another case lacks some of these texts."""
    return any(all(_differs(text, other) for other in texts.get(at, ())) for at, text in written)


def _is_stated(hold: Hold) -> bool:
    """Return whether the value at fault is written: not null, not empty, not a placeholder."""
    at = hold.finding.pointer
    node = hold.document.node(at)
    if not at or node in ([], {}) or isinstance(node, Unknown):
        return False
    return isinstance(node, dict | list) or not _is_placeholder(node)


def place(document: FileValue, pointer: Pointer) -> Place:
    """Return where a node of a policy is written."""
    from iamlint.policy.at import At  # noqa: PLC0415 - few findings depend on cases

    path, _ = document.file_of(At(pointer))
    span = document.span(At(pointer))
    return path, span.start, span.end


def _leaves(value: Value, at: Pointer) -> Iterator[tuple[Pointer, Value]]:
    todo: list[tuple[Pointer, Value]] = [(at, value)]
    while todo:
        pointer, node = todo.pop()
        if isinstance(node, dict):
            todo += [((*pointer, name), child) for name, child in node.items()]
        elif isinstance(node, list):
            todo += [((*pointer, index), child) for index, child in enumerate(node)]
        else:
            yield pointer, node


def _text(value: Value) -> str:
    return value.text if isinstance(value, Unknown) else str(value)


def _differs(text: str, other: str) -> bool:
    """Return whether a text has something in it that the other one of the same place lacks."""
    start = _common(text, other)
    return len(text) - start > _common(text[start:][::-1], other[start:][::-1])


def _common(text: str, other: str) -> int:
    """Return the number of characters with which both texts start."""
    pairs = enumerate(zip(text, other, strict=False))
    return next((number for number, (a, b) in pairs if a != b), min(len(text), len(other)))


def _is_placeholder(value: Value) -> bool:
    if isinstance(value, Partial):
        return False
    text = "" if value is None else _text(value).lower().strip(" <>_")
    return text in _PLACEHOLDERS or any(map(_is_filler, re.split("[:/]", text)))


def _is_filler(part: str) -> bool:
    """Return whether a part of an ARN or of an action is only there because there must be one."""
    words = part.strip(" <>_*").replace("_", "-").replace(" ", "-")
    if words in _PARTS or words.startswith(("no-", "not-")):
        return True
    return set(words) == {"x"} or not _WORDS.isdisjoint(words.split("-"))


def is_of_some_values(finding: Finding) -> bool:
    """Return whether a finding holds only with some values of variables or parameters."""
    return not {"when", "default", "call"}.isdisjoint(finding.properties)


def when(finding: Finding, given: Iterable[SourceCondition]) -> Finding:
    """Return a finding that says under which conditions it holds."""
    conditions = sorted(given)
    words = " and ".join(map(_in_words, conditions))
    inputs = dict.fromkeys(one for condition in conditions for one in condition.inputs)
    return replace(
        finding,
        message=f"{finding.message}, when {words}",
        help=_with_help(finding.help, inputs),
        properties={**finding.properties, "when": words},
        fix=None,
    )


def with_defaults(finding: Finding, inputs: Sequence[Input]) -> Finding:
    """Return a finding that names the variables whose defaults it needs."""
    return replace(
        finding,
        message=f"{finding.message}, with the {_defaults_of(inputs)}",
        help=_with_help(finding.help, inputs),
        properties={**finding.properties, "default": [one.name for one in inputs]},
        fix=None,
    )


def _defaults_of(inputs: Sequence[Input]) -> str:
    """Return the defaults of variables, or of parameters, for a message."""
    plural = "s" if len(inputs) > 1 else ""
    kind, space, _ = inputs[0].name.rpartition(" ")
    names = ", ".join(f"`{one.name.rpartition(' ')[2]}`" for one in inputs)
    listed = " and ".join(names.rsplit(", ", 1))
    return f"default{plural} of {kind}{plural if kind else ''}{space}{listed}"


def _in_words(condition: SourceCondition) -> str:
    text, holds = condition.text, condition.holds
    if text.isidentifier():  # conditions of templates have names
        return f"condition `{text}` is {str(holds).lower()}"
    if [one.name for one in condition.inputs] == [text]:
        return f"`{text}` is {str(holds).lower()}"
    return f"`{text}` {'holds' if holds else 'does not hold'}"


def _with_help(text: str | None, inputs: Iterable[Input]) -> str | None:
    """Return a help that also says how to give a value to what is not known."""
    flags = " ".join(one.flag for one in inputs if one.flag)
    if not flags:
        return text
    return "; ".join(filter(None, [text, f"to check one value, give `{flags}`"]))
