"""Counts, shares and rates over the whole graph, and what stands out in it."""
