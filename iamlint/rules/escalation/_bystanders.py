"""The principals that no chain can have, by the names of actions and principals alone.

Most principals of most accounts are such: they can take no step, and no trust policy of those who
can names them. To build an account takes longer than to find them. Where a name is not known, they
count as principals that a chain may have.
"""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING, Final

from iamlint.account.holdings import Bundle, name_of_aws, written_statements
from iamlint.catalog.escalation import escalation
from iamlint.catalog.overlay import PATH_SERVICES
from iamlint.fast_dataclass import dataclass
from iamlint.graph.answer import How
from iamlint.graph.held import glob_of_entry
from iamlint.graph.paths import path_uses
from iamlint.graph.stand_ins import is_outsider
from iamlint.load.link import Thing, bound, glob_of, name_with, parts_of
from iamlint.policy.grammar import Kind
from iamlint.policy.wildcard import is_wild, overlaps
from iamlint.rules.escalation._candidates import actions_in, named_in
from iamlint.rules.escalation._reachable import ALL_RIGHTS, is_open, value_of_aws
from iamlint.text.source import Partial, Pseudo, Unknown, nodes, without_tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.account.described import DescribedFiles
    from iamlint.account.holdings import Key
    from iamlint.graph.stand_ins import StandIns
    from iamlint.load.document import Document
    from iamlint.load.link import Ref
    from iamlint.text.source import Value

_ASKERS: Final = (Thing.USER, Thing.ROLE)
_ASSUME: Final = "sts:assumerole"
_REMOVING: Final = "guardrail-removal"
"""The rule of paths that help only those who have all rights but for a Deny or boundary."""


def bystanders(described: DescribedFiles, texts: StandIns) -> frozenset[Key] | None:
    """Return the users and roles that no chain can have; None if there is no chain at all.

    They are some of those that files describe in full. `texts` replace unknown values.
    """
    named = _ByNames(described, texts)
    return named.bystanders() if named.has_end else None


def may_decide_a_step(document: Document) -> bool:
    """Return whether a policy of a resource may name an action of a service with steps."""
    if is_open(document.value):
        return True
    return any(
        "Action" not in one or not all(map(_is_of_no_step, nodes(one["Action"])))
        for one in written_statements(document.value)
    )


def _is_of_no_step(action: Value) -> bool:
    if not isinstance(action, str):
        return isinstance(action, list)
    service = action.partition(":")[0].lower()
    return not is_wild(service) and "$" not in service and service not in PATH_SERVICES


@dataclass(frozen=True, slots=True)
class _Trust:
    """A trust policy: who has it, patterns of the names in it; others are accounts, or unknown."""

    holders: frozenset[Key]
    names: frozenset[str]
    names_others: bool


