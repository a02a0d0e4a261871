"""The paths of users, groups and roles that data sources look up by their names.

A name is one principal in its account with any path: the file that describes it has the path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.link import Binding, Node, Thing, parts_of, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

_THINGS: Final = {
    "aws_iam_role": Thing.ROLE,
    "aws_iam_user": Thing.USER,
    "aws_iam_group": Thing.GROUP,
    "aws_iam_instance_profile": Thing.PROFILE,
}


def path_of(type_: str, name: str | None, account: str) -> str | None:
    """Return the identity of the path of a principal that a data source finds."""
    thing = _THINGS.get(type_)
    return f"path of {thing}/{name} in {account}" if thing and name else None


def bindings(nodes: Iterable[Node], looked_up: AbstractSet[str]) -> Iterator[Binding]:
    """Yield the bindings of paths that are looked up and that only one file gives."""
    found: dict[str, dict[str, Node]] = {}
    for node in nodes if looked_up else ():
        path, account = _path(node), node.ref.account
        if path is not None and isinstance(node.ref.name, str):
            whose = "" if account is None else shown(account)
            identity = f"path of {node.ref.thing}/{node.ref.name} in {whose}"
            found.setdefault(identity, {}).setdefault(path, node)
    for identity in sorted(looked_up & found.keys()):
        if len(found[identity]) == 1:
            ((path, node),) = found[identity].items()
            yield Binding(node.path, identity, path)


def _path(node: Node) -> str | None:
    """Return the path in the ARN of a principal, if it is known."""
    last = parts_of(node.arn)[-1] if node.arn else None
    _, colon, rest = last.rpartition(":") if isinstance(last, str) else ("", "", "")
    name = shown(node.ref.name)
    is_whole = bool(colon) and rest.startswith(node.ref.thing) and rest.endswith(f"/{name}")
    return rest[len(node.ref.thing) : len(rest) - len(name)] if is_whole else None
