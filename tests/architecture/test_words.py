"""What is said, and what is never said."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

from desktop_app.bundled import EXTENSIONS
from desktop_app.core.settings import CORE

# Written so that no pattern finds itself.
MACHINE = re.compile(r"(?<![\w.<~$}])/(?:work|root)/[\w.]")
HOSTS = re.compile(r"https?://[^/\s\"']*(?:pypi|npmjs|registry|pythonhosted|mirror)")
UNFINISHED = re.compile(r"\b(?:T[O]DO|F[I]XME|X[X]X)\b|coming\s(?=soon)")
TEXT_FILES = (".py", ".html", ".js", ".css", ".md", ".toml", ".yml", ".json", ".spec", ".svg", ".lock", ".po", "run")
# Log lines and file names of made-up machines are not this one's.
SAMPLES = re.compile(r"(tests/.*|desktop_app/extensions/\w+/(rules/.*|sources/demo\w*\.py|messages\w*\.py))$")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def lines(root: Path, files: list[str], pattern: re.Pattern[str]) -> list[str]:
    """Return ``path:line`` for every line that the pattern is found in."""
    texts = [path for path in files if path.endswith(TEXT_FILES)]
    return [
        f"{path}:{number}: {line.strip()[:80]}"
        for path in texts
        for number, line in enumerate((root / path).read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_path_of_a_machine_is_named(root: Path, files: list[str]) -> None:
    assert lines(root, [path for path in files if not SAMPLES.match(path)], MACHINE) == []


def test_no_package_registry_is_named(root: Path, files: list[str]) -> None:
    assert lines(root, files, HOSTS) == []


def test_nothing_is_left_for_later(root: Path, files: list[str]) -> None:
    assert lines(root, files, UNFINISHED) == []


def test_every_sentence_is_translated() -> None:
    found = runpy.run_path(str(Path(__file__).parents[2] / "build" / "translations.py"))["problems"]()
    assert found == []


def test_every_setting_says_what_it_does() -> None:
    settings = [*CORE, *(one for extension in EXTENSIONS for one in extension.settings)]
    assert len({setting.key for setting in settings}) == len(settings)
    assert [setting.key for setting in settings if not str(setting.label) or not str(setting.help)] == []


def test_every_command_says_what_it_does_and_stands_in_the_readme(root: Path) -> None:
    from desktop_app.__main__ import _commands

    readme = (root / "README.md").read_text(encoding="utf-8")
    commands = [one for one in _commands() if one.name != "desktop"]
    assert [one.name for one in commands if not one.help] == []
    assert [one.name for one in commands if not re.search(rf"`watchdesk [^`]*\b{one.name}\b", readme)] == []


def test_every_dependency_stands_in_the_readme_with_its_licence(root: Path) -> None:
    import tomllib

    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {re.split(r"[><=;\s\[]", need)[0].lower() for need in project["dependencies"]}
    rows = [line for line in (root / "README.md").read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    table = {row.split("|")[1].strip().strip("`").lower(): row for row in rows}
    assert sorted(named - table.keys()) == []
    assert [name for name in named if len([cell for cell in table[name].split("|")[1:-1] if cell.strip()]) < 5] == []
