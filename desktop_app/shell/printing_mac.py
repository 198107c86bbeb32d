"""macOS: WKWebView prints, in a process of its own, through the bridge that pywebview brings. Never tried."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from desktop_app.core.program import own_program
from desktop_app.shell import printing

POLL_SECONDS = 0.05
POLLS = 2400
A4 = (595.0, 842.0)  # points


class Mac:
    """The engine of the window on macOS."""

    def print_file(self, source: Path, target: Path) -> None:
        """Start this program once more as the printer: AppKit wants the main thread."""
        printing.run([*own_program(), "print", str(source), str(target)])


def print_here(source: Path, target: Path) -> bool:
    """Print in this process, which does nothing else."""
    import AppKit
    import Foundation
    import WebKit

    AppKit.NSApplication.sharedApplication()
    settings = WebKit.WKWebViewConfiguration.alloc().init()
    settings.defaultWebpagePreferences().setAllowsContentJavaScript_(False)
    frame = Foundation.NSMakeRect(0, 0, *A4)
    view = WebKit.WKWebView.alloc().initWithFrame_configuration_(frame, settings)
    address = Foundation.NSURL.fileURLWithPath_(str(source.resolve()))
    view.loadFileURL_allowingReadAccessToURL_(address, address)
    _until(Foundation, lambda: not view.isLoading())
    info = AppKit.NSPrintInfo.alloc().init()
    info.setJobDisposition_(AppKit.NSPrintSaveJob)
    info.dictionary()[AppKit.NSPrintJobSavingURL] = Foundation.NSURL.fileURLWithPath_(str(target.resolve()))
    for side in ("Top", "Bottom", "Left", "Right"):
        getattr(info, f"set{side}Margin_")(0)
    operation = view.printOperationWithPrintInfo_(info)
    operation.setShowsPrintPanel_(False)
    operation.setShowsProgressPanel_(False)
    operation.view().setFrame_(frame)
    window = AppKit.NSWindow.alloc().initWithContentRect_styleMask_backing_defer_(frame, 0, 2, True)
    operation.runOperationModalForWindow_delegate_didRunSelector_contextInfo_(window, None, None, None)
    _until(Foundation, target.is_file)
    return target.is_file()


def _until(foundation: Any, reached: Any) -> None:
    """Let the run loop turn until something is so, or patience ends."""
    for _ in range(POLLS):
        if reached():
            return
        foundation.NSRunLoop.currentRunLoop().runUntilDate_(
            foundation.NSDate.dateWithTimeIntervalSinceNow_(POLL_SECONDS)
        )
