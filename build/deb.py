"""Make ``dist/watchdesk_VERSION_ARCH.deb``: our code and its libraries, with the host's Python, GTK and WebKit.

Thin: the web engine, half of the one file, is named as a dependency. The libraries are those of ``.venv``, so of the
lock, and built for its version of Python; the package says which. Run by ``python3 build package --deb``.
"""

from __future__ import annotations

import compileall
import gzip
import os
import platform
import py_compile
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from build import icons, trim

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
WORK = ROOT / ".work" / "deb"
INSTALLERS = ROOT / "build" / "installers"
OURS = "watchdesk"
# The window of the one file, in whose place is the host's WebKitGTK; and what the one file leaves out as well.
LEFT_OUT = frozenset({"pyside6", "qtpy", *(name.replace("_", "-").lower() for name in trim.EXCLUDED_MODULES)})
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
HOME = "usr/lib/watchdesk"
STARTER = """#!/usr/bin/python3 -I
# -I: neither the account's environment nor its own packages decide what this program loads.
import sys

sys.path.insert(0, "/usr/lib/watchdesk")
from desktop_app.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
"""
DESCRIPTION = """Description: reads logs and says what is wrong and what to do
 For the one person who looks after the machines of a site without a security
 team and often without internet: reads log files, Windows event logs and
 archives of them, judges them by Sigma rules, keeps what it finds in one inbox
 and reports it. Nothing leaves the machine.
"""


def needed() -> list[metadata.Distribution]:
    """Return what Watchdesk requires on this system, and what that requires, without the window of the one file."""
    found: dict[str, metadata.Distribution] = {}
    waiting = [OURS]
    while waiting:
        distribution = metadata.distribution(waiting.pop())
        for line in distribution.requires or ():
            wanted = Requirement(line)
            name = re.sub(r"[-_.]+", "-", wanted.name).lower()
            if name in LEFT_OUT or name in found or (wanted.marker and not wanted.marker.evaluate({"extra": ""})):
                continue
            found[name] = metadata.distribution(name)
            waiting.append(name)
    return [found[name] for name in sorted(found)]


def _copy(distribution: metadata.Distribution, target: Path) -> None:
    """Copy the files of an installed package; commands, tests and what the bundle leaves out stay behind."""
    for file in distribution.files or ():
        name = file.as_posix()
        if name.startswith("..") or "__pycache__" in name or not trim.keep(name):
            continue
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(str(distribution.locate_file(file)), place)


def _our_own(target: Path) -> None:
    """Unpack our wheel: the program with its pages, translations and front-end libraries."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(WORK / "wheel")],
        cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    (wheel,) = (WORK / "wheel").glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(target)


def _files_of_the_system(tree: Path) -> None:
    """Write the starter, the menu entry, the file type, the icons, the manual page and the legal texts."""
    starter = tree / "usr/bin/watchdesk"
    starter.parent.mkdir(parents=True)
    starter.write_text(STARTER, encoding="utf-8")
    for name, folder in (("watchdesk.desktop", "applications"), ("watchdesk.xml", "mime/packages")):
        place = tree / "usr/share" / folder
        place.mkdir(parents=True)
        shutil.copyfile(INSTALLERS / name, place / name)
    for size in icons.SIZES:
        place = tree / f"usr/share/icons/hicolor/{size}x{size}/apps"
        place.mkdir(parents=True)
        icons.draw(size).save(place / "watchdesk.png", optimize=True)
    scalable = tree / "usr/share/icons/hicolor/scalable/apps"
    scalable.mkdir(parents=True)
    shutil.copyfile(ROOT / "ui/static/mark.svg", scalable / "watchdesk.svg")
    _packed(INSTALLERS / "watchdesk.1", tree / "usr/share/man/man1/watchdesk.1.gz")
    _packed(ROOT / "CHANGELOG.md", tree / "usr/share/doc/watchdesk/changelog.gz")
    (tree / "usr/share/doc/watchdesk/copyright").write_text(_copyright(), encoding="utf-8")


def _packed(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    # No name and no time inside: the same sources make the same package.
    target.write_bytes(gzip.compress(source.read_bytes(), mtime=0))


def _copyright() -> str:
    """Name every library that lies in the package; their full texts lie beside them, and on the page About."""
    parts = [f"{one.metadata['Name']} {one.version}" for one in needed()]
    return "\n".join([
        "Watchdesk is under the Apache License 2.0: /usr/share/common-licenses/Apache-2.0", "",
        "It carries these libraries; the licence of each lies in /usr/lib/watchdesk/*.dist-info:", *parts, "",
    ])  # fmt: skip


def depends() -> Iterator[str]:
    """Yield what the host has to bring. The libraries are built for one version of Python."""
    major, minor = sys.version_info[:2]
    yield f"python3 (>= {major}.{minor})"
    yield f"python3 (<< {major}.{minor + 1})"
    yield f"libc6 (>= {platform.libc_ver()[1]})"
    yield from ("libstdc++6", "python3-gi", "gir1.2-gtk-3.0", "gir1.2-webkit2-4.1")


def control(version: str, architecture: str, kilobytes: int) -> str:
    """Return the package's own description."""
    return (
        f"Package: watchdesk\nVersion: {version}\nArchitecture: {architecture}\n"
        "Maintainer: The Watchdesk founders <watchdesk@localhost>\n"
        f"Installed-Size: {kilobytes}\nDepends: {', '.join(depends())}\n"
        "Recommends: fonts-noto-cjk, xdg-utils\nSection: admin\nPriority: optional\n" + DESCRIPTION
    )


def _settle(tree: Path, moment: int) -> None:
    """Give everything the rights and the one time that a package has."""
    for path in [tree, *tree.rglob("*")]:
        runs = path.is_dir() or path.parent.name == "bin"
        path.chmod(0o755 if runs else 0o644)
        os.utime(path, (moment, moment))


def make() -> Path:
    """Build the package and return where it lies."""
    from desktop_app.core.version import VERSION

    architecture = ARCHITECTURES[platform.machine()]
    shutil.rmtree(WORK, ignore_errors=True)
    tree = WORK / "tree"
    for distribution in needed():
        _copy(distribution, tree / HOME)
    _our_own(tree / HOME)
    # Compiled here, so that nothing is written below /usr later and removing the package leaves nothing behind.
    compileall.compile_dir(
        tree / HOME, stripdir=str(tree), prependdir="/", quiet=2, workers=2,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )  # fmt: skip
    _files_of_the_system(tree)
    size = sum(path.stat().st_size for path in tree.rglob("*") if path.is_file())
    (tree / "DEBIAN").mkdir()
    (tree / "DEBIAN/control").write_text(control(VERSION, architecture, size // 1024), encoding="utf-8")
    moment = int(subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, check=True).stdout)
    _settle(tree, moment)
    DIST.mkdir(exist_ok=True)
    target = DIST / f"watchdesk_{VERSION}_{architecture}.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z12", "--build", str(tree), str(target)],
        check=True, stdout=subprocess.DEVNULL, env={**os.environ, "SOURCE_DATE_EPOCH": str(moment)},
    )  # fmt: skip
    return target
