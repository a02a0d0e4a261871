"""Returns whether a statement grants one action on every resource, and in which form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.grants.carried import may_apply
from iamlint.grants.grants import Truth, is_denied, statement_grants
from iamlint.policy.action import parse_action
from iamlint.policy.arn_patterns import pad
from iamlint.policy.grammar import OperatorFamily
from iamlint.policy.wildcard import covers, is_wild
from iamlint.rule import Hit, Note

if TYPE_CHECKING:
    from iamlint.policy.at import At
    from iamlint.policy.model import Condition, Statement
    from iamlint.rule import RuleContext


@dataclass(frozen=True, slots=True)
class AnyResource:
    """Where the action is granted and where every resource is; `form` names how, as AWS does.

    It is empty if AWS's validator does not report it.
    """

    form: str
    action: At
    resource: At

    def hit(self, code: str, message: str) -> Hit:
        return Hit(
            self.action,
            message,
            related=(Note(self.resource, "on these resources"),),
            access_analyzer=f"{code}_{self.form}" if self.form else "",
        )


PASSING: Final = "iam:PassRole"
_ROLES: Final = ("role/?*",)

FORMS = (
    "WITH_STAR_IN_RESOURCE",
    "WITH_STAR_IN_ACTION_AND_RESOURCE",
    "WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
    "WITH_NOT_RESOURCE",
    "WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
    "WITH_NOT_ACTION_AND_NOT_RESOURCE",
)

_FORMS = {
    ("named", "*"): FORMS[0],
    ("wild", "*"): FORMS[1],
    ("not", "*"): FORMS[2],
    ("named", "not"): FORMS[3],
    ("wild", "not"): FORMS[4],
    ("not", "not"): FORMS[5],
}


def on_any_resource(
    statement: Statement, context: RuleContext, action: str, names: tuple[str, ...]
) -> AnyResource | None:
    """Return how the statement grants the action on all it acts on; None if it does not.

    `names` are patterns, each for the names of all resources that count. A Deny of the same policy
    that takes all of it away counts, and so do conditions that may be there.
    """
    if not statement.allows or statement.has_more_conditions:
        return None
    resource = _every_resource(statement, names)
    granting = _granting(statement, action) if resource else None
    if resource is None or granting is None or is_denied(context.policy, action, resource[2]):
        return None
    fact = context.catalog.action(action)
    if fact is not None and not may_apply(statement, fact, context.catalog):
        return None
    form = _FORMS.get((granting[0], resource[0]), "")
    return AnyResource(form, granting[1], resource[1])


def passes_any_role(statement: Statement, context: RuleContext) -> AnyResource | None:
    """Return how the statement lets a principal pass every role to every service."""
    if names_services(statement):
        return None
    return on_any_resource(statement, context, PASSING, _ROLES)


def names_any_role(statement: Statement) -> bool:
    return _every_resource(statement, _ROLES) is not None


def names_services(statement: Statement) -> bool:
    """Return whether a condition says to which services a role can be passed."""
    return any(map(_is_of_services, statement.conditions))


def _is_of_services(condition: Condition) -> bool:
    """Return whether the condition is a list of services.

    With `IfExists` AWS reports some policies and passes others; it is taken for a limit here, so a
    guard that a request can avoid goes unseen.
    """
    if condition.name != "iam:passedtoservice" or condition.negated:
        return False
    return condition.family is not OperatorFamily.NULL and any(
        set(entry.text) != {"*"} for entry in condition.values
    )


def _every_resource(statement: Statement, names: tuple[str, ...]) -> tuple[str, At, str] | None:
    """Return the entry for every resource: for AWS's validator `*` alone, here `role/*` as well."""
    for entry in statement.resources:
        if entry.known == "*":
            return "*", entry.at, "*"
    for entry in statement.resources:
        if any(_names_all(entry.pattern, name) for name in names):
            return "all", entry.at, entry.pattern
    return ("not", statement.not_resource.at, "*") if statement.not_resource else None


def _names_all(text: str, name: str) -> bool:
    """Return whether a pattern of ARNs names all of IAM's resources with such names, whosever."""
    fields = pad(text, short=True)
    return fields is not None and covers(fields[2], "iam") and covers(fields[5], name)


def _granting(statement: Statement, action: str) -> tuple[str, At] | None:
    """Return the entry that grants the action; a name before a pattern (AWS's order is unknown)."""
    if statement.not_action is not None:
        granted = statement_grants(statement, action) is Truth.YES
        return ("not", statement.not_action.at) if granted else None
    wild = None
    for entry in statement.actions:
        if (entry.known or "").lower() == action.lower():
            return "named", entry.at
        if wild is None and entry.known is not None and _names(entry.known, action):
            wild = entry.at
    return ("wild", wild) if wild else None


def _names(text: str, action: str) -> bool:
    pattern = parse_action(text) if is_wild(text) else None
    return pattern is not None and pattern.matches(action)
