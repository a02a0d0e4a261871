"""The extension for VS Code does what its own tests say."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from iamlint.version import VERSION

EXTENSION = Path(__file__).parent.parent / "editors" / "vscode"


@pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")
def test_extension_starts_the_server_and_says_why_it_cannot() -> None:
    done = subprocess.run(
        ["node", "--test", "test/"], cwd=EXTENSION, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout


def test_extension_has_the_version_of_iamlint() -> None:
    assert json.loads((EXTENSION / "package.json").read_text("utf-8"))["version"] == VERSION
