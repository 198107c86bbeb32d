"""Where files lie, how large they may be, and that each has its test."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from desktop_app.bundled import EXTENSIONS

MODULE_LINES = 400
FUNCTION_LINES = 50
SCRIPT_BYTES = 150_000

# Source files without a test file of their own, each with its reason.
TESTED_ELSEWHERE = {
    r".*/__init__\.py": "a folder's name",
    r".*/messages_\w+\.py": "tables, tested through messages.py",
    r"desktop_app/bundled\.py": "a tuple, tested in tests/architecture/test_imports.py",
    r"desktop_app/core/rules/attack_table\.py": "a table, tested through attack.py",
    r"desktop_app/core/(extension|version)\.py": "declarations that the type checker reads",
    r"desktop_app/shell/(toolkit|telling)_(mac|windows)\.py": "written for a platform that the tests do not run on",
    r"desktop_app/shell/printing_(mac|windows|gtk)\.py": "written for engines that the tests do not have",
    r"desktop_app/core/locks_windows\.py": "written for a platform that the tests do not run on",
    r"desktop_app/extensions/\w+/sources/local_windows\.py": "written for a platform that the tests do not run on",
}
# Test files of no one source file, each with its subject.
OWN_SUBJECT = {
    "tests/core/sigma/test_oracle.py": "the whole matcher against a slow and obvious one",
    "tests/core/sigma/test_recorded.py": "the same with the world's rules on recorded attacks",
    "tests/core/sigma/test_cases.py": "correlations from rules and events to findings, case by case",
}
# The room of templates and pages that belong to the core, beside one room an extension.
CORE_ROOMS = {
    "about",
    "backup",
    "cases",
    "door",
    "inbox",
    "jobs",
    "lock",
    "overview",
    "palette",
    "report",
    "retention",
    "settings",
    "suppressions",
    "views",
}


def wanted_test(path: str) -> str:
    """``desktop_app/core/desk.py`` is tested in ``tests/core/test_desk.py``."""
    folder, _, name = path.removeprefix("desktop_app/").rpartition("/")
    return "/".join(part for part in ("tests", folder, f"test_{name.strip('_').replace('__.py', '.py')}") if part)


def functions(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield name and length in lines of every function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_every_source_file_has_a_test_file(files: list[str], sources: list[str]) -> None:
    excused = re.compile("|".join(f"(?:{pattern})$" for pattern in TESTED_ELSEWHERE))
    assert [path for path in sources if not excused.match(path) and wanted_test(path) not in files] == []


def test_a_test_file_belongs_to_a_source_file(files: list[str]) -> None:
    mirrored = [path for path in files if re.match(r"tests/(core|web|extensions)/(.*/)?test_\w+\.py$", path)]
    wanted = {wanted_test(path) for path in files if path.startswith("desktop_app/")}
    # A folder's name stands for what lies in it: test_rules.py for rules/.
    wanted |= {wanted_test(path.rpartition("/")[0] + ".py") for path in files if path.startswith("desktop_app/")}
    # A subject that crosses files is told by a name that begins with one of theirs: test_importing_archives.py.
    starts = tuple(path.removesuffix(".py") for path in wanted)
    assert [path for path in mirrored if path not in OWN_SUBJECT and not path.startswith(starts)] == []


def test_modules_stay_readable_in_one_sitting(root: Path, files: list[str]) -> None:
    modules = [path for path in files if path.endswith((".py", ".js", ".spec"))]
    lengths = {path: len((root / path).read_text(encoding="utf-8").splitlines()) for path in modules}
    assert {path: lines for path, lines in lengths.items() if lines > MODULE_LINES} == {}


def test_functions_stay_short(root: Path, files: list[str]) -> None:
    modules = [path for path in files if path.endswith((".py", ".spec"))]
    long = {
        f"{path}:{name}": lines
        for path in modules
        for name, lines in functions(ast.parse((root / path).read_text(encoding="utf-8")))
        if lines > FUNCTION_LINES
    }
    assert long == {}


def test_every_template_lies_in_the_room_it_belongs_to(files: list[str]) -> None:
    rooms = CORE_ROOMS | {extension.id for extension in EXTENSIONS}
    inside = [path.split("/")[2:] for path in files if path.startswith("ui/templates/")]
    assert {parts[0] for parts in inside if len(parts) > 1} <= rooms


def test_templates_and_views_use_only_templates_that_exist(root: Path, files: list[str]) -> None:
    templates = {path.removeprefix("ui/templates/") for path in files if path.startswith("ui/templates/")}
    asked = re.compile(r"""(?:render_template|extends|include|import|from)[\s(]+["']([\w./-]+\.html)["']""")
    readers = [path for path in files if path.endswith((".py", ".html")) and path.startswith(("desktop_app/", "ui/"))]
    named = {name for path in readers for name in asked.findall((root / path).read_text(encoding="utf-8"))}
    assert named - templates == set()


def test_shipped_scripts_stay_small(root: Path) -> None:
    static = root / "ui" / "static"
    scripts = {path.resolve() for folder in (static, static / "vendor") for path in folder.rglob("*.js")}
    assert "htmx.min.js" in {path.name for path in scripts}
    assert sum(path.stat().st_size for path in scripts) <= SCRIPT_BYTES


def test_no_third_party_file_is_committed(files: list[str]) -> None:
    assert [path for path in files if "/vendor/" in path or path.endswith((".min.js", ".min.css", ".mo"))] == []
