"""From a finding to the guide that explains it."""

from __future__ import annotations

from pathlib import Path

from desktop_app import bundled
from desktop_app.core.desk import Desk
from desktop_app.core.paths import DataFolder
from desktop_app.core.rules import catalogue
from desktop_app.web.guides import Guide, guides


def test_a_finding_leads_to_the_guide_of_its_rule_in_the_readers_language(tmp_path: Path) -> None:
    desk = Desk(DataFolder(tmp_path / "desk"), bundled.EXTENSIONS, load=bundled.load)
    desk.prepare()
    with desk.connection() as db:
        rule = catalogue.rule(db, "4daea440-f40e-4e3d-9585-50351449ac70")
        assert guides(desk, db, rule, "en") == (Guide("password guessing", "/handbook/guides/password-guessing"),)
        assert guides(desk, db, rule, "zh") == (Guide("密码猜测", "/handbook/guides/password-guessing"),)
        assert guides(desk, db, None, "en") == ()
        assert guides(Desk(desk.folder, ()), db, rule, "en") == ()
