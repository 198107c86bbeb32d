"""The .deb: what it carries and asks for. ``build/try_deb.py`` installs it."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from build import deb

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a .deb is made on Linux")


def test_it_carries_the_libraries_of_the_lock_but_no_web_engine() -> None:
    names = {one.metadata["Name"].lower() for one in deb.needed()}
    assert {"duckdb", "flask", "werkzeug", "pysigma", "pywebview", "numpy"} <= names
    assert not names & {"pyside6", "qtpy", "shiboken6", "pip", "requests", "pytest", "mypy"}


def test_it_asks_for_the_one_version_of_python_that_its_libraries_are_built_for() -> None:
    wanted = list(deb.depends())
    here, after = sys.version_info[1], sys.version_info[1] + 1
    assert wanted[:2] == [f"python3 (>= 3.{here})", f"python3 (<< 3.{after})"]
    assert "gir1.2-webkit2-4.1" in wanted


def test_its_description_is_one_that_dpkg_reads(tmp_path: Path) -> None:
    (tmp_path / "tree/DEBIAN").mkdir(parents=True)
    (tmp_path / "tree/DEBIAN/control").write_text(deb.control("0.1.0", "amd64", 7), encoding="utf-8")
    made = tmp_path / "made.deb"
    command = ["dpkg-deb", "--root-owner-group", "--build", str(tmp_path / "tree"), str(made)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    shown = subprocess.run(["dpkg-deb", "-f", str(made), "Package", "Installed-Size"], capture_output=True, check=True)
    assert shown.stdout.decode().splitlines() == ["Package: watchdesk", "Installed-Size: 7"]


def test_the_starter_lets_nothing_of_the_account_decide_what_is_loaded() -> None:
    assert deb.STARTER.splitlines()[0] == "#!/usr/bin/python3 -I"
    compile(deb.STARTER, "watchdesk", "exec")


def test_the_menu_entry_opens_logs_and_windows_events_in_both_languages() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment, method-assign] # keys keep their case
    entry.read(deb.INSTALLERS / "watchdesk.desktop", encoding="utf-8")
    fields = entry["Desktop Entry"]
    assert fields["Exec"].split() == ["watchdesk", "desktop", "%F"]
    assert {"application/x-ms-evtx", "text/x-log"} <= set(fields["MimeType"].split(";"))
    assert fields["Comment[zh_CN]"]
    if shutil.which("desktop-file-validate"):
        command = ["desktop-file-validate", str(deb.INSTALLERS / "watchdesk.desktop")]
        assert subprocess.run(command, capture_output=True, text=True, check=False).stdout == ""


def test_windows_event_logs_are_a_file_type_told_by_their_first_bytes() -> None:
    root = ET.parse(deb.INSTALLERS / "watchdesk.xml").getroot()  # noqa: S314 - our own file
    name = "{http://www.freedesktop.org/standards/shared-mime-info}"
    assert root.find(f".//{name}glob").get("pattern") == "*.evtx"  # type: ignore[union-attr] # there, or the test fails
    assert root.find(f".//{name}match").get("value") == "ElfFile\\000"  # type: ignore[union-attr] # the same


def test_each_icon_has_its_size(tmp_path: Path) -> None:
    deb._files_of_the_system(tmp_path)
    icons = sorted(tmp_path.glob("usr/share/icons/hicolor/*/apps/*"))
    assert {path.parts[-3] for path in icons} == {*(f"{size}x{size}" for size in deb.icons.SIZES), "scalable"}
    assert (tmp_path / "usr/bin/watchdesk").is_file()
    assert (tmp_path / "usr/share/doc/watchdesk/copyright").read_text(encoding="utf-8").count("\n") > 20
