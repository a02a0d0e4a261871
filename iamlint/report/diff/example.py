"""A request that shows a gain, as a command or as a scenario of `iamlint simulate`."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Final

from iamlint.account.ask.validate import (
    actions_of,
    arn_patterns,
    check_fit,
    checked_context,
    checked_resource,
    refuse_keys,
)
from iamlint.account.model import IdentityKind
from iamlint.errors import UsageError
from iamlint.evaluator.derive import derive_context
from iamlint.evaluator.request import Request, caller_of
from iamlint.policy.grammar import Kind
from iamlint.policy.requested import RequestedResource
from iamlint.reason.answer import UnitStatus
from iamlint.text.source import Input

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.catalog import Catalog
    from iamlint.reason.answer import Difference, UnitChange, Witness

_ASKED: Final = (IdentityKind.ROLE, IdentityKind.USER)


def example(change: UnitChange, one: Difference, catalog: Catalog) -> str:
    """Return the command that asks about the witness, or a scenario where `can` refuses it."""
    name = change.subject
    if name is not None and _is_asked(change, one.witness):
        try:
            return shlex.join(["iamlint", "can", *_question(name, one, catalog)])
        except UsageError:
            pass
    return json.dumps({"request": request(one.witness)}, ensure_ascii=False)


def request(witness: Witness) -> dict[str, object]:
    """Return a witness as `iamlint simulate` takes it."""
    principal, context = witness.principal, witness.context
    return {
        "principal": principal if isinstance(principal, str) else dict(principal),
        "action": witness.action,
        "resource": witness.resource,
        "resource_account": witness.resource_account,
        "context": {
            key: value if isinstance(value, str) else list(value) for key, value in context.items()
        },
    }


def _is_asked(change: UnitChange, witness: Witness) -> bool:
    """Return whether `can` knows the principal, and takes its account for that of the resource."""
    kind = (change.subject or "").partition("/")[0]
    is_elsewhere = None not in (change.account, witness.resource_account) and (
        change.account != witness.resource_account
    )
    is_there = change.kind == Kind.IDENTITY and change.status is not UnitStatus.GONE
    return is_there and kind in _ASKED and not is_elsewhere


def _question(name: str, one: Difference, catalog: Catalog) -> Iterator[str]:
    """Yield the words of the question; raise if `can` would refuse one."""
    witness = one.witness
    yield name
    yield from actions_of(catalog, (witness.action,))
    resource = checked_resource(catalog, witness.resource)
    if not resource.is_everything:
        check_fit(witness.action, resource, arn_patterns(catalog, catalog.action(witness.action)))
        yield from ("--on", witness.resource)
    checked_context(catalog, witness.context)
    refuse_keys(catalog, witness.context, (witness.action,))
    for key, value in witness.context.items():
        for text in (value,) if isinstance(value, str) else value:
            yield from ("--context", f"{key}={text}")
    for key in _absent(one, catalog):
        yield from ("--absent", key)
    for given, value in witness.given.items():
        if flag := Input(given).flag:
            yield from flag.replace("…", value).split(" ", 1)


def _absent(one: Difference, catalog: Catalog) -> Iterator[str]:
    """Yield the keys that the gain depends on and the request does not have."""
    known = {key.lower() for key in (*one.witness.context, *_derived(one.witness))}
    for key in one.condition:
        if key.lower() not in known and _may_be_absent(key, one.witness.action, catalog):
            yield key


def _derived(witness: Witness) -> Iterable[str]:
    """Return the keys that AWS itself derives from the principal and the resource."""
    caller = caller_of(witness.principal) if isinstance(witness.principal, str) else None
    if caller is None:
        return ()
    resource = RequestedResource.of(witness.resource)
    return derive_context(Request(caller, witness.action, resource, witness.resource_account))


def _may_be_absent(key: str, action: str, catalog: Catalog) -> bool:
    try:
        checked_context(catalog, {key: None})
        refuse_keys(catalog, (key,), (action,))
    except UsageError:
        return False
    return True
