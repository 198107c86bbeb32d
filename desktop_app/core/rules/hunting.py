"""Going back over stored events: segments in which rules cannot match anything are told without reading them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from desktop_app.core.database import Connection
from desktop_app.core.events import catalogue, dictionaries
from desktop_app.core.events.segment import Rows, Segment
from desktop_app.core.model import EventBatch
from desktop_app.core.paths import DataFolder
from desktop_app.core.sigma.columns import Encoded
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
    for sha256, rows in parts.items():
        values = {name: _values(one, rows) for name, one in encoded.items()}
        dictionaries.remember(folder, sha256, {name: some for name, some in values.items() if some is not None})


def _values(encoded: Encoded, rows: Rows | None) -> Sequence[str] | None:
    """Return the distinct values of some rows, None where they are too many to be kept."""
    used = np.arange(len(encoded.values)) if rows is None else np.unique(encoded.codes[rows])
    return [encoded.values[code] for code in used.tolist() if code >= 0] if len(used) <= MOST_VALUES else None


def wanting(rules: Sequence[RuleSource], ids: Iterable[str]) -> RuleSet:
    """Return some rules, with those that correlations among them build on."""
    whole, wanted = RuleSet(rules), set(ids)
    below = {base for one in wanted & whole.rules.keys() if whole.rules[one].is_correlation
             for base in whole.plain_below(one)}  # fmt: skip
    return RuleSet([one for one in rules if one.id in wanted | below])


def segments_for(db: Connection, folder: DataFolder, ruleset: RuleSet) -> list[Segment]:
    """Return the segments in which rules may match anything, newest first; what is known of others that went is let go.

    The others need not be read.
    """
    live = catalogue.live(db)
    dictionaries.keep_only(folder, catalogue.digests(db))
    return [one for one in live if may_match(db, folder, ruleset, one)]
