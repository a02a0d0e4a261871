"""Terraform's own languages: modules as written, in other modules, as CDKTF writes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from tests.account.matrix.carrier import Block, Carrier, Files, Ref, Text, Unknown, mapped, text
from tests.account.matrix.model import with_principal
from tests.account.matrix.terraform_blocks import SAYS, blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tests.account.matrix.carrier import Value
    from tests.account.matrix.model import Cell

FORMAT: Final = "Terraform, OpenTofu"


def expression(value: Ref | Unknown, types: Mapping[str, str]) -> str:
    """Return a reference or a variable in the notation of modules."""
    if isinstance(value, Unknown):
        return f"var.{value.name}"
    return f"{types[value.label]}.{value.label}.{value.attribute}"


def types_of(some: Iterable[Block]) -> dict[str, str]:
    """Return the types of blocks by their labels."""
    return {block.label: block.type for block in some}


def template(value: Value, write: Callable[[Ref | Unknown], str]) -> Value:
    """Return a JSON value in which references are `${…}`."""

    def give(one: Ref | Unknown | Text) -> str:
        if not isinstance(one, Text):
            return "${" + write(one) + "}"
        who = one.principal
        return json.dumps(
            with_principal(one.policy, "${" + write(who) + "}") if who else one.policy
        )

    return mapped(value, give)


def _in_hcl(value: Value, write: Callable[[Ref | Unknown], str]) -> str:
    if isinstance(value, Ref | Unknown):
        return write(value)
    if isinstance(value, list):
        return f"[{', '.join(_in_hcl(item, write) for item in value)}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{name} = {_in_hcl(v, write)}' for name, v in value.items())} }}"
    if isinstance(value, Text):
        return f"jsonencode({template(value, write)})"
    return json.dumps(value)


def hcl(some: Iterable[Block], write: Callable[[Ref | Unknown], str]) -> str:
    """Return blocks in the notation of a `.tf` file."""
    lines = []
    for block in some:
        lines.append(f'resource "{block.type}" "{block.label}" {{')
        lines += [f"  {name} = {_in_hcl(v, write)}" for name, v in block.attributes.items()]
        lines.append("}")
    return "\n".join(lines) + "\n"


def unknowns(some: Iterable[Block]) -> dict[str, Unknown]:
    """Return the unknown values of the blocks, by name."""
    return {one.name: one for one in references(some) if isinstance(one, Unknown)}


def references(some: Iterable[Block]) -> list[Ref | Unknown]:
    """Return all references in blocks."""
    found: list[Ref | Unknown] = []

    def note(one: Ref | Unknown | Text) -> None:
        inner = one.principal if isinstance(one, Text) else one
        if inner is not None:
            found.append(inner)

    for block in some:
        mapped(dict(block.attributes), note)
    return found


def module(some: list[Block]) -> str:
    """Return a `.tf` file of blocks and the variables that they need."""
    types = types_of(some)
    variables = "".join(f'variable "{name}" {{}}\n' for name in unknowns(some))
    return variables + hcl(some, lambda one: expression(one, types))


def in_json(some: list[Block]) -> dict[str, Value]:
    """Return a `.tf.json` file of blocks."""
    types = types_of(some)
    resources: dict[str, dict[str, Value]] = {}
    for block in some:
        attributes = template(dict(block.attributes), lambda one: expression(one, types))
        resources.setdefault(block.type, {})[block.label] = attributes
    names = unknowns(some)
    return {"resource": resources} | ({"variable": {n: {} for n in names}} if names else {})


def _in_modules(cell: Cell) -> Files:
    """Return the link in a module of a module: its names are inputs, its resources are outputs."""
    some = blocks(cell)
    apart = [block for block in some if block.apart]
    here = [block for block in some if not block.apart]
    types = types_of(some)
    inside = {block.label for block in apart}
    inner = {_name(one): one for one in references(apart) if not _is_in(one, inside)}
    outer = {_name(one): one for one in references(here) if _is_in(one, inside)}

    def in_inner(one: Ref | Unknown) -> str:
        return expression(one, types) if _is_in(one, inside) else f"var.{_name(one)}"

    def in_root(one: Ref | Unknown) -> str:
        return f"module.outer.{_name(one)}" if _is_in(one, inside) else expression(one, types)

    variables = "".join(f'variable "{name}" {{}}\n' for name in inner)
    given = "".join(f"  {name} = var.{name}\n" for name in inner)
    gives = "".join(f"  {name} = {expression(one, types)}\n" for name, one in inner.items())
    asked = "".join(f'variable "{name}" {{}}\n' for name in unknowns(some))
    return {
        "main.tf": f'{asked}module "outer" {{\n  source = "./outer"\n{gives}}}\n'
        + hcl(here, in_root),
        "outer/main.tf": f'{variables}module "inner" {{\n  source = "./inner"\n{given}}}\n'
        + "".join(f'output "{name}" {{\n  value = module.inner.{name}\n}}\n' for name in outer),
        "outer/inner/main.tf": variables
        + hcl(apart, in_inner)
        + "".join(
            f'output "{name}" {{\n  value = {expression(one, types)}\n}}\n'
            for name, one in outer.items()
        ),
    }


def _name(one: Ref | Unknown) -> str:
    return one.name if isinstance(one, Unknown) else f"{one.label}_{one.attribute}"


def _is_in(one: Ref | Unknown, labels: set[str]) -> bool:
    return isinstance(one, Ref) and one.label in labels


_CDKTF: Final = {"metadata": {"backend": "local", "stackName": "app", "version": "0.21.0"}}
_WAYS: Final = tuple((FORMAT, way) for way in ("the attributes below", "`jsonencode`"))

CARRIERS: Final = (
    Carrier(".tf", _WAYS, SAYS, lambda cell: {"main.tf": module(blocks(cell))}),
    Carrier(".tofu", _WAYS, SAYS, lambda cell: {"main.tofu": module(blocks(cell))}),
    Carrier(
        ".tf.json", _WAYS[:1], SAYS, lambda cell: {"main.tf.json": text(in_json(blocks(cell)))}
    ),
    Carrier(
        "module in module",
        ((FORMAT, "local modules with the values of each call"),),
        SAYS,
        _in_modules,
    ),
    Carrier(
        "CDK for Terraform",
        _WAYS[:1],
        SAYS,
        lambda cell: {
            "cdktf.out/stacks/app/cdk.tf.json": text({"//": _CDKTF} | in_json(blocks(cell)))
        },
    ),
)
