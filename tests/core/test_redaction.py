from __future__ import annotations

import io
import json
import re
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app import bundled
from desktop_app.core import redaction
from desktop_app.core.desk import Desk
from desktop_app.core.events.search import Search
from desktop_app.core.paths import DataFolder
from desktop_app.core.redaction import NOBODY, Redactor
from tests.extensions.logs.importing import bring_in

KEY = bytes(32)
KNOWN = (("user", "j.smith"), ("user", "PLANT\\svc_historian"), ("host", "OPC-GW-02.plant.local"), ("user", "bo"),
         ("path", "C:\\My Logs\\line 3.txt"))  # fmt: skip


def told(value: str) -> str:
    return Redactor(KNOWN, KEY).text(value)


@pytest.mark.parametrize(
    ("written", "secret"),
    [
        ("Failed password for J.Smith from 10.20.4.17 port 22", ("smith", "10.20.4.17")),
        ("10.0.0.1:443 > 192.168.7.9.53", ("10.0.0.1", "192.168.7.9")),
        ("src:fe80::1%eth0 dst=[2001:db8::7]:80.", ("fe80::1", "2001:db8::7")),
        ("mac aa:bb:cc:00:11:22, AA-BB-CC-00-11-22", ("aa:bb", "aa-bb")),
        ("to <maria.chen@plant.example.com>", ("maria", "plant.example")),
        ("opc-gw-02$ OPC-GW-02 xopc-gw-02y", ("opc-gw",)),
        ("C:\\Users\\anna\\notes.txt and /home/anna/.ssh/id_rsa", ("anna", "id_rsa")),
        ("opened C:\\My Logs\\line 3.txt twice", ("my logs", "line 3")),
        ("\\\\FILES\\plans\\gate.dwg", ("files", "gate.dwg")),
        ("GET https://bob:pw@erp.plant.example:8443/orders/7?who=ann HTTP/1.1", ("bob", "erp.plant", "orders", "ann")),
        ("PLANT\\svc_historian signed in; svc_historian out", ("historian", "plant")),
        ("bo left, Bo came", ("bo ", "bo\n")),
    ],
)
def test_what_names_somebody_is_gone(written: str, secret: tuple[str, ...]) -> None:
    made = told(written).lower()
    assert [one for one in secret if one in made] == []


@pytest.mark.parametrize(
    "written",
    ["root logged in at 12:34:56", "2026-11-20T14:00:00+08:00 took 3.5 ms", "127.0.0.1 and ::1 answered",
     "version 1.2", "http://localhost:80", "either/or", "robot boat", "EventID 4624 type 3", "00:00:00.123 :: ok"],
)  # fmt: skip
def test_what_names_nobody_stays(written: str) -> None:
    assert told(written) == written


def test_one_value_is_one_pseudonym_wherever_it_stands() -> None:
    made = Redactor(KNOWN, KEY)
    alone = made.text("J.SMITH")
    assert re.fullmatch(r"user-\d{10}", alone)
    assert made.text("for j.smith, again J.Smith") == f"for {alone}, again {alone}"
    assert made.text("fe80:0::1") == made.text("FE80::1")
    row = {"id": "7", "time": 1, "host": "OPC-GW-02.plant.local", "source": "sshd", "message": "by j.smith",

           "raw": "j.smith on opc-gw-02.plant.local", "fields": {"user.name": "j.smith", "x": None}}  # fmt: skip
    found = made.record(row)
    assert found["fields"] == {"user.name": alone, "x": None}
    assert found["message"] == f"by {alone}"
    assert found["raw"] == f"{alone} on {found['host']}"
    assert (found["id"], found["time"], found["source"]) == ("7", 1, "sshd")


def test_a_megabyte_of_letters_is_read_once_and_the_address_behind_it_is_found() -> None:
    long = "B" * 1_000_000
    told = Redactor([], b"k").text(f"{long} {long}-{long}@ ann@example.org")
    assert told.startswith(f"{long} {long}-{long}@ mail-")


def test_another_key_gives_other_pseudonyms() -> None:
    assert Redactor(KNOWN, redaction.new_key()).text("j.smith") != told("j.smith")
    assert redaction.session_key() == redaction.session_key()


