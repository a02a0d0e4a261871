"""Statements as formulas: does one apply to the requests of a spot?

A spot is a caller, an action and the resources that no statement distinguishes. The context is
left: a formula says which values of its keys are demanded. A fact that is not known is an
`UnknownFact` attribute, the same one wherever the same fact is asked for.
"""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Final

from iamlint.evaluator.context import Context, Missing
from iamlint.evaluator.request import StatementRequest
from iamlint.evaluator.way import OF_THE_WAY
from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.policy.arn_patterns import covers_arn
from iamlint.policy.truth import Truth
from iamlint.policy.variables import variables
from iamlint.reason.atoms import demands, principal_signature, signature
from iamlint.reason.formula import FALSE, TRUE, Formulas, UnknownFact
from iamlint.reason.parts import ALWAYS_SENT, split, split_clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from iamlint.catalog import Catalog
    from iamlint.evaluator.condition import CompiledCondition
    from iamlint.evaluator.context import ContextValue
    from iamlint.evaluator.request import PrincipalMatch, Request
    from iamlint.evaluator.statement import CompiledPolicy, CompiledStatement
    from iamlint.policy.model import Entry
    from iamlint.reason.atoms import Demand, Signature
    from iamlint.reason.budget import Budget
    from iamlint.reason.formula import Attribute
    from iamlint.reason.parts import KeyParts

NO, MAYBE, YES = Truth.NO, Truth.MAYBE, Truth.YES
CLOCK: Final = "aws:epochtime"
_CLOCKS: Final = frozenset({"aws:currenttime", CLOCK})
_ADDRESS: Final = "aws:sourceip"


@dataclass(frozen=True, slots=True)
class Situation:
    """Requests of one caller about resources that no statement distinguishes.

    `request` is one of them, without a context. `derived` are the keys that AWS adds, by their
    names in lower case; `around` those whose value is the same in all of the requests. `open` are
    the patterns of resources, not known as a whole, that may name the resource.
    """

    request: Request
    derived: Mapping[str, ContextValue]
    around: Mapping[str, ContextValue]
    open: frozenset[str] = frozenset()
    asked: StatementRequest = field(init=False, compare=False, repr=False)
    """The request as statements see it, with all that is not known left out."""

    def __post_init__(self) -> None:
        context = Context(self.around, Missing.UNKNOWN)
        asked = StatementRequest(replace(self.request, context=context))
        object.__setattr__(self, "asked", asked)


@dataclass(frozen=True, slots=True)
class Fact:
    """An unknown fact: its subject (`what`), and a statement that asks for it.

    `keys` are those of the policy variables that decide it; empty if something else decides.
    """

    what: str
    statement: CompiledStatement
    keys: tuple[str, ...] = ()

    @property
    def is_match(self) -> bool:
        """Whether it is that one value matches, for which its variables need values."""
        return self.what in ("value", "resource")


