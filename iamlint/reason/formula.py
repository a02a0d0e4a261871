"""Formulas over attributes that have finitely many parts, and all their solutions as boxes.

An atom says that the value of an attribute is in one of some parts. Equal formulas are one number,
so that what was found out about one is remembered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from iamlint.reason.budget import Budget

Attribute: TypeAlias = "Hashable"
Box: TypeAlias = "dict[Attribute, int]"
"""Parts, a bit for each, of the attributes that matter; every choice of them is a solution."""

FALSE: Final = 0
TRUE: Final = 1
_ATOM: Final = "atom"
_ALL: Final = "all"
_ANY: Final = "any"


class Formulas:
    """The formulas of one comparison. `parts` is the number of parts of each attribute."""

    def __init__(self) -> None:
        self.parts: dict[Attribute, int] = {}
        self._nodes: list[tuple[str, tuple[object, ...]]] = [(_ANY, ()), (_ALL, ())]
        self._numbers: dict[tuple[str, tuple[object, ...]], int] = {}
        self._negated: dict[int, int] = {FALSE: TRUE, TRUE: FALSE}
        self._given: dict[tuple[int, Attribute, int], int] = {}
        self._masks: dict[int, dict[Attribute, frozenset[int]]] = {FALSE: {}, TRUE: {}}
        self._without: set[int] = {FALSE}

    def atom(self, attribute: Attribute, mask: int) -> int:
        """Return that an attribute is in parts."""
        full = (1 << self.parts[attribute]) - 1
        mask &= full
        if mask in (0, full):
            return TRUE if mask else FALSE
        return self._node(_ATOM, (attribute, mask))

    def all(self, given: Iterable[int]) -> int:
        return self._join(given, _ALL, neutral=TRUE, final=FALSE)

    def any(self, given: Iterable[int]) -> int:
        return self._join(given, _ANY, neutral=FALSE, final=TRUE)

    def negation(self, formula: int) -> int:
        found = self._negated.get(formula)
        if found is None:
            kind, inner = self._nodes[formula]
            if kind == _ATOM:
                attribute, mask = inner
                full = (1 << self.parts[attribute]) - 1
                found = self.atom(attribute, full ^ mask)  # type: ignore[operator]
            else:
                negated = [self.negation(one) for one in inner]  # type: ignore[arg-type]
                found = self.any(negated) if kind == _ALL else self.all(negated)
            self._negated[formula] = found
            self._negated[found] = formula
        return found

    def _join(self, given: Iterable[int], kind: str, *, neutral: int, final: int) -> int:
        masks: dict[Attribute, int] = {}
        others: set[int] = set()
        todo = list(given)
        while todo:
            one = todo.pop()
            if one == final:
                return final
            if one == neutral:
                continue
            of, inner = self._nodes[one]
            if of == kind:
                todo += inner  # type: ignore[arg-type]
            elif of == _ATOM:
                attribute, mask = inner
                known = masks.get(attribute)
                if known is not None:
                    mask = mask & known if kind == _ALL else mask | known  # type: ignore[operator]
                masks[attribute] = mask  # type: ignore[assignment]
            else:
                others.add(one)
        for attribute, mask in masks.items():
            atom = self.atom(attribute, mask)
            if atom == final:
                return final
            if atom != neutral:
                others.add(atom)
        if any(self._negated.get(one) in others for one in others):
            return final
        if len(others) < 2:  # noqa: PLR2004 - one alone is itself
            return others.pop() if others else neutral
        return self._node(kind, tuple(sorted(others)))

    def _node(self, kind: str, inner: tuple[object, ...]) -> int:
        key = (kind, inner)
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = len(self._nodes)
            self._nodes.append(key)
        return found

    def attributes(self, formula: int) -> dict[Attribute, frozenset[int]]:
        """Return the attributes of a formula, each with the masks that it is asked for."""
        found = self._masks.get(formula)
        if found is None:
            kind, inner = self._nodes[formula]
            if kind == _ATOM:
                attribute, mask = inner
                found = {attribute: frozenset((mask,))}  # type: ignore[arg-type]
            else:
                found = {}
                for one in inner:
                    for attribute, masks in self.attributes(one).items():  # type: ignore[arg-type]
                        known = found.get(attribute)
                        found[attribute] = masks if known is None else known | masks
            self._masks[formula] = found
        return found

    def given(self, formula: int, attribute: Attribute, part: int) -> int:
        """Return what a formula still demands if an attribute is in a part."""
        if attribute not in self.attributes(formula):
            return formula
        key = (formula, attribute, part)
        found = self._given.get(key)
        if found is None:
            kind, inner = self._nodes[formula]
            if kind == _ATOM:
                found = TRUE if inner[1] >> part & 1 else FALSE  # type: ignore[operator]
            else:
                left = (self.given(one, attribute, part) for one in inner)  # type: ignore[arg-type]
                found = self.all(left) if kind == _ALL else self.any(left)
            self._given[key] = found
        return found

    def solutions(self, formula: int, budget: Budget) -> Iterator[Box]:
        """Yield disjoint boxes that together are all solutions.

        Attributes that are `UnknownFact` come last. Raises `BudgetError`.
        """
        if formula == TRUE:
            yield {}
        if formula in (TRUE, FALSE) or formula in self._without:
            return
        attribute = self._first(formula)
        ways: dict[int, int] = {}
        for mask in self._alike(formula, attribute):
            budget.spend()
            left = self.given(formula, attribute, (mask & -mask).bit_length() - 1)
            ways[left] = ways.get(left, 0) | mask
        is_found = False
        for left, mask in ways.items():
            for box in self.solutions(left, budget):
                is_found = True
                yield {attribute: mask, **box}
        if not is_found:
            self._without.add(formula)

    def _first(self, formula: int) -> Attribute:
        attributes = self.attributes(formula)
        sure = [one for one in attributes if not isinstance(one, UnknownFact)]
        return max(sure or attributes, key=lambda one: len(attributes[one]))

    def _alike(self, formula: int, attribute: Attribute) -> list[int]:
        """Return masks of the parts that a formula does not distinguish."""
        groups = [(1 << self.parts[attribute]) - 1]
        for mask in self.attributes(formula)[attribute]:
            groups = [piece for g in groups for piece in (g & mask, g & ~mask) if piece]
        return groups


class UnknownFact(tuple[object, ...]):
    """An attribute with two parts: something that is not known is so (1), or not so (0)."""

    __slots__ = ()
