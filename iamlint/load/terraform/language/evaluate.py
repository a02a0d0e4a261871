"""Evaluates expressions with the values in the files; all others stay unknown in their place.

A variable's default is only one possible value, so a variable is unknown. An unknown condition is
true in one reading and false in the other: `Evaluator.holds`.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.load.terraform.language import selection
from iamlint.load.terraform.language.functions import FUNCTIONS
from iamlint.load.terraform.language.inner import are_equal, fails, inside, lacks, splat
from iamlint.load.terraform.language.node import (
    Array,
    EvaluationContext,
    Hidden,
    Json,
    Location,
    Member,
    Node,
    Object,
    Scalar,
    String,
    Text,
    all_pairs_of,
    hidden,
    hide,
    join_values,
    known,
    name_of,
    pairs_of,
    plain,
    shown,
)
from iamlint.load.terraform.language.truth import truth
from iamlint.load.terraform.language.unknown import unknown
from iamlint.text.hcl.parse import read_template
from iamlint.text.hcl.tree import (
    ATTRIBUTES,
    Access,
    Chunk,
    Conditional,
    Expression,
    For,
    FunctionCall,
    HclTemplate,
    Hole,
    Items,
    Literal,
    Members,
    Mistake,
    Name,
    Operation,
    Override,
    Repeat,
    Splat,
)
from iamlint.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from iamlint.load.terraform.language.choices import Choices
    from iamlint.load.terraform.language.node import Evaluate

    Steps: TypeAlias = Sequence[str | Splat | Expression]
    _Start: TypeAlias = tuple[Node | None, Steps]


MAX_DEPTH: Final = 60
"""Levels of expressions and references; deeper ones are unknown."""


_ITEMS_A_STEP: Final = 2  # of the arguments of a function

_NUMBERS: Final[Mapping[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_NO_RESOURCES: Final = frozenset({"var", "each", "count", "module", "self", "terraform"})


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Evaluates the expressions of one file; `names` are those of `for` and `dynamic`.

    `choices` are the results of unknown conditions, `turn` is a number for each turn of a loop.
    """

    around: EvaluationContext
    text: Text
    choices: Choices
    names: Mapping[str, Node] = field(default_factory=dict)
    depth: int = 0
    turn: str = ""

    def value(self, expression: Expression) -> Node:
        spot = Location(self.text, expression.span)
        if self.depth >= MAX_DEPTH or not self.around.spend(1, spot):
            return hidden(spot)
        if isinstance(expression, HclTemplate) and expression.is_plain:
            return String(expression.parts, spot)  # type: ignore[arg-type]  # no holes among them
        inner = Evaluator(
            self.around, self.text, self.choices, self.names, self.depth + 1, self.turn
        )
        found = inner.worked_out(expression)
        return unknown(inner, expression, spot) if found is None else found

    def worked_out(self, expression: Expression) -> Node | None:
        """Return the value, or None if it is not known."""
        match expression:
            case Literal():
                return Scalar(expression.value, self.spot(expression))
            case HclTemplate():
                return self._template(expression)
            case Items():
                items = [self.value(item) for item in expression.items]
                return Array(items, self.spot(expression))
            case Members():
                return self._members(expression)
            case Name():
                return self.names.get(expression.name)
            case Access():
                return self._access(expression)
            case Conditional():
                return self._conditional(expression)
            case Operation():
                return self._operation(expression)
            case FunctionCall():
                return self._call(expression)
            case For():
                return self._for(expression)
            case Repeat():
                return self._repeat(expression)
            case Override():
                return self.overriding(expression).value(expression.expression)
        return None

    def within(self, **names: Node) -> Evaluator:
        """Return an evaluator with more names."""
        inside = {**self.names, **names}
        return Evaluator(self.around, self.text, self.choices, inside, self.depth, self.turn)

    def in_turn(self, number: int, **names: Node) -> Evaluator:
        """Return an evaluator for a turn of a loop, with more names."""
        inside, turn = {**self.names, **names}, f"{self.turn}#{number}"
        return Evaluator(self.around, self.text, self.choices, inside, self.depth, turn)

    def overriding(self, expression: Override) -> Evaluator:
        """Return the evaluator of an expression of another file of the same module."""
        text = expression.home if isinstance(expression.home, Text) else self.text
        return Evaluator(self.around, text, self.choices, self.names, self.depth)

    def reading(self, choices: Choices) -> Evaluator:
        """Return an evaluator in which unknown conditions have these results."""
        return Evaluator(self.around, self.text, choices, self.names, self.depth, self.turn)

    def spot(self, expression: Expression) -> Location:
        return Location(self.text, expression.span)

    def _template(self, expression: HclTemplate) -> Node:
        match expression.parts:
            case (Hole(inner),):
                return self.value(inner)
        spot = self.spot(expression)
        pieces: list[Chunk | Mistake | Hidden | Json] = []
        for part in expression.parts:
            if isinstance(part, Hole):
                at = Location(self.text, part.span)
                made = join_values([self.value(part.expression)], at)
                if not self.around.spend(made.length):
                    return hidden(spot)
                pieces += made.pieces
            else:
                pieces.append(part)
        return String(tuple(pieces), spot)

    def _members(self, expression: Members) -> Node | None:
        members: dict[str, Member] = {}
        for key, value in expression.members:
            name, is_named = name_of(self.value(key))
            members[name] = Member(self.spot(key), self.value(value), is_named)
        return Object(members, self.spot(expression))

    def _access(self, expression: Access) -> Node | None:
        node, steps = self._start(expression)
        return None if node is None else self.follow(node, steps, self.spot(expression))

    def _start(self, expression: Access) -> _Start:
        """Return the value at the start of a reference, and the steps that are left."""
        of, steps = expression.of, expression.steps
        if not isinstance(of, Name) or of.name in self.names:
            return self.value(of), steps
        words = [step for step in steps if isinstance(step, str)]
        if of.name in ("local", "var") and isinstance(steps[0], str):
            return self._value_named(of.name, steps[0], steps[1:], self.spot(expression))
        if of.name == "module":
            return selection.output(self, expression)
        if of.name == "path":
            paths = {"module": self.around.path(), "root": ".", "cwd": "."}
            path = paths.get(" ".join(words))
            return (None if path is None else plain(path, self.spot(expression))), ()
        if of.name == "data" and words and self.around.is_document(words[0]):
            return selection.document(self, expression, words), ()
        count = 2 if of.name == "data" else 1
        head = steps[:count]
        if of.name in _NO_RESOURCES or not all(isinstance(step, str) for step in head):
            return None, ()
        named = (of.name, *words[:count])
        return selection.resource(self, named, steps[count:], self.spot(expression))

    def _value_named(self, kind: str, name: str, steps: Steps, spot: Location) -> _Start:
        """Return the value at the start of a local or a variable; of an object only one member."""
        outline = self.around.outline(kind, name) if steps else None
        step = steps[0] if steps else ""
        if outline is not None and not isinstance(step, Splat):
            member = step if isinstance(step, str) else known(self.value(step))
            if member is not None:
                work_out = outline.get(member)
                return (work_out(self), steps[1:]) if work_out else (hide(spot), ())
        if kind == "local":
            return self.around.local(name, self), steps
        return self.around.variable(name, self, spot), steps

    def follow(
        self, node: Node, steps: Sequence[str | Splat | Expression], spot: Location
    ) -> Node | None:
        for index, step in enumerate(steps):
            if isinstance(step, Splat):
                if isinstance(node, Hidden):
                    return None
                return self._each(splat(node), step, steps[index + 1 :], spot)
            by = step if isinstance(step, str) else self.value(step)
            inner = inside(node, by, self.choices)
            if inner is None:
                return hide(spot) if lacks(node, by) else None
            node = inner
        return node

    def _each(
        self, array: Array, splat: Splat, rest: Sequence[str | Splat | Expression], spot: Location
    ) -> Node | None:
        """Return the values of the steps after a splat for each item, with the rest applied."""
        first = next((n for n, step in enumerate(rest) if not isinstance(step, str)), len(rest))
        end = first if splat is ATTRIBUTES else len(rest)
        found = [self.follow(item, rest[:end], spot) or hidden(spot) for item in array.items]
        return self.follow(Array(found, spot, whole=array.whole), rest[end:], spot)

    def _conditional(self, expression: Conditional) -> Node | None:
        holds = truth(self, expression.condition)
        if holds is None:
            return None
        return self.value(expression.then if holds else expression.otherwise)

    def _operation(self, expression: Operation) -> Node | None:
        values = [self.value(operand) for operand in expression.operands]
        truths = [v.value if isinstance(v, Scalar) else None for v in values]
        spot = self.spot(expression)
        match expression.operator, truths:
            case "!", [bool(one)]:
                return Scalar(not one, spot)
            case "-", [int(one) | float(one)]:
                return Scalar(-one, spot)
            case "&&", _ if any(truth is False for truth in truths):
                return Scalar(False, spot)  # noqa: FBT003 - a value
            case "||", _ if any(truth is True for truth in truths):
                return Scalar(True, spot)  # noqa: FBT003 - a value
            case "&&" | "||", [bool(), bool()]:
                return Scalar(truths[0], spot)
            case _, [int(one) | float(one), int(other) | float(other)] if work_out := _NUMBERS.get(
                expression.operator
            ):
                return Scalar(work_out(one, other), spot)
            case (("==" | "!="), [_, _]):
                is_same = are_equal(*values)
                return (
                    None
                    if is_same is None
                    else Scalar(is_same == (expression.operator == "=="), spot)
                )
        return None

    def _call(self, expression: FunctionCall) -> Node | None:
        spot = self.spot(expression)
        function = FUNCTIONS.get(expression.name)
        if function is None:
            return None
        arguments = [self.value(argument) for argument in expression.arguments]
        is_whole = True
        if expression.spread:
            last = arguments.pop()
            if not isinstance(last, Array):
                return None
            arguments += last.items
            is_whole = last.whole
        if expression.name not in ("try", "can") and any(map(fails, arguments)):
            return hide(spot)
        if not self.around.spend(sum(map(_size, arguments)) // _ITEMS_A_STEP, spot):
            return None
        found = function(self, arguments, spot)
        if is_whole:
            return found
        # There may be more arguments, or fewer.
        return replace(found, whole=False) if isinstance(found, Array) else None

    def _for(self, expression: For) -> Node | None:
        source = self.value(expression.source)
        pairs = pairs_of(source) if expression.keep is None else self._pairs_of(source)
        if pairs is None:
            return self._sample(expression)
        spot = self.spot(expression)
        whole = all_pairs_of(source) is not None
        items: list[Node] = []
        members: dict[str, Member] = {}
        for number, (key, value) in enumerate(pairs):
            turn = self.in_turn(number, **_turn(expression.names, key, value))
            keeps = True if expression.keep is None else turn.keeps(expression.keep)
            if keeps is False:
                continue
            whole = whole and keeps is True
            result = turn.value(expression.result) if keeps else hidden(spot)
            if expression.result_key is None:
                items.append(result)
                continue
            if expression.grouped:
                return None
            key_node = turn.value(expression.result_key)
            name = known(key_node)
            is_named = name is not None
            name = shown(key_node) if name is None else name
            if not is_named and name in members:
                return None
            members[name] = Member(
                Location(self.text, expression.result_key.span), result, is_named
            )
        if expression.result_key is None:
            return Array(items, spot, whole=whole)
        return Object(members, spot) if whole else None

    def _pairs_of(self, source: Node) -> list[tuple[Node, Node]] | None:
        """Return the keys and values of a source, the same nodes for the same source."""
        return self.around.kept(source, self.choices, lambda: pairs_of(source))

    def keeps(self, condition: Expression) -> bool | None:
        """Return whether a turn of a loop is kept; None if unknown."""
        at = condition.span.start
        name = self.text, at, self.turn, *self.names.items()
        return self.around.kept(name, self.choices, lambda: truth(self, condition))

    def _repeat(self, expression: Repeat) -> Node | None:
        """Return the joined turns of a loop in a template; their place is that of the loop."""
        pairs = all_pairs_of(self.value(expression.source))
        if pairs is None:
            return None
        turns = (self.in_turn(n, **_turn(expression.names, *p)) for n, p in enumerate(pairs))
        made = join_values([turn.value(expression.body) for turn in turns], self.spot(expression))
        return made if self.around.spend(made.length) else None

    def _sample(self, expression: For) -> Node | None:
        """Return one item for all items of a list of unknown length."""
        if expression.result_key is not None:
            return None
        unknown: dict[str, Node] = {
            name: Hidden(f"${{{name}}}", self.spot(expression)) for name in expression.names
        }
        sample = self.within(**unknown).value(expression.result)
        return Array([sample], self.spot(expression), whole=False)


def _size(node: Node) -> int:
    """Return the number of parts of a value that a function visits."""
    match node:
        case Array(items=parts) | String(pieces=parts):
            return len(parts)
    return 0


def _turn(names: tuple[str, ...], key: Node, value: Node) -> dict[str, Node]:
    return {names[0]: value} if len(names) == 1 else {names[0]: key, names[1]: value}


def fill_template(text: Text, names: Mapping[str, Node], of: Evaluate) -> Node:
    """Return a rendered template; each part of it keeps its place in the file."""
    found = Evaluator(of.around, text, of.choices, names, of.depth).value(
        read_template(text.source.text)
    )
    whole = Location(text, Span(0, len(text.source.text)))
    return String(found.pieces, whole) if isinstance(found, String) else found
