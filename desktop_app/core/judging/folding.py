"""What the segments of one file say of the same finding, folded into one claim while the file is read.

A rule may match every line of a log of any length: what is held grows with the findings, not with the matches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from desktop_app.core.judging.claims import KEPT_EVIDENCE
from desktop_app.core.judging.examine import Hit
from desktop_app.core.model import Claim, Contribution, Evidence

MANY = 1000  # findings of one file; beyond that each keeps only the first and the last event
_Key = tuple[str, str, tuple[tuple[str, str], ...]]


@dataclass(slots=True)
class _Told:
    """What is known of one finding: the newest hit, and what all of them bring."""

    newest: Hit
    asset: str
    parts: list[Contribution]
    evidence: list[Evidence]
    same: dict[str, str]


class Folded:
    """Claims in the making. Segments are numbered by the caller, who says what the numbers mean in the end."""

    def __init__(self) -> None:
        self._told: dict[_Key, _Told] = {}

    def add(self, segment: int, hits: Iterable[Hit]) -> None:
        """Take in what the rules said of one segment."""
        for hit in hits:
            part = Contribution(segment, hit.count, hit.first, hit.last, hit.times)
            key = (hit.rule.id, hit.asset.lower(), hit.group)
            known = self._told.get(key)
            if known is None:
                self._told[key] = _Told(hit, hit.asset, [part], list(hit.evidence), dict(hit.same))
            else:
                self._fold(known, hit, part)

    def _fold(self, known: _Told, hit: Hit, part: Contribution) -> None:
        known.parts.append(part)
        known.evidence = self._ends([*known.evidence, *hit.evidence])
        known.same = {name: value for name, value in known.same.items() if hit.same.get(name) == value}
        if hit.last >= known.newest.last:
            known.newest = hit

    def _ends(self, copies: list[Evidence]) -> list[Evidence]:
        each = KEPT_EVIDENCE if len(self._told) <= MANY else 1
        copies.sort(key=lambda one: (one.time, one.event_id))
        return copies if len(copies) <= 2 * each else [*copies[:each], *copies[-each:]]

    def claims(self, ids: Sequence[int] | None = None) -> Iterator[Claim]:
        """Yield the claims; ``ids``: the segments' own numbers by those given to ``add``."""
        for told in self._told.values():
            rule = told.newest.rule
            parts = [one if ids is None else replace(one, segment_id=ids[one.segment_id]) for one in told.parts]
            yield Claim(
                rule.id, rule.version, rule.severity, told.asset, told.newest.group, tuple(parts),
                tuple(told.evidence), told.newest.values, same=told.same,
            )  # fmt: skip

    def clear(self) -> None:
        """Forget everything."""
        self._told.clear()
