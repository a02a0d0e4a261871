"""The atoms of statements: the demands of conditions and elements, as far as texts are compared.

Two atoms are the same if they demand the same, on whichever side they are. A value that is not
known, or has a policy variable, is `open`: whether it matches is one unknown fact for each text.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.account.origin import Origin
from iamlint.evaluator.condition import CompiledCondition
from iamlint.evaluator.context import Context, Missing
from iamlint.evaluator.elements import loose_text
from iamlint.evaluator.match import Wild, read_glob, read_template, split_glob
from iamlint.fast_dataclass import dataclass, replace
from iamlint.policy.arn import split_arn
from iamlint.policy.arn_patterns import FIELDS, completed
from iamlint.policy.grammar import OPERATORS, OperatorFamily, Quantifier
from iamlint.reason.texts import Language, arn_language, language_of
from iamlint.text.source import key_of, value_at, without_tag

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from iamlint.evaluator.context import ContextValue
    from iamlint.evaluator.match import Glob
    from iamlint.evaluator.statement import CompiledStatement
    from iamlint.policy.model import Condition, Element

Signature: TypeAlias = "Hashable"


def signature(statement: CompiledStatement) -> Signature:
    """Return what a statement says besides its actions; equal ones say the same."""
    found = _SIGNATURES.get(id(statement))
    if found is None or found[0] is not statement:
        if len(_SIGNATURES) >= _MOST:
            _SIGNATURES.clear()
        found = _SIGNATURES[id(statement)] = (statement, _signature(statement))
    return found[1]


_MOST: Final = 4096
_SIGNATURES: dict[int, tuple[CompiledStatement, Signature]] = {}


def _signature(statement: CompiledStatement) -> Signature:
    source = statement.source
    return (
        source.effect,
        statement.kind,
        statement.variables,
        _of_element(source.resource_element),
        _of_principals(statement),
        frozenset(condition_signature(condition) for condition in source.conditions),
        _of_the_unknown(statement),
    )


def principal_signature(statement: CompiledStatement) -> Signature:
    """Return what decides which callers a statement names; equal ones name the same."""
    source = statement.source
    is_open = not source.opaque.isdisjoint(("Principal", "NotPrincipal"))
    unknown = _of_the_unknown(statement) if is_open else None
    return source.effect, statement.kind, _of_principals(statement), unknown


def _of_principals(statement: CompiledStatement) -> Signature:
    found = statement.source.principal or statement.source.not_principal
    return found and (found.name, frozenset((p.type, p.entry.pattern) for p in found.entries))


def _of_element(element: Element | None) -> Signature:
    return element and (element.name, frozenset(entry.pattern for entry in element.entries))


def condition_signature(condition: Condition) -> Signature:
    """Return what a condition demands; equal ones demand the same."""
    operator = condition.operator.name if condition.operator else condition.operator_text
    values = frozenset(entry.pattern for entry in condition.values)
    return condition.name, operator, condition.quantifier, condition.if_exists, values


def _of_the_unknown(statement: CompiledStatement) -> Signature:
    """Return what distinguishes a statement that is known in part; None of one that is known."""
    source, label = statement.source, statement.label
    if not source.opaque and not source.has_more_conditions:
        return None
    if not isinstance(label, Origin):
        return id(source)
    if label.document is None:
        return (str(label), source.index) if label.unread is None else id(source)
    written = without_tag(value_at(label.document.value, source.at.pointer))
    return key_of(written), label.why and (label.why.text, label.why.inputs)


@dataclass(frozen=True, slots=True)
class NamedResource:
    """The texts that an entry names: the fields of an ARN pattern, or a pattern of texts.

    One that is `open` is not known as a whole: it names some of these texts.
    """

    pattern: str
    fields: tuple[Glob, ...] | None
    glob: Glob = ()
    open: bool = False

    @property
    def language(self) -> Language:
        return _language(self)

    @property
    def is_every_arn(self) -> bool:
        return self.fields == _EVERY


@lru_cache(maxsize=4096)
def _language(named: NamedResource) -> Language:
    return language_of(named.glob) if named.fields is None else arn_language(named.fields)


def named_resources(
    statement: CompiledStatement, bound: Mapping[str, ContextValue]
) -> list[NamedResource]:
    """Return the resources in the `Resource` or `NotResource` of a statement.

    `bound` has the values of some policy variables, by the names of their keys.
    """
    element = statement.source.resource_element
    found: list[NamedResource] = []
    for entry in element.entries if element else ():
        value = entry.value
        if not isinstance(value, str):
            found.append(
                NamedResource(entry.pattern, None, read_glob(loose_text(entry)), open=True)
            )
        elif statement.variables and "${" in value:
            found += _with_variables(value, bound)
        elif (fields := _fields_of(value)) is not None:
            found.append(NamedResource(value, fields))
    return found


_EVERY: Final[tuple[Glob, ...]] = (("arn",), *[(Wild.ANY,)] * (FIELDS - 1))


@lru_cache(maxsize=8192)
def _fields_of(value: str) -> tuple[Glob, ...] | None:
    """Return the six fields of a pattern; None if it names no ARN.

    Fields in place of those that are left out cut finer than needed, which does no harm.
    """
    if value == "*":
        return _EVERY
    fields = completed(value).split(":", FIELDS - 1)
    if fields[0] != "arn":
        return None
    return (*map(read_glob, fields), *[(Wild.ANY,)] * (FIELDS - len(fields)))


def _with_variables(value: str, bound: Mapping[str, ContextValue]) -> list[NamedResource]:
    fields = split_arn(value)
    if fields[0] != "arn":
        return []
    *starts, last = fields
    template = read_template(last, variables=True, wildcards=True)
    expansion = template.expand(Context(bound, Missing.UNKNOWN))
    if expansion is None:
        return []
    globs = (*map(read_glob, starts), expansion.glob, *[(Wild.ANY,)] * (FIELDS - len(fields)))
    return [NamedResource(value, globs, open=not expansion.certain)]


@dataclass(frozen=True, slots=True)
class OpenValue:
    """A value of a condition that is not known: whether it matches is one fact for each."""

    name: Signature
    test: CompiledCondition
    language: Language | None


class Demand:
    """A condition, with its values that are open apart."""

    __slots__ = ("condition", "is_whole", "open", "signature", "test", "variables")

    def __init__(self, test: CompiledCondition, *, variables: bool) -> None:
        self.test = test
        self.condition = test.condition
        self.variables = variables
        self.signature = condition_signature(test.condition)
        # Of several values of a request it is not known which one matches.
        self.is_whole = test.condition.quantifier is not Quantifier.NONE
        self.open: tuple[OpenValue, ...] = ()
        if test.templates and test.condition.family is not OperatorFamily.NULL:
            self.open = tuple(_open_values(test.condition, variables=variables))

    @property
    def name(self) -> str:
        return self.test.name


def demands(statement: CompiledStatement) -> list[Demand]:
    """Return the conditions of a statement."""
    return [Demand(test, variables=statement.variables) for test in statement.conditions]


def _open_values(condition: Condition, *, variables: bool) -> list[OpenValue]:
    operator = condition.operator
    if operator is None:
        return []
    positive = operator.opposite if operator.negated and operator.opposite else operator
    found = []
    for entry in condition.values:
        one = replace(condition, operator=positive, values=(entry,), quantifier=Quantifier.NONE)
        test = CompiledCondition(one, variables=variables)
        if test.templates:
            name = (condition.name, positive.family, positive.ignores_case, entry.pattern)
            found.append(OpenValue(name, test, _open_language(test)))
    return found


def _open_language(test: CompiledCondition) -> Language | None:
    """Return all that an open value may match; None where texts are not compared."""
    family = test.condition.family
    if family not in (OperatorFamily.STRING, OperatorFamily.ARN):
        return None
    (template,) = test.templates
    glob = tuple(part if isinstance(part, str | Wild) else Wild.ANY for part in template.parts)
    folded = test.condition.operator is OPERATORS["stringequalsignorecase"]
    return language_of(glob, folded=folded)


def condition_languages(demand: Demand) -> tuple[Language, ...]:
    """Return the languages of the known values of a condition on texts or ARNs."""
    condition = demand.condition
    if condition.operator is None:
        return ()
    found: list[Language] = []
    for entry in condition.values:
        template = read_template(
            entry.value,
            variables=demand.variables,
            wildcards=condition.operator.wildcards,
        )
        if not template.is_fixed:
            continue
        if condition.family is OperatorFamily.ARN:
            fields = _fields(template.fixed)
            found += [arn_language(fields)] if fields else []
        else:
            found.append(language_of(template.fixed, folded=condition.operator.ignores_case))
    return tuple(found)


def _fields(glob: Glob) -> list[Glob] | None:
    fields = split_glob(glob, FIELDS - 1)
    return fields if len(fields) == FIELDS else None
