"""A repository made of a few texts, and its account."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.config import Config, read
from iamlint.repository import Repository, open_repository

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    Open = Callable[..., Repository]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Return the repository of written files; objects become JSON."""
    monkeypatch.chdir(tmp_path)

    def make(files: Mapping[str, object], toml: str = 'account = "111122223333"\n') -> Repository:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1))
        (tmp_path / "iamlint.toml").write_text(toml)
        config = read(tmp_path / "iamlint.toml") if toml else Config(root=tmp_path)
        return open_repository(config)

    return make
