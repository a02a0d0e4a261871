"""What `iam-collect` keeps of an account: one folder a resource, whose place says whose it is.

https://github.com/cloud-copilot/iam-collect
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iamlint.load.about import About, text_of
from iamlint.load.link import Link, LinkKind, Node, Ref, Thing
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.text.source import Value

_PLACE: Final = re.compile(
    r"(?:.*/)?([a-z-]+)/accounts/([0-9]{12})/"
    r"(?:iam/(aws/)?(role|user|group|policy)|s3/(bucket))/([^/]+)/([a-z-]+)\.json"
)
# Files that hold no policy and say who holds what.
_FACTS: Final = ("managed-policies", "metadata", "groups", "tags")
_HOLDERS: Final = ("role", "user", "group")


def is_fact(path: str) -> bool:
    """Tell a file that holds no policy and says something of a user, group or role."""
    found = _PLACE.fullmatch(path)
    return found is not None and found[4] in _HOLDERS and found[7] in _FACTS


def describe(path: str) -> About | None:
    """Tell what the place of a file says of the policies in it."""
    found = _PLACE.fullmatch(path)
    if found is None:
        return None
    kind, name, arn = found[4], _unquoted(found[6]), _arn(found)
    if kind == "policy":
        return About(Kind.IDENTITY, name.rpartition("/")[2], policy_arn=arn)
    if kind is None:
        return About(Kind.RESOURCE, name, resource_type="AWS::S3::Bucket", arn=arn, address=arn)
    own = Kind.TRUST if found[7] == "trust-policy" else Kind.IDENTITY
    return About(own, holders=(_ref(found),), arn=arn)


def _ref(found: re.Match[str]) -> Ref:
    name = _unquoted(found[6]).rpartition("/")[2]
    return Ref(Thing(found[4]), name, account=found[2])


def links(path: str, value: Value) -> Iterator[Node | Link]:
    """Yield what one file says of a user, group or role."""
    found = _PLACE.fullmatch(path)
    if found is None or not is_fact(path):
        return
    names = tuple(item for item in value if isinstance(item, str)) if type(value) is list else ()
    facts = value if isinstance(value, dict) else {}
    bound = text_of(facts, "permissionBoundary") if found[7] == "metadata" else None
    ref = _ref(found)
    yield Node(
        path,
        (),
        ref,
        _arn(found),
        whole=found[7] == "managed-policies",
        tags=tuple((k, v) for k, v in facts.items() if found[7] == "tags" and isinstance(v, str)),
    )
    if bound:
        yield Link(path, (), LinkKind.BOUNDARY, ref, Ref(Thing.POLICY, bound))
    for name in names:
        if found[7] == "managed-policies":
            yield Link(path, (), LinkKind.ATTACHED, ref, Ref(Thing.POLICY, name))
        elif found[7] == "groups":
            group = Ref(Thing.GROUP, name.rpartition("/")[2], account=found[2])
            yield Link(path, (), LinkKind.MEMBER, ref, group)


def _arn(found: re.Match[str]) -> str:
    partition, account, name = found[1], found[2], _unquoted(found[6])
    if found[5]:
        return f"arn:{partition}:s3:::{name}"
    return f"arn:{partition}:iam::{'aws' if found[3] else account}:{found[4]}/{name}"


def _unquoted(name: str) -> str:
    from urllib.parse import unquote  # noqa: PLC0415 - slow to import and seldom needed

    return unquote(name) if "%" in name else name
