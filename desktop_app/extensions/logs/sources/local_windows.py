"""This computer's event logs on Windows, exported with ``wevtutil``.

Written after Microsoft's description of wevtutil; never tried on a Windows machine.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from desktop_app.core.text import text
from desktop_app.extensions.logs.sources.local_view import Hidden, LocalView

TIMEOUT = 30.0
EXPORT_TIMEOUT = 900.0
# The channels that say most about a machine; Security opens only to administrators and to Event Log Readers.
CHANNELS = (
    "Security",
    "System",
    "Application",
    "Windows PowerShell",
    "Microsoft-Windows-PowerShell/Operational",
    "Microsoft-Windows-Sysmon/Operational",
    "Microsoft-Windows-Windows Defender/Operational",
    "Microsoft-Windows-TaskScheduler/Operational",
    "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational",
    "Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational",
    "Microsoft-Windows-Windows Firewall With Advanced Security/Firewall",
    "Microsoft-Windows-Bits-Client/Operational",
    "Microsoft-Windows-WMI-Activity/Operational",
    "Microsoft-Windows-CodeIntegrity/Operational",
    "Microsoft-Windows-AppLocker/EXE and DLL",
    "Microsoft-Windows-PrintService/Operational",
    "Microsoft-Windows-DriverFrameworks-UserMode/Operational",
    "Microsoft-Windows-NTLM/Operational",
    "OpenSSH/Operational",
)


def look() -> LocalView:
    """Ask each channel for its newest event: what answers can be read, what refuses is named."""
    view = LocalView()
    known = _known_channels()
    for channel in CHANNELS:
        if known and channel.lower() not in known:
            continue
        if _run(["wevtutil", "qe", channel, "/c:1", "/rd:true", "/f:xml"], TIMEOUT):
            view.channels.append(channel)
        else:
            view.hidden.append(hidden_channel(channel))
    return view


def _known_channels() -> set[str]:
    """Return the channels there are, in lower case; empty where the list itself is refused."""
    try:
        listed = subprocess.run(["wevtutil", "el"], capture_output=True, check=False, timeout=TIMEOUT)
    except (OSError, subprocess.TimeoutExpired):
        return set()
    return {line.strip().lower() for line in listed.stdout.decode("utf-8", "replace").splitlines() if line.strip()}


def _run(command: list[str], timeout: float) -> bool:
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=timeout, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def file_name(channel: str) -> str:
    """Return a file name for a channel, as Windows' own viewer makes them."""
    return re.sub(r'[\\/:*?"<>|]', "%4", channel) + ".evtx"


def hidden_channel(channel: str) -> Hidden:
    """Name a channel that this account may not read."""
    what = text("The channel %(channel)s: start Watchdesk as administrator to read it", channel=channel)
    return Hidden(what, f'wevtutil epl "{channel}" "{file_name(channel)}"')


def export_channels(channels: list[str], folder: Path) -> tuple[list[Path], list[Hidden]]:
    """Export channels as EVTX files into ``folder``; return the files, and the channels that refused."""
    written: list[Path] = []
    refused: list[Hidden] = []
    for channel in channels:
        target = folder / file_name(channel)
        if _run(["wevtutil", "epl", channel, str(target), "/ow:true"], EXPORT_TIMEOUT) and target.is_file():
            written.append(target)
        else:
            refused.append(hidden_channel(channel))
    return written, refused
