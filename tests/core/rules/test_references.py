"""References by name."""

from __future__ import annotations

import pytest

from desktop_app.core.rules.references import named, techniques


@pytest.mark.parametrize(
    ("reference", "name", "note"),
    [
        ("https://attack.mitre.org/techniques/T1110/001/", "MITRE ATT&CK T1110.001", "Password guessing"),
        ("https://attack.mitre.org/techniques/T1190", "MITRE ATT&CK T1190", "Attack on a public application"),
        (
            "https://attack.mitre.org/techniques/T1558/003",
            "MITRE ATT&CK T1558.003",
            "Steal or Forge Kerberos Tickets: Kerberoasting",
        ),
        ("https://attack.mitre.org/techniques/T9999/", "MITRE ATT&CK T9999", "None"),
        ("https://learn.microsoft.com/windows/security/auditing/event-4625", "Microsoft Learn · event-4625", "None"),
        ("https://docs.kernel.org/admin-guide/mm/concepts.html", "Linux kernel documentation · concepts", "None"),
        ("https://example.org", "example.org", "None"),
        ("MITRE ATT&CK T1110.001", "MITRE ATT&CK T1110.001", "None"),
        ("javascript:alert(1)", "javascript:alert(1)", "None"),
    ],
)
def test_a_reference_has_a_name(reference: str, name: str, note: str) -> None:
    found = named(reference)
    assert (found.name, str(found.note)) == (name, note)


def test_only_addresses_of_the_web_become_links() -> None:
    assert named("https://example.org/a").url == "https://example.org/a"
    assert named("javascript:alert(1)").url == ""
    assert named("file:///etc/passwd").url == ""


def test_techniques_are_read_from_tags_once_each() -> None:
    found = techniques(("attack.execution", "attack.t1110.001", "attack.T1110.001", "cve.2021.1"))
    assert [(one.name, str(one.note)) for one in found] == [("T1110.001", "Password guessing")]
