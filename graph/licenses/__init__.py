"""Licences: the table of what the Hub knows, as data."""
