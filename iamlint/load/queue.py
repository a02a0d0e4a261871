"""The ARN of a queue that a file names by its URL.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iamlint.load.link import parts_of
from iamlint.text.source import Pseudo, Unknown, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iamlint.load.link import Name

_HOLE: Final = "\ue002"  # of private use: no URL has it
_HOST: Final = r"(?:sqs\.([^./:]+)|([^./:]+)\.queue|queue)\.([^/:]+)"
_URL: Final = re.compile(rf"https?://{_HOST}(?::443)?/([^/]+)/([^/]+)")
_SUFFIXES: Final = {"amazonaws.com": "aws", "amazonaws.com.cn": "aws-cn"}
_FIRST_REGION: Final = "us-east-1"  # whose endpoint was `queue.amazonaws.com`


def arn_of_url(url: Name) -> Name | None:
    """Return the ARN of the queue of a URL; None for a text that is no such URL."""
    parts = parts_of(url)
    holes = [part for part in parts if isinstance(part, Unknown)]
    text = "".join(_HOLE if isinstance(part, Unknown) else part for part in parts)
    match = _URL.fullmatch(text)
    if match is None:
        return None

    def group(number: int) -> Name:
        before = text[: match.start(number)].count(_HOLE)
        return joined(_filled(match[number], holes[before:]))

    named = next((number for number in (1, 2) if match[number]), None)
    region = group(named) if named else _FIRST_REGION
    partition = _partition(region, _SUFFIXES.get(match[3]))
    return joined(("arn:", partition, ":sqs:", region, ":", group(4), ":", group(5)))


def _partition(region: Name, known: str | None) -> Name:
    if known == "aws" and (not isinstance(region, str) or region.startswith("us-gov-")):
        known = "aws-us-gov" if isinstance(region, str) else None
    return known or Unknown("${partition}", Pseudo.PARTITION)


def _filled(text: str, holes: Sequence[Unknown]) -> Iterator[str | Unknown]:
    first, *rest = text.split(_HOLE)
    yield first
    for hole, piece in zip(holes, rest, strict=False):
        yield hole
        yield piece
