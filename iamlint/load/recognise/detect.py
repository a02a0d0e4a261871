"""Recognition of policies and their kinds, by value, key and path."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass
from iamlint.load.recognise import hints
from iamlint.policy.grammar import STATEMENT_ELEMENTS, Effect, Kind, Version
from iamlint.policy.spelling import closest
from iamlint.text.source import Partial, Tagged, without_tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.text.source import Value
    from iamlint.text.span import Pointer

_ELEMENTS = frozenset(STATEMENT_ELEMENTS)
_DATES = frozenset(Version)
_FEDERATED = frozenset({"sts:assumerolewithsaml", "sts:assumerolewithwebidentity"})
_ENOUGH = 3
"""Elements by which a statement without `Effect` is recognised."""

_FEW = 10
"""Members of an object that may be a policy with misspelt elements."""


SHORTEST = len('{"Version":"2012-10-17"}')
"""Characters of the shortest string worth reading as a policy."""


def is_promising(value: Value) -> bool:
    """Return whether a value is a string that may hold a policy."""
    if not isinstance(value, str | Partial):
        return False
    text = str(value)
    return (
        len(text) >= SHORTEST
        and ("Statement" in text or "2012-10-17" in text or "\\u00" in text)
        and text.lstrip().startswith(("{", "[", "%", '"{'))
    )


def is_policy(value: Value) -> bool:
    """Return whether a value has the shape of a policy: an object whose `Statement` holds one."""
    return (
        isinstance(value, dict)
        and "Statement" in value
        and any(is_statement(item) for item in _items(value["Statement"]))
    )


def is_misspelt_policy(value: Value) -> bool:
    """Return whether a value is a policy with a misspelt `Statement`, by its language version."""
    return (
        isinstance(value, dict)
        and _is_date(value.get("Version"))
        and "Statement" not in value
        and _meant_as_statement(value) is not None
    )


def is_meant_as_policy(value: Value) -> bool:
    """Return whether a value is meant as a policy in a place for one: top of a file, a table.

    The version's date alone is enough, and so is a misspelt `Statement` that holds statements.
    """
    if not isinstance(value, dict):
        return False
    if _is_date(value.get("Version")) or _is_date(value.get("version")):
        return True
    meant = _meant_as_statement(value)
    return meant is not None and any(is_statement(item) for item in _items(value[meant]))


def has_policy_element(value: Value) -> bool:
    """Return whether a value has an element of a policy, where the user says that there is one."""
    return isinstance(value, dict) and (
        "Version" in value or _meant_as_statement(value) is not None
    )


def may_be_meant(value: Value) -> bool:
    """Return whether a value may be a policy, well-formed or not, in a place for one."""
    return is_policy(value) or has_policy_element(value) or is_statement(value)


def path_of_another(value: Value) -> str | None:
    """Return the path of the file with a policy that a value such as `{file: a/b.yaml}` names."""
    match [*value.items()] if isinstance(value, dict) else ():
        case [(str(name), str(path))] if name not in ("Version", "Id", "Statement", *_ELEMENTS):
            return path if re.fullmatch(r"[\w.@/\\ -]+\.(?:json5?|ya?ml|tpl)", path) else None
    return None


def is_of_another_tool(value: Value) -> bool:
    """Return whether a policy is in the spelling of Pulumi or of Crossplane's first provider.

    https://www.pulumi.com/registry/packages/aws/api-docs/iam/getpolicydocument/
    """
    items = value.get("statements") if isinstance(value, dict) else None
    return (
        isinstance(items, list)
        and bool(items)
        and all(
            isinstance(item, dict)
            and item.keys() & {"action", "actions", "notAction", "notActions"}
            and item.keys() & {"effect", "resource", "resources", "principal", "principals"}
            for item in items
        )
    )


def is_stack_policy(value: Value) -> bool:
    """Return whether a value is a CloudFormation stack policy, which looks like an IAM policy.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
    """
    if not isinstance(value, dict):
        return False
    named = False
    for item in _statements(value):
        for name in _strings(item, "Action", "NotAction"):
            if name != "*" and not name.startswith("Update:"):
                return False
            named = named or name != "*"
    return named


def kind_of(value: Value, path: str, pointer: Pointer) -> Kind:
    """Return the kind of a policy by the key above it, its content, and the path of the file."""
    content = _Content.of(value)
    for kind in hints.of_keys(pointer):
        return kind
    if content.is_trust:
        return Kind.TRUST
    named = (kind for kind in hints.of_path(path) if content.may_be(kind))
    mentioned = (kind for kind in hints.of_first_words(path) if content.agrees_with(kind))
    return next(chain(named, mentioned), content.kind)


@dataclass(frozen=True, slots=True)
class _Content:
    """The facts in the statements that decide the kind."""

    has_principal: bool
    has_resource: bool
    is_sts: bool
    is_federated: bool

    @classmethod
    def of(cls, value: Value) -> _Content:
        statements = list(_statements(value))
        has_principal = any("Principal" in one or "NotPrincipal" in one for one in statements)
        has_resource = any("Resource" in one or "NotResource" in one for one in statements)
        if has_resource and not has_principal:  # whatever its actions are
            return cls(has_principal, has_resource, is_sts=False, is_federated=False)
        actions = [name for item in statements for name in _strings(item, "Action", "NotAction")]
        return cls(
            has_principal,
            has_resource,
            bool(actions) and all(name.lower().startswith("sts:") for name in actions),
            bool(actions) and all(name.lower() in _FEDERATED for name in actions),
        )

    @property
    def is_trust(self) -> bool:
        """Whether it is surely a trust policy: actions to assume a role, and no resource."""
        return self.has_principal and self.is_sts and not self.has_resource

    @property
    def kind(self) -> Kind:
        if self.has_principal:
            return Kind.TRUST if self.is_sts else Kind.RESOURCE
        # An identity policy cannot allow these two: a trust policy lacks its principal.
        return Kind.TRUST if self.is_federated and not self.has_resource else Kind.IDENTITY

    def may_be(self, kind: Kind) -> bool:
        """Return whether the content allows a kind: a name may hint at a wrong one."""
        return kind in (Kind.SCP, Kind.RCP) or self.agrees_with(kind)

    def agrees_with(self, kind: Kind) -> bool:
        """Return whether the statements have the elements of the kind."""
        if kind is Kind.TRUST:
            return self.has_principal or not self.has_resource
        return self.has_principal == kind.has_principal


def resource_type_of(value: Value) -> str | None:
    """Return the only CloudFormation type that a resource policy can be of; None if several."""
    statements = list(_statements(value))
    actions = [name for item in statements for name in _strings(item, "Action", "NotAction")]
    prefixes = {name.partition(":")[0].lower() for name in actions}
    arns = [name for item in statements for name in _strings(item, "Resource", "NotResource")]
    return hints.resource_type(prefixes, arns)


def is_statement(value: Value) -> bool:
    """Return whether a value is a statement, by its elements."""
    value = without_tag(value)
    if not isinstance(value, dict):
        return False
    elements = len(_ELEMENTS & value.keys())
    return not _is_schema(value.get("Effect")) and (
        elements >= _ENOUGH or (elements > 1 and "Effect" in value)
    )


def has_functions(value: Value) -> bool:
    """Return whether a value contains functions of CloudFormation."""
    todo = [value]
    while todo:
        node = todo.pop()
        if isinstance(node, Tagged):
            return True
        if isinstance(node, dict):
            if len(node) == 1 and any(map(_is_function, node)):
                return True
            todo += [child for child in node.values() if not isinstance(child, str)]
        elif isinstance(node, list):
            todo += [child for child in node if not isinstance(child, str)]
    return False


def _is_function(name: str) -> bool:
    return name == "Ref" or name.startswith("Fn::")


def is_statement_list(value: list[Value]) -> bool:
    """Return whether a list is of statements without a policy, as in files that others include."""
    return bool(value) and all(
        is_statement(item)
        and isinstance(item, dict)
        and item.get("Effect") in tuple(Effect)
        and not item.keys().isdisjoint(("Action", "NotAction"))
        for item in value
    )


def _is_schema(effect: Value) -> bool:
    """Return whether an effect is of a JSON schema: it describes an effect and has no value."""
    return isinstance(effect, dict) and not any(_is_function(name) for name in effect)


def _is_date(value: Value) -> bool:
    return isinstance(value, str) and value in _DATES


def _meant_as_statement(value: dict[str, Value]) -> str | None:
    if len(value) > _FEW:
        return None
    return next((name for name in value if closest(name, ("Statement",))), None)


def _statements(value: Value) -> Iterator[dict[str, Value]]:
    value = without_tag(value)
    if not isinstance(value, dict):
        return
    name = "Statement" if "Statement" in value else _meant_as_statement(value)
    for item in _items(value[name]) if name else ():
        statement = without_tag(item)
        if isinstance(statement, dict):
            yield statement


def _strings(statement: dict[str, Value], *names: str) -> Iterator[str]:
    for name in names:
        for item in _items(statement.get(name)):
            if isinstance(item, str | Partial):
                yield str(item)


def _items(value: Value) -> list[Value]:
    value = without_tag(value)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
