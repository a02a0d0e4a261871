"""AWS resources as objects of Kubernetes: those of Crossplane and of ACK.

https://docs.crossplane.io/latest/managed-resources/managed-resources/
https://aws-controllers-k8s.github.io/community/docs/user-docs/references/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.late_pattern import late_pattern
from iamlint.load.link import Binding, Node
from iamlint.load.manifests.described import ANY, THINGS, Described, as_list
from iamlint.text.source import Partial, Tagged, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.load.link import Link, Name, Thing
    from iamlint.load.manifests.described import ManifestText
    from iamlint.text.source import Value
    from iamlint.text.span import Pointer

GROUP: Final = late_pattern(
    r"([a-z0-9-]+)\.(services\.k8s\.aws|aws\.(?:m\.)?(?:crossplane|upbound)\.io)/.*"
)
_ACK: Final = "ack"
_OF_ACK: Final = "services.k8s.aws"
_EXTERNAL: Final = "crossplane.io/external-name"
_PROPERTY: Final = late_pattern(r"spec\.(?:forProvider\.)?(\w+)")
_REFERS: Final = {
    "role": "Role",
    "roleName": "Role",
    "roles": "Role",
    "user": "User",
    "userName": "User",
    "users": "User",
    "group": "Group",
    "groupName": "Group",
    "groups": "Group",
    "policyArn": "Policy",
    "policyArns": "Policy",
    "policies": "Policy",
    "managedPolicyArns": "Policy",
    "permissionsBoundary": "Policy",
}
"""The kinds of objects to which properties refer."""


class Manifested(Described):
    """An object, or one that a composition creates: then patches decide its names."""

    def __init__(
        self,
        file: ManifestText,
        at: Pointer,
        value: Mapping[str, Value],
        around: dict[str, Value] | None = None,
    ) -> None:
        group = GROUP.fullmatch(str(value.get("apiVersion")))
        self.file, self.at = file, at
        self.service = group[1] if group else ""
        self.family = _ACK if group and group[2] == _OF_ACK else "crossplane"
        self.thing = str(value.get("kind"))
        self.is_composed = around is not None
        self._metadata = _members(value, "metadata")
        self.namespace = _text(self._metadata, "namespace") or ""
        self.labels = {}
        self.spoken: dict[str, Thing] = {}
        spec = _members(value, "spec")
        self.values = _members(spec, "forProvider") or spec
        self.label = _text(self._metadata, "name") or _text(around or {}, "name") or self.thing
        self.patched = frozenset(_patched(around)) if around else frozenset()
        external = _text(_members(self._metadata, "annotations"), _EXTERNAL)
        self.external = external if _EXTERNAL not in self.patched else None

    def name(self) -> Name:
        """Return the name; Crossplane takes that of the object if nothing else gives it.

        https://docs.crossplane.io/latest/managed-resources/managed-resources/#naming-external-resources
        """
        unknown = Unknown(f"${{{self.label}}}", identity=self.identity("name"))
        external = self.external
        if external and not external.startswith("arn:") and "://" not in external:
            return external
        for property_ in self._naming():
            for name in self.names(property_):
                return unknown if isinstance(name, Unknown) and name.identity is None else name
        is_named = self.is_named and not self.is_composed and _EXTERNAL not in self.patched
        own = _text(self._metadata, "name")
        return own if is_named and own else unknown

    @property
    def is_named(self) -> bool:
        """Whether the user gives the name of such a resource in AWS."""
        shape = self.shape
        return self.is_principal or (shape is not None and shape.name is not None)

    def _naming(self) -> tuple[str, ...]:
        thing = self.thing[0].lower() + self.thing[1:]
        return ("name", f"{thing}Name", *(("bucket",) if self.thing == "Bucket" else ()))

    def given_arn(self) -> Name | None:
        return self.external if self.external and self.external.startswith("arn:") else None

    def text(self, value: Value) -> Name:
        match value:
            case str() | Unknown() | Partial():
                return value
            case Tagged(_, inner):
                return self.text(inner)
            case bool() | None | dict() | list():
                return ANY
        return str(value)

    def names(self, property_: str) -> Iterator[Name]:
        """Yield the names in a property: direct, by a reference to an object, or by a selector."""
        several = (_single(property_),) if _single(property_) != property_ else ()
        ways = (property_, *several)
        if any(f"{way}{end}" in self.patched for way in ways for end in ("", "Ref", "Refs")):
            yield ANY
            return
        found = [item for item in as_list(self.values.get(property_)) if not isinstance(item, dict)]
        yield from map(self.text, found)
        if found and self.family != _ACK:  # Crossplane writes the value of a reference there
            return
        references = (f"{property_}Ref", f"{property_}Refs", *(f"{one}Refs" for one in several))
        named = [item for name in references for item in as_list(self.values.get(name))]
        yield from (self._referred(property_, item) for item in named)
        if not named and any(f"{way}Selector" in self.values for way in ways):
            yield ANY

    def _referred(self, property_: str, reference: Value) -> Name:
        """Return the name or the ARN of a referenced object."""
        to = _members(reference, "from") or (reference if isinstance(reference, dict) else {})
        name = _text(to, "name")
        if name is None or self.is_composed:
            return ANY
        kind = _REFERS.get(property_, self.thing.removesuffix("Policy"))
        if (self.service, property_) == ("organizations", "policyId"):
            kind = "Policy"
        service = "iam" if property_ in _REFERS else self.service
        attribute = "name" if kind in THINGS else "arn"
        namespace = _text(to, "namespace") or self.namespace
        identity = f"{self.family} {service}/{kind} {namespace}/{name} {attribute}"
        if kind in THINGS:
            self.labels[identity] = name
            self.spoken[identity] = THINGS[kind]
        return Unknown(f"${{{name}}}", identity=identity)

    def identity(self, attribute: str) -> str | None:
        own = _text(self._metadata, "name")
        if self.is_composed or own is None:
            return f"{self.file.known_as}#{'/'.join(map(str, self.at))} {attribute}"
        return f"{self._object} {attribute}"

    @property
    def _object(self) -> str:
        own = _text(self._metadata, "name")
        return f"{self.family} {self.service}/{self.thing} {self.namespace}/{own}"

    def items(self) -> Iterator[Node | Link | Binding]:
        """Yield its node, its links, and the values of references to it."""
        yield from super().items()
        self.holders()
        for identity, thing in self.spoken.items():
            name = Unknown(f"${{{self.labels[identity]}}}", identity=identity)
            yield Node(self.file.path, self.at, self.ref(thing, name), whole=False)
        if self.is_composed or _text(self._metadata, "name") is None:
            return
        found = {"name": self.name()} if self.is_principal else {"arn": self.arn()}
        for attribute, value in found.items():
            identity = f"{self._object} {attribute}"
            if value is not None and getattr(value, "identity", None) != identity:
                yield Binding(self.file.path, identity, value)


def objects(file: ManifestText, at: Pointer, value: Value) -> Iterator[Manifested]:
    """Yield the objects of a manifest: itself, those of a list or of a composition."""
    todo: list[tuple[Pointer, Value, dict[str, Value] | None]] = [(at, value, None)]
    while todo:
        place, node, around = todo.pop()
        if isinstance(node, Tagged):
            node = node.value
        if isinstance(node, list):
            todo += [((*place, n), item, around) for n, item in reversed([*enumerate(node)])]
        elif isinstance(node, dict):
            if GROUP.fullmatch(str(node.get("apiVersion"))) and isinstance(node.get("kind"), str):
                yield Manifested(file, place, node, around)
                continue
            inner = node if "base" in node else around
            todo += [((*place, k), item, inner) for k, item in reversed([*node.items()])]


def _patched(around: Mapping[str, Value]) -> Iterator[str]:
    """Yield the properties that patches of a composition change.

    https://docs.crossplane.io/latest/guides/function-patch-and-transform/
    """
    for patch in as_list(around.get("patches")):
        way = _text(patch, "toFieldPath") or _text(patch, "fromFieldPath") or ""
        if _EXTERNAL in way:
            yield _EXTERNAL
        elif found := _PROPERTY.match(way):
            yield found[1]
        if isinstance(patch, dict) and patch.get("type") == "PatchSet":
            yield _EXTERNAL


def _single(name: str) -> str:
    """Return the name of one of several."""
    return f"{name[:-3]}y" if name.endswith("ies") else name.removesuffix("s")


def _members(value: object, name: str) -> dict[str, Value]:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _text(value: object, name: str) -> str | None:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, str) else None
