"""Rule files for tests."""

from __future__ import annotations

import uuid
from pathlib import Path


def yaml_of(number: int, *, value: str = "x", level: str = "high", more: str = "") -> str:
    """Return a rule whose id is made of the number."""
    return (
        f"title: Rule {number}\nid: {uuid.UUID(int=number)}\nname: rule_{number}\nlevel: {level}\n"
        f"tags: [attack.t1110]\nlogsource: {{product: linux, service: auth}}\n"
        f"detection:\n  s:\n    user.name: {value}\n  condition: s\n{more}"
    )


def correlation_of(number: int, base: str, *, kind: str = "event_count") -> str:
    """Return a correlation over another rule."""
    return (
        f"title: Correlation {number}\nid: {uuid.UUID(int=number)}\nlevel: high\ncorrelation:\n  type: {kind}\n"
        f"  rules: [{base}]\n  group-by: [host.name]\n  timespan: 5m\n  condition: {{gte: 2}}\n"
    )


def id_of(number: int) -> str:
    """Return the id that ``yaml_of`` gives."""
    return str(uuid.UUID(int=number))


def folder_with(path: Path, **files: str) -> Path:
    """Write rule files (name without suffix) into a folder, replacing what was there."""
    path.mkdir(exist_ok=True)
    for old in path.iterdir():
        old.unlink()
    for name, body in files.items():
        (path / f"{name}.yml").write_text(body, "utf-8")
    return path
