"""The place of a policy in its format decides its kind; the content of the policy is next.

Names of files and folders count only if neither decides it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from iamlint.load import BUILTIN, Document, File, read
from iamlint.policy.grammar import Kind
from tests.load.carriers.all import WRITERS
from tests.load.carriers.carrier import AT_HOME, Carrier, Item, text
from tests.load.carriers.reading import carried

if TYPE_CHECKING:
    from collections.abc import Callable

_EVERYONE = {"AWS": "arn:aws:iam::111122223333:root"}
_READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shelf/*"}
CONTENTS = {
    "identity": [_READ],
    "trust": [{"Effect": "Allow", "Principal": _EVERYONE, "Action": "sts:AssumeRole"}],
    "resource": [{**_READ, "Principal": _EVERYONE}],
}


def policy(content: str) -> Any:
    return {"Version": "2012-10-17", "Statement": CONTENTS[content]}


def inline(owner: str, content: str) -> str:
    """Return the output of `get-role-policy`, `get-user-policy` and `get-group-policy`."""
    return text({owner: "clerk", "PolicyName": "x", "PolicyDocument": policy(content)})


def listed(owner: str, content: str) -> str:
    """Return a part of the output of `get-account-authorization-details`."""
    of_one = [{"PolicyName": "x", "PolicyDocument": policy(content)}]
    named = {f"{owner}Name": "clerk", "Arn": f"arn:aws:iam::111122223333:{owner.lower()}/clerk"}
    return text({f"{owner}DetailList": [{**named, f"{owner}PolicyList": of_one}]})


PLACES: list[tuple[str, Callable[[str], str], Kind]] = [
    *((f"get-{n}", lambda c, n=n: inline(n, c), Kind.IDENTITY)
      for n in ("RoleName", "UserName", "GroupName")),
    *((f"list of {n}", lambda c, n=n: listed(n, c), Kind.IDENTITY)
      for n in ("Role", "User", "Group")),
    ("get-policy-version", lambda c: text({"PolicyVersion": {"Document": policy(c),
     "VersionId": "v1", "IsDefaultVersion": True}}), Kind.IDENTITY),
    ("get-role", lambda c: text({"Role": {"RoleName": "clerk",
     "AssumeRolePolicyDocument": policy(c)}}), Kind.TRUST),
    ("get-inline-policy-for-permission-set", lambda c: text({"InlinePolicy": json.dumps(
     policy(c))}), Kind.IDENTITY),
    ("get-vpc-endpoint", lambda c: text({"VpcEndpoints": [{"VpcEndpointId": "vpce-1",
     "PolicyDocument": json.dumps(policy(c))}]}), Kind.ENDPOINT),
    ("describe-policy", lambda c: text({"Policy": {"PolicySummary": {"Name": "x",
     "Type": "SERVICE_CONTROL_POLICY"}, "Content": json.dumps(policy(c))}}), Kind.SCP),
]  # fmt: skip


def kind_in(name: str, written: str) -> Kind:
    file = File(name, name, content=written.encode())
    (kind,) = {item.kind for item in read(file, BUILTIN) if isinstance(item, Document)}
    return kind


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place[0])
def test_place_in_an_output_says_the_kind(
    place: tuple[str, Callable[[str], str], Kind], content: str
) -> None:
    _, write, kind = place

    assert kind_in("scp-trust.json", write(content)) is kind


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("carrier", [one for one in WRITERS if not one.by_shape], ids=str)
def test_place_in_a_carrier_says_the_kind(carrier: Carrier, content: str) -> None:
    kinds = sorted(carrier.kinds & AT_HOME)
    found = [carried(carrier, [Item("x", kind, policy(content))]) for kind in kinds]

    assert [one.kind for of in found for one in of] == kinds


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("scp-clerk.json", "trust", Kind.TRUST),
        ("identity/clerk.json", "trust", Kind.TRUST),
        ("scp-clerk.json", "resource", Kind.RESOURCE),
        ("scp-clerk.json", "identity", Kind.SCP),
    ],
)
def test_content_says_the_kind_before_names_do(name: str, content: str, kind: Kind) -> None:
    assert kind_in(name, text(policy(content))) is kind
