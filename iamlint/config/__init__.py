"""Files and flags into one frozen `Config`."""

from __future__ import annotations

from iamlint.config.find import holds_configuration, last_folder, nearest, of_all, read
from iamlint.config.keys import Config
from iamlint.config.scopes import Scopes
from iamlint.config.select import rule_options, rule_severities, select_rules

__all__ = [
    "Config",
    "Scopes",
    "holds_configuration",
    "last_folder",
    "nearest",
    "of_all",
    "read",
    "rule_options",
    "rule_severities",
    "select_rules",
]
