"""References by name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from desktop_app.core.rules import attack
from desktop_app.core.rules.references import is_foreign, named, technique_name, techniques

_TAGS = re.compile(r"attack\.(t\d{4}(?:\.\d{3})?)")


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


def test_every_technique_of_the_matrix_and_of_our_rules_has_a_name_in_the_readers_language() -> None:
    tops = [number for number in attack.techniques() if "." not in number]
    packs = Path(__file__).parents[3] / "desktop_app" / "extensions"
    tags = {tag for one in packs.glob("*/rules/**/*.yml") for tag in _TAGS.findall(one.read_text(encoding="utf-8"))}
    assert len(tags) > 30
    for number in (*tops, *(tag.upper() for tag in tags)):
        for one in (number, attack.FORMER.get(number, number)):
            name = technique_name(one)
            assert name is not None
            assert not is_foreign(name), one


def test_a_technique_known_by_its_english_name_alone_says_so() -> None:
    assert [one.foreign for one in techniques(("attack.t1558.003", "attack.t1558", "attack.t9999"))] == [
        True, False, False,
    ]  # fmt: skip
    assert named("https://attack.mitre.org/techniques/T1558/003").foreign
