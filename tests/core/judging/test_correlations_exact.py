"""Whatever arrives in whatever order, and whatever goes again: findings say what a count of all that is left says."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core import findings
from desktop_app.core.database import migrate, rows
from desktop_app.core.desk import Desk
from desktop_app.core.judging import correlations
from desktop_app.core.paths import DataFolder
from desktop_app.core.sigma.model import Tally
from desktop_app.core.sigma.ruleset import RuleSet
from tests.core.events.made import SECOND, START
from tests.core.landing import BROKEN_IN, BURST, FAIL, SUCCESS, TOGETHER, USERS, Scene, rules, sign_in

RULES = rules(FAIL, SUCCESS, BURST, USERS, TOGETHER, BROKEN_IN)
# burst is only counted here, for broken_in.
BASES = {
    "users": {"failure": "fail"},
    "together": {"failure": "fail", "success": "success"},
    "broken_in": {"failure": "burst>fail", "success": "success"},
}


@dataclass(frozen=True)
class SignIn:
    """One event, with its place in the order of arrival."""

    second: int
    outcome: str
    ip: str
    user: str
    number: int = 0


@contextmanager
def empty(ruleset: RuleSet) -> Iterator[Scene]:
    with tempfile.TemporaryDirectory() as name:
        folder = DataFolder(Path(name))
        migrate(folder)
        desk = Desk(folder, ())
        with desk.connection() as db:
            yield Scene(desk, db, ruleset)


def value_of(rule: str, base: str, event: SignIn) -> str | None:
    if rule == "users":
        return event.user
    return f'[["{event.ip}"],null]' if ">" in base else None


def counted(events: list[SignIn]) -> dict[str, object]:
    """Count by the full account of each correlation, over all events at once."""
    told: dict[str, object] = {}
    for rule, bases in BASES.items():
        by_ip: dict[str, list[SignIn]] = defaultdict(list)
        for event in events:
            by_ip[event.ip].append(event)
        for ip, members in by_ip.items():
            tallies = [
                Tally(START + one.second * SECOND, one.number, 0, base, value_of(rule, base, one))
                for one in members
                if (base := bases.get(one.outcome))
            ]
            found = RULES.correlate(rule, tallies, [ip])
            fired = sorted({(one.time, one.event_id) for firing in found for one in firing.tallies})
            if fired:
                ends = list(dict.fromkeys([*fired[:10], *fired[-10:]]))
                told[f"{rule} {ip}"] = (len(fired), fired[0][0], fired[-1][0], dict(found[-1].values), ends)
    return told


def told_by(scene: Scene, numbers: dict[int, int]) -> dict[str, object]:
    """Return what the findings tell, with the events under the numbers of the test."""
    told: dict[str, object] = {}
    for row in findings.listing(scene.db, findings.Filter("all")):
        [(_, ip)] = row.group
        copies = [(one.time, numbers[int(one.raw.split("#")[1])]) for one in findings.evidence_of(scene.db, row.id)]
        quoted = {name: row.values[name] for name in row.values if name in QUOTED[row.rule_id]}
        told[f"{row.rule_id} {ip}"] = (row.count, row.first_seen, row.last_seen, quoted, copies)
    return told


QUOTED = {
    "users": {"count", "fail", "distinct", "values", "source.ip"},
    "together": {"count", "fail", "success", "source.ip"},
    "broken_in": {"count", "fail", "success", "source.ip"},
}

sign_ins = st.builds(
    SignIn,
    st.integers(0, 90) | st.integers(0, 2_000),
    st.sampled_from(["failure", "failure", "failure", "success"]),
    st.integers(1, 4).map("10.0.0.{}".format) | st.integers(1, 60).map("10.0.1.{}".format),
    st.sampled_from("abcd"),
)


def landed(
    scene: Scene, parts: list[list[SignIn]], kept: list[list[SignIn]], numbers: dict[int, int]
) -> list[list[int]]:
    """Land parts one after the other; ``kept`` receives their events as they are numbered."""
    segments = []
    for place, part in enumerate(parts):
        events = []
        held = []
        for ordinal, one in enumerate(part):
            number = place * 1000 + ordinal
            numbers[number] = number
            held.append(SignIn(one.second, one.outcome, one.ip, one.user, number))
            made = sign_in(one.second, one.outcome, ip=one.ip, user=one.user)
            events.append({**made, "raw": f"{one.second} {one.ip} #{number}"})
        kept.append(held)
        segments.append(scene.land(events))
    return segments


@settings(deadline=None, max_examples=25)
@given(st.data(), st.lists(sign_ins, min_size=4, max_size=70), st.integers(1, 3), st.integers(1, 40))
def test_findings_say_what_a_count_of_everything_says(
    data: st.DataObject, events: list[SignIn], groups_at_once: int, tallies_at_once: int
) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, len(events) - 1), max_size=5)))
    parts = [events[start:end] for start, end in pairwise([0, *cuts, len(events)])]
    kept: list[list[SignIn]] = []
    numbers: dict[int, int] = {}
    with pytest.MonkeyPatch.context() as patch, empty(RULES) as scene:
        patch.setattr(correlations, "GROUPS_AT_ONCE", groups_at_once)
        patch.setattr(correlations, "TALLIES_AT_ONCE", tallies_at_once)
        segments = landed(scene, parts, kept, numbers)
        assert told_by(scene, numbers) == counted([one for part in kept for one in part])
        gone = data.draw(st.permutations(range(len(parts))))[: data.draw(st.integers(0, len(parts)))]
        for place in gone:
            scene.remove(segments[place])
            kept[place] = []
            assert told_by(scene, numbers) == counted([one for part in kept for one in part])
        before = scene.state()
        scene.detect()
        assert scene.state() == before


# --- many groups ----------------------------------------------------------------------------------------------------


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys of the groups that were looked at one by one."""
    seen: list[str] = []
    judge = RuleSet.judge

    def noted(self: RuleSet, rule_id: str, series: object, key: tuple[str, ...] = ()) -> object:
        seen.append(key[0])
        return judge(self, rule_id, series, key)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(RuleSet, "judge", noted)
    return seen


