from __future__ import annotations

from desktop_app.web import licences


def test_everything_that_is_carried_is_listed_with_a_licence() -> None:
    found = {part.name.lower(): part for part in licences.parts()}
    assert {"python", "watchdesk", "flask", "duckdb", "htmx.org"} <= found.keys()
    assert all(part.licence for part in found.values())
    assert found["htmx.org"].licence == "0BSD"


def test_what_only_the_workshop_uses_is_not_listed() -> None:
    assert not {"pytest", "ruff", "pyinstaller"} & {part.name.lower() for part in licences.parts()}


def test_a_licence_can_be_read_as_its_authors_wrote_it() -> None:
    assert "Permission to use, copy, modify" in (licences.licence_text("htmx.org", "LICENSE") or "")
    flask = next(part for part in licences.parts() if part.name.lower() == "flask")
    assert "Pallets" in (licences.licence_text(flask.name, flask.texts[0]) or "")


def test_only_listed_texts_are_read() -> None:
    assert licences.licence_text("htmx.org", "../manifest.json") is None
    assert licences.licence_text("..", "LICENSE") is None


def test_everything_that_ships_with_the_program_has_a_text_to_read() -> None:
    assert [part.name for part in licences.parts() if not part.texts] == []
    assert [(part.name, file) for part in licences.parts() for file in part.texts
            if not (licences.licence_text(part.name, file) or "").strip()] == []  # fmt: skip


def test_qt_comes_with_the_lgpl_the_gpl_and_a_notice() -> None:
    assert {"LGPL-3.0.txt", "GPL-3.0.txt", "Qt-notice.txt"} == set(licences._BROUGHT["pyside6"])
    if licences.version_of("PySide6"):
        assert "GNU LESSER GENERAL PUBLIC LICENSE" in (licences.licence_text("PySide6", "LGPL-3.0.txt") or "")
        assert "Chromium Authors" in (licences.licence_text("shiboken6", "Qt-notice.txt") or "")


def test_a_text_is_given_only_for_what_it_was_brought_for() -> None:
    assert licences.licence_text("Flask", "LGPL-3.0.txt") is None


def test_what_is_not_carried_has_no_version() -> None:
    assert licences.version_of("no-such-part") is None
