"""The operator on bytes, written in base64 on both sides.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_BinaryEquals
"""

from __future__ import annotations

import binascii
from functools import partial
from typing import TYPE_CHECKING

from iamlint.evaluate.operators.row import Row
from iamlint.policy.grammar import OPERATORS

if TYPE_CHECKING:
    from iamlint.evaluate.match import Test


def octets(text: str) -> bytes:
    """Read base64; ValueError for anything else (`binascii.Error` is one)."""
    return binascii.a2b_base64(text, strict_mode=True)


def _equals(value: str) -> Test:
    return partial(_same, octets(value))


def _same(wanted: bytes, text: str) -> bool:
    return octets(text) == wanted


ROWS = (Row(OPERATORS["binaryequals"], _equals),)
