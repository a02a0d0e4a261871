"""Where policies are in files: paths in, documents out. Executes nothing that it reads."""

from __future__ import annotations

from iamlint.load.document import (
    Attachment,
    Certainty,
    Document,
    Item,
    NotAnalysed,
    Postponed,
)
from iamlint.load.file_value import Subject, SubjectKind, Waiver
from iamlint.load.find.files import File, FoundFiles
from iamlint.load.given import Given, Taker, Var, VarFile, Vars, given_by, refuse_unknown
from iamlint.load.link import Binding, Link, Node
from iamlint.load.options import BUILTIN, Loader, LoadOptions, list_files
from iamlint.load.read_all import Loaded, load, read, read_files
from iamlint.load.related import find_related, related_sets
from iamlint.load.workload import Workload

__all__ = [
    "BUILTIN",
    "Attachment",
    "Binding",
    "Certainty",
    "Document",
    "File",
    "FoundFiles",
    "Given",
    "Item",
    "Link",
    "LoadOptions",
    "Loaded",
    "Loader",
    "Node",
    "NotAnalysed",
    "Postponed",
    "Subject",
    "SubjectKind",
    "Taker",
    "Var",
    "VarFile",
    "Vars",
    "Waiver",
    "Workload",
    "find_related",
    "given_by",
    "list_files",
    "load",
    "read",
    "read_files",
    "refuse_unknown",
    "related_sets",
]
