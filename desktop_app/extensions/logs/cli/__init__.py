"""The commands that Logs adds. Each waits until its work is done; beside a running desk that one does it."""
