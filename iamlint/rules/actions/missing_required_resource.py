"""Flags actions that are allowed on some of the resources that every request is about.

To start an instance, a request names an image, a subnet and more, and AWS checks the action for each
of them. A policy that allows `ec2:RunInstances` on instances alone allows no request. Statements of
one policy count together; another policy of the same identity may allow the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.catalog.required import required_types
from iamlint.grants.reach import resource_patterns
from iamlint.grants.targets import names_type, not_allowed
from iamlint.policy.grammar import Kind
from iamlint.policy.steps import spend
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.actions._named import REFERENCE, in_words, written_actions
from iamlint.rules.actions._traits import NEEDS_TYPES, has_trait

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.catalog import Action, Catalog
    from iamlint.catalog.required import Group
    from iamlint.policy.model import Entry, Statement

_OWNERS: Final = {("kms", "key"): "the key"}
"""Resource types whose own policies can allow the action."""


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.allows or statement.resource is None or not statement.actions:
        return
    if not has_trait(statement, context.catalog, NEEDS_TYPES):
        return
    if context.is_beside_others:
        return  # Another policy may allow the rest.
    if any(entry.known == "*" for entry in statement.resources):
        return
    seen: set[str] = set()
    for entry, text in written_actions(statement):
        action = None if is_wild(text) else context.catalog.action(text)
        if action is None or action.name in seen or not required_types(action):
            continue
        seen.add(action.name)
        missing = not_allowed(context.policy, action, context.catalog)
        if missing and _is_place(statement, action, missing, context):
            yield _hit(entry, action, missing, context.catalog)


def _is_place(
    statement: Statement, action: Action, missing: tuple[Group, ...], context: RuleContext
) -> bool:
    """Return whether the fault is to be reported in a statement, the first that names the action.

    Where a condition excludes what is named, `action-without-condition-key` reports the condition.
    """
    named = [one for one in context.policy.statements if one.allows and _names(one, action)]
    types = [name for group in missing for name in group]
    return named[:1] == [statement] and not any(
        names_type(one, action, name, context.catalog) for one in named for name in types
    )


def _names(statement: Statement, action: Action) -> bool:
    spend(len(statement.actions))
    name = action.full_name.lower()
    return any(entry.known and entry.known.lower() == name for entry in statement.actions)


def _hit(entry: Entry, action: Action, missing: tuple[Group, ...], catalog: Catalog) -> Hit:
    types = in_words(["` or `".join(group) for group in missing])
    forms = [resource_patterns(action, catalog, group)[0] for group in missing]
    elsewhere = [owner for group in missing if (owner := _OWNERS.get((action.service, group[0])))]
    hint = f", or in the policy of {elsewhere[0]}" if elsewhere else ""
    return Hit(
        entry.at,
        f"each request for `{entry.text}` is also about {types}, on which this policy does not allow it",
        help=f"allow it on {in_words(forms)} too{hint}",
    )


RULE = Rule(
    name="missing-required-resource",
    family=Family.ACTIONS,
    module=__name__,
    summary="the action is not allowed on all resources that each request is about, so no request succeeds",
    # A policy that is attached elsewhere may allow the rest.
    severity=Severity.NOTE,
    confidence=Confidence.MEDIUM,
    kinds=frozenset({Kind.IDENTITY, Kind.SESSION}),
    advice="allow the action on the missing resource types too",
    sources=(
        REFERENCE,
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/ec2-api-permissions.html",
        "https://docs.aws.amazon.com/kms/latest/developerguide/alias-access.html",
        "https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html",
        "https://docs.aws.amazon.com/batch/latest/userguide/iam-example-restrict-job-submission.html",
        "https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetdelegation.html",
    ),
    when=("Allow", "Action", "listed resources"),
    check=check,
    bad=(
        bad(
            "an instance without image, network and subnet",
            """
            {Effect: "Allow", Resource: "arn:aws:ec2:eu-west-1:123456789012:instance/*",
              Action: "ec2:RunInstances", //!
            }""",
        ),
        bad(
            "a new subnet, and no VPC",
            """
            {Effect: "Allow", Resource: "arn:aws:ec2:*:*:subnet/*", Action: [
              "ec2:CreateSubnet", //!
              "ec2:DeleteSubnet",
            ]}""",
        ),
        bad(
            "an alias without its key, which may be in the policy of the key",
            """
            {Effect: "Allow", Resource: "arn:aws:kms:*:123456789012:alias/app-*",
              Action: "kms:CreateAlias", //!
            }""",
        ),
        bad(
            "a table without its database and the catalog",
            """
            {Effect: "Allow", Resource: "arn:aws:glue:*:123456789012:table/sales/*",
              Action: "glue:GetTable", //!
            }""",
        ),
        bad(
            "a document, and no instance to run it on",
            """
            {Effect: "Allow", Resource: "arn:aws:ssm:*:123456789012:document/restart",
              Action: "ssm:SendCommand", //!
            }""",
        ),
    ),
    good=(
        good(
            "the types are in several statements",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "kms:CreateAlias", Resource: "arn:aws:kms:*:*:alias/app-*"},
              {Effect: "Allow", Action: "kms:*", Resource: "arn:aws:kms:*:*:key/*"},
            ]}""",
        ),
        good(
            "all that starting an instance needs",
            """
            {Effect: "Allow", Action: "ec2:RunInstances", Resource: [
              "arn:aws:ec2:*:*:instance/*",
              "arn:aws:ec2:*::image/ami-*",
              "arn:aws:ec2:*:*:network-interface/*",
              "arn:aws:ec2:*:*:security-group/*",
              "arn:aws:ec2:*:*:subnet/*",
              "arn:aws:ec2:*:*:volume/*",
            ]}""",
        ),
        good(
            "a pattern names what else it may be about",
            """
            {Effect: "Allow", Action: "ec2:*", Resource: "arn:aws:ec2:*:*:instance/*"}""",
        ),
        good(
            "all resources of an account",
            """
            {Effect: "Allow", Action: "ec2:CreateSubnet", Resource: "arn:aws:ec2:*:123456789012:*"}""",
        ),
        good(
            "a job is new, and AWS's examples do not name it",
            """
            {Effect: "Allow", Action: "batch:SubmitJob", Resource: [
              "arn:aws:batch:*:*:job-queue/fast", "arn:aws:batch:*:*:job-definition/shop:*",
            ]}""",
        ),
        good(
            "an action about one resource",
            """
            {Effect: "Allow", Action: "ec2:StartInstances", Resource: "arn:aws:ec2:*:*:instance/*"}""",
        ),
    ),
)
