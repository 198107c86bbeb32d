"""How the findings of each rule were judged."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from desktop_app.core import triage
from desktop_app.core.database import Connection
from desktop_app.core.model import Verdict


def test_without_findings_the_page_says_what_it_counts(client: FlaskClient) -> None:
    assert "No rule has found anything yet." in client.get("/noise/").text


def test_the_noisiest_rule_comes_first_with_its_verdicts(
    client: FlaskClient, db: Connection, made: dict[str, int]
) -> None:
    triage.resolve(db, [made["disk/HIST-01"], made["disk/HMI-07"]], Verdict.FALSE_POSITIVE)
    triage.confirm(db, [made["guess/OPC-GW-02"]])
    page = client.get("/noise/").text
    assert re.findall(r"rule=(\w+)\"", page)[0] == "disk"
    assert "Of 2 decided:" in page
    assert "<b>2</b> False positive" in page
    assert 'value="100" aria-label="Noise of Disk errors"' in page


def test_a_finding_tells_how_its_rule_was_judged(client: FlaskClient, db: Connection, made: dict[str, int]) -> None:
    assert "decided:" not in client.get("/findings/?id=3").text
    triage.resolve(db, [made["disk/HIST-01"]], Verdict.FALSE_POSITIVE)
    assert "<b>1</b> False positive" in client.get(f"/findings/?view=all&id={made['disk/HMI-07']}").text
