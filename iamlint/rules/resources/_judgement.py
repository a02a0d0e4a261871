"""Holds an ARN of a policy against what AWS publishes; the first thing wrong is the verdict.

The order is that of AWS's own validator: prefix, fields, partition, service, region, account,
resource. One ARN gets one verdict.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from iamlint.catalog.partitions import DATE
from iamlint.fast_dataclass import dataclass
from iamlint.policy import wildcard
from iamlint.policy.arn import is_account_id, split_arn
from iamlint.policy.arn_patterns import widened
from iamlint.policy.grammar import Kind
from iamlint.policy.memory import remember
from iamlint.policy.pattern import display, has_unknown, without_pseudo
from iamlint.policy.spelling import closest
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Hit
from iamlint.rules.resources._regions import region_meant
from iamlint.rules.resources._templates import (
    FIELDS,
    ArnTemplate,
    PreparedArn,
    documented_templates,
    fits,
    names_operation,
    prepare_arn,
    templates_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.catalog import Catalog
    from iamlint.policy.model import Statement
    from iamlint.rule import RuleContext, StatementCheck

CHECKS = (
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html"
)
ARNS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html"


_NOTHING = ", so this ARN matches nothing"


class ArnFault(StrEnum):
    """What can be wrong with an ARN, in the order of judgement."""

    PREFIX = "prefix"
    FIELDS = "fields"
    PARTITION = "partition"
    SERVICE_CASE = "service case"
    SERVICE = "service"
    REGION = "region"
    REGION_NOT_ALLOWED = "region not allowed"
    MISSING_REGION = "missing region"
    ACCOUNT = "account"
    ACCOUNT_NOT_ALLOWED = "account not allowed"
    MISSING_ACCOUNT = "missing account"
    RESOURCE = "resource"


@dataclass(frozen=True, slots=True)
class ArnVerdict:
    fault: ArnFault
    message: str
    help: str | None = None


def reports(*faults: ArnFault, codes: Mapping[ArnFault, str] | None = None) -> StatementCheck:
    """Return the check that reports the resources with one of these faults."""

    def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
        element = statement.resource_element
        for entry in element.entries if element else ():
            if entry.known == "*":
                continue
            pattern = entry.pattern
            verdict = judge(pattern, context.catalog)
            if verdict is None or verdict.fault not in faults:
                continue
            if verdict.fault is ArnFault.PREFIX and _is_relative(pattern, context.policy.kind):
                continue
            code = codes[verdict.fault] if codes else None
            message = display(verdict.message, entry.value)
            yield Hit(entry.at, message, verdict.help, access_analyzer=code)

    return check


def _is_relative(text: str, kind: Kind) -> bool:
    """Return whether API Gateway completes the resource when it takes the policy.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies.html
    """
    return kind is Kind.RESOURCE and text.startswith("execute-api:")


def arns_of(statement: Statement, catalog: Catalog) -> tuple[PreparedArn, ...]:
    """Return the ARNs of `Resource`, each once; nothing where one of them leaves doubt.

    Doubtful are `*`, ARNs whose fields are not distinguished, open in the last field, faulty
    themselves, or of a form that only AWS's documentation names.
    """
    return remember(statement, _arns_of, catalog)


def _arns_of(statement: Statement, catalog: Catalog) -> tuple[PreparedArn, ...]:
    found: dict[PreparedArn, None] = {}
    for entry in statement.resources:
        text = entry.pattern
        fields = split_arn(text)
        if len(fields) != FIELDS or has_unknown("".join(fields[:5])) or judge(text, catalog):
            return ()
        arn = prepare_arn(text)
        if not arn.resource.strip("*"):
            return ()
        if any(fits(one, arn) for one in documented_templates(arn.service)):
            return ()
        if names_operation(arn, catalog):
            return ()
        found[arn] = None
    return tuple(found)


@lru_cache(maxsize=1 << 14)  # a dozen rules ask about a policy in turn
def judge(text: str, catalog: Catalog) -> ArnVerdict | None:
    """Return what is wrong with a resource first; None when nothing surely is."""
    if not text.startswith("arn:"):
        # AWS's verdict on a wildcard that could become `arn:` is not known: it is let pass.
        if wildcard.overlaps(widened(text), "arn:*") and not _is_other_start(text):
            return None
        help_ = "a resource is `*` or starts with `arn:`"
        return ArnVerdict(
            ArnFault.PREFIX, f"`{text}` is not an ARN, so AWS rejects the policy", help_
        )
    fields = split_arn(text)
    if has_unknown("".join(fields[:5])):
        return None  # It may hold colons.
    verdict = _names(fields, catalog)
    if verdict or len(fields) == FIELDS:
        return verdict or _place(text, fields, catalog)
    if (is_wild(text) or "${" in text) and _may_go_on(fields, catalog):
        return None  # IAM lets a wildcard mean the fields that follow it.
    return ArnVerdict(
        ArnFault.FIELDS,
        f"`{text}` has {len(fields)} of the six fields of an ARN, so AWS rejects the policy",
        "the fields are arn:partition:service:region:account:resource; some may be empty",
    )


def _may_go_on(fields: list[str], catalog: Catalog) -> bool:
    """Return whether the last field there is can begin a region or an account, and then others."""
    start = re.split(r"[*?$]", fields[-1], maxsplit=1)[0]
    match len(fields):
        case 4:
            return any(region.startswith(start) for region in catalog.regions(None))
        case 5:
            return not start or start.isdecimal() or "aws".startswith(start)
    return True


def _is_other_start(text: str) -> bool:
    """Return whether a start with pseudo parameters is not `arn`, as in `logs-${AWS::AccountId}`."""
    start = without_pseudo(text.partition(":")[0] if "${" not in text else split_arn(text)[0])
    return not is_wild(start) and "${" not in start and start != "arn"


def _is_open(field: str) -> bool:
    return is_wild(field) or "${" in field


def _names(fields: list[str], catalog: Catalog) -> ArnVerdict | None:
    """Return the verdict on partition and service, as far as they are there and spelt out."""
    partition, service = ([*fields, "*", "*"])[1:3]
    if len(fields) < FIELDS and not any(_is_open(field) for field in fields):
        return None
    partitions = catalog.partitions()
    if not _is_open(partition) and partition not in partitions:
        near = closest(partition, partitions)
        return ArnVerdict(
            ArnFault.PARTITION,
            (
                f"`{partition}` is not a partition of AWS (as of {DATE})"
                if partition
                else "the partition is empty"
            )
            + _NOTHING,
            f"did you mean `{near}`?" if near else f"the partitions are {', '.join(partitions)}",
        )
    if _is_open(service):
        return None
    if not catalog.has_arn_service(service):
        near_services = catalog.close_services(service)
        return ArnVerdict(
            ArnFault.SERVICE,
            f"this ARN matches nothing: no service had the name `{service}` in its ARNs on {catalog.date}",
            f"did you mean {' or '.join(f'`{n}`' for n in near_services)}?"
            if near_services
            else None,
        )
    if service != service.lower():
        return ArnVerdict(
            ArnFault.SERVICE_CASE,
            f"ARNs name the service `{service.lower()}`, not `{service}`{_NOTHING}",
            f"write `{service.lower()}`",
        )
    return None


def _place(text: str, fields: list[str], catalog: Catalog) -> ArnVerdict | None:
    """Return the verdict on region, account and resource, by the templates of the service."""
    partition, service, region, account, _ = fields[1:]
    made = () if _is_open(service) else templates_of(catalog, service)
    if not made:
        return None
    arn = prepare_arn(text)
    if names_operation(arn, catalog) or any(fits(one, arn) for one in made):
        return _region(partition, region, catalog) or _account(account, made)
    fitting = [one for one in made if one.takes_resource(arn.resource)]
    candidates = fitting or list(made)
    return (
        _region_of(fields, candidates)
        or _region(partition, region, catalog)
        or _account(account, made)
        or _account_of(arn, fields, candidates)
        or _resource(fields, made, catalog)
    )


def _region(partition: str, region: str, catalog: Catalog) -> ArnVerdict | None:
    if not region or _is_open(region):
        return None
    regions = catalog.regions(None if _is_open(partition) else partition)
    if region in regions:
        return None
    for other in catalog.partitions():
        if region in catalog.regions(other):
            return ArnVerdict(
                ArnFault.REGION,
                f"the region `{region}` is not in the partition `{partition}`{_NOTHING}",
                f"it is in `{other}`, so the ARN starts `arn:{other}:`",
            )
    return ArnVerdict(
        ArnFault.REGION,
        f"`{region}` is not a region of AWS (as of {DATE}){_NOTHING}",
        region_meant(region, sorted(regions)),
    )


def _region_of(fields: list[str], candidates: list[ArnTemplate]) -> ArnVerdict | None:
    region = widened(fields[3])
    if any(wildcard.overlaps(one.region, region) for one in candidates):
        return None
    if not region:
        return ArnVerdict(
            ArnFault.MISSING_REGION,
            f"ARNs of this `{fields[2]}` resource have a region, so this ARN without one matches nothing",
            f"the format is `{candidates[0].text}`; `*` matches any region",
        )
    return ArnVerdict(
        ArnFault.REGION_NOT_ALLOWED,
        f"ARNs of this `{fields[2]}` resource have no region, so this ARN with one matches nothing",
        f"leave it empty: the format is `{candidates[0].text}`",
    )


def _account(account: str, made: tuple[ArnTemplate, ...]) -> ArnVerdict | None:
    if not account or _is_open(account) or is_account_id(account) or account == "aws":
        return None
    if any(one.account == account for one in made):
        return None
    return ArnVerdict(
        ArnFault.ACCOUNT,
        f"`{account}` is not an account id{_NOTHING}",
        "an account id has twelve digits; `*` matches any account",
    )


def _account_of(
    arn: PreparedArn, fields: list[str], candidates: list[ArnTemplate]
) -> ArnVerdict | None:
    there = [one for one in candidates if wildcard.overlaps(one.region, arn.region)]
    if any(wildcard.overlaps(one.account, arn.account) for one in there):
        return None
    if not arn.account:
        return ArnVerdict(
            ArnFault.MISSING_ACCOUNT,
            f"ARNs of this `{fields[2]}` resource have an account, so this ARN without one matches nothing",
            f"the format is `{there[0].text}`; `*` matches any account",
        )
    return ArnVerdict(
        ArnFault.ACCOUNT_NOT_ALLOWED,
        f"ARNs of this `{fields[2]}` resource have no account, so this ARN with one matches nothing",
        f"leave it empty: the format is `{there[0].text}`",
    )


def _resource(
    fields: list[str], made: tuple[ArnTemplate, ...], catalog: Catalog
) -> ArnVerdict | None:
    near = closest(fields[5].partition("/")[0].partition(":")[0], _types(made))
    return ArnVerdict(
        ArnFault.RESOURCE,
        f"`{fields[2]}` had no resource type of the form `{fields[5]}` on {catalog.date}{_NOTHING}",
        f"did you mean `{near}`?" if near else f"one format is `{made[0].text}`",
    )


def _types(made: tuple[ArnTemplate, ...]) -> list[str]:
    """Return what the resources of the templates start with, such as `role`."""
    starts = (one.resource.partition("/")[0].partition(":")[0] for one in made)
    return sorted({start for start in starts if start and not is_wild(start)})
