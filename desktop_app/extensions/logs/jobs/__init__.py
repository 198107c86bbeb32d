"""The long work of the logs extension, each kind a file."""
