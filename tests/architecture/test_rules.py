"""Each of our own rules is explained in both languages and shows what fires it and what does not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

RULES = re.compile(r"desktop_app/extensions/\w+/rules/.*\.yml$")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PAGE = ("title", "why", "todo")


def documents(root: Path, path: str) -> list[dict[str, Any]]:
    return [one for one in yaml.safe_load_all((root / path).read_text(encoding="utf-8")) if one]


def rule_files(files: list[str]) -> list[str]:
    return [path for path in files if RULES.match(path) and not path.endswith(".events.yml")]


def reported(rule: dict[str, Any]) -> bool:
    """A rule that is only counted by others makes no finding, so it has no page to fill."""
    return bool(rule.get("level") not in (None, "informational"))


def test_ids_are_uuids_and_unique(root: Path, files: list[str]) -> None:
    found = [str(rule.get("id")) for path in rule_files(files) for rule in documents(root, path)]
    assert [one for one in found if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", one)] == []
    assert len(set(found)) == len(found)


def test_every_rule_has_its_page_in_both_languages(root: Path, files: list[str]) -> None:
    missing = []
    for path in rule_files(files):
        for rule in documents(root, path):
            told = rule.get("watchdesk", {})
            wanted = PAGE if reported(rule) else PAGE[:2]
            missing += [f"{path}: {lang}.{part}" for lang in ("en", "zh") for part in wanted
                        if not told.get(lang, {}).get(part)]  # fmt: skip
    assert missing == []


def test_chinese_texts_are_chinese(root: Path, files: list[str]) -> None:
    texts = [(path, rule["watchdesk"]["zh"]) for path in rule_files(files) for rule in documents(root, path)]
    assert [path for path, told in texts if not all(CHINESE.search(str(told.get(part, "中"))) for part in PAGE)] == []


def test_every_rule_file_has_events_that_fire_and_events_that_do_not(files: list[str]) -> None:
    assert [path for path in rule_files(files) if path.replace(".yml", ".events.yml") not in files] == []
