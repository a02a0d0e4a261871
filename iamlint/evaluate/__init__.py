"""Decides a request as AWS does, and says why; the linter's rules ask parts of it.

Names load their modules when first asked for: a linter run pays for what its rules use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iamlint.evaluate.context import Context, ContextValue, Missing, context_of
    from iamlint.evaluate.deciding import Deciding
    from iamlint.evaluate.decision import Decision, evaluate
    from iamlint.evaluate.derive import Membership, Surroundings, complete, derive_context
    from iamlint.evaluate.languages import Extent, coverage
    from iamlint.evaluate.pattern_question import Answer, all_of, ask_pattern
    from iamlint.evaluate.policy_set import PolicySet
    from iamlint.evaluate.reasons import Reason, ReasonKind
    from iamlint.evaluate.request import (
        Caller,
        CallerKind,
        Request,
        anonymous,
        caller_of,
        canonical_user,
        federated,
        service,
    )
    from iamlint.evaluate.scenario import simulate
    from iamlint.evaluate.settings import Settings
    from iamlint.evaluate.statement import CompiledPolicy, compile_policy
    from iamlint.evaluate.trace import render_trace
    from iamlint.evaluate.verdict import Verdict

__all__ = [
    "Answer",
    "Caller",
    "CallerKind",
    "CompiledPolicy",
    "Context",
    "ContextValue",
    "Deciding",
    "Decision",
    "Extent",
    "Membership",
    "Missing",
    "PolicySet",
    "Reason",
    "ReasonKind",
    "Request",
    "Settings",
    "Surroundings",
    "Verdict",
    "all_of",
    "anonymous",
    "ask_pattern",
    "caller_of",
    "canonical_user",
    "compile_policy",
    "complete",
    "context_of",
    "coverage",
    "derive_context",
    "evaluate",
    "federated",
    "render_trace",
    "service",
    "simulate",
]

_HOMES = {
    "context": ("Context", "ContextValue", "Missing", "context_of"),
    "deciding": ("Deciding",),
    "decision": ("Decision", "evaluate"),
    "derive": ("Membership", "Surroundings", "complete", "derive_context"),
    "languages": ("Extent", "coverage"),
    "pattern_question": ("Answer", "all_of", "ask_pattern"),
    "policy_set": ("PolicySet",),
    "reasons": ("Reason", "ReasonKind"),
    "request": (
        "Caller",
        "CallerKind",
        "Request",
        "anonymous",
        "caller_of",
        "canonical_user",
        "federated",
        "service",
    ),
    "scenario": ("simulate",),
    "settings": ("Settings",),
    "statement": ("CompiledPolicy", "compile_policy"),
    "trace": ("render_trace",),
    "verdict": ("Verdict",),
}


def __getattr__(name: str) -> object:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"iamlint.evaluate.{module}"), name)
    raise AttributeError(name)
