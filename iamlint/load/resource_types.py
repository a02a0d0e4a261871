"""The types of resources that rules look at besides policies, and what they look at."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Container, Mapping


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

    def is_met(self, given: Container[str], text: str) -> bool:
        """Return whether a rule looks at a resource with these properties, in a file's text."""
        return (not self.needs or any(name in given for name in self.needs)) and (
            not self.words or any(word in text for word in self.words)
        )


@cache
def resource_types() -> Mapping[str, ResourceRow]:
    """Return the types by name, those of CloudFormation and of Terraform."""
    text = Path(__file__).with_name("resources.json").read_text(encoding="utf-8")
    return {
        row.pop("type"): ResourceRow(**{name: tuple(names) for name, names in row.items()})
        for row in json.loads(text)["resources"]
    }
