"""Names that no resource has, by the service in the ARN. State of 2026-11."""

from __future__ import annotations

from typing import Final

from iamlint.catalog.values.described import Exclusion
from iamlint.catalog.values.identities import IAM_EXCLUSIONS
from iamlint.catalog.values.shapes import PARTITION

_SECRET: Final = f"{PARTITION}:secretsmanager:[^:]+:[^:]+:secret:[^:]+"
# AWS gives out six random letters and digits: hardly ever are they one of these words.
_WORDS: Final = ("access", "apikey", "client", "config", "github", "master", "secret", "tokens")

EXCLUSIONS: Final = {
    "iam": IAM_EXCLUSIONS,
    # https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-alias-ARN
    "kms": (
        Exclusion(
            "arn:*:kms:*:*:key/alias/*",
            "an alias is not a key: write the ARN of the key, or `*` with `kms:ResourceAliases`",
        ),
    ),
    # https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html
    "secretsmanager": (
        *(
            Exclusion(
                f"arn:*:secretsmanager:*:*:secret:*-{word}",
                "the ARN of a secret has a hyphen and six more characters: add `-??????`",
            )
            for word in _WORDS
        ),
        Exclusion(
            "arn:*:secretsmanager:*:*:secret:*-??????:*",
            "remove what is after the name: the key of a value is not part of the ARN",
        ),
        Exclusion(
            "arn:*:secretsmanager:*:*:secret:*",
            "the ARN of a secret has a hyphen and six more characters: add `-??????`",
            (f"{_SECRET}-[A-Za-z0-9]{{6}}",),
        ),
    ),
    # A name that begins with a slash has no further one in the ARN.
    # https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html
    "ssm": (Exclusion("arn:*:ssm:*:*:parameter//*", "write one slash after `parameter`"),),
}
