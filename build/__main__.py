"""``python3 build run | test | env | package | lock``: everything a developer does, on a fresh machine.

Only the standard library is used here: this file is what makes the environment.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
PROGRAM = BIN / ("watchdesk.exe" if os.name == "nt" else "watchdesk")
LOCK = ROOT / "requirements.lock"
STAMP = VENV / ".watchdesk-stamp"
# What decides whether the environment must be made anew.
INPUTS = (LOCK, ROOT / "pyproject.toml", ROOT / "hatch_build.py", ROOT / "build" / "vendor.py",
          ROOT / "ui" / "package-lock.json")  # fmt: skip


def call(*command: str | Path, **options: object) -> None:
    """Run a command in the repository; its failure ends ours with the same code."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, check=False, **options)  # type: ignore[call-overload] # options are run()'s own
    if done.returncode:
        raise SystemExit(done.returncode)


def _stamp() -> str:
    digest = hashlib.sha256(sys.version.encode())
    for path in INPUTS:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _of_this_python() -> bool:
    """Say whether the environment was made by a Python of this version; another one's packages would not load."""
    settings = VENV / "pyvenv.cfg"
    if not PYTHON.exists() or not settings.exists():
        return False
    versions = [line.partition("=")[2].strip() for line in settings.read_text(encoding="utf-8").splitlines()
                if line.startswith("version")]  # fmt: skip
    return any(version.split(".")[:2] == [str(part) for part in sys.version_info[:2]] for version in versions)


def _make() -> None:
    print("Making the environment in .venv; the first time about 600 MB are fetched.", flush=True)
    try:
        venv.EnvBuilder(with_pip=True, clear=True).create(VENV)
    except (subprocess.CalledProcessError, ImportError):
        # What is there is half an environment: the next try begins anew.
        shutil.rmtree(VENV, ignore_errors=True)
        raise SystemExit(
            "Python's venv module cannot make an environment here: its part ensurepip is missing. "
            "On Debian and Ubuntu install the package python3-venv, then run this again."
        ) from None


def env() -> None:
    """Make ``.venv`` from the lock, with front-end libraries and translations, unless it is current."""
    if sys.version_info < (3, 11):
        raise SystemExit("Watchdesk needs Python 3.11 or newer; this is " + sys.version.split()[0] + ".")
    if not _of_this_python():
        _make()
    if not STAMP.exists() or STAMP.read_text(encoding="utf-8") != _stamp():
        os.environ.setdefault("PIP_ROOT_USER_ACTION", "ignore")
        pip = (PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        call(*pip, "--require-hashes", "--no-deps", "-r", LOCK)
        call(*pip, "--no-build-isolation", "--no-deps", "--editable", ROOT)
        STAMP.write_text(_stamp(), encoding="utf-8")
    # The catalogues change more often than the environment does.
    call(PYTHON, "-c", "import runpy; runpy.run_path('build/translations.py')['compile_all']()")


def run(arguments: list[str]) -> None:
    """Open the desk from the sources; anything after ``run`` goes to the program, its paths as seen from here."""
    env()
    if os.name == "nt":
        raise SystemExit(subprocess.run([PROGRAM, *arguments], check=False).returncode)
    # In place of this process, so that a signal meant for the desk reaches it.
    os.execv(PROGRAM, [str(PROGRAM), *arguments])  # noqa: S606 - our own program, no shell


def test(arguments: list[str]) -> None:
    """Every check there is: ruff, mypy --strict, then all tests in parallel."""
    parser = argparse.ArgumentParser(prog="python3 build test")
    parser.add_argument("--require-browser", action="store_true", help="fail where no Chromium or Xvfb is found")
    parser.add_argument("--data", help="folder with the test data that is not part of this repository")
    known, rest = parser.parse_known_args(arguments)
    env()
    call(BIN / "ruff", "check", ".")
    call(BIN / "ruff", "format", "--check", ".")
    call(PYTHON, "-m", "mypy")
    options = ["--require-browser"] if known.require_browser else []
    options += ["--data", known.data] if known.data else []
    call(PYTHON, "-m", "pytest", "-n", "2", "--dist", "loadgroup", *options, *rest)


def package(arguments: list[str]) -> None:
    """Make the one executable and its folder form in ``dist``."""
    env()
    call(PYTHON, "-m", "build.package", *arguments)


def lock(arguments: list[str]) -> None:
    """Resolve the dependencies anew; hashes and markers for every platform, no address. Words go to the resolver."""
    if shutil.which("uv") is None:
        raise SystemExit(
            "Resolving needs the program uv, which was not found. Install it (pip install uv), then run this again; "
            "add --upgrade to take newer versions of everything."
        )
    call("uv", "pip", "compile", "pyproject.toml", "--universal", "--extra", "dev", "--generate-hashes", "--quiet",
         "--no-header", "--no-annotate", "--python-version", "3.11", "-o", LOCK, *arguments)  # fmt: skip


def main() -> None:
    """Run the named task."""
    tasks: dict[str, Callable[[list[str]], None]]
    tasks = {"run": run, "test": test, "package": package, "lock": lock, "env": lambda _: env()}
    if len(sys.argv) < 2 or sys.argv[1] not in tasks:
        raise SystemExit("usage: python3 build run | test | env | package | lock")
    tasks[sys.argv[1]](sys.argv[2:])


if __name__ == "__main__":
    main()
