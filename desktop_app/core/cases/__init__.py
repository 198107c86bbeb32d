"""Findings worked as one matter, with tasks and a course."""
