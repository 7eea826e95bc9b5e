"""A file of opt-ins on the embedded stack: given, checked, read about, confirmed, and taken out again.

Every process is started as `make run` does: the worker that checks and imports is another than the one that shows.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Download, Page, expect

from tests.browser.test_journey import PASSWORD, is_ready, log_in
from tests.support.processes import environment, free_port, running, wait_for

pytestmark = pytest.mark.browser

SLOW = 60_000
LARGEST = 2_000_000
PAGE = "Lilas Outlet"
PROOF = "Ticked the box in the order form"
ROWS = """customer_id;Date de l'accord;attribute.first_name;Région
CRM-1;2026-03-14 18:05;Zoé;IDF
'=CRM-2;2026-03-15;Éric;IDF
CRM-3;14 mars;Ana;IDF
;2026-03-14;Lou;IDF
CRM-1;2026-03-16;Zoé;IDF
"""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("import")
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    env = environment(
        DATA_DIR=str(folder),
        PORT=str(port),
        SANDBOX_PORT=str(port + 1),
        DJANGO_SUPERUSER_PASSWORD=PASSWORD,
        IMPORT_MAX_BYTES=str(LARGEST),
        LOG_LEVEL="WARNING",
    )
    with running("manage.py", "up", env=env):
        wait_for(lambda: is_ready(base), "the stack is ready", seconds=180)
        yield base


@pytest.fixture
def context(browser: Browser, stack: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=stack, locale="en-GB")
    context.set_default_timeout(30_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    page = context.new_page()
    log_in(page)
    return page


def give(page: Page, path: Path) -> None:
    page.goto("/admin/optins/import/add/")
    page.locator("[name=page]").select_option(label=f"{PAGE} (271900413358620)")
    page.locator("[name=proof]").fill(PROOF)
    page.locator("[name=file]").set_input_files(path)
    page.get_by_role("button", name="Upload and check").click()


def rows_of(download: Download, folder: Path) -> list[dict[str, str]]:
    path = folder / download.suggested_filename
    download.save_as(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_file_comes_in_and_goes_out_again(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text(ROWS, encoding="utf-8")
    give(page, path)

    # The dry run: what would happen, and why not.
    expect(page.get_by_text("Import 2 opt-ins into the page")).to_be_visible(timeout=SLOW)
    expect(page.locator("[data-count=fresh]")).to_have_text("2")
    expect(page.locator("[data-count=refused]")).to_have_text("3")
    for words in ("“14 mars” is no time that can be read", "There is no customer_id.", "stands in line 2 already"):
        expect(page.locator(".ot-reasons")).to_contain_text(words)
    expect(page.locator(".ot-facts")).to_contain_text("Région")
    with page.expect_download() as report:
        page.get_by_role("link", name="The whole report").click()
    refused = rows_of(report.value, tmp_path)
    assert [(row["line"], row["code"]) for row in refused] == [
        ("4", "agreed_form"),
        ("5", "id_empty"),
        ("6", "repeated"),
    ]

    # Yes, by keyboard.
    page.get_by_role("button", name="Import", exact=True).press("Enter")
    expect(page.get_by_text("2 opt-ins came in.")).to_be_visible(timeout=SLOW)
    page.get_by_role("link", name="See the opt-ins").click()
    expect(page.locator("#result_list")).to_contain_text("=CRM-2")

    # Out again, as the list is narrowed.
    page.goto(f"{page.url}&q=CRM-")
    page.get_by_role("link", name="Export these").click()
    expect(page.get_by_text("CRM-", exact=True)).to_be_visible()
    with page.expect_download() as export:
        page.get_by_role("button", name="Download the file").click()
    (row,) = rows_of(export.value, tmp_path)
    assert (row["customer_id"], row["agreed_at"]) == ("CRM-1", "2026-03-14T18:05:00+01:00")
    assert (row["state"], row["attribute.first_name"]) == ("active", "Zoé")
    assert PROOF in row["proof"]


def test_a_file_that_is_too_large_is_told_before_it_leaves(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.write_bytes(b"x" * (LARGEST + 1))
    give(page, path)
    field = page.locator("[name=file]")
    assert "larger than 2 MB" in field.evaluate("field => field.validationMessage")
    assert page.url.endswith("/add/")


@pytest.fixture
def plain_page(browser: Browser, page: Page, stack: str) -> Iterator[Page]:
    """The same person, in a browser that runs no scripts."""
    state = page.context.storage_state()
    context = browser.new_context(base_url=stack, locale="en-GB", java_script_enabled=False, storage_state=state)
    yield context.new_page()
    context.close()


def test_without_scripts_the_page_follows_all_the_same(plain_page: Page, tmp_path: Path) -> None:
    page = plain_page
    path = tmp_path / "one.csv"
    path.write_text("customer_id,agreed_at\nPLAIN-1,2026-03-14\n", encoding="utf-8")
    give(page, path)
    expect(page.get_by_text("Import 1 opt-in into the page")).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("1 opt-in came in.")).to_be_visible(timeout=SLOW)