def crowd(*, each: int, apart: int) -> list[dict[str, object]]:
    """A thousand addresses with so many failures each, so many seconds apart."""
    return [
        sign_in(number * apart + place % 7, ip=f"10.1.{place // 250}.{place % 250}")
        for number in range(each)
        for place in range(1000)
    ]


LOUD = "9.9.9.9"
GUESSED = [sign_in(second, ip=LOUD) for second in (0, 1, 2)]
GOT_IN = sign_in(4, "success", ip=LOUD)


@pytest.mark.parametrize(
    ("body", "quiet", "loud"),
    [
        (BURST, crowd(each=4, apart=9), GUESSED),
        (USERS, crowd(each=4, apart=1), [sign_in(0, ip=LOUD, user=user) for user in "abc"]),
        (TOGETHER, crowd(each=4, apart=1), [*GUESSED, GOT_IN]),
        (BROKEN_IN, crowd(each=6, apart=1), [*GUESSED, GOT_IN]),
    ],
    ids=["event_count", "value_count", "temporal", "temporal_ordered"],
)
def test_of_many_groups_only_those_that_can_fire_are_looked_at(
    body: str, quiet: list[dict[str, object]], loud: list[dict[str, object]], judged: list[str]
) -> None:
    bases = (FAIL, SUCCESS, *((BURST,) if body is BROKEN_IN else ()))
    with empty(rules(*bases, body)) as scene:
        half = len(quiet) // 2
        scene.land([*quiet[:half], *loud[:1]])
        last = scene.land([*quiet[half:], *loud[1:]])
        assert [name.split()[1] for name in scene.counts()] == [LOUD]
        assert set(judged) == {LOUD}
        scene.remove(last)
        assert scene.counts() == {}


def test_a_storm_of_groups_that_fire_is_a_finding_each_and_goes_as_it_came(judged: list[str]) -> None:
    with empty(rules(FAIL, BURST)) as scene:
        first = scene.land(crowd(each=2, apart=1))
        assert judged == []
        second = scene.land(crowd(each=1, apart=1))
        assert rows(scene.db, "SELECT count, COUNT(*) AS n FROM findings GROUP BY 1") == [{"count": 3, "n": 1000}]
        scene.remove(second)
        assert scene.counts() == {}
        scene.remove(first)
        assert scene.db.execute("SELECT COUNT(*) FROM correlation_blocks").fetchone() == (0,)
