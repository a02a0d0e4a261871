"""Advice names only condition keys that the service sends."""

from __future__ import annotations

import pytest

from iamlint.catalog import Catalog
from iamlint.rules.conditions._guards import ADVISED, GUARDS, Guard
from iamlint.rules.exposure._senders import SENDERS
from iamlint.rules.principals._services import NAMES


@pytest.mark.parametrize("guard", [*GUARDS, *ADVISED], ids=lambda guard: guard.actions[0])
def test_action_sends_every_key_that_guards_it(guard: Guard) -> None:
    catalog = Catalog.open()
    for name in guard.actions:
        action = catalog.action(name)
        assert action is not None, name
        sent = {key.lower() for key in catalog.keys_of(action)}
        keys = {key.lower() for key in guard.keys}
        # The advised test is of the first key, which every action of the row must send.
        assert guard.keys[0].lower() in sent, name
        assert keys & sent, name


def test_services_that_act_for_customers_are_known_by_name() -> None:
    # A regional or newer host is right: the rule on misspelt names must not report these.
    unknown = {name for name in SENDERS if name not in NAMES}

    assert unknown <= {
        "bcm-data-exports",
        "budgets",
        "cloudwatch",
        "costalerts",
        "events.rds",
        "lambda.alarms.cloudwatch",
        "storage-lens.s3",
    }
