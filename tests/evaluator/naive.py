"""A second implementation of what one statement matches: naive on purpose, and apart.

Plain dicts and recursion, nothing shared with `iamlint`, written from AWS's pages alone:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html. It may take
exponential time, and it leaves out what AWS does not document.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

Json = dict[str, Any]
Token = tuple[
    str, str
]  # ("star", "*"), ("one", "?"), ("char", c) or, from a variable, ("value", c)
Tokens = list[Token]


def applies(
    statement: Json, version: str | None, request: Json, *, padded: bool = True
) -> bool | None:
    """Return whether the statement matches the request; `padded`: short ARNs mean `arn:…:*`.

    None where `NotPrincipal` lists the caller, but not all that it belongs to.
    """
    context = {key.lower(): listed(value) for key, value in request["context"].items()}
    variables = context if version == "2012-10-17" else None
    return (
        action_applies(statement, request["action"])
        and resource_applies(statement, request["resource"], variables, padded=padded)
        and all(
            condition_holds(operator, key, listed(values), context, variables)
            for operator, block in statement.get("Condition", {}).items()
            for key, values in block.items()
        )
    ) and principal_applies(statement, request["principal"])


def listed(value: Any) -> list[str]:
    """Return a scalar or a list as a list of texts, JSON booleans and numbers as JSON has them."""
    if isinstance(value, list):
        return [text for item in value for text in listed(item)]
    return [str(value).lower() if isinstance(value, bool) else str(value)]


# --- principals ---


def principal_applies(statement: Json, principal: str) -> bool | None:
    if "Principal" in statement:
        return any(names(entry, principal) for entry in entries(statement["Principal"]))
    if "NotPrincipal" in statement:
        written = entries(statement["NotPrincipal"])
        found = [any(names_at(text, principal, level) for text in written) for level in range(3)]
        if "*" in written or all(found):
            return False
        return None if found[0] else True
    return True


def entries(element: Any) -> list[str]:
    if element == "*":
        return ["*"]
    return [entry for values in element.values() for entry in listed(values)]


def names(entry: str, principal: str) -> bool:
    """Return whether a principal of a policy is this user or role session, its role or account."""
    return entry == "*" or any(names_at(entry, principal, level) for level in range(3))


def names_at(entry: str, principal: str, level: int) -> bool:
    """Return whether it is the caller itself (0), the role of a session (1), or its account."""
    _, partition, _, _, account, name = principal.split(":", 5)
    if level == 0 or (level == 1 and not name.startswith("assumed-role/")):
        return entry == principal
    if level == 2:
        return entry in (account, f"arn:{partition}:iam::{account}:root")
    head = f"arn:{partition}:iam::{account}:role/"
    return entry.startswith(head) and entry.rsplit("/", maxsplit=1)[-1] == name.split("/")[1]


# --- actions ---


def action_applies(statement: Json, action: str) -> bool:
    if "Action" in statement:
        return any(action_matches(pattern, action) for pattern in listed(statement["Action"]))
    return not any(action_matches(pattern, action) for pattern in listed(statement["NotAction"]))


def action_matches(pattern: str, action: str) -> bool:
    if pattern == "*":
        return True
    if ":" not in pattern or pattern.endswith(":") or re.search(r"[\s,]", pattern):
        return False
    service, name = pattern.lower().split(":", 1)
    its_service, its_name = action.lower().split(":", 1)
    return glob(wild(service), its_service) and glob(wild(name), its_name)


# --- resources ---


def resource_applies(
    statement: Json, resource: str, variables: Json | None, *, padded: bool
) -> bool:
    def matches(pattern: str) -> bool:
        return resource_matches(pattern, resource, variables, padded=padded)

    if "Resource" in statement:
        return any(matches(pattern) for pattern in listed(statement["Resource"]))
    if "NotResource" in statement:
        return not any(matches(pattern) for pattern in listed(statement["NotResource"]))
    return True


def resource_matches(pattern: str, resource: str, variables: Json | None, *, padded: bool) -> bool:
    if pattern == "*":
        return True
    if resource == "*":
        return False
    tokens = wild(pattern, variables)
    if tokens is None:
        return False
    parts = at_colons(tokens)
    if len(parts) < 6 and (padded or tokens[-1][0] == "star"):
        parts += [[("star", "*")]] * (6 - len(parts))
    return parts_match(parts, resource)


def at_colons(tokens: Tokens) -> list[Tokens]:
    """Split at the first five colons that the policy itself writes."""
    parts: list[Tokens] = [[]]
    for token in tokens:
        if token == ("char", ":") and len(parts) < 6:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def parts_match(parts: list[Tokens], arn: str) -> bool:
    fields = arn.split(":", 5)
    return len(parts) == len(fields) == 6 and all(
        glob(part, field) for part, field in zip(parts, fields, strict=True)
    )


# --- patterns ---


def wild(pattern: str, variables: Json | None = None) -> Any:
    """Return the tokens of a pattern; None when a variable in it has no value.

    `variables` is None where `${…}` is plain text.
    """
    if pattern == "":
        return []
    variable = re.match(r"\$\{([^}]*)\}", pattern) if variables is not None else None
    if variable is not None and variables is not None:
        value = value_of(variable[1], variables)
        rest = wild(pattern[variable.end() :], variables)
        if value is None or rest is None:
            return None
        return [("value", char) for char in value] + rest
    rest = wild(pattern[1:], variables)
    kind = {"*": "star", "?": "one"}.get(pattern[0], "char")
    return None if rest is None else [(kind, pattern[0]), *rest]


def plain(pattern: str, variables: Json | None) -> str | None:
    """Return a text without wildcards, its variables replaced."""
    tokens = wild(pattern, variables)
    return None if tokens is None else "".join(char for _, char in tokens)


def value_of(variable: str, variables: Json) -> str | None:
    if variable in ("*", "?", "$"):
        return variable
    key, _, default = variable.partition(",")
    values = variables.get(key.strip().lower(), [])
    if len(values) == 1:
        return str(values[0])
    return default.strip()[1:-1] if default else None


def glob(tokens: Tokens, text: str) -> bool:
    if not tokens:
        return text == ""
    (kind, char), rest = tokens[0], tokens[1:]
    if kind == "star":
        return any(glob(rest, text[at:]) for at in range(len(text) + 1))
    return text != "" and (kind == "one" or char == text[0]) and glob(rest, text[1:])


# --- conditions ---


def condition_holds(
    operator: str, key: str, wanted: list[str], context: Json, variables: Json | None
) -> bool:
    quantifier, _, name = operator.lower().rpartition(":")
    values = context.get(key.lower())
    if name == "null":
        absent = values in (None, [], [""])
        return any(absent == (text.lower() == "true") for text in wanted)
    if values is None and name.endswith("ifexists"):
        return True
    name = name.removesuffix("ifexists")
    test = OPERATORS[name.replace("not", "", 1)]
    negated = "not" in name

    def satisfied(value: str) -> bool:
        if test is arn_like and not all(is_arn(text) for text in (value, *wanted)):
            return False
        return negated != any(test(text, value, variables) for text in wanted)

    if quantifier and values == [""]:
        values = []
        if name != operator.lower().rpartition(":")[2]:  # with IfExists
            return True
    if quantifier == "forallvalues":
        return all(satisfied(value) for value in values or [])
    if quantifier == "foranyvalue":
        return any(satisfied(value) for value in values or [])
    if values is None:
        return negated
    return len(values) == 1 and satisfied(values[0])


def is_arn(text: str) -> bool:
    return text.startswith("arn:") and text.count(":") >= 5


def string_equals(wanted: str, value: str, variables: Json | None) -> bool:
    return plain(wanted, variables) == value


def string_equals_ignoring_case(wanted: str, value: str, variables: Json | None) -> bool:
    text = plain(wanted, variables)
    return text is not None and text.lower() == value.lower()


def string_like(wanted: str, value: str, variables: Json | None) -> bool:
    tokens = wild(wanted, variables)
    return tokens is not None and glob(tokens, value)


def arn_like(wanted: str, value: str, variables: Json | None) -> bool:
    tokens = wild(wanted, variables)
    return tokens is not None and parts_match(at_colons(tokens), value)


def same_bool(wanted: str, value: str, _: Json | None) -> bool:
    return (wanted.lower() == "true") == (value.lower() == "true")


def same_bytes(wanted: str, value: str, _: Json | None) -> bool:
    try:
        base64.b64decode(wanted, validate=True)
    except binascii.Error:
        return False
    return wanted == value


Test = Callable[[str, str, Json | None], bool]


def ordered(read: Callable[[str], Any], compare: Callable[[Any, Any], bool]) -> Test:
    """Compare what `read` makes of both texts; a text it cannot read is never right."""

    def test(wanted: str, value: str, _: Json | None) -> bool:
        left, right = read(value), read(wanted)
        return left is not None and right is not None and compare(left, right)

    return test


def number(text: str) -> Decimal | None:
    return Decimal(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None


def moment(text: str) -> Decimal | None:
    """Return seconds since 1970."""
    if number(text) is not None:
        return number(text)
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        return None
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    return Decimal(str(aware.timestamp()))


def inside(wanted: str, value: str, _: Json | None) -> bool:
    address, _slash, prefix = wanted.partition("/")
    network, bits = bits_of(address), bits_of(value)
    if network is None or bits is None or len(network) != len(bits):
        return False
    length = int(prefix) if prefix else len(network)
    return network[:length] == bits[:length]


def bits_of(address: str) -> str | None:
    """Return an address as 32 or 128 characters `0` and `1`; a carried one of IPv4 is that."""
    address = address.removeprefix("::ffff:") if "." in address else address
    if re.fullmatch(r"\d+\.\d+\.\d+\.\d+", address):
        return "".join(f"{int(part):08b}" for part in address.split("."))
    if ":" not in address:
        return None
    head, _, tail = address.partition("::")
    left, right = ([p for p in side.split(":") if p] for side in (head, tail))
    groups = left + ["0"] * (8 - len(left) - len(right)) + right
    return "".join(f"{int(group, 16):016b}" for group in groups)


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "equals": lambda a, b: bool(a == b),
    "lessthan": lambda a, b: bool(a < b),
    "lessthanequals": lambda a, b: bool(a <= b),
    "greaterthan": lambda a, b: bool(a > b),
    "greaterthanequals": lambda a, b: bool(a >= b),
}

OPERATORS: dict[str, Test] = {
    "stringequals": string_equals,
    "stringequalsignorecase": string_equals_ignoring_case,
    "stringlike": string_like,
    "arnequals": arn_like,
    "arnlike": arn_like,
    "bool": same_bool,
    "binaryequals": same_bytes,
    "ipaddress": inside,
    **{f"numeric{name}": ordered(number, compare) for name, compare in COMPARISONS.items()},
    **{f"date{name}": ordered(moment, compare) for name, compare in COMPARISONS.items()},
}
