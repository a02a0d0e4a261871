"""No way of hiding a policy in a repository makes it look clean, but for a list with reasons.

Each trick hides a policy that makes an administrator. It is reported, the program exits with 2, or
the policy is listed as not analysed and `--fail-on-not-analysed` fails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.hiding import places, texts
from tests.hiding.trick import Outcome, Trick, outcome

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program


ALL: Final = (*texts.tricks(), *places.tricks())
TRICKS: Final = {str(one): one for one in ALL}

FOREIGN: Final = "what others wrote and a tool brought here"
NO_FILE_OF_POLICIES: Final = "no tool takes a file of this name for a policy, so nobody deploys it"
SILENT: Final = {
    "gzip": "no text: neither AWS nor a tool takes a packed policy",
    "code page of mainframes": "no text in any encoding that AWS or a tool reads",
    "file 'package-lock.json'": "npm writes the file anew, and holds nothing of its own there",
    "file 'node_modules/p.json'": FOREIGN,
    "file 'site-packages/p.json'": FOREIGN,
    "file '.terraform/p.json'": FOREIGN,
    "file '.git/p.json'": "git's own folder, which cannot be committed",
    "file 'a/2020-01-01/service-2.json'": "AWS's API for its SDKs, with examples",
    "file 'admin'": NO_FILE_OF_POLICIES,
    "file 'p.txt'": NO_FILE_OF_POLICIES,
    "file 'README.md'": "prose, whose examples nobody deploys",
    "module main.hcl": "Terraform reads no file of this name, and Terragrunt only its own",
    "module main.tfvars": "values without a module that takes them make no policy",
    "ignored, and not tracked": "not in the repository: what git does not track is not committed",
}


def test_tricks_are_many_and_few_are_silent() -> None:
    assert len(TRICKS) == len(ALL) >= 400
    assert len(SILENT) <= 15
    assert SILENT.keys() <= TRICKS.keys()


@pytest.mark.parametrize("one", [t for t in TRICKS.values() if str(t) not in SILENT], ids=str)
def test_hidden_policy_does_not_look_clean(one: Trick, tmp_path: Path, iamlint: Program) -> None:
    assert outcome(one, tmp_path, iamlint) is not Outcome.SILENT


@pytest.mark.parametrize("name", SILENT)
def test_silent_tricks_are_silent(name: str, tmp_path: Path, iamlint: Program) -> None:
    assert outcome(TRICKS[name], tmp_path, iamlint) is Outcome.SILENT
