"""The hatchling hook: front-end libraries and compiled translations are there before a wheel is made."""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg] # hatchling's generic has no public parameter
    """Runs for a wheel and for the editable install; an sdist carries locks, never third-party code."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Fetch and compile what the wheel carries."""
        if self.target_name != "wheel":
            return
        build = Path(self.root, "build")
        fetched = runpy.run_path(str(build / "vendor.py"))["ensure"]()
        runpy.run_path(str(build / "translations.py"))["compile_all"]()
        self.app.display_info("front end: " + ("fetched" if fetched else "up to date"))
