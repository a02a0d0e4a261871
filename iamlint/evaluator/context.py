"""The context of a request: each key is present, absent or unknown.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from iamlint.fast_dataclass import dataclass, field
from iamlint.policy.pattern import has_unknown, split_open
from iamlint.policy.variables import Escape, split_variables
from iamlint.policy.wildcard import is_wild

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from iamlint.policy.variables import Part, Variable


class Missing(Enum):
    """Why there is no value: AWS does not send the key, or the value is unknown."""

    ABSENT = "absent"
    UNKNOWN = "unknown"


class Gap(Enum):
    """A part of a text that is not known, by its form."""

    ACCOUNT = "the id of an account"
    NAME = "a text without a colon"
    ANY = "any text"
    PATH = "the path of a user or role, from `/` to `/`"


@dataclass(frozen=True, slots=True)
class Same:
    """A part that is not known, and is the same wherever a pattern has its `variable`."""

    variable: str
    form: Gap


@dataclass(frozen=True, slots=True)
class Partly:
    """A text that is known in part, such as the ARN of a role of an unknown account."""

    parts: tuple[str | Gap | Same, ...]

    @classmethod
    def of(cls, pattern: str) -> Partly:
        """Return the text of a pattern that `policy/pattern` makes of a value."""
        parts = (
            Same(part, Gap.ANY if has_unknown(part) else Gap.NAME) if is_variable else part
            for part, is_variable in split_open(pattern)
        )
        return cls(tuple(parts))

    @property
    def pattern(self) -> str | None:
        """The same as a pattern; None if a part is not even the same as another one."""
        found = [part.variable if isinstance(part, Same) else part for part in self.parts]
        texts = [part for part in found if isinstance(part, str)]
        return "".join(texts) if len(texts) == len(found) else None


ContextValue: TypeAlias = str | tuple[str, ...] | Partly | Missing
"""A text, as far as it is known, or the texts of a multivalued key."""


def _any_key(_: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Context:
    """The keys of a request in lower case; `other` is what holds for a key that is not listed.

    Of these, a key that the request cannot carry is absent. `distinct` has ARNs of principals whose
    names are not all known, as patterns, each with the scope of the files that describe it.
    """

    values: Mapping[str, ContextValue]
    other: Missing = Missing.ABSENT
    may_carry: Callable[[str], bool] = field(default=_any_key, compare=False)
    distinct: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def get(self, name: str) -> ContextValue:
        """Return the value of a key given in lower case; an empty list is not a value."""
        value = self.values.get(name)
        if value is None:
            is_unknown = self.other is Missing.UNKNOWN and self.may_carry(name)
            return Missing.UNKNOWN if is_unknown else Missing.ABSENT
        return Missing.ABSENT if value == () else value

    def text_of(self, variable: Variable) -> str | Missing | None:
        """Return what a policy variable means; None for nothing, `UNKNOWN` for any text.

        A multivalued key cannot be put in a text: it counts as absent (a reasoned rule; AWS's
        pages only say that variables want keys of one value).
        """
        value = self.get(variable.name)
        if isinstance(value, str):
            return value
        if isinstance(value, Partly):
            return Missing.UNKNOWN
        return value if value is Missing.UNKNOWN else variable.default

    def fill(self, pattern: str) -> str:
        """Return a pattern with the values of its variables, as far as each is one plain text."""
        if "${" not in pattern:
            return pattern
        return "".join(map(self._filled, split_variables(pattern)))

    def _filled(self, part: Part) -> str:
        if isinstance(part, str):
            return part
        if isinstance(part, Escape):
            return f"${{{part.char}}}"
        value = self.get(part.name)
        text = value.pattern if isinstance(value, Partly) else value
        is_plain = isinstance(text, str) and ":" not in text and not is_wild(text)
        return text if is_plain and isinstance(text, str) else part.text

    def has(self, name: str) -> bool:
        """Return whether a key given in lower case has a value."""
        value = self.values.get(name)
        return value is not None and _is_present(value)

    def opened(self) -> Context:
        """Return the same context with every absent key unknown."""
        present = {name: value for name, value in self.values.items() if _is_present(value)}
        return Context(present, Missing.UNKNOWN, self.may_carry, self.distinct)

    def are_two(self, one: str, other: str) -> bool:
        """Return whether two ARNs are those of two principals, which one scope describes."""
        scope = self.distinct.get(one)
        return scope is not None and one != other and scope == self.distinct.get(other)


NO_CONTEXT = Context({})


def context_of(values: Mapping[str, ContextValue], other: Missing = Missing.ABSENT) -> Context:
    """Return a context of keys in any letter case."""
    return Context({name.lower(): value for name, value in values.items()}, other)


def _is_present(value: ContextValue) -> bool:
    return not isinstance(value, Missing) and value != ()
