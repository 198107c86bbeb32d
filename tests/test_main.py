"""The command line as scripts rely on it: words, JSON shapes, exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.extensions.logs.importing import guesses


def watchdesk(place: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "desktop_app", "--data-dir", str(place / "desk"), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120)


def answer(place: Path, *words: str | Path, code: int = 0) -> Any:
    done = watchdesk(place, *words, "--json")
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a desk into which one log was imported."""
    made = tmp_path_factory.mktemp("cli")
    (made / "auth.log").write_text(guesses(40), encoding="utf-8")
    result = answer(made, "import", made / "auth.log")
    assert set(result) == {"events", "bytes", "files", "findings", "seconds"}
    assert result["events"] == 40
    assert set(result["files"][0]) == {"path", "format", "events", "skipped", "error"}
    return made


def test_search_counts_lists_and_draws(place: Path) -> None:
    assert answer(place, "search", "source.ip:10.20.4.17", "--count") == {"count": 40}
    listed = answer(place, "search", "Failed", "--limit", "3", "--fields", "source.ip,host")
    assert listed == [{"source.ip": "10.20.4.17", "host": "opc-gw"}] * 3
    drawn = answer(place, "search", "", "--histogram", "10")
    assert sum(sum(level) for level in drawn["levels"].values()) == 40
    assert answer(place, "search", "", "--count", "--from", "2026-11-21T00:00") == {"count": 0}
    assert answer(place, "search", "", "--count", "--from", "-5s") == {"count": 0}
    assert answer(place, "search", "", "--count", "--from", "2026-11-20", "--to", "2026-11-21") == {"count": 40}


def test_findings_have_their_fixed_shape_and_an_exit_code(place: Path) -> None:
    found = answer(place, "findings")
    assert set(found[0]) == {
        "id", "rule", "severity", "title", "asset", "count", "first_seen", "last_seen", "status",
    }  # fmt: skip
    assert found[0]["asset"] == "opc-gw"
    assert answer(place, "findings", "--status", "suppressed") == []
    assert answer(place, "findings", "--group-by", "asset")[0]["asset"] == "opc-gw"
    worst = max(one["severity"] for one in found)
    assert watchdesk(place, "findings", "--fail-on", str(worst)).returncode == 1
    assert watchdesk(place, "findings", "--fail-on", "critical").returncode == (1 if worst == 5 else 0)


def test_the_lists_print_one_json_value_each(place: Path) -> None:
    version = answer(place, "version")["version"]
    assert answer(place, "extensions") == [
        {"id": one, "version": version, "state": "enabled"} for one in ("logs", "handbook")
    ]
    assert answer(place, "jobs")[-1]["state"] == "done"
    assert answer(place, "sources")[-1]["events"] == 40
    assert len(answer(place, "rules", "list")) >= 15
    states = {one["state"] for one in answer(place, "rules", "coverage")}
    assert "fired" in states
    assert states <= {"fired", "quiet", "blocked", "disabled", "broken"}
    assert all(set(one) == {"subject", "ok", "detail"} for one in answer(place, "doctor"))


