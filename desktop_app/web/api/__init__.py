"""The JSON twin of the pages, under ``/api/v1``."""
