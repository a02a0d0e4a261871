"""What Terraform calls the blocks of principals and policies: addresses with keys of instances."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.load import Loaded, LoadOptions, load
from iamlint.load.terraform.language.address import step_of, unquoted
from tests.support.loading import write_files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "ec2.amazonaws.com"},
            }
        ],
    }
)
ROLE = """
resource "aws_iam_role" "r" {
  META
  assume_role_policy = jsonencode(TRUST)
}
""".replace("TRUST", TRUST)
DATA = """
data "aws_iam_policy_document" "d" {
  META
  statement {
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}
"""


def loaded(files: Mapping[str, str], folder: Path) -> Loaded:
    write_files(folder, files)
    return load([folder], LoadOptions(root=folder, here=folder))


def of_nodes(found: Loaded) -> list[str]:
    return [address for node in found.nodes for address in node.addresses]


def of_policies(found: Loaded) -> list[tuple[str, ...]]:
    return [document.attachment.addresses for document in found.documents]


@pytest.mark.parametrize(
    ("meta", "addresses"),
    [
        ("", ("aws_iam_role.r",)),
        ("count = 2", ("aws_iam_role.r[0]", "aws_iam_role.r[1]")),
        ('for_each = toset(["x", "y"])', ('aws_iam_role.r["x"]', 'aws_iam_role.r["y"]')),
        ('for_each = { "a.b/c" = 1 }', ('aws_iam_role.r["a.b/c"]',)),
        (r'for_each = { "q\"\\" = 1 }', (r'aws_iam_role.r["q\"\\"]',)),
        ('for_each = { "$${x} %%{y}" = 1 }', ('aws_iam_role.r["$${x} %%{y}"]',)),
        ("for_each = var.names", ("aws_iam_role.r",)),
        ("count = var.number", ("aws_iam_role.r",)),
    ],
)
def test_role_has_the_addresses_of_its_instances(
    meta: str, addresses: tuple[str, ...], tmp_path: Path
) -> None:
    variables = 'variable "names" { type = set(string) }\nvariable "number" {}\n'
    found = loaded({"main.tf": variables + ROLE.replace("META", meta)}, tmp_path)

    assert of_nodes(found) == list(addresses)
    assert of_policies(found) == [addresses]


def call(name: str, source: str, meta: str = "") -> str:
    return f'module "{name}" {{\n  source = "{source}"\n  {meta}\n}}\n'


def test_module_that_is_called_several_times_has_all_addresses(tmp_path: Path) -> None:
    found = loaded(
        {
            "main.tf": call("a", "./m")
            + call("b", "./m")
            + call("c", "./m", 'for_each = toset(["x", "y"])')
            + call("d", "./m", "count = 1"),
            "m/main.tf": ROLE.replace("META", "") + call("inner", "../n"),
            "n/main.tf": ROLE.replace("META", "count = 1"),
        },
        tmp_path,
    )
    calls = ("module.a", "module.b", 'module.c["x"]', 'module.c["y"]', "module.d[0]")
    own = tuple(f"{one}.aws_iam_role.r" for one in calls)
    inner = tuple(f"{one}.module.inner.aws_iam_role.r[0]" for one in calls)

    assert sorted(of_nodes(found)) == sorted((*own, *inner))
    assert of_policies(found) == [own, inner]
    assert [document.attachment.address for document in found.documents] == [own[0], inner[0]]


def test_role_of_one_name_has_the_addresses_of_all_calls_that_make_it(tmp_path: Path) -> None:
    files = {"main.tf": call("a", "./m") + call("b", "./m")}
    files["m/main.tf"] = ROLE.replace("META", 'name = "one"')
    (node,) = loaded(files, tmp_path).nodes

    assert node.addresses == ("module.a.aws_iam_role.r", "module.b.aws_iam_role.r")
    assert (node.path, node.line) == ("m/main.tf", 2)


def test_policies_with_other_values_are_other_documents_each_with_its_address(
    tmp_path: Path,
) -> None:
    policy = """
variable "n" {}
resource "aws_s3_bucket_policy" "p" {
  bucket = var.n
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = "*"
    Action = "s3:*", Resource = "arn:aws:s3:::${var.n}" }] })
}
"""
    calls = call("a", "./m", 'n = "a"') + call("b", "./m", 'n = "b"')
    found = loaded({"main.tf": calls, "m/main.tf": policy}, tmp_path)

    assert of_policies(found) == [
        ("module.a.aws_s3_bucket_policy.p",),
        ("module.b.aws_s3_bucket_policy.p",),
    ]


def test_document_that_nothing_holds_has_the_address_of_its_data_source(tmp_path: Path) -> None:
    files = {"main.tf": call("a", "./m") + call("b", "./m")}
    files["m/main.tf"] = DATA.replace("META", "")
    (document,) = loaded(files, tmp_path).documents
    about = document.attachment

    assert about.addresses == (
        "module.a.data.aws_iam_policy_document.d",
        "module.b.data.aws_iam_policy_document.d",
    )
    assert (about.address, about.names) == (None, ())


KEYS = ["x", "a.b/c", 'q"\\', "${x} %{y}", "$$", "é", "line\nline"]


@pytest.mark.parametrize("key", KEYS)
def test_key_of_an_address_is_read_as_it_was_written(key: str) -> None:
    assert unquoted(step_of(key)[2:-2]) == key


@pytest.mark.parametrize("key", [*KEYS[:-1], 0])
@pytest.mark.parametrize("kind", ["module", "plan", "state"])
def test_plan_and_state_have_the_addresses_of_the_module(
    kind: str, key: str | int, tmp_path: Path
) -> None:
    written = json.dumps(key, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
    address = f"module.m[{written}].aws_iam_role.r[{written}]"
    found = loaded(of_kind(kind, address, key, written), tmp_path)

    assert of_nodes(found) == [address]
    assert {one for several in of_policies(found) for one in several} == {address}


def of_kind(kind: str, address: str, key: str | int, written: str) -> dict[str, str]:
    about = {"mode": "managed", "type": "aws_iam_role", "name": "r"}
    values = {"name": "r", "assume_role_policy": TRUST}
    if kind == "module":
        meta = "count = 1" if key == 0 else f"for_each = {{ {written} = 1 }}"
        return {"main.tf": call("m", "./m", meta), "m/main.tf": ROLE.replace("META", meta)}
    if kind == "plan":
        resource = {**about, "address": address, "index": key}
        of_plan = [{**resource, "values": values}]
        inner = {"address": address.partition(".aws")[0], "resources": of_plan}
        plan = {"root_module": {"child_modules": [inner]}}
        return {"plan.json": json.dumps({"format_version": "1.2", "planned_values": plan})}
    module = address.partition(".aws")[0]
    instances = [{"index_key": key, "attributes": values}]
    of_state = [{**about, "module": module, "instances": instances}]
    state = {"version": 4, "lineage": "l", "serial": 1, "resources": of_state}
    return {"terraform.tfstate": json.dumps(state)}
