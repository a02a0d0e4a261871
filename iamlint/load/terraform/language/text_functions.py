"""Functions of Terraform that return strings."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import replace as replaced
from iamlint.late_pattern import late_pattern
from iamlint.load.terraform.language.collection_functions import MAX_ITEMS, are_whole, flat_items
from iamlint.load.terraform.language.node import (
    Array,
    Hidden,
    Json,
    Location,
    Member,
    Node,
    Object,
    String,
    hidden,
    join_values,
    known,
    plain,
)
from iamlint.text.hcl.tree import Chunk
from iamlint.text.source import Pseudo

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from iamlint.load.terraform.language.node import Evaluate

    Function = Callable[[Evaluate, Sequence[Node], Location], Node | None]

_VERB: Final = late_pattern(r"%(?:%|[sdv])")


_PAIR: Final = 2
_BORDERS: Final = frozenset(":/")


def _format(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    """Return the text with `%s`, `%d` and `%v` filled in; other verbs are unknown."""
    text = known(arguments[0]) if arguments else None
    if text is None or text.count("%") > sum(len(v[0].strip("sdv")) for v in _VERB.finditer(text)):
        return None
    rest = iter(arguments[1:])
    nodes: list[Node] = []
    done = 0
    for verb in _VERB.finditer(text):
        nodes.append(plain(text[done : verb.start()], spot))
        done = verb.end()
        filled = plain("%", spot) if verb[0] == "%%" else next(rest, None)
        if filled is None:
            return None
        nodes.append(filled)
    made = join_values([*nodes, plain(text[done:], spot)], spot)
    return made if of.around.spend(made.length) else None


def _formatlist(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    """Return the format filled in once for each item of the lists; other arguments are repeated.

    https://developer.hashicorp.com/terraform/language/functions/formatlist
    """
    lengths = {len(node.items) for node in arguments if isinstance(node, Array)}
    may_be_lists = any(isinstance(node, Hidden) and node.means is None for node in arguments)
    if len(lengths) > 1 or max(lengths, default=0) > MAX_ITEMS or (may_be_lists and not lengths):
        return None
    made: list[Node] = []
    for index in range(*lengths or (1,)):
        chosen = [_item(node, index) for node in arguments]
        made.append(_format(of, chosen, spot) or hidden(spot))
    return Array(made, spot)


def _item(node: Node, index: int) -> Node:
    """Return an item of a list, unknown for an unknown list, or the value if it is not a list."""
    if isinstance(node, Array):
        return node.items[index]
    return replaced(node, identity=None) if isinstance(node, Hidden) and not node.means else node


def _join(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    between = known(arguments[0]) if arguments else None
    items = flat_items(arguments[1:], deep=False)
    if between is None or items is None:
        return None
    if not are_whole(arguments):
        return items[0] if len(items) == 1 and isinstance(items[0], Json) else None
    comma = plain(between, spot)
    made = join_values([part for item in items for part in (comma, item)][1:], spot)
    return made if of.around.spend(made.length) else None


def _split(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    match arguments:
        case [between, String() as text] if known(between) and of.around.spend(text.length):
            return _fields(text, known(between) or "", spot)
    return None


def _fields(text: String, between: str, spot: Location) -> Node | None:
    """Return the parts of a string; None if an unknown part may contain a separator."""
    fields: list[list[Node]] = [[]]
    for piece in text.pieces:
        if isinstance(piece, Chunk):
            first, *rest = piece.text.split(between)
            fields[-1].append(plain(first, spot))
            fields += [[plain(part, spot)] for part in rest]
        elif (
            isinstance(piece, Hidden)
            and (piece.means or piece.resource)
            and _BORDERS.issuperset(between)
        ):
            fields[-1].append(piece)  # names and values of AWS do not contain separators
        else:
            return None
    return Array([_only(join_values(nodes, spot)) for nodes in fields], spot)


def _has_none(piece: Hidden, between: str) -> bool:
    """Return whether an unknown does not contain the separator: names and accounts do not."""
    return bool(piece.means or piece.resource) and _BORDERS.issuperset(between)


def _only(text: String) -> Node:
    """Return the value of a string that consists of one unknown, or else the string."""
    match text.pieces:
        case (Hidden() as piece,):
            return piece
    return text


def _replace(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    texts = [known(argument) for argument in arguments]
    match arguments, texts:
        case [Json(node=node) as json, _, given], [_, str(old), _] if not old.startswith("/"):
            filled = join_values([given], spot)
            return replaced(json, node=_replaced(of, node, old, filled)) if old else None
    match texts:
        case [str(text), str(old), str(new)] if old and not old.startswith("/"):
            made = len(text) + text.count(old) * len(new)
            return plain(text.replace(old, new), spot) if of.around.spend(made) else None
    return None


def _replaced(of: Evaluate, node: Node, old: str, new: String) -> Node:
    """Return a document with a text replaced in its strings, which keep their places."""
    if not of.around.spend(1):
        return node
    if isinstance(node, Array):
        return Array([_replaced(of, item, old, new) for item in node.items], node.spot)
    if isinstance(node, Object):
        members = {}
        for name, member in node.members.items():
            made = _replaced(of, member.node, old, new)
            members[name] = member if made is member.node else replaced(member, node=made)
        return replaced(node, members=members)
    if not isinstance(node, String) or not any(old in _text(piece) for piece in node.pieces):
        return node
    nodes: list[Node] = []
    for piece in node.pieces:
        first, *rest = _text(piece).split(old)
        if rest:
            nodes.append(plain(first, node.spot))
            nodes += [made for text in rest for made in (new, plain(text, node.spot))]
        else:
            nodes.append(String((piece,), node.spot))
    whole = join_values(nodes, node.spot)
    return whole if of.around.spend(whole.length) else node


def _text(piece: object) -> str:
    return piece.text if isinstance(piece, Chunk) else ""


def _changed(change: Callable[[str], str]) -> Function:
    """Return a function that changes one string."""

    def apply(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
        text = known(arguments[0]) if len(arguments) == 1 else None
        return None if text is None else plain(change(text), spot)

    return apply


def _cased(change: Callable[[str], str]) -> Function:
    """Return a function that changes the case of a string, also of a partly known one."""

    def apply(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
        match arguments:
            case [String() as text]:
                return join_values([_of_case(piece, change, spot) for piece in text.pieces], spot)
            case [node] if (text_of := known(node)) is not None:
                return plain(change(text_of), spot)
        return None

    return apply


def _of_case(piece: object, change: Callable[[str], str], spot: Location) -> Node:
    """Return a part in another case: an account has no letters, a region only lower case."""
    if isinstance(piece, Chunk):
        return plain(change(piece.text), spot)
    if not isinstance(piece, Hidden):
        return hidden(spot)
    if piece.means is Pseudo.ACCOUNT or (piece.means and change is str.lower):
        return piece
    identity = piece.identity and f"{change.__name__}({piece.identity})"
    return replaced(hidden(spot), identity=identity, inputs=piece.inputs)


def _trimspace(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    match arguments:
        case [String() as text]:
            return _stripped(text)
    return None


def _stripped(node: String) -> String:
    """Return a partly known string without blanks at both ends."""
    pieces = list(node.pieces)
    if pieces and isinstance(first := pieces[0], Chunk):
        cut = len(first.text) - len(first.text.lstrip())
        pieces[0] = Chunk(first.text[cut:], first.offsets[cut:])
    if pieces and isinstance(last := pieces[-1], Chunk):
        text = last.text.rstrip()
        pieces[-1] = Chunk(text, last.offsets[: len(text) + 1])
    return String(tuple(pieces), node.spot)


def _basename(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    match arguments:
        case [String() as text] if of.around.spend(text.length):
            fields = _fields(text, "/", spot)
            return fields.items[-1] if isinstance(fields, Array) else None
    return None


def _csvdecode(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    text = known(arguments[0]) if len(arguments) == 1 else None
    if text is None or not of.around.spend(len(text)):
        return None
    import csv  # noqa: PLC0415 - few files call it

    names, *rows = csv.reader(text.splitlines()) if text.strip() else [[]]
    if any(len(row) != len(names) for row in rows):
        return None
    every = (
        {name: Member(None, plain(value, spot)) for name, value in zip(names, row, strict=True)}
        for row in rows
    )
    return Array([Object(members, spot) for members in every], spot)


def _without(take: Callable[[str, str], str]) -> Function:
    """Return a function that removes a prefix or suffix of a string."""

    def apply(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
        match [known(argument) for argument in arguments]:
            case [str(text), str(what)]:
                return plain(take(text, what), spot)
        return None

    return apply


OF_TEXTS: Final[Mapping[str, Function]] = {
    "format": _format,
    "formatlist": _formatlist,
    "csvdecode": _csvdecode,
    "join": _join,
    "split": _split,
    "replace": _replace,
    "trimspace": _trimspace,
    "trimprefix": _without(str.removeprefix),
    "trimsuffix": _without(str.removesuffix),
    "basename": _basename,
    "dirname": _changed(lambda path: posixpath.dirname(path) or "."),
    "lower": _cased(str.lower),
    "upper": _cased(str.upper),
}
