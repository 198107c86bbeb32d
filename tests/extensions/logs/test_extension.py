"""The declaration: what it names exists, and naming it loads nothing heavy."""

from __future__ import annotations

import argparse
import subprocess
import sys

import pytest

from desktop_app.core.extension import Command
from desktop_app.extensions.logs import service
from desktop_app.extensions.logs.extension import extension
from desktop_app.extensions.logs.service import applying
from desktop_app.extensions.logs.service import rules as service_rules

HEAVY = ("duckdb", "flask", "evtx", "ahocorasick_rs", "sigma", "desktop_app.extensions.logs.service")


def test_the_extension_loads_nothing_heavy() -> None:
    asked = f"import sys, desktop_app.bundled; print([one for one in {HEAVY} if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_kind_of_job_that_is_queued_can_be_run() -> None:
    named = vars(service) | vars(service_rules) | vars(applying)
    queued = {kind for name, kind in named.items() if name.endswith("_JOB")}
    undone = {way.job for way in extension.slow_ways_back.values()}
    assert {one.id for one in extension.jobs} == queued | undone
    assert all(str(one.title) for one in extension.jobs)


def test_every_decision_has_a_way_back() -> None:
    assert set(extension.ways_back) == {"logs.import", "logs.zone", "logs.format", "logs.formats", "auto.logs.live"}


def test_its_rules_and_pages_are_there() -> None:
    assert extension.rules is not None
    assert list(extension.rules.glob("*.yml"))
    assert extension.blueprint is not None
    assert extension.blueprint().name == extension.id
    [entry] = extension.navigation
    assert entry.endpoint.partition(".")[0] == extension.id


@pytest.mark.parametrize("command", extension.commands, ids=lambda one: one.name)
def test_each_command_knows_its_words(command: Command) -> None:
    command.configure(argparse.ArgumentParser())
    assert command.help
