"""Amazon resource names, as policies write them: with wildcards, and sometimes too short.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass
from iamlint.late_pattern import late_pattern
from iamlint.policy.wildcard import is_wild

if TYPE_CHECKING:
    from collections.abc import Iterator

_ACCOUNT = late_pattern(r"[0-9]{12}")
_MARK = late_pattern(r"\$\{|[}:]")
_COLON_IN_BRACES = late_pattern(r"\$\{[^}:$]*[:$]")
"""Where a variable holds a colon, or another variable that may."""


@dataclass(frozen=True, slots=True)
class Arn:
    """The six fields of an ARN, the first being `arn`; the last may hold further colons."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"

    @property
    def fields(self) -> tuple[str, str, str, str, str]:
        """All that follows `arn`."""
        return self.partition, self.service, self.region, self.account, self.resource

    @property
    def resource_type(self) -> str:
        """The text before the first `/` or `:` of the resource, such as `role`."""
        return re.split("[/:]", self.resource, maxsplit=1)[0]

    @property
    def resource_name(self) -> str:
        """The text after the last `/` of the resource."""
        return self.resource.rsplit("/", 1)[-1]


def parse_arn(text: str) -> Arn | None:
    """Return an ARN of six fields; None for anything else."""
    if not text.startswith("arn:"):
        return None
    fields = split_arn(text)
    return Arn(*fields[1:]) if len(fields) == 6 else None  # noqa: PLR2004 - an ARN has six fields


def split_arn(text: str) -> list[str]:
    """Return a text split at the first five colons, but not at those inside `${…}`."""
    if "${" not in text or not _COLON_IN_BRACES.search(text):
        return text.split(":", 5)
    fields, start, depth = [], 0, 0
    for match in _MARK.finditer(text):
        mark = match[0]
        if mark == "${":
            depth += 1
        elif mark == "}":
            depth -= depth > 0
        elif not depth:
            fields.append(text[start : match.start()])
            start = match.end()
            if len(fields) == 5:  # noqa: PLR2004 - the sixth field takes the rest
                break
    return [*fields, text[start:]]


def above_in_arn(text: str) -> Iterator[str]:
    """Yield what an ARN may be inside of, such as the bucket of an object, the nearest first."""
    for at in range(len(text) - 1, 0, -1):
        if text[at] in "/:":
            yield text[:at]


def is_account_id(text: str) -> bool:
    return _ACCOUNT.fullmatch(text) is not None


def account_of(text: str) -> str | None:
    """Return the account that an ARN or a bare account id names; None for none or several."""
    if is_account_id(text):
        return text
    arn = parse_arn(text)
    if arn is None or is_wild(arn.account) or not is_account_id(arn.account):
        return None
    return arn.account
