"""The Serverless Framework: its own role, and the template that is merged with its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.account.matrix import cloudformation
from tests.account.matrix.carrier import KNOWN, Carrier, Files, dumped, opens
from tests.account.matrix.model import BASE, ELSEWHERE, Cell, Linked, Open

if TYPE_CHECKING:
    from tests.account.matrix.carrier import Value

FORMAT: Final = "Serverless Framework"
_SAYS: Final = {
    Linked.INLINE: KNOWN,
    Linked.ATTACHED: opens(Open.HOLDER, Open.TARGET),
    Linked.BOUNDARY: opens(Open.TARGET),
}


def _service(role: dict[str, Value], resources: dict[str, Value]) -> Files:
    service = {
        "service": "shop",
        "provider": {"name": "aws", "region": "eu-west-1", "iam": {"role": role}},
        "functions": {"f": {"handler": "a.b"}},
        "resources": resources,
    }
    return {"serverless.yml": dumped(service)}


def _statements(cell: Cell) -> Files:
    statements = list(BASE["Statement"])
    if cell.linked is Linked.INLINE:
        statements += cell.text["Statement"]
    role: dict[str, Value] = {"name": "app", "statements": statements}
    what: Value = ELSEWHERE if cell.open is Open.TARGET else {"Ref": "Guard"}
    guard: dict[str, Value] = {"PolicyDocument": cell.text}
    if cell.linked is Linked.ATTACHED and cell.open is Open.HOLDER:
        guard["Roles"] = [{"Fn::ImportValue": "who"}]
    elif cell.linked is Linked.ATTACHED:
        role["managedPolicies"] = [what]
    if cell.linked is Linked.BOUNDARY:
        role["permissionsBoundary"] = what
    one = {"Guard": {"Type": "AWS::IAM::ManagedPolicy", "Properties": guard}}
    return _service(role, {"Resources": one} if cell.linked is not Linked.INLINE else {})


def _resources(cell: Cell) -> Files:
    template = cloudformation.template(cloudformation.blocks(cell))
    return _service({"name": "own", "statements": list(BASE["Statement"])}, template)


CARRIERS: Final = (
    Carrier("Serverless Framework", ((FORMAT, "its lists of statements"),), _SAYS, _statements),
    Carrier(
        "resources of Serverless",
        ((FORMAT, "`resources` as a template"),),
        cloudformation.SAYS,
        _resources,
    ),
)
