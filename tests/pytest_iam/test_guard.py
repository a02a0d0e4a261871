"""The guard: loads nothing if no test asks about policies, and refuses a foreign package."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from iamlint import pytest_guard

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pytest_iam.conftest import Run


def test_run_without_tests_about_policies_loads_the_guard_alone(pytester: pytest.Pytester) -> None:
    (pytester.path / "test_plain.py").write_text(
        "import sys\n\ndef test_plain():\n"
        "    ours = {m for m in sys.modules if m.startswith(('iamlint', 'pytest_iam'))}\n"
        "    assert ours == {'iamlint', 'iamlint.lazy_names', 'iamlint.pytest_guard'}\n"
    )
    done = _run_of_its_own(pytester.path)

    assert done.returncode == 0, done.stdout


def test_modules_of_iamlint_are_imported_as_they_are_written(pytester: pytest.Pytester) -> None:
    (pytester.path / "iamlint.toml").write_text('account = "111122223333"\n')
    (pytester.path / "role").mkdir()
    (pytester.path / "role" / "work.json").write_text(
        '{"Version": "2012-10-17", "Statement": '
        '[{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]}'
    )
    (pytester.path / "test_policies.py").write_text(
        "import sys\n\nNAMES = ('iamlint', 'pytest_iam')\n\ndef test_policies(iam):\n"
        "    ours = [m for n, m in sys.modules.items() if n.split('.')[0] in NAMES]\n"
        "    assert 'pytest_iam.fixtures' in sys.modules\n"
        "    of_pytest = {m.__name__ for m in ours if 'pytest' in type(m.__loader__).__module__}\n"
        "    assert of_pytest <= {'iamlint', 'iamlint.lazy_names', 'iamlint.pytest_guard'}\n"
    )
    done = _run_of_its_own(pytester.path)

    assert done.returncode == 0, done.stdout


def _run_of_its_own(folder: Path) -> subprocess.CompletedProcess[str]:
    plugin = () if _installed() else ("-p", "iamlint.pytest_guard")
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "pytest", *plugin, "-q"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def _installed() -> bool:
    from tests.pytest_iam.conftest import INSTALLED  # noqa: PLC0415 - set up by then

    return bool(INSTALLED)


def test_other_distribution_of_that_name_ends_the_run_with_the_way_out(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    info = tmp_path / "pytest_iam-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: pytest-iam\nVersion: 1.0\n")
    monkeypatch.syspath_prepend(tmp_path)
    result = run("assert True")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [
            "ERROR: both `iamlint` and `pytest-iam` install a package *, and both are installed",
            "    pip uninstall --yes pytest-iam",
            "    pip install --force-reinstall --no-deps iamlint",
        ]
    )


@pytest.mark.parametrize(
    ("files", "trouble"),
    [
        pytest.param({"__init__.py": "theirs = 1"}, "it is not ours", id="overwritten"),
        pytest.param(
            {"__init__.py": "theirs = 1", "owner.txt": ""}, "it is not ours", id="half overwritten"
        ),
        pytest.param({"owner.txt": ""}, "its `__init__.py` is gone", id="half removed"),
        pytest.param({"__init__.py": '"""iamlint"""', "owner.txt": ""}, None, id="ours"),
    ],
)
def test_package_that_is_not_ours_is_seen(
    files: dict[str, str], trouble: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pytest_iam").mkdir()
    for name, text in files.items():
        (tmp_path / "pytest_iam" / name).write_text(text)
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    monkeypatch.delitem(sys.modules, "pytest_iam")

    assert pytest_guard.trouble_with_package() == trouble
