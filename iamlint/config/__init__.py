"""Files and flags into one frozen `Config`."""

from __future__ import annotations

from iamlint.config.find import holds_configuration, nearest, read
from iamlint.config.model import Config
from iamlint.config.select import rule_options, selected

__all__ = ["Config", "holds_configuration", "nearest", "read", "rule_options", "selected"]
