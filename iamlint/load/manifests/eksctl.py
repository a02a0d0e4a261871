"""Cluster configurations of eksctl: the roles of service accounts, pods and groups of nodes.

https://docs.aws.amazon.com/eks/latest/eksctl/schema.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.load.link import Link, LinkKind, Node, Ref, Thing, join_names
from iamlint.load.manifests.described import ANY, as_list
from iamlint.load.recognise.context import About, member, text_of
from iamlint.policy.grammar import Kind
from iamlint.text.source import Pseudo, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.load.link import Name
    from iamlint.load.manifests.described import ManifestText
    from iamlint.text.source import Value
    from iamlint.text.span import Pointer

_PARTITION: Final = Unknown("${partition}", Pseudo.PARTITION)
_OF_PODS: Final = ("serviceAccounts", "podIdentityAssociations")
_POLICIES: Final = frozenset({"attachPolicy", "permissionPolicy"})
_NODES: Final = ("nodeGroups", "managedNodeGroups")
# The names of the same property in the two kinds of entries.
_ROLE_NAME: Final = ("roleName", "instanceRoleName")
_ROLE_ARN: Final = ("attachRoleARN", "roleARN", "instanceRoleARN", "serviceAccountRoleARN")
_ATTACHED: Final = ("attachPolicyARNs", "permissionPolicyARNs")
_BOUNDARY: Final = (
    "permissionsBoundary",
    "permissionsBoundaryARN",
    "instanceRolePermissionsBoundary",
)
# Properties that let eksctl attach policies of its own.
_CHOSEN: Final = ("wellKnownPolicies", "withAddonPolicies")
_OF_NODES: Final = (
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKS_CNI_Policy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonSSMManagedInstanceCore",
)


def is_cluster(value: Value) -> bool:
    return isinstance(value, dict) and str(value.get("apiVersion")).startswith("eksctl.io/")


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry that describes a role; `facts` has its policies."""

    file: ManifestText
    at: Pointer
    label: str
    facts: Mapping[str, Value]
    is_of_nodes: bool = False

    @property
    def ref(self) -> Ref:
        """The role; CloudFormation generates the name if the file has none."""
        name: Name | None = text_of(dict(self.facts), *_ROLE_NAME)
        if name is None and (arn := text_of(dict(self.facts), *_ROLE_ARN)):
            name = arn.rpartition("/")[2]
        identity = f"{self.file.known_as}#{'/'.join(map(str, self.at))} role"
        end = Unknown(f"${{{self.label}}}", identity=identity)
        return Ref(Thing.ROLE, name or join_names("eksctl-", end), self.label, self.file.known_as)

    def links(self) -> Iterator[Node | Link]:
        who = self.ref
        is_made = not text_of(dict(self.facts), *_ROLE_ARN)
        if is_made:
            yield Node(
                self.file.path, self.at, who, addresses=(self.label,), source=self.file.source
            )
        attached = [item for name in _ATTACHED for item in as_list(self.facts.get(name))]
        limits = [item for name in _BOUNDARY for item in as_list(self.facts.get(name))]
        policies: list[Name] = [item if isinstance(item, str) else ANY for item in attached]
        if any(_is_chosen(self.facts.get(name)) for name in _CHOSEN):
            policies.append(Unknown("policies that eksctl attaches"))
        if self.is_of_nodes and is_made:
            chosen = _OF_NODES[-1:] if attached else _OF_NODES
            policies += [
                join_names("arn:", _PARTITION, f":iam::aws:policy/{name}") for name in chosen
            ]
        for policy in policies:
            target = Ref(Thing.POLICY, policy, scope=self.file.known_as)
            yield Link(
                self.file.path, self.at, LinkKind.ATTACHED, who, target, source=self.file.source
            )
        for limit in limits:
            target = Ref(
                Thing.POLICY, limit if isinstance(limit, str) else ANY, scope=self.file.known_as
            )
            yield Link(
                self.file.path, self.at, LinkKind.BOUNDARY, who, target, source=self.file.source
            )


def links(file: ManifestText, at: Pointer, value: Value) -> Iterator[Node | Link]:
    """Yield the roles that eksctl creates, and their links."""
    for entry in _entries(file, at, value):
        yield from entry.links()


def describe(file: ManifestText, at: Pointer, way: Pointer, value: Value) -> About | None:
    """Return the role that holds the policy at `way` of the configuration at `at`."""
    for entry in sorted(_entries(file, at, value), key=lambda one: -len(one.at)):
        if (*at, *way)[: len(entry.at)] == entry.at:
            return About(
                Kind.IDENTITY,
                entry.label,
                holders=(entry.ref,),
                address=entry.label,
                scope=file.known_as,
                is_certain=way[-1] in _POLICIES,
            )
    return None


def _entries(file: ManifestText, at: Pointer, value: Value) -> Iterator[_Entry]:
    iam = member(value, "iam")
    for name in _OF_PODS:
        yield from _listed(file, (*at, "iam", name), member(iam, name))
    yield from _listed(file, (*at, "addons"), member(value, "addons"))
    for number, addon in enumerate(as_list(member(value, "addons"))):
        place = (*at, "addons", number, _OF_PODS[1])
        yield from _listed(file, place, member(addon, _OF_PODS[1]))
    for name in _NODES:
        for number, group in enumerate(as_list(member(value, name))):
            facts = member(group, "iam")
            label = text_of(group, "name") or f"{name}[{number}]"
            given = facts if isinstance(facts, dict) else {}
            yield _Entry(file, (*at, name, number), label, given, is_of_nodes=True)


def _listed(file: ManifestText, at: Pointer, value: Value) -> Iterator[_Entry]:
    """Yield the entries of a list."""
    for number, entry in enumerate(as_list(value)):
        if isinstance(entry, dict):
            name = text_of(entry.get("metadata"), "name")
            label = name or text_of(entry, "serviceAccountName", "name") or f"{at[-1]}[{number}]"
            yield _Entry(file, (*at, number), label, entry)


def _is_chosen(value: Value) -> bool:
    return isinstance(value, dict) and any(one is not False for one in value.values())
