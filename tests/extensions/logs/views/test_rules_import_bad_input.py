"""A pack of everything that a stranger could put into one: each is told in a sentence, and the rest works."""

from __future__ import annotations

import html
import zipfile
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from desktop_app.core import findings
from desktop_app.core.desk import Desk
from desktop_app.core.rules import catalogue, own
from desktop_app.extensions.logs.service import applying
from tests.core.rules.writing import id_of, yaml_of
from tests.extensions.logs.importing import run
from tests.extensions.logs.views.test_detections import RULE
from tests.extensions.logs.views.test_rules_import import brought_in, previewed

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
)
# The first is endless where an engine backtracks and harmless in ours; the second only a backtracking engine knows.
ENDLESS = yaml_of(1).replace("user.name: x", "message|re: '^(a+)+$'")
BACKWARDS = yaml_of(2).replace("user.name: x", "message|re: '^(a+)+(.)\\2$'")
EVERYTHING = yaml_of(3).replace("user.name: x", "user.name: '*'").replace("condition: s", "condition: s or not s")
ALWAYS = yaml_of(4).replace("  s:\n    user.name: x", "  s: ['*']")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    path = tmp_path / "strange.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("huge.yml", b"#" * 50_000_000)
        for name, body in {"bomb": BOMB, "endless": ENDLESS, "backwards": BACKWARDS, "everything": EVERYTHING,
                           "torn": "title: [", "no_text": "title: \udcff", "good": RULE}.items():  # fmt: skip
            archive.writestr(f"{name}.yml", body.encode("utf-8", "surrogateescape"))
    return path


def test_the_preview_tells_each_in_a_sentence(client: FlaskClient, own_desk: Desk, pack: Path) -> None:
    address = previewed(client, own_desk, path=str(pack))
    broken = html.unescape(client.get(f"{address}?what=broken").text)
    for sentence in (
        "a rule file may have 1000000",
        "The rule is nested too deeply or holds too many values.",
        "Line 2 is not valid YAML",
        "The file is not UTF-8 text.",
    ):
        assert sentence in broken
    unsupported = html.unescape(client.get(f"{address}?what=unsupported").text)
    assert "backwards.yml" in unsupported
    assert "could take for ever on some values" in unsupported
    new = client.get(f"{address}?what=new").text
    assert all(path in new for path in ("good.yml", "endless.yml", "everything.yml"))


def test_what_can_be_used_works_and_a_rule_that_matches_everything_stays_one_finding(
    client: FlaskClient, own_desk: Desk, pack: Path
) -> None:
    brought_in(client, own_desk, previewed(client, own_desk, path=str(pack)))
    with own_desk.connection() as db:
        states = {one.path: one.state for one in catalogue.listing(db, pack="strange")}
        run(own_desk, applying.start_detect(db))
        noisy = findings.listing(db, findings.Filter(view="all", rule=id_of(3)), 10)
        verdicts = {one["id"]: one["state"] for one in catalogue.coverage(db)}
    assert {path for path, state in states.items() if state == "ready"} == {
        "good.yml", "endless.yml", "everything.yml",
    }  # fmt: skip
    assert [one.count for one in noisy] == [40]
    assert verdicts["11111111-2222-3333-4444-555555555555"] == "fired"
    assert verdicts[id_of(1)] == "quiet"
    assert client.get("/logs/detections").status_code == 200


def test_the_editor_says_of_a_rule_that_it_matches_everything(own_desk: Desk) -> None:
    with own_desk.connection() as db:
        told = [str(one.reason) for one in own.check(db, ALWAYS).problems if not one.error]
    assert told == ["The rule matches every event of its log source."]
