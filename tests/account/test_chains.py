"""Who can become whom in small accounts: the same in each carrier, and never wrong for a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.config import read
from iamlint.repository import open_repository
from tests.support.chain_accounts import CHAINS, Chain
from tests.support.chains import CARRIERS, LITERAL, MADE_NAMES, WITH_UNKNOWN_NAMES, Ref, arn_in

if TYPE_CHECKING:
    from pathlib import Path

    from iamlint.repository import Repository
    from tests.support.chain_accounts import Asked


def answers(chain: Chain, carrier: str, folder: Path, *, is_known: bool = True) -> dict[str, str]:
    """Return the answers to all questions about an account, as a carrier has it."""
    chain.account.write(folder, carrier, is_known=is_known)
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


@pytest.mark.parametrize("carrier", MADE_NAMES)
@pytest.mark.parametrize("about", [about for about, one in CHAINS.items() if one.is_by_reference])
def test_names_that_aws_makes_are_those_of_as_many_principals(
    about: str, carrier: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    chain = CHAINS[about]

    expected = {str(asked): asked.ruling.value for asked in chain.asked}
    assert answers(chain, carrier, tmp_path) == expected


@pytest.mark.parametrize("carrier", CARRIERS)
def test_links_are_followed_where_no_configuration_names_the_account(
    carrier: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only questions that name the account of a principal depend on it.

    Each account is written in every fourth carrier, another one each time.
    """
    wrong: list[str] = []
    at = tuple(CARRIERS).index(carrier)
    for number, chain in enumerate(CHAINS.values()):
        if (number + at) % 4:
            continue
        some = tuple(one for one in chain.asked if _names_no_principal(one))
        folder = tmp_path / str(number)
        folder.mkdir()
        monkeypatch.chdir(folder)
        found = answers(Chain(chain.account, some), carrier, folder, is_known=False)
        wrong += [str(one) for one in some if found[str(one)] != one.ruling.value]

    assert wrong == []


def _names_no_principal(asked: Asked) -> bool:
    return isinstance(asked.who, Ref) and not any(
        isinstance(one, Ref) for one in (asked.on, *asked.context.values())
    )
