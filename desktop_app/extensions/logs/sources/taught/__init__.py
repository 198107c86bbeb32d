"""Formats that a person teaches: from one line with its parts marked, or from a table with its columns named."""
