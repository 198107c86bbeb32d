"""The sample lines of all formats, from the tests of each."""

from __future__ import annotations

from collections.abc import Mapping

from tests.extensions.logs.sources import test_recognise
from tests.extensions.logs.sources.systems import test_clients, test_clusters, test_java

SAMPLES: Mapping[str, tuple[str, ...]] = {
    **{name: ways for name, ways in test_recognise.WAYS.items() if name != "plain"},
    **test_java.SAMPLES,
    **test_clusters.SAMPLES,
    **test_clients.SAMPLES,
}
