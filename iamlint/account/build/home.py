"""The account of files that do not name one, if no configuration does.

Other files give it, by the first of these that is there: identities that they describe, as dumps
and `accounts/ID/` do; resources that policies are attached to; users and roles of these files that
policies name. If that gives several accounts, answers depend on the account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.account.build.layout import HolderSlot, account_of_path, slot_of
from iamlint.account.build.resources import resource_of
from iamlint.account.origin import WHOLE, place
from iamlint.fast_dataclass import replace
from iamlint.policy.arn import account_of, is_account_id, parse_arn
from iamlint.policy.grammar import Kind
from iamlint.text.source import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.account.build.declared import Declared
    from iamlint.load import Loaded
    from iamlint.load.document import Document

_Said = tuple[str, str]  # an account, and what says it


def at_home(loaded: Loaded, declared: Declared) -> Declared:
    """Return what is declared, with the account that files say, or all that they may mean."""
    if declared.account is not None:
        return declared
    for tier in (_of_principals, _of_resources, _of_names):
        found: dict[str, str] = {}
        for account, said in tier(loaded, declared):
            found.setdefault(account, said)
        if len(found) == 1:
            ((account, said),) = found.items()
            return replace(declared, account=account, account_said=said)
        if found:
            return replace(declared, accounts=found)
    return declared


def _of_principals(loaded: Loaded, declared: Declared) -> Iterator[_Said]:
    """Yield the accounts of principals that files describe."""
    for node in loaded.nodes:
        if isinstance(node.ref.account, str):
            yield node.ref.account, f"{node.path} describes its `{node.ref}`"
    yield from _of_folders(loaded, declared)
    for name in declared.principals:
        if account := account_of(name):
            yield account, f'`[principals."{name}"]` names it'


def _of_folders(loaded: Loaded, declared: Declared) -> Iterator[_Said]:
    """Yield the accounts below `accounts/`; of one alone it may be that the rest is of another."""
    paths = [(declared.below(d.path), d.kind) for d in loaded.documents]
    found = {account for path, _ in paths if (account := account_of_path(path)) is not None}
    slots = (slot_of(path, kind) for path, kind in paths)
    is_beside = any(isinstance(slot, HolderSlot) and slot.account is None for slot in slots)
    if len(found) > 1 or not is_beside:
        yield from ((account, f"`accounts/{account}/` exists") for account in sorted(found))


def _of_resources(loaded: Loaded, declared: Declared) -> Iterator[_Said]:
    """Yield the accounts of resources that have policies."""
    for arn in declared.resources:
        if account := account_of(arn):
            yield account, f'`[resources."{arn}"]` names it'
    for document in loaded.documents:
        stands_on = _stands_on(document)
        if account := account_of(stands_on or ""):
            yield account, f"{place(document, WHOLE)} is about `{stands_on}`"


def _stands_on(document: Document) -> str | None:
    if document.kind is not Kind.RESOURCE:
        return None
    arn = document.attachment.arn
    if arn is None and document.attachment.address is None:
        return resource_of(document)
    return arn if isinstance(arn, str) else None


def _of_names(loaded: Loaded, declared: Declared) -> Iterator[_Said]:
    """Yield the accounts by which resource policies name users and roles of these files.

    Who is trusted may be of another account and have the same name.
    """
    known = set(_names(loaded, declared))
    for document in loaded.documents:
        if document.kind is not Kind.RESOURCE or not _may_name(document):
            continue
        for statement in document.policy.statements:
            named = statement.principal or statement.not_principal
            for principal in named.entries if named else ():
                arn = parse_arn(principal.entry.known or "")
                if arn is None or arn.service != "iam" or not is_account_id(arn.account):
                    continue
                kind, _, rest = arn.resource.partition("/")
                name = f"{kind}/{rest.rpartition('/')[2]}"
                if name in known:
                    yield arn.account, f"{place(document, principal.at)} names its `{name}`"


def _may_name(document: Document) -> bool:
    """Return whether a policy has the ARN of a principal in it, without a look at its grammar."""
    if not document.source.readable:
        return False
    return any(isinstance(node, str) and ":iam::" in node for node in nodes(document.value))


def _names(loaded: Loaded, declared: Declared) -> Iterator[str]:
    """Yield the names of principals whose account no file says."""
    yield from (str(node.ref) for node in loaded.nodes)
    yield from (name.replace("//", "/") for name in declared.principals)
    for document in loaded.documents:
        slot = slot_of(declared.below(document.path), document.kind)
        if isinstance(slot, HolderSlot):
            yield f"{slot.kind}/{slot.name}"
