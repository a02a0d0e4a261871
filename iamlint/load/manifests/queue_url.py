"""The ARN of a queue by its URL, which holds the region, the account and the name.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.late_pattern import late_pattern
from iamlint.load.link import join_names, parts_of
from iamlint.text.source import Pseudo, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.link import Name

_FIRST: Final = 0xE100  # of private use: the first part that is not known
_LAST: Final = 0xF8FF
_URL: Final = late_pattern(
    r"https?://(?:(?:[\w-]+\.)?sqs(?:-fips)?\.(?P<region>[^./]+)\.[^/]+"
    r"|(?P<old>[^./]+)\.queue\.[^/]+|queue\.[^/]+)"
    r"/(?P<account>[^/]+)/(?P<name>[^/]+)"
)


def queue_arn(url: Name) -> Name | None:
    """Return the ARN of the queue of a URL; None if the text is not such a URL."""
    parts = parts_of(url)
    unknown = [part for part in parts if isinstance(part, Unknown)]
    if len(unknown) > _LAST - _FIRST:
        return None
    marks = iter(range(_FIRST, _LAST))
    text = "".join(part if isinstance(part, str) else chr(next(marks)) for part in parts)
    found = _URL.fullmatch(text)
    if found is None:
        return None
    region = found["region"] or found["old"]
    return join_names(
        "arn:",
        Unknown("${partition}", Pseudo.PARTITION),
        ":sqs:",
        *(_parts(region, unknown) if region else ("us-east-1",)),
        ":",
        *_parts(found["account"], unknown),
        ":",
        *_parts(found["name"], unknown),
    )


def _parts(text: str, unknown: list[Unknown]) -> Iterator[Name]:
    for char in text:
        number = ord(char) - _FIRST
        yield unknown[number] if 0 <= number < len(unknown) else char
