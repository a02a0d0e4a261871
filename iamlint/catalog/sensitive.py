"""Actions that hand out credentials, data or access, or that destroy or blind: `sensitive.json`.

The file has `categories`, each with its actions by band: `high`, `medium`, `low`, which is how bad
a grant on every resource is. Actions of AWS's access level "permissions management" are not
repeated there. Left out are tokens that carry the caller's own rights, of actions that take no
resource, such as `ecr:GetAuthorizationToken`.
"""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.catalog.escalation import Band

if TYPE_CHECKING:
    from collections.abc import Mapping


class Sensitive(StrEnum):
    """What makes an action sensitive."""

    CREDENTIALS = "credentials"
    DATA = "data"
    SHARING = "sharing"
    DESTRUCTION = "destruction"
    LOGGING = "logging"


@cache
def sensitive_actions() -> Mapping[Sensitive, Mapping[str, Band]]:
    """Return each category's actions, in lower case, with their bands; read once."""
    text = Path(__file__).with_name("sensitive.json").read_text(encoding="utf-8")
    categories: Mapping[str, Mapping[str, list[str]]] = json.loads(text)["categories"]
    return {
        Sensitive(name): {
            action.lower(): Band[band.upper()]
            for band, actions in bands.items()
            for action in actions
        }
        for name, bands in categories.items()
    }
