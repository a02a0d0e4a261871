"""A plain value to a policy, with every grammar problem on the way, never only the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass, field
from iamlint.policy import parse_condition
from iamlint.policy.at import At
from iamlint.policy.grammar import (
    PAIRS,
    POLICY_ELEMENTS,
    STATEMENT_ELEMENTS,
    Effect,
    Kind,
    PrincipalType,
    Version,
)
from iamlint.policy.model import (
    Condition,
    Element,
    Entry,
    Policy,
    Principal,
    Principals,
    Statement,
)
from iamlint.policy.placeholder import is_placeholder, with_unknowns
from iamlint.policy.problem import GrammarFault
from iamlint.policy.problem_collector import ProblemCollector, is_unknown
from iamlint.policy.spelling import closest
from iamlint.text.source import Presence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.text.source import Value


def parse_policy(value: Value, kind: Kind, file: str | None = None) -> Policy:
    """Return the policy of a document; its `problems` do not keep the rest from being read.

    Placeholders of other tools mean one value each in `file`.
    """
    return _Policy(ProblemCollector(file), kind).policy(value)


@dataclass(slots=True)
class _Policy:
    reading: ProblemCollector
    kind: Kind

    def policy(self, value: Value) -> Policy:
        root = At(())
        if is_unknown(value):
            return Policy(self.kind, (), opaque=frozenset({"Statement"}))
        members = self.reading.object(value, root, "the policy")
        if members is None:
            return Policy(self.kind, (), problems=tuple(self.reading.problems))
        meant = self._elements(members, root, POLICY_ELEMENTS, "a policy")
        version = self._version(members, root)
        if "Id" in members:
            self.reading.string(members["Id"], root / "Id", "`Id`")
        statements = tuple(self._statements(members, root, meant))
        return Policy(
            self.kind,
            statements,
            version=version,
            has_version="Version" in meant,
            problems=tuple(self.reading.problems),
            opaque=frozenset(name for name in members if is_unknown(members[name])),
        )

    def _elements(
        self, members: dict[str, Value], at: At, known: tuple[str, ...], of: str
    ) -> frozenset[str]:
        """Report unknown elements; return the names that are there or were probably meant."""
        meant = set(members)
        if meant.issubset(known):
            return frozenset(meant)
        for name in members:
            if name in known:
                continue
            if is_placeholder(name):
                meant.update(known)
                continue
            near = closest(name, known)
            if near:
                meant.add(near)
            self.reading.report(
                GrammarFault.UNKNOWN_ELEMENT,
                (at / name).of_key,
                f"`{name}` is not an element of {of}, so AWS rejects the policy",
                help=f"did you mean `{near}`?" if near else f"the elements are {_names(known)}",
            )
        return frozenset(meant)

    def _version(self, members: dict[str, Value], root: At) -> Version | None:
        at = root / "Version"
        if "Version" not in members:
            return None
        text = self.reading.string(members["Version"], at, "`Version`")
        if text is None or not isinstance(text.value, str):
            return None
        if text.value in _VERSIONS:
            return _VERSIONS[text.value]
        self.reading.report(
            GrammarFault.INVALID_VERSION,
            at,
            f"`{text.value}` is not a version of the policy language, so AWS rejects the policy",
            help="write `2012-10-17`; it names the language, not the date of the policy",
        )
        return None

    def _statements(
        self, members: dict[str, Value], root: At, meant: frozenset[str]
    ) -> Iterator[Statement]:
        at = root / "Statement"
        if "Statement" not in members:
            if "Statement" not in meant:
                self.reading.report(
                    GrammarFault.MISSING_STATEMENT,
                    root,
                    "the policy has no `Statement`, so AWS rejects it",
                )
            return
        value = members["Statement"]
        if isinstance(value, dict):
            yield from self._statement(value, at, 0)
        elif isinstance(value, list):
            if not value:
                self.reading.report(
                    GrammarFault.MISSING_STATEMENT,
                    at,
                    "the policy has no statement, so AWS rejects it",
                )
            for index, item in enumerate(value):
                yield from self._statement(item, at / index, index)
        elif not is_unknown(value):
            self.reading.wrong_type(value, at, "`Statement`", "an object or a list of objects")

    def _statement(self, value: Value, at: At, index: int) -> Iterator[Statement]:
        if is_unknown(value):
            opaque = frozenset(STATEMENT_ELEMENTS)
            yield Statement(index, at, opaque=opaque, has_more_conditions=True)
            return
        members = self.reading.object(value, at, "the statement")
        if members is not None:
            yield _Statement(self.reading, self.kind, members, at).read(
                index, self._elements(members, at, STATEMENT_ELEMENTS, "a statement")
            )


@dataclass(slots=True)
class _Statement:
    reading: ProblemCollector
    kind: Kind
    members: dict[str, Value]
    at: At
    opaque: set[str] = field(default_factory=set)
    has_more_conditions: bool = False
    is_open: bool = False

    def read(self, index: int, meant: frozenset[str]) -> Statement:
        self._missing(meant)
        self._conflicts()
        return Statement(
            index,
            self.at,
            sid=self._sid(),
            effect=self._effect(),
            principal=self._principals("Principal"),
            not_principal=self._principals("NotPrincipal"),
            action=self._element("Action"),
            not_action=self._element("NotAction"),
            resource=self._element("Resource"),
            not_resource=self._element("NotResource"),
            conditions=tuple(self._conditions()),
            opaque=frozenset(self.opaque),  # last: the others add to it
            has_more_conditions=self.has_more_conditions,
            is_open=self.is_open,
        )

    def _missing(self, meant: frozenset[str]) -> None:
        for fault, names in _WANTED.items():
            if meant.isdisjoint(names) and self._wants(fault):
                self.reading.report(
                    fault,
                    self.at,
                    f"the statement has no {_names(names, 'or')}, so AWS rejects the policy",
                )

    def _wants(self, fault: GrammarFault) -> bool:
        if fault is GrammarFault.MISSING_RESOURCE:
            return self.kind is not Kind.TRUST
        return fault is not GrammarFault.MISSING_PRINCIPAL or self.kind.has_principal

    def _conflicts(self) -> None:
        for one, other in PAIRS:
            if one in self.members and other in self.members:
                self.reading.report(
                    GrammarFault.CONFLICTING_ELEMENTS,
                    (self.at / other).of_key,
                    f"the statement has both `{one}` and `{other}`, so AWS rejects the policy",
                )
        for name in ("Principal", "NotPrincipal"):
            if name in self.members and not self.kind.has_principal:
                self.reading.report(
                    GrammarFault.MISPLACED_PRINCIPAL,
                    (self.at / name).of_key,
                    f"a policy of kind `{self.kind}` cannot have `{name}`, so AWS rejects it",
                    help="remove it: the policy applies to the principal it is attached to",
                )

    def _sid(self) -> Entry | None:
        if "Sid" not in self.members:
            return None
        return self.reading.string(self.members["Sid"], self.at / "Sid", "`Sid`")

    def _effect(self) -> Effect | None:
        if "Effect" not in self.members:
            return None
        value, at = self.members["Effect"], self.at / "Effect"
        if isinstance(value, str) and value in _EFFECTS:
            return _EFFECTS[value]
        entry = self.reading.string(value, at, "`Effect`")
        if entry is None or entry.known is None:
            self.opaque.add("Effect")
            return None
        near = closest(entry.known, Effect)
        self.reading.report(
            GrammarFault.INVALID_EFFECT,
            at,
            f"`{entry.known}` is not a valid `Effect`, so AWS rejects the policy",
            help=f"did you mean `{near}`?" if near else "write `Allow` or `Deny`",
        )
        return None

    def _element(self, name: str) -> Element | None:
        if name not in self.members:
            return None
        value, at = self.members[name], self.at / name
        if value == []:
            self._empty_list(name, at)
        entries = tuple(self.reading.strings(value, at, f"`{name}`"))
        if None in [entry.known for entry in entries] or is_unknown(value):
            self.opaque.add(name)
        return Element(name, entries, at, scalar=not isinstance(value, list))

    def _empty_list(self, name: str, at: At) -> None:
        """Report an element that is an empty list. AWS was seen to reject `Action` and `Resource`.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
        """
        is_negated = name.startswith("Not")
        effect = "which the policy grammar forbids" if is_negated else "so AWS rejects the policy"
        message = f"`{name}` is an empty list, {effect}"
        self.reading.report(_EMPTY_LISTS[name], at, message, may_pass=is_negated)

    def _principals(self, name: str) -> Principals | None:
        if name not in self.members:
            return None
        value, at = self.members[name], self.at / name
        if is_unknown(value) or (isinstance(value, str) and is_unknown(with_unknowns(value))):
            self.opaque.add(name)
            return Principals(name, (), at)
        if value == "*":
            everyone = Principal(PrincipalType.AWS, Entry("*", at))
            return Principals(name, (everyone,), at, bare=True)
        if isinstance(value, dict | list):
            self._without_principals(name, value, at)
        if value == []:
            return Principals(name, (), at)
        if isinstance(value, str | list):
            self._untyped(value, at)
            return Principals(name, (), at)
        members = self.reading.object(value, at, f"`{name}`")
        entries = tuple(self._typed_principals(members or {}, at))
        if any(principal.entry.known is None for principal in entries) or any(
            map(is_placeholder, members or ())
        ):
            self.opaque.add(name)
        return Principals(name, entries, at)

    def _without_principals(self, name: str, value: dict[str, Value] | list[Value], at: At) -> None:
        """Report what names no principal; IAM and S3 reject a statement without any.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
        """
        members = value if isinstance(value, dict) else {}
        empty = [at / type_ for type_ in PrincipalType if members.get(type_) == []]
        may_pass = name != "Principal" or len(empty) < len(members)
        fault, what, effect = GrammarFault.EMPTY_PRINCIPAL_LIST, "list", "so it names no principal"
        if value == {}:
            fault, what, effect = (
                GrammarFault.EMPTY_PRINCIPAL_OBJECT,
                "object",
                "which most services reject",
            )
        if not may_pass:
            effect = "so AWS rejects the policy"
        for one in empty if members else [at] if not value else ():
            message = f"`{one.pointer[-1]}` is an empty {what}, {effect}"
            self.reading.report(fault, one, message, may_pass=may_pass)

    def _untyped(self, value: str | list[Value], at: At) -> None:
        what = f"`{value}`" if isinstance(value, str) else "a list"
        example = f'{{"{_likely_type(value)}": "{value}"}}' if isinstance(value, str) else None
        self.reading.report(
            GrammarFault.INVALID_PRINCIPAL,
            at,
            f"{what} has no type of principal, so AWS rejects the policy: only `*` needs no type",
            help=f"write `{example}`" if example else None,
        )

    def _typed_principals(self, members: dict[str, Value], at: At) -> Iterator[Principal]:
        types = tuple(PrincipalType)
        for name, value in members.items():
            if is_placeholder(name):
                continue
            if name not in types:
                near = closest(name, types)
                self.reading.report(
                    GrammarFault.UNKNOWN_PRINCIPAL_TYPE,
                    (at / name).of_key,
                    f"`{name}` is not a type of principal, so AWS rejects the policy",
                    help=f"did you mean `{near}`?" if near else f"the types are {_names(types)}",
                )
                continue
            for entry in self.reading.strings(value, at / name, f"`{name}`"):
                yield Principal(PrincipalType(name), entry)

    def _conditions(self) -> Iterator[Condition]:
        if "Condition" not in self.members:
            return
        value, at = self.members["Condition"], self.at / "Condition"
        inner = value.values() if isinstance(value, dict) else (value,)
        self.is_open = any(isinstance(one, Presence) for one in inner)
        if is_unknown(value):
            self.opaque.add("Condition")
            self.has_more_conditions = True
            return
        if value == {}:
            self.reading.report(
                GrammarFault.EMPTY_CONDITION,
                at,
                "`Condition` is an empty object, so it does not restrict the statement",
            )
        if isinstance(value, dict) and any(
            is_unknown(keys) or is_placeholder(name) for name, keys in value.items()
        ):
            self.opaque.add("Condition")
            self.has_more_conditions = True
        for condition in parse_condition.conditions(self.reading, value, at):
            if any(entry.known is None for entry in condition.values):
                self.opaque.add("Condition")
            yield condition


_VERSIONS = {version.value: version for version in Version}
_EFFECTS = {effect.value: effect for effect in Effect}
_WANTED = {
    GrammarFault.MISSING_EFFECT: ("Effect",),
    GrammarFault.MISSING_ACTION: ("Action", "NotAction"),
    GrammarFault.MISSING_RESOURCE: ("Resource", "NotResource"),
    GrammarFault.MISSING_PRINCIPAL: ("Principal", "NotPrincipal"),
}
_EMPTY_LISTS = {
    "Action": GrammarFault.EMPTY_ACTION,
    "NotAction": GrammarFault.EMPTY_ACTION,
    "Resource": GrammarFault.EMPTY_RESOURCE,
    "NotResource": GrammarFault.EMPTY_RESOURCE,
}


def _likely_type(principal: str) -> PrincipalType:
    if principal.endswith((".amazonaws.com", ".amazonaws.com.cn", ".amazon.com")):
        return PrincipalType.SERVICE
    federated = ":saml-provider/" in principal or ":oidc-provider/" in principal
    return PrincipalType.FEDERATED if federated else PrincipalType.AWS


def _names(names: tuple[str, ...], last: str = "and") -> str:
    *most, end = (f"`{name}`" for name in names)
    return f"{', '.join(most)} {last} {end}" if most else end
