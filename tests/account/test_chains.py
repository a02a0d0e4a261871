"""Who can become whom in small accounts: the same in each carrier, and never wrong for a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.config import read
from iamlint.repository import open_repository
from tests.support.chain_accounts import CHAINS
from tests.support.chains import LITERAL, WITH_UNKNOWN_NAMES, arn_in

if TYPE_CHECKING:
    from pathlib import Path

    from iamlint.repository import Repository
    from tests.support.chain_accounts import Asked, Chain


def answers(chain: Chain, carrier: str, folder: Path) -> dict[str, str]:
    """Return the answers to all questions about an account, as a carrier has it."""
    chain.account.write(folder, carrier)
    repository = open_repository(read(folder / "iamlint.toml"))
    return {str(asked): _answer(repository, asked) for asked in chain.asked}


def _answer(repository: Repository, asked: Asked) -> str:
    account = repository.account
    subject = repository.subject(arn_in(repository, asked.who))
    context = account.context({k: arn_in(repository, v) for k, v in asked.context.items()})
    on = None if asked.on is None else arn_in(repository, asked.on)
    return account.ask(subject, [asked.action], on, context=context).ruling.value


@pytest.mark.parametrize("carrier", LITERAL)
@pytest.mark.parametrize("about", CHAINS)
def test_an_account_has_the_same_answers_in_each_carrier(
    about: str, carrier: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    chain = CHAINS[about]

    expected = {str(asked): asked.ruling.value for asked in chain.asked}
    assert answers(chain, carrier, tmp_path) == expected


@pytest.mark.parametrize("carrier", WITH_UNKNOWN_NAMES)
@pytest.mark.parametrize("about", CHAINS)
def test_a_name_that_is_not_known_opens_only_what_its_text_decides(
    about: str, carrier: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    chain = CHAINS[about]

    expected = {str(asked): asked.unsure.value for asked in chain.asked}
    assert answers(chain, carrier, tmp_path) == expected
