"""Policies as texts, for tests about their holders."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

HOME = "111122223333"
OTHER = "444455556666"
BUCKET = "arn:aws:s3:::artifacts"
OBJECT = f"{BUCKET}/app.zip"


def policy(*statements: Mapping[str, object]) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: str, resource: str = "*", **more: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str, resource: str = "*", **more: object) -> dict[str, object]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def trust(principal: object, action: str = "sts:AssumeRole", **more: object) -> dict[str, object]:
    return policy({"Effect": "Allow", "Principal": principal, "Action": action, **more})
