"""Placeholders of other tools: text of a policy that something fills in before AWS sees it.

`${…}` is also the syntax of policy variables. All of those name a condition key, and all condition
keys have a colon; so `${ORG_ID}` is a placeholder and `${aws:usernme}` a misspelt variable.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html

The other forms use characters that ARNs, ids, actions and subjects cannot contain, or that hardly
anyone uses there. Where AWS may see them literally, nothing is reported that rests on them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeGuard

from iamlint.text.source import Partial, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_VARIABLE: Final = r"(?s)(?!self:|opt:|sls:|param:|custom:)[\w./-]+\s*:(?!:).*"
"""What is inside of the braces of a variable; the others are those of Serverless Framework."""

_WORD: Final = (
    r"(?:(?:[A-Z0-9]+[_-])*(?:ACCOUNT(?:[_-]?(?:ID|NUMBER))?|REGION(?:[_-]NAME)?|PARTITION)"
    r"|[Xx]{4,})"
)
"""A word in the place of an account, a region or a partition, which are never written so."""

_ESCAPES: Final = frozenset("*?$")
_SHORT: Final = 64
"""Characters of a text whose answer is remembered."""
_FORMS: Final = (
    r"(?P<braces>\$\{[^{}]*\})",  # envsubst, Terraform's templates, Python's `string.Template`
    r"[%#]\{[^{}]+\}",  # Puppet and Hiera; Octopus, Ruby
    r"\$\([A-Za-z_][\w.]*\)",  # Azure Pipelines, make
    r"\$(?!LATEST\b)[A-Z_]{2}[A-Z0-9_]*",  # a shell; `$LATEST` is a version of a Lambda function
    r"\{[A-Za-z_][\w.+-]*\}|\{[0-9]+\}",  # Python's `str.format`, and what else has braces
    r"<[A-Za-z][\w .:/-]*>",  # documentation
    r"__[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*__",  # sed
    r"(?<![^:])__[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*__(?![^:])",
    r"(?<![\w.])@@?[A-Za-z_][\w-]*@@?(?![\w.-])",  # Ant, CMake, configure
    r"%%[A-Za-z_]\w*%%|%[A-Z]+(?:_[A-Z0-9]+)+%",  # a shell of Windows, and installers
    r"%\([A-Za-z_]\w*\)[ds]",  # Python's `%`
    r"(?P<nameless>%(?:[1-9]\$)?[sv](?![\w%]))",  # printf
    r"\(\([A-Za-z_][\w./-]*\)\)",  # BOSH, Concourse
    r"\[\[ *[A-Za-z_][\w.-]* *\]\]|\[[A-Z][A-Z0-9]*(?:[_ -][A-Z0-9]+)+\]",
    rf"(?<=:)(?:{_WORD}|[Aa]ccount[_-]?[Ii]d)(?=:)|\A{_WORD}\Z",  # `sed`, and documentation
)
_PLACEHOLDER: Final = "|".join(_FORMS)  # compiled when it is used


def with_unknowns(value: str | Partial, file: str | None = None) -> str | Partial | Unknown:
    """Return a string with unknown parts in place of its placeholders.

    In one file the same placeholder is filled in with the same value.
    """
    if isinstance(value, str):
        if not _may_have(value):
            return value
        parts = tuple(_parts(value, file))
        if len(parts) == 1:
            return parts[0]
        return Partial(parts) if any(isinstance(part, Unknown) for part in parts) else value
    if not any(isinstance(part, str) and _may_have(part) for part in value.parts):
        return value
    return Partial(
        tuple(
            inner
            for part in value.parts
            for inner in (_parts(part, file) if isinstance(part, str) else (part,))
        )
    )


def shown(name: str) -> str:
    """Return a name, such as a condition key, with `${…}` for what is filled in."""
    if not _may_have(name) and "{{" not in name:
        return name
    return "".join(
        part if isinstance(part, str) else f"${{{part.text.strip('$%#{}()<>@_ ')}}}"
        for part in _parts(name)
    )


def is_placeholder(name: str) -> bool:
    """Return whether a name is filled in, as of an operator or of a type of principal."""
    if "{{" in name or "<%" in name:
        return True
    return _may_have(name) and any(isinstance(part, Unknown) for part in _parts(name))


def have_no_placeholder(values: Sequence[object]) -> TypeGuard[Sequence[str]]:
    """Return whether all values are strings that surely have none: quicker than to look at each."""
    try:
        return not _has_mark("\n".join(values))  # type: ignore[arg-type] # others raise
    except TypeError:
        return False


def _may_have(text: str) -> bool:
    return _short_may_have(text) if len(text) <= _SHORT else _has_mark(text)


def _has_mark(text: str) -> bool:
    return (
        "{" in text
        or "<" in text
        or "__" in text
        or "$" in text
        or "@" in text
        or "%" in text
        or "((" in text
        or "[" in text
        or "ACCOUNT" in text
        or "REGION" in text
        or "PARTITION" in text
        or "ccount" in text
        or "XXXX" in text
        or "xxxx" in text
    )


_short_may_have = lru_cache(maxsize=8192)(_has_mark)
"""The same names are in many policies."""


def _parts(text: str, file: str | None = None) -> Iterator[str | Unknown]:
    done = 0
    for match in re.finditer(_PLACEHOLDER, text):
        if match["braces"] and not _is_filled_in(match["braces"][2:-1]):
            continue
        if match.start() > done:
            yield text[done : match.start()]
        identity = None if file is None or match["nameless"] else f"{file} {match[0]}"
        yield Unknown(match[0], identity=identity)
        done = match.end()
    if done < len(text) or not text:
        yield text[done:]


def _is_filled_in(inner: str) -> bool:
    """Return whether `${inner}` is not AWS's: neither a variable nor an escape, nor empty."""
    return (
        bool(inner.strip()) and inner not in _ESCAPES and not re.fullmatch(_VARIABLE, inner.strip())
    )
