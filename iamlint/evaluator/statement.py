"""Policies and statements, compiled once and asked often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.evaluator.condition import CompiledCondition
from iamlint.evaluator.elements import Actions, Named, Resources
from iamlint.evaluator.request import PrincipalMatch
from iamlint.fast_dataclass import dataclass
from iamlint.policy.at import At
from iamlint.policy.grammar import STATEMENT_ELEMENTS, Kind
from iamlint.policy.model import Statement
from iamlint.policy.truth import Truth

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from iamlint.evaluator.context import Context
    from iamlint.evaluator.request import StatementRequest
    from iamlint.policy.model import Policy

FEW: Final = 4
"""So many statements are as quickly asked in turn."""
NO, MAYBE, YES = Truth.NO, Truth.MAYBE, Truth.YES

MOST_ACTIONS: Final = 4096
"""Actions for which is kept what policies say of them."""
_HELD: Final = ((YES, PrincipalMatch.EVERYONE),)
_MAYBE_NAMED: Final = ((MAYBE, PrincipalMatch.EVERYONE),)


@dataclass(frozen=True, slots=True)
class Match:
    """A statement that applies to a request, surely or maybe, and how it names the caller.

    `index` is the place of its policy among those of one kind.
    """

    statement: CompiledStatement
    index: int
    truth: Truth
    naming: PrincipalMatch = PrincipalMatch.EVERYONE


class CompiledStatement:
    """A statement, ready to be asked; its parts are compiled when first needed.

    `kind`, `label` and whether it knows `variables` are its policy's. It `is_held` if it applies to
    whoever has the policy, because the kind has no `Principal`. `surely` is maybe where the effect
    is not known. AWS refuses a statement with an unknown operator: it never allows, and may deny.
    """

    __slots__ = (
        "_actions",
        "_always",
        "_conditions",
        "_keys",
        "_named",
        "_resources",
        "_void",
        "is_held",
        "kind",
        "label",
        "may_allow",
        "may_deny",
        "source",
        "surely",
        "variables",
    )

    def __init__(
        self, source: Statement, kind: Kind, label: object, *, is_held: bool, variables: bool
    ) -> None:
        self.source = source
        self.kind = kind
        self.label = label
        self.is_held = is_held
        self.variables = variables
        self._void = False
        self._always: Truth | None = None
        if source.conditions:
            self._void = any(condition.operator is None for condition in source.conditions)
        else:
            self._always = MAYBE if "Condition" in source.opaque else YES
        unsure = source.effect is None and "Effect" in source.opaque
        self.may_allow = unsure or (source.allows and not self._void)
        self.may_deny = unsure or source.denies
        self.surely = MAYBE if unsure else YES
        self._actions: Actions | None = None
        self._resources: Resources | None = None
        self._conditions: tuple[CompiledCondition, ...] | None = None
        self._named: Named | None = None
        self._keys: frozenset[str] | None = None

    @property
    def conditions(self) -> tuple[CompiledCondition, ...]:
        if self._conditions is None:
            self._conditions = tuple(
                CompiledCondition(condition, variables=self.variables)
                for condition in self.source.conditions
            )
        return self._conditions

    @property
    def resources(self) -> Resources | None:
        element = self.source.resource_element
        if self._resources is None and element is not None:
            self._resources = Resources(element, kind=self.kind, variables=self.variables)
        return self._resources

    @property
    def keys(self) -> frozenset[str]:
        """The keys, in lower case, of its conditions and variables."""
        if self._keys is None:
            templates = [template for one in self.conditions for template in one.templates]
            if self.resources is not None:
                templates += [template for _, template in self.resources.templates]
            self._keys = frozenset(
                (
                    *(one.name for one in self.conditions),
                    *(one.name for template in templates for one in template.variables),
                )
            )
        return self._keys

    @property
    def excepts_principals(self) -> bool:
        return self.source.not_principal is not None

    @property
    def actions(self) -> Actions | None:
        if self._actions is None and self.source.action_element is not None:
            self._actions = Actions(self.source.action_element)
        return self._actions

    def names_action(self, action: str) -> Truth:
        actions = self._actions or self.actions
        if actions is None:
            return MAYBE if "Action" in self.source.opaque else NO
        return actions.names(action)

    def names_of(self, service: str, actions: Iterable[str]) -> list[tuple[str, Truth]]:
        """Return those of some actions of a service that it names or may name, in their order."""
        if self.actions is not None:
            return self.actions.names_of(service, actions)
        return [(action, MAYBE) for action in actions] if "Action" in self.source.opaque else []

    def names_resource(self, asked: StatementRequest) -> Truth:
        resources = self._resources or self.resources
        if resources is None:
            return self._without_resource()
        return YES if resources.names_all else resources.name(asked)

    def _without_resource(self) -> Truth:
        """Return whether it applies without a `Resource`: trust and older resource policies do.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
        """
        if "Resource" in self.source.opaque:
            return MAYBE
        return YES if self.kind in (Kind.TRUST, Kind.RESOURCE) else NO

    def names_caller(self, asked: StatementRequest) -> Sequence[tuple[Truth, PrincipalMatch]]:
        """Return how it names a caller; policies without principals apply to whoever has them."""
        if self.is_held:
            return _HELD
        if (named := self._principals()) is not None:
            return named.name(asked)
        return _MAYBE_NAMED if "Principal" in self.source.opaque else ()

    def _principals(self) -> Named | None:
        if self._named is None:
            principals = self.source.principal or self.source.not_principal
            if principals is None:
                return None
            # An entry with open parts is compared; else it is not known which entries there are.
            is_whole = any(principal.entry.known is None for principal in principals.entries)
            opaque = principals.name in self.source.opaque and not is_whole
            self._named = Named(principals, opaque=opaque, denies=not self.may_allow)
        return self._named

    def unlisted(self, asked: StatementRequest) -> Iterator[PrincipalMatch]:
        """Yield the matches of a caller that `NotPrincipal` does not list."""
        named = self._principals() if self.excepts_principals else None
        return named.unlisted(asked) if named else iter(())

    def conditions_hold(self, context: Context) -> Truth:
        if self._always is not None:
            return self._always
        source = self.source
        if self._void:
            return MAYBE
        found = MAYBE if source.has_more_conditions else YES
        for condition in self.conditions:
            truth = condition.holds(context)
            if truth is NO:
                return NO
            found = min(found, truth)
        return found

    def add_matches(
        self, found: list[Match], asked: StatementRequest, action: Truth, index: int
    ) -> None:
        """Add how the statement applies to a request whose action it names thus surely."""
        resource = self.names_resource(asked)
        if resource is NO:
            return
        named = _HELD if self.is_held else self.names_caller(asked)
        conditions = self._always
        if conditions is None:
            conditions = self.conditions_hold(asked.context) if named else NO
        if conditions is NO:
            return
        held = min(action, resource, self.surely, conditions)
        for sure, naming in named:
            truth = min(held, sure)
            if truth is MAYBE and asked.taken:
                truth = asked.taken.get(id(self), truth)
            if truth is not NO:
                found.append(Match(self, index, truth, naming))

    def unknown_keys(self, asked: StatementRequest) -> Iterator[str]:
        """Yield the keys that decide whether the statement applies."""
        for condition in self.conditions:
            if condition.holds(asked.context) is MAYBE:
                yield from condition.unknown_keys(asked.context)
        if self._resources is not None:
            yield from self._resources.unknown_variables(asked)


class CompiledPolicy:
    """A policy, ready to be asked; `label` is the caller's own word for where it comes from."""

    __slots__ = ("_by_action", "_by_service", "kind", "label", "source", "statements")

    def __init__(self, source: Policy, label: object = None) -> None:
        self.source = source
        self.kind = source.kind
        self.label = label
        statements = source.statements
        if "Statement" in source.opaque:
            statements = (_UNKNOWN_STATEMENT,)
        is_held, variables = not source.kind.has_principal, source.knows_variables
        self.statements = tuple(
            CompiledStatement(one, source.kind, label, is_held=is_held, variables=variables)
            for one in statements
        )
        self._by_action: dict[str, tuple[tuple[CompiledStatement, Truth], ...]] = {}
        self._by_service: dict[str | None, list[int]] | None = None

    def about(self, action: str) -> tuple[tuple[CompiledStatement, Truth], ...]:
        """Return the statements that name the action (in lower case), and how surely."""
        found = self._by_action.get(action)
        if found is None:
            if len(self._by_action) >= MOST_ACTIONS:
                self._by_action.clear()
            named = [
                (statement, truth)
                for statement in self._of_service(action.partition(":")[0])
                if (truth := statement.names_action(action)) is not NO
            ]
            found = self._by_action[action] = tuple(named)
        return found

    def about_each(
        self, actions: Mapping[str, Collection[str]]
    ) -> Iterator[tuple[CompiledStatement, str, Truth]]:
        """Yield the same for many actions, by their services: each statement is asked once."""
        for statement in self.statements:
            named = statement.actions
            services = named.services() if named is not None else None
            for service in actions if services is None else services & actions.keys():
                for action, truth in statement.names_of(service, actions[service]):
                    yield statement, action, truth

    def _of_service(self, service: str) -> Sequence[CompiledStatement]:
        """Return the statements that may name actions of a service, in their order."""
        if len(self.statements) <= FEW:
            return self.statements
        if self._by_service is None:
            self._by_service = _by_service(self.statements)
        own, any_service = self._by_service.get(service, ()), self._by_service[None]
        places = sorted((*own, *any_service)) if own and any_service else own or any_service
        return [self.statements[at] for at in places]


def _by_service(statements: tuple[CompiledStatement, ...]) -> dict[str | None, list[int]]:
    """Return the statements by service; None has those that may name any service's actions."""
    index: dict[str | None, list[int]] = {None: []}
    for at, statement in enumerate(statements):
        services = statement.actions.services() if statement.actions is not None else None
        for service in (None,) if services is None else services:
            index.setdefault(service, []).append(at)
    return index


def compile_policy(policy: Policy, label: object = None) -> CompiledPolicy:
    """Return a policy compiled for many questions. Its decisions contain `label`."""
    return CompiledPolicy(policy, label)


_UNKNOWN_STATEMENT = Statement(0, At(("Statement",)), opaque=frozenset(STATEMENT_ELEMENTS))
