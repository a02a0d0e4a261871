from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from iamlint.catalog import Catalog
from iamlint.catalog.build import build, iam_data
from iamlint.catalog.build.service_reference import (
    REFERENCE,
    fetch_reference,
    read_service,
    update,
)
from iamlint.catalog.files import write_files
from iamlint.errors import ReadError
from tests.support import facts

HERE = Path(__file__).parent


def fetch(url: str) -> bytes:
    """Answer as the published reference does, from the small files beside this test."""
    assert url.startswith(REFERENCE)
    name = url.rsplit("/", 1)[1] or "index.json"
    return (HERE / "reference" / name).read_bytes()


@pytest.fixture
def known(tmp_path: Path) -> Catalog:
    made = build.services(iam_data.read_package(HERE / "package"))
    index = build.index(
        made, date="2026-09-26", source="test", rcp_services=["shelf"], rcp_date="2026-09-26"
    )
    write_files(tmp_path / "known", index, made)
    return Catalog.open(tmp_path / "known")


@pytest.fixture
def updated(tmp_path: Path, known: Catalog) -> Catalog:
    assert update(fetch, tmp_path / "new" / "catalog", date="2026-11-20", known=known) == 2
    return Catalog.open(tmp_path / "new" / "catalog")


def test_both_publishers_give_the_same_services_once_the_known_is_filled_in(
    known: Catalog, updated: Catalog
) -> None:
    assert updated.services() == known.services()
    assert updated.expand("*") == known.expand("*")
    new, old = facts.service(updated, "shelf"), facts.service(known, "shelf")
    assert new.name == old.name == "Shelf Service"
    assert dict(new.resource_types) == dict(old.resource_types)
    assert dict(new.condition_keys) == dict(old.condition_keys)


def test_alone_the_reference_says_nothing_of_required_resources_and_dependent_actions(
    known: Catalog,
) -> None:
    read = read_service(json.loads(fetch(f"{REFERENCE}v1/shelf/shelf.json")))
    alone = {action.full_name: action for action in read.actions}
    move = facts.action(known, "shelf:MoveBook")
    uses = tuple(
        replace(use, required=False, condition_keys=(), dependent_actions=())
        for use in move.resource_types
    )
    assert alone["shelf:MoveBook"] == replace(move, resource_types=uses, dependent_actions=())


def test_the_update_says_when_and_from_where(updated: Catalog) -> None:
    assert (updated.date, updated.source) == ("2026-11-20", "AWS service reference")
    assert updated.rcp_services() == {"shelf"}


def test_the_update_keeps_what_calls_need(tmp_path: Path, updated: Catalog) -> None:
    assert updated.needed_by("shelf:GetBook") == ("shelf:GetBook",)
    assert updated.needed_by("Shelf:movebookv2") == ("shelf:MoveBook", "desk:OpenDrawer")
    folder = tmp_path / "new" / "catalog" / "operations"
    assert json.loads((folder / "shelf.json").read_bytes()) == {
        "GetBook": [],
        "MoveBookV2": ["shelf:MoveBook", "desk:OpenDrawer"],
    }


def test_of_an_operation_without_listed_actions_nothing_is_known(
    known: Catalog, updated: Catalog
) -> None:
    assert updated.needed_by("shelf:SortBooks") is None
    assert updated.needed_by("desk:OpenDrawer") is None
    assert updated.needed_by("attic:Open") is None
    assert known.needed_by("shelf:GetBook") is None


def test_an_operation_that_another_action_controls_is_known_without_an_update() -> None:
    assert Catalog.open().needed_by("s3:ListObjectsV2") == ("s3:ListBucket",)


def test_what_calls_need_is_read_when_it_is_asked_for(tmp_path: Path, updated: Catalog) -> None:
    (tmp_path / "new" / "catalog" / "operations" / "shelf.json").unlink()
    assert updated.accepts_action("shelf:GetBook")
    with pytest.raises(ReadError):
        updated.needed_by("shelf:GetBook")


