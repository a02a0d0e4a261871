"""All carriers, format by format."""

from __future__ import annotations

from typing import Final

from tests.load.carriers import data, dumps, modules, services, templates

WRITERS: Final = (
    *data.CARRIERS,
    *templates.CARRIERS,
    *modules.CARRIERS,
    *dumps.CARRIERS,
    *services.CARRIERS,
)
