from __future__ import annotations

import pytest

from desktop_app.core.sigma.checks import address_of, check_of
from desktop_app.core.sigma.tree import atom


@pytest.mark.parametrize(
    ("node", "value", "holds"),
    [
        (atom("f", "ne", 3.0), "4", True),
        (atom("f", "ne", 3.0), "x", False),
        (atom("f", "ci", "10.0.0.0/8"), "[10.0.0.1]", True),
        (atom("f", "ci", "10.0.0.0/8"), "::ffff:10.0.0.1", True),
        (atom("f", "ci", "::1/128"), "10.0.0.1", False),
        (atom("f", "tp", ["week", 11]), "2026-03-10T00:00:00Z", True),
        (atom("f", "tp", ["minute", 5]), "never", False),
    ],
)
def test_single_values_are_checked(node: list[object], value: str, holds: bool) -> None:  # noqa: FBT001 - a table's column
    assert check_of(node)(value, value.lower()) is holds


@pytest.mark.parametrize("value", ["", "4624", "a.b", "1.2.3.4.5", "12:30", "01.2.3.4"])
def test_what_is_no_address_is_told_from_addresses(value: str) -> None:
    assert address_of(value) is None
    assert str(address_of("[fe80::1]")) == "fe80::1"
