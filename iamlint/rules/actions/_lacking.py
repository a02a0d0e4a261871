"""What follows for an action whose requests lack the key of a condition of its statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.catalog.required import required_types
from iamlint.fast_dataclass import dataclass
from iamlint.grants.carried import holds_without_key, is_carried
from iamlint.grants.reach import resource_patterns
from iamlint.grants.targets import (
    Target,
    carries,
    is_apart,
    is_carried_by,
    is_of_some_requests,
    not_allowed,
    targets_of,
)
from iamlint.policy.steps import spend
from iamlint.policy.truth import Truth
from iamlint.policy.wildcard import is_wild
from iamlint.rules.actions._named import in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.catalog import Action, Catalog
    from iamlint.policy.action import ActionPattern
    from iamlint.policy.model import Condition, Statement
    from iamlint.rule import RuleContext

_OF_CALLS: Final = (
    *("aws:principal", "aws:userid", "aws:username", "aws:multifactorauth", "aws:calledvia"),
    *("aws:viaaws", "aws:requestedregion", "aws:source", "aws:securetransport"),
)


@dataclass(frozen=True, slots=True)
class Lack:
    """Why a statement never applies to an action, or always denies it.

    `subject` never carry the key, and `outcome` follows. If this is so for some resource types only,
    `types` has these.
    """

    condition: Condition
    subject: str
    outcome: str
    help: str | None = None
    types: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        where = f" for {in_words(self.types)}" if self.types else ""
        return f"{self.subject} never carry `{self.condition.key}`{where}, so {self.outcome}"


@dataclass(frozen=True, slots=True)
class KeyOfSome:
    """A condition whose key only some requests of a statement carry."""

    condition: Condition
    statement: Statement
    context: RuleContext

    @property
    def catalog(self) -> Catalog:
        return self.context.catalog

    @property
    def always_holds(self) -> bool:
        """Whether the condition holds for a request without the key."""
        return holds_without_key(self.condition) is True

    def lacks(self, target: Target) -> bool:
        return not carries(target, self.condition.key, self.catalog)

    @property
    def decides_alone(self) -> bool:
        """Whether the other conditions are at most about who calls, and from where."""
        others = (c for c in self.statement.conditions if c is not self.condition)
        return all(c.name.startswith(_OF_CALLS) for c in others)

    @property
    def denial(self) -> str:
        alone = len(self.statement.conditions) == 1
        return "this statement denies all of them" if alone else "this condition exempts none"


def asking_in(statement: Statement, context: RuleContext) -> Iterator[KeyOfSome]:
    """Yield the conditions whose key some requests of a statement may carry, and others may not."""
    for condition in statement.conditions:
        if condition.operator is None or not is_of_some_requests(condition.key):
            continue
        one = KeyOfSome(condition, statement, context)
        denies_always = statement.denies and one.always_holds and one.decides_alone
        decides = condition.needs_key or denies_always
        # If no request carries it, `condition-key-of-no-action` and `vacuous-condition` report.
        if decides and is_carried(condition, statement, context.catalog):
            yield one


def lack_of(pattern: ActionPattern, text: str, asking: KeyOfSome) -> Lack | None:
    """Return what follows from one condition for what an entry of `Action` names."""
    if is_wild(pattern.service):
        return _of_other_services(text, asking)
    name = str(pattern)
    actions = asking.catalog.expand(name)
    spend(len(actions))
    if not actions:
        return None
    if is_apart(pattern.service):
        carried = is_carried_by(name, asking.condition.key, asking.catalog)
        if carried is Truth.MAYBE:
            return _of_most(text, actions, asking)
        return _of_all(text, asking) if carried is Truth.NO else None
    targets = [
        t for action in actions for t in targets_of(action, asking.statement, asking.catalog)
    ]
    lacking = [target for target in targets if asking.lacks(target)]
    if not lacking:
        return None
    if len(lacking) == len(targets):
        return _of_all(text, asking)
    if is_wild(pattern.name):
        return _of_most(text, actions, asking)
    return _of_some_types(actions[0], text, lacking, asking)


def _of_all(text: str, asking: KeyOfSome) -> Lack:
    condition = asking.condition
    if condition.needs_key:
        verb = "allows" if asking.statement.allows else "denies"
        return Lack(condition, f"requests for `{text}`", f"this statement never {verb} them")
    return Lack(
        condition,
        f"requests for `{text}`",
        asking.denial,
        "move the action out of this statement",
    )


def _of_most(text: str, actions: tuple[Action, ...], asking: KeyOfSome) -> Lack | None:
    """Return what follows where a Deny names a pattern, and few actions carry the key."""
    if asking.condition.needs_key:
        return None
    catalog, statement = asking.catalog, asking.statement
    denied = [a for a in actions if all(map(asking.lacks, targets_of(a, statement, catalog)))]
    if 2 * len(denied) <= len(actions):
        return None
    key = asking.condition.key
    carrying = [
        action.full_name
        for action in actions
        if any(carries(target, key, catalog) for target in targets_of(action, statement, catalog))
    ]
    carrying.sort(key=lambda name: not name.partition(":")[2].startswith(("Run", "Create", "Put")))
    return Lack(
        asking.condition,
        f"requests for {len(denied)} of the {len(actions)} actions that `{text}` names",
        asking.denial,
        f"name the actions whose requests carry it, such as {in_words(carrying)}",
    )


def _of_other_services(text: str, asking: KeyOfSome) -> Lack | None:
    condition, statement = asking.condition, asking.statement
    is_known = asking.catalog.is_of_some_actions(condition.key)
    is_everywhere = statement.resource is None or any(e.known == "*" for e in statement.resources)
    if condition.needs_key or not (is_known and is_everywhere):
        return None
    return Lack(
        condition,
        f"most of the requests that `{text}` names",
        asking.denial,
        f"name the actions of `{condition.name.partition(':')[0]}` whose requests carry it",
    )


def _of_some_types(
    action: Action, text: str, lacking: Iterable[Target], asking: KeyOfSome
) -> Lack | None:
    """Return what follows where AWS checks a request also for resources without the key."""
    condition, statement = asking.condition, asking.statement
    without = {target.type for target in lacking}
    if statement.allows:
        groups = not_allowed(asking.context.policy, action, asking.catalog)
        types = [name for group in groups for name in group if name in without]
        outcome, help_ = "this policy never allows them", None
        if types:
            help_ = f"allow the action on {in_words(types)} in a statement without this condition"
    else:
        types = [] if condition.needs_key else list(_denied_types(action, without, asking))
        outcome = asking.denial
        help_ = f"limit `Resource` to {_forms(action, asking)}"
    if not types:
        return None
    return Lack(condition, f"requests for `{text}`", outcome, help_, tuple(types))


def _denied_types(action: Action, without: set[str], asking: KeyOfSome) -> Iterator[str]:
    """Yield the types that every request is about, and that a Deny always applies to."""
    known = {use.name for use in action.resource_types}
    for group in required_types(action):
        named = [name for name in group if name in known]
        if named and without.issuperset(named):
            yield named[0]


def _forms(action: Action, asking: KeyOfSome) -> str:
    """Return the ARNs of the resources of an action whose checks have the key."""
    types = [
        target.type
        for target in targets_of(action, asking.statement, asking.catalog)
        if target.use and target.use.condition_keys and not asking.lacks(target)
    ]
    arns = [arn for name in types for arn in resource_patterns(action, asking.catalog, (name,))]
    return in_words(arns)
