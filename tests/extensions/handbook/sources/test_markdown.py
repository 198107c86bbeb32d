"""Markdown from anybody becomes HTML that nobody need fear."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.extensions.handbook.model import Heading
from desktop_app.extensions.handbook.sources.markdown import Addresses, Target, render


def link(href: str) -> Target | None:
    if href.startswith("https:"):
        return Target(href, outside=True)
    return Target("/page") if href.endswith(".md") else None


ADDRESSES = Addresses(
    link=link,
    image=lambda src: f"/files/{src}" if src.endswith(".png") and ":" not in src else None,
    search=lambda query: f"/logs/?q={query}",
    run="Search",
    refused="Taken out",
)


def html(body: str) -> str:
    return render(body, ADDRESSES).html


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "<iframe src='https://example.org'></iframe>",
        "<style>body{display:none}</style>",
        "<form action=/settings/><input></form>",
    ],
)
def test_html_is_shown_as_the_letters_it_is(body: str) -> None:
    assert "&lt;" in html(body)
    assert not re.search(r"<(?!/?p>)", html(body))


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#115;cript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//example.org/a",
        "/settings/",
        "mailto:a@example.org",
        "\\\\server\\share",
    ],
)
def test_an_address_that_leads_nowhere_good_is_taken_out_and_its_words_stay(address: str) -> None:
    said = html(f"[the words](<{address}>)")
    assert "the words" in said
    assert "<a" not in said
    assert 'class="refused"' in said


def test_an_address_of_the_web_is_marked_and_opens_outside() -> None:
    assert html("[x](https://example.org/a)") == (
        '<p><a href="https://example.org/a" class="out" target="_blank" rel="noopener noreferrer">x</a></p>\n'
    )


def test_a_title_or_a_quote_in_an_address_adds_no_attribute() -> None:
    said = html('[x](https://example.org/"onmouseover="alert(1) "a\\" onclick=\\"b")')
    assert not re.search(r'<a[^>]*\son\w+="', said)


def test_images_are_those_of_the_own_folder_and_others_are_their_words() -> None:
    assert (
        html('![A pump](pump.png "T")')
        == '<p><img src="/files/pump.png" alt="A pump" loading="lazy" title="T" /></p>\n'
    )
    for address in ("https://example.org/a.png", "data:image/png;base64,AA", "a.svg"):
        assert html(f"![A pump]({address})") == "<p>A pump</p>\n"


def test_headings_begin_below_the_title_and_have_anchors_of_their_own() -> None:
    made = render("# First\n\n## 第二 节\n\n### A `b`\n\n## First\n\n#### Deep\n", ADDRESSES)
    assert made.headings == (
        Heading(2, "s-first", "First"),
        Heading(2, "s-第二-节", "第二 节"),
        Heading(3, "s-a-b", "A b"),
        Heading(2, "s-first-2", "First"),
    )
    assert '<h2 id="s-first">First</h2>' in made.html
    assert '<h4 id="s-deep">Deep</h4>' in made.html


def test_a_link_to_a_heading_finds_it_by_its_usual_name() -> None:
    assert 'href="#s-closing-the-door"' in html("[x](#closing-the-door)\n\n## Closing the door")
    assert 'href="#s-关门"' in html("[x](#关门)\n\n## 关门")


def test_a_query_gets_a_link_that_runs_it_and_cannot_leave_its_block() -> None:
    said = html('```search\nEventID:4625\n"</code><script>"\n```')
    assert '<a class="btn sm" href="/logs/?q=EventID:4625 &quot;&lt;/code&gt;&lt;script&gt;&quot;">Search</a>' in said
    assert "<script" not in said


def test_commands_say_for_which_system_they_are() -> None:
    assert "<figcaption>Windows PowerShell</figcaption>" in html("```powershell\nGet-Process\n```")
    assert "<figcaption>" not in html("```\nx\n```")
    assert "&lt;b&gt;" in html("```whatever\n<b>\n```")


def test_the_words_of_a_page_are_plain() -> None:
    made = render(
        "## One\n\nTwo *three*\nfour [five](a.md)\n\n| a | b |\n|---|---|\n| c | d |\n\n```bash\nls\n```", ADDRESSES
    )
    assert made.words == "One Two three four five a b c d ls"


def test_nesting_without_end_is_cut_and_ends() -> None:
    for body in ("> " * 5000 + "a", "[" * 5000 + "a" + "](b.md)" * 5000, "*" * 20_000, "- " * 3000 + "x"):
        assert render(body, ADDRESSES).html


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="[]()<>\"'`*_#!|:/\\&;=-\n abjsonclick.md", max_size=80))
def test_whatever_is_written_makes_only_known_tags_and_attributes(body: str) -> None:
    said = html(body)
    tags = set(re.findall(r"<\s*/?\s*([a-zA-Z][\w-]*)", said))
    known = "p a em strong code pre ul ol li h2 h3 h4 blockquote hr br img table thead tbody tr th td span figure div"
    assert tags <= {*known.split(), "figcaption"}
    for inside in re.findall(r"<[a-z][^<>]*>", said):
        assert not re.search(r"\son[a-z]+\s*=\s*\"", re.sub(r'="[^"]*"', "=", inside))
