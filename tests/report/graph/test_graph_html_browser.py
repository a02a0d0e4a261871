"""The page in Chromium: search, picking, boxes that open, the keyboard, and small screens."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from iamlint.report.graph.formats import GRAPH_FORMATS
from tests.report.graph.graphs import ALL
from tests.report.graph.many import many
from tests.report.test_report_html_browser import FLAGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHROMIUM = shutil.which("chromium")
DRIVER = shutil.which("chromedriver")

pytestmark = pytest.mark.skipif(
    CHROMIUM is None or DRIVER is None, reason="needs Chromium and its driver"
)
VISIBLE = (
    "return [...document.querySelectorAll('article')].filter((one) => one.checkVisibility())"
    ".map((one) => one.querySelector('h2 a').textContent)"
)
BOXES = (
    "return [...document.querySelectorAll('.box')]"
    ".filter((one) => getComputedStyle(one).opacity === '1')"
    ".map((one) => one.querySelector('title').textContent)"
)
ONE = "user/contractor-11"
WAY = [ONE, "role/sandbox-11", "role/checkout-pipeline", "role/break-glass (admin)"]


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
    """Open the page of a graph in which some boxes are of several principals."""
    (tmp_path / "graph.html").write_text(GRAPH_FORMATS["html"](many(120), ALL), encoding="utf-8")
    chrome.get("about:blank")
    chrome.get((tmp_path / "graph.html").as_uri())
    return chrome


def wait(page: Chrome) -> None:
    page.execute_async_script("setTimeout(arguments[0], 60)")


def test_search_narrows_the_list_and_the_picture(page: Chrome) -> None:
    assert len(page.execute_script(VISIBLE)) == 120

    page.find_element(By.ID, "search").send_keys("TRUST  contractor-11")

    found = page.execute_script(VISIBLE)
    assert ONE in found
    assert all("contractor-11" in name for name in found)
    assert page.find_element(By.ID, "shown").text == f"{len(found)} of 120 chains shown"
    assert set(WAY) <= set(page.execute_script(BOXES))


def test_answers_can_be_switched_off(page: Chrome) -> None:
    page.find_element(By.CSS_SELECTOR, "input[value=yes]").click()

    assert len(page.execute_script(VISIBLE)) == 48


def test_chain_is_picked_with_a_click_and_let_go_with_escape(page: Chrome) -> None:
    page.find_element(By.ID, "search").send_keys(ONE)
    page.find_element(By.CSS_SELECTOR, "article:not([hidden]) li").click()

    assert page.execute_script(BOXES) == WAY

    page.find_element(By.ID, "search").clear()
    page.find_element(By.ID, "search").send_keys(" ", Keys.ESCAPE)
    assert len(page.execute_script(BOXES)) > 30


def test_whole_picture_is_shown_on_request(page: Chrome) -> None:
    every = page.execute_script(BOXES)
    page.find_element(By.CSS_SELECTOR, "article li").click()
    assert page.execute_script(BOXES) != every

    page.find_element(By.ID, "all").click()

    assert page.execute_script(BOXES) == every
    assert not page.find_element(By.ID, "all").is_displayed()


def test_box_of_several_opens_the_list_of_them(page: Chrome) -> None:
    box = page.find_element(By.CSS_SELECTOR, ".box.fold")
    title = box.find_element(By.TAG_NAME, "title").get_property("textContent")
    name = (box.get_dom_attribute("href") or "")[1:]
    assert not page.find_element(By.ID, name).is_displayed()

    page.execute_script("arguments[0].focus()", box)
    box.send_keys(Keys.ENTER)
    wait(page)

    opened = page.find_element(By.ID, name)
    assert opened.is_displayed()
    assert opened.find_element(By.TAG_NAME, "summary").text == title
    assert str(title).startswith(f"{len(opened.find_elements(By.TAG_NAME, 'li'))} ")


def test_box_of_one_leads_to_its_chain(page: Chrome) -> None:
    (box,) = [
        one
        for one in page.find_elements(By.CSS_SELECTOR, "a.box")
        if one.find_element(By.TAG_NAME, "title").get_property("textContent") == ONE
    ]
    page.execute_script("arguments[0].focus()", box)
    box.send_keys(Keys.ENTER)
    wait(page)

    assert page.execute_script(BOXES) == WAY
    picked = page.find_element(By.CSS_SELECTOR, "article.on a")
    assert picked.text == ONE


def test_boxes_are_reached_with_the_keyboard_in_the_order_of_columns(page: Chrome) -> None:
    page.execute_script("document.querySelector('#picture').focus()")
    places = []
    for _ in range(12):
        page.switch_to.active_element.send_keys(Keys.TAB)
        places.append(
            page.execute_script(
                "const rect = document.activeElement.querySelector('rect');"
                "return [rect.x.baseVal.value, rect.y.baseVal.value]"
            )
        )

    assert places == sorted(places)


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
    page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
