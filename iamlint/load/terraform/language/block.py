"""Blocks with evaluated attributes, and the blocks that `dynamic` generates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeAlias, TypeVar

from iamlint.fast_dataclass import dataclass, replace
from iamlint.load.terraform.language.choices import Choices
from iamlint.load.terraform.language.instances import every_instance
from iamlint.load.terraform.language.node import (
    Array,
    Hidden,
    Location,
    Member,
    Node,
    Object,
    Scalar,
    all_pairs_of,
    hidden,
)
from iamlint.load.terraform.language.truth import condition_of
from iamlint.text.hcl.tree import Attribute, Conditional, HclTemplate, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iamlint.load.terraform.language.evaluate import Evaluator
    from iamlint.load.terraform.language.node import Given
    from iamlint.text.hcl.tree import Block, Expression

T = TypeVar("T")

Path: TypeAlias = tuple[str, ...]
"""Names of nested blocks, then of an attribute."""

_COST_OF_A_TURN: Final = 10  # of a `dynamic` block, besides the expressions in it


class Body(Protocol):
    """The body of a block; `key` is the place of its type."""

    @property
    def spot(self) -> Location: ...
    @property
    def key(self) -> Location: ...
    def get(self, name: str, /) -> Node | None: ...
    def member(self, name: str, /) -> Member | None: ...
    def blocks(self, type_: str, /) -> Iterator[Body]: ...
    def more(self, type_: str, /) -> Hidden | None: ...


class DocumentBody(Body, Protocol):
    """The body of a data source, of a module or of a plan, which includes other documents."""

    def decoded(self, node: Node, /) -> Node | None: ...
    def spend(self, count: int, /) -> bool: ...


@dataclass(frozen=True, slots=True)
class Inside:
    """A block with evaluated attributes; `given` are the conditions on which it exists.

    `step` is the key of its instance in addresses.
    """

    block: Block
    evaluator: Evaluator
    given: Given = frozenset()
    step: str = ""

    @property
    def spot(self) -> Location:
        return Location(self.evaluator.text, self.block.span)

    @property
    def key(self) -> Location:
        return Location(self.evaluator.text, self.block.key)

    def decoded(self, node: Node) -> Node | None:
        """Return the document in a string; it is then a part of this one, not alone a policy."""
        policy = self.evaluator.around.decoded(node)
        self.evaluator.around.merged.update(() if policy is None else (policy,))
        return policy

    def spend(self, count: int) -> bool:
        return self.evaluator.around.spend(count)

    def get(self, name: str) -> Node | None:
        """Return an attribute; `null` and a missing optional member both count as unset."""
        attribute = self.block.attributes.get(name)
        node = self._value(name, attribute.expression) if attribute else None
        is_null = isinstance(node, Scalar) and node.value is None
        return None if is_null or (isinstance(node, Hidden) and node.fails) else node

    def _value(self, name: str, expression: Expression) -> Node:
        evaluator = self.evaluator
        if isinstance(expression, Literal) or (
            isinstance(expression, HclTemplate) and expression.is_plain
        ):
            return evaluator.value(expression)
        return self._kept(name, lambda: evaluator.value(expression))

    def _kept(self, what: str, work_out: Callable[[], T]) -> T:
        """Return a value that is evaluated once for all readings that are equal for it."""
        evaluator = self.evaluator
        name = self.block, what, evaluator.turn, *evaluator.names.items()
        return evaluator.around.kept(name, evaluator.choices, work_out)

    def member(self, name: str) -> Member | None:
        node = self.get(name)
        if node is None:
            return None
        return Member(Location(self.evaluator.text, self.block.attributes[name].key), node)

    def blocks(self, type_: str) -> Iterator[Inside]:
        """Yield the blocks of a type, including those that `dynamic` generates."""
        for block in self.block.blocks:
            if block.type == type_:
                yield replace(self, block=block)
            elif block.type == "dynamic" and block.labels == (type_,):
                yield from self._made(block, type_)

    def more(self, type_: str) -> Hidden | None:
        """Return an unknown for further blocks of a type that unknown values may generate."""
        for block in self.block.blocks:
            if block.type == "dynamic" and block.labels == (type_,):
                each = self._each(block)
                if each is not None and all_pairs_of(each) is None:
                    return each if isinstance(each, Hidden) else hidden(self._spot_of(block))
        return None

    def _each(self, block: Block) -> Node | None:
        """Return the collection of a `dynamic` block.

        One of two known values is `seen` if this reading leaves open which.
        """
        each = replace(self, block=block).get("for_each")
        match block.attributes.get("for_each"):
            case Attribute(expression=Conditional(_, then, otherwise)) if isinstance(each, Hidden):
                values = map(self.evaluator.value, (then, otherwise))
                return replace(each, seen=all(all_pairs_of(value) is not None for value in values))
        return each

    def _spot_of(self, block: Block) -> Location:
        return Location(self.evaluator.text, block.attributes["for_each"].expression.span)

    def _made(self, block: Block, type_: str) -> Iterator[Inside]:
        """Yield the blocks that a `dynamic` block generates."""
        content = next((inner for inner in block.blocks if inner.type == "content"), None)
        if content is None:
            return
        name = block.attributes.get("iterator")
        iterator = (
            self._word(name.expression.span.start, name.expression.span.end) if name else type_
        )
        dynamic = replace(self, block=block)
        turns = dynamic._kept("", lambda: list(self._turns(block, iterator)))  # noqa: SLF001
        for number, turn in enumerate(turns):
            if not self.spend(_COST_OF_A_TURN):
                unknown = Hidden(f"${{{iterator}}}", turn.spot)
                yield Inside(content, self.evaluator.in_turn(number, **{iterator: unknown}))
                return  # the rest is unknown too
            yield Inside(content, self.evaluator.in_turn(number, **{iterator: turn}))

    def _turns(self, block: Block, iterator: str) -> Iterator[Object]:
        """Yield the iterators of a `dynamic` block; one for all turns if they are unknown.

        In some readings, or if it is left open, there are none.
        """
        each = self._each(block)
        if each is None:
            return
        pairs = all_pairs_of(each)
        if pairs is None and self._is_made(each):
            any_key = Hidden(f"${{{iterator}.key}}", each.spot)
            any_value = Hidden(f"${{{iterator}.value}}", each.spot)
            items = each.items if isinstance(each, Array) else ()
            pairs = [(any_key, item) for item in items or (any_value,)]
        for key, value in pairs or ():
            yield Object({"key": Member(None, key), "value": Member(None, value)}, each.spot)

    def _is_made(self, each: Node) -> bool | None:
        """Return whether an unknown number of blocks is not zero in this reading."""
        if not isinstance(each, Hidden):
            return True
        if each.seen:
            return None
        condition = condition_of(each)
        return self.evaluator.choices.decide(
            replace(condition, text=f"length({condition.text}) > 0")
        )

    def _word(self, start: int, end: int) -> str:
        return self.evaluator.text.source.text[start:end]


def turns(block: Block, evaluator: Evaluator) -> Iterator[Inside]:
    """Yield a resource once for each instance, or once if they are not known.

    Each instance is in a reading in which it exists.
    """
    for turn, choices in every_instance(block, evaluator):
        reading = evaluator.reading(Choices(choices.decided))
        yield Inside(block, reading.within(**turn.names), turn.given, turn.step)


def around(inside: Inside) -> Inside:
    """Return a block whose names decide no more conditions than its policy does."""
    evaluator = inside.evaluator
    choices = Choices(evaluator.choices.decided, limit=0)
    return replace(inside, evaluator=evaluator.reading(choices))


def reach(inside: Inside, path: Path) -> Iterator[Node]:
    """Yield the nodes at a path; nested blocks may be written as an attribute, too.

    https://developer.hashicorp.com/terraform/language/attr-as-blocks
    """
    name, rest = path[0], path[1:]
    for block in inside.blocks(name) if rest else ():
        yield from reach(block, rest)
    node = inside.get(name)
    if node is not None:
        yield from _inner(node, rest)


def _inner(node: Node, path: Path) -> Iterator[Node]:
    if not path or isinstance(node, Hidden):
        yield node
    elif isinstance(node, Array):
        for item in node.items:
            yield from _inner(item, path)
    elif isinstance(node, Object):
        member = node.members.get(path[0])
        if member is not None:
            yield from _inner(member.node, path[1:])
        elif node.more is not None or not all(m.is_named for m in node.members.values()):
            yield hidden(node.spot)


def attributes(inside: Inside, path: Path) -> Iterator[tuple[Path, Inside, Attribute]]:
    """Yield every attribute of a block and of its nested blocks, with its path."""
    for name, attribute in inside.block.attributes.items():
        yield (*path, name), inside, attribute
    for type_ in dict.fromkeys(_type_of(inner) for inner in inside.block.blocks):
        for block in inside.blocks(type_):
            yield from attributes(block, (*path, type_))


def _type_of(block: Block) -> str:
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type
