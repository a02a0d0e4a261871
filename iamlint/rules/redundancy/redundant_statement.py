"""Flags statements that are the same as another one of the policy.

Anyone who changes only one of them will wonder why nothing changes. The rule ignores `Sid`, the
order of lists, and letter case where AWS ignores it, and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

from iamlint.rule import Confidence, Family, Hit, Note, Rule, Severity, bad, good
from iamlint.rule.fix import Applicability, Fix, Remove

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

    from iamlint.policy.at import At
    from iamlint.policy.model import Element, Policy, Principals, Statement
    from iamlint.rule import RuleContext

Meaning: TypeAlias = "Hashable"


def check_policy(policy: Policy, context: RuleContext) -> Iterator[Hit]:
    of_a_size = _grouped(filter(_is_whole, policy.statements), _size)
    for candidates in of_a_size:
        for first, *others in _grouped(candidates, _meaning):
            yield Hit(
                first.at,
                f"{len(others) + 1} statements are the same, so only one of them has an effect",
                related=tuple(Note(other.at, "the same statement") for other in others),
                fix=Fix(
                    Applicability.EQUIVALENT,
                    "keep the first of them",
                    (Remove(tuple(other.at for other in others)),),
                    tuple(at for statement in (first, *others) for at in _texts_of(statement)),
                ),
            )


def _texts_of(statement: Statement) -> Iterator[At]:
    """Yield every string by which statements are compared."""
    for element in (statement.action_element, statement.resource_element):
        yield from (entry.at for entry in (element.entries if element else ()))
    for principals in (statement.principal, statement.not_principal):
        yield from (principal.at for principal in (principals.entries if principals else ()))
    for condition in statement.conditions:
        yield from (value.at for value in condition.values)


def _grouped(
    statements: Iterable[Statement], key: Callable[[Statement], Meaning]
) -> list[list[Statement]]:
    """Return the groups of two or more with the same key."""
    found: defaultdict[Meaning, list[Statement]] = defaultdict(list)
    for statement in statements:
        found[key(statement)].append(statement)
    return [group for group in found.values() if len(group) > 1]


def _size(statement: Statement) -> Meaning:
    """Return what is cheap to compare."""
    elements = (statement.action_element, statement.resource_element)
    sizes = tuple(len(element.entries) if element else 0 for element in elements)
    return statement.effect, len(statement.conditions), sizes


def _is_whole(statement: Statement) -> bool:
    """Return whether all of the statement could be read; what could not might be the difference."""
    return bool(
        statement.effect
        and not statement.opaque
        and statement.action_element
        and statement.action_element.entries
        and all(condition.values for condition in statement.conditions)
    )


def _meaning(statement: Statement) -> Meaning:
    return (
        statement.effect,
        _principals(statement.principal),
        _principals(statement.not_principal),
        _texts(statement.action, lower=True),
        _texts(statement.not_action, lower=True),
        _texts(statement.resource),
        _texts(statement.not_resource),
        frozenset(
            (c.operator_text.lower(), c.name, frozenset(value.text for value in c.values))
            for c in statement.conditions
        ),
    )


def _texts(element: Element | None, *, lower: bool = False) -> Meaning:
    texts = (entry.text for entry in element.entries) if element else ()
    return element is None, frozenset(text.lower() if lower else text for text in texts)


def _principals(principals: Principals | None) -> Meaning:
    entries = principals.entries if principals else ()
    bare = principals is not None and principals.bare
    return principals is None, bare, frozenset((p.type, p.text) for p in entries)


RULE = Rule(
    name="redundant-statement",
    family=Family.REDUNDANCY,
    module=__name__,
    summary="a statement is the same as another one, so it has no effect",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    access_analyzer=("REDUNDANT_STATEMENT",),
    advice="remove all but one of them",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html",
    ),
    when=("several statements",),
    check_policy=check_policy,
    bad=(
        bad(
            "a copy under another name",
            """
            {
              Version: "2012-10-17",
              Statement: [
                {Sid: "One", Effect: "Allow", Action: "s3:GetObject", Resource: "*"}, //!
                {Sid: "Two", Effect: "Allow", Action: "s3:GetObject", Resource: "*"},
              ],
            }""",
        ),
        bad(
            "the same in another order and letter case",
            """
            {
              Version: "2012-10-17",
              Statement: [
                {Effect: "Deny", Action: "iam:*", Resource: "*"},
                {Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: "*"}, //!
                {Effect: "Allow", Action: ["s3:putobject", "s3:getobject"], Resource: ["*"]},
              ],
            }""",
        ),
    ),
    good=(
        good(
            "different effects",
            """
            {
              Version: "2012-10-17",
              Statement: [
                {Effect: "Allow", Action: "s3:GetObject", Resource: "*"},
                {Effect: "Deny", Action: "s3:GetObject", Resource: "*"},
              ],
            }""",
        ),
        good(
            "different conditions",
            """
            {
              Version: "2012-10-17",
              Statement: [
                {Effect: "Allow", Action: "s3:GetObject", Resource: "*",
                 Condition: {StringEquals: {"aws:PrincipalTag/team": "red"}}},
                {Effect: "Allow", Action: "s3:GetObject", Resource: "*",
                 Condition: {StringEquals: {"aws:PrincipalTag/team": "Red"}}},
              ],
            }""",
        ),
        good(
            "a condition that could not be read might differ",
            """
            {
              Version: "2012-10-17",
              Statement: [
                {Effect: "Allow", Action: "s3:GetObject", Resource: "*",
                 Condition: {StringEquals: {"aws:PrincipalTag/team": "{{ one }}"}}},
                {Effect: "Allow", Action: "s3:GetObject", Resource: "*",
                 Condition: {StringEquals: {"aws:PrincipalTag/team": "{{ one }}"}}},
              ],
            }""",
        ),
    ),
)
