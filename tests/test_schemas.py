"""The published schemas say what iamlint really reads and writes, no more and no less."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click
import pytest
from jsonschema import Draft7Validator

from iamlint.cli.app import COMMANDS, cli
from iamlint.config import read
from iamlint.config.schema import DRAFT, URL, schema
from iamlint.errors import UsageError
from iamlint.report.diff.formats import DIFF_FORMATS
from iamlint.report.formats import BUILTIN as BUILTIN_FORMATS
from iamlint.report.graph.formats import GRAPH_FORMATS
from iamlint.rules import BUILTIN
from iamlint.simulate.scenario import simulate
from iamlint.testing.declarative import read_tests
from iamlint.version import VERSION
from scripts import config_docs, json_docs
from scripts.config_examples import EXAMPLES
from tests.report.diff.diffs import DIFF, OUTPUT
from tests.report.graph import graphs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iamlint.report.graph.view import GraphFound
    from iamlint.rule import Rule
    from tests.support.program import Program


ROOT = Path(__file__).parent.parent
SCHEMAS = {
    path.name.removesuffix(".schema.json"): json.loads(path.read_text(encoding="utf-8"))
    for path in (ROOT / "docs" / "schemas").glob("*.schema.json")
}


def formats_of_commands() -> Iterator[tuple[str, Iterable[str]]]:
    """Yield each command that has formats, with them."""
    context = click.Context(cli)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        for inner in getattr(command, "commands", {"": command}).values():
            for param in inner.params:
                if param.name == "output_format":
                    whole = name if inner is command else f"{name} {inner.name}"
                    yield whole, getattr(param.type, "choices", BUILTIN_FORMATS)


def fits(name: str, value: object) -> bool:
    validator = Draft7Validator(SCHEMAS[name], format_checker=Draft7Validator.FORMAT_CHECKER)
    return bool(validator.is_valid(value))


def plain(value: object) -> object:
    """Return what TOML holds as editors hand it to a schema: a date is a string."""
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_is_one_and_names_its_place(name: str) -> None:
    Draft7Validator.check_schema(SCHEMAS[name])

    head = {key: SCHEMAS[name][key] for key in ("$schema", "$id", "$comment")}
    assert head == {
        "$schema": DRAFT,
        "$id": f"{URL.rpartition('/')[0]}/{name}.schema.json",
        "$comment": f"iamlint {VERSION}",
    }


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_has_a_title_and_descriptions_as_the_public_catalog_asks(name: str) -> None:
    schema = SCHEMAS[name]

    for text in (schema["title"], schema["description"]):
        assert text[0] not in "AT"  # an article, or a sentence
        assert not text.endswith((".", ":"))


def bare(shape: object, at: str = "") -> Iterator[str]:
    """Yield the keys that a schema does not describe."""
    if isinstance(shape, dict):
        for name, inner in shape.get("properties", {}).items():
            if "description" not in inner:
                yield f"{at}.{name}"
            yield from bare(inner, f"{at}.{name}")
        for name in ("items", "additionalProperties"):
            yield from bare(shape.get(name), f"{at}[]")
        for name, inner in shape.get("definitions", {}).items():
            yield from bare(inner, f"#{name}")


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_key_is_described(name: str) -> None:
    assert list(bare(SCHEMAS[name])) == []


def test_entries_for_the_public_catalog_name_the_schemas_and_their_files() -> None:
    path = ROOT / "docs" / "schemas" / "catalog.json"
    entries = json.loads(path.read_text(encoding="utf-8"))["schemas"]

    assert [(entry["url"], entry["fileMatch"]) for entry in entries] == [
        (SCHEMAS["config"]["$id"], ["iamlint.toml"]),
        (SCHEMAS["iamtest"]["$id"], ["*.iamtest.toml"]),
    ]
    assert [entry["description"] for entry in entries] == [
        SCHEMAS[name]["description"] for name in ("config", "iamtest")
    ]


def test_schema_of_the_configuration_is_current() -> None:
    assert SCHEMAS["config"] == schema(BUILTIN), "run `make docs`"


def test_table_of_keys_is_current() -> None:
    page = config_docs.PAGE.read_text(encoding="utf-8")

    assert page == config_docs.page(), "run `make docs`"


def names(shape: Mapping[str, Any]) -> Iterator[str]:
    """Yield the keys inside a key."""
    for name, inner in shape.get("properties", {}).items():
        yield name
        yield from names(inner)
    for more in ("items", "additionalProperties"):
        if isinstance(inner := shape.get(more), dict):
            yield from names(inner)


@pytest.mark.parametrize("name", SCHEMAS["config"]["properties"])
def test_each_key_has_an_example_that_is_read_and_has_the_keys_inside_it(
    name: str, tmp_path: Path
) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    (tmp_path / "iamlint.toml").touch()
    (folder / "iamlint.toml").write_text(EXAMPLES[name])

    read(folder / "iamlint.toml")
    assert list(tomllib.loads(EXAMPLES[name])) == [name]
    assert fits("config", plain(tomllib.loads(EXAMPLES[name])))
    inside = () if name == "rules" else names(SCHEMAS["config"]["properties"][name])
    assert [key for key in inside if key not in EXAMPLES[name]] == []


def test_no_example_is_of_an_unknown_key() -> None:
    assert EXAMPLES.keys() == SCHEMAS["config"]["properties"].keys()


@pytest.mark.parametrize(
    "rule", [rule for rule in BUILTIN if rule.options], ids=lambda rule: rule.name
)
def test_description_of_options_names_each_of_several(rule: Rule) -> None:
    options = SCHEMAS["config"]["properties"]["rules"]["properties"][rule.name]["properties"]

    assert len(options) == 1 or all(
        f"`{name}`" in one["description"] for name, one in options.items()
    )


WHOLE = """
include = ["policies/**/*.json"]
exclude = ["**/node_modules/**"]
select = ["default", "breadth"]
extend-select = ["wildcard-admin"]
ignore = []
profile = "strict"
fail-on = "warning"
account = "111122223333"
partition = "aws"
region = "eu-west-1"
organization = "o-a1b2c3d4e5"
trusted-accounts = ["444455556666"]
aws-managed-policies = true
kinds = { "policies/scp/*.json" = "scp" }
severity = { wildcard-admin = "error" }
rules.oversized-scp.maximum = 5000

