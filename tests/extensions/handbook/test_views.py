"""The pages of the handbook."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.rules import catalogue
from tests.extensions.handbook.conftest import Write
from tests.extensions.handbook.test_service import IMPORTED, PNG
from tests.extensions.logs.rule_cases import by_name

GUESSING = "/handbook/rules/4daea440-f40e-4e3d-9585-50351449ac70"


@pytest.mark.parametrize("path", ["/handbook/", "/handbook/guides/password-guessing", "/handbook/rules/", GUESSING,
                                  "/handbook/search", "/handbook/search?q=password"])  # fmt: skip
def test_every_page_answers_in_both_languages(client: FlaskClient, chinese: FlaskClient, path: str) -> None:
    for one, language in ((client, "en"), (chinese, "zh-CN")):
        answer = one.get(path)
        assert answer.status_code == 200
        assert f'<html lang="{language}"' in answer.text


@pytest.mark.parametrize(
    "path", ["/handbook/guides/none", "/handbook/rules/none", "/handbook/files/0/none.png", "/handbook/files/9/a.png"]
)
def test_what_is_not_there_says_so(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_contents_mark_where_the_reader_is(client: FlaskClient) -> None:
    page = client.get("/handbook/guides/password-guessing").text
    assert 'href="/handbook/guides/password-guessing" aria-current="page"' in page


def test_a_guide_names_its_headings_its_rules_and_runs_its_queries(client: FlaskClient) -> None:
    page = client.get("/handbook/guides/password-guessing").text
    assert '<a href="#s-closing-the-door">Closing the door</a>' in page
    assert '<h2 id="s-closing-the-door">' in page
    assert GUESSING in page
    assert re.search(r'<a class="btn sm" href="/logs/\?q=[^"]+">Search the logs</a>', page)


def test_a_rules_page_says_everything_and_leads_to_guide_findings_and_logs(client: FlaskClient) -> None:
    page = client.get(GUESSING).text
    for part in ("What it means", "When it fires", "How to check it", "What to do", "When it is a false alarm"):
        assert f">{part}</h2>" in page
    assert 'href="/handbook/guides/password-guessing"' in page
    assert "/findings/?view=all&amp;rule=4daea440" in page
    assert 'href="/logs/rules/4daea440' in page
    assert "MITRE ATT&amp;CK T1110.001" in page
    assert "Password guessing" in page


def test_the_page_in_logs_leads_back(client: FlaskClient) -> None:
    assert f'href="{GUESSING}"' in client.get(GUESSING.replace("handbook", "logs")).text


def test_every_rule_of_ours_has_a_page_without_gaps(client: FlaskClient, chinese: FlaskClient) -> None:
    for rule in by_name().values():
        for one in (client, chinese):
            page = one.get(f"/handbook/rules/{rule.id}")
            assert page.status_code == 200
            assert "…</p>" not in page.text, rule.title


def test_an_imported_rule_speaks_its_own_language_and_says_so(
    client: FlaskClient, chinese: FlaskClient, db: Connection, tmp_path: Path
) -> None:
    (tmp_path / "pack.yml").write_text(IMPORTED, encoding="utf-8")
    catalogue.import_rules(db, tmp_path / "pack.yml")
    page = chinese.get("/handbook/rules/11111111-2222-3333-4444-555555555555").text
    assert "It looks for the frobnicator." in page
    assert '<div lang="en">' in page
    assert "/logs/detections?pack=pack" in client.get("/handbook/rules/").text


def test_a_page_of_the_site_says_where_it_comes_from_and_a_bad_one_says_why(client: FlaskClient, write: Write) -> None:
    write("password-guessing.md", "---\nextends: true\n---\nAsk the gate first.")
    write("pumps.md", "# Pumps\n\n![p](p.png)\n\n<b>no</b>")
    write("bad.md", "---\n[\n---\n")
    (write("x.md", "X").parent / "p.png").write_bytes(PNG)
    page = client.get("/handbook/guides/password-guessing").text
    assert "Ask the gate first." in page
    assert "From this site: password-guessing.md" in page
    assert "bad.md was left out." in client.get("/handbook/").text
    assert "&lt;b&gt;no&lt;/b&gt;" in client.get("/handbook/guides/pumps").text
    with client.get("/handbook/files/0/p.png") as image:
        assert (image.mimetype, image.data) == ("image/png", PNG)
        assert image.headers["X-Content-Type-Options"] == "nosniff"


def test_a_search_marks_what_matched_and_htmx_gets_the_list_alone(client: FlaskClient, chinese: FlaskClient) -> None:
    assert "<mark>密码</mark>猜测" in chinese.get("/handbook/search?q=密码").text
    part = client.get("/handbook/search?q=password", headers={"HX-Request": "true", "HX-Target": "found"}).text
    assert "<html" not in part
    assert "<mark>" in part
    assert "These have some of them." in client.get("/handbook/search?q=password+frobnicator").text
    assert "Nothing in the handbook has these words." in client.get("/handbook/search?q=frobnicator").text


def test_the_page_of_a_site_escapes_what_it_says_of_itself(client: FlaskClient, write: Write, desk: Desk) -> None:
    write("x.md", "---\ntitle: <script>1</script>\nsummary: <img src=x>\n---\n<script>2</script>")
    for path in ("/handbook/", "/handbook/guides/x", "/handbook/search?q=script"):
        assert not re.search(r"<script>\d|<img src=x", client.get(path).text)


def test_the_palette_finds_pages_that_have_all_words(client: FlaskClient) -> None:
    page = client.get("/handbook/palette", query_string={"q": "password guessing"}).text
    assert 'role="option"' in page
    assert "/handbook/" in page
    assert "option" not in client.get("/handbook/palette", query_string={"q": "password qqqqqq"}).text
    assert "option" not in client.get("/handbook/palette").text
