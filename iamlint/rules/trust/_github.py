"""GitHub's tokens: which claim values pin an owner, and how far into a repository.

https://docs.github.com/en/actions/reference/security/oidc
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from iamlint.grants.grants import restricts
from iamlint.grants.pinned import is_id, is_literal, text_of
from iamlint.late_pattern import late_pattern
from iamlint.policy.wildcard import is_wild
from iamlint.rules.trust._federation import GITHUB

if TYPE_CHECKING:
    from iamlint.policy.model import Condition, Entry

SUBJECT: Final = f"{GITHUB}:sub"

# Other claims that name the owner, alone or inside a customised subject. `job_workflow_ref` names
# whose workflow is called, and anyone may call a public one.
_OWNER_IDS: Final = frozenset({"repository_id", "repository_owner_id", "enterprise_id"})
_OWNER: Final = late_pattern(
    r"(?:^|:)(?:repo|repository|repository_owner|repository_owner_id|repository_id"
    r"|enterprise|enterprise_id):([^:/]*)([:/]?)"
)

_WHOEVER: Final = late_pattern(r"repo:[^:/$%{<]*[*?][^:/$%{<]*[:/]")


def pins_owner(condition: Condition) -> bool:
    """Return whether only tokens of a known owner's repositories meet the condition."""
    if not restricts(condition):
        return False
    host, _, claim = condition.name.rpartition(":")
    if host != GITHUB:
        return False
    if claim == "sub":
        return all(subject_pins_owner(entry, condition) for entry in condition.values)
    if claim == "repository":
        return all(_path_pins_owner(entry, condition) for entry in condition.values)
    if claim in _OWNER_IDS:
        return all((is_literal if _is_exact(condition) else is_id)(e) for e in condition.values)
    return False


def subject_pins_owner(entry: Entry, condition: Condition) -> bool:
    """Return whether a subject names the owner whole: `repo:ORG/…`, not `repo:ORG*`."""
    text = text_of(entry)
    if _is_exact(condition) and is_wild(text):
        return True  # Plain characters that no token carries, so it matches none.
    for found in _OWNER.finditer(text):
        owner, end = found.groups()
        if owner and not is_wild(owner) and (end or found.end() == len(text)):
            return True
    # Unknown parts may name the owner, unless the owner's place is known.
    return not (isinstance(entry.value, str) or _WHOEVER.match(str(entry.value)))


def _path_pins_owner(entry: Entry, condition: Condition) -> bool:
    text = text_of(entry)
    owner, slash, _ = text.partition("/")
    return _is_exact(condition) or bool(slash and owner and not is_wild(owner))


def _is_exact(condition: Condition) -> bool:
    return condition.operator is not None and not condition.operator.wildcards


class Breadth(IntEnum):
    """How much a subject with a known owner leaves open."""

    NOTHING = 0
    REPOSITORY = 1  # any run of one repository
    REPOSITORIES = 2  # repositories by the beginning of their name
    OWNER = 3


def breadth(entry: Entry, condition: Condition) -> Breadth:
    """Return what a `repo:OWNER/NAME:CONTEXT` subject leaves open; customised ones count as exact."""
    if _is_exact(condition):
        return Breadth.NOTHING
    prefix, _, rest = text_of(entry).partition(":")
    repository, colon, context = rest.partition("/")[2].partition(":")
    if prefix != "repo" or not repository:
        return Breadth.NOTHING
    if is_wild(repository):
        return Breadth.OWNER if repository[0] in "*?" else Breadth.REPOSITORIES
    head = re.split(r"[*?]", context, maxsplit=1)[0]
    is_open = colon and is_wild(context) and "ref:refs/".startswith(head)
    return Breadth.REPOSITORY if is_open else Breadth.NOTHING
