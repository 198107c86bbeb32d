from __future__ import annotations

import json

from desktop_app.extensions.logs.sources.decode import sample
from desktop_app.extensions.logs.sources.monitors.cloudtrail import CLOUDTRAIL
from desktop_app.extensions.logs.sources.recognise import recognise
from tests.extensions.logs.sources.reading import events, one, utc
from tests.extensions.logs.sources.sampling import SAMPLES


def test_a_call_keeps_amazons_names_beside_ecs() -> None:
    event = one(CLOUDTRAIL, SAMPLES["cloudtrail"][0])
    assert (event["time"], event["source"]) == (utc(2026, 5, 4, 6, 7, 8), "iam.amazonaws.com")
    assert (event["userIdentity.userName"], event["user.name"]) == ("anna", "anna")
    assert (event["requestParameters.userName"], event["event.outcome"]) == ("eve", "success")
    assert CLOUDTRAIL.log_source.name == "aws-any-cloudtrail"


def test_a_sign_in_that_failed_is_a_failure_and_a_service_is_no_address() -> None:
    event = one(CLOUDTRAIL, SAMPLES["cloudtrail"][1])
    assert (event["event.outcome"], event["level"]) == ("failure", "warning")
    assert (event.get("source.ip"), event["source.domain"]) == (None, "AWS Internal")


def test_one_object_may_hold_all_records_on_one_line_or_on_many() -> None:
    whole = {"Records": [json.loads(line) for line in SAMPLES["cloudtrail"]]}
    for indent in (None, 2):
        data = json.dumps(whole, indent=indent).encode()
        assert recognise(sample("x", data))[0].id == "cloudtrail"
        assert [event["eventName"] for event in events(CLOUDTRAIL, data)] == ["CreateUser", "ConsoleLogin"]