def test_documents_are_redacted_whole() -> None:
    made = Redactor(KNOWN, KEY).value({"j.smith": ["j.smith", 3, ("j.smith", None)]})
    assert made == {"j.smith": [told("j.smith"), 3, (told("j.smith"), None)]}


NAMES = st.text(string.ascii_letters + string.digits + "-_.äöé张", min_size=4, max_size=12).filter(
    lambda name: any(one.isalpha() for one in name) and name[0].isalnum() and name[-1].isalnum()
    and name.lower() not in NOBODY and not re.search(r"user|host|path|addr|mail|mac", name, re.IGNORECASE)
)  # fmt: skip
ADDRESSES = st.ip_addresses().filter(lambda one: not (one.is_loopback or one.is_unspecified)).map(str)
AROUND = st.text(string.ascii_letters + " =:,;[]()'\"<>\n", max_size=8)


@settings(max_examples=150, deadline=None)
@given(st.lists(NAMES, max_size=4), st.lists(NAMES, max_size=3), st.lists(ADDRESSES, max_size=3), st.data())
def test_no_redacted_value_is_left_anywhere(
    users: list[str], hosts: list[str], addresses: list[str], data: st.DataObject
) -> None:
    made = Redactor([*(("user", one) for one in users), *(("host", one) for one in hosts)], KEY)
    # A name may stand inside of a word; an address is known by its shape, so a letter of one may not touch it.
    text = "".join(data.draw(AROUND) + data.draw(st.sampled_from(["", one])) for one in [*users, *hosts])
    text += "".join(f" {data.draw(st.sampled_from('=([<'))}{one} " for one in addresses)
    found = made.text(text).lower()
    assert [one for one in [*users, *hosts] if one.lower() in found] == []
    assert [one for one in addresses if one.lower() in found] == []


LINES = """\
2026-11-20T14:00:00+08:00 opc-gw sshd[1]: Failed password for jsmith from 203.0.113.7 port 40000 ssh2
2026-11-20T14:00:01+08:00 opc-gw sshd[1]: Accepted password for mchen from 10.20.4.17 port 40001 ssh2
2026-11-20T14:00:02+08:00 hist-01 sudo: mchen : PWD=/home/mchen ; USER=root ; COMMAND=/bin/cat /srv/jsmith/plan.txt
2026-11-20T14:00:03+08:00 hist-01 app: mail to jsmith@plant.example failed on opc-gw
"""
SECRETS = ("jsmith", "mchen", "opc-gw", "hist-01", "203.0.113.7", "10.20.4.17", "plan.txt", "plant.example")


@pytest.fixture
def desk(folder: DataFolder, tmp_path: Path) -> Desk:
    made = Desk(folder, bundled.EXTENSIONS, load=bundled.load)
    made.prepare()
    (tmp_path / "auth.log").write_text(LINES, encoding="utf-8")
    bring_in(made, [tmp_path / "auth.log"])
    return made


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_an_export_holds_none_of_the_names_and_stays_whole(desk: Desk, kind: str) -> None:
    stream = io.BytesIO()
    with desk.connection() as db:
        made = redaction.redactor(desk.events, db, redaction.new_key())
        desk.events.export(db, Search(), "csv" if kind == "csv" else "json", stream, change=made.record)
    written = stream.getvalue().decode()
    assert [one for one in SECRETS if one in written.lower()] == []
    assert len(written.splitlines()) == (5 if kind == "csv" else 4)
    if kind == "json":
        events = [json.loads(line) for line in written.splitlines()]
        assert len({one["host"] for one in events}) == 2
        assert "Failed password for user-" in events[-1]["message"]


def test_names_that_a_search_does_not_find_are_redacted_in_what_it_finds(desk: Desk) -> None:
    stream = io.BytesIO()
    with desk.connection() as db:
        made = redaction.redactor(desk.events, db, redaction.new_key())
        desk.events.export(db, Search("mail"), "json", stream, change=made.record)
    # That opc-gw is a host and jsmith an account is known from other events alone.
    assert b"opc-gw" not in stream.getvalue()
    assert b"jsmith" not in stream.getvalue()
