from __future__ import annotations

from iamlint.catalog import Catalog
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.rule.finding import Finding
from iamlint.rules.redundancy import redundant_principal
from iamlint.testing.examples import document


def test_the_message_names_the_session_and_not_the_role() -> None:
    rule = redundant_principal.RULE
    settings = CheckOptions(rules=(rule,), catalog=Catalog.open())
    found = [item for bad in rule.bad for item in check_documents([document(bad)], settings)]

    assert [item.message.split()[0] for item in found if isinstance(item, Finding)] == [
        "`arn:aws:sts::111122223333:assumed-role/deploy/build-7`",
        "`arn:aws:iam::111122223333:assumed-role/deploy/build-7`",
    ]
