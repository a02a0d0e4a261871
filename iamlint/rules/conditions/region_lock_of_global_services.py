"""Flags conditions on the region that requests to a global service never, or always, meet.

IAM, Organizations, Route 53 and some other services have one endpoint for all regions, so their
requests carry its region in `aws:RequestedRegion`. A Deny outside of other regions blocks these
services completely, and an Allow in other regions never grants them. It is a note if IAM is exempt,
since an account may not use the other services, and in a policy of one identity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.catalog.global_services import DATE, GLOBAL_SERVICES
from iamlint.catalog.partitions import PARTITIONS
from iamlint.grants.carried import holds_without_key
from iamlint.grants.compared import is_met_by
from iamlint.grants.grants import Truth, statement_covers_resource, statement_grants
from iamlint.policy.action import parse_action
from iamlint.policy.grammar import Kind, OperatorFamily
from iamlint.policy.wildcard import is_wild, matches
from iamlint.rule import Confidence, Family, Hit, Note, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import GLOBAL_KEYS, known_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.policy.model import Condition, Entry, Statement

_EXAMPLE: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_deny-requested-region.html"
_EXAMPLE_FOR_ACCOUNTS: Final = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html"

# The first page says that these should not be denied.
_NEEDED: Final = frozenset({"cloudfront", "iam", "route53", "support"})
# The second page exempts these too.
_USUAL: Final = frozenset(
    {"budgets", "ce", "globalaccelerator", "health", "organizations", "shield"}
)
_BY_ALL: Final = "iam"
"""What every account uses; to deny another service may be intended."""
# A request to another service needs these, and which region it then carries is not documented.
_OF_OTHER_REQUESTS: Final = frozenset({"iam:passrole", "iam:createservicelinkedrole"})
_WHOLE_ACCOUNTS: Final = frozenset({Kind.SCP, Kind.BOUNDARY})
_OF_CALLERS: Final = ("aws:principal", "aws:userid", "aws:username")


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    tests = [c for c in statement.conditions if c.name == "aws:requestedregion"]
    if not tests or statement.is_open or statement.has_more_conditions:
        return
    homes = GLOBAL_SERVICES.get(_partition(tests), {})
    if statement.denies:
        yield from _denied(statement, tests, homes, context.policy.kind)
    elif statement.allows:
        yield from _never_allowed(statement, tests, homes)


def _denied(
    statement: Statement,
    tests: list[Condition],
    homes: dict[str, tuple[str, ...]],
    kind: Kind,
) -> Iterator[Hit]:
    """Yield the global services that a Deny blocks in every region."""
    if statement_covers_resource(statement, "*") is not Truth.YES:
        return
    if not all(c in tests or _may_hold_for_most(c) for c in statement.conditions):
        return
    always = {s for s, regions in homes.items() if _all_are(Truth.YES, tests, regions)}
    whole = {s for s in always if statement_grants(statement, f"{s}:*") is Truth.YES}
    named = {_service(entry) for entry in _named(statement, always)}
    is_wide = kind in _WHOLE_ACCOUNTS
    if not named and not whole & (_NEEDED | _USUAL if is_wide else _NEEDED):
        return
    grave = bool(named) or (is_wide and _BY_ALL in whole)
    found = sorted(whole | named)
    yield Hit(
        tests[0].at,
        f"requests to {_list(found)} always go to {_places(found, homes)}, so this Deny blocks them in every region",
        severity=None if grave else Severity.NOTE,
    )


def _never_allowed(
    statement: Statement, tests: list[Condition], homes: dict[str, tuple[str, ...]]
) -> Iterator[Hit]:
    """Yield the actions of global services that an Allow names and never grants."""
    never = {s for s, regions in homes.items() if _all_are(Truth.NO, tests, regions)}
    entries = list(_named(statement, never))
    if entries:
        found = sorted({_service(entry) for entry in entries})
        yield Hit(
            entries[0].at,
            f"requests to {_list(found)} always go to {_places(found, homes)}, so this condition never holds for `{entries[0].text}`",
            help="allow these actions in a statement without the condition",
            related=tuple(Note(e.at, "nor is this ever allowed") for e in entries[1:]),
        )


def _partition(tests: list[Condition]) -> str:
    """Return the partition of the regions that are tested; the usual one if there are several."""
    values = [value for test in tests for _, value in known_values(test)]
    found = [
        partition
        for partition, regions in PARTITIONS.items()
        if any(matches(value, region) for value in values for region in regions)
    ]
    return found[0] if found else ""


def _all_are(wanted: Truth, tests: Iterable[Condition], regions: Iterable[str]) -> bool:
    """Return whether the tests together say this of every region of an endpoint."""
    tests = tuple(tests)
    return all(min(is_met_by(test, region) for test in tests) is wanted for region in regions)


def _may_hold_for_most(condition: Condition) -> bool:
    """Return whether a further condition of a Deny is about callers, or exempts some requests."""
    if condition.name.startswith("aws:resource"):
        return False
    if condition.name.startswith(_OF_CALLERS) and condition.name != "aws:principalisawsservice":
        return True
    if condition.family is OperatorFamily.BOOL:
        return [entry.text.lower() for entry in condition.values] == ["false"]
    return holds_without_key(condition) is True


def _named(statement: Statement, services: set[str]) -> Iterator[Entry]:
    """Yield the entries of `Action` that are about one of the services alone."""
    for entry in statement.actions:
        if _service(entry) in services and (entry.known or "").lower() not in _OF_OTHER_REQUESTS:
            yield entry


def _service(entry: Entry) -> str:
    pattern = parse_action(entry.known or "")
    return "" if pattern is None or is_wild(pattern.service) else pattern.service


def _places(services: Iterable[str], homes: dict[str, tuple[str, ...]]) -> str:
    regions = sorted({region for service in services for region in homes[service]})
    return f"{_list(regions, 'or')} (as of {DATE})"


def _list(names: Iterable[str], last: str = "and") -> str:
    *most, end = (f"`{name}`" for name in names)
    return f"{', '.join(most)} {last} {end}" if most else end


RULE = Rule(
    name="region-lock-of-global-services",
    family=Family.CONDITIONS,
    module=__name__,
    summary="requests to a global service always go to one region, so the condition on the region blocks all of them",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    kinds=frozenset({Kind.IDENTITY, Kind.SCP, Kind.BOUNDARY, Kind.SESSION}),
    advice="exempt the global services that you use with `NotAction`, also `sts` if its global endpoint is used, or add the region to the list",
    sources=(_EXAMPLE, _EXAMPLE_FOR_ACCOUNTS, GLOBAL_KEYS),
    when=("Allow | Deny", "key aws:requestedregion"),
    check=check,
    bad=(
        bad(
            "every action outside of Europe",
            """
            {Effect: "Deny", Action: "*", Resource: "*", Condition: {
              StringNotEquals: {
                "aws:RequestedRegion": ["eu-central-1", "eu-west-1"], //!
              },
            }}""",
            kind=Kind.SCP,
        ),
        bad(
            "an administrator is exempt, and all others lose IAM",
            """
            {Effect: "Deny", NotAction: ["route53:*", "cloudfront:*", "support:*", "organizations:*"], Resource: "*", Condition: {
              StringNotLike: {
                "aws:RequestedRegion": "eu-*", //!
              },
              ArnNotLike: {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"},
            }}""",
            kind=Kind.SCP,
        ),
        bad(
            "costs and events of the account",
            """
            {Effect: "Deny", NotAction: ["cloudfront:*", "iam:*", "organizations:*", "route53:*", "sts:*", "support:*"], Resource: "*", Condition: {
              StringNotEquals: {
                "aws:RequestedRegion": "eu-central-1", //!
              },
            }}""",
            kind=Kind.SCP,
        ),
        bad(
            "a region that is denied is the one of IAM",
            """
            {Effect: "Deny", Action: "*", Resource: "*", Condition: {
              StringEquals: {
                "aws:RequestedRegion": ["us-east-1", "us-west-1"], //!
              },
            }}""",
        ),
        bad(
            "users can only be created where no request goes",
            """
            {Effect: "Allow", Resource: "*", Action: [
              "ec2:*",
              "iam:CreateUser", //!
              "iam:DeleteUser",
            ], Condition: {StringEquals: {"aws:RequestedRegion": "eu-west-1"}}}""",
        ),
    ),
    good=(
        good(
            "AWS's example for a policy of an identity",
            """
            {
              Effect: "Deny", Resource: "*",
              NotAction: ["cloudfront:*", "iam:*", "organizations:*", "route53:*", "support:*"],
              Condition: {StringNotEquals: {
                "aws:RequestedRegion": ["eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3"],
              }},
            }""",
        ),
        good(
            "AWS's example for a whole organization",
            """
            {
              Effect: "Deny", Resource: "*",
              NotAction: [
                "a4b:*", "acm:*", "aws-marketplace-management:*", "aws-marketplace:*", "aws-portal:*",
                "budgets:*", "ce:*", "chime:*", "cloudfront:*", "config:*", "cur:*", "directconnect:*",
                "ec2:DescribeRegions", "ec2:DescribeTransitGateways", "ec2:DescribeVpnGateways",
                "fms:*", "globalaccelerator:*", "health:*", "iam:*", "importexport:*", "kms:*",
                "mobileanalytics:*", "networkmanager:*", "organizations:*", "pricing:*", "route53:*",
                "route53domains:*", "s3:GetAccountPublic*", "s3:ListAllMyBuckets",
                "s3:PutAccountPublic*", "shield:*", "sts:*", "support:*", "trustedadvisor:*",
                "waf-regional:*", "waf:*", "wafv2:*", "wellarchitected:*",
              ],
              Condition: {
                StringNotEquals: {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]},
                ArnNotLike: {"aws:PrincipalARN": "arn:aws:iam::*:role/admin"},
              },
            }""",
            kind=Kind.SCP,
        ),
        good(
            "the region of the global services is on the list",
            """
            {Effect: "Deny", Action: "*", Resource: "*", Condition: {
              StringNotEquals: {"aws:RequestedRegion": ["eu-west-1", "us-east-1", "us-west-2"]},
            }}""",
            kind=Kind.SCP,
        ),
        good(
            "only actions of services with endpoints in every region",
            """
            {Effect: "Deny", Action: ["ec2:*", "rds:*"], Resource: "*", Condition: {
              StringNotEquals: {"aws:RequestedRegion": "eu-west-1"},
            }}""",
            kind=Kind.SCP,
        ),
        good(
            "only requests with a key that IAM does not send",
            """
            {Effect: "Deny", Action: "*", Resource: "*", Condition: {
              StringNotEquals: {"aws:RequestedRegion": "eu-west-1"},
              StringEquals: {"ec2:InstanceType": "p5.48xlarge"},
            }}""",
            kind=Kind.SCP,
        ),
        good(
            "everything in one region, without a word about IAM",
            """
            {Effect: "Allow", Action: "*", Resource: "*", Condition: {
              StringEquals: {"aws:RequestedRegion": "eu-west-1"},
            }}""",
        ),
        good(
            "a role is passed in a request to another service",
            """
            {Effect: "Allow", Action: ["ec2:RunInstances", "iam:PassRole"], Resource: "*", Condition: {
              StringEquals: {"aws:RequestedRegion": "eu-west-1"},
            }}""",
        ),
        good(
            "IAM of the regions in China",
            """
            {Effect: "Deny", Action: "iam:*", Resource: "*", Condition: {
              StringNotEquals: {"aws:RequestedRegion": ["cn-north-1", "cn-northwest-1"]},
            }}""",
            kind=Kind.SCP,
        ),
    ),
)
