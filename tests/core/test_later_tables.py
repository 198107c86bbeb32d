from __future__ import annotations

import hashlib

from desktop_app.core.later_tables import EVENT_MARKS, MACHINE, RULE_PIPELINES


def test_what_has_shipped_is_not_changed() -> None:
    digest = hashlib.sha256(f"{EVENT_MARKS}\n{MACHINE}\n{RULE_PIPELINES}".encode()).hexdigest()
    assert digest == "7c99d10751976dda75be8ef7fe26d1d51454015421dfdbd7fd1981219aa2ea80"
