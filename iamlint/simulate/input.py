"""Checks a simulate scenario field by field; every fault is collected with its path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, cast

from iamlint.evaluator.context import Context
from iamlint.evaluator.derive import complete, derive_from_caller, derive_from_resource
from iamlint.evaluator.request import (
    Caller,
    Request,
    anonymous,
    caller_of,
    canonical_user,
    federated,
    service,
)
from iamlint.evaluator.settings import Settings
from iamlint.late_pattern import late_pattern
from iamlint.policy.arn import is_account_id
from iamlint.policy.requested import RequestedResource
from iamlint.policy.spelling import did_you_mean
from iamlint.text.source import type_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.evaluator.context import ContextValue

Json = object
"""A plain JSON value, not yet looked at."""

_SCENARIO: Final = ("id", "request", "policies", "settings")
_REQUEST: Final = ("principal", "action", "resource", "resource_account", "context")
_SETTINGS: Final = (
    "derive_context",
    "rcp_default_allow",
    "principal_role_path",
    "service_settings",
)
_ACTION: Final = late_pattern(r"[^\s*?,:]+:[^\s*?,:]+")
_MOST_CALLERS: Final = 1024
_SERVICE_SETTINGS: Final = {"s3": ("block_public_access",), "ec2": ("gateway_endpoint",)}


class ScenarioReader:
    """One scenario being read; `errors` are its faults so far."""

    def __init__(self, *, rcp_services: frozenset[str] | None) -> None:
        self.errors: list[str] = []
        self.role_path = "/"
        self.derive = True
        self._rcp_services = rcp_services

    def fault(self, path: str, message: str) -> None:
        self.errors.append(f"`{path}` {message}" if path else message)

    def fields(self, value: Json, path: str, known: Iterable[str]) -> Mapping[str, Json]:
        """Return an object's members; add a fault for each unknown one."""
        known = tuple(known)
        if not isinstance(value, Mapping):
            self.fault(path or "scenario", f"must be an object, and is {type_name(value)}")
            return {}
        for name in value:
            if name not in known:
                where = f"{path}.{name}" if path else name
                help_ = did_you_mean(str(name), known)
                self.fault(where, "is not a field of a scenario" + (f": {help_}" if help_ else ""))
        return value

    def flag(self, members: Mapping[str, Json], name: str, path: str, *, default: bool) -> bool:
        value = members.get(name, default)
        if isinstance(value, bool):
            return value
        self.fault(f"{path}.{name}", f"must be true or false, and is {type_name(value)}")
        return default

    def items(self, value: Json, path: str) -> Sequence[Json]:
        """Return the items of a list; null is an empty one."""
        if value is None:
            return ()
        if isinstance(value, list | tuple):
            return value
        self.fault(path, f"must be a list, and is {type_name(value)}")
        return ()

    def scenario(self, value: Json) -> Mapping[str, Json]:
        members = self.fields(value, "", _SCENARIO)
        if "request" not in members and isinstance(value, Mapping):
            self.fault("request", "is missing")
        id_ = members.get("id")
        if id_ is not None and (isinstance(id_, bool) or not isinstance(id_, str | int)):
            self.fault("id", f"must be a string, and is {type_name(id_)}")
        return members

    def settings(self, value: Json) -> Settings:
        if value is None:
            return Settings(rcp_services=self._rcp_services)
        members = self.fields(value, "settings", _SETTINGS)
        self.derive = self.flag(members, "derive_context", "settings", default=True)
        self.role_path = self._path(members.get("principal_role_path", "/"))
        flags = self._service_settings(members.get("service_settings"))
        return Settings(
            rcp_default_allow=self.flag(members, "rcp_default_allow", "settings", default=True),
            rcp_services=self._rcp_services,
            block_public_access=flags.get("block_public_access", False),
            gateway_endpoint=flags.get("gateway_endpoint", False),
        )

    def _path(self, value: Json) -> str:
        where = "settings.principal_role_path"
        if not isinstance(value, str):
            self.fault(where, f"must be a string, and is {type_name(value)}")
        elif not value.startswith("/") or not value.endswith("/"):
            self.fault(where, f"must begin and end with a slash, and is `{value}`")
        else:
            return value
        return "/"

    def _service_settings(self, value: Json) -> dict[str, bool]:
        if value is None:
            return {}
        path = "settings.service_settings"
        found: dict[str, bool] = {}
        services = self.fields(value, path, _SERVICE_SETTINGS)
        for name, known in _SERVICE_SETTINGS.items():
            if name in services:
                members = self.fields(services[name], f"{path}.{name}", known)
                for flag in known:
                    found[flag] = self.flag(members, flag, f"{path}.{name}", default=False)
        return found

    def request(self, value: Json) -> Request | None:
        members = self.fields(value, "request", _REQUEST)
        for name in ("principal", "action", "resource"):
            if name not in members and isinstance(value, Mapping):
                self.fault(f"request.{name}", "is missing")
        before = len(self.errors)
        caller = self._principal(members["principal"]) if "principal" in members else None
        action = self._action(members["action"]) if "action" in members else None
        resource = self._resource(members["resource"]) if "resource" in members else None
        owner = self._account(members.get("resource_account"))
        given = self._context(members.get("context"))
        if caller is None or action is None or resource is None or len(self.errors) > before:
            return None
        if self.derive:
            derived = derive_from_resource(Request(caller, action, resource, owner))
            given = {**_keys_of(caller), **complete(given, derived)}
        return Request(caller, action, resource, owner, Context(given))

    def _principal(self, value: Json) -> Caller | None:
        path = "request.principal"
        caller = None
        if isinstance(value, str):
            caller = _caller_of(value, self.role_path)
            if caller is None:
                self.fault(path, f"is not a principal that can make a request: `{value}`")
        elif isinstance(value, Mapping) and len(value) == 1:
            caller = self._typed_principal(*next(iter(value.items())))
        else:
            self.fault(
                path,
                "must be an ARN, a service host, an account id, or an object of one of "
                "`Anonymous`, `Service`, `Federated`, `CanonicalUser`",
            )
        return caller

    def _typed_principal(self, type_: Json, value: Json) -> Caller | None:
        path = f"request.principal.{type_}"
        if type_ == "Anonymous":
            if value is True:
                return anonymous()
            self.fault(path, "must be true")
            return None
        make = _TYPES.get(cast("str", type_))
        if make is None:
            self.fault(path, "is not a type of principal that can make a request")
            return None
        if not isinstance(value, str) or not value:
            self.fault(path, f"must be a string, and is {type_name(value)}")
            return None
        return make(value)

    def _action(self, value: Json) -> str | None:
        if not isinstance(value, str):
            self.fault("request.action", f"must be a string, and is {type_name(value)}")
            return None
        if not _ACTION.fullmatch(value):
            self.fault("request.action", f"must have the form `service:Name`, and is `{value}`")
            return None
        return value

    def _resource(self, value: Json) -> RequestedResource | None:
        if not isinstance(value, str):
            self.fault("request.resource", f"must be a string, and is {type_name(value)}")
            return None
        resource = RequestedResource.of(value)
        arn = resource.arn
        if resource.is_everything or (
            arn is not None and arn.partition and arn.service and arn.resource
        ):
            return resource
        self.fault("request.resource", f"is not an ARN: `{value}`")
        return None

    def _account(self, value: Json) -> str | None:
        if value is None:
            return None
        if isinstance(value, str) and is_account_id(value):
            return value
        shown = f"`{value}`" if isinstance(value, str) else type_name(value)
        self.fault("request.resource_account", f"must be 12 digits, and is {shown}")
        return None

    def _context(self, value: Json) -> dict[str, ContextValue]:
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.fault("request.context", f"must be an object, and is {type_name(value)}")
            return {}
        found: dict[str, ContextValue] = {}
        for key, item in value.items():
            name = str(key).lower()
            if name in found:
                self.fault(f"request.context.{key}", "is given twice: keys ignore letter case")
            text = context_value(item)
            if text is None:
                wanted = "a string, a list of strings, a boolean or a number"
                self.fault(f"request.context.{key}", f"must be {wanted}")
            else:
                found[name] = text
        return found


@lru_cache(maxsize=_MOST_CALLERS)
def _caller_of(principal: str, role_path: str) -> Caller | None:
    return caller_of(principal, role_path=role_path)


@lru_cache(maxsize=_MOST_CALLERS)
def _keys_of(caller: Caller) -> dict[str, ContextValue]:
    return complete({}, derive_from_caller(caller))


_TYPES: Final[dict[str, Callable[[str], Caller]]] = {
    "Service": service,
    "Federated": federated,
    "CanonicalUser": canonical_user,
}


def context_value(value: Json) -> ContextValue | None:
    """Return a value of a context: booleans and numbers count as their JSON text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return tuple(value)
    return None
