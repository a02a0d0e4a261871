"""Read the wheel of the Python package `cdk-iam-floyd` (Apache-2.0), without running any of it.

Its JavaScript has a class for each page of AWS's service authorization reference: `to…` for each
action, `on…` for each resource type, `if…` for each condition key. The docstrings of its Python
say which keys apply where. Neither says which resource types an action takes, nor which keys have
many values.
"""

from __future__ import annotations

import io
import re
import tarfile
import zipfile
from typing import TYPE_CHECKING

from iamlint.catalog.build import build
from iamlint.catalog.build.build import Facts, key_name
from iamlint.catalog.model import AccessLevel, Action, ConditionKey, KeyType, ResourceType
from iamlint.errors import ReadError
from iamlint.fast_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_ARCHIVE = re.compile(r"cdk_iam_floyd/_jsii/.*\.tgz")
_CLASS_FILE = re.compile(r"package/lib/generated/policy-statements/[^/]+\.js")
_DOCSTRINGS = "cdk_iam_floyd/Statement/__init__.py"

_CLASS = re.compile(r"^class (\w+) ", re.MULTILINE)
_PREFIX = re.compile(r"this\.servicePrefix = '([^']+)'")
_LEVELS = re.compile(r"this\.accessLevelList = \{(.*?)^ {8}\};", re.MULTILINE | re.DOTALL)
_LEVEL = re.compile(r"'?\b([A-Z][A-Za-z ]+)'?: \[(.*?)\]", re.DOTALL)
_QUOTED = re.compile(r"'([^']+)'")
_METHOD = re.compile(
    r"^ {4}((?:to|on|if)[A-Z]\w*)\([^)]*\) \{\n(.*?)^ {4}\}", re.MULTILINE | re.DOTALL
)
_GIVEN = re.compile(r"this\.(to|on|if)\([`']((?:[^`'])*)[`'](.*)", re.DOTALL)
_OPERATOR = re.compile(r"'([A-Za-z:]+)'\)")
_DEFAULT = re.compile(r"\$\{(\w+) \?\? [\w.]+\}")
_VARIABLE = re.compile(r"\$\{(\w)")

_PYTHON_CLASS = re.compile(r"^class (\w+)\(", re.MULTILINE)
_DOCUMENTED = re.compile(
    r'@jsii\.member\(jsii_name="((?:to|on|if)[A-Z]\w*)"\)\s+def [^\']*?\'\'\'(.*?)\'\'\'', re.DOTALL
)
_TYPE = re.compile(r"Adds a resource of type (.+?) to the statement")
_KEYS = re.compile(r"Possible conditions:\s+((?:- \.\w+\(\)\s+)+)")
_ACTIONS = re.compile(r"Applies to actions:\s+((?:- \.\w+\(\)\s+)+)")
_NAMED = re.compile(r"\.(\w+)\(\)")

_TYPES = {
    "StringLike": KeyType.STRING,
    "ArnLike": KeyType.ARN,
    "NumericEquals": KeyType.NUMERIC,
    "DateEquals": KeyType.DATE,
    "Bool": KeyType.BOOL,
    "IpAddress": KeyType.IP,
    "BinaryEquals": KeyType.BINARY,
}
_ANY_OF = "ForAnyValue:"


@dataclass(frozen=True, slots=True)
class _Page:
    """A class of the JavaScript: what its methods name, and what the docstrings say of them."""

    prefix: str
    levels: Mapping[str, set[AccessLevel]]
    methods: Mapping[str, tuple[str, str]]  # text and what follows it
    docs: Mapping[str, str]

    def of(self, kind: str) -> Iterator[tuple[str, str, str]]:
        for name, (text, rest) in self.methods.items():
            if name.startswith(kind):
                yield name, text, rest

    def key(self, method: str) -> ConditionKey | None:
        text, rest = self.methods.get(method, ("", ""))
        operator = _OPERATOR.findall(rest)
        if not text or not operator:
            return None
        type_ = _TYPES.get(operator[-1].removeprefix(_ANY_OF))
        if type_ is None:
            raise ReadError(f"the condition key `{text}` has the unknown operator `{operator[-1]}`")
        name = key_name(_spelled(text))
        full = name if ":" in name else f"{self.prefix}:{name}"
        return ConditionKey(full, type_, multivalued=operator[-1].startswith(_ANY_OF))


