"""No report with pseudonyms names anybody, in any format."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from desktop_app import bundled
from desktop_app.core import triage
from desktop_app.core.cases import cases
from desktop_app.core.desk import Desk
from desktop_app.core.findings import Filter, listing
from desktop_app.core.paths import DataFolder
from desktop_app.web.report import make, veil
from desktop_app.web.report.choice import Choice, read
from tests.extensions.logs.importing import bring_in, guesses

SECRETS = (b"opc-gw", b"10.20.4.17", b"mchen")


@pytest.fixture
def desk(folder: DataFolder, tmp_path: Path) -> Desk:
    """Findings with evidence, notes that name a host and an account, and a case called after one."""
    made = Desk(folder, bundled.EXTENSIONS, load=bundled.load)
    made.prepare()
    accepted = "2026-11-20T14:02:00+08:00 opc-gw sshd[4242]: Accepted password for mchen from 10.20.4.17 port 5 ssh2\n"
    (tmp_path / "auth.log").write_text(guesses(40) + accepted, encoding="utf-8")
    bring_in(made, [tmp_path / "auth.log"])
    with made.connection() as db:
        finding = listing(db, Filter("all"))[0].id
        triage.note(db, finding, "asked mchen about opc-gw")
        cases.create(db, "mchen at 10.20.4.17", [finding])
    return made


def written(desk: Desk, target: Path, **choice: object) -> bytes:
    with desk.connection() as db:
        make.write(desk, db, Choice(period="0", **choice), "en", target)  # type: ignore[arg-type] # words of the test
    return target.read_bytes().lower()


@pytest.mark.parametrize("form", ["html", "csv", "json", "sarif"])
def test_no_format_names_anybody_and_each_says_so(desk: Desk, tmp_path: Path, form: str) -> None:
    told = written(desk, tmp_path / "report", format=form, redact=True)
    assert [one for one in SECRETS if one in told] == []
    assert b"are pseudonyms" in told
    assert b"addr-" in told
    plain = written(desk, tmp_path / "report", format=form)
    assert b"10.20.4.17" in plain
    assert b"are pseudonyms" not in plain


def test_a_finding_keeps_its_digests_and_one_pseudonym_throughout(desk: Desk, tmp_path: Path) -> None:
    with desk.connection() as db:
        make.write(desk, db, Choice(period="0", format="json", redact=True), "en", tmp_path / "one")
        make.write(desk, db, Choice(period="0", format="json"), "en", tmp_path / "two")
    veiled, plain = (orjson.loads((tmp_path / name).read_bytes()) for name in ("one", "two"))
    assert veiled["digest"] == plain["digest"]
    for one, other in zip(veiled["findings"], plain["findings"], strict=True):
        assert [copy["sha256"] for copy in one["evidence"]] == [copy["sha256"] for copy in other["evidence"]]
        assert (one["status"], one["rule"], one["count"]) == (other["status"], other["rule"], other["count"])
    hosts = {copy["host"] for one in veiled["findings"] for copy in one["evidence"]}
    assert len(hosts) == 1
    assert hosts.pop().startswith("host-")


def test_the_choice_is_part_of_the_address() -> None:
    choice = read({"redact": "1"}, {})
    assert choice.redact
    assert ("redact", "1") in choice.pairs()
    assert Choice.from_json(choice.to_json()) == choice
    assert not read({}, {}).redact


def test_without_being_asked_nothing_is_veiled(desk: Desk) -> None:
    with desk.connection() as db:
        assert veil.of(desk, db, Choice()) is None
    assert veil.document({"a": "opc-gw"}, None) == {"a": "opc-gw"}
