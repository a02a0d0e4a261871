"""The account and region of a stack, by files beside its template: of CDK and of SAM."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from iamlint.late_pattern import late_pattern
from iamlint.policy.arn import is_account_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.load.find.files import File

_SYNTHESIZED: Final = ".template.json"
_MAX_BYTES: Final = 1_000_000
_STACK: Final = "aws:cloudformation:stack"
# https://docs.aws.amazon.com/cdk/v2/guide/environments.html
_ENVIRONMENT: Final = late_pattern(r"aws://([^/]+)/([^/]+)")
_UNKNOWN: Final = frozenset({"unknown-account", "unknown-region"})
_REGION: Final = late_pattern(r"[a-z]{2}(?:-[a-z]+)+-\d{1,2}")
_PARTITIONS: Final = {"cn-": ("aws-cn", "amazonaws.com.cn"), "us-gov-": ("aws-us-gov", None)}
_DEFAULT_TEMPLATE: Final = late_pattern(r"template\.(?:yaml|yml|json)")


def environment_of(file: File) -> dict[str, str]:
    """Return the pseudo parameters of a template that files beside it give."""
    name = file.place.replace("\\", "/").rpartition("/")[2]
    found: list[dict[str, str]] = []
    if name.endswith(_SYNTHESIZED):
        found = list(_of_manifest(_beside(file, "manifest.json"), name))
    elif _DEFAULT_TEMPLATE.fullmatch(name):
        found = list(_of_settings(_beside(file, "samconfig.toml")))
    if not found:
        return {}
    first, *others = found
    return {key: text for key, text in first.items() if all(o.get(key) == text for o in others)}


def in_region(region: str) -> dict[str, str]:
    """Return the pseudo parameters that a region decides."""
    if not _REGION.fullmatch(region):
        return {}
    starts = (known for start, known in _PARTITIONS.items() if region.startswith(start))
    partition, suffix = next(starts, ("aws", "amazonaws.com"))
    found = {"AWS::Region": region, "AWS::Partition": partition}
    return found if suffix is None else {**found, "AWS::URLSuffix": suffix}


def _beside(file: File, name: str) -> bytes:
    """Return the content of a file beside another one; `b""` if there is none."""
    place = file.tree.beside(file.place, name) if file.content is None else None
    if place is None or not file.tree.is_file(place):
        return b""
    try:
        return file.tree.read(place, _MAX_BYTES)
    except OSError:
        return b""


def _of_manifest(data: bytes, name: str) -> Iterator[dict[str, str]]:
    """Yield the environments of the stacks that a cloud assembly creates from a template.

    https://docs.aws.amazon.com/cdk/v2/guide/deploy.html#deploy-how-synth
    """
    try:
        manifest = json.loads(data)
    except (ValueError, RecursionError):
        return
    artifacts = manifest.get("artifacts") if isinstance(manifest, dict) else None
    for artifact, stack in artifacts.items() if isinstance(artifacts, dict) else ():
        match stack:
            case {
                "type": str(type_),
                "environment": str(environment),
                "properties": {"templateFile": str(file), **properties},
            } if type_ == _STACK and file == name:
                stack_name = properties.get("stackName", artifact)
                yield {**_of_environment(environment), "AWS::StackName": str(stack_name)}


def _of_environment(text: str) -> dict[str, str]:
    match = _ENVIRONMENT.fullmatch(text)
    if match is None:
        return {}
    account, region = match.groups()
    found = in_region(region) if region not in _UNKNOWN else {}
    return {**found, "AWS::AccountId": account} if is_account_id(account) else found


def _of_settings(data: bytes) -> Iterator[dict[str, str]]:
    """Yield the pseudo parameters of the environments of `samconfig.toml`.

    https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html
    """
    if not data:
        return
    import tomllib  # noqa: PLC0415 - few templates have such a file

    try:
        settings = tomllib.loads(data.decode())
    except (ValueError, RecursionError):
        return
    for environment in settings.values():
        if isinstance(environment, dict) and (found := dict(_parameters(environment))):
            yield found


def _parameters(environment: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for command in ("global", "deploy"):
        match environment.get(command):
            case {"parameters": dict(parameters)}:
                region, name = parameters.get("region"), parameters.get("stack_name")
                yield from in_region(str(region)).items()
                yield from [("AWS::StackName", name)] if isinstance(name, str) else ()
