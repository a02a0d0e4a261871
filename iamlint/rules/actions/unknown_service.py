"""Flags actions whose prefix is not the prefix of a service.

The entry matches no action. Prefixes often differ from the name of the service: Step Functions is
`states`, CloudWatch Logs is `logs`, Application Load Balancing is `elasticloadbalancing`. A service
that AWS retired is a note: the entry may still be accepted, and it is of no use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.spelling import slip_of
from iamlint.rule import Confidence, Family, Hit, Note, Rule, RuleContext, Severity, bad, good
from iamlint.rule.fix import Applicability, Fix, Reword
from iamlint.rules.actions._named import CHECKS, REFERENCE, named_actions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.catalog import Catalog
    from iamlint.policy.action import ActionPattern
    from iamlint.policy.model import Entry, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    retired: dict[str, list[Entry]] = {}
    for entry, pattern in named_actions(statement):
        if context.catalog.retired(pattern.service):
            retired.setdefault(pattern.service, []).append(entry)
            continue
        if context.catalog.has_service(pattern.service):
            continue
        near = context.catalog.close_services(pattern.service)
        yield Hit(
            entry.at,
            f"`{entry.text}` matches no action: no service had the prefix `{pattern.service}` on {context.catalog.date}",
            help=f"did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else None,
            fix=_fix(entry, pattern, context.catalog),
        )
    for service, entries in retired.items():
        yield _retired(service, entries, context.catalog)


def _retired(service: str, entries: list[Entry], catalog: Catalog) -> Hit:
    """Return one hit for all entries of a retired service: they may still be accepted."""
    first, *others = entries
    gone = catalog.retired(service)
    return Hit(
        first.at,
        f"`{first.text}` is of a retired service: AWS's reference did not have `{service}` on {gone}",
        help="remove it unless something still uses the service",
        related=tuple(Note(entry.at, "the same applies to this action") for entry in others),
        severity=Severity.NOTE,
        access_analyzer="",
    )


def _fix(entry: Entry, pattern: ActionPattern, catalog: Catalog) -> Fix | None:
    """Return the fix for a misspelt prefix, if its service has such actions."""
    new = slip_of(pattern.service, catalog.close_services(pattern.service))
    if new is None or not catalog.matches_any(f"{new}:{pattern.name}"):
        return None
    change = Reword(entry.at, new, part=(0, len(pattern.service)))
    return Fix(Applicability.CHANGES_ACCESS, f"write `{new}`", (change,))


RULE = Rule(
    name="unknown-service",
    family=Family.ACTIONS,
    module=__name__,
    summary="an action of a service that does not exist matches nothing",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("INVALID_SERVICE_IN_ACTION",),
    advice="use the prefix of the service; run `iamlint catalog update` if the service is newer",
    sources=(CHECKS, REFERENCE),
    when=("unlisted service",),
    check=check,
    bad=(
        bad(
            "a misspelt prefix",
            """
            {Effect: "Allow", Resource: "*", Action: [
              "s3:GetObject",
              "lamda:InvokeFunction", //!
            ]}""",
        ),
        bad(
            "a service that AWS retired",
            """
            {Effect: "Allow", Resource: "*", Action: [
              "iotevents:ListInputs", //!
              "iotevents:ListAlarms",
              "evidently:*", //!
              "iot:DescribeThing",
            ]}""",
            access_analyzer="",
        ),
        bad(
            "the service's name instead of its prefix, with a wildcard",
            """
            {Effect: "Deny", Resource: "*",
              NotAction: "stepfunctions:*", //!
            }""",
        ),
    ),
    good=(
        good(
            "a service that is newer than AWS's reference",
            """
            {Effect: "Allow", Action: ["apiportal:GetPortal", "end-user-messaging:GetJob"], Resource: "*"}""",
        ),
        good(
            "letter case does not matter",
            """
            {Effect: "Allow", Action: "Lambda:InvokeFunction", Resource: "*"}""",
        ),
        good(
            "a service that AWS retired and still accepts",
            """
            {Effect: "Allow", Action: "zocalo:*", Resource: "*"}""",
        ),
        good(
            "a lone wildcard names no service",
            """
            {Effect: "Allow", Action: "*", Resource: "*"}""",
        ),
    ),
)