def test_names_that_the_reference_does_not_have_any_more_are_kept_as_retired(
    tmp_path: Path, known: Catalog
) -> None:
    index = json.loads(fetch(REFERENCE))[:1]
    shelf = json.loads(fetch(index[0]["url"]))
    shelf["Actions"] = [entry for entry in shelf["Actions"] if entry["Name"] != "TagBook"]
    answers = {REFERENCE: json.dumps(index), index[0]["url"]: json.dumps(shelf)}
    target = tmp_path / "less"
    update(lambda url: answers[url].encode(), target, date="2026-11-20", known=known)
    less = Catalog.open(target)
    assert less.retired("desk") == less.retired("shelf:TagBook") == "2026-11-20"
    assert less.origin("desk") == ("test", "2026-09-26")
    assert less.origin("shelf") == ("AWS service reference", "2026-11-20")

    update(lambda url: answers[url].encode(), tmp_path / "again", date="2026-12-01", known=less)
    again = Catalog.open(tmp_path / "again")
    assert again.retired("desk") == again.retired("shelf:TagBook") == "2026-11-20"


def test_a_name_that_comes_back_is_not_retired(tmp_path: Path, known: Catalog) -> None:
    index = json.loads(fetch(REFERENCE))[:1]
    one = {REFERENCE: json.dumps(index).encode(), index[0]["url"]: fetch(index[0]["url"])}
    update(one.__getitem__, tmp_path / "less", date="2026-11-20", known=known)
    less = Catalog.open(tmp_path / "less")
    assert less.retired("desk")
    update(fetch, tmp_path / "all", date="2026-12-01", known=less)
    assert Catalog.open(tmp_path / "all").retired("desk") is None


def test_a_resource_type_may_have_several_arns(updated: Catalog) -> None:
    assert facts.service(updated, "desk").resource_types["drawer"].arns == (
        "arn:${Partition}:shelf:::drawer/${DrawerId}",
        "arn:${Partition}:furniture:::${DrawerId}",
    )
    assert updated.has_arn_service("furniture")


def test_what_is_accepted_by_hand_survives_an_update(updated: Catalog) -> None:
    assert updated.accepts_action("deepracer:GetTrack")
    assert updated.has_arn_service("catalog")


def test_an_action_without_annotations_counts_as_a_write() -> None:
    read = read_service({"Name": "x", "Actions": [{"Name": "Do"}]})
    assert [action.access_level.value for action in read.actions] == ["Write"]


@pytest.mark.parametrize(
    "answers",
    [
        {REFERENCE: b"<html>"},
        {REFERENCE: b"{}"},
        {REFERENCE: b'[{"service": "x"}]'},
        {REFERENCE: b'[{"service": "../x", "url": "u"}]'},
        {REFERENCE: b'["x"]'},
        {REFERENCE: b'[{"service": "x", "url": "u"}]', "u": b'{"Name": "../x"}'},
        {REFERENCE: b'[{"service": "x", "url": "u"}]', "u": b"[]"},
        {REFERENCE: b'[{"service": "x", "url": "u"}]', "u": b'{"Name": "x", "Operations": {}}'},
        {
            REFERENCE: b'[{"service": "x", "url": "u"}]',
            "u": b'{"Name": "x", "Operations": [{"Name": "y", "AuthorizedActions": [1]}]}',
        },
    ],
)
def test_an_answer_in_another_form_is_an_error_and_writes_nothing(
    tmp_path: Path, known: Catalog, answers: dict[str, bytes]
) -> None:
    with pytest.raises(ReadError):
        update(answers.__getitem__, tmp_path / "target", date="2026-11-20", known=known)
    assert not (tmp_path / "target").exists()


def test_a_network_that_is_down_is_an_error_and_writes_nothing(
    tmp_path: Path, known: Catalog
) -> None:
    def down(_: str) -> bytes:
        raise OSError("no route")

    with pytest.raises(ReadError, match="cannot read"):
        update(down, tmp_path / "target", date="2026-11-20", known=known)
    assert not (tmp_path / "target").exists()


@pytest.mark.parametrize("url", ["http://example.com/x", "file:///etc/passwd"])
def test_only_the_reference_is_fetched(url: str) -> None:
    with pytest.raises(ReadError, match="is not part of the service reference"):
        fetch_reference(url)
