from __future__ import annotations

from desktop_app.core import findings
from desktop_app.core.database import Connection, writing
from desktop_app.web.sentences import Sentences


def test_a_finding_is_told_in_the_readers_language(db: Connection, made: dict[str, int]) -> None:
    found = findings.finding(db, made["guess/OPC-GW-02"])
    assert found is not None
    assert Sentences(db, "en").title(found.row) == "38 failed sign-ins, then a success"
    assert Sentences(db, "zh").title(found.row) == "38 次登录失败后登录成功"


def test_a_rule_that_went_with_its_pack_leaves_its_number(db: Connection, made: dict[str, int]) -> None:
    with writing(db):
        db.execute("DELETE FROM rules")
    found = findings.finding(db, made["guess/OPC-GW-02"])
    assert found is not None
    assert Sentences(db, "en").title(found.row) == "guess"


def test_a_rule_is_read_once(db: Connection, made: dict[str, int]) -> None:
    assert made
    sentences = Sentences(db, "en")
    assert sentences.rule("guess") is sentences.rule("guess")
    assert sentences.rule("no such rule") is None
