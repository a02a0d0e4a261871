"""What a statement shows, as the bits of the words of `Rule.when`.

Each text is looked at once in a run. An unknown text shows everything that a text can show, except
variables, which rules read in known parts only, and faults of ARNs, which they read in its pattern.
"""

from __future__ import annotations

from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Final

from iamlint.catalog.overlay import PATH_SERVICES
from iamlint.grants.targets import is_of_some_requests
from iamlint.policy.action import parse_action
from iamlint.policy.grammar import Effect, PrincipalType, Quantifier
from iamlint.policy.wildcard import is_wild, matches
from iamlint.rule.when import WORDS
from iamlint.text.source import Partial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from iamlint.catalog import Catalog
    from iamlint.policy.action import ActionPattern
    from iamlint.policy.model import Condition, Entry, Policy, Principals, Statement
    from iamlint.rule import OwnAccounts
    from iamlint.rule.when import Vocabulary

_MANY: Final = 1 << 16
"""Texts of one sort that are remembered."""

_LONG: Final = 2048
"""Characters of a text that is not looked at: it shows everything."""

_FIELDS: Final = 6
_SERVICE: Final = 2


class _Seen(dict[str, int]):
    """The bits of texts; each text is looked at when it is first asked for."""

    def __init__(
        self, look: Callable[[str], int], open_: Callable[[Entry], int], every: int
    ) -> None:
        super().__init__()
        self._look = look
        self._open = open_
        self.every = every

    def __missing__(self, text: str) -> int:
        if len(self) >= _MANY:
            self.clear()
        found = self[text] = self._look(text) if len(text) < _LONG else self.every
        return found

    def all(self, entries: Iterable[Entry]) -> int:
        """Return what the entries show together."""
        found = 0
        for entry in entries:
            known = entry.known
            found |= self._open(entry) if known is None else self[known]
        return found


class _Words:
    """The bits of some words, and how texts of one sort are looked at."""

    def __init__(self, words: Vocabulary, catalog: Catalog) -> None:
        self.bit = {word: words.bits.get(word, 0) for word in self.own}
        self.catalog = catalog
        self.starting = {start: words.starting(start) for start in self.starts}
        started = (bit for found in self.starting.values() for bit in found.values())
        self.seen = _Seen(self.look, self.look_open, sum({*self.bit.values(), *started}))

    own: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()

    def look(self, text: str) -> int:
        raise NotImplementedError

    def look_open(self, _entry: Entry) -> int:
        """Return what an entry with unknown parts shows: everything that a text can show."""
        return self.seen.every


class _OfActions(_Words):
    own = (
        *("malformed action", "unlisted action", "unlisted service", "wild action"),
        *("every action", "wild service", "misplaced variable", "last of a path"),
    )
    starts = ("service", "action")

    def __init__(self, words: Vocabulary, catalog: Catalog) -> None:
        super().__init__(words, catalog)
        self._every_service = sum(self.starting["service"].values())
        self._unlisted_services = _Seen(self._look_at_service, self.look_open, 0)
        self._actions: dict[str, list[tuple[str, int]]] = {}
        self._named: dict[str, int] = {}
        for action, bit in self.starting["action"].items():
            self._named[action.lower()] = self._named.get(action.lower(), 0) | bit
            self._actions.setdefault(action.partition(":")[0], []).append((action, bit))

    def look(self, text: str) -> int:
        """Return what an entry of `Action` or `NotAction` shows."""
        bit = self.bit
        found = bit["misplaced variable"] if "${" in text else 0
        wild = is_wild(text)
        if wild:
            found |= bit["wild action"]
        service = text.partition(":")[0].lower()
        of_some = wild and is_wild(service)
        if of_some:
            found |= self._every_service | (bit["wild service"] if text != "*" else 0)
        else:
            found |= self.starting["service"].get(service, 0)
        pattern = parse_action(text)
        if pattern is None:
            return found | bit["malformed action"]
        if bit["last of a path"] and (of_some or service in PATH_SERVICES):
            found |= self._of_paths(pattern)
        if wild:
            if not pattern.name.strip("*?"):
                found |= bit["every action"]
            every = chain(*self._actions.values()) if of_some else self._actions.get(service, ())
            found |= sum(of_action for name, of_action in every if pattern.matches(name))
        else:
            found |= self._named.get(str(pattern), 0)
        return found if of_some else found | self._unlisted(pattern)

    def _of_paths(self, pattern: ActionPattern) -> int:
        from iamlint.catalog.escalation import escalation  # noqa: PLC0415 - few services have any

        known = escalation()
        is_last = any(name in known.by_last_need for name in known.named_by(pattern))
        return self.bit["last of a path"] if is_last else 0

    def _unlisted(self, pattern: ActionPattern) -> int:
        if not (self.bit["unlisted action"] or self.bit["unlisted service"]):
            return 0
        gone, full_name = self._unlisted_services[pattern.service], str(pattern)
        if gone:
            return gone
        is_there = self.catalog.matches_any if is_wild(full_name) else self.catalog.lists_action
        return 0 if is_there(full_name) else self.bit["unlisted action"]

    def _look_at_service(self, service: str) -> int:
        if self.catalog.has_service(service) and not self.catalog.retired(service):
            return 0
        return self.bit["unlisted service"] | self.bit["unlisted action"]


