"""The resource of a request, parsed once: where it enters, and never again."""

from __future__ import annotations

from typing import Final

from iamlint.fast_dataclass import dataclass
from iamlint.policy.arn import Arn, parse_arn
from iamlint.policy.arn_patterns import overlaps_fields, pad
from iamlint.policy.wildcard import is_wild

EVERY: Final = "*"


@dataclass(frozen=True, slots=True)
class RequestedResource:
    """The resource of a request: an ARN, a pattern of ARNs, or `*`; `arn` is None for the last.

    `fields` are the six fields of an ARN or of a short pattern of ARNs.
    """

    text: str
    arn: Arn | None
    fields: tuple[str, ...] | None

    @classmethod
    def of(cls, text: str) -> RequestedResource:
        arn = parse_arn(text)
        if arn is not None:
            return cls(text, arn, ("arn", *arn.fields))
        fields = pad(text, short=True)
        return cls(text, None, None if fields is None else tuple(fields))

    def __str__(self) -> str:
        return self.text

    @property
    def is_everything(self) -> bool:
        """Whether it is `*`, as of an action that acts on no resource."""
        return self.text == EVERY

    @property
    def is_pattern(self) -> bool:
        """Whether it has wildcards, and so names several resources or all."""
        return is_wild(self.text)

    @property
    def account(self) -> str:
        """The account that its ARN names; empty for none."""
        return self.arn.account if self.arn else ""

    @property
    def region(self) -> str:
        """The region that its ARN names; empty for none or several."""
        return self.arn.region if self.arn and not is_wild(self.arn.region) else ""

    def overlaps(self, other: RequestedResource) -> bool:
        """Return whether some resource is named by both."""
        if self.is_everything or other.is_everything:
            return True
        if self.fields is None or other.fields is None:
            return False
        return overlaps_fields(self.fields, other.fields)


EVERYTHING: Final = RequestedResource.of(EVERY)
