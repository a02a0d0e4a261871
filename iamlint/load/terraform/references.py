"""What attributes of resources come to: what the module says itself, and ARNs built of it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from iamlint.load.terraform.body import Inside
from iamlint.load.terraform.node import Hidden, Object, String, as_string, joined, plain, without
from iamlint.load.terraform.table import table
from iamlint.load.terraform.unknown import address_of_instance
from iamlint.text.source import Pseudo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iamlint.load.terraform.evaluate import Evaluator
    from iamlint.load.terraform.folder import Folder
    from iamlint.load.terraform.node import Node, Spot
    from iamlint.load.terraform.table import Arn

# Another provider than the usual one may be for another account.
_SURROUNDINGS: Final = {
    ("aws_caller_identity", "account_id"): "account",
    ("aws_partition", "partition"): "partition",
    ("aws_region", "id"): "region",
    ("aws_region", "name"): "region",
    ("aws_region", "region"): "region",
}
_MEANS: Final = {
    "account": Pseudo.ACCOUNT,
    "partition": Pseudo.PARTITION,
    "region": Pseudo.REGION,
}
# Attributes of a resource that may be in another account or region than the module, and those of a
# data source that asks about another.
_MOVED: Final = frozenset({"provider", "region"})
_OF_ANOTHER: Final = frozenset({"endpoint", "name", *_MOVED})
_WORD: Final = re.compile(r"[\w.-]+")
_INDEX: Final = re.compile(r"(?<=\w)\[[^\]]*+\]")
_PART: Final = re.compile(r"\$\{([^}]*+)\}")


def attribute(
    folder: Folder, prefix: str, steps: Sequence[str], of: Evaluator, spot: Spot
) -> Node | None:
    """Return what `type.name.attribute` comes to; None for what only AWS or Terraform knows.

    `prefix` begins the addresses of the module, `of` has the names of one of its instances.
    """
    match steps:
        case ("data", "template_file", name, "rendered"):
            return _rendered(folder, name, of)
        case ("data", type_, name, wanted):
            shape = table().arns.get(type_)
            if shape is None or not shape.data:
                return _surroundings(folder, of.around.scope, (type_, name), wanted, spot)
            found = folder.find("data", type_, name)
        case (type_, name, wanted):
            shape = table().arns.get(type_)
            found = folder.find("resource", type_, name)
        case _:
            return None
    if found is None:
        return None
    part, block = found
    inside = Inside(block, replace(of, text=part.text))
    if wanted in block.attributes:
        if _is_changed_elsewhere(inside, wanted):
            return None
        is_name = shape is not None and wanted == shape.name
        return _name(shape, inside) if shape and is_name else inside.get(wanted)
    if shape is None or wanted not in ("arn", "id"):
        return None
    if wanted == "id" and shape.id != "arn":
        return inside.get(shape.name) if shape.id == "name" and shape.name else None
    return arn(shape, f"{prefix}{type_}.{name}", inside, spot)


def _rendered(folder: Folder, name: str, of: Evaluator) -> Node | None:
    """Return what a template gives with its variables, all of which are strings.

    https://registry.terraform.io/providers/hashicorp/template/latest/docs/data-sources/file
    """
    found = folder.find("data", "template_file", name)
    inside = Inside(found[1], replace(of, text=found[0].text)) if found else None
    template = inside.get("template") if inside else None
    if inside is None or template is None:
        return None
    given = inside.get("vars")
    members = given.members if isinstance(given, Object) else {}
    names = {name: as_string(member.node) for name, member in members.items()}
    return of.around.rendered(template, names, of)


def _is_changed_elsewhere(inside: Inside, name: str) -> bool:
    """Tell whether Terraform leaves it to others to change an attribute.

    https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#ignore_changes
    """
    for block in inside.block.blocks:
        if block.type == "lifecycle" and (ignored := block.attributes.get("ignore_changes")):
            span = ignored.expression.span
            text = inside.evaluator.text.source.text[span.start : span.end]
            words = _WORD.findall(_INDEX.sub(".", text))
            return "all" in words or name in words
    return False


def _surroundings(
    folder: Folder, scope: str | None, labels: tuple[str, str], wanted: str, spot: Spot
) -> Node | None:
    """Return what stands for the account, partition and region that the module is applied in."""
    what = _SURROUNDINGS.get((labels[0], wanted))
    found = folder.find("data", *labels)
    is_own = found is not None and not _OF_ANOTHER & found[1].attributes.keys()
    return _pseudo(what, scope, spot) if what and is_own else None


def _pseudo(what: str, scope: str | None, spot: Spot) -> Hidden:
    identity = None if scope is None else f"{scope}{what}"
    return Hidden(f"${{{what}}}", spot, means=_MEANS.get(what), identity=identity)


def arn(shape: Arn, address: str, inside: Inside, spot: Spot) -> Node:
    """Build the ARN of a resource; what it is made of and is not known is named in it."""
    nodes: list[Node] = []
    done = 0
    for match in _PART.finditer(shape.arn):
        nodes.append(plain(shape.arn[done : match.start()], spot))
        nodes.append(_part(match[1], shape, address, inside, spot))
        done = match.end()
    return joined([*nodes, plain(shape.arn[done:], spot)], spot)


def _part(what: str, shape: Arn, address: str, inside: Inside, spot: Spot) -> Node:
    if what == "/":
        return inside.get("path") or plain("/", spot)
    around = inside.evaluator.around
    attributes = inside.block.attributes.keys()
    if what != "@":
        is_own = not _MOVED & attributes
        return _pseudo(what, around.scope if is_own else None, spot)
    is_one = not {"count", "for_each"} & attributes
    own = address_of_instance(address, inside.evaluator, is_one=is_one)
    wanted = shape.name or "id"
    identity = None if own is None else f"{own}.{wanted}"
    return _name(shape, inside) or Hidden(f"${{{address}.{wanted}}}", spot, identity=identity)


def _name(shape: Arn, inside: Inside) -> Node | None:
    """Return the name of a resource as AWS gives it back."""
    node = inside.get(shape.name) if shape.name else None
    return without(node, shape.without) if isinstance(node, String) else node