class _OfResources(_Words):
    own = ("wild resource", "wild service", "space at end", "variable")
    starts = ("resource", "arn")

    def look(self, text: str) -> int:
        """Return what an entry of `Resource` or `NotResource` shows."""
        bit = self.bit
        if text == "*":
            return bit["wild resource"]
        fields = text.split(":", _FIELDS - 1)
        found, wild, is_open = 0, is_wild(text), "${" in text
        if is_open:
            found |= bit["variable"]
        if wild or "$" in text or len(fields) < _FIELDS:
            found |= bit["wild resource"]
        if text[-1:].isspace():
            found |= bit["space at end"]
        if len(fields) > _SERVICE:
            found |= self.starting["resource"].get(fields[_SERVICE], 0)
            if wild and (is_open or is_wild(fields[_SERVICE])):
                found |= bit["wild service"]
        return found | self._faults(text) if self.starting["arn"] else found

    def look_open(self, entry: Entry) -> int:
        """Return what rules look for in known parts and in the pattern, and everything else."""
        found = self.seen.every & ~self._exact
        if _has_variable(entry):
            found |= self.bit["variable"]
        return found | self._faults(entry.pattern) if self.starting["arn"] else found

    @cached_property
    def _exact(self) -> int:
        """The bits that do not depend on what is unknown."""
        return self.bit["variable"] | sum(self.starting["arn"].values())

    def _faults(self, text: str) -> int:
        from iamlint.rules.resources._judgement import judge  # noqa: PLC0415 - `*` needs no verdict

        verdict = judge(text, self.catalog)
        return self.starting["arn"].get(verdict.fault, 0) if verdict else 0


class _OfPrincipals(_Words):
    own = ("everyone", "wild principal", "misplaced variable")
    starts = ("principal",)

    def look(self, text: str) -> int:
        """Return what the text of a principal shows, whatever its type."""
        found = self.starting["principal"].get(text, 0)
        if "${" in text:
            found |= self.bit["misplaced variable"]
        if text == "*":
            return found | self.bit["everyone"]
        return found | self.bit["wild principal"] if is_wild(text) else found


class _OfKeys(_Words):
    own = ("unlisted key", "multivalued key", "key of some requests", "misplaced variable")
    starts = ("key",)

    def look(self, text: str) -> int:
        """Return what the key of a condition shows."""
        name = text.lower()
        found = self.bit["misplaced variable"] if "${" in text else 0
        for pattern, bit in self.starting["key"].items():
            if pattern == name or ("*" in pattern and matches(pattern, name)):
                found |= bit
        if is_of_some_requests(text):
            found |= self.bit["key of some requests"]
        if self.bit["unlisted key"] or self.bit["multivalued key"]:
            known = self.catalog.condition_key(text)
            if known is None:
                found |= self.bit["unlisted key"]
            elif known.multivalued:
                found |= self.bit["multivalued key"]
        return found


class _OfOperators:
    """The bits of operators, as policies write them."""

    def __init__(self, words: Vocabulary) -> None:
        self._bits = words.bits
        self._seen: dict[str, int] = {}

    def of(self, condition: Condition) -> int:
        found = self._seen.get(condition.operator_text)
        if found is None:
            if len(self._seen) >= _MANY:
                self._seen.clear()
            shown = (self._bits.get(word, 0) for word in _of_operator(condition))
            found = self._seen[condition.operator_text] = sum(shown)
        return found


def _of_operator(condition: Condition) -> Iterable[str]:
    """Yield the words that an operator shows, each once."""
    operator = condition.operator
    if operator is not None:
        yield f"operator {operator.family}"
        if operator.negated:
            yield "negated"
        if operator.name in ("StringLike", "StringNotLike"):
            yield "like"
    if condition.quantifier is not Quantifier.NONE:
        yield str(condition.quantifier)


