"""AWS's published facts: services, actions, resource types and condition keys."""

from __future__ import annotations

from iamlint.catalog.location import user_catalog, user_directory
from iamlint.catalog.lookup import Catalog, is_federation_key
from iamlint.catalog.model import (
    AccessLevel,
    Action,
    ConditionKey,
    KeyType,
    ResourceType,
    ResourceUse,
    Service,
)

__all__ = [
    "AccessLevel",
    "Action",
    "Catalog",
    "ConditionKey",
    "KeyType",
    "ResourceType",
    "ResourceUse",
    "Service",
    "is_federation_key",
    "user_catalog",
    "user_directory",
]
