"""The pages of the logs in a browser: search, chart, facets, import; by mouse and by keyboard."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from desktop_app.core import jobs
from desktop_app.core.desk import Desk
from tests.browser.barriers import barriers
from tests.browser.logs.conftest import open_search
from tests.browser.pictures import LOOKS
from tests.browser.site import Site
from tests.browser.test_pages import LOCALES
from tests.extensions.logs.importing import run
from tests.extensions.logs.views.conftest import write_logs

ROW = 26
LOOKS_AT_A_RESULT = (
    "/logs/counting?agg=count+by+source.ip+every+1h",
    "/logs/field?name=http.response.body.bytes",
    "/logs/templates?from=2026-11-20+15:00",
    "/logs/unusual?from=2026-11-20+15:00&against=rest",
    "/logs/timeline",
)


def chips(page: Page) -> list[str]:
    return [" ".join(one.split()) for one in page.locator("#chips .chip").all_inner_texts()]


def clock_of_active(page: Page) -> str:
    return page.locator(".ev-row.active .tm").inner_text()


# --- reading by everyone ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("look", LOOKS, ids="-".join)
def test_axe_finds_no_barrier(browser: Browser, site: Site, look: tuple[str, str]) -> None:
    language, theme = look
    context = browser.new_context(
        locale=LOCALES[language], color_scheme=theme, viewport={"width": 1100, "height": 760}, reduced_motion="reduce"  # type: ignore[arg-type] # one of the two themes
    )  # fmt: skip
    page = context.new_page()
    page.goto(site.gate.start_address("browser"))
    found = {}
    with site.desk.connection() as db:
        db.execute("UPDATE settings SET value = ? WHERE key = 'language'", (language,))
        db.conn.commit()
    for path in (
        "/logs/sources",
        "/logs/detections",
        "/logs/import",
        "/logs/event/4294967297",
        "/logs/?q=nowhere",
        *LOOKS_AT_A_RESULT,
    ):
        page.goto(site.gate.origin + path)
        page.wait_for_timeout(200)
        found[path] = barriers(page)
    page.goto(f"{site.gate.origin}/logs/detections")
    page.locator(".rules-grid .title a").first.click()
    page.wait_for_url("**/logs/rules/*")
    page.wait_for_load_state()
    found["rule"] = barriers(page)
    open_search_in(page, site)
    page.locator(".ev-row").nth(1).click()
    expect(page.locator(".exp .kv")).to_be_visible()
    for name, summary in (("row", None), ("range", "#range > summary"), ("syntax", "#syntax > summary")):
        if summary:
            page.locator(summary).click()
        found[name] = barriers(page)
    context.close()
    assert {where: lines for where, lines in found.items() if lines} == {}


def open_search_in(page: Page, site: Site) -> None:
    """Open the search in whatever language."""
    page.goto(f"{site.gate.origin}/logs/?f=host%3A%22opc-gw%22")
    expect(page.locator("#facets li").first).to_be_attached()
    expect(page.locator(".hist-stage rect").first).to_be_attached()


@pytest.mark.parametrize(("width", "height"), [(800, 760), (720, 450), (1440, 900)])
def test_no_page_is_wider_than_its_window(page: Page, site: Site, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(site.gate.start_address("browser"))
    for path in (
        "/logs/",
        "/logs/sources",
        "/logs/detections",
        "/logs/event/4294967297",
        "/logs/import",
        *LOOKS_AT_A_RESULT,
    ):
        page.goto(site.gate.origin + path)
        page.wait_for_timeout(200)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    open_search(page, site)
    assert page.evaluate("document.getElementById('events').clientHeight") >= 3 * ROW


def test_without_scripts_the_first_rows_and_their_events_can_be_read(browser: Browser, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site.gate.start_address("browser"))
    page.goto(f"{site.gate.origin}/logs/?q=root&f=host%3A%22opc-gw%22")
    expect(page.locator(".ev-row")).to_have_count(40)
    page.locator(".ev-row a").first.click()
    expect(page.locator("h1.event-title")).to_contain_text("Failed password for root")
    page.locator('[aria-label="Only source.ip 10.20.4.17"]').click()
    expect(page.locator(".ev-row")).to_have_count(40)
    context.close()


# --- searching --------------------------------------------------------------------------------------------------------


def test_the_address_is_the_search(logs: Page, site: Site) -> None:
    logs.locator('input[name="q"]').fill("root")
    logs.keyboard.press("Enter")
    expect(logs.locator("#result")).to_contain_text("40 of 42 events")
    assert parse_qs(urlsplit(logs.url).query) == {"q": ["root"]}
    logs.reload()
    expect(logs.locator("#result")).to_contain_text("40 of 42 events")
    logs.go_back()
    expect(logs.locator("#result")).to_contain_text("42 of 42 events")


def test_a_wrong_query_is_told_under_its_field_with_the_place(logs: Page, faults: list[str]) -> None:
    logs.locator('input[name="q"]').fill("ssh (root")
    logs.keyboard.press("Enter")
    expect(logs.locator("#query-error")).to_contain_text("This parenthesis is never closed.")
    assert logs.locator("#query-error mark").inner_text() == "("
    faults[:] = [one for one in faults if "400" not in one]


def test_plus_and_minus_on_a_value_become_filters(logs: Page) -> None:
    logs.locator(".ev-row").nth(0).click()
    logs.locator('.exp [aria-label="Only http.request.method GET"]').click()
    expect(logs.locator("#result")).to_contain_text("2 of 42 events")
    expect(logs.locator("#chips .chip")).to_have_text(["http.request.method GET ×"], use_inner_text=True)
    logs.locator(".ev-row").nth(0).click()
    logs.locator('.exp [aria-label="Leave out http.response.status_code 500"]').click()
    expect(logs.locator("#result")).to_contain_text("1 of 42 events")
    logs.locator("#chips .chip").first.get_by_role("button").click()
    expect(logs.locator("#result")).to_contain_text("41 of 42 events")


def test_a_facet_narrows_widens_and_leaves_out(logs: Page) -> None:
    addresses = logs.locator('[data-facet^="source.ip"]')
    expect(addresses).to_have_count(2)
    addresses.nth(1).get_by_role("checkbox").check()
    expect(logs.locator("#result")).to_contain_text("2 of 42 events")
    addresses.nth(0).get_by_role("checkbox").check()
    expect(logs.locator("#result")).to_contain_text("42 of 42 events")
    addresses.nth(0).get_by_role("button").click()
    expect(logs.locator("#result")).to_contain_text("2 of 42 events")
    expect(logs.locator("#chips .chip").filter(has_text="not source.ip")).to_have_count(1)
    expect(logs.locator("#chips .chip")).to_have_count(2)
    assert sorted(chips(logs)) == ["not source.ip 10.20.4.17 ×", "source.ip 10.20.4.9 ×"]


def test_a_filter_can_be_added_by_hand(logs: Page) -> None:
    logs.locator("#filter-menu > summary").click()
    logs.locator('#add-filter input[name="field"]').fill("http.response.status_code")
    logs.locator('#add-filter select[name="how"]').select_option("not")
    logs.locator('#add-filter input[name="value"]').fill("200")
    logs.keyboard.press("Enter")
    expect(logs.locator("#result")).to_contain_text("41 of 42 events")


def test_the_range_is_chosen_from_the_list_or_written(logs: Page) -> None:
    logs.locator("#range > summary").click()
    logs.get_by_role("link", name="Last hour").click()
    expect(logs.locator("#result")).to_contain_text("2 of 42 events")
    assert parse_qs(urlsplit(logs.url).query) == {"from": ["-1h"]}
    logs.locator("#range > summary").click()
    logs.locator("#range-from").fill("14:00")
    logs.locator("#range-to").fill("14:01")
    logs.keyboard.press("Enter")
    expect(logs.locator("#result")).to_contain_text("30 of 42 events")
    expect(logs.locator("#range-name")).to_have_text("Today 14:00 – 14:01")


def test_a_result_without_events_says_so_and_leads_back(logs: Page) -> None:
    logs.locator('input[name="q"]').fill("nowhere")
    logs.keyboard.press("Enter")
    expect(logs.locator("#no-events")).to_be_visible()
    logs.get_by_role("link", name="Show all events").click()
    expect(logs.locator("#result")).to_contain_text("42 of 42 events")


def test_dragging_over_the_chart_zooms_and_going_back_returns(logs: Page) -> None:
    box = logs.locator(".hist-stage").bounding_box()
    assert box is not None
    logs.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 40)
    logs.mouse.down()
    logs.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + 40)
    logs.mouse.move(box["x"] + box["width"] - 2, box["y"] + 40)
    logs.mouse.up()
    expect(logs.locator("#result")).to_contain_text("2 of 42 events")
    assert {"from", "to"} == parse_qs(urlsplit(logs.url).query).keys()
    logs.go_back()
    expect(logs.locator("#result")).to_contain_text("42 of 42 events")


# --- by keyboard ------------------------------------------------------------------------------------------------------


def test_events_are_read_by_keyboard_alone(logs: Page) -> None:
    logs.keyboard.press("j")
    logs.keyboard.press("j")
    assert logs.locator("#events").get_attribute("aria-activedescendant") == "ev-1"
    logs.keyboard.press("Enter")
    expect(logs.locator(".exp .kv")).to_be_visible()
    expect(logs.locator("#ev-1")).to_have_attribute("aria-expanded", "true")
    logs.keyboard.press("Tab")
    assert logs.evaluate("document.activeElement.closest('.exp') !== null")
    logs.keyboard.press("Escape")
    expect(logs.locator(".exp")).to_have_count(0)
    assert logs.evaluate("document.activeElement.id") == "events"
    logs.keyboard.press("End")
    expect(logs.locator(".ev-row.active")).to_have_attribute("id", "ev-41")
    logs.keyboard.press("Home")
    expect(logs.locator(".ev-row.active")).to_have_attribute("id", "ev-0")


def test_the_chart_is_walked_and_zoomed_by_keyboard(logs: Page) -> None:
    logs.keyboard.press("[")
    expect(logs.locator("#logs-said")).to_contain_text("15:31")
    expect(logs.locator(".ev-row.active .tm")).to_contain_text("11-20 15:31")
    logs.keyboard.press("[")
    logs.keyboard.press("[")
    expect(logs.locator("#logs-said")).to_contain_text("14:01")
    expect(logs.locator(".ev-row.active .tm")).to_contain_text("11-20 14:01")
    logs.keyboard.press("+")
    expect(logs.locator("#result")).to_contain_text("40 of 42 events")
    for _ in range(3):
        logs.keyboard.press("-")
    expect(logs.locator("#result")).to_contain_text("42 of 42 events")


def test_single_keys_are_letters_while_somebody_types(logs: Page) -> None:
    logs.keyboard.press("/")
    logs.keyboard.type("j[-+")
    assert logs.locator('input[name="q"]').input_value() == "j[-+"
    assert logs.locator(".ev-row.active").count() == 0


# --- importing --------------------------------------------------------------------------------------------------------


def finish(desk: Desk, page: Page) -> None:
    """Run the job that the page has queued, as the desk's worker would."""
    expect(page.locator(".progress[data-state]")).to_be_visible()
    with desk.connection() as db:
        waiting = [one.id for one in jobs.active(db)]
    for job_id in waiting:
        run(desk, job_id)


