"""Linux with the host's own WebKitGTK instead of Qt: prints in a process of its own. Written for it, never tried."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from desktop_app.core.program import own_program
from desktop_app.shell import printing


class Gtk:
    """The engine of the window where the host's WebKitGTK draws it."""

    def print_file(self, source: Path, target: Path) -> None:
        """Start this program once more as the printer."""
        printing.run([*own_program(), "print", str(source), str(target)])


def print_here(source: Path, target: Path) -> bool:
    """Print in this process, which does nothing else. GTK needs a display, if only a virtual one."""
    import gi

    gi.require_version("Gtk", "3.0")
    gi.require_version("WebKit2", "4.1")
    from gi.repository import Gtk as Toolkit
    from gi.repository import WebKit2

    view = WebKit2.WebView.new_with_context(WebKit2.WebContext.new_ephemeral())
    view.get_settings().set_enable_javascript(False)
    done: list[bool] = []

    def end(worked: bool) -> None:  # noqa: FBT001 - one word, used below alone
        done.append(worked)
        Toolkit.main_quit()

    def loaded(_view: Any, event: Any) -> None:
        if event == WebKit2.LoadEvent.FINISHED:
            operation = WebKit2.PrintOperation.new(view)
            chosen = Toolkit.PrintSettings()
            chosen.set_printer("Print to File")
            chosen.set(Toolkit.PRINT_SETTINGS_OUTPUT_FILE_FORMAT, "pdf")
            chosen.set(Toolkit.PRINT_SETTINGS_OUTPUT_URI, target.resolve().as_uri())
            operation.set_print_settings(chosen)
            operation.connect("finished", lambda _operation: end(True))
            operation.connect("failed", lambda _operation, _error: end(False))
            operation.print_()

    view.connect("load-changed", loaded)
    view.load_uri(source.resolve().as_uri())
    Toolkit.main()
    return bool(done and done[0])
