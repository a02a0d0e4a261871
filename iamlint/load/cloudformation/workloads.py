"""What runs with a role in a template: functions, instances, tasks, build projects and the like."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass, replace
from iamlint.load.cloudformation import sam
from iamlint.load.cloudformation.references import with_name
from iamlint.load.cloudformation.refs import THINGS, beyond, more, ref, ref_to, text, texts
from iamlint.load.cloudformation.table import Reached, reach, split_by_condition
from iamlint.load.link import Held, Ref, Thing, by_name
from iamlint.load.workload import Workload
from iamlint.load.workload_types import read_types

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.load.cloudformation.intrinsics import Text
    from iamlint.load.cloudformation.resources import Resource
    from iamlint.load.cloudformation.template import Template
    from iamlint.load.workload_types import WorkloadType


@cache
def workload_types() -> Mapping[str, WorkloadType]:
    """Return the types of resources that run with roles."""
    table = Path(__file__).with_name("workloads.json").read_text(encoding="utf-8")
    return read_types(table, "/")


def workloads_of(
    path: str, template: Template, resource: Resource, start: Reached
) -> Iterator[Workload]:
    """Yield the workload that a resource is."""
    row = workload_types().get(resource.type)
    if row is None or resource.is_global or not resource.logical:
        return
    logical = resource.logical
    own = template.arn(logical)
    names = [own, template.physical_name(logical), template.reference(logical)]
    given = (resource.properties.get(name) for name in row.names)
    names += [text(template, resource, value) for value in given if value is not None]
    yield Workload(
        path,
        resource.at,
        row.type,
        logical,
        with_name(row.arn, "", "/", partial(_part, template, logical)) if row.arn else own,
        tuple(_Roles(template, resource, start, row).held()),
        template.scope,
        tuple(name for name in names if name is not None),
        template.source,
    )


def _part(template: Template, logical: str, name: str) -> Text:
    return template.unknown(name if name.startswith("AWS::") else f"{logical}.{name}")


@dataclass(frozen=True, slots=True)
class _Roles:
    """The roles of a resource, from the properties at `start`."""

    template: Template
    resource: Resource
    start: Reached
    row: WorkloadType

    def held(self) -> Iterator[Held]:
        """Yield the roles and profiles; without one, the workloads whose roles it has."""
        template, resource = self.template, self.resource
        for logical in sam.roles_of(template, resource):
            role = ref_to(template, Thing.ROLE, logical)
            yield Held(role, beyond(template, resource, role.name))
        general = {**sam.inherit_globals(template, resource), **resource.properties}
        is_met = False
        for thing, path in self.row.roles:
            if thing is Thing.WORKLOAD and is_met:
                return
            for one in reach(replace(self.start, value=general), path):
                for choice in split_by_condition(one):
                    for held in self._named(thing, choice):
                        is_met = True
                        yield held

    def _named(self, thing: Thing, node: Reached) -> Iterator[Held]:
        if node.blocked is None and isinstance(node.value, dict | list):
            return
        for name in texts(self.template, self.resource, node):
            given = more(self.template, node, self.start.given)
            given |= beyond(self.template, self.resource, name)
            yield Held(self._ref(thing, name), given)

    def _ref(self, thing: Thing, name: Text) -> Ref:
        """Return the ref of a name or an ARN; that of a resource of the template is exact."""
        found = self.template.named(name)
        if found is not None and THINGS.get(found.type) is thing:
            return ref_to(self.template, thing, found.logical)
        return by_name(ref(self.template, thing, name))
