"""The functions of Terraform that are evaluated; the results of all others are unknown.

https://developer.hashicorp.com/terraform/language/functions
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import replace as replaced
from iamlint.load.terraform.language.collection_functions import OF_COLLECTIONS, is_empty
from iamlint.load.terraform.language.node import (
    Array,
    Hidden,
    Json,
    Location,
    Node,
    Scalar,
    String,
    known,
    plain,
)
from iamlint.load.terraform.language.text_functions import OF_TEXTS
from iamlint.load.terraform.language.truth import condition_of
from iamlint.load.terraform.language.type_functions import OF_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from iamlint.load.terraform.language.node import Evaluate

    Function = Callable[[Evaluate, Sequence[Node], Location], Node | None]


def _jsonencode(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    return Json(arguments[0], spot) if len(arguments) == 1 else None


def _jsondecode(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    return of.around.decoded(arguments[0]) if len(arguments) == 1 else None


def _yamldecode(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    return of.around.decoded(arguments[0], as_yaml=True) if len(arguments) == 1 else None


def _file(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    path = known(arguments[0]) if arguments else None
    return None if path is None else of.around.file(path, spot)


def _fileset(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    """Return the paths of the files of a folder that match a glob.

    https://developer.hashicorp.com/terraform/language/functions/fileset
    """
    match [known(argument) for argument in arguments]:
        case [str(path), str(glob)]:
            found = of.around.files(path, glob)
            return (
                None if found is None else Array([plain(f, spot) for f in found], spot, is_set=True)
            )
    return None


def _templatefile(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    match arguments:
        case [String(known=str(path)), variables]:
            return of.around.template(path, variables, spot, of)
    return None


def _same(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    return arguments[0] if len(arguments) == 1 else None


def _try(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    """Return the first argument that does not fail; an unknown one fails in one reading."""
    nodes = [n for n in arguments if not (isinstance(n, Hidden | Json) and n.fails)]
    return _either(of, nodes, "can({})", holds=True)


def _coalesce(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    """Return the first argument that is set; an unknown one is in one reading."""
    return _either(of, [node for node in arguments if not is_empty(node)])


def _either(
    of: Evaluate, nodes: Sequence[Node], text: str = "{} == null", *, holds: bool = False
) -> Node | None:
    """Return the first known value, or an unknown one before it in the readings where it is set."""
    there = (node for node in nodes if not isinstance(node, Hidden))
    certain = next((node for node in there if not is_empty(node)), None)
    first = next(iter(nodes), None)
    if not isinstance(first, Hidden) or certain is None:
        return first
    condition = condition_of(first)
    taken = of.choices.decide(replaced(condition, text=text.format(condition.text)))
    return certain if taken is not None and taken is not holds else first


def _coalescelist(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    nodes = [n for n in arguments if not (isinstance(n, Array) and not n.items)]
    return _either(of, nodes, "length({}) == 0")


def _can(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    match arguments:
        case [Hidden(fails=fails)]:
            return Scalar(False, spot) if fails else None  # noqa: FBT003 - a value
        case [_]:
            return Scalar(True, spot)  # noqa: FBT003 - a value
    return None


FUNCTIONS: Final[Mapping[str, Function]] = {
    **OF_COLLECTIONS,
    **OF_TEXTS,
    **OF_TYPES,
    "jsonencode": _jsonencode,
    "jsondecode": _jsondecode,
    "yamldecode": _yamldecode,
    "yamlencode": _jsonencode,  # JSON is YAML
    "file": _file,
    "fileset": _fileset,
    "templatefile": _templatefile,
    "try": _try,
    "can": _can,
    "coalesce": _coalesce,
    "coalescelist": _coalescelist,
    **dict.fromkeys(("sensitive", "nonsensitive"), _same),
}
