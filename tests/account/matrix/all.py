"""All carriers of the matrix."""

from __future__ import annotations

from typing import Final

from tests.account.matrix import cloudformation, plans, terraform

CARRIERS: Final = (*terraform.CARRIERS, *plans.CARRIERS, *cloudformation.CARRIERS)
