"""What is weak about an account's password policy, whoever writes it down.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.errors import UsageError
from iamlint.fast_dataclass import dataclass
from iamlint.policy.at import At
from iamlint.rule import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.text.source import Value

_EXPIRY: Final = 90


@dataclass(frozen=True, slots=True)
class PasswordDemands:
    """The rule's options: the least `length`, how many passwords AWS remembers (`reuse`).

    With `classes`, symbols, digits, capital and small letters are all required; a password is at
    most `age` days old. Without them these two count in the strict profile alone.
    """

    length: int = 14
    reuse: int = 24
    classes: bool | None = None
    age: int | None = None

    def __post_init__(self) -> None:
        for name, most in (("length", 128), ("reuse", 24), ("age", 1095)):
            given: object = getattr(self, name)  # a configuration may hold anything
            if given is None and name == "age":
                continue
            if type(given) is not int or not 0 <= given <= most:
                raise UsageError(f"`{name}` must be a number up to {most}, not `{given}`")
        if self.classes is not None and type(self.classes) is not bool:
            raise UsageError(f"`classes` must be true or false, not `{self.classes}`")


@dataclass(frozen=True, slots=True)
class PolicyNames:
    """The names that a tool gives the settings; `classes` have the words for each one's characters.

    A setting that is missing is off, and the length is then `least`.
    """

    length: str
    reuse: str
    age: str
    classes: Mapping[str, str]
    least: int = 0


OF_AWS: Final = PolicyNames(
    "MinimumPasswordLength",
    "PasswordReusePrevention",
    "MaxPasswordAge",
    {
        "RequireSymbols": "symbol",
        "RequireNumbers": "digit",
        "RequireUppercaseCharacters": "capital letter",
        "RequireLowercaseCharacters": "small letter",
    },
)

# https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_account_password_policy
OF_TERRAFORM: Final = PolicyNames(
    "minimum_password_length",
    "password_reuse_prevention",
    "max_password_age",
    {
        "require_symbols": "symbol",
        "require_numbers": "digit",
        "require_uppercase_characters": "capital letter",
        "require_lowercase_characters": "small letter",
    },
    least=6,
)


def weaknesses(
    values: Mapping[str, Value], names: PolicyNames, demands: PasswordDemands, *, is_strict: bool
) -> Iterator[Hit]:
    """Yield a hit for each setting that is weaker than demanded, at its name; unknown ones pass."""
    length = _number(values, names.length, names.least)
    if length is not None and length < demands.length:
        shown = f"of {length} characters" if length else "of any length"
        yield _hit(names.length, f"passwords {shown} are accepted, fewer than {demands.length}")
    reuse = _number(values, names.reuse)
    if reuse is not None and reuse < demands.reuse:
        remembered = f"{reuse} of a user's earlier passwords"
        yield _hit(names.reuse, f"AWS remembers {remembered}, fewer than {demands.reuse}")
    yield from _in_strict(values, names, demands, is_strict=is_strict)


def _in_strict(
    values: Mapping[str, Value], names: PolicyNames, demands: PasswordDemands, *, is_strict: bool
) -> Iterator[Hit]:
    if demands.classes or (demands.classes is None and is_strict):
        for name, character in names.classes.items():
            if values.get(name, False) is False:
                yield _hit(name, f"passwords without a {character} are accepted")
    most = _EXPIRY if demands.age is None and is_strict else demands.age
    age = _number(values, names.age)
    if most and age is not None and not 0 < age <= most:
        expire = f"expire after {age} days" if age else "never expire"
        yield _hit(names.age, f"passwords {expire}, not within {most} days")


def _number(values: Mapping[str, Value], name: str, default: int = 0) -> int | None:
    """Return a number, the default if it is not set; None for what is unknown."""
    value = values.get(name)
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    return default if value is None else value if type(value) is int else None


def _hit(name: str, message: str) -> Hit:
    return Hit(At((name,)), message)
