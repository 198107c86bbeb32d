"""The command line; without an argument it opens the desktop."""


def main() -> int:
    """Run the program and return its exit code."""
    return 0
