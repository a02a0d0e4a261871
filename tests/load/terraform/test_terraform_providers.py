"""The account of a resource: that of its provider, in every way of configuration.

https://developer.hashicorp.com/terraform/language/providers/configuration
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from iamlint.load import LoadOptions, load
from iamlint.load.link import shown

if TYPE_CHECKING:
    from pathlib import Path

OTHER: Final = "444455556666"
TRUST: Final = (
    'jsonencode({Statement = [{Effect = "Allow", Action = "sts:AssumeRole", Principal = "*"}]})'
)
ROLE: Final = (
    f'resource "aws_iam_role" "a" {{\n  name = "a"\n  assume_role_policy = {TRUST}\n%s}}\n'
)
MAIN: Final = 'provider "aws" {\n  region = "eu-west-1"\n}\nvariable "v" {}\n'
OF_X: Final = f'provider "aws" {{\n  alias = "x"\n  allowed_account_ids = ["{OTHER}"]\n}}\n'


def account(folder: Path, **files: str) -> str | None:
    """Return the account of the only role, None for that of the files."""
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.tf"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    found = load(["."], LoadOptions(root=folder, here=folder))
    (node,) = found.nodes
    return None if node.ref.account is None else shown(node.ref.account)


@pytest.mark.parametrize(
    ("configuration", "expected"),
    [
        (f'assume_role {{\n  role_arn = "arn:aws:iam::{OTHER}:role/x"\n}}', OTHER),
        ('assume_role {\n  role_arn = "arn:aws:iam::${var.v}:role/x"\n}', "${account of aws.x}"),
        ("assume_role {\n  role_arn = var.v\n}", "${account of aws.x}"),
        ('assume_role {\n  role_arn = "deploy"\n}', "${account of aws.x}"),
        ("assume_role {\n  role_arn = 5\n}", "${account of aws.x}"),
        (f'allowed_account_ids = ["{OTHER}"]', OTHER),
        (f'allowed_account_ids = ["{OTHER}", "111122223333"]', None),
        ('profile = "other"', "${account of aws.x}"),
        ("region = var.v", None),
    ],
)
def test_account_is_that_of_the_provider_s_configuration(
    configuration: str, expected: str | None, tmp_path: Path
) -> None:
    of_alias = f'provider "aws" {{\n  alias = "x"\n  {configuration}\n}}\n'

    assert account(tmp_path, main=MAIN + of_alias + ROLE % "  provider = aws.x\n") == expected


@pytest.mark.parametrize(
    ("provider", "expected"),
    [
        ("  provider = aws.none\n", "${account of aws.none}"),
        ('  provider = "aws.x"\n', OTHER),
        ("  provider = aws\n", None),
        ("  provider = upper(var.v)\n", None),
        ("", None),
    ],
)
def test_provider_is_the_one_that_a_resource_names(
    provider: str, expected: str | None, tmp_path: Path
) -> None:
    assert account(tmp_path, main=MAIN + OF_X + ROLE % provider) == expected


def test_only_provider_is_that_of_the_account_though_it_has_an_alias(tmp_path: Path) -> None:
    alone = 'provider "aws" {\n  alias = "x"\n}\n'

    assert account(tmp_path, main=alone + ROLE % "  provider = aws.x\n") is None


FIRST: Final = 'provider "aws" {\n  alias = "x"\n  assume_role {\n    role_arn = var.v\n  }\n}\n'
OF_QUEUE: Final = 'resource "aws_sqs_queue" "q" {\n%s}\n'
INSIDE: Final = 'module "m" {\n  source = "./m"\n%s}\n'


@pytest.mark.parametrize(
    ("beside", "is_other"),
    [
        ("", False),
        (OF_QUEUE % "  provider = aws.x\n", False),
        (OF_QUEUE % "", True),
        (INSIDE % "", True),
        (INSIDE % "  providers = {\n    aws = aws.x\n  }\n", False),
        (FIRST.replace('"x"', '"y"'), False),
        (FIRST.replace('"x"', '"y"').replace("var.v", "var.w"), True),
        ('provider "aws" {\n  alias = "y"\n}\n', True),
    ],
)
def test_provider_with_an_alias_is_that_of_the_account_unless_another_is_used(
    beside: str,
    is_other: bool,  # noqa: FBT001 - what is expected
    tmp_path: Path,
) -> None:
    whole = FIRST + beside + ROLE % "  provider = aws.x\n"
    found = account(tmp_path, main=whole, m__main=OF_QUEUE % "")

    assert found == ("${account of aws.x}" if is_other else None)


CALL: Final = 'module "m" {\n  source = "./m"\n%s}\n'


@pytest.mark.parametrize(
    ("passed", "role", "expected"),
    [
        ("  providers = {\n    aws = aws.x\n  }\n", "", OTHER),
        ("  providers = {\n    aws.y = aws.x\n  }\n", "  provider = aws.y\n", OTHER),
        ("", "  provider = aws.y\n", "${account of aws.y}"),
        ("", "", None),
        ("  providers = {\n    aws.z = aws.x\n  }\n", "", None),
    ],
)
def test_module_has_the_providers_that_its_caller_passes(
    passed: str, role: str, expected: str | None, tmp_path: Path
) -> None:
    assert account(tmp_path, main=MAIN + OF_X + CALL % passed, m__main=ROLE % role) == expected


def test_override_file_passes_other_providers_and_names_another(tmp_path: Path) -> None:
    passed = CALL.replace('  source = "./m"\n', "") % "  providers = {\n    aws = aws.x\n  }\n"

    assert (
        account(tmp_path, main=MAIN + OF_X + CALL % "", override=passed, m__main=ROLE % "") == OTHER
    )


def test_override_file_gives_a_resource_another_provider(tmp_path: Path) -> None:
    other = 'resource "aws_iam_role" "a" {\n  provider = aws.x\n}\n'

    assert account(tmp_path, main=MAIN + OF_X + ROLE % "", main_override=other) == OTHER
