"""The types of resources that rules look at besides policies, and what they look at."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from iamlint.text.source import Source


@dataclass(frozen=True, slots=True)
class ResourceRow:
    """A type of resource: the names of the properties or attributes that rules look at.

    Without one of those that it `needs`, or of the `words` in its file, no rule looks at a
    resource. Some of them are `documents` of IAM. `secrets` are attributes that it returns, such as
    the secret of an access key, `taken` the paths of properties that are secrets.
    """

    reads: tuple[str, ...]
    needs: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def is_met(self, given: Container[str], source: Source) -> bool:
        """Return whether a rule looks at a resource with these properties, in a file."""
        if self.needs and not any(name in given for name in self.needs):
            return False
        return not self.words or source.once(_has_one, self.words)


def _has_one(source: Source, words: tuple[str, ...]) -> bool:
    return any(word in source.text for word in words)


@cache
def resource_types() -> Mapping[str, ResourceRow]:
    """Return the types by name, those of CloudFormation and of Terraform."""
    text = Path(__file__).with_name("resources.json").read_text(encoding="utf-8")
    return {
        row.pop("type"): ResourceRow(**{name: tuple(names) for name, names in row.items()})
        for row in json.loads(text)["resources"]
    }
