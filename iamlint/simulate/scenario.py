"""One simulate scenario in, its decision out, both as plain JSON values.

The format is that of `iamlint simulate`; a scenario that is wrong has its faults in `errors` and
no decision.
"""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.evaluator.decision import Decision, evaluate
from iamlint.evaluator.doubts import doubts
from iamlint.evaluator.policy_set import PolicySet
from iamlint.evaluator.services.sts import needs_trust_policy
from iamlint.evaluator.statement import CompiledPolicy, compile_policy
from iamlint.evaluator.verdict import Verdict
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy
from iamlint.simulate.file import Seen, SharedPolicies
from iamlint.simulate.input import Json, ScenarioReader

if TYPE_CHECKING:
    from iamlint.evaluator.deciding import Deciding
    from iamlint.policy.problem import Problem
    from iamlint.text.source import Value

_KINDS: Final = ("identity", "resource", "boundary", "session", "scp", "rcp", "endpoint")
_MOST_COMPILED: Final = 4096
_MOST_LATEST: Final = 32
"""Policies that are kept, having come once; of those that come again, many are."""


def simulate(
    scenario: Mapping[str, object], *, rcp_services: frozenset[str] | None = None
) -> dict[str, object]:
    """Return the result of a scenario. `rcp_services` are those under RCPs; None means all."""
    read = ScenarioReader(rcp_services=rcp_services)
    members = read.scenario(scenario)
    settings = read.settings(members.get("settings"))
    request = read.request(members["request"]) if "request" in members else None
    trust = request is not None and needs_trust_policy(request)
    policies = _policies(read, members.get("policies"), trust=trust)
    id_ = members.get("id")
    if request is None or read.errors:
        return _answer(id_, errors=read.errors)
    decision = evaluate(request, policies, settings)
    return _answer(id_, decision)


def _answer(
    id_: object, decision: Decision | None = None, errors: list[str] | None = None
) -> dict[str, object]:
    if decision is None:
        return {
            "id": id_,
            "decision": None,
            "decided_by": [],
            "blocked_by": [],
            "missing_context": [],
            "errors": errors,
        }
    answer: dict[str, object] = {
        "id": id_,
        "decision": str(decision.verdict),
        "decided_by": [_decider(deciding) for deciding in decision.deciding],
        "blocked_by": [_kind_name(kind) for kind in decision.blocked_by],
        "missing_context": list(decision.missing_keys),
        "errors": [],
    }
    if decision.verdict is Verdict.UNDETERMINED:
        answer["open"] = [
            {
                "why": str(doubt.kind),
                "principals": list(doubt.principals),
                **_decider(doubt.statement),
            }
            for doubt in doubts(decision)
        ]
    return answer


def _decider(deciding: Deciding) -> dict[str, object]:
    return {
        "policy": _kind_name(deciding.kind),
        "index": deciding.index,
        "statement": deciding.statement,
        "sid": deciding.sid,
        "effect": str(deciding.effect) if deciding.effect else None,
    }


def _kind_name(kind: Kind) -> str:
    """Return the word of scenarios for a kind: policies on a resource have one word."""
    return str(Kind.RESOURCE if kind is Kind.TRUST else kind)


def _policies(read: ScenarioReader, value: Json, *, trust: bool) -> PolicySet:
    if not isinstance(value, SharedPolicies):
        return _policy_set(read, value, trust=trust)
    if trust not in value.compiled:
        before = len(read.errors)
        found = _policy_set(read, value, trust=trust)
        value.compiled[trust] = found, read.errors[before:]
        return found
    found, errors = value.compiled[trust]
    read.errors += errors
    return found


def _policy_set(read: ScenarioReader, value: Json, *, trust: bool) -> PolicySet:
    members = read.fields(value, "policies", _KINDS) if value is not None else {}
    resource = Kind.TRUST if trust else Kind.RESOURCE
    boundary = _documents(read, members.get("boundary"), "policies.boundary", Kind.BOUNDARY)
    if len(boundary) > 1:
        read.fault("policies.boundary", "holds several: a principal has at most one boundary")
    return PolicySet(
        identity=_documents(read, members.get("identity"), "policies.identity", Kind.IDENTITY),
        resource=_documents(read, members.get("resource"), "policies.resource", resource),
        boundary=boundary,
        session=_documents(read, members.get("session"), "policies.session", Kind.SESSION),
        scp=_levels(read, members.get("scp"), "policies.scp", Kind.SCP),
        rcp=_levels(read, members.get("rcp"), "policies.rcp", Kind.RCP),
        endpoint=_documents(read, members.get("endpoint"), "policies.endpoint", Kind.ENDPOINT),
    )


def _levels(
    read: ScenarioReader, value: Json, path: str, kind: Kind
) -> tuple[tuple[CompiledPolicy, ...], ...] | None:
    if value is None:
        return None
    return tuple(
        _documents(read, level, f"{path}[{at}]", kind, null=False)
        for at, level in enumerate(read.items(value, path))
    )


def _documents(
    read: ScenarioReader, value: Json, path: str, kind: Kind, *, null: bool = True
) -> tuple[CompiledPolicy, ...]:
    if value is None and not null:
        read.fault(path, "must be a list, and is null")
    compiled = []
    for at, item in enumerate(read.items(value, path)):
        where = f"{path}[{at}]"
        document = item
        if kind is Kind.IDENTITY and isinstance(item, Mapping) and "document" in item:
            document = read.fields(item, where, ("name", "document"))["document"]
            where = f"{where}.document"
        policy = _compiled(document, kind)
        if policy.source.problems:
            _report(read, policy, where)
        compiled.append(policy)
    return tuple(compiled)


_Cache: TypeAlias = "dict[tuple[bytes, Kind], CompiledPolicy]"
_CACHE: Final[_Cache] = {}
_LATEST: Final[_Cache] = {}
_SEEN: Final = Seen()


def _compiled(document: Json, kind: Kind) -> CompiledPolicy:
    """Return a document compiled, kept between calls: scenarios repeat their policies."""
    key = (marshal.dumps(document, 2), kind)  # type: ignore[arg-type] # JSON values all can be
    policy = _CACHE.get(key)
    if policy is None:
        policy = _LATEST.get(key) or compile_policy(parse_policy(_plain(document), kind))
        if _SEEN.is_new(key):
            _keep(_LATEST, key, policy, _MOST_LATEST)
        else:
            _keep(_CACHE, key, policy, _MOST_COMPILED)
    return policy


def _keep(cache: _Cache, key: tuple[bytes, Kind], policy: CompiledPolicy, most: int) -> None:
    if len(cache) >= most:
        cache.clear()
    cache[key] = policy


def _report(read: ScenarioReader, policy: CompiledPolicy, path: str) -> None:
    for problem in policy.source.problems:
        if not problem.is_accepted(policy.kind):
            help_ = f": {problem.help}" if problem.help else ""
            read.fault(_path(path, problem), f"is wrong: {problem.message}{help_}")


def _plain(document: Json) -> Value:
    return document  # type: ignore[return-value] # the parser takes any JSON value


def _path(path: str, problem: Problem) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in problem.at.pointer)
    return path + "".join(steps)
