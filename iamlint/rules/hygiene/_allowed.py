"""The principals that a rule's option lists."""

from __future__ import annotations

from iamlint.errors import UsageError
from iamlint.fast_dataclass import dataclass
from iamlint.policy.wildcard import matches, overlaps


@dataclass(frozen=True, slots=True)
class Allowed:
    """The rule's option `allowed`: principals by names such as `role/break-glass`, or by ARNs.

    `*` in them is any text.
    """

    allowed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_allowed(self.allowed)


def check_allowed(given: object) -> None:
    """Raise if an option does not list texts; a configuration may hold anything."""
    if not isinstance(given, tuple) or not all(isinstance(one, str) for one in given):
        raise UsageError(f"`allowed` must be a list of names of principals, not `{given}`")


def is_listed(name: str, arn: str | None, allowed: tuple[str, ...]) -> bool:
    """Return whether a list has a principal, by a name such as `role/deployer` or by its ARN."""
    return any(matches(one, name) or (arn is not None and matches(one, arn)) for one in allowed)


def may_be_listed(glob: str, allowed: tuple[str, ...]) -> bool:
    """Return whether a list may have a principal, whose name or ARN is known in part.

    An ARN in the list counts by its name, as the account of the principal may be any.
    """
    return any(overlaps(_name_in(one), glob) for one in allowed)


def _name_in(allowed: str) -> str:
    """Return `role/deployer` for a name, and for an ARN with any path."""
    resource = allowed.partition(":iam::")[2].partition(":")[2]
    kind, _, rest = resource.partition("/")
    return f"{kind}/{rest.rpartition('/')[2]}" if resource else allowed
