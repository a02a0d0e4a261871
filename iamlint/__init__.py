"""Lint AWS IAM policies offline, and ask what they allow. What is in `__all__` is public."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iamlint.account.ask.account import Account
    from iamlint.account.ask.answer import Answer, Ruling
    from iamlint.account.ask.explain import explain
    from iamlint.account.ask.principal import Subject
    from iamlint.account.ask.sessions import (
        Terms,
        ask_to_assume,
        assumed,
        session_of,
        session_policy,
    )
    from iamlint.account.ask.who_can import Who, who_can
    from iamlint.account.coverage.coverage import (
        Assertion,
        AssertionCoverage,
        assertion_of,
        measure,
    )
    from iamlint.account.model import Identity
    from iamlint.errors import IamlintError, UsageError
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.load.given import vars_of
    from iamlint.repository import Repository, find_repository
    from iamlint.testing.declarative import IamTest, read_tests, run_case
    from iamlint.testing.file_check import FileCheck, check_file, is_policy_file

__all__ = [
    "Account",
    "Answer",
    "Assertion",
    "AssertionCoverage",
    "CompiledPolicy",
    "FileCheck",
    "IamTest",
    "IamlintError",
    "Identity",
    "Repository",
    "Ruling",
    "Subject",
    "Terms",
    "UsageError",
    "Who",
    "ask_to_assume",
    "assertion_of",
    "assumed",
    "check_file",
    "explain",
    "find_repository",
    "is_policy_file",
    "measure",
    "read_tests",
    "run_case",
    "session_of",
    "session_policy",
    "vars_of",
    "who_can",
]

_HOMES = {
    "account.ask.answer": ("Answer", "Ruling"),
    "account.ask.account": ("Account",),
    "account.coverage.coverage": ("Assertion", "AssertionCoverage", "assertion_of", "measure"),
    "account.ask.explain": ("explain",),
    "account.model": ("Identity",),
    "account.ask.sessions": ("Terms", "ask_to_assume", "assumed", "session_of", "session_policy"),
    "account.ask.principal": ("Subject",),
    "account.ask.who_can": ("Who", "who_can"),
    "errors": ("IamlintError", "UsageError"),
    "evaluator.statement": ("CompiledPolicy",),
    "testing.file_check": ("FileCheck", "check_file", "is_policy_file"),
    "testing.declarative": ("IamTest", "read_tests", "run_case"),
    "load.given": ("vars_of",),
    "repository": ("Repository", "find_repository"),
}
_HOME = {name: f"iamlint.{home}" for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: the package itself loads nothing."""
    if name not in _HOME:
        raise AttributeError(f"module `iamlint` has no attribute `{name}`")
    found: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = found
    return found
