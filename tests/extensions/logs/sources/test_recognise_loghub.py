"""The sixteen public systems of loghub, by name. The data lie outside of the repository."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.core.model import EventBatch
from desktop_app.extensions.logs.sources.decode import sample
from desktop_app.extensions.logs.sources.recognise import recognise
from tests.extensions.logs.sources.reading import NOW, read

# name -> the format, the share of lines that carry a level, and the share that names a component or a program
SYSTEMS = {
    "Android": ("android", 0.99, 0.99), "Apache": ("weberror", 0.99, 0), "BGL": ("bgl", 0.99, 0.99),
    "HDFS": ("hdfs", 0.99, 0.99), "HPC": ("hpc", 0, 0.99), "Hadoop": ("hadoop", 0.99, 0.99),
    "HealthApp": ("healthapp", 0, 0.99), "Linux": ("syslog", 0, 0.99), "Mac": ("macos", 0, 0.95),
    "OpenSSH": ("syslog", 0, 0.99), "OpenStack": ("openstack", 0.99, 0.99), "Proxifier": ("proxifier", 0, 0.9),
    "Spark": ("spark", 0.99, 0.99), "Thunderbird": ("thunderbird", 0, 0.95), "Windows": ("cbs", 0.99, 0.99),
    "Zookeeper": ("zookeeper", 0.99, 0.99),
}  # fmt: skip


def _components(batch: EventBatch) -> Iterator[tuple[str | None, ...]]:
    held = [batch.fields[name] for name in ("log.logger", "process.name") if name in batch.fields]
    return zip(*held, strict=True)


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_public_system_is_recognised_by_name_and_read(name: str, data_dir: Path) -> None:
    data = (data_dir / "loghub" / f"{name}_2k.log").read_bytes()
    wanted, levels, components = SYSTEMS[name]
    found, _ = recognise(sample("x.log", data[: 256 * 1024]))
    batches, reading = read(found, data)
    lines = sum(raw.count("\n") + 1 for batch in batches for raw in batch.raw if raw)
    events = sum(map(len, batches))
    assert (found.id, lines) == (wanted, 2000)
    assert reading.unparsed <= 2000 * 0.01
    assert not any(NOW in batch.time for batch in batches)
    assert sum(len(batch) - list(batch.level).count(None) for batch in batches) >= events * levels
    named = sum(any(columns) for batch in batches for columns in _components(batch))
    assert named >= events * components


def test_the_log_of_sshd_is_told_by_its_program_and_its_log_source(data_dir: Path) -> None:
    data = (data_dir / "loghub" / "OpenSSH_2k.log").read_bytes()
    batches, _ = read(recognise(sample("x.log", data[: 256 * 1024]))[0], data)
    assert {batch.log_source.name for batch in batches} == {"linux-any-auth"}
    assert {name for batch in batches for name in batch.source} == {"sshd"}
