"""The types of the pytest plugin of iamlint, for annotations; the fixture `iam` gives an `Iam`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_iam.decision import Decision
    from pytest_iam.errors import IamError
    from pytest_iam.fixtures import ArnPath, Iam
    from pytest_iam.principal import Principal

__all__ = ["ArnPath", "Decision", "Iam", "IamError", "Principal"]

_HOMES = {
    "ArnPath": "fixtures",
    "Decision": "decision",
    "Iam": "fixtures",
    "IamError": "errors",
    "Principal": "principal",
}


def __getattr__(name: str) -> object:
    """Import a type when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module `pytest_iam` has no attribute `{name}`")
    return getattr(import_module(f"pytest_iam.{_HOMES[name]}"), name)
