"""The files for the loader of Terraform; quick to import, since every run needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.terraform.language.filenames import TERRAGRUNT, VALUES, is_module_file

if TYPE_CHECKING:
    from iamlint.load.find.files import File


def claims(file: File) -> bool:
    """Return whether the file is for this loader."""
    return file.path.lower().endswith(VALUES) or is_module_file(file.path)


def is_read_for_secrets(file: File) -> bool:
    """Return whether a file has values that the user does not name: modules read them alone."""
    return file.path.lower().endswith(VALUES) and not file.asked


def may_have_relatives(file: File) -> bool:
    """Return whether a file is of a module, or a module may read a policy from it."""
    if file.content is not None or file.path.lower().endswith(TERRAGRUNT):
        return False
    if is_read_for_secrets(file):
        return False
    return claims(file) or (file.asked and _may_be_a_policy(file))


def _may_be_a_policy(file: File) -> bool:
    try:
        return b"Statement" in file.data
    except OSError:
        return False
