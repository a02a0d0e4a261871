"""The published schema of `*.iamtest.toml` knows the keys that are read, and no others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iamlint.errors import UsageError
from iamlint.testing.declarative import read_tests

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE = Path(__file__).parent.parent.parent / "docs" / "schemas" / "iamtest.schema.json"
SCHEMA = json.loads(PAGE.read_text(encoding="utf-8"))
TEST: Mapping[str, object] = SCHEMA["properties"]["test"]["items"]["properties"]
DEFAULTS: Mapping[str, object] = SCHEMA["properties"]["defaults"]["properties"]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ('[[test]]\nname = "n"\nnobody_knows = 1\n', TEST),
        ("[defaults]\nnobody_knows = 1\n", DEFAULTS),
    ],
    ids=["test", "defaults"],
)
def test_schema_has_the_keys_that_are_read(
    tmp_path: Path, text: str, keys: Mapping[str, object]
) -> None:
    path = tmp_path / "a.iamtest.toml"
    path.write_text(text)
    with pytest.raises(UsageError) as raised:
        read_tests(path, path.name)

    assert raised.value.help == f"keys: {', '.join(sorted(keys))}"
