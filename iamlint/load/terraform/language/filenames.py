"""The names of the files that Terraform, OpenTofu and Terragrunt read; quick to import."""

from __future__ import annotations

from typing import Final

from iamlint.late_pattern import late_pattern

ENDS: Final = (".tf", ".tofu", ".tf.json", ".tofu.json")
TERRAGRUNT: Final = "terragrunt.hcl"
"""The file of Terragrunt with inputs of a module; the files beside it are not of a module."""

VALUES: Final = (".tfvars", ".tfvars.json")
"""Files of values, which Terraform reads beside a root module."""


_ENDING: Final = late_pattern(r"\.tf(?=(?:\.json)?$)")
_LOCAL: Final = late_pattern(r'\bsource"?\s*+[=:]\s*+"(\.\.?(?:/[^"\n]*+)?)"')


def is_module_file(path: str) -> bool:
    """Return whether a file holds blocks of a module, or of Terragrunt."""
    return path.lower().endswith((*ENDS, TERRAGRUNT))


def local_sources(text: str) -> list[str]:
    """Return the local paths that a file seems to call as modules."""
    return _LOCAL.findall(text) if '"./' in text or '"../' in text else []


def taker(name: str) -> str | None:
    """Return the file that replaces another one if it exists: `x.tofu` for `x.tf`.

    https://opentofu.org/docs/language/files/
    """
    return _ENDING.sub(".tofu", name) if _ENDING.search(name) else None