def read_wheel(wheel: Path) -> tuple[Facts, ...]:
    """Return the facts of every service; of actions, without their resource types."""
    with zipfile.ZipFile(wheel) as archive:
        inner = next(name for name in archive.namelist() if _ARCHIVE.fullmatch(name))
        docs = _docstrings(archive.read(_DOCSTRINGS).decode())
        pages = list(_pages(archive.read(inner), docs))
    by_prefix: dict[str, list[_Page]] = {}
    for page in pages:
        by_prefix.setdefault(page.prefix, []).append(page)
    return tuple(_facts(prefix, by_prefix[prefix]) for prefix in sorted(by_prefix))


def _docstrings(text: str) -> dict[str, dict[str, str]]:
    """Return the docstrings of the methods, by class."""
    parts = _PYTHON_CLASS.split(text)
    return {
        name: dict(_DOCUMENTED.findall(body))
        for name, body in zip(parts[1::2], parts[2::2], strict=True)
    }


def _pages(archive: bytes, docs: Mapping[str, Mapping[str, str]]) -> Iterator[_Page]:
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        for member in files:
            file = files.extractfile(member) if _CLASS_FILE.fullmatch(member.name) else None
            text = file.read().decode() if file else ""
            named, prefix = _CLASS.search(text), _PREFIX.search(text)
            if named and prefix:
                yield _Page(prefix[1], _levels(text), _methods(text), docs.get(named[1], {}))


def _levels(text: str) -> dict[str, set[AccessLevel]]:
    levels: dict[str, set[AccessLevel]] = {}
    table = _LEVELS.search(text)
    for level, names in _LEVEL.findall(table[1] if table else ""):
        for name in _QUOTED.findall(names):
            levels.setdefault(name, set()).add(AccessLevel(level.strip()))
    return levels


def _methods(text: str) -> dict[str, tuple[str, str]]:
    found = {}
    for name, body in _METHOD.findall(text):
        given = [match for match in _GIVEN.finditer(body) if match[1] == name[:2]]
        if given:
            found[name] = (given[-1][2], given[-1][3])
    return found


def _spelled(text: str) -> str:
    """Return the text with its variables as AWS spells placeholders: `${Partition}`."""
    plain = _DEFAULT.sub(r"${\1}", text).replace("\\$", "$")
    return _VARIABLE.sub(lambda found: f"${{{found[1].upper()}", plain)


def _facts(prefix: str, pages: list[_Page]) -> Facts:
    actions = {action.name: action for page in pages for action in _actions(page)}
    types = {type_.name: type_ for page in pages for type_ in _resource_types(page)}
    keys = (page.key(method) for page in pages for method, _, _ in page.of("if"))
    named = {key.name: key for key in keys if key}
    return Facts(
        prefix, prefix, tuple(actions.values()), tuple(types.values()), tuple(named.values())
    )


def _actions(page: _Page) -> Iterator[Action]:
    keys: dict[str, dict[str, None]] = {}
    for method, _, _ in page.of("if"):
        key = page.key(method)
        for name in _listed(_ACTIONS, page.docs.get(method, "")) if key else ():
            keys.setdefault(name, {})[key.name if key else ""] = None
    for method, name, _ in page.of("to"):
        for other in _listed(_KEYS, page.docs.get(method, "")):
            if key := page.key(other):
                keys.setdefault(method, {})[key.name] = None
        level = build.most_telling(page.levels.get(name, {AccessLevel.WRITE}))
        own = tuple(keys.get(method, ()))
        yield Action(page.prefix, name, level, condition_keys=own, types_known=False)


def _resource_types(page: _Page) -> Iterator[ResourceType]:
    for method, arn, _ in page.of("on"):
        doc = page.docs.get(method, "")
        if named := _TYPE.search(doc):
            keys = (page.key(other) for other in _listed(_KEYS, doc))
            own = tuple(dict.fromkeys(key.name for key in keys if key))
            yield ResourceType(page.prefix, named[1], (_spelled(arn),), own)


def _listed(list_: re.Pattern[str], doc: str) -> list[str]:
    found = list_.search(doc)
    return _NAMED.findall(found[1]) if found else []
