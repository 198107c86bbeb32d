"""Arrows point one way; the contracts stand in pyproject.toml."""

from __future__ import annotations

import ast
import pkgutil
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import desktop_app.extensions
from desktop_app.bundled import EXTENSIONS

# Folders of these names where a file would pass 400 lines. "messages": the one-line messages of Windows events.
ROOM_NAMES = re.compile(
    r"(extension|views|forms|service|sources|detect|store|migrations|model|jobs|cli|rules|messages(_\w+)?)(\.py|/)"
)
WEB_FRAMEWORKS = {"flask", "werkzeug", "jinja2", "flask_babel", "flask_wtf", "wtforms", "waitress"}
# Imported by other names than they are installed by, or promised by a package that is declared (Flask, Flask-WTF).
PARTS_OF_DECLARED = {
    *("argon2", "jinja2", "markdown_it", "markupsafe", "re2", "sigma", "webview", "werkzeug", "wtforms", "yaml")
}
# What a package of the system brings, which the .deb names as its dependency: GTK and its web engine. On macOS the
# bridge to the system's own libraries, which pywebview asks for there.  On Windows .NET, by its bridge (clr).
FROM_THE_HOST = {"clr", "system", "gi", "appkit", "foundation", "webkit"}
MAY_KNOW_THE_WEB = re.compile(r"desktop_app/(web/|shell/|extensions/\w+/views(\.py|/))")


def imported(path: Path) -> set[str]:
    """Top-level names that a module imports at run time, wherever the import stands."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    names = set()
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def test_the_import_contracts_hold(root: Path) -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_extension_folder_ships_and_is_named_after_its_id() -> None:
    folders = {module.name for module in pkgutil.iter_modules(desktop_app.extensions.__path__)}
    assert folders == {extension.id for extension in EXTENSIONS if not extension.own}


def test_rooms_of_an_extension_have_the_names_of_the_design(sources: list[str]) -> None:
    inside = [path.split("/", 3)[3] for path in sources if re.match(r"desktop_app/extensions/\w+/.", path)]
    assert [name for name in inside if name != "__init__.py" and not ROOM_NAMES.match(name)] == []


def test_nothing_below_the_views_knows_a_web_framework(root: Path, sources: list[str]) -> None:
    below = [path for path in sources if not MAY_KNOW_THE_WEB.match(path)]
    assert {path: found for path in below if (found := imported(root / path) & WEB_FRAMEWORKS)} == {}


def test_only_the_shell_imports_a_window(root: Path, sources: list[str]) -> None:
    others = [path for path in sources if not path.startswith("desktop_app/shell/")]
    windows = {"webview", "qtpy", "PySide6", "gi"}
    assert {path: found for path in others if (found := imported(root / path) & windows)} == {}


def test_what_is_imported_is_declared(root: Path, sources: list[str]) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[><=;\s\[]", need)[0].lower().replace("-", "_") for need in project["dependencies"]}
    known = {*sys.stdlib_module_names, "desktop_app", *declared, *PARTS_OF_DECLARED, *FROM_THE_HOST}
    found = {path: {name.lower() for name in imported(root / path)} - known for path in sources}
    assert {path: names for path, names in found.items() if names} == {}


def test_the_start_of_the_one_file_imports_nothing_installed(root: Path) -> None:
    allowed = {*sys.stdlib_module_names, "build", "backports", "compression"}
    for name in ("launcher", "launcher_posix", "launcher_windows"):
        assert imported(root / "build" / f"{name}.py") <= allowed
