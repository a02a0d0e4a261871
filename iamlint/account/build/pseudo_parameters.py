"""What files leave to others: what AWS, the configuration and other files give in place of it.

A file below `accounts/ID/` is about that account, others about the home account.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from iamlint.account.build.layout import account_of_path
from iamlint.fast_dataclass import replace
from iamlint.load.link import Held, Link, bound, name_with, shown, without_choices
from iamlint.load.manifests.queue_url import queue_arn
from iamlint.text.source import Partial, Pseudo, Tagged, Unknown, nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from iamlint.account.build.declared import Declared
    from iamlint.load import Loaded
    from iamlint.load.document import Attachment, Document
    from iamlint.load.link import Binding, Name, Node, Ref
    from iamlint.load.workload import Workload
    from iamlint.text.source import Source, Value

_Give: TypeAlias = "Callable[[Unknown], Name]"

_Given = TypeVar("_Given", Held, Link)

_SUFFIXES: Final = {"aws": "amazonaws.com", "aws-cn": "amazonaws.com.cn"}


def fill_pseudo_parameters(loaded: Loaded, declared: Declared) -> Loaded:
    """Return the files, filled in with their account and with values from other files."""
    filling = _Filling(declared, loaded.bindings)
    return replace(
        loaded,
        documents=tuple(map(filling.document, loaded.documents)),
        nodes=tuple(map(filling.node, loaded.nodes)),
        links=tuple(_in_any_way(map(filling.link, loaded.links), _ends)),
        workloads=tuple(map(filling.workload, loaded.workloads)),
        not_analysed=tuple(
            replace(item, attachment=attachment_with(item.attachment, filling.give(item.path)))
            for item in loaded.not_analysed
        ),
    )


class _Filling:
    """Fills in one file after another; looks once at the parts that its policies share.

    INVARIANT: the caller keeps the sources, so that each has an id of its own.
    """

    def __init__(self, declared: Declared, bindings: tuple[Binding, ...]) -> None:
        self.declared = declared
        self.bindings: dict[str, list[Binding]] = {}
        for one in bindings:
            self.bindings.setdefault(one.identity, []).append(one)
        self._accounts: dict[str, str | None] = {}
        self._gives: dict[str | None, _Give] = {}
        self._sources: dict[int, Source] = {}

    def give(self, path: str) -> _Give:
        account = self._account(path)
        if account not in self._gives:
            known = _known(account, self.declared)
            self._gives[account] = bound(
                self._said_in(account),
                lambda part: known.get(part.means, part) if part.means else part,
            )
        return self._gives[account]

    def _account(self, path: str) -> str | None:
        if path not in self._accounts:
            self._accounts[path] = account_of_path(self.declared.below(path))
        return self._accounts[path]

    def _said_in(self, account: str | None) -> Iterator[Binding]:
        """Yield what is said in an account: by its own files where there are any."""
        for several in self.bindings.values():
            is_one = len(several) == 1
            own = [] if is_one else [one for one in several if self._account(one.path) == account]
            yield from own or several

    def document(self, document: Document) -> Document:
        give = self.give(document.path)
        attachment = document.attachment
        filled = attachment_with(attachment, give)
        source = self._source(document.source, give)
        if source is document.source:
            return document if filled is attachment else document.attached(filled)
        return replace(document, source=source, attachment=filled)

    def _source(self, source: Source, give: _Give) -> Source:
        found = self._sources.get(id(source))
        if found is None:
            found = self._sources[id(source)] = source_with(source, give)
        return found

    def node(self, node: Node) -> Node:
        give = self.give(node.path)
        ref, arn = _ref(node.ref, give), node.arn and name_with(node.arn, give)
        return node if ref is node.ref and arn is node.arn else replace(node, ref=ref, arn=arn)

    def link(self, link: Link) -> Link:
        give = self.give(link.path)
        holder, target = _ref(link.holder, give), _ref(link.target, give)
        is_same = holder is link.holder and target is link.target
        return link if is_same else replace(link, holder=holder, target=target)

    def workload(self, one: Workload) -> Workload:
        give = self.give(one.path)
        roles = tuple(_in_any_way((_held(held, give) for held in one.roles), _meant))
        names = tuple(name_with(name, give) for name in one.names)
        return replace(one, roles=roles, arn=one.arn and name_with(one.arn, give), names=names)


def _known(account: str | None, declared: Declared) -> Mapping[Pseudo, str]:
    found = {
        Pseudo.PARTITION: declared.partition,
        Pseudo.ACCOUNT: account or declared.account,
        Pseudo.REGION: declared.region,
        Pseudo.URL_SUFFIX: _SUFFIXES.get(declared.partition),
    }
    return {means: value for means, value in found.items() if value is not None}


def attachment_with(about: Attachment, give: _Give) -> Attachment:
    """Return what a policy is attached to with what is given in place of unknown parts."""
    if about.arn is None and about.policy_arn is None and not about.holders and not about.targets:
        return about
    return replace(
        about,
        holders=tuple(_in_any_way((_held(held, give) for held in about.holders), _meant)),
        arn=None if about.arn is None else _resource(name_with(about.arn, give)),
        policy_arn=None if about.policy_arn is None else name_with(about.policy_arn, give),
        targets=tuple(_in_any_way((_held(held, give) for held in about.targets), _meant)),
    )


def _in_any_way(found: Iterable[_Given], said: Callable[[_Given], object]) -> list[_Given]:
    """Return links, with one link for those that say the same under several conditions."""
    every = list(found)
    if not any(one.given for one in every):
        return every
    alike: dict[object, list[_Given]] = {}
    for one in every:
        alike.setdefault(said(one), []).append(one)
    return [
        one if one.given == way else replace(one, given=way)
        for one, *others in alike.values()
        for way in without_choices([one.given, *(other.given for other in others)])
    ]


def _ends(link: Link) -> object:
    return link.kind, link.holder, link.target


def _meant(held: Held) -> object:
    return held.ref


def _resource(name: Name) -> Name:
    """Return the ARN of a resource, which another file may have given as the URL of a queue."""
    return queue_arn(name) or name if shown(name).startswith("https:") else name


def _held(held: Held, give: _Give) -> Held:
    return replace(held, ref=_ref(held.ref, give))


def _ref(ref: Ref, give: _Give) -> Ref:
    if isinstance(ref.name, str) and isinstance(ref.account, str | None):
        return ref
    account = None if ref.account is None else name_with(ref.account, give)
    return replace(ref, name=name_with(ref.name, give), account=account)


def source_with(source: Source, give: _Give) -> Source:
    """Return a text in which some unknown parts are given; the same one if there are none."""
    if not source.readable or source.is_known or not _is_open(source.value):
        return source
    found = copy.copy(source)
    found.value = _value(source.value, give)
    return found


def _is_open(value: Value) -> bool:
    return any(isinstance(node, Unknown | Partial) for node in nodes(value))


def _value(value: Value, give: _Give) -> Value:
    if isinstance(value, dict):
        return {name: _value(child, give) for name, child in value.items()}
    if isinstance(value, list):
        return [_value(child, give) for child in value]
    if isinstance(value, Tagged):
        return replace(value, value=_value(value.value, give))
    return name_with(value, give) if isinstance(value, Unknown | Partial) else value
