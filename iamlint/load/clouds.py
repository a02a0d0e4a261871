"""Policies in the languages of other clouds, which look like that of AWS.

https://www.alibabacloud.com/help/en/ram/user-guide/policy-structure-and-syntax
https://www.tencentcloud.com/document/product/598/10604
https://support.huaweicloud.com/intl/en-us/usermanual-iam/iam_01_0017.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.text.source import Partial, Tagged

if TYPE_CHECKING:
    from iamlint.text.source import Value

REASON: Final = "policy of another cloud, whose language is not AWS's"

_NAMES: Final = ("acs:", "qcs::", "urn:")
_HOSTS: Final = (".aliyuncs.com", ".qcloud.com", ".myhuaweicloud.com")
_VERSIONS: Final = ("1", "1.1", "2.0", "5.0")
_OF_AWS: Final = ("arn:aws", ".amazonaws.com")
# Providers whose resources hold no policies of AWS's.
_PROVIDERS: Final = (
    "alibabacloudstack alicloud azapi azuread azurerm digitalocean flexibleengine google"
    " huaweicloud ibm linode minio oci opentelekomcloud openstack ovh scaleway tencentcloud ucloud"
    " volcengine yandex"
)


def is_of_another_cloud(value: Value) -> bool:
    """Return whether a policy is of another cloud, by its names or a version AWS does not have."""
    has_version = isinstance(value, dict) and value.get("Version") in _VERSIONS
    if not (has_version or is_named_in(value)):
        return False
    together = "\n".join(_texts(value))
    return not any(mark in together for mark in _OF_AWS)


def is_named_in(value: Value) -> bool:
    """Return whether a policy is of another cloud by its names alone: a version may be a slip."""
    texts = _texts(value)
    together = "\n".join(texts)  # few policies have a mark anywhere
    if not any(mark in together for mark in (*_NAMES, *_HOSTS)):
        return False
    return any(text.startswith(_NAMES) or text.endswith(_HOSTS) for text in texts)


def _texts(value: Value) -> list[str]:
    found: list[str] = []
    todo = [value]
    while todo:
        node = todo.pop()
        if isinstance(node, str):
            found.append(node)
        elif isinstance(node, list):
            todo += node
        elif isinstance(node, dict):
            todo += node.values()
        elif isinstance(node, Tagged):
            todo.append(node.value)
        elif isinstance(node, Partial):
            found.append(str(node))
    return found


def is_other(type_: str, value: Value) -> bool:
    """Return whether a policy is of another cloud, by its content or Terraform resource type."""
    return type_.partition("_")[0] in _PROVIDERS.split() or is_of_another_cloud(value)
