"""Compile the translation catalogues, and check that each is complete and current.

``python build/translations.py update`` extracts the sentences again and merges them into the catalogues.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "ui" / "translations"
SCRIPT_FOLDER = ROOT / "ui" / "static" / "i18n"
MAPPING = FOLDER / "babel.cfg"
KEYWORDS = ("text:1", "ntext:1,2", "t:1", "lazy_gettext", "gettext", "ngettext:1,2")


def catalogues() -> list[Path]:
    """Every ``messages.po``, one a language."""
    return sorted(FOLDER.glob("*/LC_MESSAGES/messages.po"))


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def _from_script(message: object) -> bool:
    return any(name.endswith(".js") for name, _ in getattr(message, "locations", ()))


def compile_all() -> None:
    """Write a ``.mo`` beside each ``.po``, and one JSON file a language for the scripts of the pages."""
    SCRIPT_FOLDER.mkdir(parents=True, exist_ok=True)
    for path in catalogues():
        catalog = _read(path)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)
        texts = {m.id: m.string for m in catalog if m.id and isinstance(m.id, str) and _from_script(m)}
        target = SCRIPT_FOLDER / f"{path.parent.parent.name}.json"
        target.write_text(json.dumps(texts, ensure_ascii=False, sort_keys=True), encoding="utf-8")


def extract(target: Path) -> None:
    """Write the template of all sentences that program, pages and scripts contain."""
    keywords = [part for keyword in KEYWORDS for part in ("-k", keyword)]
    subprocess.run(
        [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", str(MAPPING), *keywords,
         "--no-wrap", "--sort-by-file", "--add-location", "file", "--project", "Watchdesk", "-o", str(target), "."],
        cwd=ROOT, check=True,
    )  # fmt: skip


def update() -> None:
    """Merge the sentences of the sources into every catalogue; new ones wait there for their translation."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder, "messages.pot")
        extract(template)
        for path in catalogues():
            subprocess.run(
                [sys.executable, "-m", "babel.messages.frontend", "-q", "update", "-i", str(template), "-o", str(path),
                 "-l", path.parent.parent.name, "--no-wrap", "--no-fuzzy-matching", "--ignore-obsolete"],
                cwd=ROOT, check=True,
            )  # fmt: skip


def problems() -> list[str]:
    """What is missing or out of date in the catalogues, one line each."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder, "messages.pot")
        extract(template)
        with template.open("rb") as file:
            wanted = {m.id for m in read_po(file) if m.id}
    for path in catalogues():
        language = path.parent.parent.name
        catalog = _read(path)
        have = {m.id: m for m in catalog if m.id}
        found += [f"{language}: not in the catalogue: {text!r}" for text in wanted - have.keys()]
        found += [f"{language}: no longer used: {text!r}" for text in have.keys() - wanted]
        for key, message in have.items():
            strings = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
            if key in wanted and (not all(strings) or message.fuzzy):
                found.append(f"{language}: not translated: {key!r}")
    return found


if __name__ == "__main__":
    if "update" in sys.argv:
        update()
    compile_all()
    print("\n".join(problems()) or "complete")