def test_the_first_finding_is_two_clicks_away(page: Page, empty_site: Site, faults: list[str], tmp_path: Path) -> None:
    write_logs(tmp_path / "in")
    page.goto(empty_site.gate.start_address("browser"))
    page.goto(f"{empty_site.gate.origin}/logs/")
    page.locator("main .empty [data-import]").click()
    page.locator("#import-path").fill("nowhere")
    page.keyboard.press("Enter")
    expect(page.locator("#import-path-wrong")).to_contain_text("Write the whole path")
    page.locator("#import-path").fill(str(tmp_path / "in"))
    page.keyboard.press("Enter")
    finish(empty_site.desk, page)
    expect(page.locator(".brought")).to_contain_text("42")
    page.get_by_role("link", name="See what is wrong").click()
    assert urlsplit(page.url).path == "/findings/"
    faults[:] = [one for one in faults if "400" not in one]


def test_files_chosen_in_a_plain_browser_are_sent_and_imported(
    page: Page, empty_site: Site, faults: list[str], tmp_path: Path
) -> None:
    auth, web = write_logs(tmp_path / "in")
    page.goto(empty_site.gate.start_address("browser"))
    page.goto(f"{empty_site.gate.origin}/logs/import")
    page.locator("#files").set_input_files([auth, web])
    finish(empty_site.desk, page)
    expect(page.locator(".brought")).to_contain_text("42")