def test_a_report_is_one_file_without_a_link_outside(place: Path, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    assert answer(place, "report", "-o", target, "--language", "zh")["bytes"] == target.stat().st_size
    content = target.read_text(encoding="utf-8")
    assert "opc-gw" in content
    assert "src=" not in content
    assert "<script" not in content


def test_detecting_again_changes_nothing_and_can_write_matches(place: Path, tmp_path: Path) -> None:
    before = answer(place, "findings")
    result = answer(place, "detect", "--matches", tmp_path / "matches.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "matches.jsonl").read_text(encoding="utf-8").splitlines()]
    assert result["matches"] == len(lines) > 0
    assert set(lines[0]) == {"rule", "path", "record"}
    assert answer(place, "findings") == before


RULE = """
title: Sign-in as root refused
id: 6f0f2b5c-58a4-4d6b-9d37-0c7f2f1f0a11
status: test
logsource: {product: linux, service: auth}
detection:
  selection: {user.name: root, event.outcome: failure}
  condition: selection
level: low
"""


def test_a_rule_is_tried_without_storing_anything(place: Path, tmp_path: Path) -> None:
    (tmp_path / "rule.yml").write_text(RULE, encoding="utf-8")
    tried = answer(place, "rules", "test", tmp_path / "rule.yml", place / "auth.log")
    assert (tried["events"], tried["matches"]) == (40, 40)
    assert RULE.splitlines()[1].removeprefix("title: ") not in [one["title"] for one in answer(place, "rules", "list")]


def test_imported_rules_are_applied_to_what_is_stored_and_broken_ones_are_named(tmp_path: Path) -> None:
    (tmp_path / "auth.log").write_text(guesses(3), encoding="utf-8")
    answer(tmp_path, "import", tmp_path / "auth.log")
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "good.yml").write_text(RULE, encoding="utf-8")
    (pack / "bad.yml").write_text("title: [", encoding="utf-8")
    brought = answer(tmp_path, "rules", "import", pack)
    assert (brought["new"], [one["path"] for one in brought["broken"]]) == (2, ["bad.yml"])
    assert [one["rule"] for one in answer(tmp_path, "findings") if one["severity"] == 2] == [
        "6f0f2b5c-58a4-4d6b-9d37-0c7f2f1f0a11"
    ]


def test_undo_takes_the_last_import_back(tmp_path: Path) -> None:
    (tmp_path / "auth.log").write_text(guesses(40), encoding="utf-8")
    answer(tmp_path, "import", tmp_path / "auth.log")
    assert answer(tmp_path, "undo")["undone"] == "Imported auth.log"
    assert answer(tmp_path, "search", "", "--count") == {"count": 0}
    assert answer(tmp_path, "findings") == []
    refused = watchdesk(tmp_path, "undo")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["import", "/does/not/exist"], 2),
        (["search", "(unbalanced"], 2),
        (["search", "x", "--from", "yesterday-ish"], 2),
        (["no-such-command"], 2),
        (["jobs", "--no-such-option"], 2),
        (["report", "-o", "/does/not/exist/r.html"], 3),
    ],
)
def test_wrong_words_are_one_sentence_and_an_exit_code(tmp_path: Path, words: list[str], code: int) -> None:
    done = watchdesk(tmp_path, *words)
    assert done.returncode == code
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_a_desk_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    import sqlite3

    answer(tmp_path, "jobs")
    with sqlite3.connect(tmp_path / "desk" / "watchdesk.db") as raw:
        raw.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('core', '99_later', 'x')")
    refused = watchdesk(tmp_path, "findings")
    assert refused.returncode == 3
    assert "newer Watchdesk" in refused.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is not there")
def test_a_program_killed_in_the_middle_of_an_import_ends_in_the_same_state_when_resumed(tmp_path: Path) -> None:
    lines = guesses(1500)
    for number in range(12):
        body = lines.replace("T14:", f"T{number + 8:02}:") * 20
        (tmp_path / f"{number:02}.log").write_text(body, encoding="utf-8")
    words = [sys.executable, "-m", "desktop_app", "--data-dir", str(tmp_path / "desk"), "import"]
    files = sorted(map(str, tmp_path.glob("*.log")))
    with subprocess.Popen([*words, *files], stdout=subprocess.DEVNULL, start_new_session=True) as running:
        _until_some_events(tmp_path)
        os.killpg(running.pid, signal.SIGKILL)
    half = answer(tmp_path, "search", "", "--count")["count"]
    assert half % 30_000 == 0
    assert [one["state"] for one in answer(tmp_path, "jobs")] == ["interrupted"]
    resumed = answer(tmp_path, "import", *files)
    assert answer(tmp_path, "search", "", "--count")["count"] == 360_000
    assert resumed["events"] == 360_000 - half
    undisturbed = tmp_path / "other"
    undisturbed.mkdir()
    answer(undisturbed, "import", *files)
    shape = ("rule", "asset", "count", "first_seen", "last_seen", "status")
    assert [[one[name] for name in shape] for one in answer(tmp_path, "findings")] == [
        [one[name] for name in shape] for one in answer(undisturbed, "findings")
    ]


def _until_some_events(place: Path) -> None:
    for _ in range(600):
        if list((place / "desk" / "segments").rglob("*.parquet")) if (place / "desk").exists() else []:
            return
        time.sleep(0.02)
    raise AssertionError("the import never began")


def test_a_start_loads_nothing_that_only_some_commands_need() -> None:
    heavy = {"duckdb", "yaml", "flask", "desktop_app.core.pipeline", "desktop_app.core.rules.catalogue"}
    asked = f"import sys; from desktop_app.__main__ import run; run(['version']); print({heavy} & sys.modules.keys())"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=False)
    assert told.stdout.splitlines()[-1] == "set()", told.stderr
