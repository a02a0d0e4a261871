"""The HTML report in Chromium: search and filters work, on a phone too, and nothing is fetched."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from iamlint.policy.grammar import Kind
from iamlint.report.formats import Output
from iamlint.rule.finding import PolicyRef
from tests.report.report_runs import FINDINGS, RUN
from tests.support.reports import REPORTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHROMIUM = shutil.which("chromium")
DRIVER = shutil.which("chromedriver")

pytestmark = pytest.mark.skipif(
    CHROMIUM is None or DRIVER is None, reason="needs Chromium and its driver"
)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DEPLOYER = PolicyRef(Kind.IDENTITY, "deploy", (), ("role/deployer", "role/ci"))
SHOWN = (
    "return [...document.querySelectorAll('article')]"
    ".filter((article) => article.checkVisibility())"
    ".map((article) => article.querySelector('.message').textContent)"
)
LINK, WIDE, ODD, EVERY, IGNORED = (
    "A [link](1) in a file without text.",
    "iam:PassRole on all roles.",
    r"The action \x1b[31m日本\x1b[0m is none.",
    "Every resource.",
    "Ignored.",
)


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    options = ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    driver = Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def page(chrome: Chrome, tmp_path: Path) -> Chrome:
    """Open a report in which one policy has two holders."""
    held = replace(FINDINGS[1], policy=DEPLOYER)
    wide = replace(FINDINGS[0], path=f"{'very' * 100}/long.json")
    run = replace(RUN, findings=(wide, held, *FINDINGS[2:]))
    (tmp_path / "report.html").write_text(REPORTS["html"](run, Output()), encoding="utf-8")
    chrome.get("about:blank")
    chrome.get((tmp_path / "report.html").as_uri())
    return chrome


def shown(page: Chrome) -> list[str]:
    messages: list[str] = page.execute_script(SHOWN)
    counted = page.find_element(By.ID, "shown").text
    assert counted == f"{len(messages)} of 5 shown"
    return messages


def choose(page: Chrome, name: str, value: str) -> None:
    Select(page.find_element(By.NAME, name)).select_by_value(value)


def test_ignored_findings_are_shown_on_request(page: Chrome) -> None:
    assert shown(page) == [LINK, WIDE, ODD, EVERY]

    page.find_element(By.ID, "ignored").click()

    assert shown(page) == [LINK, WIDE, ODD, EVERY, IGNORED]


def test_search_wants_every_word_in_any_case(page: Chrome) -> None:
    page.find_element(By.ID, "search").send_keys("ROLES  passrole")

    assert shown(page) == [WIDE]


def test_severities_can_be_switched_off(page: Chrome) -> None:
    page.find_element(By.CSS_SELECTOR, "input[value=error]").click()

    assert shown(page) == [WIDE, EVERY]


@pytest.mark.parametrize(
    ("name", "value", "messages"),
    [
        ("family", "syntax", [LINK, ODD]),
        ("file", "min.json", [WIDE]),
        ("attached", "role/ci", [WIDE]),
        ("attached", "(unknown)", [LINK, ODD, EVERY]),
    ],
)
def test_filters_narrow(page: Chrome, name: str, value: str, messages: list[str]) -> None:
    choose(page, name, value)

    assert shown(page) == messages


def test_filters_add_up(page: Chrome) -> None:
    choose(page, "family", "breadth")
    page.find_element(By.ID, "search").send_keys("every")

    assert shown(page) == [EVERY]


def test_name_of_a_rule_opens_its_page(page: Chrome) -> None:
    rule = page.find_element(By.ID, "rule-too-wide")
    assert not rule.get_property("open")

    page.find_element(By.CSS_SELECTOR, 'a[href="#rule-too-wide"]').click()

    page.execute_async_script("setTimeout(arguments[0], 50)")
    assert rule.get_property("open")


@pytest.mark.parametrize(("width", "phone"), [(360, True), (1280, False)])
def test_page_fits_the_screen_and_complains_of_nothing(
    page: Chrome,
    width: int,
    phone: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": phone}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    page.refresh()

    assert page.execute_script("return document.documentElement.scrollWidth") <= width
    assert page.get_log("browser") == []  # type: ignore[no-untyped-call]
