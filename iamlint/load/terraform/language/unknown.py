"""Values that only a run of Terraform knows: their identities, and the inputs that decide them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import replace
from iamlint.load.terraform.language.node import Hidden, Object, hidden, known
from iamlint.text.hcl.tree import (
    Access,
    Conditional,
    FunctionCall,
    HclTemplate,
    Hole,
    Items,
    Literal,
    Members,
    Name,
    Operation,
    Splat,
)
from iamlint.text.source import Input, Pseudo

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iamlint.load.terraform.language.node import Evaluate, Location, Node, Text
    from iamlint.text.hcl.tree import Expression

MAX_COMPARED: Final = 200
"""Characters of an expression that is compared with others."""

# Words with another value in each instance or in each turn of a loop.
_OF_AN_INSTANCE: Final = frozenset({"count", "each", "self"})
# Names with one value in each instance of a module.
_ONE_VALUE: Final = frozenset({"local", "output", "variable"})
# https://developer.hashicorp.com/terraform/language/functions
_CHANGING: Final = frozenset({"bcrypt", "plantimestamp", "timestamp", "uuid"})
# https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/region
_MEANS: Final = {
    ("aws_caller_identity", "account_id"): Pseudo.OTHER_ACCOUNT,
    ("aws_partition", "dns_suffix"): Pseudo.URL_SUFFIX,
    ("aws_region", "id"): Pseudo.REGION,
    ("aws_region", "name"): Pseudo.REGION,
    ("aws_region", "region"): Pseudo.REGION,
}


def unknown(of: Evaluate, expression: Expression, spot: Location) -> Hidden:
    """Return the unknown of an expression."""
    span = spot.span
    node = hidden(spot)
    scope = of.around.scope
    if scope is None or span.end - span.start > MAX_COMPARED:
        return node
    if not is_one_value(expression, of):
        return node
    parts = list(parts_in(expression))
    text = " ".join(spot.text.source.text[span.start : span.end].split())
    found = [_inputs(part, of) for part in parts if isinstance(part, Access)]
    inputs = dict.fromkeys(one for some in found for one in some or ())
    return Hidden(
        node.text,
        spot,
        means=_means(expression),
        identity=f"{scope}{text}",
        inputs=tuple(inputs) if all(found) else (),
    )


def is_one_value(expression: Expression, of: Evaluate) -> bool:
    """Return whether an expression has the same value everywhere in its module."""
    names = _names_in(expression, of.text)
    return names is not None and names.isdisjoint(of.names)


def _names_in(expression: Expression, text: Text) -> frozenset[str] | None:
    """Return the names in an expression, None if its value is different each time."""
    key = type(expression), expression.span.start, expression.span.end
    if key not in text.free:
        parts = list(parts_in(expression))
        names = frozenset(part.name for part in parts if isinstance(part, Name))
        is_one = all(map(_is_constant, parts)) and names.isdisjoint(_OF_AN_INSTANCE)
        text.free[key] = names if is_one else None
    return text.free[key]


def parts_in(expression: Expression) -> Iterator[Expression | None]:
    """Yield an expression and those in it, None for one that defines names for its parts."""
    todo: list[Expression | None] = [expression]
    while todo:
        part = todo.pop()
        yield part
        todo += reversed(_inner(part) if part is not None else ())


def _inner(expression: Expression) -> Sequence[Expression | None]:
    match expression:
        case HclTemplate(parts):
            return [hole.expression for hole in parts if isinstance(hole, Hole)]
        case Items(items):
            return items
        case Members(members):
            return [one for pair in members for one in pair]
        case FunctionCall(arguments=arguments):
            return arguments
        case Access(of, steps):
            return [of, *(s for s in steps if not isinstance(s, str | Splat))]
        case Conditional(condition, then, otherwise):
            return [condition, then, otherwise]
        case Operation(operands=operands):
            return operands
        case Literal() | Name():
            return ()
    return [None]


def _is_constant(part: Expression | None) -> bool:
    """Return whether a part of an expression has the same value in each evaluation."""
    return part is not None and not (isinstance(part, FunctionCall) and part.name in _CHANGING)


def _inputs(reference: Access, of: Evaluate) -> tuple[Input, ...] | None:
    """Return the variables that decide a reference; None if something else does, too."""
    match reference:
        case Access(Name("var" | "local" as kind), (str(name), *_)) if of.around.outline(
            kind, name
        ):
            return None
        case Access(Name("var"), (str(name), *_)):
            node = of.around.variable(name, of, of.spot(reference))
            return (Input(f"var.{name}"),) if node is None else inputs_of(node)
        case Access(Name("local"), (str(name), *_)):
            node = of.around.local(name, of)
            return inputs_of(node) if node is not None else None
    return None


def inputs_of(node: Node) -> tuple[Input, ...] | None:
    """Return the variables that decide a value; None if something else does, too."""
    return node.inputs or None if isinstance(node, Hidden) else None


def _means(expression: Expression) -> Pseudo | None:
    match expression:
        case Access(Name("data"), (str(type_), str(), str(wanted))):
            return _MEANS.get((type_, wanted))
    return None


def name_unknown(node: Node | None, what: str, name: str, scope: str | None) -> Node | None:
    """Return a value with one identity for its name in its module."""
    if isinstance(node, Hidden) and node.identity is None and scope and what in _ONE_VALUE:
        return replace(node, identity=f"{scope}{what}.{name}")
    return node


def address_of_instance(address: str, of: Evaluate, *, is_one: bool) -> str | None:
    """Return the address of a resource with its key; None if it means several.

    It `is_one` when its block has neither `count` nor `for_each`.
    """
    if of.around.scope is None:
        return None
    if is_one:
        return f"{of.around.scope}{address}"
    for name, member in (("each", "key"), ("count", "index")):
        node = of.names.get(name)
        members = node.members if isinstance(node, Object) else {}
        key = known(members[member].node) if member in members else None
        if key is not None:
            return f"{of.around.scope}{address}[{key}]"
    return None
