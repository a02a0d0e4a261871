"""The elements of a statement, compiled: which actions, resources and principals it names."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from iamlint.evaluator.match import Wild, glob_test, read_glob, read_template
from iamlint.evaluator.request import EVERYONE, PrincipalMatch, role_key
from iamlint.policy.arn import parse_arn, split_arn
from iamlint.policy.arn_patterns import FIELDS, completed, covers_arn, overlaps_arn, widened
from iamlint.policy.grammar import Kind, PrincipalType
from iamlint.policy.pattern import is_open, without_same_ends
from iamlint.policy.truth import Truth, negation
from iamlint.policy.wildcard import matches, overlaps

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from iamlint.evaluator.context import Context
    from iamlint.evaluator.match import TemplatePart, Test, ValueTemplate
    from iamlint.evaluator.request import StatementRequest
    from iamlint.policy.model import Element, Entry, Principal, Principals

NO, MAYBE, YES = Truth.NO, Truth.MAYBE, Truth.YES


class Actions:
    """`Action` or `NotAction`, asked for actions in lower case.

    A pattern with a blank, a comma or an empty name matches nothing, because no action has one.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
    """

    __slots__ = ("_everything", "_exact", "_globs", "_negated", "_unsure", "_wide")

    def __init__(self, element: Element) -> None:
        self._negated = element.name == "NotAction"
        self._everything = False
        self._exact: set[str] = set()
        self._globs: dict[str, list[str]] = {}  # patterns of names, by service
        self._wide: list[str] = []  # patterns whose service is a pattern too
        self._unsure: list[Test] = []
        for entry in element.entries:
            value = entry.value
            if not isinstance(value, str):
                self._unsure.append(_loose_test(entry, lower=True))
            elif "*" in value or "?" in value:
                self._add_pattern(value.lower())
            else:
                self._exact.add(value.lower())

    def _add_pattern(self, pattern: str) -> None:
        service, _, name = pattern.partition(":")
        if pattern == "*":
            self._everything = True
        elif "*" in service or "?" in service:
            self._wide.append(pattern)
        else:
            self._globs.setdefault(service, []).append(name)

    def services(self) -> set[str] | None:
        """Return the services whose actions it may name; None for any."""
        if self._negated or self._everything or self._wide or self._unsure:
            return None
        return {action.partition(":")[0] for action in self._exact} | self._globs.keys()

    def names(self, action: str) -> Truth:
        return negation(self._lists(action)) if self._negated else self._lists(action)

    def names_of(self, service: str, actions: Iterable[str]) -> list[tuple[str, Truth]]:
        """Return those of some actions of a service that it names or may name, in their order."""
        if self._everything:
            return [] if self._negated else [(action, YES) for action in actions]
        if self._negated or self._wide or self._unsure:
            asked = ((action, self.names(action)) for action in actions)
            return [(action, truth) for action, truth in asked if truth is not NO]
        exact, start = self._exact, len(service) + 1
        tests = [_glob(pattern) for pattern in self._globs.get(service, ())]
        if not tests:
            return [(action, YES) for action in actions if action in exact]
        found = []
        for action in actions:
            name = action[start:]
            if action in exact or next((True for test in tests if test(name)), False):
                found.append((action, YES))
        return found

    def _lists(self, action: str) -> Truth:
        if self._everything or action in self._exact:
            return YES
        if self._globs or self._wide:
            service, _, name = action.partition(":")
            for pattern in self._globs.get(service, ()):
                if _glob(pattern)(name):
                    return YES
            for pattern in self._wide:
                head, colon, tail = pattern.partition(":")
                if colon and _glob(head)(service) and _glob(tail)(name):
                    return YES
        return MAYBE if self._unsure and any(test(action) for test in self._unsure) else NO


class Resources:
    """`Resource` or `NotResource`, asked for the resource of a request.

    Patterns are matched field by field; one that is plain text up to its fifth colon is matched
    as a whole, which is the same and faster.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    """

    __slots__ = (
        "_by_field",
        "_everything",
        "_exact",
        "_inert",
        "_negated",
        "_unsure",
        "_variables",
        "_whole",
        "element",
        "names_all",
        "templates",
    )

    def __init__(self, element: Element, *, kind: Kind, variables: bool) -> None:
        self.element = element
        self._negated = element.name == "NotResource"
        self._variables = variables
        self._everything = self._inert = False
        self._exact: set[str] = set()
        self._whole: list[Test] = []
        self._by_field: list[_Fields] = []
        self._unsure: list[Test] = []
        self.templates: list[tuple[_Fields, ValueTemplate]] = []
        for entry in element.entries:
            value = entry.value
            if not isinstance(value, str):
                self._unsure.append(_loose_test(entry))
            elif value == "*":
                self._everything = True
            else:
                self._add(value, kind, variables=variables and "${" in value)
        self.names_all = self._everything and not self._negated

    def _add(self, pattern: str, kind: Kind, *, variables: bool) -> None:
        if kind is Kind.RESOURCE:
            pattern = completed(pattern)
        wild = "*" in pattern or "?" in pattern
        fields = split_arn(pattern) if variables else pattern.split(":", FIELDS - 1)
        if fields[0] != "arn":
            return
        if len(fields) < FIELDS:
            fields = self._padded(fields, kind, wild=wild)
        elif not variables and not wild:
            self._exact.add(pattern)
            return
        elif not variables and not any("*" in f or "?" in f for f in fields[:-1]):
            self._whole.append(_glob(pattern))
            return
        if not fields:
            return
        if variables:
            template = read_template(fields[-1], variables=True, wildcards=True)
            self.templates.append((_Fields(fields[:-1]), template))
        else:
            self._by_field.append(_Fields(fields))

    def _padded(self, fields: list[str], kind: Kind, *, wild: bool) -> list[str]:
        """Return a short ARN filled up; empty when it matches nothing.

        AWS does not document short ARNs without a wildcard. By experiment: padded in kinds
        without a principal, void elsewhere; in `NotResource` a padded one that does not match
        makes the statement void instead of applying.
        """
        if not wild and kind not in _PADDING:
            return []
        self._inert = self._inert or (not wild and self._negated)
        return fields + ["*"] * (FIELDS - len(fields))

    def name(self, asked: StatementRequest) -> Truth:
        if not self._negated:
            return self._list(asked)
        return NO if self._inert else negation(self._list(asked))

    def unknown_variables(self, asked: StatementRequest) -> Iterator[str]:
        """Yield the keys of variables that decide whether the resource is named."""
        fields, context = asked.fields, asked.context
        if fields is None or self._list(asked) is not MAYBE:
            return
        for pattern, template in self.templates:
            if pattern.match(fields) and _template_matches(template, fields[-1], context) is MAYBE:
                yield from template.unknown_keys(context)

    def _list(self, asked: StatementRequest) -> Truth:
        if self._everything:
            return YES
        resource, fields = asked.resource, asked.fields
        if asked.is_open:
            return max((self._compare(e, asked) for e in self.element.entries), default=NO)
        if fields is None:
            return MAYBE if any(test(resource) for test in self._unsure) else NO
        if resource in self._exact:
            return YES
        for test in self._whole:
            if test(resource):
                return YES
        for pattern in self._by_field:
            if pattern.match(fields):
                return YES
        found = MAYBE if any(test(resource) for test in self._unsure) else NO
        for pattern, template in self.templates:
            if pattern.match(fields):
                found = max(found, _template_matches(template, fields[-1], asked.context))
        return found

    def _compare(self, entry: Entry, asked: StatementRequest) -> Truth:
        """Return whether an entry names a resource that is known in part.

        A part that is not known is the same text as the same part of the entry.
        """
        value, resource = entry.value, asked.resource
        pattern = asked.context.fill(entry.pattern) if self._variables else entry.pattern
        if covers_arn(pattern, resource):
            return YES
        if asked.context.are_two(pattern, resource):
            return NO
        is_short = pattern.count(":") < FIELDS - 1
        whole = f"{pattern}*" if is_short else pattern
        rest, own = map(widened, without_same_ends(whole, resource))
        if not overlaps(rest, own):
            return NO
        if isinstance(value, str):
            return MAYBE if overlaps_arn(pattern, resource) else NO
        return MAYBE if overlaps(loose_text(entry), widened(resource)) else NO


_PADDING: Final = frozenset({Kind.IDENTITY, Kind.SESSION, Kind.BOUNDARY})


class _Fields:
    """The leading fields of an ARN pattern that are not `*`, the most selective first."""

    __slots__ = ("_tests",)

    _ORDER: Final = (2, 5, 3, 4, 1)

    def __init__(self, fields: list[str]) -> None:
        self._tests = [
            (at, _glob(fields[at])) for at in self._ORDER if at < len(fields) and fields[at] != "*"
        ]

    def match(self, fields: list[str]) -> bool:
        return all(test(fields[at]) for at, test in self._tests)


def _template_matches(template: ValueTemplate, text: str, context: Context) -> Truth:
    expansion = template.expand(context)
    if expansion is None or not glob_test(expansion.glob)(text):
        return NO
    return YES if expansion.certain else MAYBE


class Named:
    """`Principal` or `NotPrincipal`, asked how it names a caller.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """

    __slots__ = ("_denies", "_keys", "_negated", "_open", "_unsure")

    def __init__(self, principals: Principals, *, opaque: bool, denies: bool) -> None:
        self._negated = principals.name == "NotPrincipal"
        keys = [key for p in principals.entries for key in _principal_keys(p)]
        self._keys = keys
        self._open = [key for key in keys if is_open(key)]
        self._unsure = opaque
        self._denies = denies

    def name(self, asked: StatementRequest) -> list[tuple[Truth, PrincipalMatch]]:
        """Return how sure it is that the caller is named, and how."""
        names = asked.names
        if self._negated:
            truth = self._excepts(asked)
            return [] if truth is NO else [(truth, PrincipalMatch.EVERYONE)]
        best = max(
            (names.get(key, PrincipalMatch.NONE) for key in self._keys), default=PrincipalMatch.NONE
        )
        found = [(YES, best)] if best else []
        if best < PrincipalMatch.DIRECT and (self._unsure or self._may_name(names, asked)):
            found.append((MAYBE, PrincipalMatch.EVERYONE))
        return found

    def _excepts(self, asked: StatementRequest) -> Truth:
        """Return whether `NotPrincipal` applies to a caller, because it does not list it.

        It spares a caller that it lists with all that the caller belongs to, such as a user with
        the account. Where it lists the caller alone, AWS says that a Deny might still apply. The
        result of an Allow for one that it lists in part is not documented: AWS does not support it.
        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
        """
        if EVERYONE in self._keys and EVERYONE in asked.names:
            return NO
        listed = self._listed(asked)
        if min(listed.values()) is YES:
            return NO
        never = listed[asked.caller.lowest] is NO if self._denies else max(listed.values()) is NO
        return YES if never else MAYBE

    def unlisted(self, asked: StatementRequest) -> Iterator[PrincipalMatch]:
        """Yield as what a caller is not listed, or perhaps not."""
        listed = self._listed(asked)
        return (level for level in sorted(listed, reverse=True) if listed[level] is not YES)

    def _listed(self, asked: StatementRequest) -> dict[PrincipalMatch, Truth]:
        levels = {one for one in asked.names.values() if one is not PrincipalMatch.EVERYONE}
        return {level: self._lists(asked, level) for level in levels | {asked.caller.lowest}}

    def _lists(self, asked: StatementRequest, level: PrincipalMatch) -> Truth:
        own = [name for name, naming in asked.names.items() if naming is level]
        if any(key in own for key in self._keys):
            return YES
        return MAYBE if self._unsure or self._may_name(own, asked) else NO

    def _may_name(self, names: Collection[str], asked: StatementRequest) -> bool:
        """Return whether a name that is known only in part, here or there, may be the same."""
        if not self._open and not asked.caller.is_vague:
            return False
        are_two = asked.context.are_two
        open_names = [name for name in names if is_open(name)]
        return any(
            matches(widened(a), b) and not are_two(a, b) for a in self._open for b in names
        ) or any(
            (":" in a) is (":" in b) and overlaps(widened(a), widened(b)) and not are_two(a, b)
            for a in self._keys
            for b in open_names
        )


def _principal_keys(principal: Principal) -> Iterator[str]:
    """Yield how callers are known that a principal names: `Caller.names` has the same texts."""
    text = principal.entry.pattern
    if principal.type is not PrincipalType.AWS:
        yield f"{principal.type}:{text}"
        return
    arn = parse_arn(text) if text != EVERYONE else None
    if arn is not None and arn.service == "iam" and arn.resource.startswith("role/"):
        yield role_key(arn.partition, arn.account, arn.resource_name)
        return
    yield text
    if arn is not None and is_open(arn.resource) and not arn.resource.startswith("user/"):
        yield role_key(arn.partition, arn.account, arn.resource)


@lru_cache(maxsize=16384)
def _glob(pattern: str) -> Test:
    return glob_test(read_glob(pattern))


def _loose_test(entry: Entry, *, lower: bool = False) -> Test:
    text = loose_text(entry)
    return _glob(text.lower() if lower else text)


def loose_text(entry: Entry) -> str:
    """Return a pattern of what a value may match, its unknown parts being any text of any fields.

    A `*` of it crosses colons.
    """
    parts = read_template(entry.value, variables=True, wildcards=True).parts
    text = completed("".join(map(_loose, parts)))
    return text if text.count(":") >= FIELDS - 1 else f"{text}*"


def _loose(part: TemplatePart) -> str:
    if isinstance(part, str):
        return part
    return part.value if isinstance(part, Wild) else "*"