class Encoder:
    """Makes the formulas of the statements that name one action."""

    def __init__(
        self, statements: Iterable[CompiledStatement], catalog: Catalog, budget: Budget
    ) -> None:
        self.formulas = Formulas()
        self.catalog = catalog
        self.budget = budget
        self.ties: list[int] = []
        self.about: dict[Attribute, Fact] = {}
        self._demands = {id(one): demands(one) for one in statements}
        self._by_key: dict[str, dict[Signature, Demand]] = {}
        for found in self._demands.values():
            for demand in found:
                key = CLOCK if demand.name in _CLOCKS else demand.name
                self._by_key.setdefault(key, {})[demand.signature] = demand
        self._parts: dict[Attribute, KeyParts] = {}
        self._bound: set[UnknownFact] = set()

    def knows(self, statement: CompiledStatement) -> bool:
        """Return whether a statement is one of those that are compared."""
        return id(statement) in self._demands

    def demands_of(self, statement: CompiledStatement) -> Sequence[Demand]:
        return self._demands[id(statement)]

    def every_demand(self) -> Iterator[Demand]:
        """Yield the different conditions of all statements."""
        for found in self._by_key.values():
            yield from found.values()

    def asked_of(self, key: str) -> Iterable[Demand]:
        """Return the conditions on a key."""
        return self._by_key[key].values()

    def parts_of(self, attribute: Attribute) -> KeyParts:
        """Return the parts of the key that an attribute is about."""
        return self._parts[attribute]

    def always_sent(self, spot: Situation) -> Iterator[tuple[str, KeyParts]]:
        """Yield the keys that every request carries, as far as statements ask for them."""
        for key in self._by_key:
            if key in ALWAYS_SENT and (attribute := self._attribute(key, spot)) is not None:
                yield key, self._parts[attribute]

    def matches(
        self,
        policies: Sequence[CompiledPolicy],
        spot: Situation,
        *,
        allowing: bool,
        asked: StatementRequest | None = None,
    ) -> list[tuple[int, PrincipalMatch, CompiledStatement]]:
        """Return when the Allows, or the Denies, of policies apply, and how they name a caller.

        `asked` is given where principals know the caller by less names.
        """
        asked = asked or spot.asked
        found = []
        for policy in policies:
            for statement, truth in policy.about(asked.action):
                if not (statement.may_allow if allowing else statement.may_deny):
                    continue
                named = statement.names_caller(asked)
                if not named:
                    continue
                applies = self.applies(statement, truth, spot, allowing=allowing)
                for sure, naming in named:
                    formula = applies
                    if sure is MAYBE:
                        unsure = self.unsure(
                            ("principal", principal_signature(statement)), statement
                        )
                        formula = self.formulas.all((applies, unsure))
                    if formula != FALSE:
                        found.append((formula, naming, statement))
        return found

    def applies(
        self, statement: CompiledStatement, action: Truth, spot: Situation, *, allowing: bool
    ) -> int:
        """Return when a statement applies as an Allow, or as a Deny, whoever calls.

        A policy that is not known as a whole may both allow and deny.
        """
        formulas = self.formulas
        asked = spot.asked
        named = statement.names_resource(asked)
        if named is NO:
            return FALSE
        found = []
        if action is MAYBE:
            found.append(self.unsure(("action", _open_actions(statement)), statement))
        if named is MAYBE:
            found.append(self._open_resource(statement, spot))
        if statement.surely is MAYBE:
            found.append(self.unsure(("effect", allowing, signature(statement)), statement))
        if statement.source.has_more_conditions or "Condition" in statement.source.opaque:
            found.append(self.unsure(("conditions", signature(statement)), statement))
        for demand in self._demands.get(id(statement), ()):
            found.append(self.condition(demand, statement, spot))
            if found[-1] == FALSE:
                return FALSE
        return formulas.all(found)

    def _open_resource(self, statement: CompiledStatement, spot: Situation) -> int:
        element = statement.source.resource_element
        if element is None:
            return self.unsure(("resource", signature(statement)), statement)
        formula = self.formulas.any(
            self.unsure(("resource", entry.pattern), statement, _keys_of(entry))
            for entry in element.entries
            if entry.pattern in spot.open and not _lacks_key(entry, spot)
        )
        return self.formulas.negation(formula) if element.name == "NotResource" else formula

    def condition(self, demand: Demand, statement: CompiledStatement, spot: Situation) -> int:
        """Return when a condition of a statement holds."""
        if demand.condition.operator is None:  # AWS refuses it: it never allows, and may deny
            return self.unsure(("void", demand.signature), statement)
        name = demand.name
        value = spot.around.get(name, spot.derived.get(name))
        if value is not None:
            context = Context({**spot.around, name: value}, Missing.UNKNOWN)
            truth = demand.test.holds(context)
            if truth is not MAYBE:
                return TRUE if truth is YES else FALSE
            may = [one.test.holds(context) is not NO for one in demand.open]
            return self._open_condition(demand, statement, [TRUE if m else FALSE for m in may])
        attribute = self._attribute(name, spot)
        if attribute is None:
            return self.unsure(("condition", demand.signature), statement)
        parts, atom = self._parts[attribute], self.formulas.atom
        maybe = parts.maybe[demand.signature]
        found = [atom(attribute, parts.yes[demand.signature])]
        if maybe:
            may_match = [atom(attribute, parts.open[one.name]) for one in demand.open]
            open_ = self._open_condition(demand, statement, may_match)
            found.append(self.formulas.all((atom(attribute, maybe), open_)))
        return self.formulas.any(found)

    def _open_condition(
        self, demand: Demand, statement: CompiledStatement, may_match: list[int]
    ) -> int:
        """Return when a condition holds whose open values may match there."""
        if demand.is_whole or not demand.open:
            return self.unsure(("condition", demand.signature), statement, _keys_in(demand.test))
        met = [
            self.formulas.all(
                (where, self.unsure(("value", one.name), statement, _keys_in(one.test)))
            )
            for one, where in zip(demand.open, may_match, strict=True)
        ]
        formula = self.formulas.any(met)
        return self.formulas.negation(formula) if demand.condition.negated else formula

    def unsure(
        self, name: tuple[object, ...], statement: CompiledStatement, keys: tuple[str, ...] = ()
    ) -> int:
        """Return that an unknown fact is so; `keys` are those of the policy variables in it."""
        attribute = UnknownFact(name)
        self.formulas.parts[attribute] = 2
        self.about.setdefault(attribute, Fact(str(name[0]), statement, keys))
        return self.formulas.atom(attribute, 2)

    def _attribute(self, name: str, spot: Situation) -> Attribute | None:
        """Return the attribute of a key; None for one whose values cannot be split."""
        is_clock = name in _CLOCKS
        key = CLOCK if is_clock else name
        asked = list(self._by_key[key].values())
        variables = {v.name for d in asked for one in d.test.templates for v in one.variables}
        known = tuple((one, spot.around[one]) for one in sorted(variables) if one in spot.around)
        attribute = ("key", key, known)
        if attribute not in self._parts:
            if is_clock:
                parts = split_clock(asked, self.budget)
            else:
                of = self.catalog.condition_key(asked[0].condition.key)
                parts = split(key, of, asked, spot.around, self.budget)
            self._parts[attribute] = parts
            self.formulas.parts[attribute] = len(parts.values)
            self._tie(key, attribute)
        return attribute

    def _tie(self, key: str, attribute: Attribute) -> None:
        """Note which keys exclude each other: a request has an address, or uses an endpoint.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip
        """
        if key not in OF_THE_WAY:
            return
        for other, parts in self._parts.items():
            name = other[1]  # type: ignore[index]
            if name in OF_THE_WAY and (name == _ADDRESS) is not (key == _ADDRESS):
                pair = ((attribute, self._parts[attribute].absent), (other, parts.absent))
                self.ties.append(self.formulas.any(self.formulas.atom(*one) for one in pair))

    def tied(self, formula: int) -> int:
        """Return a formula together with what all requests fulfil."""
        found = self.formulas.all((formula, *self.ties))
        bound = (*self._variables_present(found), *self._wider_patterns(found))
        return self.formulas.all((found, *bound)) if bound else found

    def _wider_patterns(self, formula: int) -> Iterator[int]:
        """Yield that a pattern which is not known names what a narrower one does."""
        patterns = {
            fact[1]: self.formulas.atom(fact, 2)
            for fact in self.formulas.attributes(formula)
            if isinstance(fact, UnknownFact) and fact[0] == "resource" and isinstance(fact[1], str)
        }
        for (narrow, names), (wide, covers) in permutations(patterns.items(), 2):
            if covers_arn(str(wide), str(narrow)):
                yield self.formulas.any((self.formulas.negation(names), covers))

    def _variables_present(self, formula: int) -> list[int]:
        """Return that an open value matches only where the keys of its variables are there."""
        found = []
        attributes = self.formulas.attributes(formula)
        for unsure in attributes:
            if not isinstance(unsure, UnknownFact) or not self.about[unsure].is_match:
                continue
            is_not = self.formulas.atom(unsure, 1)
            for attribute in attributes:
                if isinstance(attribute, UnknownFact):
                    continue
                if attribute[1] in self.about[unsure].keys:  # type: ignore[index]
                    absent = self.formulas.atom(attribute, self._parts[attribute].absent)
                    found.append(self.formulas.any((self.formulas.negation(absent), is_not)))
        return found


def _open_actions(statement: CompiledStatement) -> object:
    element = statement.source.action_element
    if element is None:
        return signature(statement)
    return element.name, frozenset(e.pattern for e in element.entries if e.known is None)


def _keys_in(test: CompiledCondition) -> tuple[str, ...]:
    """Return the keys that a value needs: those of its variables without a default.

    None for a value that is not known in the policy itself.
    """
    if any(entry.known is None for entry in test.condition.values):
        return ()
    found = {v.name for one in test.templates for v in one.variables if v.default is None}
    return tuple(sorted(found))


def _lacks_key(entry: Entry, spot: Situation) -> bool:
    """Return whether no request there has the key of a variable, so the entry names nothing."""
    return any(spot.around.get(key) is Missing.ABSENT for key in _keys_of(entry))


def _keys_of(entry: Entry) -> tuple[str, ...]:
    if entry.known is None:
        return ()
    return tuple(sorted({v.name for v in variables(entry.known) if v.default is None}))
