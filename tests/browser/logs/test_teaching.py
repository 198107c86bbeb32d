"""Teaching a format from one line, by keyboard alone: marked, saved, and what was kept as plain read again."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from desktop_app.core.desk import Desk
from desktop_app.core.events.search import Search
from tests.browser.barriers import barriers
from tests.browser.site import Site
from tests.extensions.logs.importing import bring_in, run

LINES = (
    "2026/11/20 08:00:01 <Boiler7> {INFO } pressure=4.2bar ok",
    "2026/11/20 08:00:02 <Boiler7> {WARN } pressure=4.9bar high",
    "2026/11/20 08:00:03 <Boiler8> {ERROR} valve 3 stuck, retry 2",
)


def brought(desk: Desk, folder: Path, name: str, lines: tuple[str, ...]) -> None:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    bring_in(desk, [path])


def mark(page: Page, part: str, key: str) -> None:
    """Select a part of the line by the keyboard, and say what it is by a digit."""
    line = page.locator("#line")
    line.focus()
    at = line.input_value().index(part)
    page.keyboard.press("Home")
    for _ in range(at):
        page.keyboard.press("ArrowRight")
    page.keyboard.down("Shift")
    for _ in part:
        page.keyboard.press("ArrowRight")
    page.keyboard.up("Shift")
    before = page.locator("#pattern").input_value()
    page.keyboard.press(key)
    expect(page.locator("#pattern")).not_to_have_value(before)


def read_again(desk: Desk, page: Page) -> None:
    """Run the job whose page is open."""
    assert run(desk, int(page.url.rpartition("/")[2])).state == "done"


def messages(desk: Desk, query: str) -> list[str]:
    with desk.connection() as db:
        return [str(row["message"]) for row in desk.events.page(db, Search(query)).rows]


def test_a_format_is_taught_by_keyboard_alone_and_the_file_read_again_by_it(
    page: Page, site: Site, faults: list[str], tmp_path: Path
) -> None:
    brought(site.desk, tmp_path, "boiler.log", LINES)
    assert messages(site.desk, "host:Boiler8") == []
    site.enter(page, "/logs/sources")
    page.get_by_role("link", name="Teach its format").first.click()
    site.ready(page)
    for part, key in ((LINES[0][:19], "1"), ("INFO", "2"), ("Boiler7", "4"), ("pressure=4.2bar ok", "3")):
        mark(page, part, key)
    expect(page.locator("#taught")).to_contain_text("Reads 3 of 3 lines")
    expect(page.locator(".tried-lines")).to_contain_text("valve 3 stuck, retry 2")
    assert barriers(page) == []
    page.get_by_label("Name of the format").fill("Boiler control")
    page.keyboard.press("Enter")
    page.wait_for_url("**/jobs/*")
    read_again(site.desk, page)
    assert messages(site.desk, "host:Boiler8") == ["valve 3 stuck, retry 2"]
    assert messages(site.desk, "level:error host:Boiler8") == ["valve 3 stuck, retry 2"]
    site.go(page, "/logs/formats")
    expect(page.locator(".table").first).to_contain_text("Boiler control")
    assert barriers(page) == []
    assert faults == []


def test_a_table_is_taught_by_naming_its_columns(page: Page, site: Site, faults: list[str], tmp_path: Path) -> None:
    rows = ("20.11.2026 08:00:01;W1;12,5", "20.11.2026 08:00:02;W2;13,5")
    brought(site.desk, tmp_path, "scales.txt", rows)
    site.enter(page, "/logs/formats")
    page.get_by_role("link", name="Teach its format").first.click()
    site.ready(page)
    columns = page.locator("input[name=column]")
    expect(columns).to_have_count(3)
    expect(columns.first).to_have_value("@timestamp")
    columns.nth(1).fill("host.name")
    columns.nth(2).fill("weight")
    page.get_by_role("button", name="Try it").click()
    expect(page.locator("#taught")).to_contain_text("Reads 2 of 2 lines")
    page.get_by_label("Name of the format").fill("Scales")
    page.get_by_role("button", name="Save the format").click()
    page.wait_for_url("**/jobs/*")
    read_again(site.desk, page)
    with site.desk.connection() as db:
        assert site.desk.events.count(db, Search("weight:13,5 host:W2")) == 1
    assert faults == []


def test_what_does_not_fit_is_said_in_place(page: Page, site: Site, faults: list[str]) -> None:
    site.enter(page, "/logs/formats/teach")
    page.locator("#lines").fill("\n".join(LINES))
    expect(page.locator("#line")).to_have_value(LINES[0])
    page.locator("#pattern").fill("%{message")
    page.keyboard.press("Tab")
    expect(page.locator("#taught [role=alert]")).to_contain_text("This pattern cannot be used.")
    page.get_by_label("Name of the format").fill("Boiler")
    page.get_by_role("button", name="Save the format").click()
    expect(page.locator("#taught [role=alert]")).to_contain_text("cannot be used")
    expect(page.locator("#lines")).to_have_value("\n".join(LINES))
    # The refusal of the second try is meant.
    assert [one for one in faults if "400" not in one] == []
    faults.clear()
