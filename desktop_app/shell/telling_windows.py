"""Windows: a balloon of the notification area, through the .NET that pywebview loads. Written for it, never tried."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

SHOWN_MILLISECONDS = 10_000


class Balloons:
    """One icon of the notification area that speaks."""

    def __init__(self) -> None:
        self._icon: Any = None
        self._clicked: Callable[[], None] = lambda: None

    def show(self, headline: str, body: str, *, urgent: bool, clicked: Callable[[], None]) -> None:
        """Show a balloon."""
        import clr  # type: ignore[import-not-found,unused-ignore]  # pythonnet, which pywebview brings on Windows

        clr.AddReference("System.Windows.Forms")
        clr.AddReference("System.Drawing")
        from System.Drawing import SystemIcons  # type: ignore[import-not-found,unused-ignore]  # .NET, as above
        from System.Windows.Forms import NotifyIcon, ToolTipIcon  # type: ignore[import-not-found,unused-ignore]

        if self._icon is None:
            self._icon = NotifyIcon()
            self._icon.Icon, self._icon.Text, self._icon.Visible = SystemIcons.Information, "Watchdesk", True
            self._icon.BalloonTipClicked += lambda _sender, _args: self._clicked()
        self._clicked = clicked
        kind = ToolTipIcon.Warning if urgent else ToolTipIcon.Info
        self._icon.ShowBalloonTip(SHOWN_MILLISECONDS, headline[:63], body[:255] or " ", kind)

    def close(self) -> None:
        """Take the icon away; Windows would keep it until the mouse passes."""
        if self._icon is not None:
            self._icon.Visible = False
            self._icon.Dispose()
