"""Copies and templates of files that are read: listed if they seem to contain a policy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iamlint.load.document import Cause, NotAnalysed
from iamlint.load.recognise.marks import may_hold_policy
from iamlint.load.unread import signs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.find.files import File

_REASON: Final = "copy or template that seems to contain a policy: name it to read it"

# Such as `p.json.bak`, `p.yaml.j2`, `main.tf.orig`; not archives, programs and prose.
_COPY: Final = (
    r"(?i)\.(?:json[5c]?|ya?ml|tfstate|tf|tofu)"
    r"(?:[\W_]++|\.(?!gz$|zip$|xz$|zst$|md$|html$|ts$|js$|py$|go$)[^/.]++)$"
)
_ENDS: Final = (".jsonl", ".ndjson", ".tftpl")
_READ: Final = (".json", ".yaml", ".yml", ".tf", ".template")


def is_copy(file: File) -> bool:
    """Return whether a file in a folder is a copy, a template, or JSON in lines."""
    name = file.path[file.path.rfind("/") + 1 :]
    if file.asked or name.endswith(_READ):
        return False
    if name.endswith(_ENDS):
        return True
    is_plain = name.find(".") == name.rfind(".") and name[-1:].isalnum()
    return not is_plain and re.search(_COPY, name) is not None


def items(file: File) -> Iterator[NotAnalysed]:
    """Yield a note that a file is not read, if it seems to contain a policy."""
    data = file.data
    if may_hold_policy(data) and signs.may_be_in_broken(data.decode("utf-8", "replace")):
        yield NotAnalysed(file.path, (), _REASON, cause=Cause.UNASKED)
