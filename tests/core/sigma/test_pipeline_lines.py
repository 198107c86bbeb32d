from __future__ import annotations

from desktop_app.core.sigma.pipeline_lines import Place, line_of, places

BODY = """name: x
transformations:
- type: a

- type: nest
  items:
    - type: b
    - {type: c}
finalizers: []
"""


def test_each_transformation_has_its_line_and_nested_ones_have_theirs() -> None:
    assert places(BODY) == (Place(3), Place(5, (Place(7), Place(8))))


def test_a_name_at_the_top_has_its_line() -> None:
    assert line_of(BODY, "finalizers") == 9
    assert line_of(BODY, "postprocessing") == 0


def test_what_has_no_list_of_transformations_has_no_places() -> None:
    assert [places(one) for one in ("- a", "transformations: 1", "a: b")] == [(), (), ()]
