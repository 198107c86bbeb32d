from __future__ import annotations

from desktop_app.core.sigma.fields import AUDIT_4688, DEFENDER, DERIVED, FIXED, WEB


def test_names_are_in_lower_case_since_they_are_looked_up_so() -> None:
    for table in (AUDIT_4688, DEFENDER, WEB, FIXED, {name: base for name, (base, _) in DERIVED.items()}):
        assert all(name == name.lower() and column == column.lower() for name, column in table.items())


def test_made_columns_come_from_columns_that_are_not_made_themselves() -> None:
    assert not {base for base, _ in DERIVED.values()} & DERIVED.keys()


def test_labels_of_integrity_read_as_sysmon_writes_them() -> None:
    base, name = DERIVED["mandatorylabel.name"]
    assert (base, name("S-1-16-12288"), name("S-1-5-18")) == ("mandatorylabel", "High", None)
