"""The functions of a service of Serverless Framework, with the roles that they run with.

https://www.serverless.com/framework/docs/providers/aws/guide/functions
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.cloudformation.refs import text_of
from iamlint.load.cloudformation.table import Reached, reach
from iamlint.load.link import Held, Ref, Thing, by_name, join_names
from iamlint.load.serverless.roles import role_of, start_of_names, templates_of
from iamlint.load.workload import Workload
from iamlint.text.source import Pseudo, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.load.cloudformation.template import Template
    from iamlint.load.link import Name
    from iamlint.text.source import Value

_OF_SERVICE: Final = (("provider", "iam", "role"), ("provider", "role"))
_OWN: Final = (("iamRoleStatements",), ("iam", "role", "statements"))


def functions(template: Template) -> Iterator[Workload]:
    """Yield the functions; one in another place has no known role."""
    start = Reached(template.root, dict(template.value), {})
    for one in reach(start, ("functions", "*")):
        names = one.at[len(template.root) + 1 :]
        if len(names) == 1 and isinstance(one.value, dict):
            function = str(names[0])
            yield Workload(
                template.path,
                one.at,
                "lambda:function",
                f"functions.{function}",
                _arn(template, function, one.value),
                (Held(_role(template, start, one, function)),),
                template.scope,
                source=template.source,
            )


def _role(template: Template, start: Reached, one: Reached, function: str) -> Ref:
    """Return the role that a function or the service is given, or that the framework creates."""
    given = one.value.get("role") if isinstance(one.value, dict) else None
    if given is None and any(True for path in _OWN for _ in reach(one, path)):
        return role_of(template, function)
    if given is None:
        of_service = (found.value for path in _OF_SERVICE for found in reach(start, path))
        given = next((value for value in of_service if not _is_made(value)), None)
    if given is None:
        return role_of(template)
    for beside in templates_of(template):
        if isinstance(given, str) and beside.resource_of(given) is not None:
            return Ref(Thing.ROLE, beside.physical_name(given), given, beside.scope)
    beside = next(templates_of(template), template)
    return by_name(Ref(Thing.ROLE, text_of(beside, given), scope=beside.scope))


def _is_made(value: Value) -> bool:
    """Return whether a role is described, and not named."""
    return isinstance(value, dict) and not any(
        name == "Ref" or name.startswith("Fn::") for name in value
    )


def _arn(template: Template, function: str, value: Mapping[str, Value]) -> Name:
    named = value.get("name")
    is_known = isinstance(named, str) and "${" not in named
    own = Unknown("${name}", identity=f"{template.scope} name of {function}")
    name = join_names(start_of_names(template), function) if named is None else own
    return join_names(
        "arn:",
        Unknown("${AWS::Partition}", Pseudo.PARTITION),
        ":lambda:",
        Unknown("${AWS::Region}", Pseudo.REGION, f"{template.scope} region of functions"),
        ":",
        Unknown("${AWS::AccountId}", Pseudo.ACCOUNT),
        ":function:",
        str(named) if is_known else name,
    )