[[require-condition]]
actions = ["iam:PassRole"]
keys = ["iam:PassedToService"]
reason = "a role may be passed only to known services"

[[ignore-finding]]
rule = "wildcard-admin"
file = "policies/deployer.json"
sid = "PassAnyRole"
statement = 1
reason = "break-glass role, SEC-12"
expires = 2027-03-31

[principals."role/deployer"]
policies = ["policies/deployer.json"]
trust = "policies/trust/deployer.json"
boundary = "policies/boundary.json"
groups = ["ops"]
path = "/"
max-session-duration = 3600
tags = { team = "platform" }

[resources."arn:aws:s3:::artifacts"]
policy = "policies/artifacts-bucket.json"

[organization-policies]
scp = [["policies/scp/root.json"], []]
rcp = []
"""
WRONG = [
    'fial-on = "error"',
    'fail-on = "eror"',
    'account = "1"',
    "include = 1",
    'kinds = { "x" = "acl" }',
    '[[ignore-finding]]\nrule = "wildcard-admin"\nreason = "no file"',
    '[[ignore-finding]]\nrule = "wildcard-admin"\nfile = "x"\nreason = "x"\nexpires = "soon"',
    '[principals.x]\npolicy = "a.json"',
    "[organization-policies]\nscp = [1]",
]


def test_whole_configuration_is_read_and_fits(tmp_path: Path) -> None:
    (tmp_path / "iamlint.toml").write_text(WHOLE)

    assert read(tmp_path / "iamlint.toml").account == "111122223333"
    assert fits("config", plain(tomllib.loads(WHOLE)))


@pytest.mark.parametrize("text", WRONG)
def test_wrong_configuration_is_refused_and_does_not_fit(tmp_path: Path, text: str) -> None:
    (tmp_path / "iamlint.toml").write_text(text)

    with pytest.raises(UsageError):
        read(tmp_path / "iamlint.toml")
    assert not fits("config", plain(tomllib.loads(text)))


def test_configuration_of_the_samples_fits() -> None:
    text = (ROOT / "sample_policies" / "iamlint.toml").read_text(encoding="utf-8")

    assert fits("config", plain(tomllib.loads(text)))


@pytest.mark.parametrize("format_", ["json", "jsonl"])
def test_output_for_the_samples_fits(iamlint: Program, format_: str) -> None:
    samples = str(ROOT / "sample_policies")
    out = iamlint("check", samples, "--profile", "strict", "--output-format", format_).out
    if format_ == "jsonl":
        *findings, last = map(json.loads, out.splitlines())
        keys = ("version", "tool", "not_analysed", "summary")
        out = json.dumps({"findings": findings, **{key: last[key] for key in keys}})
        assert set(last) == set(keys)

    output = json.loads(out)
    assert len(output["findings"]) > 5
    assert fits("output", output)


def test_output_with_everything_in_it_fits(iamlint: Program, tmp_path: Path) -> None:
    text = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "allow", "Action": ["s3:GetObject"],}]}'
    )
    (tmp_path / "p.json").write_text(text)
    (tmp_path / "binary.json").write_bytes(b'\x00\x01"Statement" "Effect" 2012-10-17')
    (tmp_path / "iamlint.toml").write_text(
        '[[ignore-finding]]\nrule = "relaxed-json"\nfile = "p.json"\nreason = "x"\n'
    )

    output = json.loads(iamlint("check", ".", "--output-format", "json").out)

    assert {f["suppressed"] is None for f in output["findings"]} == {True, False}
    assert output["not_analysed"]
    assert fits("output", output)
    assert not fits("output", {**output, "more": 1})
    assert not fits("output", {k: v for k, v in output.items() if k != "summary"})


def test_comparison_with_everything_in_it_fits() -> None:
    output = json.loads(DIFF_FORMATS["json"](DIFF, OUTPUT))

    assert fits("diff", output)
    assert not fits("diff", {**output, "more": 1})
    assert not fits("diff", {k: v for k, v in output.items() if k != "summary"})
    assert not fits("diff", {**output, "verdict": "unsure"})
    gained = output["changes"][1]["gained"]
    assert gained
    del gained[0]["witness"]["context"]
    assert not fits("diff", output)


@pytest.mark.parametrize(
    "found", [graphs.GRAPH, graphs.CHANGE, graphs.ACCESS, graphs.EMPTY, graphs.hostile()]
)
def test_graph_with_everything_in_it_fits(found: GraphFound) -> None:
    output = json.loads(GRAPH_FORMATS["json"](found, graphs.OUTPUT))

    assert fits("graph", output)
    assert not fits("graph", {**output, "more": 1})
    for key in ("answers", "nodes", "edges", "not_analysed", "summary"):
        assert not fits("graph", {k: v for k, v in output.items() if k != key})
    for one in output["edges"][:1]:
        assert not fits("graph", {**output, "edges": [{**one, "how": "walk"}]})
        assert not fits("graph", {**output, "edges": [{**one, "unknown": []}]})


@pytest.mark.parametrize(
    "command", [one for one in json_docs.COMMANDS if one.schema], ids=lambda one: one.name
)
def test_output_on_the_page_fits(command: json_docs.JsonCommand) -> None:
    values = json_docs.values(json_docs.outputs()[command.name])

    assert [fits(str(command.schema), value) for value in values] == [True]


def test_each_command_with_json_is_on_the_page() -> None:
    shown = {
        " ".join(one.name.split(" --")[0].split(", ")[0].split()) for one in json_docs.COMMANDS
    }

    assert {*shown, "merge"} == {
        name for name, formats in formats_of_commands() if "json" in formats
    }


IAMTESTS = {
    '[[test]]\nname = "a"\nas = "role/x"\ncan = ["s3:GetObject"]': True,
    '[defaults]\naccount = "111122223333"\ncontext = { "aws:x" = "1" }\nat = "2027-01-01"\n'
    'absent = ["aws:y"]\n[[test]]\nname = "a"\nas = "role/x"\ncannot = ["iam:*"]\n'
    'resource = ["*"]\nat = "2027-01-02"\nabsent = ["aws:z"]\n'
    'context = { "aws:TagKeys" = ["a", "b"], "aws:SecureTransport" = true }': True,
    '[[test]]\nname = "a"\nwho_can = "iam:PassRole"\nequals = []': True,
    '[[test]]\nname = "a"\nwho_can = "iam:PassRole"': False,
    '[[test]]\nname = "a"\nas = "role/x"\nwho_can = "iam:PassRole"\nequals = []': False,
    '[[test]]\nname = "a"\nas = "role/x"\ncan = ["a:B"]\nequals = []': False,
    '[[test]]\nname = "a"\nas = "role/x"': False,
    '[[test]]\nname = "a"\ncan = ["s3:GetObject"]': False,
    '[[test]]\nas = "role/x"\ncan = ["s3:GetObject"]': False,
    '[[test]]\nname = "a"\nas = "role/x"\ncna = ["s3:GetObject"]': False,
    '[[test]]\nname = "a"\nas = "role/x"\ncan = "s3:GetObject"': False,
    "[defaults]": False,
    '[defaults]\nacount = "1"\n[[test]]\nname = "a"\nas = "role/x"\ncan = ["a:B"]': False,
}


@pytest.mark.parametrize(("text", "right"), IAMTESTS.items())
def test_declarative_test_fits_when_it_can_be_read(
    tmp_path: Path,
    text: str,
    right: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    path = tmp_path / "x.iamtest.toml"
    path.write_text(text)
    try:
        read_tests(path, "x.iamtest.toml")
    except UsageError:
        assert not right
    else:
        assert right

    assert fits("iamtest", plain(tomllib.loads(text))) is right


REQUEST = {"principal": "arn:aws:iam::111122223333:role/a", "action": "s3:Get", "resource": "*"}
ALLOW = {"Version": "2012-10-17", "Statement": []}
SCENARIOS: list[tuple[Mapping[str, object], bool]] = [
    ({"request": REQUEST}, True),
    ({"id": 7, "request": REQUEST, "policies": None, "settings": None}, True),
    (
        {
            "id": "x",
            "request": {
                **REQUEST,
                "principal": {"Anonymous": True},
                "resource": "arn:aws:s3:::b/k",
                "resource_account": "111122223333",
                "context": {"aws:TagKeys": ["a"], "aws:SecureTransport": True, "x:n": 1},
            },
            "policies": {
                "identity": [ALLOW, {"name": "n", "document": ALLOW}],
                "resource": None,
                "boundary": [ALLOW],
                "session": [],
                "scp": [[ALLOW]],
                "rcp": None,
                "endpoint": [],
            },
            "settings": {
                "derive_context": False,
                "rcp_default_allow": True,
                "principal_role_path": "/a/",
                "service_settings": {
                    "s3": {"block_public_access": True},
                    "ec2": {"gateway_endpoint": False},
                },
            },
        },
        True,
    ),
    ({}, False),
    ({"request": REQUEST, "more": 1}, False),
    ({"id": 1.5, "request": REQUEST}, False),
    ({"request": {**REQUEST, "principal": {"Anonymous": False}}}, False),
    ({"request": {**REQUEST, "principal": {"Service": "a", "Federated": "b"}}}, False),
    ({"request": {**REQUEST, "action": "s3"}}, False),
    ({"request": {**REQUEST, "action": "s3:*"}}, False),
    ({"request": {**REQUEST, "resource": "bucket"}}, False),
    ({"request": {**REQUEST, "resource_account": "1"}}, False),
    ({"request": {**REQUEST, "context": {"a:b": {}}}}, False),
    ({"request": REQUEST, "policies": {"identity": ALLOW}}, False),
    ({"request": REQUEST, "policies": {"boundary": [ALLOW, ALLOW]}}, False),
    ({"request": REQUEST, "policies": {"scp": [None]}}, False),
    ({"request": REQUEST, "policies": {"acl": []}}, False),
    ({"request": REQUEST, "settings": {"principal_role_path": "a"}}, False),
    ({"request": REQUEST, "settings": {"derive_context": "no"}}, False),
]


@pytest.mark.parametrize(("scenario", "right"), SCENARIOS)
def test_scenario_fits_when_it_can_be_decided(
    scenario: Mapping[str, object],
    right: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    answer = simulate(scenario)

    assert (not answer["errors"]) is right, answer["errors"]
    assert fits("scenario", scenario) is right
    assert fits("decision", json.loads(json.dumps(answer)))


def test_decision_of_a_statement_fits() -> None:
    deny = {"Effect": "Deny", "Action": "*", "Resource": "*", "Sid": "No"}
    policies = {"identity": [{"Version": "2012-10-17", "Statement": [deny]}]}

    answer = simulate({"id": "x", "request": REQUEST, "policies": policies})

    assert cast("list[object]", answer["decided_by"])
    assert fits("decision", json.loads(json.dumps(answer)))
    assert not fits("decision", {**answer, "decision": "maybe"})
