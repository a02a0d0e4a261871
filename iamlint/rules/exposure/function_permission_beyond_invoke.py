"""Flags permissions of a Lambda function for more than to invoke it.

`lambda:*` in `aws lambda add-permission` or a template looks like the right to call a function. It
also gives the right to replace its code, so the principal can act with the role of the function. A
service that calls a function needs `lambda:InvokeFunction` alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.catalog import AccessLevel
from iamlint.policy.action import parse_action
from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Note, Profile, Rule, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.catalog import Action, Catalog
    from iamlint.policy.model import Entry, Statement
    from iamlint.rule import RuleContext

_FUNCTION: Final = "AWS::Lambda::Function"
_INVOKES: Final = "invoke"
"""How the names of actions begin that call a function, its URL or its endpoint."""
# Lambda@Edge copies a function for CloudFront:
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-edge-permissions.html
_REPLICATOR: Final = "replicator.lambda.amazonaws.com"
_GRAVE: Final = frozenset({AccessLevel.WRITE, AccessLevel.PERMISSIONS})


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if context.resource_type != _FUNCTION or not statement.allows:
        return
    if any(one.text == _REPLICATOR for one in statement.principals):
        return
    found = [
        (entry, more) for entry in statement.actions if (more := _more(entry, context.catalog))
    ]
    if not found:
        return
    grave = [one for one in found if any(action.access_level in _GRAVE for action in one[1])]
    (first, actions), *others = grave or found
    name = next((a.full_name for a in actions if a.full_name == _CODE), actions[0].full_name)
    example = "" if first.text.lower() == name.lower() else f", such as `{name}`"
    yield Hit(
        first.at,
        f"`{first.text}` lets the principal do more than invoke the function{example}",
        related=tuple(Note(entry.at, "this is more than to invoke it too") for entry, _ in others),
        severity=None if grave else Severity.NOTE,
    )


_CODE: Final = "lambda:UpdateFunctionCode"


def _more(entry: Entry, catalog: Catalog) -> list[Action]:
    """Return the actions on functions that an entry names, without those that invoke one."""
    pattern = parse_action(entry.known) if entry.known else None
    if pattern is None or pattern.name.lower().startswith(_INVOKES):
        return []
    return [action for action in catalog.expand(f"lambda:{pattern.name}") if _is_more(action)]


def _is_more(action: Action) -> bool:
    is_of_function = any(use.name.lower() == "function" for use in action.resource_types)
    return is_of_function and not action.name.lower().startswith(_INVOKES)


RULE = Rule(
    name="function-permission-beyond-invoke",
    family=Family.EXPOSURE,
    module=__name__,
    summary="a permission of a Lambda function is for more than to invoke it",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    profile=Profile.STRICT,
    security_severity=6.0,
    cwe=732,
    kinds=frozenset({Kind.RESOURCE}),
    advice="write `lambda:InvokeFunction`, or `lambda:InvokeFunctionUrl` for the URL of the function",
    sources=(
        "https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-cross-account.html",
    ),
    when=("Allow", "Action", f"on {_FUNCTION}"),
    check=check,
    bad=(
        bad(
            "every action, for a service",
            """
            Resources:
              Permission:
                Type: AWS::Lambda::Permission
                Properties:
                  FunctionName: resize
                  Action: lambda:* //!
                  SourceArn: arn:aws:s3:::shelf
                  SourceAccount: "111122223333"
                  Principal: s3.amazonaws.com""",
            kind=Kind.RESOURCE,
            file="template.yaml",
        ),
        bad(
            "another account may replace the code",
            """
            {
              Effect: "Allow", Principal: {AWS: "111122223333"},
              Action: [
                "lambda:InvokeFunction",
                "lambda:UpdateFunctionCode", //!
              ],
              Resource: "arn:aws:lambda:eu-west-1:444455556666:function:resize",
            }""",
            kind=Kind.RESOURCE,
            resource_type="AWS::Lambda::Function",
        ),
    ),
    good=(
        good(
            "a service calls the function",
            """
            resource "aws_lambda_permission" "shelf" {
              function_name  = "resize"
              action         = "lambda:InvokeFunction"
              principal      = "s3.amazonaws.com"
              source_arn     = "arn:aws:s3:::shelf"
              source_account = "111122223333"
            }""",
            kind=Kind.RESOURCE,
            file="main.tf",
        ),
        good(
            "all ways to call the function",
            """
            {
              Effect: "Allow", Principal: {AWS: "111122223333"}, Action: "lambda:Invoke*",
              Resource: "arn:aws:lambda:eu-west-1:444455556666:function:resize",
            }""",
            kind=Kind.RESOURCE,
            resource_type="AWS::Lambda::Function",
        ),
        good(
            "CloudFront copies the function to its locations",
            """
            {
              Effect: "Allow", Principal: {Service: "replicator.lambda.amazonaws.com"},
              Action: "lambda:GetFunction",
              Resource: "arn:aws:lambda:us-east-1:444455556666:function:resize:3",
            }""",
            kind=Kind.RESOURCE,
            resource_type="AWS::Lambda::Function",
        ),
        good(
            "a layer is read, not invoked",
            """
            {
              Effect: "Allow", Principal: {AWS: "111122223333"}, Action: "lambda:GetLayerVersion",
              Resource: "arn:aws:lambda:eu-west-1:444455556666:layer:tools:1",
            }""",
            kind=Kind.RESOURCE,
            resource_type="AWS::Lambda::LayerVersion",
        ),
    ),
)