def _repeat(entries: tuple[Entry, ...]) -> bool:
    """Return whether two known texts are the same, whatever their letter case."""
    texts = [entry.known.lower() for entry in entries if entry.known]
    return len(set(texts)) < len(texts)


def _has_variable(entry: Entry) -> bool:
    """Return whether a known part of a text has the start of a variable."""
    value = entry.value
    parts = value.parts if isinstance(value, Partial) else (value,)
    return any(isinstance(part, str) and "${" in part for part in parts)


class Traits:
    """The bits of what statements and policies show."""

    def __init__(self, words: Vocabulary, catalog: Catalog, home: OwnAccounts) -> None:
        self._bit = {**dict.fromkeys(WORDS, 0), **words.bits}
        self._actions = _OfActions(words, catalog).seen
        self._resources = _OfResources(words, catalog).seen
        self._principals = _OfPrincipals(words, catalog).seen
        self._keys = _OfKeys(words, catalog).seen
        self._operators = _OfOperators(words)
        self._types = words.starting("on")
        self._types_of_principals = words.starting("principal")
        self._problems = words.starting("problem")
        self._effects = {Effect.ALLOW: self._bit["Allow"], Effect.DENY: self._bit["Deny"], None: 0}
        stated = {
            "own account": home.account is not None,
            "own accounts": home.is_known,
            "own organization": home.organization is not None,
            "own demands": bool(home.demands),
            "own never": bool(home.never),
            "own references": bool(home.references),
        }
        self._home = sum(self._bit[word] for word, is_stated in stated.items() if is_stated)

    def of_policy(self, policy: Policy, resource_type: str | None) -> int:
        """Return what a policy shows beside its statements."""
        found = self._home
        if resource_type is not None:
            found |= self._types.get(resource_type, 0)
        for problem in policy.problems:
            found |= self._problems.get(problem.fault, 0)
        if not policy.has_version:
            found |= self._bit["no Version"]
        if len(policy.statements) > 1:
            found |= self._bit["several statements"]
        return found

    def of_statement(self, statement: Statement) -> int:
        """Return what a statement shows."""
        bit = self._bit
        found = self._effects[statement.effect]
        if statement.sid is not None:
            found |= self._of_sid(statement.sid)
        if (actions := statement.action) is not None:
            found |= bit["Action"] | self._actions.all(actions.entries)
            if len(actions.entries) > 1:
                found |= bit["several actions"]
                found |= bit["repeated action"] if _repeat(actions.entries) else 0
        if statement.not_action is not None:
            found |= bit["NotAction"] | self._actions.all(statement.not_action.entries)
        if statement.resource is not None:
            found |= self._of_resource(statement.resource.entries)
        if statement.not_resource is not None:
            found |= bit["NotResource"] | self._resources.all(statement.not_resource.entries)
        if statement.principal is not None:
            found |= self._of_principals(statement.principal)
        if statement.not_principal is not None:
            found |= self._of_principals(statement.not_principal)
        return found | self._of_conditions(statement.conditions) if statement.conditions else found

    def _of_sid(self, sid: Entry) -> int:
        text = sid.known
        is_plain = text is not None and text.isascii() and text.isalnum()
        return self._bit["Sid"] | (0 if is_plain else self._bit["odd Sid"])

    def _of_resource(self, entries: tuple[Entry, ...]) -> int:
        found = self._bit["Resource"] | self._resources.all(entries)
        if len(entries) > 1:
            found |= self._bit["several resources"]
            found |= self._bit["repeated resource"] if _repeat(entries) else 0
        if not any(entry.known == "*" for entry in entries):
            found |= self._bit["listed resources"]
        return found

    def _of_principals(self, principals: Principals) -> int:
        bit, types = self._bit, self._types_of_principals
        found = bit[principals.name] | (bit["bare principal"] if principals.bare else 0)
        for principal in principals.entries:
            known = principal.entry.known
            found |= types.get(principal.type, 0)
            found |= self._principals.every if known is None else self._principals[known]
            if known == "*" and principal.type is not PrincipalType.AWS:
                found |= bit["wild principal"]
        return found

    def _of_conditions(self, conditions: tuple[Condition, ...]) -> int:
        bit = self._bit
        found = bit["Condition"] | (bit["several conditions"] if conditions[1:] else 0)
        for condition in conditions:
            found |= self._keys[condition.key] | self._operators.of(condition)
            if len(condition.values) > 1:
                found |= bit["several values"]
            for entry in condition.values:
                known = entry.known
                if known is None or "*" in known or "?" in known:
                    found |= bit["wild value"]
                if _has_variable(entry):
                    found |= bit["variable"]
        return found
