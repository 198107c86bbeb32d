from __future__ import annotations

from desktop_app.extensions.logs.sources.systems.clusters import BLUE_GENE, HPC, OPENSTACK, THUNDERBIRD
from tests.extensions.logs.sources.reading import one, utc

SAMPLES: dict[str, tuple[str, ...]] = {
    "bgl": (
        "- 1777874828 2026.05.04 R02-M1-N0 2026-05-03-23.07.08.363779 R02-M1-N0 RAS KERNEL INFO cache error corrected",
        "KERNDTLB 1777874829 2026.05.04 R30-M0 2026-05-03-23.07.09.000001 R30-M0 RAS KERNEL FATAL data TLB error",
    ),
    "thunderbird": (
        "- 1777874828 2026.05.04 dn228 May 4 06:07:08 dn228/dn228 crond(pam_unix)[2915]: session closed for user root",
        "VAPI 1777874829 2026.05.04 an1 May 4 06:07:09 src@an1 /apps/sbin/gmetad[168]: data_thread() got no answer",
        "- 1777874829 2026.05.04 an1 May 4 06:07:09 src@an1 no program says this",
    ),
    "hpc": (
        "277686 node-209 node status 1777874828 1 running",
        "162735 Interconnect-0N03 switch_module error 1777874829 1 Linkerror event interval expired",
    ),
    "openstack": (
        "nova-api.log.1.2026-05-04_13 2026-05-04 06:07:08.291 257 INFO nova.wsgi [req-9bc8b0af-864a 11 - - -] GET /v2",
        "2026-05-04 06:07:09.116 2931 WARNING nova.virt.libvirt.imagecache [-] Unknown base file: /var/lib/x",
    ),
}


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
