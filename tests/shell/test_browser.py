from __future__ import annotations

import webbrowser

import pytest

from desktop_app.shell import browser, display

ADDRESS = "http://127.0.0.1:1/start?token=x"


def test_without_a_display_the_address_is_printed_and_no_browser_started(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(display, "present", lambda: False)
    monkeypatch.setattr(webbrowser, "open", lambda _address: pytest.fail("a browser was started"))
    browser.show(ADDRESS)
    assert capsys.readouterr().out == ADDRESS + "\n"


def test_with_a_display_the_browser_gets_the_address_and_nothing_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []

    def note(address: str) -> bool:
        opened.append(address)
        return True

    monkeypatch.setattr(display, "present", lambda: True)
    monkeypatch.setattr(webbrowser, "open", note)
    browser.show(ADDRESS)
    assert opened == [ADDRESS]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("fault", [None, webbrowser.Error("none")])
def test_where_no_browser_opens_the_address_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], fault: Exception | None
) -> None:
    def fail(_address: str) -> bool:
        if fault is not None:
            raise fault
        return False

    monkeypatch.setattr(display, "present", lambda: True)
    monkeypatch.setattr(webbrowser, "open", fail)
    browser.show(ADDRESS)
    assert capsys.readouterr().out == ADDRESS + "\n"


def test_a_program_without_an_output_says_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as windowless:
        windowless.setattr("sys.stdout", None)
        browser.say(ADDRESS)
    assert capsys.readouterr() == ("", "")
