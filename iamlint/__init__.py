"""Lint AWS IAM policies offline, and ask what they allow. `docs/api.md` has the public names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iamlint.account.ask.account import Account as Account
    from iamlint.account.ask.answer import Answer as Answer
    from iamlint.account.ask.answer import Ruling as Ruling
    from iamlint.api.evaluate import build_request as build_request
    from iamlint.api.evaluate import evaluate as evaluate
    from iamlint.api.lint import lint as lint
    from iamlint.api.parse import parse_policy as parse_policy
    from iamlint.errors import IamlintError as IamlintError
    from iamlint.errors import ReadError as ReadError
    from iamlint.errors import UsageError as UsageError
    from iamlint.evaluator.decision import Decision as Decision
    from iamlint.evaluator.request import Request as Request
    from iamlint.evaluator.verdict import Verdict as Verdict
    from iamlint.hookspecs import hookimpl as hookimpl
    from iamlint.load.document import Document as Document
    from iamlint.load.document import Item as Item
    from iamlint.load.document import NotAnalysed as NotAnalysed
    from iamlint.load.find.files import File as File
    from iamlint.load.options import Loader as Loader
    from iamlint.policy.grammar import Kind as Kind
    from iamlint.policy.model import Policy as Policy
    from iamlint.policy.model import Statement as Statement
    from iamlint.report.formats import Output as Output
    from iamlint.report.formats import Reporter as Reporter
    from iamlint.repository import Repository as Repository
    from iamlint.repository import find_repository as find_repository
    from iamlint.rule.finding import Confidence as Confidence
    from iamlint.rule.finding import Family as Family
    from iamlint.rule.finding import Finding as Finding
    from iamlint.rule.finding import Profile as Profile
    from iamlint.rule.finding import Severity as Severity
    from iamlint.rule.rule import Example as Example
    from iamlint.rule.rule import Hit as Hit
    from iamlint.rule.rule import Rule as Rule
    from iamlint.rule.rule import RuleContext as RuleContext
    from iamlint.rule.rule import bad as bad
    from iamlint.rule.rule import good as good
    from iamlint.rule.run import Run as Run
    from iamlint.text.read import read_bytes as read_bytes
else:
    from iamlint.lazy_names import lazy_names

    __all__, __getattr__ = lazy_names(
        __name__,
        {
            "account.ask.account": ("Account",),
            "account.ask.answer": ("Answer", "Ruling"),
            "api.evaluate": ("build_request", "evaluate"),
            "api.lint": ("lint",),
            "api.parse": ("parse_policy",),
            "errors": ("IamlintError", "ReadError", "UsageError"),
            "evaluator.decision": ("Decision",),
            "evaluator.request": ("Request",),
            "evaluator.verdict": ("Verdict",),
            "hookspecs": ("hookimpl",),
            "load.document": ("Document", "Item", "NotAnalysed"),
            "load.find.files": ("File",),
            "load.options": ("Loader",),
            "policy.grammar": ("Kind",),
            "policy.model": ("Policy", "Statement"),
            "report.formats": ("Output", "Reporter"),
            "repository": ("Repository", "find_repository"),
            "rule.finding": ("Confidence", "Family", "Finding", "Profile", "Severity"),
            "rule.rule": ("Example", "Hit", "Rule", "RuleContext", "bad", "good"),
            "rule.run": ("Run",),
            "text.read": ("read_bytes",),
        },
    )
