"""Actions and condition keys that the code and its tables name: AWS has each of them today."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iamlint.catalog import Catalog, overlay

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(overlay.__file__).parent.parent
MODULES = sorted(PACKAGE.rglob("*.py"))
TABLES = (
    *(PACKAGE / "catalog").glob("*.json"),
    PACKAGE / "load" / "cloudformation" / "sam_templates.json",
)
NAME = re.compile(r"[a-z][a-z0-9-]+:[A-Za-z][\w./${}*?-]*")
EXAMPLES = ("bad", "good")

BESIDE_THE_REFERENCE = frozenset(
    {
        # AWS documents these actions, and its reference does not have them:
        # https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html
        "sns:receive",
        # https://docs.aws.amazon.com/serverlessrepo/latest/devguide/security_iam_resource-based-policy-examples.html
        "serverlessrepo:deploy",
        # The old name of `aws:PrincipalArn`, which a rule reports:
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
        "aws:arn",
        # Variables of Serverless Framework.
        *("aws:accountid", "aws:region"),
        # The start of the keys `iam:ResourceTag/…` and `ec2:ResourceTag/…`.
        *("iam:resourcetag/", "ec2:resourcetag/"),
        # Values of keys about encryption.
        *("aws:backup", "aws:fsx", "aws:kms"),
        # Of other languages and of this program.
        *(
            "arn:aws",
            "aws:policy/",
            "json:FILE",
            "lcov:FILE.",
            "local:N.",
            "pulumi:autonaming",
            "ref:refs/",
        ),
    }
)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.open()


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_aws_has_what_a_module_names(catalog: Catalog, module: Path) -> None:
    assert _unknown(catalog, _named_in(module)) == []


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.name)
def test_aws_has_what_a_table_names(catalog: Catalog, table: Path) -> None:
    texts = _texts(json.loads(table.read_text(encoding="utf-8")))
    assert _unknown(catalog, texts) == []


def test_a_name_that_aws_does_not_have_is_found(catalog: Catalog) -> None:
    named = ("s3:GetObject", "s3:GetObjekt", "iotevents:CreateInput", "s3:prefix", "s3:prefiks")
    assert _unknown(catalog, named) == ["s3:GetObjekt", "iotevents:CreateInput", "s3:prefiks"]


def test_nothing_is_listed_by_hand_that_the_references_have(catalog: Catalog) -> None:
    listed = {name for name in overlay.EXTRA_ACTIONS if catalog.action(name)}
    services = {prefix for prefix in overlay.UNLISTED_SERVICES if catalog.service(prefix)}
    assert (listed, services) == (set(), set())


def test_the_key_of_each_list_by_service_is_a_service(catalog: Catalog) -> None:
    services = {prefix for prefix, _ in (*overlay.EXTRA_ARNS, *overlay.ACTION_TYPES)}
    assert {prefix for prefix in services if not catalog.has_service(prefix)} == set()
    for (prefix, name), types in overlay.ACTION_TYPES.items():
        service = catalog.service(prefix)
        assert service is not None
        assert {type_.lower() for type_ in types} <= set(service.resource_types)
        assert name in service.actions


def _unknown(catalog: Catalog, texts: Iterator[str] | tuple[str, ...]) -> list[str]:
    """Return the names that AWS does not have, or not any more."""
    return [
        name
        for text in texts
        for name in text.split()
        if NAME.fullmatch(name)
        and name not in BESIDE_THE_REFERENCE
        and name.lower() not in overlay.ACTION_HINTS
        and (not _is_known(catalog, name) or catalog.retired(name))
    ]


def _is_known(catalog: Catalog, name: str) -> bool:
    """Return whether AWS has an action, a type or a key of that name, or keys that begin so."""
    start = name.lower().removesuffix("*")
    heads = any(key.name.lower().startswith(start) for key in catalog.global_keys())
    prefix, _, type_ = name.lower().partition(":")
    service = catalog.service(prefix)
    is_type = service is not None and type_ in service.resource_types
    return heads or is_type or catalog.matches_any(name) or catalog.condition_key(name) is not None


def _named_in(module: Path) -> Iterator[str]:
    """Yield the texts of a module outside the examples of rules."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    left_out = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in EXAMPLES
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(value, str) and id(node) not in left_out:
            yield value


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
