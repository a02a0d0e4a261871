"""The types of the pytest plugin of iamlint, for annotations; the fixture `iam` gives an `Iam`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_iam.bucket import ArnPath as ArnPath
    from pytest_iam.bucket import Bucket as Bucket
    from pytest_iam.claim import Claim as Claim
    from pytest_iam.decision import Decision as Decision
    from pytest_iam.errors import IamError as IamError
    from pytest_iam.fixtures import Iam as Iam
    from pytest_iam.principal import Principal as Principal
else:
    from iamlint.lazy_names import lazy_names

    __all__, __getattr__ = lazy_names(
        __name__,
        {
            "bucket": ("ArnPath", "Bucket"),
            "claim": ("Claim",),
            "decision": ("Decision",),
            "errors": ("IamError",),
            "fixtures": ("Iam",),
            "principal": ("Principal",),
        },
    )
