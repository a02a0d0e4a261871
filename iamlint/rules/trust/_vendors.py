"""Accounts of third parties that use roles of their customers, and where they say so.

State of 2026-11. Only accounts that the vendor's own pages name beside an external id are listed;
the list is short on purpose, and no proof that another account is not a vendor's.
"""

from __future__ import annotations

from typing import Final

# https://docs.datadoghq.com/integrations/guide/error-datadog-not-authorized-sts-assume-role/
# https://docs.databricks.com/administration-guide/account-api/iam-role.html
# https://docs.stackguardian.io/docs/connectors/csp/aws/
VENDORS: Final = {
    "464622532012": "Datadog",
    "417141415827": "Datadog",
    "414351767826": "Databricks",
    "476299211833": "StackGuardian",
    "163602625436": "StackGuardian",
}
