"""What a rebuilt catalog changed, as the pull request of the nightly workflow lists it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from iamlint.catalog import AccessLevel, Action, Catalog, ConditionKey, KeyType, ResourceType
from iamlint.catalog.build import build
from iamlint.catalog.build.build import Facts
from iamlint.catalog.files import write_files
from scripts.catalog_changes import report

if TYPE_CHECKING:
    from pathlib import Path

GET = Action("shelf", "GetBook", AccessLevel.READ)
GENRE = ConditionKey("shelf:Genre", KeyType.STRING, multivalued=False)
SHELF = Facts("shelf", "Shelf", (GET,), (ResourceType("shelf", "book", ("arn:x",)),), (GENRE,))
LAMP = Facts("lamp", "Lamp", (Action("lamp", "SwitchOn", AccessLevel.WRITE),), (), ())


def _made(folder: Path, *facts: Facts, date: str = "2026-10-01", **given: object) -> Catalog:
    made = build.services(facts)
    index = build.index(made, date=date, source=f"of {date}", rcp_services=["shelf"], rcp_date=date)
    write_files(folder / date, {**index, **given}, made)  # type: ignore[typeddict-item]
    return Catalog.open(folder / date)


def _changes(folder: Path, *facts: Facts, **given: object) -> list[str]:
    after = _made(folder, *facts, date="2026-11-01", **given)
    return report(_made(folder, SHELF), after).splitlines()


def test_another_date_or_source_is_no_change(tmp_path: Path) -> None:
    assert _changes(tmp_path, SHELF) == []


def test_a_new_service_is_listed_with_its_actions(tmp_path: Path) -> None:
    assert _changes(tmp_path, SHELF, LAMP) == [
        "The AWS data of 2026-11-01, made of of 2026-11-01.",
        "",
        "## Services",
        "",
        "- new: `lamp`",
        "",
        "## Actions",
        "",
        "- new: `lamp:SwitchOn`",
    ]


def test_names_that_came_and_went_are_listed(tmp_path: Path) -> None:
    facts = replace(SHELF, actions=(replace(GET, name="ReadBook"),), operations=("SortBooks",))
    assert [line for line in _changes(tmp_path, facts) if line.startswith("- ")] == [
        "- new: `shelf:ReadBook`",
        "- new: `shelf:SortBooks`",
        "- gone: `shelf:GetBook`",
    ]


def test_facts_that_rules_rely_on_are_listed(tmp_path: Path) -> None:
    facts = replace(
        SHELF,
        actions=(replace(GET, access_level=AccessLevel.WRITE, dependent_actions=("a:B",)),),
        condition_keys=(replace(GENRE, multivalued=True),),
        resource_types=(ResourceType("shelf", "book", ("arn:y",)),),
    )
    assert [line for line in _changes(tmp_path, facts, rcp=[]) if line.startswith("- ")] == [
        "- `shelf:GetBook`: Read, on no resource became Write, on no resource; needs a:B",
        "- `shelf:Genre`: String became String, many values",
        "- `shelf book`: arn:x became arn:y",
        "- gone: `shelf`",
    ]


def test_what_is_retired_is_listed(tmp_path: Path) -> None:
    facts = replace(SHELF, actions=(replace(GET, retired="2026-11-01"),))
    lines = _changes(tmp_path, facts, retired={"shelf": "2026-11-01"})
    assert [line for line in lines if line.startswith("- ")] == [
        "- `shelf`: retired 2026-11-01",
        "- `shelf:GetBook`: Read, on no resource became Read, on no resource; retired 2026-11-01",
    ]
