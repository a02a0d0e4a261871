"""The names of the files that Terraform, OpenTofu and Terragrunt read."""

from __future__ import annotations

from typing import Final

ENDS: Final = (".tf", ".tofu", ".tf.json", ".tofu.json")
TERRAGRUNT: Final = "terragrunt.hcl"
"""Gives a module its values from outside; the files beside it belong to no module."""

VALUES: Final = (".tfvars", ".tfvars.json")
"""Files of values, which Terraform reads beside a root module."""


def is_module_file(path: str) -> bool:
    """Tell a file that holds blocks of a module, or of Terragrunt."""
    return path.lower().endswith((*ENDS, TERRAGRUNT))
