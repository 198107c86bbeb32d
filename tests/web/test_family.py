from __future__ import annotations

from desktop_app.web import family


def test_a_work_is_named_where_its_room_is_built() -> None:
    assert "Logs" in [str(one.here) for one in family.relatives(["logs"])]


def test_a_room_that_is_not_built_is_not_promised() -> None:
    assert all(not one.rooms for one in family.relatives([]))


def test_addresses_are_those_of_the_author() -> None:
    assert [one.url for one in family.AUTHOR] == ["https://github.com/zrf-rocket", "https://gitee.com/SteveRocket"]


def test_what_the_handbook_carries_on_is_named_with_it() -> None:
    assert "Coding cookbook in Python and Go (CookBook)" in [str(one.name) for one in family.relatives(["handbook"])]
    assert "Handbook" not in [str(one.here) for one in family.relatives(["logs"])]
