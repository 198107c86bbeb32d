"""Channels, services and levels."""

from __future__ import annotations

import pytest

from desktop_app.extensions.logs.sources.winchannels import MAX_SERVICE, level, log_source, service


@pytest.mark.parametrize(
    ("channel", "name"),
    [
        ("Security", "security"),
        ("SYSTEM", "system"),
        ("Microsoft-Windows-Sysmon/Operational", "sysmon"),
        ("Windows PowerShell", "powershell-classic"),
        ("PowerShellCore/Operational", "powershell"),
        ("Microsoft-Windows-Windows Defender/Operational", "windefend"),
        ("Microsoft-Windows-AppLocker/EXE and DLL", "applocker"),
        ("Microsoft-Windows-WinRM/Operational", "winrm"),
        ("Plant Pump Log", "plant-pump-log"),
        ("", "other"),
        (None, "other"),
        ("///", "other"),
    ],
)
def test_channels_have_sigmas_names_or_short_ones_of_their_own(channel: str | None, name: str) -> None:
    assert service(channel) == name


def test_no_name_is_too_long_for_a_file_name() -> None:
    assert len(service("x" * 5000)) == MAX_SERVICE


def test_every_channel_that_sigma_names_is_known_under_that_name() -> None:
    from sigma.pipelines.common import windows_logsource_mapping

    twins = {"ldap": "ldap_debug", "servicebus-client": "microsoft-servicebus-client"}
    for name, channels in windows_logsource_mapping.items():
        for channel in [channels] if isinstance(channels, str) else channels:
            assert service(channel) == twins.get(name, name), channel


def test_events_of_a_channel_are_kept_under_its_service() -> None:
    assert log_source("Security").name == "windows-any-security"


@pytest.mark.parametrize(
    ("number", "keywords", "expected"),
    [
        ("1", None, "critical"),
        ("2", None, "error"),
        ("3", None, "warning"),
        ("4", None, "info"),
        ("5", None, "debug"),
        ("0", "0x8020000000000000", "info"),
        ("0", "0x8010000000000000", "warning"),
        ("4", "Audit Failure", "info"),
        ("2", "0x8010000000000000", "error"),
        (None, None, "info"),
    ],
)
def test_levels_and_failed_audits(number: str | None, keywords: str | None, expected: str) -> None:
    assert level(number, keywords) == expected
