"""The declaration, and the guides that ship with it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from desktop_app.bundled import EXTENSIONS
from desktop_app.core.events.terms.query import parse
from desktop_app.core.handbook.pages import Page, shipped
from desktop_app.extensions.handbook.extension import extension
from tests.extensions.logs.rule_cases import by_name

PAGES = [page for one in EXTENSIONS if one.handbook for page in shipped(one.handbook).pages]
GUIDES = [page for page in PAGES if not page.chapter]
HAN = re.compile(r"[\u4e00-\u9fff]")
LINK = re.compile(r"\]\(([^)\s]+)\)")
QUERY = re.compile(r"```search\n(.*?)```", re.DOTALL)
LANGUAGES = ("en", "zh")


def of(language: str) -> dict[str, Page]:
    return {page.id: page for page in GUIDES if page.language == language}


def named(page: Page) -> str:
    return f"{page.language}/{page.id}"


def test_the_declaration_loads_nothing_heavy() -> None:
    code = (
        "import sys, desktop_app.extensions.handbook.extension\n"
        "print([name for name in ('flask', 'markdown_it') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_every_shipped_file_is_a_page() -> None:
    assert [trouble for one in EXTENSIONS if one.handbook for trouble in shipped(one.handbook).troubles] == []
    assert extension.handbook is not None


def test_every_page_is_there_in_both_languages_and_says_the_same_of_itself() -> None:
    for page in PAGES:
        other = [one for one in PAGES if (one.id, one.root) == (page.id, page.root) and one.language != page.language]
        assert len(other) == 1, named(page)
        told = [(one.section, one.order, one.rules, one.tags, one.chapter) for one in (page, other[0])]
        assert told[0] == told[1], named(page)


@pytest.mark.parametrize("leaf", PAGES, ids=named)
class TestEveryPage:
    def test_speaks_its_language(self, leaf: Page) -> None:
        letters = len(HAN.findall(leaf.body))
        assert (letters > 150) if leaf.language == "zh" else not letters
        assert bool(HAN.search(leaf.title + leaf.summary + leaf.short)) == (leaf.language == "zh")

    def test_has_what_the_contents_show(self, leaf: Page) -> None:
        assert leaf.chapter or (leaf.title and leaf.short and leaf.summary)

    def test_has_the_headings_blocks_and_queries_of_the_other_language(self, leaf: Page) -> None:
        other = next(one for one in PAGES if (one.id, one.root) == (leaf.id, leaf.root) and one is not leaf)
        for pattern in (r"(?m)^#+ ", r"(?m)^```", r"(?m)^\| ?-"):
            assert len(re.findall(pattern, leaf.body)) == len(re.findall(pattern, other.body)), pattern
        assert QUERY.findall(leaf.body) == QUERY.findall(other.body)

    def test_leads_only_to_what_is_there(self, leaf: Page) -> None:
        for href in LINK.findall(leaf.body):
            if href.endswith(".md"):
                assert href.removesuffix(".md") in of(leaf.language)
            elif href.startswith("rule:"):
                assert href.removeprefix("rule:") in by_name()
            else:
                assert href.startswith(("https://", "#"))

    def test_holds_only_queries_that_the_log_search_understands(self, leaf: Page) -> None:
        for query in QUERY.findall(leaf.body):
            assert parse(" ".join(query.split())).root

    def test_names_only_rules_that_there_are(self, leaf: Page) -> None:
        assert set(leaf.rules) | ({leaf.chapter} if leaf.chapter else set()) <= by_name().keys()


def test_every_rule_that_makes_findings_has_a_guide() -> None:
    explained = {name for page in GUIDES for name in page.rules}
    making = {name for name, rule in by_name().items() if rule.level != "informational"}
    assert making - explained == set()


def test_there_is_enough_to_read() -> None:
    sizes = Counter(page.language for page in GUIDES if len(page.body) > (2500 if page.language == "en" else 900))
    assert all(sizes[language] >= 14 for language in LANGUAGES)
    for language in LANGUAGES:
        cookbook = [page for page in GUIDES if page.section == "cookbook" and page.language == language]
        assert sum(len(QUERY.findall(page.body)) for page in cookbook) >= 15


def test_the_guides_name_no_machine() -> None:
    folder = Path(str(extension.handbook))
    said = " ".join(file.read_text(encoding="utf-8") for file in folder.rglob("*.md"))
    assert not re.search(r"(?<![\w.])(?:8\.8\.8\.8|192\.168\.1\.1)(?!\d)", said)
