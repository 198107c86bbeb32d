"""Statements of later migrations, as they were shipped: none is ever edited."""

from __future__ import annotations

EVENT_MARKS = """CREATE TABLE event_marks (
        event_id INTEGER PRIMARY KEY, time INTEGER NOT NULL, host TEXT, source TEXT, level TEXT, message TEXT,
        raw TEXT NOT NULL, fields TEXT NOT NULL, pinned INTEGER NOT NULL, tags TEXT NOT NULL, note TEXT NOT NULL,
        changed INTEGER NOT NULL) STRICT"""
MACHINE = """CREATE TABLE machine (
        id INTEGER PRIMARY KEY CHECK (id = 1), digest TEXT NOT NULL, name TEXT NOT NULL, held INTEGER) STRICT"""
RULE_PIPELINES = """CREATE TABLE rule_pipelines (
        name TEXT PRIMARY KEY, body TEXT NOT NULL, priority INTEGER NOT NULL, enabled INTEGER NOT NULL,
        imported INTEGER NOT NULL) STRICT, WITHOUT ROWID"""
