"""What tests of single commands share with those of all."""

from __future__ import annotations

from tests.extensions.logs.test_cli import answer, filled, in_this_process

__all__ = ["answer", "filled", "in_this_process"]
