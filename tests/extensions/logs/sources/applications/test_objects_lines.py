from __future__ import annotations

from desktop_app.extensions.logs.sources.applications.objects_lines import DOCKER_JSON, ELASTIC_JSON, GELF, MONGO_JSON
from tests.extensions.logs.sources.reading import one, utc
from tests.extensions.logs.sources.sampling import SAMPLES


def test_gelf_counts_levels_as_syslog_does_and_marks_names_of_ones_own() -> None:
    event = one(GELF, SAMPLES["gelf"][0])
    assert (event["time"], event["level"]) == (utc(2026, 5, 4, 6, 7, 8) + 123_000, "error")
    assert (event["host"], event["message"], event["user"]) == ("web1", "it broke", "anna")
    assert event["error.stack_trace"] == "it broke\nat line 7"
    assert one(GELF, SAMPLES["gelf"][1])["source"] == "app"


def test_mongodb_names_its_component_and_who_came() -> None:
    event = one(MONGO_JSON, SAMPLES["mongodb"][0])
    assert (event["log.logger"], event["source.ip"], event["source.port"]) == ("NETWORK", "192.0.2.7", "51234")
    event = one(MONGO_JSON, SAMPLES["mongodb"][1])
    assert (event["level"], event["user.name"], event["message"]) == ("warning", "anna", "Authentication failed")
    assert event["time"] == utc(2026, 5, 4, 4, 7, 9) + 123_000


def test_elasticsearch_in_both_of_its_shapes() -> None:
    event = one(ELASTIC_JSON, SAMPLES["elasticsearch"][0])
    assert (event["log.logger"], event["host"], event["level"]) == ("o.e.n.Node", "n1", "info")
    assert event["time"] == utc(2026, 5, 4, 4, 7, 8) + 123_000
    event = one(ELASTIC_JSON, SAMPLES["elasticsearch"][1])
    assert (event["level"], event["host"], event["message"]) == ("error", "n1", "failed")


def test_what_a_container_wrote_is_read() -> None:
    event = one(DOCKER_JSON, SAMPLES["docker"][0])
    assert (event["level"], event["message"]) == ("error", "2026-05-04 08:07:08 ERROR [main] it broke")
    assert (event["time"], event["log.stream"]) == (utc(2026, 5, 4, 6, 7, 8) + 123_456, "stderr")
    event = one(DOCKER_JSON, SAMPLES["docker"][1])
    assert (event["level"], event["message"], event["took"], event["host"]) == ("warning", "slow", "1.5", None)
    assert one(DOCKER_JSON, SAMPLES["docker"][2])["level"] is None
