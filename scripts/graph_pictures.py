"""Take the pictures of `docs/graph-formats.md` with Chromium: `python -m scripts.graph_pictures`.

They show what `iamlint graph` writes about a small account. Each is a file of less than 150 kB.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER: Final = Path(__file__).parent.parent / "docs" / "pictures"
PICTURES: Final = {"graph-page.png": (1120, 560), "graph-phone.png": (500, 700)}
"""Their names, widths and heights."""
_SECONDS: Final = 60
_FLAGS: Final = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
_TEAMS: Final = ("billing", "checkout", "ledger", "search", "shipping")
_ADMINISTRATOR: Final = "arn:aws:iam::aws:policy/AdministratorAccess"
_OIDC: Final = "token.actions.githubusercontent.com"


def account() -> dict[str, object]:
    """Return Terraform in JSON: developers, deploying roles, a pipeline and an administrator."""
    roles: dict[str, object] = {
        "admin": _role("break-glass", _trust("sts:AssumeRole", Service="lambda.amazonaws.com")),
        "ops": _role(
            "ops",
            _trust("sts:AssumeRole", AWS=["${aws_iam_user.kim.arn}", "${aws_iam_user.lee.arn}"])
            | {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}},
        ),
        "ci": _role(
            "ci",
            _trust(
                "sts:AssumeRoleWithWebIdentity",
                Federated=f"arn:aws:iam::111122223333:oidc-provider/{_OIDC}",
            )
            | {"Condition": {"StringLike": {f"{_OIDC}:sub": "repo:acme/infra:*"}}},
        ),
        "pipeline": _role(
            "pipeline",
            _trust(
                "sts:AssumeRole", AWS=[f"${{aws_iam_role.deploy_{team}.arn}}" for team in _TEAMS]
            ),
        ),
    }
    for team in _TEAMS:
        trust = _trust("sts:AssumeRole", AWS="${aws_iam_role.ci.arn}")
        roles[f"deploy_{team}"] = _role(f"deploy-{team}", trust)
    return {
        "resource": {
            "aws_iam_user": {name: {"name": name} for name in ("kim", "lee")},
            "aws_iam_role": roles,
            "aws_iam_role_policy_attachment": {
                "admin": {"role": "${aws_iam_role.admin.name}", "policy_arn": _ADMINISTRATOR}
            },
            "aws_iam_role_policy": dict(_policies()),
        }
    }


def _policies() -> Iterator[tuple[str, object]]:
    passing = ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"]
    writing = ["iam:PutRolePolicy"]
    for role, actions in (("pipeline", passing), ("ops", writing)):
        statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        yield role, {"role": f"${{aws_iam_role.{role}.name}}", "policy": json.dumps(policy)}


def _role(name: str, statement: dict[str, object]) -> dict[str, object]:
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    return {"name": name, "assume_role_policy": json.dumps(policy)}


def _trust(action: str, **principal: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": action, "Principal": principal}


def main() -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("error: the pictures need `chromium`")
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "main.tf.json").write_text(json.dumps(account(), indent=1), encoding="utf-8")
        _run(sys.executable, "-m", "iamlint", "graph", "-o", "html:graph.html", here=folder)
        for picture, (width, height) in PICTURES.items():
            size = f"--window-size={width},{height}"
            shot = f"--screenshot={FOLDER / picture}"
            page = (folder / "graph.html").as_uri()
            _run(chromium, *_FLAGS, size, shot, page, here=folder)


def _run(*command: str, here: Path) -> None:
    subprocess.run(command, cwd=here, check=True, capture_output=True, timeout=_SECONDS)  # noqa: S603 - our own


if __name__ == "__main__":
    main()
