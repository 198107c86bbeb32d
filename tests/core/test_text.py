from __future__ import annotations

from desktop_app.core.text import Text, ntext, text


def test_a_sentence_holds_its_values_apart_from_its_words() -> None:
    sentence = text("Cannot read %(path)s", path="a.log")
    assert str(sentence) == "Cannot read a.log"
    assert sentence.render(lambda message: message.replace("Cannot read", "无法读取")) == "无法读取 a.log"


def test_a_sentence_without_values_keeps_its_per_cent_sign() -> None:
    assert str(text("100 % of it")) == "100 % of it"


def test_one_and_many_are_told_apart() -> None:
    assert str(ntext("1 event", "%(num)s events", num=1)) == "1 event"
    assert str(ntext("1 event", "%(num)s events", num=7)) == "7 events"


def test_a_sentence_within_a_sentence_is_put_in_the_same_language() -> None:
    outer = text("Undone: %(what)s", what=ntext("1 note", "%(num)s notes", num=2))
    german = {"Undone: %(what)s": "Zurück: %(what)s"}
    assert outer.render(lambda one: german.get(one, one), lambda _one, _many, n: f"{n} Notizen") == "Zurück: 2 Notizen"


def test_a_sentence_survives_storage() -> None:
    for sentence in (text("a"), text("b %(x)s", x=3), ntext("1 c", "%(num)s c", num=4), text("d %(e)s", e=text("f"))):
        assert Text.from_json(sentence.to_json()) == sentence
