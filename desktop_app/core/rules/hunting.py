"""Going back over stored events: segments in which rules cannot match anything are told without reading them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import orjson

from desktop_app.core.database import Connection, rows
from desktop_app.core.events import catalogue
from desktop_app.core.events.beside import dictionaries
from desktop_app.core.events.segment import Rows, Segment
from desktop_app.core.model import EventBatch
from desktop_app.core.paths import DataFolder
from desktop_app.core.sigma.columns import Encoded
from desktop_app.core.sigma.correlate import PATH
from desktop_app.core.sigma.glance import Glance
from desktop_app.core.sigma.model import RuleSource
from desktop_app.core.sigma.ruleset import RuleSet

MOST_VALUES = 20_000  # of one column of a segment


def may_match(db: Connection, folder: DataFolder, ruleset: RuleSet, segment: Segment) -> bool:
    """Say whether rules may match events of a segment, from its fields and what is known of their values."""
    fields = catalogue.field_counts(db, [segment.id])
    # The fields that name no column but are always there are asked of the events themselves.
    return ruleset.possible(segment.log_source, Glance(fields, dictionaries.read(folder, segment.sha256)))


def learn(folder: DataFolder, ruleset: RuleSet, batch: EventBatch, parts: Mapping[str, Rows | None]) -> None:
    """Keep the distinct values of the columns that rules have just looked at; ``parts``: SHA-256 -> rows, None: all."""
    named = Counter(name.lower() for name in batch.fields)
    # Fields whose names differ by case alone are put together when they are stored.
    encoded = {name: one for name, one in ruleset.values(batch).items() if named[name] < 2}
    for sha256, which in parts.items():
        values = {name: _values(one, which) for name, one in encoded.items()}
        dictionaries.remember(folder, sha256, {name: some for name, some in values.items() if some is not None})


def _values(encoded: Encoded, rows: Rows | None) -> Sequence[str] | None:
    """Return the distinct values of some rows, None where they are too many to be kept."""
    used = np.arange(len(encoded.values)) if rows is None else np.unique(encoded.codes[rows])
    return [encoded.values[code] for code in used.tolist() if code >= 0] if len(used) <= MOST_VALUES else None


@dataclass(frozen=True, slots=True)
class Hunt:
    """Rules that are judged anew over stored events: the set that runs, and the ids of the rules whose claims it makes.

    ``rules`` None: of all. ``read``: ids of the segments to read, newest first; ``silent``: of those that need no
    reading, because the rules match nothing in them any more.
    """

    ruleset: RuleSet
    rules: frozenset[str] | None
    read: Sequence[int]
    silent: Sequence[int] = ()

    def __len__(self) -> int:
        """Return the number of segments."""
        return len(self.read) + len(self.silent)


def plan(db: Connection, folder: DataFolder, rules: Sequence[RuleSource], ids: Iterable[str]) -> Hunt:
    """Return what judging some rules anew takes, whether they came, changed, went or were switched.

    ``rules``: all that can run. Afterwards these rules claim what they would after all events were judged by all rules.
    """
    dictionaries.keep_only(folder, catalogue.digests(db))
    asked = set(ids)
    wanted = RuleSet(rules).related(asked | _counting(db, asked))
    ruleset, held = RuleSet([one for one in rules if one.id in wanted]), _holding(db, wanted)
    live = catalogue.live(db)
    read = [one.id for one in live if may_match(db, folder, ruleset, one)]
    known = set(read)
    return Hunt(ruleset, wanted, read, [one.id for one in live if one.id in held and one.id not in known])


def _counting(db: Connection, ids: set[str]) -> set[str]:
    """Return the correlations that have counted what some rules matched."""
    found = rows(db, "SELECT DISTINCT rule_id, base_id FROM correlation_blocks")
    return {row["rule_id"] for row in found if ids.intersection(row["base_id"].split(PATH))}


def _holding(db: Connection, ids: Iterable[str]) -> set[int]:
    """Return the segments of which something is known of some rules: what they found there, or counted."""
    found = rows(
        db,
        "WITH asked AS (SELECT value FROM json_each(?))"
        " SELECT segment_id FROM contributions c JOIN findings f ON f.id = c.finding_id"
        " WHERE f.rule_id IN (SELECT value FROM asked)"
        " UNION SELECT segment_id FROM correlation_blocks WHERE rule_id IN (SELECT value FROM asked)",
        [orjson.dumps(list(ids)).decode()],
    )
    return {row["segment_id"] for row in found}
