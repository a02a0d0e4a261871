"""Other tools that do some of the same work, each in an environment of its own.

Only works that they are made for are measured; what they find differs. Releases are installed with
pip, the newest ones that it offers.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from benchmarks.compare.measure import BENCHMARKS, Command, Sample, environment, run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from benchmarks.compare.rows import Row

LIMIT = 300
"""CPU seconds after which a run of a peer is stopped."""
RUNS = 3
SLOW = 30
"""A peer that takes so many CPU seconds is measured once."""

_LOOP = "{bin}/python {benchmarks}/compare/loops.py"
_CHECKOV = "{bin}/checkov --quiet --compact --skip-download"
_VALIDATOR = "{bin}/iam-validator validate --path . --aws-services-dir ../service-reference"
_DETAILS = "authorization-details.json"


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool, its commands by the names of rows, and the exit codes that are no failures."""

    name: str
    commands: Mapping[str, str]
    exits: Sequence[int] = (0, 1)
    needs: Sequence[str] = ()
    """Workloads that its commands read, beside those of the rows."""


PEERS: Sequence[Peer] = (
    Peer(
        "parliament",
        {
            "policy": "{bin}/parliament --directory . --include_policy_extension json",
            "managed": f"{_LOOP} parliament",
            "dump-1000": "{bin}/parliament --auth-details-file " + _DETAILS,
        },
    ),
    Peer(
        "iam-policy-validator",
        {"policy": _VALIDATOR, "managed": _VALIDATOR},
        needs=("service-reference",),
    ),
    Peer(
        "cloudsplaining",
        {
            "policy": "{bin}/cloudsplaining scan-policy-file -i policy.json",
            "managed": f"{_LOOP} cloudsplaining",
            "dump-1000": f"{{bin}}/cloudsplaining scan -s -o {{output}} -i {_DETAILS}",
        },
    ),
    Peer(
        "checkov",
        {
            "terraform": f"{_CHECKOV} --framework terraform -f iam.tf",
            "terraform-300": f"{_CHECKOV} --framework terraform -d .",
            "plan-2000": f"{_CHECKOV} --framework terraform_plan -f plan.json",
        },
    ),
    Peer(
        "cfn-lint",
        {
            "template": "{bin}/cfn-lint template.yaml",
            "templates-300": "{bin}/cfn-lint **/*.yaml **/*.json",
        },
        exits=range(32),
    ),
    Peer(
        "reach-security",
        {
            "can": f"{{bin}}/reach can --authz {_DETAILS} --principal app-asked s3:GetObject "
            "arn:aws:s3:::data-lake/reports/2026.csv"
        },
    ),
    Peer(
        "iamprover",
        {
            "who-can": f"{{bin}}/iamprover verify --gaad {_DETAILS} "
            "--invariants ../invariants/invariants.yaml",
            "plan-2000": "{bin}/iamprover verify --tf-plan plan.json --privesc",
        },
        exits=(0, 2),
        needs=("invariants",),
    ),
    Peer("tfprivesc", {"plan-2000": "{bin}/tfprivesc plan.json"}),
)


@dataclass(frozen=True, slots=True)
class Installed:
    """A peer in its environment, or the reason why it is not there."""

    peer: Peer
    folder: Path
    version: str
    reason: str = ""

    def command(self, row: Row, data: Path, output: str) -> Command:
        """Return its command for a row; what it writes goes to the folder `output`."""
        words = self.peer.commands[row.name].split()
        places = {"bin": self.folder / "bin", "benchmarks": BENCHMARKS, "output": output}
        return Command([word.format(**places) for word in words], data / row.workload)


@dataclass(frozen=True, slots=True)
class PeerRuns:
    """What was measured of a peer's command, or why it was not."""

    installed: Installed
    samples: Sequence[Sample] = ()
    reason: str = ""

    def measured_once_more(self, row: Row, data: Path) -> PeerRuns:
        """Measure once more, unless it failed or is slow, or has been measured often enough."""
        done = self.samples
        slow = bool(done) and done[0].seconds > SLOW
        if self.reason or self.installed.reason or slow or len(done) == RUNS:
            return self
        with tempfile.TemporaryDirectory() as output:
            sample = run(self.installed.command(row, data, output), LIMIT)
        if sample.exit in self.installed.peer.exits:
            return replace(self, samples=[*done, sample])
        reason = f"over {LIMIT} s" if sample.exit < 0 else f"exit code {sample.exit}"
        print(f"{self.installed.peer.name}: {reason} {_last(sample)}", file=sys.stderr)
        return replace(self, reason=reason)


def install(peer: Peer, work: Path) -> Installed:
    """Make the environment of a peer, unless it is there."""
    folder = work / "peers" / peer.name
    version = _version(peer, folder)
    if version:
        return Installed(peer, folder, version)
    print(f"installing {peer.name}", file=sys.stderr)
    venv.create(folder, with_pip=True, clear=True)
    done = _python(folder, "-m", "pip", "install", "-q", peer.name)
    version = _version(peer, folder)
    last = done.stderr.strip().rpartition("\n")[2]
    return Installed(peer, folder, version, "" if version else f"cannot be installed: {last}")


def _version(peer: Peer, folder: Path) -> str:
    """Return the version that is installed; an empty text if there is none."""
    if not (folder / "bin" / "python").is_file():
        return ""
    asking = "import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))"
    return _python(folder, "-c", asking, peer.name).stdout.strip()


def _python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    words = [str(folder / "bin" / "python"), *arguments]
    env = environment()
    return subprocess.run(words, env=env, capture_output=True, text=True, check=False)


def _last(sample: Sample) -> str:
    return (sample.stderr or sample.head).strip().rpartition("\n")[2]
