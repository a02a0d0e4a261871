"""Flags a role without a use for 90 days.

Its owner does not notice when someone else takes it. AWS tracks the use of a role for 400 days: one
without a last use counts from its creation. The strict profile counts 60 days. Roles that are
needed once a year can be `allowed`; roles that services of AWS and IAM Identity Center make are
not reported. IAM Access Analyzer counts unused roles from 90 days too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.load.file_value import SubjectKind
from iamlint.load.recognise.context import member, text_of
from iamlint.load.reports.times import read_time
from iamlint.policy.at import At
from iamlint.rule import Confidence, Family, Hit, Rule, Severity, bad, good
from iamlint.rules.hygiene._ages import Days, days_since, in_words
from iamlint.rules.hygiene._allowed import check_allowed, is_listed
from iamlint.rules.hygiene._details import ROLES, entries, is_of_aws

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from iamlint.load.file_value import Subject
    from iamlint.rule import SubjectContext
    from iamlint.text.source import Value

_DAYS: Final = 90
_DAYS_STRICT: Final = 60


@dataclass(frozen=True, slots=True)
class UnusedRoles:
    """The rule's options: after how many `days`, and roles that are `allowed` to be unused.

    `allowed` has names such as `role/recovery`, or ARNs; `*` in them is any text.
    """

    days: int | None = None
    allowed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        Days(self.days)
        check_allowed(self.allowed)


def check_subject(subject: Subject, context: SubjectContext) -> Iterator[Hit]:
    now = context.time_of(subject)
    options = context.options if isinstance(context.options, UnusedRoles) else UnusedRoles()
    most = options.days or (_DAYS_STRICT if context.is_strict else _DAYS)
    for index, role in enumerate(entries(subject.value, ROLES) if now else ()):
        name, arn = text_of(role, "RoleName"), text_of(role, "Arn")
        if name is None or is_of_aws(role) or is_listed(f"role/{name}", arn, options.allowed):
            continue
        if found := _unused(role, now, most):
            inside, words = found
            at = At((ROLES, index, *inside))
            yield Hit(at, f"role `{name}` {words}", identity=arn or f"role/{name}")


def _unused(role: Value, now: datetime | None, most: int) -> tuple[tuple[str, ...], str] | None:
    """Return since when a role is unused, in words, and what of it says so."""
    last = member(role, "RoleLastUsed")
    if not isinstance(last, dict):
        return None  # the output does not say whether it was used
    days = days_since(read_time(last.get("LastUsedDate")), now)
    if days is not None:
        words = f"was not assumed for {in_words(days)}"
        return (("RoleLastUsed", "LastUsedDate"), words) if days >= most else None
    age = None if last else days_since(read_time(member(role, "CreateDate")), now)
    if age is None or age < most:
        return None
    return ("RoleName",), f"has no use that AWS tracks, and is {in_words(age)} old"


_DUMP = """
{
  "UserDetailList": [
    {"UserName": "ann", "Arn": "arn:aws:iam::111122223333:user/ann", "CreateDate": "2026-03-20T10:11:12Z"}
  ],
  "RoleDetailList": [{
    "Path": "%s",
    "RoleName": "reports",%s
    "Arn": "arn:aws:iam::111122223333:role/reports",
    "CreateDate": "%s",
    "RoleLastUsed": {%s}
  }]
}"""
_USED = '"Region": "eu-west-1",\n      "LastUsedDate": "%s"'

RULE = Rule(
    name="unused-role",
    family=Family.HYGIENE,
    module=__name__,
    summary="a role was not assumed for 90 days",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    subjects=frozenset({SubjectKind.DETAILS}),
    options=UnusedRoles,
    advice="delete the role if nothing fails without its trust policy, or allow it",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#remove-credentials",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-findings.html",
        "https://docs.aws.amazon.com/IAM/latest/APIReference/API_RoleLastUsed.html",
    ),
    check_subject=check_subject,
    bad=(
        bad(
            "used a year ago",
            _DUMP % ("/", "", "2020-01-01T00:00:00Z", _USED % "2025-03-20T10:11:12Z" + " //!"),
            file="details.json",
        ),
        bad(
            "an old role without a use in the 400 days that AWS tracks",
            _DUMP % ("/", " //!", "2025-03-20T10:11:12Z", ""),
            file="details.json",
        ),
    ),
    good=(
        good(
            "used last month",
            _DUMP % ("/", "", "2020-01-01T00:00:00Z", _USED % "2026-02-20T10:11:12Z"),
            file="details.json",
        ),
        good(
            "a new role without a use",
            _DUMP % ("/", "", "2026-03-01T10:11:12Z", ""),
            file="details.json",
        ),
        good(
            "a role that a service makes for itself",
            _DUMP % ("/aws-service-role/es.amazonaws.com/", "", "2020-01-01T00:00:00Z", ""),
            file="details.json",
        ),
        good(
            "a role that is needed once a year",
            _DUMP % ("/", "", "2020-01-01T00:00:00Z", ""),
            file="details.json",
            options={"allowed": ("role/rep*",)},
        ),
    ),
)