def test_paths_dropped_on_the_window_are_imported_at_once(
    page: Page, empty_site: Site, faults: list[str], tmp_path: Path
) -> None:
    auth, _ = write_logs(tmp_path / "in")
    page.goto(empty_site.gate.start_address("browser"))
    page.goto(f"{empty_site.gate.origin}/logs/sources")
    page.evaluate(
        "(paths) => document.dispatchEvent(new CustomEvent('watchdesk:dropped', {detail: {paths}}))", [str(auth)]
    )
    finish(empty_site.desk, page)
    expect(page.locator(".brought")).to_contain_text("40")


def test_an_event_is_shown_in_the_midst_of_what_happened_around_it(logs: Page) -> None:
    logs.locator(".ev-row").nth(20).click()
    clock = clock_of_active(logs)
    logs.get_by_role("link", name="±5 min around").click()
    expect(logs.locator("#result")).to_contain_text("40 of 42 events")
    expect(logs.locator(".ev-row.active")).to_have_count(1)
    assert clock_of_active(logs) == clock


# --- looking at a whole result ----------------------------------------------------------------------------------------


def test_the_search_is_taken_along_to_the_numbers_and_back(logs: Page) -> None:
    logs.locator('input[name="q"]').fill("root")
    logs.keyboard.press("Enter")
    expect(logs.locator("#result")).to_contain_text("40 of 42 events")
    logs.get_by_role("link", name="Analyse").click()
    expect(logs.locator(".counted tfoot")).to_contain_text("over 40 events")
    logs.get_by_label("By", exact=True).fill("source.ip")
    logs.locator('select[name="every"]').select_option(label="no")
    logs.locator(".ask button").first.click()
    expect(logs.locator(".counted tbody tr")).to_have_count(1)
    logs.locator(".counted tbody .n a").click()
    expect(logs.locator("#result")).to_contain_text("40 of 42 events")
    expect(logs.locator("#chips .chip")).to_have_count(1)


