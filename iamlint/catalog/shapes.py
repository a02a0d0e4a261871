"""The short words of the catalog's files; types only, nothing imports them to run.

A service file:
    n  the service's name
    k  condition keys, name to type code (`KEY_CODES`; a `+` after it: many values)
    r  resource types, name to {a: ARN templates, k: keys}
    a  actions, name to {c: access level code, q: required and o: optional resource types, k: keys,
       d: dependent actions, u and v: keys and dependent actions for one resource type alone,
       t: 1 when the source does not name the resource types, x: the day when it was missed first}
    o  operations of the API, by name, that are newer than the actions
Numbers point into `k` or `r`; empty members are left out; names are sorted without letter case.
"""

from __future__ import annotations

from typing import NotRequired, TypedDict


class SourceEntry(TypedDict):
    """Where the facts about some services come from, and the day of its list of names."""

    source: str
    date: str
    services: NotRequired[list[str]]


class IndexFile(TypedDict):
    """The facts that are common to all services.

    keys: prefixes of condition keys that are not a service, and the service whose file has them.
    arns: service fields of ARNs, and the services that own templates with them, where these are
    not just the service of that name.
    origins: the sources of the services; the first, without a list, is that of all others.
    retired: services that the source no longer has, with the day when they were missed first.
    unlisted: prefixes of an API whose actions the source does not have yet.
    rcp_date: the day of `rcp`, which the source of the names may not have.
    operations: services with a file in the folder `operations`: what each operation of the API
    needs, by name; an empty list means the action of the same name alone.
    """

    date: str
    source: str
    services: list[str]
    rcp: list[str]
    keys: dict[str, str]
    arns: dict[str, list[str]]
    origins: NotRequired[list[SourceEntry]]
    retired: NotRequired[dict[str, str]]
    unlisted: NotRequired[list[str]]
    operations: NotRequired[list[str]]
    rcp_date: NotRequired[str]


class ResourceEntry(TypedDict, total=False):
    """A resource type in a service file."""

    a: list[str]
    k: list[int]


class ActionEntry(TypedDict, total=False):
    """An action in a service file."""

    c: str
    q: list[int]
    o: list[int]
    k: list[int]
    d: list[str]
    u: dict[str, list[int]]
    v: dict[str, list[str]]
    t: int
    x: str


class ServiceFile(TypedDict):
    """One service."""

    n: str
    k: dict[str, str]
    r: dict[str, ResourceEntry]
    a: dict[str, ActionEntry]
    o: NotRequired[list[str]]
