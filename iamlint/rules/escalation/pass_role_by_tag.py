"""Flags conditions on the tags of a role that are to limit `iam:PassRole`.

AWS advises against it: to decide by the tags of a role who can pass it has no reliable results. The
principal may be able to pass a role without the tag, and act with its permissions. The rule skips
statements that list their roles by complete names, and those in which names and services are limits
too, as in policies of AWS. Another rule reports any role for any service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.grants.grants import is_denied
from iamlint.policy.action import parse_action
from iamlint.policy.grammar import Kind
from iamlint.policy.wildcard import is_wild
from iamlint.rule import ALL_KINDS, Confidence, Family, Hit, Note, Rule, Severity, bad, good
from iamlint.rules.escalation._any_resource import (
    PASSING,
    names_any_role,
    names_services,
    passes_any_role,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Entry, Statement
    from iamlint.rule import RuleContext

_TAGS: Final = ("aws:resourcetag/", "iam:resourcetag/")


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    tag = next((c for c in statement.conditions if c.name.startswith(_TAGS)), None)
    action = _passing(statement) if tag else None
    if tag is None or action is None or not _leaves_roles_open(statement):
        return
    if statement.allows:
        if is_denied(context.policy, PASSING) or passes_any_role(statement, context):
            return
        effect = "the principal may pass a role with other tags"
    else:
        effect = "this Deny may not stop it"
    yield Hit(
        tag.at,
        f"AWS does not reliably compare `{tag.key}` for `{PASSING}`, so {effect}",
        related=(Note(action.at, "this includes `iam:PassRole`"),),
    )


def _passing(statement: Statement) -> Entry | None:
    """Return the entry that names the action; a Deny of all of IAM is about other actions."""
    for entry in statement.actions:
        pattern = parse_action(entry.known) if entry.known else None
        if pattern is None or is_wild(pattern.service) or not pattern.matches(PASSING):
            continue
        if statement.allows or (statement.denies and pattern.name.lower().startswith("pass")):
            return entry
    return None


def _leaves_roles_open(statement: Statement) -> bool:
    """Return whether a tag is all that decides between roles, or between services for them."""
    if statement.not_resource is not None:
        return True
    is_of_some = any(is_wild(entry.pattern) for entry in statement.resources)
    return is_of_some and not (names_services(statement) and not names_any_role(statement))


RULE = Rule(
    name="pass-role-by-tag",
    family=Family.ESCALATION,
    module=__name__,
    summary="a tag does not reliably limit which roles a principal can pass",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=6.0,
    cwe=269,
    kinds=ALL_KINDS - {Kind.TRUST, Kind.RESOURCE},
    advice="name the roles in `Resource`, such as `role/app/*`, and the services in `iam:PassedToService`",
    sources=("https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",),
    when=(" | ".join(f"key {one}*" for one in _TAGS), "action iam:PassRole"),
    check=check,
    bad=(
        bad(
            "roles whose names start so, with a tag",
            """
            {
              Effect: "Allow", Action: "iam:PassRole",
              Resource: "arn:aws:iam::111122223333:role/app-*",
              Condition: {
                StringEquals: {"aws:ResourceTag/app": "shop"}, //!
              },
            }""",
        ),
        bad(
            "any role of a team, to one service",
            """
            {
              Effect: "Allow", Action: ["iam:GetRole", "iam:Pass*"], Resource: "*",
              Condition: {
                StringEquals: {
                  "iam:PassedToService": "ecs-tasks.amazonaws.com",
                  "iam:ResourceTag/team": "${aws:PrincipalTag/team}", //!
                },
              },
            }""",
        ),
        bad(
            "a Deny that is to protect the roles of administrators",
            """
            {
              Effect: "Deny", Action: "iam:PassRole", Resource: "*",
              Condition: {
                StringEquals: {"aws:ResourceTag/protected": "true"}, //!
              },
            }""",
            kind=Kind.SCP,
        ),
    ),
    good=(
        good(
            "the roles have names that start so",
            """
            {
              Effect: "Allow", Action: "iam:PassRole",
              Resource: "arn:aws:iam::111122223333:role/app-*",
              Condition: {StringEquals: {"iam:PassedToService": "lambda.amazonaws.com"}},
            }""",
        ),
        good(
            "one role by its complete name, which has to have a tag too",
            """
            {
              Effect: "Allow", Action: "iam:PassRole",
              Resource: "arn:aws:iam::111122223333:role/app",
              Condition: {StringEquals: {"aws:ResourceTag/app": "shop"}},
            }""",
        ),
        good(
            "a tag in addition to names and a service",
            """
            {
              Effect: "Allow", Action: "iam:PassRole",
              Resource: "arn:aws:iam::*:role/setup-*",
              Condition: {
                StringEquals: {
                  "iam:PassedToService": "ssm.amazonaws.com",
                  "iam:ResourceTag/setup": "hosts",
                },
              },
            }""",
        ),
        good(
            "the tags of the caller",
            """
            {
              Effect: "Allow", Action: "iam:PassRole",
              Resource: "arn:aws:iam::111122223333:role/app-*",
              Condition: {StringEquals: {"aws:PrincipalTag/app": "shop"}},
            }""",
        ),
        good(
            "a tag limits other actions on roles",
            """
            {
              Effect: "Allow", Action: ["iam:UpdateRole", "iam:TagRole"],
              Resource: "arn:aws:iam::111122223333:role/app-*",
              Condition: {StringEquals: {"aws:ResourceTag/app": "shop"}},
            }""",
        ),
        good(
            "another rule reports any role for any service",
            """
            {
              Effect: "Allow", Action: "iam:PassRole", Resource: "*",
              Condition: {StringEquals: {"aws:ResourceTag/app": "shop"}},
            }""",
        ),
    ),
)
