"""Plain policies in folders named by their holders, and in files that are declared."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from tests.account.matrix.carrier import KNOWN, Carrier, Files, dumped, text
from tests.account.matrix.model import BASE, DEPOT, EC2, HOME, JOBS, Cell, Linked

if TYPE_CHECKING:
    from collections.abc import Callable

FORMAT: Final = "JSON, JSON5, YAML"
_WHOLE: Final = (FORMAT, "a policy as the whole file")
# Folders have no names for groups of users, and a resource policy names its resource itself.
_SAYS: Final = {
    Linked.INLINE: KNOWN,
    Linked.BOUNDARY: KNOWN,
    Linked.TRUST: KNOWN,
    Linked.SCP: KNOWN,
    Linked.RCP: KNOWN,
}
_PLACES: Final = {
    Linked.INLINE: "roles/app/guard",
    Linked.BOUNDARY: "roles/app/boundary",
    Linked.TRUST: "roles/vault/trust",
    Linked.SCP: "organization/scps/guard",
    Linked.RCP: "organization/rcps/guard",
}


def _folders(cell: Cell, ending: str, write: Callable[[object], str]) -> Files:
    return {
        f"roles/app/base.{ending}": write(BASE),
        f"roles/app/trust.{ending}": write(EC2),
        f"{_PLACES[cell.linked]}.{ending}": write(cell.text),
    }


_DECLARED: Final = {
    Linked.INLINE: KNOWN,
    Linked.ATTACHED: KNOWN,
    Linked.BOUNDARY: KNOWN,
    Linked.MEMBER: KNOWN,
    Linked.TRUST: KNOWN,
    Linked.BUCKET: KNOWN,
    Linked.QUEUE: KNOWN,
    Linked.SCP: KNOWN,
    Linked.RCP: KNOWN,
}


def _declared(cell: Cell) -> Files:
    """Return files of any name, and a configuration that declares them."""
    own = ["base.json"]
    kim: dict[str, object] = {"policies": ["base.json"]}
    app: dict[str, object] = {"policies": own, "trust": "ec2.json"}
    lines = [f'account = "{HOME}"']
    principals = {"role/app": app}
    match cell.linked:
        case Linked.INLINE:
            own.append("guard.json")
        case Linked.ATTACHED:
            own.append(f"arn:aws:iam::{HOME}:policy/guard")
        case Linked.BOUNDARY:
            app["boundary"] = "guard.json"
        case Linked.MEMBER:
            kim["groups"] = ["ops"]
            principals = {"user/kim": kim, "group/ops": {"policies": ["guard.json"]}}
        case Linked.TRUST:
            principals["role/vault"] = {"trust": "guard.json"}
        case Linked.BUCKET | Linked.QUEUE:
            arn = DEPOT if cell.linked is Linked.BUCKET else JOBS
            lines += [f'[resources."{arn}"]', 'policy = "guard.json"']
        case Linked.SCP | Linked.RCP:
            levels = f"{cell.linked.lower()} = [['guard.json']]"
            lines += ["[organization-policies]", levels]
    for name, facts in principals.items():
        lines.append(f'[principals."{name}"]')
        lines += [f"{key} = {json.dumps(value)}" for key, value in facts.items()]
    guard = "managed-policies/guard.json" if cell.linked is Linked.ATTACHED else "guard.json"
    return {
        "iamlint.toml": "\n".join(lines) + "\n",
        "base.json": text(BASE),
        "ec2.json": text(EC2),
        guard: text(cell.text),
    }


CARRIERS: Final = (
    Carrier("folders", (_WHOLE,), _SAYS, lambda cell: _folders(cell, "json", text)),
    Carrier("folders of YAML", (_WHOLE,), _SAYS, lambda cell: _folders(cell, "yaml", dumped)),
    Carrier("configuration", (_WHOLE,), _DECLARED, _declared),
)
