"""What pytest loads in every project: sees that `pytest_iam` is ours, and loads it when needed.

The distribution `pytest-iam` installs a package of the same name. pip overwrites one with the other
in silence, and removing theirs removes our `__init__.py`.
"""

from __future__ import annotations

from functools import partial
from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_iam import Iam

_THEIRS = "pytest-iam"
_OWNER = "owner.txt"
_LOADED = "iamlint.pytest_iam"
_MENDING = """\
both `iamlint` and `pytest-iam` install a package named `pytest_iam`, and {what}
tests about policies could silently test something else. To fix this:

    pip uninstall --yes pytest-iam
    pip install --force-reinstall --no-deps iamlint

or switch off the plugin of iamlint: `pytest -p no:iamlint`"""


def pytest_configure(config: pytest.Config) -> None:
    trouble = trouble_with_package()
    if trouble:
        raise pytest.UsageError(_MENDING.format(what=trouble))
    config.addinivalue_line(
        "markers",
        "iam(root, account, context, at, vars): which repository and what requests carry",
    )
    _import_as_written(config)
    if any(_is_used(config, name) for name in _OPTIONS):
        _load(config)


def _import_as_written(config: pytest.Config) -> None:
    """Keep pytest from rewriting the asserts of all modules of iamlint.

    It does so for each distribution that has a plugin, and with no byte code on disk in each run:
    that took longer than a thousand assertions. There is no public way to decline for a package.
    """
    hook = getattr(config.pluginmanager, "rewrite_hook", None)
    marked = getattr(hook, "_must_rewrite", None)
    if isinstance(marked, set):
        marked -= {"iamlint", "pytest_iam"}


def trouble_with_package() -> str | None:
    """Return the fault of the package `pytest_iam`, looking at files only."""
    try:
        metadata.distribution(_THEIRS)
    except metadata.PackageNotFoundError:
        pass
    else:
        return "both are installed"
    spec = util.find_spec("pytest_iam")
    if spec is None or spec.origin is None:
        return "its `__init__.py` is gone"
    ours = Path(spec.origin).with_name(_OWNER).is_file()
    return None if ours and b"iamlint" in Path(spec.origin).read_bytes() else "it is not ours"


_OPTIONS = {
    "--iam-strict": ("store_true", None, "Fail on answers that rest on an assumption."),
    "--iam-lint": ("store_true", None, "Collect each finding in a policy as a failing test."),
    "--iam-cov": ("store_true", None, "Show which statements decided an asserted answer."),
    "--iam-cov-report": ("append", "TYPE", "term, term-missing, json:FILE or lcov:FILE."),
    "--iam-cov-fail-under": (
        "store",
        "PERCENT",
        "Fail if a smaller share of statements decided an answer.",
    ),
    "--iam-mutate": ("store_true", None, "Change policies, and list the changes no test notices."),
    "--iam-mutate-fail-under": (
        "store",
        "PERCENT",
        "Fail if tests notice a smaller share of the changes.",
    ),
}


_VALUES = {
    "--iam-var": ("NAME=VALUE", "Value of a Terraform variable or template parameter."),
    "--iam-var-file": ("FILE", "Read values of variables and parameters from this file."),
}


def _as_given(option: str, text: str) -> tuple[str, str]:
    """Keep both options in one list, so that the later one counts; workers take plain data."""
    return option, text


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("iam", "policies of AWS IAM")
    for option, (form, text) in _VALUES.items():
        group.addoption(
            option,
            action="append",
            dest="iam_values",
            type=partial(_as_given, option),
            metavar=form,
            default=[],
            help=text,
        )
    for name, (action, metavar, help_) in _OPTIONS.items():
        if metavar is None:
            group.addoption(name, action=action, help=help_)
        elif action == "append":
            group.addoption(name, action=action, metavar=metavar, default=[], help=help_)
        else:
            group.addoption(name, action=action, metavar=metavar, type=float, help=help_)


def _is_used(config: pytest.Config, option: str) -> bool:
    value = config.getoption(option)
    return value is not None and value is not False and value != []


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if not file_path.name.endswith(".iamtest.toml"):
        return None
    _load(parent.config)
    from pytest_iam.collect import TestFile  # noqa: PLC0415 - only who has such files pays

    return TestFile.from_parent(parent, path=file_path)


def _load(config: pytest.Config) -> None:
    """Load the plugin itself, once."""
    if not config.pluginmanager.has_plugin(_LOADED):
        from pytest_iam import plugin  # noqa: PLC0415 - the point of this module

        config.pluginmanager.register(plugin, _LOADED)


@pytest.fixture
def iam(request: pytest.FixtureRequest) -> Iam:
    """Ask who can do what in the account that this repository describes."""
    _load(request.config)
    from pytest_iam.fixtures import iam_of  # noqa: PLC0415 - only tests about policies pay

    return iam_of(request)