class _ByNames:
    """What names say of the steps of principals."""

    def __init__(self, described: DescribedFiles, texts: StandIns) -> None:
        self._read = described.read
        self._holdings = described.holdings
        self._give = bound((*self._read.bindings, *texts.bindings), lambda part: part)
        self._texts = texts
        self._known: dict[int, frozenset[str]] = {}

    @cached_property
    def _described(self) -> frozenset[Key]:
        """The users and roles that files describe in full, by names that nothing fills in."""
        found: set[Key] = set()
        others: set[Key] = set()
        for node in self._read.nodes:
            key = self._holdings.key(node.ref)
            if key is not None and node.ref.thing in _ASKERS:
                is_whole = node.whole and not _is_given_later(node.ref)
                (found if is_whole else others).add(key)
        return frozenset(found - others)

    @cached_property
    def _of_anybody(self) -> frozenset[str]:
        """The actions of policies that may be of anybody: it is not known who has them."""
        found: set[str] = set()
        for document in self._read.documents:
            if document.kind is Kind.IDENTITY and (named := self._named_in(document)):
                holders = [held.ref for held in document.attachment.holders]
                found |= named if any(map(self._may_be_any, holders)) else frozenset()
        for link in self._read.links:
            if link.holder.thing.is_principal and self._may_be_any(link.holder):
                found |= self._of_bundles(self._holdings.given_by(link))
        return frozenset(found)

    def _may_be_any(self, ref: Ref) -> bool:
        key = self._holdings.key(ref)
        if key is None or _is_given_later(ref):
            return True
        return key not in self._described and not isinstance(name_with(ref.name, self._give), str)

    @cached_property
    def _actions(self) -> dict[Key, frozenset[str]]:
        """The actions of paths that the policies of each principal name."""
        holdings, every = self._holdings, self._of_anybody
        return {
            key: every | self._of_bundles(holdings.together(key))
            for key in holdings.bundles
            if key[0] in _ASKERS
        }

    def _of_bundles(self, bundles: Sequence[Bundle]) -> frozenset[str]:
        if any(one.is_open for one in bundles):
            return frozenset(escalation().spelled)
        each = [self._named_in(document) for one in bundles for document in one.documents]
        each += [self._of_aws(name) for one in bundles for name in one.of_aws]
        return frozenset[str]().union(*each)

    def _named_in(self, document: Document) -> frozenset[str]:
        if id(document) not in self._known:
            self._known[id(document)] = _actions_of(document.value)
        return self._known[id(document)]

    def _of_aws(self, name: str) -> frozenset[str]:
        own = [self._named_in(one) for one in self._dumped_of_aws.get(name, ())]
        return _actions_of(value_of_aws(name)).union(*own)

    @cached_property
    def _dumped_of_aws(self) -> dict[str, list[Document]]:
        """The policies of AWS that the files contain, by path and name."""
        found: dict[str, list[Document]] = {}
        for document in (*self._read.of_aws, *self._read.documents):
            arn = document.attachment.policy_arn
            if arn is not None and (name := name_of_aws(arn)):
                found.setdefault(name, []).append(document)
        return found

    @cached_property
    def has_end(self) -> bool:
        """Whether someone may have all rights in the end, alone."""
        return any(
            self._can_go(every, ALL_RIGHTS) for every in (*self._actions.values(), self._of_anybody)
        )

    def bystanders(self) -> frozenset[Key]:
        """Return those described in full without a step, and not named by trust policies of others."""
        if self._can_go(self._of_anybody):
            return frozenset()
        left = {key for key in self._described if not self._can_go(self._actions_but_assume(key))}
        trusts = [*self._trusts]
        while left:
            asked = [trust for trust in trusts if not trust.holders or not trust.holders <= left]
            trusts = [trust for trust in trusts if trust.holders and trust.holders <= left]
            names = {text for trust in asked for text in trust.names}
            if "*" in names:
                return frozenset()
            targets = {
                text for trust in asked if trust.names_others for text in self._called(trust)
            }
            found = {key for key in left if self._is_named(key, names)}
            found |= {key for key in left - found if self._may_assume(key, targets)}
            if not found:
                return frozenset(left)
            left -= found
        return frozenset()

    def _can_go(self, actions: frozenset[str], rule: str | None = None) -> bool:
        """Return whether actions are all that a step needs; of any rule, or of one."""
        steps = _steps(has_workloads=bool(self._read.workloads))
        return any(
            all(not actions.isdisjoint(need) for need in path.needs)
            for path in escalation().with_last_need(actions)
            if path.id in steps and rule in (None, path.rule)
        )

    def _actions_but_assume(self, key: Key) -> frozenset[str]:
        return self._actions.get(key, frozenset()) - {_ASSUME}

    def _called(self, trust: _Trust) -> Iterable[str]:
        """Return the names of the roles of a trust policy; `*` where they are not known."""
        return {self._globs.get(key, "*") for key in trust.holders} or {"*"}

    @property
    def _trusts(self) -> Iterator[_Trust]:
        """Yield what the trust policies of roles say; a role without one may trust anybody."""
        met: set[Key] = set()
        for document in self._read.documents:
            if document.kind is Kind.TRUST:
                keys = [self._holdings.key(held.ref) for held in document.attachment.holders]
                known = frozenset(key for key in keys if key is not None)
                met |= known
                names, names_others = self._trusted(document)
                yield _Trust(known if len(known) == len(keys) else frozenset(), names, names_others)
        for key in self._described - met:
            yield _Trust(frozenset({key}), frozenset(), names_others=True)

    def _trusted(self, document: Document) -> tuple[frozenset[str], bool]:
        """Return patterns of the names that a trust policy names, and if it names others too."""
        found: set[str] = set()
        names_others = is_open(document.value)
        for statement in written_statements(document.value):
            named = without_tag(statement.get("Principal"))
            if "NotPrincipal" in statement or isinstance(named, str):
                found.add("*")
            if not isinstance(named, dict):
                names_others = True
                continue
            given = without_tag(named.get("AWS", []))
            for one in map(without_tag, given if isinstance(given, list) else [given]):
                name = self._name_in(one)
                names_others |= name is None
                found |= set() if name is None else {name}
        return frozenset(found), names_others

    def _name_in(self, principal: Value) -> str | None:
        """Return a pattern of the name of a user or role; None for accounts, and if not known."""
        if not isinstance(principal, str | Partial):
            return None
        name = name_with(principal, self._give)
        if isinstance(name, Unknown) or (isinstance(name, str) and is_outsider(name)):
            return None
        glob = glob_of_entry(self._texts.as_glob(glob_of(name)))
        if "/" not in glob:
            return "*" if "*" in glob and not glob.endswith(":root") else None
        start, _, session = glob.partition(":assumed-role/")
        return _last(session.partition("/")[0] if session else start)

    def _is_named(self, key: Key, names: AbstractSet[str]) -> bool:
        name = self._globs[key]
        return name in names or any(overlaps(one, name) for one in names if is_wild(one + name))

    def _may_assume(self, key: Key, targets: AbstractSet[str]) -> bool:
        """Return whether a principal may name one of some roles where it may assume some."""
        if _ASSUME not in self._actions.get(key, ()) or not targets:
            return False
        bundles = self._holdings.together(key)
        if any(one.of_aws for one in bundles):
            return True
        documents = (document for one in bundles for document in one.documents)
        named = {name for document in documents for name in self._assumed_in(document)}
        return any(overlaps(one, name) for one in named for name in targets)

    def _assumed_in(self, document: Document) -> Iterator[str]:
        """Yield patterns of the names of roles that a policy may allow to assume."""
        for statement in written_statements(document.value):
            if _ASSUME in named_in(statement, escalation()):
                given = without_tag(statement.get("Resource", "*"))
                for one in map(without_tag, given if isinstance(given, list) else [given]):
                    yield _last(self._as_glob(one)) if isinstance(one, str | Partial) else "*"

    def _as_glob(self, text: str | Partial) -> str:
        return glob_of_entry(self._texts.as_glob(glob_of(name_with(text, self._give))))

    @cached_property
    def _globs(self) -> dict[Key, str]:
        """The names of those described in full, with `*` for what is not known."""
        found: dict[Key, str] = {}
        for node in self._read.nodes:
            key = self._holdings.key(node.ref)
            if key in self._described:
                name = name_with(node.ref.name, self._give)
                found[key] = self._texts.as_glob(glob_of(name))
        return found


