"""What the event store answers: pages, counts, values, tables, templates, what is unusual, exports."""
