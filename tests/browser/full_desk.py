"""A desk on which everything has happened once, so that no page of it is empty."""

from __future__ import annotations

from pathlib import Path

from desktop_app import bundled
from desktop_app.core import crashes, jobs, saved_views, schedules, suppression, tokens, triage
from desktop_app.core.alerts import channels
from desktop_app.core.alerts.channels import AlertChannel
from desktop_app.core.cadence import Cadence
from desktop_app.core.cases import case_tasks, cases
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.paths import DataFolder
from desktop_app.core.scopes import Scope
from desktop_app.core.text import text
from desktop_app.extensions.logs import service
from desktop_app.extensions.logs.service import applying, live
from desktop_app.extensions.logs.store import live as stored
from desktop_app.web.report import job as report_job
from desktop_app.web.report import make, template
from desktop_app.web.report.choice import Choice
from desktop_app.web.report.job import Plan
from desktop_app.web.times import HOUR
from tests.extensions.logs.importing import run
from tests.web import sample

RULE = """title: A service of the plant was stopped
id: 6f8e0b52-11aa-4c1e-9a35-0d5b3d1f7c11
level: medium
logsource: {product: linux, service: syslog}
detection: {selection: {message|contains: plantd stopped}, condition: selection}
"""
# What was chosen for this desk in one language, as people do.
CHOSEN = ("A service of the plant was stopped", "Night shift", "Weekly")
PAGE = "# Night shift\n\nRing the **shift lead** first.\n\n![The plant](plant.png)\n"
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def empty_desk(root: Path) -> Desk:
    """A new desk as the program makes it."""
    made = Desk(DataFolder(root), bundled.EXTENSIONS, load=bundled.load)
    made.prepare()
    return made


def _own_pages(folder: Path) -> None:
    """Write a page of the site's own handbook with a picture."""
    folder.mkdir(parents=True)
    (folder / "night.md").write_text(PAGE, encoding="utf-8")
    (folder / "plant.png").write_bytes(DOT)


def _decide(db: Connection) -> None:
    """Decide about some findings in each way there is, and open a case of others."""
    ids = [row["id"] for row in rows(db, "SELECT id FROM findings ORDER BY severity DESC, id")]
    triage.confirm(db, ids[2:4])
    triage.resolve(db, ids[4:5])
    triage.archive(db, ids[5:6])
    triage.suppress(db, ids[6:8], "A planned test", None)
    triage.note(db, ids[0], "Nobody used that station since 13:00.")
    triage.step(db, ids[0], 1, done=True)
    [of] = rows(db, "SELECT rule_id, name FROM findings f JOIN assets a ON a.id = f.asset_id WHERE f.id = ?", [ids[-1]])
    suppression.save(db, Scope(of["rule_id"], of["name"]), "Being replaced on Friday", None)
    case_id, _ = cases.create(db, "Somebody guessed an account", ids[:2])
    for words in ("Ask the shift lead", "Change the password"):
        case_tasks.add(db, case_id, words)
    case_tasks.tick(db, case_tasks.listing(db, case_id)[0].id, done=True)
    cases.note(db, case_id, "The line stands still until Monday.")
    saved_views.save(db, "Disks", "/findings/?q=disk")


def _report(desk: Desk, db: Connection) -> None:
    """Freeze a report, and have one made every week."""
    make.freeze(desk, db, Choice(period="0", statuses=()), "en")
    plan = Plan(Choice(statuses=()), "zh", ("html", "csv"), str(desk.folder.root / "weekly"), 2)
    schedules.add(db, report_job.SCHEDULED, text("%(name)s", name="Weekly"), Cadence("week", 14), plan.to_json())


def _rules(desk: Desk, db: Connection, folder: Path) -> None:
    """Ask what an import of rules would change."""
    folder.mkdir()
    (folder / "plant.yml").write_text(RULE, encoding="utf-8")
    assert run(desk, service.start_rules_preview(db, folder)).state == "done"


def _listens(desk: Desk, db: Connection) -> None:
    """Have a live source that is paused, with a time in which nobody listened."""
    source_id, _ = live.add(db, "syslog", "Firewall", {"paused": True})
    end = desk.clock() - HOUR
    with writing(db):
        stored.add_gap(db, stored.Gap(source_id, "Firewall", end - HOUR, end, "closed", 0))


def _jobs(desk: Desk, db: Connection) -> None:
    """Leave a job that failed, one that was cancelled and one that seems to run."""
    gone = desk.folder.root / "gone.log"
    gone.touch()
    failing = service.start_import(db, [str(gone)])
    gone.unlink()
    run(desk, failing)
    with writing(db):
        cancelled = jobs.enqueue(db, applying.DETECT_JOB, text("Apply the rules to stored events"), {})
    jobs.cancel(db, cancelled)
    sample.running_job(desk)


def full_desk(root: Path) -> Desk:
    """The sample data, and everything that a person does with it."""
    desk = empty_desk(root)
    _own_pages(root / "handbook")
    with desk.connection() as db:
        filling = service.fill_with_sample_data(db)
    assert run(desk, filling).state == "done"
    with desk.connection() as db:
        _decide(db)
        _report(desk, db)
        _rules(desk, db, root.parent / "rules")
        channels.add(db, AlertChannel("dingtalk", "Shift leads", {"ca": ""}), desk.clock())
        tokens.make(db, "Wall board", desk.clock(), writes=False)
        _listens(desk, db)
        _jobs(desk, db)
    template.write_copy(desk.folder)
    crashes.write_note(desk.folder, ValueError("made up"))
    return desk
