"""Measures how CPU time and memory of `iamlint graph` grow with the principals of an account.

    python -m benchmarks.graph [1000 10000 50000] [--harsh] [--work DIR]

The dumps are generated, the same each time; about a quarter of all principals reaches an
administrator, by chains of many sorts. Each size is a process of its own, with byte code on disk.
CPU seconds are those of loading the dump, of the world with its index, and of the search. The
exponent is that of the sum, from one size to the next: 1 is linear, 2 the square. `--harsh` takes
the dumps of `benchmarks.compare`, in which hardly anyone gets there and nearly all must be tried.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from benchmarks.compare.measure import Command, run
from benchmarks.compare.workloads.dumps import account as harsh_account
from benchmarks.compare.workloads.policies import ACCOUNT, VERSION, Json, policy

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parent.parent
SIZES = (1_000, 10_000, 50_000)
MOST = 1.2
"""The exponent that growth may have."""
TEAM = 25
"""Principals of one team: its administrator, who gets there, and the others."""
AWS = ("AmazonS3ReadOnlyAccess", "SecurityAudit", "ReadOnlyAccess", "AWSXRayDaemonWriteAccess")
FUTURE = ("NotInAnyCatalog", "service-role/OfTheFuture")
VARIED = 0.7
"""The share of ordinary roles that have a policy of their own."""
SERVICES = ("lambda", "ec2", "ecs-tasks", "glue")


def arn(kind: str, name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:{kind}/{name}"


def allow(actions: Sequence[str] | str, resources: Sequence[str] | str = "*", **more: Json) -> Json:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def trusts(**principal: str) -> Json:
    return {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}


def document(*statements: Json) -> Json:
    return {"Version": VERSION, "Statement": list(statements)}


@dataclass(frozen=True, slots=True)
class Team:
    """The principals of one team, by their places in it."""

    number: int
    chance: Random

    def name(self, place: str) -> str:
        return f"team-{self.number}-{place}"

    def role(self, place: str, trust: Sequence[Json], *policies: Json, **more: object) -> Json:
        """Return a role with inline policies."""
        return {
            **self._principal("role", self.name(place)),
            "RoleName": self.name(place),
            "AssumeRolePolicyDocument": document(*trust),
            "RolePolicyList": _inline(policies),
            "InstanceProfileList": [],
            **_attached(),
            **more,
        }

    def user(self, place: str, *policies: Json, **more: object) -> Json:
        """Return a user with inline policies."""
        return {
            **self._principal("user", self.name(place)),
            "UserName": self.name(place),
            "UserPolicyList": _inline(policies),
            "GroupList": [],
            **_attached(),
            **more,
        }

    def _principal(self, kind: str, name: str) -> Json:
        return {"Path": "/", "Arn": arn(kind, name), "Tags": [{"Key": "team", "Value": "shop"}]}

    def admins(self) -> list[Json]:
        """Return the administrator of a team, for a function, and for its chains of trust."""
        own = [trusts(AWS=arn("role", self.name("deploy"))), trusts(Service="lambda.amazonaws.com")]
        return [self.role("admin", own, **_attached("AdministratorAccess"))]

    def climbing(self) -> list[Json]:
        """Return those who get to the administrator, each by another way; one does with MFA."""
        mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
        of_account = trusts(AWS=f"arn:aws:iam::{ACCOUNT}:root")
        ecs = trusts(Service="ecs-tasks.amazonaws.com")
        start = allow("sts:AssumeRole", arn("role", self.name("deploy")))
        run = allow(["lambda:CreateFunction", "lambda:InvokeFunction"])
        ways = (
            self.role("ci", [ecs], allow("iam:PutRolePolicy", arn("role", self.name("ci*")))),
            self.role("version", [ecs], **_attached(self.name("own"))),
            self.role("runner", [ecs], allow("iam:PassRole", arn("role", self.name("*"))), run),
            self.user("keys", allow("iam:CreateAccessKey", arn("user", self.name("lead")))),
            self.user("member", **_in_group(self.name("leads"))),
        )
        trust = {**of_account, "Condition": mfa} if self.number % 5 == 0 else of_account
        return [
            self.role("deploy", [trust], allow("sts:AssumeRole", arn("role", self.name("admin")))),
            self.user("lead", start),
            *self.chance.sample(ways, 4),
        ]

    def stopped(self) -> list[Json]:
        """Return those who would get there if nothing stopped them."""
        ecs = trusts(Service="ecs-tasks.amazonaws.com")
        deny = {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}
        own = arn("role", self.name("stopped"))
        bound = arn("policy", "limit")
        limit = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": bound}
        return [
            self.role("stopped", [ecs], allow("iam:Put*", own), deny),
            self.role("bounded", [ecs], allow("iam:*"), PermissionsBoundary=limit),
            self.role("open", [ecs], **_attached(self.chance.choice(FUTURE))),
        ]

    def ordinary(self, count: int) -> list[Json]:
        """Return those who have nothing to do with it, some with names in wildcards."""
        return [self._ordinary(f"app-{number}") for number in range(count)]

    def _ordinary(self, place: str) -> Json:
        service = trusts(Service=f"{self.chance.choice(SERVICES)}.amazonaws.com")
        held = [policy(self.chance)] if self.chance.random() < VARIED else []
        about = [f"arn:aws:s3:::{self.name('*')}", arn("role", self.name("app-*"))]
        own = allow(["s3:Get*", "iam:PassRole"], about)
        return self.role(place, [service], own, **_attached(self.chance.choice(AWS))) | {
            "RolePolicyList": _inline([own], *held)
        }


def _inline(statements: Sequence[Json], *documents: Json) -> list[Json]:
    every = [*([document(*statements)] if statements else []), *documents]
    return [{"PolicyName": f"inline-{at}", "PolicyDocument": one} for at, one in enumerate(every)]


def _attached(*names: str) -> dict[str, object]:
    return {"AttachedManagedPolicies": [_policy_named(name) for name in names]}


def _policy_named(name: str) -> Json:
    is_own = name.startswith("team-")
    found = arn("policy", name) if is_own else f"arn:aws:iam::aws:policy/{name}"
    return {"PolicyName": name.rpartition("/")[2], "PolicyArn": found}


def _in_group(name: str) -> dict[str, object]:
    return {"GroupList": [name]}


def _managed(name: str, *statements: Json) -> Json:
    version = {"Document": document(*statements), "VersionId": "v1", "IsDefaultVersion": True}
    return {
        "PolicyName": name, "Arn": arn("policy", name), "Path": "/", "DefaultVersionId": "v1",
        "IsAttachable": True, "PolicyVersionList": [version],
    }  # fmt: skip


def account(principals: int) -> Json:
    """Return the dump of an account with so many users and roles."""
    chance = Random(principals)  # noqa: S311 - not a secret
    users: list[Json] = []
    roles: list[Json] = []
    groups: list[Json] = []
    policies = [_managed("limit", allow(["s3:*", "iam:Get*", "sts:AssumeRole"]))]
    for number in range(principals // TEAM):
        team = Team(number, chance)
        made = [*team.admins(), *team.climbing(), *team.stopped()]
        made += team.ordinary(TEAM - len(made))
        users += (one for one in made if "UserName" in one)
        roles += (one for one in made if "RoleName" in one)
        start = document(allow("sts:AssumeRole", arn("role", team.name("deploy"))))
        groups.append({
            "Path": "/", "GroupName": team.name("leads"), "Arn": arn("group", team.name("leads")),
            "GroupPolicyList": [{"PolicyName": "lead", "PolicyDocument": start}], **_attached(),
        })  # fmt: skip
        own = arn("policy", team.name("own"))
        policies.append(_managed(team.name("own"), allow("iam:CreatePolicyVersion", own)))
    return {"UserDetailList": users, "RoleDetailList": roles, "GroupDetailList": groups,
            "Policies": policies}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--harsh", action="store_true")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir(), "iamlint-graph"))
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measured(options.one)))
        return
    print("| principals | MB | load s | index s | search s | sum s | peak MB | exponent | reach |")
    print("|---|---|---|---|---|---|---|---|---|")
    found: list[tuple[int, float]] = []
    for size in options.sizes:
        name = f"{'harsh' if options.harsh else 'teams'}-{size}"
        made = (harsh_account if options.harsh else account)(size)
        folder = options.work / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "details.json").write_text(json.dumps(made, indent=1), encoding="utf-8")
        words = [sys.executable, "-P", "-m", "benchmarks.graph", "--one", str(folder)]
        sample = run(Command(words, folder, {"PYTHONPATH": str(ROOT)}))
        if sample.exit:
            raise SystemExit(sample.stderr)
        found.append((size, row(folder, size, json.loads(sample.head), sample.peak, found)))
    if len(found) > 1:
        whole = exponent(*found[0], *found[-1])
        print(f"\nexponent from {found[0][0]:,} to {found[-1][0]:,}: {whole:.2f}, required {MOST}")


def row(
    folder: Path, size: int, one: Json, peak: int, before: Sequence[tuple[int, float]]
) -> float:
    """Print the figures of one size; return the sum of its CPU seconds."""
    seconds = [one["load"], one["index"], one["search"]]
    cells = [f"{size:,}", f"{(folder / 'details.json').stat().st_size / 1e6:.1f}"]
    cells += [f"{each:.2f}" for each in (*seconds, sum(seconds))]
    grown = f"{exponent(*before[-1], size, sum(seconds)):.2f}" if before else ""
    cells += [f"{peak / 1e6:.0f}", grown, one["reach"]]
    print(f"| {' | '.join(cells)} |", flush=True)
    return sum(seconds)


def exponent(size: int, seconds: float, larger: int, more: float) -> float:
    return math.log(more / seconds) / math.log(larger / size)


def measured(folder: Path) -> Json:
    """Ask who becomes an administrator in a dump; return CPU seconds and the answers."""
    from iamlint.graph.find import GraphQuestion, _Question  # noqa: PLC0415
    from iamlint.graph.world import GraphWorld  # noqa: PLC0415
    from iamlint.repository import find_repository  # noqa: PLC0415

    times = [time.process_time()]
    repository = find_repository(folder, top=folder, here=folder, workloads=True)
    whole = repository.whole
    times.append(time.process_time())
    world = GraphWorld(whole, repository.config.declared, repository.account)
    asked = _Question(world, GraphQuestion())
    times.append(time.process_time())
    graph = asked.graph()
    times.append(time.process_time())
    load, index, search = (after - before for before, after in pairwise(times))
    reach = Counter(str(one.answer) for one in graph.answers)
    reach["admin"] = graph.administrators
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    shown = ", ".join(f"{count} {name}" for name, count in sorted(reach.items()))
    return {"load": load, "index": index, "search": search, "peak": peak, "reach": shown}


if __name__ == "__main__":
    main()
