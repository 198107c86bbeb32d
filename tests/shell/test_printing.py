from __future__ import annotations

import sys
from pathlib import Path

import pytest

from desktop_app.core.printing import CannotPrint
from desktop_app.shell import display, printing, printing_gtk, printing_qt


def test_the_engine_is_that_of_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(display, "linux_toolkit", lambda: "qt")
    assert isinstance(printing.of_this_system(), printing_qt.Qt)
    monkeypatch.setattr(display, "linux_toolkit", lambda: "gtk")
    monkeypatch.setattr(display, "gtk_installed", lambda: True)
    assert isinstance(printing.of_this_system(), printing_gtk.Gtk)


def test_where_there_is_none_one_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "of_this_system", lambda: None)
    with pytest.raises(CannotPrint, match="there is no engine that prints pages"):
        printing.print_pdf(tmp_path / "a.html", tmp_path / "a.pdf")


def test_a_printer_that_fails_is_told_in_its_words() -> None:
    with pytest.raises(CannotPrint, match=r"could not be printed to PDF\. The system says: no ink"):
        printing.run([sys.executable, "-c", "import sys; sys.exit('much before\\nno ink')"])
    with pytest.raises(CannotPrint, match="could not be printed"):
        printing.run(["/not/there"])


def test_a_printer_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "PATIENCE_SECONDS", 0.1)
    with pytest.raises(CannotPrint, match="was stopped"):
        printing.run([sys.executable, "-c", "import time; time.sleep(600)"])


def test_a_printer_that_says_nothing_and_writes_nothing_has_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Silent:
        def print_file(self, source: Path, target: Path) -> None:
            """Do nothing."""

    monkeypatch.setattr(printing, "of_this_system", Silent)
    (tmp_path / "a.pdf").write_text("of an earlier time")
    with pytest.raises(CannotPrint):
        printing.print_pdf(tmp_path / "a.html", tmp_path / "a.pdf")
