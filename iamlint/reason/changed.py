"""Which statements differ between two worlds, so that only requests that they name are looked at.

Access is gained only by an Allow that was not there word for word, or without a Deny that was.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from iamlint.account.build.managed import full_access
from iamlint.policy.grammar import Kind
from iamlint.reason.atoms import signature

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    from iamlint.evaluator.policy_set import PolicySet
    from iamlint.evaluator.statement import CompiledPolicy, CompiledStatement
    from iamlint.reason.atoms import Signature
    from iamlint.reason.world import World

Layer: TypeAlias = "Hashable"
Layers: TypeAlias = "dict[Layer, tuple[CompiledPolicy, ...]]"

_full = cache(full_access)


def layers(world: World) -> Layers:
    """Return the policies of a world by what they are used as."""
    policies = world.policies
    if world.is_bare:  # nothing else decides
        found: Layers = {"identity": policies.identity, "resource": policies.resource}
    else:
        found = _of_set(policies)
    if world.within is not None:
        found["within"] = world.within
    for pattern, policies in world.special.items():
        of_special = _of_set(policies)
        for layer, held in of_special.items():
            if held != found.get(layer):
                found[pattern, layer] = held
    return found


def _of_set(policies: PolicySet) -> Layers:
    found: Layers = {
        "identity": policies.identity,
        "resource": policies.resource,
        "boundary": policies.boundary or (_full(Kind.BOUNDARY),),
        "session": policies.session or (_full(Kind.SESSION),),
        "endpoint": policies.endpoint or (_full(Kind.ENDPOINT),),
    }
    for name, levels in (("scp", policies.scp), ("rcp", policies.rcp)):
        found.update({(name, at): level for at, level in enumerate(levels or ())})
    return found


def aligned(old: Layers, new: Layers) -> tuple[Layers, Layers]:
    """Return both with the same layers: a level that one lacks allows everything there.

    Around a resource that has nothing of its own the policies are those of all others.
    """
    for one, other in ((old, new), (new, old)):
        for layer in [layer for layer in other if layer not in one]:
            match layer:
                case (_, inner) if inner in one:
                    one[layer] = one[inner]
                case _:
                    one[layer] = _without(layer)
    return old, new


def _without(layer: Layer) -> tuple[CompiledPolicy, ...]:
    """Return the policies that say what a layer says that is not there."""
    match layer:
        case ("scp", int()) | (_, ("scp", int())):
            return (_full(Kind.SCP),)
        case ("rcp", int()) | (_, ("rcp", int())):
            return (_full(Kind.RCP),)
    return (_full(Kind.IDENTITY),)  # every request counts, without a demand


class Sayings:
    """What the policies of one world say of one action, by layer."""

    __slots__ = ("allows", "denies", "statements")

    def __init__(self, layers: Layers, action: str) -> None:
        self.allows: dict[Layer, dict[Signature, CompiledStatement]] = {}
        self.denies: dict[Layer, dict[Signature, CompiledStatement]] = {}
        self.statements: list[CompiledStatement] = []
        for layer, policies in layers.items():
            for policy in policies:
                for statement, truth in policy.about(action):
                    said = (signature(statement), truth)
                    self.statements.append(statement)
                    if statement.may_allow:
                        self.allows.setdefault(layer, {})[said] = statement
                    if statement.may_deny:
                        self.denies.setdefault(layer, {})[said] = statement

    def may_exceed(self, other: Sayings) -> list[CompiledStatement]:
        """Return the statements that a request must meet to be allowed here and not there."""
        return [*_beyond(self.allows, other.allows), *_beyond(other.denies, self.denies)]


def _beyond(
    here: Mapping[Layer, Mapping[Signature, CompiledStatement]],
    there: Mapping[Layer, Mapping[Signature, CompiledStatement]],
) -> Iterator[CompiledStatement]:
    for layer, said in here.items():
        known = there.get(layer, {})
        yield from (statement for key, statement in said.items() if key not in known)


def differing(old: Layers, new: Layers) -> list[CompiledStatement]:
    """Return the statements of either side that the other one does not have word for word."""
    found = []
    for one, other in ((old, new), (new, old)):
        for layer, policies in one.items():
            known = {_words(s) for policy in other.get(layer, ()) for s in policy.statements}
            found += [s for p in policies for s in p.statements if _words(s) not in known]
    return found


def _words(statement: CompiledStatement) -> Signature:
    element = statement.source.action_element
    actions = element and (
        element.name, frozenset(entry.pattern.lower() for entry in element.entries)
    )  # fmt: skip
    return signature(statement), actions
