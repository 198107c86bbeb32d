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
