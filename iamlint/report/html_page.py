"""Pages for a browser with nothing to fetch: templates, and the assets that a page allows itself.

The values of a page are escaped, and lose their control characters, without a call.
"""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING, TypeAlias

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from iamlint.text.shown import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

PageTemplate: TypeAlias = Template


def template(name: str, filters: Mapping[str, Callable[..., object]]) -> PageTemplate:
    """Return a template of our own, such as `graph/html.j2`."""
    environment = Environment(
        autoescape=True,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    environment.globals["newline"] = Markup("\n")
    environment.filters |= {"code": code, "lines": lines, **filters}
    return environment.from_string(_read(name))


def asset(*names: str) -> Markup:
    """Return files of our own one after the other, which are written as they are."""
    return Markup("".join(map(_read, names)))  # noqa: S704 - no text of a user


def allowed(style: str, script: str) -> Markup:
    """Return the policy of a page that runs and looks like this, and fetches nothing."""
    return Markup(  # noqa: S704 - hashes of our own files
        f"default-src 'none'; img-src data:; style-src '{_sha256(style)}'; "
        f"script-src '{_sha256(script)}'"
    )


def code(text: str) -> Markup:
    """Return text with what is between backticks as code."""
    parts = " ".join(text.split()).split("`")
    return Markup().join(
        Markup("<code>{}</code>").format(plain(part))
        if number % 2 and number + 1 < len(parts)
        else plain(part)
        for number, part in enumerate(parts)
    )


def lines(texts: Iterable[str], separator: str = "\n") -> Markup:
    """Return lines that stay apart; one text is split into its own."""
    each = texts.split("\n") if isinstance(texts, str) else texts
    return Markup(separator).join(map(plain, each))  # noqa: S704 - a separator of ours


def _read(name: str) -> str:
    return files("iamlint.report").joinpath(name).read_text(encoding="utf-8")


def _shown(value: object) -> object:
    """Return a value of the page without what could steer a reader's terminal or editor."""
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _sha256(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
