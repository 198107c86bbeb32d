from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from desktop_app.core import audit, passphrase
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.errors import UsageError
from desktop_app.core.model import Micros
from desktop_app.core.passphrase import LONGEST_DELAY, SECOND, Refused

WORDS = "correct horse 电池"
START: Micros = 1_790_000_000 * SECOND
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrase, "hasher", lambda: CHEAP)


@pytest.fixture
def given(db: Connection) -> Connection:
    passphrase.choose(db, "", WORDS, WORDS, START)
    return db


def fail(db: Connection, at: Micros, words: str = "wrong words") -> Micros:
    with pytest.raises(Refused) as refused:
        passphrase.check(db, words, at)
    return refused.value.wait


def test_the_right_words_are_accepted_and_others_are_not(given: Connection) -> None:
    passphrase.check(given, WORDS, START)
    assert fail(given, START) == 0
    fail(given, START, WORDS.upper())
    fail(given, START, "")


def test_without_a_passphrase_nothing_is_asked(db: Connection) -> None:
    assert not passphrase.is_set(db)
    passphrase.check(db, "anything", START)


def test_only_argon2id_with_its_parameters_is_stored(given: Connection) -> None:
    stored = rows(given, "SELECT hash FROM passphrase")[0]["hash"]
    assert stored.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert WORDS not in stored


def test_todays_parameters_are_those_of_the_standard() -> None:
    made = passphrase.hasher.__wrapped__() if hasattr(passphrase.hasher, "__wrapped__") else PasswordHasher()
    assert (made.memory_cost, made.time_cost, made.parallelism) == (65_536, 3, 4)


def test_raised_parameters_are_taken_over_at_the_next_right_entry(
    given: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    monkeypatch.setattr(passphrase, "hasher", lambda: stronger)
    passphrase.check(given, WORDS, START)
    assert "m=16,t=2" in rows(given, "SELECT hash FROM passphrase")[0]["hash"]
    passphrase.check(given, WORDS, START)


def test_letters_composed_in_another_way_are_the_same_words(db: Connection) -> None:
    passphrase.choose(db, "", "caf\u00e9 au lait", "cafe\u0301 au lait", START)
    passphrase.check(db, "cafe\u0301 au lait", START)


def test_wrong_tries_are_slowed_ever_more(given: Connection) -> None:
    at, waits = START, []
    for _ in range(14):
        waits.append(fail(given, at) // SECOND)
        at += waits[-1] * SECOND
    assert waits[:5] == [0, 0, 5, 10, 20]
    assert waits[-1] == LONGEST_DELAY // SECOND


def test_while_a_delay_runs_even_the_right_words_are_not_looked_at(given: Connection) -> None:
    for _ in range(3):
        fail(given, START)
    assert fail(given, START + SECOND, WORDS) == 4 * SECOND
    passphrase.check(given, WORDS, START + 5 * SECOND)


def test_the_delay_outlives_the_program(given: Connection) -> None:
    for _ in range(3):
        fail(given, START)
    assert rows(given, "SELECT failures, next_try FROM passphrase") == [{"failures": 3, "next_try": START + 5 * SECOND}]


def test_a_right_entry_forgives_the_wrong_ones(given: Connection) -> None:
    for _ in range(2):
        fail(given, START)
    passphrase.check(given, WORDS, START)
    assert fail(given, START) == 0


def test_a_clock_that_was_put_back_locks_nobody_out_for_long(given: Connection) -> None:
    for _ in range(3):
        fail(given, START)
    assert fail(given, START - 86_400 * SECOND, WORDS) == 5 * SECOND
    passphrase.check(given, WORDS, START - 86_395 * SECOND)


def test_a_try_is_counted_before_it_is_looked_at(given: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = []

    class Asking:
        def verify(self, stored: str, words: str) -> bool:
            counted.append(rows(given, "SELECT failures FROM passphrase")[0]["failures"])
            return CHEAP.verify(stored, words)

        check_needs_rehash = CHEAP.check_needs_rehash

    monkeypatch.setattr(passphrase, "hasher", Asking)
    fail(given, START)
    assert counted == [1]


def test_a_new_one_needs_the_old_one(given: Connection) -> None:
    with pytest.raises(Refused):
        passphrase.choose(given, "wrong words", "another one", "another one", START)
    passphrase.choose(given, WORDS, "another one", "another one", START)
    passphrase.check(given, "another one", START)


@pytest.mark.parametrize(("new", "repeated"), [("short", "short"), ("long enough", "long enougH"), ("x" * 2000,) * 2])
def test_a_new_one_that_is_no_good_changes_nothing(given: Connection, new: str, repeated: str) -> None:
    with pytest.raises(UsageError):
        passphrase.choose(given, WORDS, new, repeated, START)
    passphrase.check(given, WORDS, START)


def test_removing_needs_the_old_one_but_forgetting_does_not(given: Connection) -> None:
    with pytest.raises(Refused):
        passphrase.remove(given, "wrong words", START)
    passphrase.remove(given, WORDS, START)
    assert not passphrase.is_set(given)
    assert not passphrase.forget(given)
    passphrase.choose(given, "", WORDS, WORDS, START)
    assert passphrase.forget(given)


def test_the_trail_tells_of_it_without_the_words(given: Connection) -> None:
    fail(given, START)
    passphrase.forget(given)
    said = [str(one.action) for one in audit.entries(given)]
    assert said == ["Removed the passphrase", "A wrong passphrase was entered", "Set a passphrase"]


def test_a_damaged_hash_accepts_nothing(given: Connection) -> None:
    with writing(given):
        given.execute("UPDATE passphrase SET hash = 'x'")
    with pytest.raises(Refused):
        passphrase.check(given, WORDS, START)
