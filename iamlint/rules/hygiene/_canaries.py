"""Accounts whose access keys are bait: they are in files so that their use raises an alarm.

https://github.com/trufflesecurity/trufflehog/blob/main/pkg/detectors/aws/access_keys/canary.go
"""

from __future__ import annotations

from typing import Final

CANARY_ACCOUNTS: Final = frozenset(
    {
        *("044858866125", "052310077262", "171436882533", "251535659677", "266735846894"),
        *("344043088457", "351906852752", "390477818340", "426127672474", "427150556519"),
        *("439872796651", "445142720921", "465867158099", "534261010715", "595918472158"),
        *("637958123769", "693412236332", "717712589309", "730335385048", "732624840810"),
        *("735421457923", "819147034852", "893192397702", "959235150393", "982842642351"),
        "992382622183",
    }
)
