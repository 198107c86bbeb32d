from __future__ import annotations

import pytest

from desktop_app.core.keeping import ages


def test_names_and_days_are_read_however_they_are_set_apart() -> None:
    assert ages.read("Firewall = 30, linux-any-auth=365;\n Plant DMZ = 0 ") == (
        ("firewall", 30), ("linux-any-auth", 365), ("plant dmz", 0)
    )  # fmt: skip
    assert ages.read(" , ;") == ()
    assert ages.read("a=b=3") == (("a=b", 3),)


@pytest.mark.parametrize("wrong", ["Firewall", "= 30", "Firewall = -1", "Firewall = 99999", "x = 1.5"])
def test_what_says_no_name_and_days_is_refused_with_the_part(wrong: str) -> None:
    with pytest.raises(ValueError, match=r".") as told:
        ages.read(f"good = 1, {wrong}")
    assert str(told.value) == wrong.strip()
