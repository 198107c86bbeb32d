"""The OpenAPI document, and a public fuzzer that runs against what it promises."""

from __future__ import annotations

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from desktop_app.core.desk import Desk
from desktop_app.web.api import document, serve
from desktop_app.web.gate import Gate
from tests.web.api.conftest import secret_of


def wrong_data_is_refused(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> bool | None:
    """Hold what breaks the document against the answer; one word where many may stand is on the wire many of one."""
    named = case.operation.definition.raw.get("parameters", ())
    many = {one["name"] for one in named if one["schema"].get("type") == "array"}
    if any(name in many and not isinstance(value, (list, dict)) for name, value in (case.query or {}).items()):
        return None
    return negative_data_rejection(ctx, response, case)


CHECKS = (
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    wrong_data_is_refused, unsupported_method,
)  # fmt: skip
# What these do is shown elsewhere; here they would read this machine's own logs once a try.
LEFT_OUT = {"lookHere"}
# Made-up numbers and paths are those of no finding or file, words make no live source.
NEEDS_MORE = {
    "/bring",
    "/logs/aggregate",
    "/findings/decisions",
    "/findings/suppressions",
    "/logs/imports",
    "/logs/live",
    "/undo",
}


def test_every_operation_stands_in_it_once(full: Desk) -> None:
    served = serve.operations(full)
    made = document.document(served, "http://127.0.0.1:1")
    ids = [one["operationId"] for methods in made["paths"].values() for one in methods.values()]
    assert sorted(ids) == sorted(one.id for one in served)
    assert len(set(ids)) == len(ids)


def test_an_extension_stays_below_its_own_id(full: Desk) -> None:
    for extension in full.extensions:
        for one in extension.operations() if extension.operations else ():
            assert one.tag == extension.id


def test_it_is_served(gated: Flask, gate: Gate, full: Desk) -> None:
    from tests.web.api.conftest import holder

    served = holder(gated, secret_of(full, writes=False)).get("/api/v1/openapi.json").get_json()
    assert served["servers"] == [{"url": f"{gate.origin}/api/v1"}]


@pytest.mark.parametrize("writes", [False, True])
def test_a_fuzzer_finds_no_server_error_and_no_undeclared_answer(
    gated: Flask,
    gate: Gate,
    full: Desk,
    writes: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    headers = {"Authorization": f"Bearer {secret_of(full, writes=writes)}", "Host": gate.host}
    made = document.document(serve.operations(full), gate.origin)
    schema = schemathesis.openapi.from_dict(made)
    schema.app = gated
    answered = set()
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.definition.raw["operationId"] in LEFT_OUT or (operation.method == "get") is writes:
            continue

        @given(
            case=operation.as_strategy() | operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)
        )
        # The same tries in every run: a fuzzer that finds another thing each time says nothing of a change.
        @settings(max_examples=15, deadline=None, database=None, phases=[Phase.generate], derandomize=True,
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        def run(case: schemathesis.Case) -> None:
            answer = case.call_and_validate(headers=headers, checks=CHECKS)
            answered.add((case.operation.path, answer.status_code))

        run()
    plain = {path for path, _ in answered if "{" not in path}
    assert {path for path, status in answered if status == 200} >= plain - NEEDS_MORE, "the fuzzer got in"


def test_the_fuzzer_would_see_a_fault(gated: Flask, gate: Gate, full: Desk) -> None:
    made = document.document(serve.operations(full), gate.origin)
    answer = made["paths"]["/desk"]["get"]["responses"]["200"]["content"]["application/json"]
    answer["schema"] = {**answer["schema"], "required": ["colour"]}
    schema = schemathesis.openapi.from_dict(made)
    schema.app = gated
    case = schema["/desk"]["GET"].Case()
    headers = {"Authorization": f"Bearer {secret_of(full, writes=False)}", "Host": gate.host}
    with pytest.raises(FailureGroup):
        case.call_and_validate(headers=headers, checks=CHECKS)
