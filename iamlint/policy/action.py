"""Action patterns: `service:Name`, both parts with wildcards, in any letter case.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
"""

from __future__ import annotations

from functools import lru_cache

from iamlint.fast_dataclass import dataclass
from iamlint.policy import wildcard


@dataclass(frozen=True, slots=True)
class ActionPattern:
    """A pattern over actions, in lower case: AWS compares actions without regard to case."""

    service: str
    name: str

    def __str__(self) -> str:
        return f"{self.service}:{self.name}"

    def matches(self, action: str) -> bool:
        """Return whether the pattern names this very action, such as `s3:GetObject`."""
        service, _, name = action.lower().partition(":")
        return wildcard.matches(self.service, service) and wildcard.matches(self.name, name)

    def covers(self, other: ActionPattern) -> bool:
        return wildcard.covers(self.service, other.service) and wildcard.covers(
            self.name, other.name
        )

    def overlaps(self, other: ActionPattern) -> bool:
        return wildcard.overlaps(self.service, other.service) and wildcard.overlaps(
            self.name, other.name
        )


@lru_cache(maxsize=32768)  # AWS has 22,000 actions, and each rule asks about those of a policy
def parse_action(text: str) -> ActionPattern | None:
    """Return a pattern; None if it can match nothing: no colon, an empty part, blanks, commas."""
    if text == "*":
        return ActionPattern("*", "*")
    service, colon, name = text.lower().partition(":")
    if not colon or not service or not name or "," in text or text.split() != [text]:
        return None
    return ActionPattern(service, name)
