from __future__ import annotations

import pytest

from desktop_app.core.sigma.documents import MAX_BYTES, MAX_DOCUMENTS, Document, documents, parse_yaml, read_text
from desktop_app.core.sigma.errors import RuleBroken


def test_each_document_keeps_its_own_text_and_line() -> None:
    found = list(documents("title: a\n---\n# a remark\ntitle: b\n"))
    assert [(one.line, one.data["title"]) for one in found if isinstance(one, Document)] == [(1, "a"), (3, "b")]
    assert found[1].text == "# a remark\ntitle: b\n"


def test_a_separator_inside_a_text_does_not_cut() -> None:
    [one] = documents("title: a\ndescription: |\n  x\n  ---\n  y\n")
    assert isinstance(one, Document)
    assert one.data["description"] == "x\n---\ny\n"


def test_a_broken_document_names_its_line_and_the_others_go_on() -> None:
    first, second = documents("title: a\n---\ntitle: b\n x: y\n")
    assert isinstance(first, Document)
    assert isinstance(second, RuleBroken)
    assert "Line 4" in str(second)


def test_comments_and_empty_documents_are_no_rules() -> None:
    assert list(documents("# only a remark\n---\n\n---\n")) == []


def test_text_that_is_no_mapping_is_no_rule() -> None:
    [one] = documents("just words\n")
    assert isinstance(one, RuleBroken)


def test_a_bomb_of_aliases_is_refused() -> None:
    levels = ["a: &a [" + ",".join(["x"] * 10) + "]"]
    for above, below in zip("abcdefgh", "bcdefghi", strict=True):
        levels.append(f"{below}: &{below} [" + ",".join([f"*{above}"] * 10) + "]")
    with pytest.raises(RuleBroken, match="too many values"):
        parse_yaml("\n".join(levels))


def test_a_structure_that_contains_itself_is_refused() -> None:
    with pytest.raises(RuleBroken):
        parse_yaml("a: &a\n  b: *a\n")


def test_merge_keys_are_refused() -> None:
    with pytest.raises(RuleBroken, match="merge keys"):
        parse_yaml("a: &a {x: 1}\nb:\n  <<: *a\n")


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(RuleBroken):
        parse_yaml("a: " + "[" * 500 + "]" * 500)


def test_python_objects_are_never_built() -> None:
    with pytest.raises(RuleBroken):
        parse_yaml("a: !!python/object/apply:os.system ['true']\n")


def test_a_large_file_is_refused_with_its_size() -> None:
    with pytest.raises(RuleBroken, match=str(MAX_BYTES + 1)):
        read_text(b"x" * (MAX_BYTES + 1))


def test_bytes_that_are_no_utf8_are_refused() -> None:
    with pytest.raises(RuleBroken, match="UTF-8"):
        read_text(b"title: \xff")


def test_a_byte_order_mark_and_windows_line_ends_are_taken_away() -> None:
    assert read_text(b"\xef\xbb\xbftitle: a\r\n") == "title: a\n"


def test_more_rules_than_allowed_are_told() -> None:
    found = list(documents("---\n".join(["title: a\n"] * (MAX_DOCUMENTS + 2))))
    assert len(found) == MAX_DOCUMENTS + 1
    assert isinstance(found[-1], RuleBroken)


@pytest.mark.parametrize(
    "value",
    ["[" * 400_000, "{a: " * 150_000, "\n" + "".join(" " * n + "a:\n" for n in range(1, 1000)), "\n " + "- " * 100_000],
)
def test_what_is_nested_without_end_is_refused_before_the_parser_goes_down_into_it(value: str) -> None:
    with pytest.raises(RuleBroken, match="nested too deeply"):
        parse_yaml(f"a: {value}")


def test_brackets_and_white_space_inside_texts_are_no_depth() -> None:
    body = "a: '" + "[{" * 500 + "'\nb: |\n" + " " * 300 + "x\n"
    assert parse_yaml(body) == {"a": "[{" * 500, "b": "x\n"}


def test_a_character_that_yaml_forbids_is_told_in_one_line() -> None:
    with pytest.raises(RuleBroken) as caught:
        parse_yaml("a: \x00")
    assert str(caught.value) == (
        "The file is not valid YAML: unacceptable character #x0000: control characters are not allowed"
    )
