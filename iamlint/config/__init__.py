"""Files and flags into one frozen `Config`."""

from __future__ import annotations

from iamlint.config.find import nearest, read
from iamlint.config.model import Config
from iamlint.config.select import rule_options, selected

__all__ = ["Config", "nearest", "read", "rule_options", "selected"]
