"""Objects with members in the text: each member is evaluated without the others.

So a member depends on no condition that only other members depend on.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from iamlint.load.terraform.language.conversion import Conversion, types_by_name
from iamlint.load.terraform.language.node import Location
from iamlint.text.hcl.tree import Access, Chunk, FunctionCall, HclTemplate, Members, Name, Override

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.load.terraform.language.folder import Folder, ModuleFile
    from iamlint.load.terraform.language.memory import Memories
    from iamlint.load.terraform.language.node import Evaluate, Node, Outline
    from iamlint.load.terraform.language.work import Work
    from iamlint.text.hcl.tree import Block, Expression

    Within: TypeAlias = Callable[[Evaluate], Evaluate]
    """Returns the evaluator of an expression, in the reading of another evaluator."""
    Member: TypeAlias = Callable[[Evaluate], Node | None]
    """Evaluates a member in a reading; None if it refers to itself."""
    Named: TypeAlias = Callable[[str, str], Outline | None]
    """Returns the outline of a local or a variable."""


class Calls(Protocol):
    """A block that calls a module."""

    @property
    def caller(self) -> HasOutlines: ...
    @property
    def part(self) -> ModuleFile: ...
    @property
    def block(self) -> Block: ...


class HasOutlines(Protocol):
    """The locals and variables of a module."""

    @property
    def folder(self) -> Folder: ...
    @property
    def work(self) -> Work: ...
    @property
    def call(self) -> Calls | None: ...
    def inside(self, part: ModuleFile, of: Evaluate, /) -> Evaluate: ...
    def outside(self, call: Any, of: Evaluate, /) -> Evaluate: ...
    def outline(self, kind: str, name: str, /) -> Outline | None: ...
    @property
    def memories(self) -> Memories: ...


class Outlines:
    """The outlines of the locals and variables of a module, each parsed once."""

    def __init__(self, module: HasOutlines) -> None:
        self._module = module
        self._found: dict[tuple[str, str], Outline | None] = {}

    def get(self, kind: str, name: str) -> Outline | None:
        """Return the members of a local or variable; None if its text does not show them."""
        if (kind, name) not in self._found:
            self._found[kind, name] = None  # in case it refers to itself
            found = self._of_local(name) if kind == "local" else self._of_variable(name)
            self._found[kind, name] = found and {
                member: partial(self._member, ("member", kind, name, member), work_out)
                for member, work_out in found.items()
            }
        return self._found[kind, name]

    def _member(self, name: tuple[str, ...], work_out: Member, of: Evaluate) -> Node | None:
        return self._module.memories.values.get(name, of.choices, lambda: work_out(of))

    def _of_local(self, name: str) -> Outline | None:
        module, found = self._module, self._module.folder.local(name)
        return found and outline(found[1], partial(module.inside, found[0]), module.outline)

    def _of_variable(self, name: str) -> Outline | None:
        """Return the outline of the value that a call gives to a variable."""
        module, call = self._module, self._module.call
        attribute = call.block.attributes.get(name) if call else None
        if call is None or attribute is None:
            return None
        variable = module.folder.find("variable", name)

        def within(of: Evaluate) -> Evaluate:
            module.work.uses.note(call.part.path)
            return module.outside(call, of)

        given = outline(attribute.expression, within, call.caller.outline)
        if given is None or variable is None:
            return given
        part, block = variable
        return typed_outline(given, block, partial(module.inside, part))


def outline(expression: Expression, within: Within, named: Named) -> Outline | None:
    """Return the outline of an expression; None if its text does not show the members."""
    match expression:
        case Members(members):
            found = {_plain(key): partial(_value, value, within) for key, value in members}
            return None if None in found else found  # type: ignore[return-value]  # it is not
        case Access(Name("local" | "var" as kind), (str(name),)):
            return named(kind, name)
        case FunctionCall("merge", arguments) if not expression.spread:
            merged: dict[str, Member] = {}
            for argument in arguments:
                of_one = outline(argument, within, named)
                if of_one is None:
                    return None
                merged |= of_one
            return merged
    return None


def _value(expression: Expression, within: Within, of: Evaluate) -> Node:
    return within(of).value(expression)


def _plain(key: Expression) -> str | None:
    """Return a constant name; None for another one."""
    if not isinstance(key, HclTemplate) or not key.is_plain:
        return None
    return "".join(part.text for part in key.parts if isinstance(part, Chunk))


def typed_outline(given: Outline, variable: Block, within: Within) -> Outline | None:
    """Return the outline of the value of a variable; `within` is the file of the variable."""
    attribute = variable.attributes.get("type")
    to = attribute.expression if attribute else Name("any", variable.span)
    while isinstance(to, Override):
        to = to.expression
    match to:
        case Name("any"):
            return given
        case FunctionCall("map", (inner,)) if not isinstance(inner, Name) or inner.name != "any":
            return {
                name: partial(_member, inner, variable, within, one) for name, one in given.items()
            }
        case FunctionCall("object", (Members(members),)):
            types = types_by_name(members)
            return {
                name: partial(_member, inner, variable, within, given.get(name))
                for name, inner in types.items()
                if name in given or (isinstance(inner, FunctionCall) and inner.name == "optional")
            }
    return None


def _member(
    to: Expression, variable: Block, within: Within, given: Member | None, of: Evaluate
) -> Node | None:
    inside = within(of)
    node = given(of) if given else None
    if given and node is None:
        return None
    spot = Location(inside.text, variable.span)
    return Conversion(inside.value, inside.around.spend).member(node, to, spot)
