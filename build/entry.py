"""The script inside the bundle: what ``python -m desktop_app`` is for the sources."""

import multiprocessing
import sys

if __name__ == "__main__":
    # A worker process is this executable once more: it must turn into a worker before anything else is imported.
    multiprocessing.freeze_support()

    from desktop_app.__main__ import main

    sys.exit(main())
