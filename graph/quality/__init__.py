"""Checks over the lineage and the metadata, and the report of what they find."""