def test_a_fields_name_opens_what_it_holds(logs: Page) -> None:
    logs.locator("#facets h2 a", has_text="source.ip").click()
    expect(logs.locator(".looking-head h1")).to_have_text("source.ip")
    expect(logs.locator(".counted tbody tr")).to_have_count(2)


# --- the timeline -----------------------------------------------------------------------------------------------------


def test_the_timeline_is_looked_at_closer_by_keys_and_by_dragging(logs: Page, site: Site) -> None:
    logs.goto(f"{site.gate.origin}/logs/timeline")
    said = logs.locator("#timeline-said")
    whole = said.inner_text()
    logs.keyboard.press("+")
    expect(said).not_to_have_text(whole)
    closer, near = logs.url, said.inner_text()
    assert {"from", "to"} == parse_qs(urlsplit(closer).query).keys()
    logs.keyboard.press("]")
    expect(said).not_to_have_text(near)
    logs.go_back()
    expect(said).to_have_text(near)
    box = logs.locator(".tl-axis svg").bounding_box()
    assert box is not None
    middle = box["y"] + 2
    logs.mouse.move(box["x"] + box["width"] * 0.25, middle)
    logs.mouse.down()
    logs.mouse.move(box["x"] + box["width"] * 0.75, middle, steps=4)
    expect(logs.locator("#tl-brush")).to_be_visible()
    logs.mouse.up()
    expect(logs).not_to_have_url(closer)
    logs.locator('[data-zoom="whole"]').click()
    expect(said).to_have_text(whole)