def _last(arn: str) -> str:
    """Return a pattern of the name at the end of an ARN; what is not known may contain a path."""
    last = arn.rpartition("/")[2]
    return f"*{last.rpartition('*')[2]}" if "*" in last else last


def _is_given_later(ref: Ref) -> bool:
    """Return whether a part of a name is an account, a region or the like, which may be known."""
    names = (ref.name, *(() if ref.account is None else (ref.account,)))
    return any(
        isinstance(part, Unknown) and part.means not in (None, Pseudo.STACK_NAME)
        for name in names
        for part in parts_of(name)
    )


def _actions_of(value: Value) -> frozenset[str]:
    """Return the actions of paths that a policy may name, all where that is not known."""
    is_known = not is_open(value) and all(
        isinstance(one.get("Effect"), str) and not _has_variable(one)
        for one in written_statements(value)
    )
    return actions_in(value) if is_known else frozenset(escalation().spelled)


def _has_variable(statement: dict[str, Value]) -> bool:
    """Return whether an action is written with a variable."""
    return any(isinstance(one, str) and "${" in one for one in nodes(statement.get("Action")))


@cache
def _steps(*, has_workloads: bool) -> frozenset[str]:
    """Return the paths that one principal alone may go, by their ids."""
    return frozenset(
        use.path.id
        for use in path_uses().values()
        if use.how is not None and use.path.rule != _REMOVING
        if has_workloads or use.how is not How.RUN_AS
    )
