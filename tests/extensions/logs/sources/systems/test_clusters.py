from __future__ import annotations

from desktop_app.extensions.logs.sources.systems.clusters import BLUE_GENE, HPC, OPENSTACK, THUNDERBIRD
from tests.extensions.logs.sources.reading import one, utc
from tests.extensions.logs.sources.sampling import SAMPLES


def test_blue_gene_takes_its_seconds_from_utc_and_its_fraction_from_the_local_time() -> None:
    event = one(BLUE_GENE, SAMPLES["bgl"][1])
    assert event["time"] == utc(2026, 5, 4, 6, 7, 9) + 1
    assert (event["level"], event["log.logger"], event["host"]) == ("critical", "KERNEL", "R30-M0")
    assert event["labels.alert"] == "KERNDTLB"
    assert "labels.alert" not in one(BLUE_GENE, SAMPLES["bgl"][0])


def test_thunderbird_names_programs_without_path_and_module() -> None:
    assert one(THUNDERBIRD, SAMPLES["thunderbird"][0])["source"] == "crond"
    event = one(THUNDERBIRD, SAMPLES["thunderbird"][1])
    assert (event["source"], event["process.pid"], event["host"]) == ("gmetad", "168", "an1")
    assert event["time"] == utc(2026, 5, 4, 6, 7, 9)
    assert one(THUNDERBIRD, SAMPLES["thunderbird"][2])["message"] == "no program says this"


def test_a_state_of_a_cluster_that_is_called_error_is_one() -> None:
    assert one(HPC, SAMPLES["hpc"][1])["level"] == "error"
    event = one(HPC, SAMPLES["hpc"][0])
    assert (event["level"], event["event.action"], event["log.logger"]) == (None, "status", "node")
    assert event["time"] == utc(2026, 5, 4, 6, 7, 8)


def test_openstack_with_and_without_the_name_of_a_file() -> None:
    event = one(OPENSTACK, SAMPLES["openstack"][0])
    assert (event["trace.id"], event["log.logger"]) == ("req-9bc8b0af-864a", "nova.wsgi")
    event = one(OPENSTACK, SAMPLES["openstack"][1])
    assert (event["level"], event["message"]) == ("warning", "Unknown base file: /var/lib/x")
    assert event["time"] == utc(2026, 5, 4, 6, 7, 9) + 116_000
