"""Does a value of a condition pin one owner, or can strangers bring a value that fits it?

Each question errs towards "pins": the unknown part of a value counts as fixed text.
"""

from __future__ import annotations

import re
from typing import Final

from iamlint.policy.arn import Arn, parse_arn
from iamlint.policy.arn_patterns import pad
from iamlint.policy.model import Entry
from iamlint.policy.values import internal_use, is_narrow, parse_network
from iamlint.policy.wildcard import is_wild
from iamlint.text.source import Partial

__all__ = [
    "Entry",
    "account_is_pinned",
    "is_arn",
    "is_callers",
    "is_endpoint",
    "is_id",
    "is_literal",
    "is_path",
    "is_range",
    "is_true",
    "is_user_id",
    "text_of",
]

# These are as fixed as the resource: they are its own account and organization.
_OWN: Final = frozenset(
    {"${aws:resourceaccount}", "${aws:resourceorgid}", "${aws:resourceorgpaths}"}
)
_CALLERS: Final = frozenset({"${aws:principalaccount}", "${aws:principalorgid}"})


def text_of(entry: Entry) -> str:
    """Return the value with a letter in place of each unknown part."""
    if isinstance(entry.value, str):
        return entry.value
    if isinstance(entry.value, Partial):
        return entry.value.filled(lambda _: "x")
    return "x"


def is_id(entry: Entry) -> bool:
    """Return whether the value is one id: no wildcard, no variable but the resource's owner."""
    return _is_fixed(text_of(entry))


def is_literal(entry: Entry) -> bool:
    """Return whether the value is one id where wildcards are plain characters."""
    text = text_of(entry)
    return "${" not in text or text.lower() in _OWN


def is_callers(entry: Entry) -> bool:
    """Return whether the owner of a resource is compared with the owner of the caller."""
    return text_of(entry).lower() in _CALLERS


def is_path(entry: Entry) -> bool:
    """Return whether a path of an organization names it: `o-a1b2c3d4e5/…`."""
    return _is_fixed(text_of(entry).partition("/")[0])


def is_user_id(entry: Entry) -> bool:
    """Return whether the part before the colon, which AWS gives out, is fixed: `AROAEXAMPLE:*`."""
    return _is_fixed(text_of(entry).partition(":")[0])


def is_arn(entry: Entry) -> bool:
    """Return whether an ARN names its account, or a bucket, which has none, by name."""
    text = text_of(entry)
    if text.lower() in _OWN:
        return True
    fields = pad(text)
    return bool(_head(text)) if fields is None else account_is_pinned(Arn(*fields[1:]))


def account_is_pinned(arn: Arn) -> bool:
    """Return whether strangers cannot own what the ARN names.

    S3 documents `arn:aws:s3:*:*:bucket` for its events, so a bucket's name means its owner.
    """
    if arn.account and _is_fixed(arn.account):
        return True
    return (arn.account == "" or arn.service == "s3") and bool(_head(arn.resource))


def is_range(entry: Entry) -> bool:
    """Return whether a range is not wider than /8 (IPv4) or /32 (IPv6), as S3 counts public.

    No stranger comes from an internal range, however wide it is.
    """
    try:
        network = parse_network(text_of(entry))
    except ValueError:
        return True  # It matches no address at all.
    return is_narrow(network) or internal_use(network) is not None


def is_true(entry: Entry) -> bool:
    return text_of(entry).lower() in {"true", "x"}


def is_endpoint(entry: Entry) -> bool:
    """Return whether a subscriber's address names its mail domain, its account or its host."""
    text = text_of(entry)
    if "@" in text:
        return not is_wild(text.rpartition("@")[2])
    if parse_arn(text):
        return is_arn(entry)
    return re.match(r"https?://[^/*?$]+/", text) is not None or not is_wild(text)


def _is_fixed(text: str) -> bool:
    return text.lower() in _OWN or not (is_wild(text) or "${" in text)


def _head(text: str) -> str:
    """Return the fixed beginning of a pattern."""
    return re.split(r"[*?]|\$\{", text, maxsplit=1)[0]
