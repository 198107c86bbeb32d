from __future__ import annotations

import subprocess
import sys


def test_asking_the_catalogue_loads_no_engine() -> None:
    code = (
        "import sys, desktop_app.core.events.catalogue, desktop_app.core.events.search; print('duckdb' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
