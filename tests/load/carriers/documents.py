"""Writes statements with the names of `aws_iam_policy_document`, which cannot express all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.load.carriers.carrier import CannotSayError, Policy, statements, text

if TYPE_CHECKING:
    from collections.abc import Iterator

STATEMENTS: Final = "statements that modules of the registry are given"
_NAMES: Final = {
    "Sid": "sid",
    "Effect": "effect",
    "Action": "actions",
    "NotAction": "not_actions",
    "Resource": "resources",
    "NotResource": "not_resources",
}
_PRINCIPALS: Final = {"Principal": "principals", "NotPrincipal": "not_principals"}
_KNOWN: Final = {*_NAMES, *_PRINCIPALS, "Condition"}


def says(policy: Policy) -> dict[str, Any]:
    """Return the arguments of the data source; raise if it cannot express the policy.

    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
    """
    if policy.keys() - {"Version", "Id", "Statement"} or "Statement" not in policy:
        raise CannotSayError
    found: dict[str, Any] = {}
    if "Version" not in policy:
        raise CannotSayError  # the data source writes one
    found["version"] = _string(policy["Version"])
    if "Id" in policy:
        found["policy_id"] = _string(policy["Id"])
    found["statement"] = [_statement(one) for one in statements(policy)]
    if not found["statement"]:
        raise CannotSayError
    return found


def means(policy: Policy) -> Policy:
    """Return the policy with lists where arguments are lists, without empty values."""
    found = {name: value for name, value in policy.items() if value != ""}
    return {**found, "Statement": [_listed(_filled(one)) for one in statements(policy)]}


def _filled(statement: Policy) -> Policy:
    return {
        name: value
        for name, value in statement.items()
        if not (name in _NAMES and value in ("", []))
    }


def _listed(value: Policy) -> Policy:
    """Return a statement with lists in place of single values."""
    if not isinstance(value, dict):
        return value if isinstance(value, list) else [value]
    return {name: of if _is_single(name, of) else _listed(of) for name, of in value.items()}


def _is_single(name: str, value: Policy) -> bool:
    return name in ("Sid", "Effect") or (name in _PRINCIPALS and value == "*")


def _statement(value: Policy) -> dict[str, Any]:
    if not isinstance(value, dict) or value.keys() - _KNOWN or "Effect" not in value:
        raise CannotSayError  # the data source allows where nothing says an effect
    found: dict[str, Any] = {}
    for element, name in _NAMES.items():
        if element in value:
            is_one = element in ("Sid", "Effect")
            is_read = element.endswith("Resource")
            found[name] = (
                _string(value[element]) if is_one else _strings(value[element], is_read=is_read)
            )
    for element, name in _PRINCIPALS.items():
        if element in value:
            found[name] = list(_principals(value[element]))
    if "Condition" in value:
        found["condition"] = list(_conditions(value["Condition"]))
    return found


def _principals(value: Policy) -> Iterator[dict[str, Any]]:
    if value == "*":
        yield {"type": "*", "identifiers": ["*"]}
        return
    if not isinstance(value, dict) or not value:
        raise CannotSayError
    for type_, names in value.items():
        if names == [] and len(value) > 1:
            raise CannotSayError  # the data source leaves out a list that is empty beside others
        yield {"type": _string(type_), "identifiers": _strings(names)}


def _conditions(value: Policy) -> Iterator[dict[str, Any]]:
    if not isinstance(value, dict) or not value:
        raise CannotSayError
    for test, variables in value.items():
        if not isinstance(variables, dict) or not variables:
            raise CannotSayError
        for variable, values in variables.items():
            yield {"test": test, "variable": variable, "values": _strings(values)}


def _strings(value: Policy, *, is_read: bool = True) -> list[str]:
    """Return a list of strings; where variables are read, they are written with `&`."""
    found = [_string(one) for one in (value if isinstance(value, list) else [value])]
    return [one.replace("${", "&{") for one in found] if is_read else found


def _string(value: Policy) -> str:
    if not isinstance(value, str) or "&{" in value:
        raise CannotSayError
    return value


def _escaped(value: Any) -> Any:
    """Return the escaped text that Terraform reads as this text."""
    if isinstance(value, dict):
        return {name: _escaped(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_escaped(item) for item in value]
    return value.replace("${", "$${").replace("%{", "%%{")


def as_blocks(policy: Policy) -> str:
    return "\n".join(_lines(_escaped(says(policy)), "  ")) + "\n"


def _lines(arguments: dict[str, Any], indent: str) -> Iterator[str]:
    for name, value in arguments.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for one in value:
                yield f"{indent}{name} {{"
                yield from _lines(one, f"{indent}  ")
                yield f"{indent}}}"
        else:
            yield f"{indent}{name} = {text(value)}"


def data_in_json(policy: Policy) -> dict[str, Any]:
    found: dict[str, Any] = _escaped(says(policy))
    return found


def as_objects(policy: Policy) -> list[dict[str, Any]]:
    """Return the statements in the form of inputs of registry modules."""
    found: list[dict[str, Any]] = _escaped(says(policy))["statement"]
    return found
