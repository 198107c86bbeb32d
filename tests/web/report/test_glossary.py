from __future__ import annotations

from desktop_app.web.report.glossary import WORDS


def test_every_word_is_one_sentence() -> None:
    assert [str(word) for word, meaning in WORDS if not str(meaning).endswith(".")] == []
    assert len({str(word) for word, _ in WORDS}) == len(WORDS)
