"""Keys as AWS makes them, of no account: random, and the same in each run."""

from __future__ import annotations

import string
from base64 import b64encode
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

_ID = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_SECRET = string.ascii_letters + string.digits + "/+"


def key_id(random: Random, prefix: str = "AKIA") -> str:
    return prefix + "".join(random.choices(_ID, k=16))


def secret_key(random: Random) -> str:
    return "".join(random.choices(_SECRET, k=40))


def session_token(random: Random) -> str:
    return b64encode(random.randbytes(random.randrange(250, 700))).decode()


def smtp_password(random: Random) -> str:
    return b64encode(b"\x04" + random.randbytes(32)).decode()


def bedrock_key(random: Random) -> str:
    return "ABSK" + b64encode(random.randbytes(random.randrange(84, 200))).decode()
