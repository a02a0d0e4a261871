"""Tells whether a statement grants one action on every resource, and in which words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.grants import Truth, is_denied, statement_grants
from iamlint.policy.action import parse_action
from iamlint.policy.wildcard import is_wild
from iamlint.records import dataclass
from iamlint.rule import Hit, Note

if TYPE_CHECKING:
    from iamlint.policy.at import At
    from iamlint.policy.model import Policy, Statement


@dataclass(frozen=True, slots=True)
class AnyResource:
    """Where the action is granted and where every resource is; `form` names how, as AWS does."""

    form: str
    action: At
    resource: At

    def hit(self, code: str, message: str) -> Hit:
        return Hit(
            self.action,
            message,
            related=(Note(self.resource, "on these resources"),),
            access_analyzer=f"{code}_{self.form}",
        )


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


def on_any_resource(statement: Statement, policy: Policy, action: str) -> AnyResource | None:
    """Return how the statement grants the action on `*` or on all but some; None if it does not.

    A Deny of the same policy that takes all of it away counts, and so do conditions that may be
    there.
    """
    if not statement.allows or statement.has_more_conditions:
        return None
    resource = _every_resource(statement)
    granting = _granting(statement, action) if resource else None
    if resource is None or granting is None or is_denied(policy, action):
        return None
    return AnyResource(_FORMS[granting[0], resource[0]], granting[1], resource[1])


def _every_resource(statement: Statement) -> tuple[str, At] | None:
    """AWS takes the one entry `*` for every resource; patterns such as `role/*` it lets pass."""
    for entry in statement.resources:
        if entry.known == "*":
            return "*", entry.at
    return ("not", statement.not_resource.at) if statement.not_resource else None


def _granting(statement: Statement, action: str) -> tuple[str, At] | None:
    """Find what grants the action; its own name goes before a pattern (AWS's order is unknown)."""
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
