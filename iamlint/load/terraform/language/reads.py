"""The files that a module reads, and the values of their texts."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from iamlint.load.terraform.language.evaluate import fill_template
from iamlint.load.terraform.language.fileset import fileset
from iamlint.load.terraform.language.folder import text_of
from iamlint.load.terraform.language.node import (
    Hidden,
    Json,
    Location,
    Object,
    String,
    join_values,
    json_alone,
)
from iamlint.text.hcl.tree import Chunk
from iamlint.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.load.terraform.language.decode import Decoded
    from iamlint.load.terraform.language.folder import Folder
    from iamlint.load.terraform.language.node import Evaluate, Node, Text
    from iamlint.load.terraform.language.work import Work
    from iamlint.text.hcl.tree import Block


class Reads:
    """The files that a module reads; paths start at `home`, the folder of its root module."""

    folder: Folder
    work: Work

    @property
    def home(self) -> Folder:
        raise NotImplementedError

    @property
    def merged(self) -> set[Node]:
        return self.work.merged

    @property
    def looked_up(self) -> set[str]:
        return self.work.looked_up

    def is_document(self, type_: str, /) -> bool:
        """Return whether the provider generates JSON from the blocks of such a data source."""
        return self.work.provider.is_document(type_)

    def spend(self, count: int, at: Location | None = None, /) -> bool:
        return self.work.spend(count, at)

    def distinguishes(self, block: Block, instances: int, path: str, /) -> bool:
        """Return whether the instances of a block are evaluated one by one."""
        return self.work.distinguishes((self, block), instances, path, block)

    def decoded(self, node: Node, /, *, as_yaml: bool = False) -> Node | None:
        """Return the value of the JSON, or the YAML, in a string."""
        alone = json_alone(node) if isinstance(node, String) else None
        node = alone or node
        if isinstance(node, Json):
            return node.node
        found = self.read(node, as_yaml=as_yaml) if isinstance(node, String) else None
        return found.node if found else None

    def read(self, string: String, *, as_yaml: bool = False) -> Decoded | None:
        return self.work.read(string, as_yaml=as_yaml)

    def file(self, path: str, spot: Location, /) -> Node | None:
        text = self._text(path)
        if isinstance(text, str):
            return Hidden(f"${{file({path})}}", spot, text)
        if text not in self.work.strings:
            whole = text.source.text
            if not self.spend(len(whole)):
                return None
            at = Location(text, Span(0, len(whole)))
            self.work.strings[text] = String((Chunk(whole, range(len(whole) + 1)),), at)
        return self.work.strings[text]

    def files(self, path: str, glob: str, /) -> list[str] | None:
        """Return the paths of files below a folder that match a glob; None if too many do."""
        return fileset(self.home, path, glob)

    def template(self, path: str, names: Node, spot: Location, of: Evaluate, /) -> Node | None:
        text = self._text(path)
        if isinstance(text, str):
            return Hidden(f"${{templatefile({path})}}", spot, text)
        if not self.spend(len(text.source.text)):
            return None
        members = names.members if isinstance(names, Object) else {}
        return fill_template(text, {name: member.node for name, member in members.items()}, of)

    def rendered(self, template: Node, names: Mapping[str, Node], of: Evaluate, /) -> Node | None:
        """Return the rendered text of a template that is given as text, not by its path."""
        text = template.known if isinstance(template, String) else None
        if text is None or not self.spend(len(text)):
            return template if isinstance(template, Hidden) else None
        if text == template.spot.text.source.text:
            return fill_template(template.spot.text, names, of)
        inline = text_of(template.spot.text.path, text.encode())
        made = inline and fill_template(inline, names, of)
        return join_values([made], template.spot) if made else None

    def path(self) -> str:
        """Return the path of the module relative to the folder in which Terraform runs."""
        return os.path.relpath(self.folder.place, self.home.place).replace(os.sep, "/")

    def _text(self, path: str) -> Text | str:
        """Return the text of a file; the first read raises the step budget by its size."""
        text = self.home.text(path)
        if not isinstance(text, str):
            self.work.uses.note(text.path)
            self.work.meet_file(text)
        return text
