"""Findings that name the same address, account, file or host."""

from __future__ import annotations

from dataclasses import replace

from desktop_app.core import findings, links
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.findings import Filter
from desktop_app.core.judging import claims
from desktop_app.core.links import Link
from tests.core.helpers import add_segment, claim, evidence


def apply(db: Connection, rule: str, asset: str, segment: int = 1, **fields: str) -> int:
    made = claim(segment, rule=rule, asset=asset)
    copy = replace(evidence((segment << 32) + 1), host=asset, fields=fields)
    with writing(db):
        return claims.apply(db, replace(made, evidence=(copy,), values={}), "logs", 0)


def test_what_is_shared_is_told_by_kind_with_how_many_others(db: Connection) -> None:
    add_segment(db, 1)
    one = apply(db, "a", "gw", **{"source.ip": "10.0.0.1", "user.name": "root", "file.path": "/opt/x"})
    apply(db, "b", "web01", IpAddress="10.0.0.1", TargetUserName="ROOT")
    apply(db, "c", "GW", IpAddress="10.0.0.1")
    assert links.of_finding(db, one) == [
        Link("address", "10.0.0.1", 2),
        Link("account", "root", 1),
        Link("host", "gw", 1),
    ]


def test_what_is_shared_is_a_filter_of_the_list(db: Connection) -> None:
    add_segment(db, 1)
    one = apply(db, "a", "gw", **{"source.ip": "10.0.0.1"})
    other = apply(db, "b", "web01", IpAddress="10.0.0.1")
    apply(db, "c", "db01", IpAddress="10.0.0.2")
    found = findings.listing(db, Filter("all", entity=("address", "10.0.0.1")))
    assert sorted(row.id for row in found) == [one, other]


def test_a_finding_names_what_its_kept_events_name_now(db: Connection) -> None:
    add_segment(db, 1)
    one = apply(db, "a", "gw", **{"source.ip": "10.0.0.1"})
    with writing(db):
        db.execute("DELETE FROM evidence")
        links.refresh(db, one)
    assert rows(db, "SELECT kind, value FROM finding_entities") == [{"kind": "host", "value": "gw"}]


def test_links_go_with_their_finding(db: Connection) -> None:
    add_segment(db, 1)
    apply(db, "a", "gw", **{"source.ip": "10.0.0.1"})
    with writing(db):
        db.execute("DELETE FROM findings")
    assert rows(db, "SELECT * FROM finding_entities") == []
