"""The authorization details of an account, read one user, group or role at a time."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from iamlint.fast_dataclass import replace
from iamlint.load.document import Document, Postponed
from iamlint.load.dumps import iam_collect, outputs
from iamlint.load.dumps.details import LISTS, has_policies, is_details, is_plain_entry, statements
from iamlint.load.link import Link, LinkKind
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iamlint.load.document import Item
    from iamlint.load.find.files import File
    from iamlint.load.link import Node
    from iamlint.text.source import Source, Value
    from iamlint.text.span import Pointer

    Search = Callable[[Pointer, Value], Iterator[Item]]

_USED_AS = {LinkKind.ATTACHED: Kind.IDENTITY, LinkKind.BOUNDARY: Kind.BOUNDARY}


def can_wait(file: File, source: Source) -> bool:
    """Return whether a file is a dump whose users, groups and roles may be read one by one."""
    if not file.postpones or file.kind is not None or source.flaws:
        return False
    is_collected = iam_collect.is_fact(file.path) or iam_collect.describe(file) is not None
    return is_details(source.value) and not is_collected


def items(file: File, source: Source, search: Search) -> Iterator[Item]:
    """Yield the items of a dump; `search` yields the policies in a part of its value.

    Principals are postponed if AWS's own tools wrote them, without faults.
    """
    rest = dict(source.value) if isinstance(source.value, dict) else {}
    for name in LISTS:
        entries = rest.get(name)
        if isinstance(entries, list):
            rest[name] = left = list(entries)
            for index, entry in enumerate(entries):
                at = (name, index)
                if not isinstance(entry, dict) or not is_plain_entry(name, entry):
                    yield from _of(source, outputs.described(file.path, at, entry))
                    continue
                left[index] = None
                yield from _of(source, outputs.profiles(file.path, at, entry))
                if (node := outputs.node(file.path, at, entry)) is not None:
                    yield from (node, _postponed(node, name, entry, source, search))
    yield from search((), rest)


def _of(source: Source, found: Iterator[Node | Link]) -> Iterator[Node | Link]:
    for one in found:
        yield replace(one, source=source) if isinstance(one, Link) else one


def _postponed(
    node: Node, name: str, entry: dict[str, Value], source: Source, search: Search
) -> Postponed:
    def find() -> Iterator[Document | Link]:
        found = search(node.pointer, entry)
        yield from (one for one in found if isinstance(one, Document))
        yield from (replace(one, source=source) for one in outputs.links_of(node, entry))

    attached = tuple((arn, _USED_AS[kind]) for kind, arn in outputs.attached(entry))
    return Postponed(
        node.path,
        node.pointer,
        node.ref,
        attached,
        tuple(outputs.groups(entry)),
        has_policies(name, entry),
        find,
        partial(statements, name, entry),
    )
