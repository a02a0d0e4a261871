"""Flags variables and keys that the principals with the policy never carry.

Only requests of users carry `aws:username`: a session of a role has no such key. The text with the
variable then matches nothing, so an `Allow` grants nothing there and a `Deny` blocks nothing. Claims
of tokens and SAML assertions are the opposite: only sessions of roles carry them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.load.link import Thing
from iamlint.policy.arn import parse_arn
from iamlint.policy.grammar import Kind, PrincipalType
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.syntax._references import variables_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Entry, Principal, Statement


@dataclass(frozen=True, slots=True)
class _Callers:
    """Principals, and what their requests never carry: keys, or all that start so."""

    called: str
    keys: tuple[str, ...]
    help: str

    def lack(self, key: str) -> bool:
        return any(key.startswith(one) if one[-1] == ":" else key == one for one in self.keys)


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
_ROLES: Final = _Callers(
    "roles",
    ("aws:username",),
    "use `aws:PrincipalTag/…` or `aws:userid`, which sessions of roles carry",
)
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
_USERS: Final = _Callers(
    "users",
    (
        "saml:",
        "accounts.google.com:",
        "cognito-identity.amazonaws.com:",
        "graph.facebook.com:",
        "www.amazon.com:",
    ),
    "attach the policy to the role that is assumed with the token or the assertion",
)


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not _may_name(statement):
        return
    callers = _callers(statement, context)
    if callers is None:
        return
    if context.policy.knows_variables:
        for entry in _resources(statement):
            yield from _hits(entry, "resource", callers)
    for condition in statement.conditions:
        if condition.needs_key and callers.lack(condition.name):
            yield Hit(
                condition.at,
                f"requests of {callers.called} never carry `{condition.key}`, so this condition never holds",
                help=callers.help,
            )
        elif context.policy.knows_variables and not condition.negated:
            for entry in condition.values:
                yield from _hits(entry, "value", callers)


def _hits(entry: Entry, what: str, callers: _Callers) -> Iterator[Hit]:
    for variable in variables_of(entry):
        if variable.default is None and callers.lack(variable.key.lower()):
            yield Hit(
                entry.at,
                f"requests of {callers.called} never carry `{variable.key}`, so this {what} matches nothing",
                help=callers.help,
            )
            return


def _resources(statement: Statement) -> tuple[Entry, ...]:
    return statement.resource_element.entries if statement.resource_element else ()


def _may_name(statement: Statement) -> bool:
    """Return whether one of the keys is there at all, before anybody asks who holds the policy."""
    entries = [*_resources(statement), *(e for c in statement.conditions for e in c.values)]
    keys = [variable.key.lower() for entry in entries for variable in variables_of(entry)]
    keys += [condition.name for condition in statement.conditions]
    return any(_ROLES.lack(key) or _USERS.lack(key) for key in keys)


def _callers(statement: Statement, context: RuleContext) -> _Callers | None:
    """Return who the statement is for, if all of them are roles, or all of them are users."""
    kinds: frozenset[Thing | None] = frozenset(map(_kind_of, statement.principals))
    if context.policy.kind is Kind.IDENTITY:
        kinds = frozenset(context.holders.kinds)
    if kinds == {Thing.ROLE}:
        return _ROLES
    return _USERS if kinds and kinds <= {Thing.USER, Thing.GROUP} else None


def _kind_of(principal: Principal) -> Thing | None:
    """Return what a principal is that a policy names by its ARN."""
    arn = parse_arn(principal.entry.known or "")
    if principal.type is not PrincipalType.AWS or arn is None:
        return None
    return _KINDS.get(arn.resource_type or "")


_KINDS: Final = {"role": Thing.ROLE, "assumed-role": Thing.ROLE, "user": Thing.USER}

_OWN_FOLDER = """
{
  Version: "2012-10-17",
  Statement: {
    Effect: "Allow",
    Action: "s3:GetObject",
    Resource: "arn:aws:s3:::depot/home/${%s}/*", //!
  },
}"""
_GOOD = _OWN_FOLDER.replace(" //!", "")

RULE = Rule(
    name="variable-without-value",
    family=Family.CONDITIONS,
    module=__name__,
    summary="the principals with the policy never carry the key, so the text matches nothing",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    kinds=frozenset({Kind.IDENTITY, Kind.RESOURCE, Kind.TRUST}),
    advice="use a key that the principals carry",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html",
    ),
    when=(" | ".join(["variable", *(f"key {one}*" for one in (*_ROLES.keys, *_USERS.keys))]),),
    check=check,
    bad=(
        bad(
            "a folder for each user name, in the policy of a role",
            _OWN_FOLDER % "aws:username",
            file="roles/worker/home.json5",
        ),
        bad(
            "the name of a user as a condition",
            """
            {
              Version: "2012-10-17",
              Statement: {
                Effect: "Allow",
                Action: "s3:ListBucket",
                Resource: "arn:aws:s3:::depot",
                Condition: {
                  StringEquals: {
                    "aws:username": "ann", //!
                  },
                  StringLike: {
                    "s3:prefix": [
                      "public/*",
                      "home/${aws:username}/*", //!
                    ],
                  },
                },
              },
            }""",
            file="roles/worker/list.json5",
        ),
        bad(
            "a claim of a token, in the policy of a user",
            _OWN_FOLDER % "www.amazon.com:user_id",
            file="users/ann/home.json5",
        ),
        bad(
            "a role that another role assumes",
            """
            {
              Version: "2012-10-17",
              Statement: {
                Effect: "Allow",
                Principal: {AWS: "arn:aws:iam::111122223333:role/worker"},
                Action: "sts:AssumeRole",
                Condition: {StringLike: {
                  "sts:RoleSessionName": "${aws:username}", //!
                }},
              },
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "in the policy of a user",
            _GOOD % "aws:username",
            file="users/ann/home.json5",
        ),
        good(
            "nothing says who has the policy",
            _GOOD % "aws:username",
        ),
        good(
            "sessions of roles carry an id and tags",
            """
            {
              Version: "2012-10-17",
              Statement: {
                Effect: "Allow",
                Action: "s3:GetObject",
                Resource: ["arn:aws:s3:::depot/${aws:userid}/*", "arn:aws:s3:::depot/${aws:PrincipalTag/team}/*"],
              },
            }""",
            file="roles/worker/home.json5",
        ),
        good(
            "a default is used in place of the key",
            _GOOD % "aws:username, 'shared'",
            file="roles/worker/home.json5",
        ),
        good(
            "the people of an account assume the role",
            """
            {
              Version: "2012-10-17",
              Statement: {
                Effect: "Allow",
                Principal: {AWS: "111122223333"},
                Action: "sts:AssumeRole",
                Condition: {StringLike: {"sts:RoleSessionName": "${aws:username}"}},
              },
            }""",
            kind=Kind.TRUST,
        ),
    ),
)
