from __future__ import annotations

from pathlib import Path

from iamlint.catalog import user_catalog, user_directory


def test_the_environment_may_name_the_directory(tmp_path: Path) -> None:
    environ = {"IAMLINT_CATALOG": str(tmp_path), "XDG_CACHE_HOME": "/elsewhere"}
    assert user_directory(environ) == tmp_path
    assert user_catalog(environ) == tmp_path


def test_the_cache_directory_is_respected() -> None:
    assert user_directory({"XDG_CACHE_HOME": "/c"}) == Path("/c/iamlint/catalog")


def test_a_relative_cache_directory_is_ignored() -> None:
    home = Path.home() / ".cache" / "iamlint" / "catalog"
    assert user_directory({"XDG_CACHE_HOME": "c"}) == home
    assert user_directory({}) == home


def test_a_user_without_a_catalog_has_none(tmp_path: Path) -> None:
    environ = {"XDG_CACHE_HOME": str(tmp_path)}
    assert user_catalog(environ) is None
    (tmp_path / "iamlint" / "catalog").mkdir(parents=True)
    (tmp_path / "iamlint" / "catalog" / "index.json").touch()
    assert user_catalog(environ) == tmp_path / "iamlint" / "catalog"
