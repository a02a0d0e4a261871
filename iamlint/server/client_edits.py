"""Edits in the form that a client understands.

https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#workspaceEditClientCapabilities
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from iamlint.fast_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class ClientEdits:
    """What a client can do: edit `versions` of texts in an order, and create files."""

    versions: bool = False
    creates: bool = False

    @classmethod
    def of(cls, client: types.ClientCapabilities) -> ClientEdits:
        can = client.workspace.workspace_edit if client.workspace else None
        versions = bool(can and can.document_changes)
        operations = (can.resource_operations if can else None) or ()
        return cls(versions, versions and types.ResourceOperationKind.Create in operations)

    def fitting(self, actions: Iterable[types.CodeAction]) -> Iterator[types.CodeAction]:
        """Yield the actions that the client can do, with edits that it understands."""
        for action in actions:
            edit = action.edit
            if edit is None or edit.document_changes is None:
                yield action
            elif (fit := self._fitting(edit.document_changes)) is not None:
                action.edit = fit
                yield action

    def _fitting(self, wanted: Iterable[object]) -> types.WorkspaceEdit | None:
        """Return what the client understands of changes; None if that is not all."""
        every = list(wanted)
        texts = [one for one in every if isinstance(one, types.TextDocumentEdit)]
        creates = [one for one in every if isinstance(one, types.CreateFile)]
        if creates and not self.creates:
            return None
        if self.versions:
            return types.WorkspaceEdit(document_changes=[*creates, *texts])
        edits = {
            one.text_document.uri: [edit for edit in one.edits if isinstance(edit, types.TextEdit)]
            for one in texts
        }
        return types.WorkspaceEdit(changes=edits)
